package templates

import "time"

// FocusView is what a candidate chooses in the start form of a practice.
type FocusView struct {
	// Count is the number of questions as it was typed; Most bounds it.
	Count string
	Most  int
	Kinds []FocusKind
	// Categories and Years are there where the practice has several.
	Categories, Years []FocusPart
	Problem           FocusProblem
}

// FocusKind is a kind of questions: all, unseen, wrong or flagged, how many there are, and whether it is
// chosen.
type FocusKind struct {
	Value  string
	N      int
	Chosen bool
}

// FocusPart is a category or a year with the number of its questions. Value is what the form sends.
type FocusPart struct {
	Value  string
	N      int
	Chosen bool
}

// FocusProblem says why a choice cannot be practised.
type FocusProblem string

// The problems of a choice: the number is none, or no question is left.
const (
	FocusFine    FocusProblem = ""
	FocusCount   FocusProblem = "count"
	FocusNothing FocusProblem = "nothing"
	FocusUnits   FocusProblem = "units" // what matches comes together, and is more than may come
)

// NotebookView is what a candidate is to look at again.
type NotebookView struct {
	Practices []PracticeCard
	// Gone counts the questions that are in no practice any more, or in none at this time.
	Gone int
	Now  time.Time
}

// PracticeCard is a practice that is open to the candidate.
type PracticeCard struct {
	Slug, Title string
	// Questions is how many it has, Untried those of them that the candidate has not tried.
	Questions, Untried int
	// Running is the attempt that goes on, empty for none; else MayStart says whether one may be begun.
	Running  string
	MayStart bool
	// Most bounds what one start gives.
	Most int
	// Seen fills the forms that start a practice.
	Seen int
	// Missed counts the questions that are to be looked at again; the categories hold them.
	Missed     int
	Categories []NotebookCategory
	// More counts those that are not listed.
	More int
	// CommandID fills the form about all of them.
	CommandID string
}

// NotebookCategory is a category with its questions that are to be looked at again.
type NotebookCategory struct {
	Name      string
	N         int
	Lines     []NotebookLine
	CommandID string
}

// NotebookLine is a question that was not right when it was last answered.
type NotebookLine struct {
	Question string // id
	Text     string // the beginning of it
	Verdict  Verdict
	At       time.Time
	// Times it was answered, NotRight those that were not right.
	Times, NotRight int
	Attempt         string // the last
}

// AccuracyView tells how much was right in practices.
type AccuracyView struct {
	// Category and Year are what the weeks are about, nil for everything.
	Category *string
	Year     *int
	// All is everything that Category and Year admit.
	All Rate
	// Weeks are the last with answers, without gaps, the oldest first.
	Weeks             []WeekRate
	Categories, Years []PartRate
}

// Rate is how many answers were right.
type Rate struct{ Answers, Right int }

// WeekRate is the rate of a week that begins with a Monday.
type WeekRate struct {
	Monday time.Time
	Rate
}

// PartRate is the rate of a category or year. Value is what stands in the address.
type PartRate struct {
	Value  string
	Chosen bool
	Rate
}
