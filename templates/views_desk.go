package templates

import (
	"time"
)

// DeskView is the author's desk at a glance.
type DeskView struct {
	Exams []DeskExam
	Sets  []DeskSet
	// MoreExams and MoreSets count those that are not listed.
	MoreExams, MoreSets int
	Archived            int // exams that are archived: they are not listed
	Now                 time.Time
}

// DeskSet is a question set in a list.
type DeskSet struct {
	Name                       string
	Questions, Drafts, Retired int
	Loaded                     time.Time
}

// DeskExam is an exam in a list.
type DeskExam struct {
	Slug, Title string
	Published   bool
	Archived    bool
	// Open, Closed and Voided count attempts.
	Open, Closed, Voided int
	// Opens and Closes bound the window, zero where unbounded.
	Opens, Closes, Saved time.Time
}

// SetsView lists the question sets.
type SetsView struct {
	Sets []DeskSet
	Now  time.Time
}

// SetView is a question set with a page of its questions.
type SetView struct {
	Name      string
	Filter    SetFilter
	Filtered  bool
	Questions []DeskQuestion
	Pager     Pager
	// Categories, Years and Kinds are what may be chosen.
	Categories []string
	Years      []int
	Kinds      []AnswerKind
	// Formats are those that it can be saved in.
	Formats []string
}

// SetExportView is a set on its way into a file.
type SetExportView struct {
	Set, Format string
	// Report says what the format cannot; of Seen questions Taken are in the file.
	Report      ReportView
	Taken, Seen int
	// Questions and MB bound what a file takes.
	Questions, MB int
}

// SetFilter is what a set's page is narrowed to; zero fields do not.
type SetFilter struct {
	Search, Category string
	Year             int
	Kind             AnswerKind
}

// DeskQuestion is a question as authors see it: as candidates do, with the key.
type DeskQuestion struct {
	// Index is unique on the page.
	Index                                   int
	Number, Category, Reference, Difficulty string
	Year                                    int
	Tags                                    []string
	Identity                                string // of a stored question
	State                                   string // of a stored question, or "retired"
	Body                                    Body
	Key                                     []AnswerLine
	Notes                                   []AnswerLine // on options
	Explanation                             SafeHTML
	Guide                                   SafeHTML // for markers
	// Order says which options keep their places, and why.
	Order []string

	// Findings are what the report says of a question of a file, MendPath where it is mended; Source is its
	// text where nothing of it could be read.
	Findings        []DeskFinding
	MendPath        string
	Refused, Mended bool
	Source          string
}

// ReadingView is an upload that is being read.
type ReadingView struct {
	File, Path string
	Seen       int // questions so far; 0: it waits
}

// UploadView is the form for a file.
type UploadView struct {
	Set, Format string
	Pasted      string // the text that was pasted, when the form comes back
	Problem     UploadProblem
	// MB and Questions are the most that a file may have.
	MB, Questions int
}

// UploadProblem says why a file was not taken.
type UploadProblem string

// The problems of an upload.
const (
	UploadFine   UploadProblem = ""
	UploadNoFile UploadProblem = "no_file"
	UploadSet    UploadProblem = "set" // no name of a set
	UploadBoth   UploadProblem = "both"
	// UploadColumns: what was said of the columns contradicts itself.
	UploadColumns UploadProblem = "columns"
)

// ReportView is what reading an uploaded file found, before anything is stored.
type ReportView struct {
	Upload, File, Set, Format, Forced, Encoding string
	Problem                                     UploadProblem
	// Seen, Taken, Marker, Refused and Identical are the report's counts.
	Seen, Taken, Marker, Refused, Identical, Mended int
	// Attention is how many of those taken lack a picture, a sound or a figure that they had.
	Attention int
	IsExams   bool
	IsPackage bool         // an exam with its sets
	Sets      []PlannedSet // of a package
	// Media counts the pictures and sounds that the questions show, MediaKB their size in KB, rounded up.
	Media, MediaKB int
	// Planned says that New, Changed, Unchanged and Absent tell what loading would do.
	Planned                         bool
	New, Changed, Unchanged, Absent int
	AbsentList                      []string // the first of them
	// Edited counts what was edited here, of which Replaced are replaced by the file's as the author has
	// chosen; Retired counts those of the absent ones that are retired. Difference leads to the choice.
	Edited, Replaced, Retired int
	Difference                string
	Retiring                  RetiringView
	EditedList                []string // the first of them
	// Errors and Warnings count findings; Findings are a page of them.
	Errors, Warnings int
	Findings         []DeskFinding
	FindingsPager    Pager
	Questions        []DeskQuestion
	QuestionsPager   Pager
	Exams            []ReportExam
	// Columns asks what the columns of a table are; nil for what is none. ColumnsText and Text are what the
	// author said of them.
	Columns           *ColumnsView
	ColumnsText, Text string
	// MayLoadWhole and MayLoadSound offer the buttons, which ask for the job Job.
	MayLoadWhole, MayLoadSound bool
	Job                        string
}

// ColumnsView asks what the columns of a table are.
type ColumnsView struct {
	Header  int      // line of the header, 0 for none
	Fields  []string // that a column may be
	Columns []TableColumn
	Needed  bool   // the form stands open
	Text    string // format of the cells
}

// TableColumn is one column: its name in the header, and what stands in the first row.
type TableColumn struct {
	Number         int // from 1
	Header, Sample string
	Field          string // "": it is not read
}

// DeskFinding is one line of a report.
type DeskFinding struct {
	Severity          string // error, warning, note
	Line              int    // 0: the whole file
	Question, Element string
	Cell              string // of a workbook
	What, Mend        string
	// Path leads to where its question is mended, empty where that is no question. Mended: it was.
	Path   string
	Mended bool
}

// ReportExam is an exam of an uploaded exam file.
type ReportExam struct {
	Slug, Title string
	Published   bool
	// Replaces: there is an exam of this name. Archived: it is archived, and stays so.
	Replaces, Archived bool
	// Faults say why it cannot be drawn; Refused that it may not be published so. Notices are what an
	// author should know of what it draws.
	Faults, Notices []string
	Refused         bool
}

// LoadedView is what became of a file, on the page of its job.
type LoadedView struct {
	// Refused is empty when it was loaded.
	Refused                         string
	Set                             string
	Counted                         bool
	New, Changed, Unchanged, Absent int
	Retired                         int // of the absent ones
	AbsentList                      []string
	Edited                          int // edited here, and kept
	EditedList                      []string
	Exams                           []string // slugs
	Sets                            []PlannedSet
}

// PlannedSet counts what a load makes, or made, of the questions of one set of a package.
type PlannedSet struct {
	Set                                     string
	New, Changed, Unchanged, Absent, Edited int
	Retired                                 int // of the absent ones
	// Before the load alone: the page that shows each difference, and what its author chose there.
	Difference string
	Replaced   int // of the edited ones
	Retiring   RetiringView
}

// ExamsView lists the exams.
type ExamsView struct {
	Exams  []DeskExam
	Filter ArchiveFilter
	Now    time.Time
}

// ExamEditView is the editor of an exam.
type ExamEditView struct {
	// Slug is empty for a new exam.
	Slug, Title string
	Revision    int
	Saved       time.Time
	Published   bool
	Archived    time.Time // since when; zero: it is not
	// OpenAttempts and Attempts count those of the exam.
	OpenAttempts, Attempts int
	// ByHand: a person marks answers of the exam. Awaiting counts the attempts that wait for the viewer to.
	ByHand   bool
	Awaiting int
	// Fields are the values of the form by the paths of the exam file.
	Fields map[string][]string
	// Findings say what is wrong with fields, Faults why the exam cannot be drawn, Notices what to know
	// of what it draws.
	Findings []DeskFinding
	Faults   []string
	Notices  []string
	Refused  EditRefusal
	Groups   []string
	Sets     []string
	Sections []SectionEdit
	// Attachments are those of the form, in order.
	Attachments []AttachmentLink
	Zone        string
	Now         time.Time
	// CopySlug is what was typed for a copy that could not be made.
	CopySlug    string
	CopyProblem CopyProblem
}

// EditRefusal says why what was typed is not stored.
type EditRefusal string

// The refusals of an editor's form.
const (
	EditFine     EditRefusal = ""
	EditUnsound  EditRefusal = "unsound"  // Findings tell
	EditUndrawn  EditRefusal = "undrawn"  // to be published, and Faults tell
	EditSlugUsed EditRefusal = "slug"     // there is an exam of the name
	EditTooMany  EditRefusal = "sections" // no further section
	EditAttached EditRefusal = "attached" // an attachment, and Faults tell
)

// AttachView is the form that adds an attachment to an exam.
type AttachView struct {
	Exam, Title string
	Published   bool
	// Problem says why the file was not taken, empty for nothing; Finding tells more of one about the file.
	Problem AttachProblem
	Finding DeskFinding
	// TitleJA and TitleEN are what was typed.
	TitleJA, TitleEN string
	// Left counts the attachments that may still be added. MB and AllMB bound one and all of them.
	Left, MB, AllMB int
	Endings         []string
}

// AttachProblem says why a file was not taken as an attachment.
type AttachProblem string

// The problems of an attachment.
const (
	AttachFine   AttachProblem = ""
	AttachNoFile AttachProblem = "no_file"
	AttachFile   AttachProblem = "file"  // Finding tells
	AttachTitle  AttachProblem = "title" // no line of text
	AttachUsed   AttachProblem = "used"  // there is one of the name: it may be replaced
	AttachFull   AttachProblem = "full"
	AttachTotal  AttachProblem = "total" // more than AllMB in all
	AttachMoved  AttachProblem = "moved" // others save all the time
)

// CopyProblem says why an exam was not copied.
type CopyProblem string

// The problems of a copy's name.
const (
	CopyFine  CopyProblem = ""
	CopyUsed  CopyProblem = "used"
	CopyWrong CopyProblem = "wrong"
)

// SectionEdit is what the editor offers for one section.
type SectionEdit struct {
	// Categories, Years and Tags are those of the set, and what was chosen beside.
	Categories, Years, Tags []FilterValue
	Matching                int  // questions that fit; -1: not known
	KnownSet                bool // the set is there
}

// FilterValue is a value that questions of a set may have, and how many do; 0 for one that none has.
type FilterValue struct {
	Value     string
	Questions int
}

// ExamConflictView is the page of a save that another author's was quicker than.
type ExamConflictView struct {
	Slug, Title string
	Revision    int // that is current
	Saved       time.Time
	Now         time.Time
	Differences []FieldDifference
	// Action is the address that saving goes to; Fields are what was typed, in order.
	Action string
	Fields []Field
}

// FieldDifference is a field that two versions disagree about.
type FieldDifference struct{ Path, Theirs, Mine string }
