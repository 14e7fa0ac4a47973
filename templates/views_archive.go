package templates

import "time"

// The notes of archiving.
const (
	NoteArchived   Note = "archive.archived"
	NoteUnarchived Note = "archive.unarchived"
)

// ArchiveView asks before an exam is archived.
type ArchiveView struct {
	Slug, Title  string
	Published    bool
	Open, Closed int // attempts
}

// ArchiveBanner says that an exam is archived.
type ArchiveBanner struct {
	Slug       string
	Since, Now time.Time // Since is zero for one that is not
	Published  bool
	Edits      bool // it stands on the exam's editor
	Open       int  // attempts that are being written; where it is not known, 0
}

// ArchiveFilter shows, in a list of exams, those that are not archived or, with On, those that are.
type ArchiveFilter struct {
	Path              string
	Current, Archived int // how many
	On                bool
}

// Shown is path and query of what is shown.
func (f ArchiveFilter) Shown() string {
	if f.On {
		return archivedPath(f.Path)
	}
	return f.Path
}

// Offered: there is something to choose from.
func (f ArchiveFilter) offered() bool { return f.On || f.Archived > 0 }

func archivedPath(path string) string { return path + "?archived=1" }

// ArchivePath asks before an exam is archived, and archives it.
func ArchivePath(slug string) string { return ExamEditPath(slug) + "/archive" }

// UnarchivePath takes an exam back from the archive.
func UnarchivePath(slug string) string { return ExamEditPath(slug) + "/unarchive" }
