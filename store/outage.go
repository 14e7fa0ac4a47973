package store

import (
	"context"

	"shiken/exam"
)

// MaxSilence is the longest time between two beats that is no outage. Every instance beats each
// second: two of its beats may be late on a busy machine, and what is shorter than this a page bridges
// by sending again.
const MaxSilence = 3 * exam.Second

// Outage is a gap in the heartbeat of the service: no instance reached the database in it.
type Outage struct {
	ID string // UUID
	exam.Gap
}

// Pulse is how the heartbeat stands.
type Pulse struct {
	Last exam.Instant // the last beat; 0 = there was none
	// Unsettled are the outages after which it is not known yet that every attempt whose end they took
	// was extended, the oldest first.
	Unsettled []Outage
}

// Outages holds the heartbeat of the service and the gaps in it (R9).
type Outages interface {
	// Beat MUST, in one statement or transaction that is durable on return, make the database's clock
	// (SQLite: the process's) the last beat and, when the one before is longer ago than MaxSilence, store
	// the time between the two as an outage that is not settled. Of callers at once one finds the gap. The
	// first beat of all finds none.
	Beat(ctx context.Context) error
	// Pulse reads last beat and unsettled outages at one point in time. It is cheap.
	Pulse(ctx context.Context) (Pulse, error)
	// Met lists the outages, settled ones too, that have a moment in common with the time from one instant
	// to another, by their beginning.
	Met(ctx context.Context, from, to exam.Instant) ([]Outage, error)
	// Struck lists by index, in the order of their ids and after the id given ("": from the first), at
	// most limit attempts that are open and whose end a gap may have taken: all those for which
	// exam.Gap.Extension is not 0, and perhaps some more.
	Struck(ctx context.Context, g exam.Gap, after string, limit int) ([]string, error)
	// Settle marks an outage as settled.
	Settle(ctx context.Context, outage string) error

	// OutagesOf lists outages that ended within since and met attempts of an exam while their clocks may
	// have run, the newest first.
	OutagesOf(ctx context.Context, exam string, since exam.Micros, limit int) ([]ExamOutage, error)
	// Losses reads a settled outage with the attempts of an exam whose clocks may have run in it, by
	// username, at one point in time. ErrNotFound when there is no such outage, or it is not settled.
	Losses(ctx context.Context, exam, outage string) (Outage, []Loss, exam.Instant, error)
}

// ExamOutage is an outage as it concerns one exam.
type ExamOutage struct {
	Outage
	Settled bool
	Running int // attempts whose clocks may have run in it
	Open    int // those of them that are open still
}

// Loss is an attempt whose clock may have run in an outage. exam.Gap.Lost says how long it did.
type Loss struct {
	Target
	// Clock are the entries of its journal that moved its clock, in order, without their payloads.
	Clock []exam.Entry
}

// ReportedGap is how long a candidate's page could not reach the service, as the page says: a hint for
// the invigilators, no state of the attempt.
type ReportedGap struct {
	ID       string // UUID, from the page
	Attempt  string
	Reported exam.Instant // set by the store: the database's clock
	Lasted   exam.Micros
	// Unheard is set by the store: how long ago a live sign-in of the candidate had been last heard of,
	// as far as it was written when the gap was reported.
	Unheard exam.Micros
}

// Bounds of what is kept of an attempt's reported gaps.
const (
	MaxReportedGaps    = 100
	BetweenGapReports  = 2 * exam.Second
	MaxReportedGapTime = 24 * 60 * exam.Minute
)

// SeatGap is a reported gap in the list of a sitting.
type SeatGap struct {
	ReportedGap
	Username, Name string
	Status         exam.Status
}

// ReportedGaps holds what pages report of their connection.
type ReportedGaps interface {
	// ReportGap keeps a gap. One whose id is known, one beyond the bounds above (as far as they were not
	// passed at the same moment), and one of an unknown attempt are dropped without an error.
	ReportGap(ctx context.Context, g ReportedGap) error
	// GapsOf lists those of an attempt, the oldest first.
	GapsOf(ctx context.Context, attempt string) ([]ReportedGap, error)
	// RecentGaps lists the newest one of each attempt of an exam, of those that were reported within since,
	// the newest first: nobody's reports MUST hide another's.
	RecentGaps(ctx context.Context, exam string, since exam.Micros, limit int) ([]SeatGap, error)
}
