package history

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"shiken/exam"
)

// step is one thing that has its place in the order of what happened to a response: a command, once,
// or what somebody saw. It is the input of the search; porcupine finds an order in which the model
// gives everybody what they were told.
type step struct {
	what  string
	ask   *asked      // nil: only seen
	ok    bool        // acknowledged
	late  bool        // acknowledged again with another rev: overtaken
	why   exam.Reason // rejected for it; "" and not ok: unknown
	rev   int64       // told, NotTold = not
	entry int         // 1.. its place among the applied ones, by the journal; 0 = it has none

	saved     string // seen
	savedRev  int64
	savedFlag *bool

	from, to time.Duration
	hint     window // by the journal's order; of an entry
	absent   bool   // its outcome is unknown, and it is not in the journal
}

type window struct{ from, to time.Duration }

// state is a response in the search, and how many of the journal's entries were placed.
type state struct {
	response
	placed int
}

// search is one search for an order. After its last step nothing is possible any more, so that it ends.
type search struct {
	byJournal bool
	left      int // steps
}

func (x *search) model() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return &state{response: unsaved()} },
		Step: func(s, input, _ any) (bool, any) {
			x.left--
			if x.left <= 0 {
				return false, s
			}
			return input.(*step).take(s.(*state), x.byJournal)
		},
		Equal: func(a, b any) bool {
			x, y := a.(*state), b.(*state)
			return x.placed == y.placed && x.equal(&y.response)
		},
	}
}

// take makes the step from a state, if what was told allows it there.
func (p *step) take(s *state, byJournal bool) (bool, *state) {
	if !p.seenIn(&s.response) {
		return false, s
	}
	if p.ask == nil {
		return true, s
	}
	if byJournal && p.entry > 0 && p.entry != s.placed+1 {
		return false, s
	}
	verdict, next := s.judge(p.ask)
	after := &state{response: next, placed: s.placed}
	if p.entry > 0 {
		after.placed++
	}
	switch {
	case p.late:
		return verdict.overtaken && verdict.rev == p.rev, s
	case p.ok:
		return verdict.reason == "" && (p.rev == NotTold || p.rev == verdict.rev), after
	case p.why == exam.Stale:
		return verdict.reason == exam.Stale, s
	case p.why == exam.InvalidAnswer:
		return verdict.reason == "" && !verdict.overtaken, s
	case p.why != "":
		return true, s // the attempt's status, time or place decided, which the journal's walk judges (refusals)
	}
	return true, after
}

func (p *step) seenIn(r *response) bool {
	return (p.savedRev == NotTold || p.savedRev == r.rev) && (p.saved == "" || normal(p.saved) == r.answer) &&
		(p.savedFlag == nil || *p.savedFlag == r.flagged)
}

// stepsOf lists the steps of each position of an attempt.
func stepsOf(s *sitting) map[int][]*step {
	steps := map[int][]*step{}
	windows := s.windows()
	for _, c := range s.ordered {
		if n := c.content.position; c.content.onQuestion() {
			steps[n] = append(steps[n], c.steps(windows, s.repeats)...)
		}
	}
	for _, o := range s.reads {
		if seen := sight(o, "read"); seen != nil {
			steps[o.Position] = append(steps[o.Position], seen)
		}
	}
	for i := range s.stored.Records {
		r := &s.stored.Records[i]
		if f := r.Entry.Effect.Response; r.Entry.Kind == exam.AcceptLate && f != nil && r.Payload != nil {
			ask := &asked{kind: exam.AcceptLate, page: f.Page, seq: f.Seq, answer: normalOf(r.Payload.Answer)}
			steps[f.Position] = append(steps[f.Position], &step{
				what: "accept_late", ask: ask, rev: NotTold, savedRev: NotTold, to: never, entry: int(r.Entry.Seq), hint: windows[r],
			})
		}
	}
	for n := range steps {
		number(steps[n])
		loners(steps[n])
	}
	return steps
}

// windows narrows, by the order of the journal, the time at which each entry can have been made: after
// every earlier one was sent, and before any later one was answered.
func (s *sitting) windows() map[*exam.Record]window {
	records := s.stored.Records
	out := make(map[*exam.Record]window, len(records))
	from := time.Duration(0)
	for i := range records {
		from = max(from, s.given(&records[i]).from)
		out[&records[i]] = window{from: from}
	}
	to := never
	for i := len(records) - 1; i >= 0; i-- {
		to = min(to, s.given(&records[i]).to)
		out[&records[i]] = window{out[&records[i]].from, to}
	}
	return out
}

// given is when an entry's command was sent, and first answered, as far as anybody knows.
func (s *sitting) given(r *exam.Record) window {
	if c := s.sender(r); c != nil && c.applied == r {
		return window{c.sent, c.replied}
	}
	if w, known := s.orders[r.Entry.Command]; known {
		return w
	}
	return window{0, never}
}

// steps of a command: its one effect or verdict, between its first sending and the first judgement that
// came back (never: any time after it was sent), and what rejections showed, which is newer than the
// verdict where a command was sent more than once.
func (c *command) steps(windows map[*exam.Record]window, repeats bool) []*step {
	first := &step{
		what: fmt.Sprintf("command %s (%v)", c.id, c.content), ask: c.content.asks(c.gentlest()),
		rev: NotTold, savedRev: NotTold, from: c.sent, to: c.replied, absent: c.unknown() && c.applied == nil,
	}
	if c.applied != nil {
		first.entry, first.hint = int(c.applied.Entry.Seq), windows[c.applied]
	}
	out := []*step{first}
	switch {
	case c.ok != nil:
		first.ok, first.rev = true, c.ok.NewRev
		for _, o := range c.sendings {
			if o.Ok() && o.NewRev != NotTold && first.rev != NotTold && o.NewRev != first.rev {
				out = append(out, &step{what: first.what + " again", ask: first.ask, late: true, rev: o.NewRev,
					savedRev: NotTold, from: o.Sent, to: o.Done})
			}
		}
	case c.rejected != nil:
		first.why = exam.Reason(c.rejected.Reason)
		first.ask = c.content.asks(c.harshest())
		if len(c.sendings) == 1 && !repeats {
			first.saved, first.savedRev, first.savedFlag = c.rejected.Saved, c.rejected.SavedRev, c.rejected.SavedFlag
			return out
		}
		for _, o := range c.sendings {
			if seen := sight(o, "rejection"); seen != nil {
				out = append(out, seen)
			}
		}
	}
	return out
}

// gentlest and harshest: sendings of one id may name different revs, and either may have been judged.
// If any could be applied the one that names the most could, and if any is stale the one that names
// the least is.
func (c *command) gentlest() *Op {
	return slices.MaxFunc(c.sendings, func(a, b *Op) int { return cmp.Compare(a.Rev, b.Rev) })
}

func (c *command) harshest() *Op {
	return slices.MinFunc(c.sendings, func(a, b *Op) int { return cmp.Compare(a.Rev, b.Rev) })
}

// sight is what a page or a rejection showed as saved; nil when it showed nothing.
func sight(o *Op, what string) *step {
	if o.Done < 0 || o.SavedRev == NotTold && o.Saved == "" && o.SavedFlag == nil {
		return nil
	}
	return &step{
		what: fmt.Sprintf("%s by client %d: rev %d, %.60s", what, o.Client, o.SavedRev, o.Saved), rev: NotTold,
		saved: o.Saved, savedRev: o.SavedRev, savedFlag: o.SavedFlag, from: o.Sent, to: o.Done,
	}
}

// number turns the entries' numbers into their places at this position.
func number(steps []*step) {
	var applied []*step
	for _, p := range steps {
		if p.entry > 0 {
			applied = append(applied, p)
		}
	}
	slices.SortFunc(applied, func(a, b *step) int { return cmp.Compare(a.entry, b.entry) })
	for i, p := range applied {
		p.entry = i + 1
	}
}

// loners spares the search the marks of pages that ask once, unless some may have been forgotten.
func loners(steps []*step) {
	asks := map[string]int{}
	for _, p := range steps {
		if p.ask != nil {
			asks[p.ask.page]++
		}
	}
	for _, p := range steps {
		if p.ask != nil && len(asks) <= maxPages {
			p.ask.lone = asks[p.ask.page] == 1
		}
	}
}

// linear searches every response's history.
func (c *check) linear(sittings []*sitting) {
	var all sync.WaitGroup
	turns := make(chan struct{}, c.options.Parallel)
	for _, s := range sittings {
		for position, steps := range stepsOf(s) {
			turns <- struct{}{}
			all.Go(func() {
				defer func() { <-turns }()
				c.response(s.stored.Attempt.ID, position, steps)
			})
		}
	}
	all.Wait()
}
