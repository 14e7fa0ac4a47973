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
	// CurrentVersions reads the ids of the versions that are current, by question; unknown ones are absent.
	CurrentVersions(ctx context.Context, questions []string) (map[string]string, error)
}
