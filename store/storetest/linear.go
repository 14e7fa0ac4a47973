package storetest

import (
	"fmt"
	"math/rand/v2"

	"shiken/exam"
	"shiken/store"
)

var linearTests = map[string]func(*world){
	"R5 R6 three tabs at once never skip a question":      tabsNeverSkip,
	"R5 copies of a move advance the cursor once":         copiesAdvanceOnce,
	"R5 twenty clicks on Next leave no question unseen":   clicksLeaveNothingUnseen,
	"R5 a question that was left is closed to every page": leftIsClosed,
}

// advances wants a journal whose cursor goes forward by one each time and never beyond n + 1, and
// returns the answers of record when each question was left.
func (s *sitting) advances(n int) {
	s.Helper()
	cursor := 0
	answered := map[int]bool{}
	for _, r := range s.stored().Records {
		f := &r.Entry.Effect
		if f.Response != nil && f.Response.Answer {
			answered[f.Response.Position] = !r.Payload.Answer.IsZero()
		}
		if f.Cursor == 0 {
			continue
		}
		if f.Cursor != cursor+1 || f.Cursor > n+1 {
			s.Errorf("entry %d moves the cursor from %d to %d of %d", r.Entry.Seq, cursor, f.Cursor, n)
		}
		if cursor > 0 && !answered[cursor] {
			s.Errorf("question %d was left unanswered, without skip", cursor)
		}
		cursor = f.Cursor
	}
	if got := s.load().Attempt.Cursor; got != cursor {
		s.Errorf("cursor %d, the journal led to %d", got, cursor)
	}
}

// tabsNeverSkip: between the stale forms each tab moves on honestly as often as there are
// questions. Whenever it does, the cursor it read is left behind, by itself or by another tab; so
// in the end everything was passed.
func tabsNeverSkip(w *world) {
	const n, tabs, stale = 10, 3, 6
	s := w.sit(w.newExam(n, linear))
	together(w, tabs, func(tab int) (int, error) {
		rng := rand.New(rand.NewPCG(uint64(tab), 5))
		for range n {
			for range stale {
				if err := s.staleMove(rng, n); err != nil {
					return 0, err
				}
			}
			if err := s.moveOn(n); err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	s.advances(n)
	if got := s.load().Attempt.Cursor; got != n+1 {
		w.Errorf("cursor %d after every tab moved on %d times, want %d", got, n, n+1)
	}
	s.sound()
}

// staleMove moves on from anything a tab may show, from the first question to one that does not
// exist, with or without an answer, once or twice.
func (s *sitting) staleMove(rng *rand.Rand, n int) error {
	position := 1 + rng.IntN(n+1)
	c := s.command(exam.Move, position, int64(rng.IntN(2)), "")
	if rng.IntN(4) > 0 {
		c.Answer = exam.TextAnswer("from a stale form")
	}
	c.Target = position + 1
	for range 1 + rng.IntN(2) {
		if _, _, err := s.do(c); err != nil {
			return err
		}
	}
	return nil
}

// moveOn answers the question at the cursor and leaves it.
func (s *sitting) moveOn(n int) error {
	snap, err := s.LoadAttempt(s.ctx, store.AttemptQuery{Attempt: s.id, All: true})
	if err != nil || snap.Attempt.Cursor > n {
		return err
	}
	position := snap.Attempt.Cursor
	c := s.command(exam.Move, position, snap.Attempt.Response(position).Rev, "answered")
	c.Target = position + 1
	_, _, err = s.do(c)
	return err
}

func copiesAdvanceOnce(w *world) {
	s := w.sit(w.newExam(5, linear))
	c := s.command(exam.Move, 1, 0, "answer")
	c.Target = 2
	outcomes := together(w, 20, func(int) (exam.Outcome, error) {
		_, o, err := s.do(c)
		return o, err
	})
	if n := tally(outcomes); n[exam.Applied] != 1 || n[exam.Replayed] != 19 {
		w.Errorf("results %v", n)
	}
	s.advances(5)
	s.sound()
}

// clicksLeaveNothingUnseen: clicks that land on the next page carry no answer.
func clicksLeaveNothingUnseen(w *world) {
	const n = 5
	s := w.sit(w.newExam(n, linear))
	together(w, 20, func(i int) (exam.Outcome, error) {
		c := s.command(exam.Move, 1+i%n, 0, "")
		c.Target = c.Position + 1
		_, o, err := s.do(c)
		return o, err
	})
	if got := s.load().Attempt.Cursor; got != 1 {
		w.Errorf("cursor %d after clicks without an answer", got)
	}
	s.sound()
}

func leftIsClosed(w *world) {
	s := w.sit(w.newExam(3, linear))
	c := s.command(exam.Move, 1, 0, "kept")
	c.Target = 2
	s.wants(c, exam.Applied)
	outcomes := together(w, 10, func(i int) (exam.Outcome, error) {
		_, o, err := s.do(s.command(exam.Save, 1, 1, fmt.Sprint("changed ", i)))
		return o, err
	})
	for _, o := range outcomes {
		if o.Reason != exam.ClosedQuestion {
			w.Errorf("%s %s, want %s", o.Result, o.Reason, exam.ClosedQuestion)
		}
	}
	a := s.load().Attempt
	if a.Response(1).Answer.Text != "kept" || a.Rejections != 10 {
		w.Errorf("answer %q, %d rejections", a.Response(1).Answer.Text, a.Rejections)
	}
	s.sound()
}
