package store

import (
	"context"

	"shiken/exam"
)

// Accommodated is what a candidate has of their own in an exam, and why.
type Accommodated struct {
	User string // id
	Exam string // slug
	exam.Accommodation
	Reason  string
	Changed exam.Instant // the database's clock
}

// AccommodationRow is a candidate in the list of an exam's accommodations.
type AccommodationRow struct {
	Username, Name string
	Extra          int      // percent, the person's own
	Groups         []string // of the person
	Open           string   // id of an attempt that is open; empty: none
	Begun          int      // attempts, but for voided ones
	Accommodated            // of somebody without one User and Exam alone
	Has            bool     // there is one
	Candidate      bool     // may sit exams: with the role, and not disabled
}

// MaxUsernames bounds the Usernames of an AccommodationQuery.
const MaxUsernames = 500

// AccommodationQuery selects candidates of an exam; zero fields do not filter.
type AccommodationQuery struct {
	Exam   string
	User   string // id
	Search string // in username and name, without regard to case
	Group  string
	All    bool // those without one too, as far as they are enabled candidates
	// Usernames are those of whom all are listed, also who has none and may sit no exam; at most MaxUsernames.
	Usernames []string
	Offset    int
	Limit     int // 1..
}

// AccommodationChange gives, changes or, with Is nil, takes back what a candidate has in an exam.
type AccommodationChange struct {
	User, Exam string
	Was, Is    *Accommodated // nil: nothing; User, Exam and Changed of both do not count
}

// Accommodations are what candidates have of their own in exams. Only admins may be told.
type Accommodations interface {
	// AccommodationsOf lists those of a user, by exam.
	AccommodationsOf(ctx context.Context, user string) ([]Accommodated, error)
	// Accommodations lists candidates by username, and counts all that match.
	Accommodations(ctx context.Context, q AccommodationQuery) ([]AccommodationRow, int, error)
}

// Same reports whether two accommodations say the same; nil is none.
func (a *Accommodated) Same(b *Accommodated) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Window == b.Window && a.Reason == b.Reason &&
		same(a.ExtraPercent, b.ExtraPercent) && same(a.Attempts, b.Attempts)
}

func same(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
