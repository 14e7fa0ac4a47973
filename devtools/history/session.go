package history

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"shiken/store"
)

// endings is, by session, when a client was first told that the sign-in has ended.
type endings map[string]time.Duration

func endingsOf(ops []Op) endings {
	ended := endings{}
	for i := range ops {
		o := &ops[i]
		if o.Kind != SignOut || !o.Ok() || o.Session == "" {
			continue
		}
		if first, known := ended[o.Session]; !known || o.Done < first {
			ended[o.Session] = o.Done
		}
	}
	return ended
}

// before reports whether the sign-in of an operation had ended, and somebody knew, before it was sent.
func (e endings) before(o *Op) bool {
	at, known := e[o.Session]
	return known && o.Kind != SignOut && o.Sent > at
}

// unsure returns the operations with those of unknown outcome that were answered as signed out: the copy
// that was answered may have been the second, and the first one applied before the sign-in ended. What
// was sent after that end is not excused.
func (e endings) unsure(ops []Op) []Op {
	ops = slices.Clone(ops)
	for i := range ops {
		o := &ops[i]
		isOut := o.Result == Refused && o.Status == http.StatusUnauthorized
		if isOut && !o.looks() && o.Kind != SignOut && !e.before(o) {
			o.Result = Unknown
		}
	}
	return ops
}

// signedOut: once a client was told that its sign-in has ended, nothing that is sent under it later is
// done, shown or kept (§3, §6), whatever its sender was told.
func (c *check) signedOut(ops []Op, stored []store.StoredAttempt, ended endings) {
	o := out{c, ended, map[asking][]*Op{}}
	for i := range ops {
		o.told(&ops[i])
	}
	for i := range stored {
		a := &stored[i]
		id := a.Attempt.ID
		o.done(id, asking{"", a.StartCommand}, "the start of the attempt")
		for k := range a.Records {
			e := &a.Records[k].Entry
			o.done(id, asking{id, e.Command}, fmt.Sprintf("entry %d", e.Seq))
		}
		for k := range a.Rejections {
			r := &a.Rejections[k]
			o.done(id, asking{id, r.Command}, fmt.Sprintf("rejection %d", r.Number))
		}
	}
}

// out is what was asked under sign-ins that had ended.
type out struct {
	*check
	ended endings
	sent  map[asking][]*Op
}

// asking is a command's id in its attempt, which a start has none.
type asking struct{ attempt, command string }

func (s *out) told(o *Op) {
	k := asking{o.Attempt, o.Command}
	if o.Kind == Start {
		k.attempt = ""
	}
	s.sent[k] = append(s.sent[k], o)
	if s.ended.before(o) && (o.Ok() || o.Result == Rejected) {
		s.fault(Fault{Rule: "§3", Checker: Witness, Attempt: o.Attempt, Position: o.Position, Text: fmt.Sprintf(
			"client %d: %s %s was sent at %v under a sign-in that had ended at %v, and was %s",
			o.Client, o.Kind, o.Command, o.Sent, s.ended[o.Session], o.Result)})
	}
}

// done: of what is stored some sending came in time.
func (s *out) done(attempt string, k asking, what string) {
	list := s.sent[k]
	if len(list) > 0 && !slices.ContainsFunc(list, func(o *Op) bool { return !s.ended.before(o) }) {
		s.fault(Fault{Rule: "§3", Checker: Witness, Attempt: attempt, Position: list[0].Position, Text: fmt.Sprintf(
			"command %s is %s, and was sent under a sign-in that had ended", k.command, what)})
	}
}
