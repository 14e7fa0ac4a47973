package history

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"shiken/exam"
	"shiken/store"
)

// starts checks how attempts began (R10): each by one start, which named how many it had seen, no two
// open side by side, and everybody led to one that is there.
type starts struct {
	*check
	byID      map[string]*store.StoredAttempt
	begunBy   map[string]string // by start command: the attempt
	byCommand map[string][]*Op  // starts, refused ones left out
	exams     map[string]bool   // whose starts the history holds
}

func (s *starts) found(rule, attempt, format string, args ...any) {
	s.fault(Fault{Rule: rule, Checker: Witness, Attempt: attempt, Text: fmt.Sprintf(format, args...)})
}

func (c *check) starts(ops []Op, stored []store.StoredAttempt) {
	s := &starts{c, map[string]*store.StoredAttempt{}, map[string]string{}, map[string][]*Op{}, map[string]bool{}}
	for i := range stored {
		s.byID[stored[i].Attempt.ID] = &stored[i]
	}
	for i := range ops {
		if o := &ops[i]; o.Kind == Start && o.Result != Refused {
			s.byCommand[o.Command] = append(s.byCommand[o.Command], o)
			s.exams[o.Exam] = true
			s.led(o)
		}
	}
	for i := range stored {
		a := &stored[i]
		s.began(a)
		if first, twice := s.begunBy[a.StartCommand]; twice {
			s.found("R2", a.Attempt.ID, "start %s began %s, too", a.StartCommand, first)
		}
		s.begunBy[a.StartCommand] = a.Attempt.ID
	}
	s.oneLeads()
	s.turnedAway(stored)
	s.oneOpen(stored)
}

// led: whoever was led to an attempt is its candidate, and it is of that exam.
func (s *starts) led(o *Op) {
	if !o.Ok() || o.Attempt == "" {
		return
	}
	a := s.byID[o.Attempt]
	switch {
	case a == nil:
		s.found("R1", o.Attempt, "start %s led to it, and it is not stored", o.Command)
	case o.Exam != "" && a.Exam != o.Exam || o.User != "" && a.Attempt.Candidate != o.User:
		s.found("R10", o.Attempt, "start %s of %s led to it, which is of another exam or candidate", o.Command, o.Exam)
	}
}

// began: somebody sent the start of the attempt, and had seen all that were before it.
func (s *starts) began(a *store.StoredAttempt) {
	sendings := s.byCommand[a.StartCommand]
	if len(sendings) == 0 {
		if s.exams[a.Exam] {
			s.found("R2", a.Attempt.ID, "begun by start %s, which nobody sent", a.StartCommand)
		}
		return
	}
	if seen := sendings[0].Rev; seen != int64(a.Number-1) {
		s.found("R10", a.Attempt.ID, "attempt number %d was begun by a start that had seen %d", a.Number, seen)
	}
}

// oneLeads: a start leads to one attempt, however often it is sent (R2).
func (s *starts) oneLeads() {
	for id, sendings := range s.byCommand {
		if a := s.begunBy[id]; a != "" {
			for _, o := range sendings {
				if o.Ok() && o.Attempt != "" && o.Attempt != a {
					s.found("R2", a, "begun by start %s, which also led to %s", id, o.Attempt)
				}
			}
		}
	}
}

// turnedAway: a start is turned away by who has no attempt left.
func (s *starts) turnedAway(stored []store.StoredAttempt) {
	begun := map[[2]string]int{}
	for i := range stored {
		begun[[2]string{stored[i].Exam, stored[i].Attempt.Candidate}]++
	}
	for id, sendings := range s.byCommand {
		for _, o := range sendings {
			allowed, known := s.options.Allowed[o.Exam]
			if known && o.Result == Rejected && (allowed == 0 || begun[[2]string{o.Exam, o.User}] < allowed) {
				s.found("R10", "", "start %s was rejected, with %d of %d attempts begun (0 = unlimited)", id, begun[[2]string{o.Exam, o.User}], allowed)
			}
		}
	}
}

// oneOpen: a candidate's attempts of an exam follow one another (R10). An arrival may lie up to W
// before the moment at which it was judged (R8).
func (s *starts) oneOpen(stored []store.StoredAttempt) {
	type series struct{ exam, candidate string }
	of := map[series][]*store.StoredAttempt{}
	for i := range stored {
		k := series{stored[i].Exam, stored[i].Attempt.Candidate}
		of[k] = append(of[k], &stored[i])
	}
	for _, list := range of {
		slices.SortFunc(list, func(a, b *store.StoredAttempt) int { return cmp.Compare(a.Number, b.Number) })
		open := 0
		for i, a := range list {
			if a.Attempt.Status == exam.InProgress || a.Attempt.Status == exam.Paused {
				open++
			}
			if i > 0 && !closedBefore(list[i-1], a.Attempt.Started+exam.Instant(exam.W)) {
				s.found("R10", a.Attempt.ID, "begun while attempt number %d was open", list[i-1].Number)
			}
		}
		if open > 1 {
			s.found("R10", list[0].Attempt.ID, "%d attempts of one candidate and exam are open", open)
		}
	}
}

func closedBefore(a *store.StoredAttempt, at exam.Instant) bool {
	return slices.ContainsFunc(a.Records, func(r exam.Record) bool {
		s := r.Entry.Effect.Status
		return (s == exam.Submitted || s == exam.Expired || s == exam.Voided) && r.Entry.Arrived <= at
	})
}

// lostWhole: nobody was told of an answer in an attempt that is not there.
func (c *check) lostWhole(homeless []*Op) {
	for _, o := range homeless {
		if !o.Ok() || o.looks() || o.Kind == Order {
			continue
		}
		if o.onQuestion() {
			c.locked(func(r *Report) { r.Lost++ })
		}
		c.fault(Fault{Rule: "R1", Checker: Witness, Attempt: o.Attempt, Position: o.Position,
			Text: fmt.Sprintf("command %s was acknowledged at %v, and the attempt is not stored", o.Command, o.Done.Round(time.Millisecond))})
	}
}
