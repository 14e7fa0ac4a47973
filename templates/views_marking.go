package templates

import "time"

// The notes of the marking pages.
const (
	NoteMarkSaved Note = "marking.saved"
	NoteMarkedAll Note = "marking.all"
)

// MarkingHomeView lists the exams on whose papers there is something that a person marks.
type MarkingHomeView struct{ Exams []MarkingExam }

// MarkingExam is an exam in that list; Waiting counts its attempts that wait for a marker.
type MarkingExam struct {
	Slug, Title string
	Waiting     int
}

// MarkingExamView lists the questions of an exam whose answers a person marks.
type MarkingExamView struct {
	Slug, Title string
	Tasks       []MarkingTask
}

// MarkingTask is a question whose answers a person marks.
type MarkingTask struct {
	Version string
	Number  int    // among those of the exam, 1..
	Text    string // the beginning of its stem
	// The answers of closed attempts: waiting for a marker, marked, and empty.
	Waiting, Given, Blank int
	// Settled says that a corrected key gives everybody the same, whatever the answers are: nothing waits.
	Settled bool
}

// MarkingTaskView is a question with its guide, and the list of its answers.
type MarkingTaskView struct {
	Exam, Title string
	Task        MarkingTask
	Body        Body
	Guide       SafeHTML
	Show        string // the state that the list is narrowed to; empty: all
	Answers     []MarkingLine
	Pager       Pager
}

// MarkingLine is an answer in that list. Its label stands for whoever wrote it.
type MarkingLine struct {
	Label, State string
	Points       *int // 1/10,000 point
}

// MarkingView is an answer with the form that marks it. Nothing on the page tells whose answer it is.
type MarkingView struct {
	Exam, Title, Label string
	Task               MarkingTask
	Body               Body
	Guide              SafeHTML
	Answer             string
	Open               bool // the attempt is none to mark, so that nothing of the answer is shown
	Characters, Words  int
	Max                int // 1/10,000 point
	Form               MarkForm
	// Given are the marks so far, the latest first.
	Given   []GivenMark
	Problem MarkProblem
	// Refused says what stands against what was sent; Typed is that then.
	Refused MarkRefusal
	Typed   *GivenMark
	Now     time.Time
}

// MarkForm is the form of a mark: what it is based on, and what stands in its fields.
type MarkForm struct {
	Command         string
	Rev, Marked     int64
	Points, Comment string
}

// GivenMark is a mark by hand.
type GivenMark struct {
	Points  int // 1/10,000 point
	Comment string
	Who     string // the marker's name
	At      time.Time
}

// MarkProblem says what of a form cannot be read.
type MarkProblem string

// The problems of a mark.
const (
	MarkFine    MarkProblem = ""
	MarkPoints  MarkProblem = "points"
	MarkComment MarkProblem = "comment"
)

// MarkRefusal says why a mark was not saved.
type MarkRefusal string

// The refusals.
const (
	MarkTaken     MarkRefusal = ""
	MarkOvertaken MarkRefusal = "marked"  // somebody else has marked the answer meanwhile
	MarkAltered   MarkRefusal = "altered" // the answer is another by now
	MarkSentOnce  MarkRefusal = "sent"    // the form was sent before, with another mark
	MarkNotNow    MarkRefusal = "open"    // the attempt is not closed any more
)

// MaxComment bounds a marker's comment, in characters.
const MaxComment = 4_000
