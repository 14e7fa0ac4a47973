package store

import (
	"context"

	"shiken/exam"
)

// PractisedAttempt is what is stored of the questions of a practice, as of a version of its attempt.
type PractisedAttempt struct {
	Attempt string
	Version int64
	Items   []exam.PractisedItem // by position
}

// PoolCount is how many questions of a set are alike in what sections choose by.
type PoolCount struct {
	Category string
	Year     int
	Tags     []string
	Type     exam.QuestionType
	N        int
}

// PoolEntry is a question as PoolIndex reads it, with the set in which it stands.
type PoolEntry struct {
	exam.PoolQuestion
	Set  string
	Tags []string
}

// Practices holds what candidates did with the questions of practices. It is derived from attempts, at any
// time again: whoever reads it brings it up to date before (proctor.History), so that it costs no command
// anything and attempts of programs that did not know it count too.
type Practices interface {
	// StalePractices lists the practices of a candidate, in the order in which they were begun, of which nothing
	// is stored as of the attempt's version.
	StalePractices(ctx context.Context, user string) ([]string, error)
	// CheckedAt reads when positions of an attempt were checked.
	CheckedAt(ctx context.Context, attempt string) (map[int]exam.Instant, error)
	// PutPractised stores what was done in an attempt in place of what is stored. What is as of the same or a
	// later version stays, and nothing is stored of an attempt that was erased.
	PutPractised(ctx context.Context, p PractisedAttempt) error
	// Practised lists what is stored of a candidate, but of voided attempts, by attempt and position.
	Practised(ctx context.Context, user string) ([]exam.Practised, error)
	// PoolIndex is LoadPools without the versions of the questions and their contents, of which it reads the
	// type alone. It is cheap, since pages ask for it.
	PoolIndex(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error)
	// PoolCounts counts what may be drawn of a set, by what sections choose by; by tags only where it is asked for,
	// else there are none. An unknown set has nothing.
	PoolCounts(ctx context.Context, set string, tags bool) ([]PoolCount, error)
	// PoolEntries reads those of some questions that may be drawn, set by set in the order in which a pool lists
	// them.
	PoolEntries(ctx context.Context, identities []string) ([]PoolEntry, error)
	// CurrentVersions reads the ids of the versions that are current, by question; unknown ones are absent.
	CurrentVersions(ctx context.Context, questions []string) (map[string]string, error)
}
