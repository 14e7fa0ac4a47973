package accounts

import (
	"shiken/exam"
	"shiken/store"
)

// Lifetimes of a sign-in. A school day or a shift may pass between two requests; a week bounds
// what a forgotten sign-in on a shared machine is worth.
const (
	IdleLifetime     = 12 * 60 * exam.Minute
	AbsoluteLifetime = 7 * 24 * 60 * exam.Minute
)

// Live reports whether a sign-in still signs its user in at the instant now. Revoked sign-ins and
// those of disabled users never do; the lifetimes do not apply while the user has an attempt to
// write (docs/design.md §3).
func Live(v *store.Viewer, now exam.Instant) bool {
	if v.SignIn.Revoked != 0 || v.User.Disabled {
		return false
	}
	if now <= v.WritingUntil {
		return true
	}
	heard := max(v.SignIn.LastSeen, v.SignIn.Created)
	return now.Sub(heard) <= IdleLifetime && now.Sub(v.SignIn.Created) <= AbsoluteLifetime
}
