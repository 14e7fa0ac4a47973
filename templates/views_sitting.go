package templates

import "time"

// AdminHomeView is the list of exams for who runs sittings.
type AdminHomeView struct {
	Exams  []AdminExam
	Pager  Pager
	Filter ArchiveFilter
}

// AdminExam is an exam in that list.
type AdminExam struct {
	DeskExam
	Seats []SeatChip // nil: not counted
}

// SittingPageView is the live page of an exam's sitting.
type SittingPageView struct {
	Exam, Title string // slug and title
	Published   bool
	Archived    time.Time // since when; zero: it is not
	Now         time.Time
	Filter      SeatFilter
	Chips       []SeatChip
	Groups      []string // of the filter
	Rows        []SeatRow
	Total       int // seats that match
	Minutes     int // the default of what is given
	Jobs        []JobLine
	Outages     []OutageLine
	Gaps        []GapLine
	Events      string // address of the live stream
}

// OutageView is a time in which the service did not answer.
type OutageView struct {
	ID           string
	Began, Ended time.Time
}

// OutageLine is an outage on the page of a sitting that it met.
type OutageLine struct {
	OutageView
	Running int // attempts that were running
	// MayGiveBack: there are attempts that it can be made good for, and nobody has.
	MayGiveBack bool
	MadeGood    *JobLine // by which job; nil: not
}

// GapLine is a time in which a candidate's page could not reach the service, as the page says.
type GapLine struct {
	Attempt, Username, Name string
	Reported                time.Time
	Lasted                  time.Duration
	Unheard                 time.Duration // how long the server had not heard of the candidate then
	Open                    bool          // the attempt may be extended
}

// SeatFilter is what a sitting page shows: its query.
type SeatFilter struct {
	State         Status // empty: all
	Group, Search string // empty: all
	Order         string
	Size, Offset  int // 50 or 100; 0..
}

// SeatChip is one state in the totals; State is empty for all seats.
type SeatChip struct {
	State  Status
	Count  int
	Chosen bool
}

// SeatRow is one candidate in a sitting.
type SeatRow struct {
	User, Username, Name string
	State                Status
	Attempt              string // empty: none yet
	Number               int
	Position, Count      int // Position beyond Count: the review page
	Answered             int
	Saved                time.Time // zero: never
	// Open: the attempt may still be written; Running: its clock runs.
	Open, Running     bool
	Deadline          time.Time // zero: untimed
	Left              time.Duration
	Devices, Rejected int
}

// PlanView says what a command will do before it is given.
type PlanView struct {
	Exam, Title string
	Now         time.Time
	Job         string // fresh id of the job that the form asks for
	Kind        string
	Amount      time.Duration // of extend and reopen
	// Outage is the one whose lost time is given back, which differs from attempt to attempt; else nil.
	Outage   *OutageView
	Reason   string
	Problem  PlanProblem
	Earlier  string // id of the job that was asked for with the form's id, see PlanIDUsed
	Attempts string // the affected ones, as the form carries them
	Affected SeatList
	// FirstEnd and LastEnd are the ends after the command, zero where it changes none.
	FirstEnd, LastEnd time.Time
	Spared            []SparedList
	Filter            SeatFilter // to come back to
}

// PlanProblem says why a command was not given yet.
type PlanProblem string

// The problems of a command's form.
const (
	PlanFine          PlanProblem = ""
	PlanWithoutReason PlanProblem = "reason"
	PlanReasonTooLong PlanProblem = "reason_long"
	PlanMinutes       PlanProblem = "minutes"
	PlanIDUsed        PlanProblem = "used"      // the form was sent before with other content
	PlanMadeGood      PlanProblem = "made_good" // the time of the outage was given back before
)

// SeatList names some candidates of many.
type SeatList struct {
	Count int
	Names []SeatName // the first of them
}

// SeatName is a candidate with the page of the attempt.
type SeatName struct{ Attempt, Username, Name string }

// SparedList are candidates whom a command does not reach, or did not, for one reason.
type SparedList struct {
	Reason string
	SeatList
}

// JobLine is a job in a list.
type JobLine struct {
	ID, Title, By string
	Created       time.Time
	Done, Total   int
	Ended, Failed bool
}

// JobView is the page of a job.
type JobView struct {
	JobLine
	Now     time.Time
	Due     time.Time
	Begun   bool
	Step    string // in words, of work that tells its steps; empty: it does not
	Failure string // reference
	GivenUp bool   // its process ended each time that it was begun
	Reason  string
	// NotDone: what was asked for was refused as a whole; the page's children say why.
	NotDone bool
	// Applied and Refused are the outcome of commands to attempts.
	IsCommands bool
	Applied    int
	Refused    []SparedList
	Roster     *RosterResult // of an import that ended
	Above      []Crumb       // pages above the one that it leads back to
	Back       Crumb
}
