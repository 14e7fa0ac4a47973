package templates

import "time"

// ResultsView is the table of an exam's results.
type ResultsView struct {
	Slug, Title string
	Filter      ResultsFilter
	// Groups may be filtered by.
	Groups []string
	// Sections are the titles of the exam's sections, empty for an exam of one.
	Sections []string
	Rows     []ResultsRow
	// Counts shows which attempts count, by the rule of that name.
	Counts string
	Pager  Pager
	// Any says that the exam has attempts, whether or not they match the filter.
	Any     bool
	Release ReleaseForm
	// Suspected are questions whose keys may be wrong.
	Suspected []ItemLine
	// Files are the addresses of the same table as CSV and XLSX.
	CSV, XLSX string
}

// ResultsFilter is what the query asks for; empty fields do not filter.
type ResultsFilter struct {
	Search, Group, Status, Pass string
	// Per is "candidate" for one line for each candidate.
	Per string
	// Sort names the column, with a minus before it for descending; empty: by name.
	Sort string
	// Path is the page's address without a query.
	Path string
}

// ResultsRow is one attempt in the table.
type ResultsRow struct {
	Attempt, User, Username, Name string
	Groups                        []string
	Number                        int
	Status, Marking               string
	StartedAt, ClosedAt           time.Time
	// Score is nil until the attempt is marked; Awaiting says that it waits for a marker: what is known
	// of its score by then is no result.
	Score    *ScoreView
	Awaiting bool
	Counted  Counted
	// Of counts the attempts that make up the line of a candidate; 0 for the line of one attempt.
	Of int
}

// Counted says whether an attempt counts for the result of its candidate.
type Counted string

// An attempt counts, does not, or may once all are marked.
const (
	CountsNot   Counted = ""
	CountsNow   Counted = "yes"
	CountsLater Counted = "awaiting"
)

// OwnResult tells a candidate which attempts count, and their result.
type OwnResult struct {
	Rule    string // best, last, first, average
	State   OwnState
	Numbers []int // of the attempts that count
	Score   *ScoreView
}

// OwnState says how far a result is known to its candidate.
type OwnState string

// The states of a result.
const (
	OwnNone     OwnState = ""         // nothing was handed in
	OwnAwaiting OwnState = "awaiting" // something is not marked
	OwnLater    OwnState = "later"    // it is not released
	OwnKnown    OwnState = "known"
)

// ReleaseForm says what of the results candidates may see, and lets it be released by hand.
type ReleaseForm struct {
	Path  string
	Parts []ReleasePart
	// OpenAttempts says that somebody is still writing, which keeps the keys back.
	OpenAttempts bool
	// OwnUntil is until when a candidate's own window keeps the keys back as well, zero for not.
	OwnUntil time.Time
	Slug     string
	// Problem names the part whose time could not be read, empty for none; ReleaseMoved: somebody else
	// changed the release since Shown.
	Problem string
	Shown   string // what stood when the form was made
	Zone    string
}

// ReleaseMoved is a ReleaseForm.Problem.
const ReleaseMoved = "moved"

// ReleasePart is one of score, answers and keys.
type ReleasePart struct {
	Name string
	// Rule is what the exam says ("immediately", "after_close", "at", "manually", "never"), RuleAt
	// the time of "at" and of "after_close".
	Rule   string
	RuleAt time.Time
	// ByHand is from when on it is released by hand, zero for not; Typed is what stands in the field.
	ByHand time.Time
	Typed  string
	// Released says that candidates see it now by rule or by hand, as far as no attempt hinders it.
	Released bool
}
