package store

import (
	"context"
	"encoding/json"

	"shiken/exam"
)

// SeatState is what an invigilator sees of a candidate.
type SeatState string

// The states of a seat. A candidate is heard from when a sign-in of theirs was last seen within
// SeatQuery.Heard.
const (
	SeatAbsent    SeatState = "absent"    // no attempt, not heard from
	SeatWaiting   SeatState = "waiting"   // no attempt yet, signed in and heard from
	SeatWriting   SeatState = "writing"   // in progress and heard from
	SeatSilent    SeatState = "silent"    // in progress and not heard from
	SeatPaused    SeatState = "paused"    //
	SeatSubmitted SeatState = "submitted" // handed in
	SeatExpired   SeatState = "expired"   // ran out
	SeatVoided    SeatState = "voided"
)

// SeatStates lists every state in the order of the page.
var SeatStates = []SeatState{
	SeatAbsent, SeatWaiting, SeatWriting, SeatSilent, SeatPaused, SeatSubmitted, SeatExpired, SeatVoided,
}

// SeatOrder is an order of seats.
type SeatOrder string

// The orders: by username (the default), by time left (the shortest first), by answered questions
// (the fewest first), by last save (the longest ago first). Equals go by username.
const (
	SeatsByName     SeatOrder = "name"
	SeatsByTime     SeatOrder = "time"
	SeatsByAnswered SeatOrder = "answered"
	SeatsBySaved    SeatOrder = "saved"
)

// SeatQuery selects the seats of an exam's sitting; zero fields do not filter. A candidate has a seat
// who may sit the exam (an enabled candidate in one of its groups; of one that is open to everyone:
// every enabled candidate) or who has an attempt of it.
type SeatQuery struct {
	Exam   string
	State  SeatState
	Group  string
	Search string // in username and name, without regard to case
	Order  SeatOrder
	Heard  exam.Micros // how long ago "heard from" may be
	Offset int
	Limit  int // 1..
}

// Seat is one candidate in a sitting, with the newest attempt.
type Seat struct {
	User, Username, Name string
	State                SeatState
	LastSeen             exam.Instant // of any live sign-in; 0 = never
	Devices              int          // live sign-ins heard from
	// The rest is zero without an attempt.
	Attempt   string
	Number    int
	Status    exam.Status
	Version   int64
	Cursor    int
	Count     int // questions on the paper
	Answered  int
	Started   exam.Instant
	LastSaved exam.Instant // 0 = never
	Deadline  exam.Instant // 0 = untimed
	Stopped   exam.Instant // when the clock stopped; 0 = running
	// Rejected counts rejected answers that could be accepted still (exam.MayAccept): they are kept
	// with their payload, and none of their page and seq, or a later one, was applied.
	Rejected int
}

// Target is an attempt that a command is to be given to.
type Target struct {
	Attempt, Username, Name string
	Status                  exam.Status
	Before                  exam.Status // of a voided one
	Deadline, Stopped       exam.Instant
}

// RejectedAnswer is a rejected command with an answer, as an officer sees it.
type RejectedAnswer struct {
	Attempt, User, Username, Name string
	AttemptNumber                 int
	Status                        exam.Status
	Rejection                     exam.Rejection
	Saved                         exam.Response // what is saved at its position
	Acceptable                    bool          // exam.MayAccept allows it
}

// Sittings is what admins read while an exam is sat. What reads seats or targets returns ErrNotFound
// when there is no such exam.
type Sittings interface {
	// Seats lists seats and counts all that match, at one point in time.
	Seats(ctx context.Context, q SeatQuery) (seats []Seat, total int, now exam.Instant, err error)
	// SeatsOf reads the seats of some users again, in no order; at most MaxSeatsOf. Users without a
	// seat are absent. It is cheap: it is asked each second for every page that is watched.
	SeatsOf(ctx context.Context, exam string, users []string, heard exam.Micros) ([]Seat, exam.Instant, error)
	// CountSeats counts the seats of an exam by state.
	CountSeats(ctx context.Context, exam string, heard exam.Micros) (map[SeatState]int, error)
	// Targets lists the newest attempts of an exam that match a query's filters (all pages of it), by
	// username, or those of the given ids alone when there are any: attempts of other exams are absent.
	Targets(ctx context.Context, q SeatQuery, attempts []string) ([]Target, exam.Instant, error)
	// RejectedAnswers lists the rejections of an exam's attempts that carry an answer (which an empty one
	// is not), the newest first, and counts all; with only acceptable ones or not. A few of the latter may
	// turn out not to be: those whose answer has not the form of the question's.
	RejectedAnswers(ctx context.Context, exam string, acceptable bool, offset, limit int) ([]RejectedAnswer, int, error)
	// States reads status and times of attempts again, at most MaxSeatsOf; unknown ones are absent.
	States(ctx context.Context, attempts []string) ([]AttemptState, exam.Instant, error)
	// Story reads one attempt with its paper, journal and rejections at one point in time. ErrNotFound
	// when there is none (an id that is no UUID included).
	Story(ctx context.Context, attempt string) (StoredAttempt, error)
}

// MaxSeatsOf bounds what SeatsOf and States take.
const MaxSeatsOf = 200

// AttemptState is what an open page needs to know of its attempt.
type AttemptState struct {
	Attempt  string
	Status   exam.Status
	Opening  int
	Deadline exam.Instant // 0 = untimed
	Version  int64
	// Holder is the sign-in that the attempt belongs to (exam.Attempt.Device) unless it was revoked, HolderSince
	// since when the attempt belongs to it, or to one that was.
	Holder      string
	HolderSince exam.Instant
}

// PassState is pass or fail in a filter.
type PassState string

// The states of passing. Judged neither way: awaiting marking, no pass mark, or not closed.
const (
	PassedState PassState = "passed"
	FailedState PassState = "failed"
	NeitherPass PassState = "neither"
)

// ResultOrder is an order of results.
type ResultOrder string

// The orders: by username (the default), by score, by time of closing, by time of start. Equals go by
// username, then by number.
const (
	ResultsByName    ResultOrder = "name"
	ResultsByScore   ResultOrder = "score"
	ResultsByClosed  ResultOrder = "closed"
	ResultsByStarted ResultOrder = "started"
)

// ResultQuery selects attempts of an exam; zero fields do not filter.
type ResultQuery struct {
	Exam       string
	Search     string // in username and name, without regard to case
	Group      string
	Status     exam.Status
	Marking    exam.Marking
	Pass       PassState
	First      bool // of each candidate the first attempt alone
	Order      ResultOrder
	Descending bool
	Offset     int
	Limit      int // 1..
}

// ResultRow is an attempt in the table of results.
type ResultRow struct {
	User, Username, Name string
	Groups               []string
	Summary              Summary
	Score                *exam.Score // nil: not marked
	SectionTitles        []exam.Title
	SectionMinimums      []int // percent; 0 = none
}

// Results is what admins read after an exam.
type Results interface {
	// ResultRows lists attempts and counts all that match.
	ResultRows(ctx context.Context, q ResultQuery) ([]ResultRow, int, exam.Instant, error)
	// EachResult calls fn for every attempt that matches (Offset and Limit aside), in order, holding
	// few of them in memory and, while fn runs, nothing in the database. Which attempts match is decided
	// at the beginning; each is as it stands when its turn comes.
	EachResult(ctx context.Context, q ResultQuery, fn func(ResultRow) error) error
	// CandidateResults reads every attempt of an exam of some users, each user's by number.
	CandidateResults(ctx context.Context, slug string, users []string) ([]ResultRow, error)
}

// JobKind says what a job does.
type JobKind string

// The kinds of job.
const (
	JobCommands  JobKind = "commands"  // one command to each of several attempts
	JobRoster    JobKind = "roster"    // import of a roster
	JobQuestions JobKind = "questions" // load of question files
	JobRegrade   JobKind = "regrade"   // regrading after the correction of a key
)

// Job is work that takes longer than a request. Doing it twice MUST do no harm: whoever finds it
// abandoned goes on.
type Job struct {
	ID      string // UUID, from the form that asked for it
	Kind    JobKind
	Object  string // slug of the exam, name of the set; may be empty
	Actor   string // id of the user
	Args    json.RawMessage
	Due     exam.Micros  // to CreateJob: from now; else see DueAt
	DueAt   exam.Instant // not begun before
	Created exam.Instant
	Touched exam.Instant // last sign of life of who does it; 0: nobody began
	Total   int          // steps
	Done    int
	Claims  int // by ClaimJobs, less those given back by LeaveJob
	// Finished is when it ended, 0: not yet; Outcome then says how.
	Finished exam.Instant
	Outcome  json.RawMessage
}

// Jobs holds jobs. They are made by Actions.CreateJob.
type Jobs interface {
	Job(ctx context.Context, id string) (Job, exam.Instant, error)
	// JobsOf lists those of an object, the newest first.
	JobsOf(ctx context.Context, object string, limit int) ([]Job, error)
	// ClaimJobs takes jobs of a kind that are due, not finished, and that nobody touched for idle, and marks them
	// as touched now: of two callers at once only one gets a job. Each claim is counted.
	ClaimJobs(ctx context.Context, kind JobKind, idle exam.Micros, limit int) ([]Job, error)
	// TouchJob is a sign of life with the steps done so far (never fewer than stored). A finished job
	// stays as it is.
	TouchJob(ctx context.Context, id string, done int) error
	// LeaveJob gives a claim back: who had the job left off in order, and not because the job ended it.
	// A finished job, and one without claims, stays as it is.
	LeaveJob(ctx context.Context, id string) error
	// FinishJob ends a job; the first call counts, further ones do nothing.
	FinishJob(ctx context.Context, id string, done int, outcome json.RawMessage) error
	// SetOutcome replaces the outcome of a finished job; ErrNotFound when there is none such.
	SetOutcome(ctx context.Context, id string, outcome json.RawMessage) error
	// RecentJobs lists those that are not finished, or were finished within since, the oldest first,
	// with the clock.
	RecentJobs(ctx context.Context, kind JobKind, since exam.Micros) ([]Job, exam.Instant, error)
}

// Message is what an invigilator says to the candidates of an exam, or to one of them.
type Message struct {
	ID      string // UUID, from the form
	Exam    string // slug
	Attempt string // "": all
	Actor   string
	Text    string
	Created exam.Instant // set by the store
}

// MaxMessage bounds the text of a message, in runes.
const MaxMessage = 1_000

// Messages holds messages. They are made by Actions.PutMessage.
type Messages interface {
	// MessagesSince lists messages created at or after a time, the oldest first, with the clock. One
	// may come to be seen a little after it was created: who asks again and again lets the times overlap.
	MessagesSince(ctx context.Context, since exam.Instant) ([]Message, exam.Instant, error)
	// MessagesOf lists the messages of an exam, the newest first.
	MessagesOf(ctx context.Context, exam string, limit int) ([]Message, error)
}
