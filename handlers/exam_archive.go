package handlers

import (
	"net/http"

	"shiken/store"
	"shiken/templates"
)

// confirmArchive says what follows from archiving an exam, and takes the confirmation.
func (s *Server) confirmArchive(w http.ResponseWriter, r *http.Request) error {
	e, err := s.summaryOfPath(r)
	if err != nil {
		return err
	}
	d := &e.Definition
	if e.Archived != 0 {
		return seeOther(w, r, templates.ExamEditPath(d.Slug), templates.NoteArchived)
	}
	view := templates.ArchiveView{
		Slug: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Published: d.Published, Open: e.Open, Closed: e.Closed + e.Voided,
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.ExamArchive(p, view) })
}

// summaryOfPath is the exam of the path with its attempts counted.
func (s *Server) summaryOfPath(r *http.Request) (store.ExamSummary, error) {
	slug, err := slugOf(r)
	if err != nil {
		return store.ExamSummary{}, err
	}
	return s.examSummary(r, slug)
}

// archiveExam archives an exam: nobody begins it any more, and those who write it go on to their end. What
// is archived already stays so.
func (s *Server) archiveExam(w http.ResponseWriter, r *http.Request) error {
	e, err := s.summaryOfPath(r)
	if err != nil {
		return err
	}
	return s.setArchived(w, r, act(r, store.ActArchiveExam, e.Definition.Slug, archived{Open: e.Open}), true, templates.NoteArchived)
}

// archived is what the audit log keeps of an exam that was archived.
type archived struct {
	Open int `json:"open"` // attempts that were being written
}

// unarchiveExam takes an exam back from the archive, as it was.
func (s *Server) unarchiveExam(w http.ResponseWriter, r *http.Request) error {
	slug, err := slugOf(r)
	if err != nil {
		return err
	}
	return s.setArchived(w, r, act(r, store.ActUnarchiveExam, slug, nil), false, templates.NoteUnarchived)
}

func (s *Server) setArchived(w http.ResponseWriter, r *http.Request, act store.Act, archived bool, note templates.Note) error {
	ctx, cancel := commandContext(r)
	defer cancel()
	if err := s.Store.By(act).SetArchived(ctx, act.Object, archived); err != nil {
		return err
	}
	return seeOther(w, r, templates.ExamEditPath(act.Object), note)
}

// byArchive tells apart the exams that are not archived and those that are.
func byArchive(exams []store.ExamSummary) (current, archived []store.ExamSummary) {
	for _, e := range exams {
		if e.Archived == 0 {
			current = append(current, e)
		} else {
			archived = append(archived, e)
		}
	}
	return current, archived
}

// listedExams are those that the list at a path shows: without the archived ones but for those that stay, or
// with archived=1 all that are archived, and they alone.
func listedExams(r *http.Request, path string, exams []store.ExamSummary, stays func(*store.ExamSummary) bool) ([]store.ExamSummary, templates.ArchiveFilter) {
	current, archived := byArchive(exams)
	for i := range archived {
		if stays(&archived[i]) {
			current = append(current, archived[i])
		}
	}
	filter := templates.ArchiveFilter{Path: path, Current: len(current), Archived: len(archived), On: r.URL.Query().Get("archived") == "1"}
	if filter.On {
		return archived, filter
	}
	return current, filter
}

// listedTitle is the title of an exam among others, with a word where it is archived.
func (s *Server) listedTitle(r *http.Request, e *store.ListedExam) string {
	l := s.locale(r)
	title := e.Title.In(l.Tag())
	if e.Archived == 0 {
		return title
	}
	return l.T("archive.title", "title", title)
}
