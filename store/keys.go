package store

import (
	"context"

	"shiken/exam"
)

// Correction is a key that was corrected after an exam, with the regrading of the attempts that have
// the question.
type Correction struct {
	ID       string // UUID, from the form
	Version  string // of the question
	Revision int    // of the key that it made
	Exam     string // slug of the exam whose attempts are regraded; "": of all exams
	Lower    bool   // results may fall
	Reason   string
	Actor    string       // id of the user
	Created  exam.Instant // set by the store
}

// KeyRevision is one revision of the key of a question version.
type KeyRevision struct {
	KeyedFeedback
	Created    exam.Instant
	Correction *Correction // that made it; nil: loaded or edited
}

// SheetQuery selects attempts with what was answered and how it was marked.
type SheetQuery struct {
	Exam    string // slug; "": of all exams
	Version string // on the paper; "": any
}

// Sheet is an attempt as marking and statistics read it.
type Sheet struct {
	Username, Name string
	Exam           string
	Number         int
	Paper          *exam.Paper // shared: never written to
	// Attempt has every response, of which Pages are not read, and no Commands.
	Attempt exam.Attempt
}

// Mark is a result in a list of regrades.
type Mark struct {
	Total, Max int   // 1/10,000 point
	Passed     *bool // nil: judged neither way
}

// Regrade is what a correction made of one attempt.
type Regrade struct {
	Attempt       string
	Before, After Mark
	Kept          bool // the key would have lowered the result, which was not asked for
	// Who it is, only read.
	User, Username, Name, Exam string
	Number                     int
}

// RegradeChange selects regrades by what became of the result.
type RegradeChange string

// The changes. Flips are from pass to fail or back.
const (
	RegradeRaised  RegradeChange = "raised"
	RegradeLowered RegradeChange = "lowered"
	RegradeSame    RegradeChange = "same"
	RegradeKept    RegradeChange = "kept"
	RegradeFlips   RegradeChange = "flips"
)

// RegradeQuery selects regrades of a correction.
type RegradeQuery struct {
	Correction string
	Change     RegradeChange // "": all
	Offset     int
	Limit      int // 1..
}

// Corrections is what the correction of keys reads and, while a job regrades, writes.
type Corrections interface {
	// QuestionVersion reads a question by the id of one of its versions, as it is in that version with the newest
	// revision of its key; ErrNotFound when there is none.
	QuestionVersion(ctx context.Context, version string) (VersionedQuestion, error)
	// KeyRevisions lists those of a version, the newest first.
	KeyRevisions(ctx context.Context, version string) ([]KeyRevision, error)
	// Correction reads one; ErrNotFound when there is none.
	Correction(ctx context.Context, id string) (Correction, error)
	// CorrectionsOf lists those that concern an exam: whose question an attempt of it has that was regraded,
	// or that were made for it; the newest first.
	CorrectionsOf(ctx context.Context, exam string, limit int) ([]Correction, error)
	// Sheets lists the ids of attempts of a query, by exam, username and number.
	Sheets(ctx context.Context, q SheetQuery) ([]string, error)
	// EachSheet calls fn for attempts of some ids in their order; unknown ones are left out. Few are held at
	// once, and nothing of the database while fn runs.
	EachSheet(ctx context.Context, attempts []string, fn func(Sheet) error) error
	// EachMarked calls fn for the closed attempts of an exam that have a score, by username and number, with what
	// statistics read of paper and attempt: exam.Statistics.Add says what that is. The rest is empty, and
	// all of it another attempt's once fn returns. It takes a part of EachSheet's time.
	EachMarked(ctx context.Context, exam string, fn func(*exam.Paper, *exam.Attempt) error) error
	// PutRegrade records what became of an attempt. Of one that is recorded, Before stays.
	PutRegrade(ctx context.Context, correction string, r Regrade) error
	// Regrades lists those of a correction by exam, username and number, and counts all that match.
	Regrades(ctx context.Context, q RegradeQuery) ([]Regrade, int, error)
	// CountRegrades counts those of a correction by what became of the results.
	CountRegrades(ctx context.Context, correction string) (RegradeCounts, error)
}

// RegradeCounts counts regrades. Every one is raised, lowered or the same; kept ones are among these.
type RegradeCounts struct {
	All, Raised, Lowered, Same, Kept, ToPass, ToFail int
}

// VersionedQuestion is a question in one of its versions.
type VersionedQuestion struct {
	StoredQuestion
	Current bool // the version is the one that is drawn
}

// KeyActions are the writes of who corrects keys.
type KeyActions interface {
	// CorrectKey stores a further revision of a version's key, whose author saw the revision base, the
	// feedback as it was, with the correction and the job that regrades, and returns the correction as
	// stored. One that is stored with the same id is there already when its form is sent again: that is
	// returned, and false. ErrMoved when another revision is current, ErrNotFound when there is no such
	// version; nothing is written then.
	CorrectKey(ctx context.Context, c Correction, base int, k exam.Key, j Job) (Correction, bool, error)
}
