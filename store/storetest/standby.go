package storetest

import (
	"context"
	"testing"
	"time"

	"shiken/exam"
	"shiken/store"
)

// brief is how long somebody waits for a commit that cannot be acknowledged.
const brief = 300 * time.Millisecond

// RunStandby proves R1 where commits have to wait for a standby: leave lets it go, after which no
// commit is acknowledged, and comeBack ends that. What was committed meanwhile can be read, so that
// the same command, sent again, finds that it took effect; but it must not be told so.
func RunStandby(t *testing.T, b Backend, leave, comeBack func()) {
	t.Helper()
	w := newWorld(t, b)
	s := w.sit(w.newExam(2))
	c := s.command(exam.Save, 1, 0, "not on the standby")
	u := w.newUser()
	one, other := w.newSignIn(u.ID), w.newSignIn(u.ID)
	leave()
	for _, what := range []string{"a new answer", "the same, sent again"} {
		if _, o, err := s.impatient().do(c); err == nil {
			t.Errorf("%s is %s while no standby has it", what, o.Result)
		}
		s.awaitSeen(1)
	}
	s.unacknowledged("a sign-out", one.ID, func(ctx context.Context) error { return s.RevokeSignIn(ctx, one.ID) })
	s.unacknowledged("signing out everywhere", other.ID, func(ctx context.Context) error { return s.RevokeAll(ctx, u.ID) })
	comeBack()
	w.must(w.RevokeSignIn(w.ctx, one.ID))
	s.wants(c, exam.Replayed)
	s.sound()
}

// unacknowledged wants the end of a sign-in to be left without an answer, until it can be seen and after.
func (s *sitting) unacknowledged(what, signIn string, write func(context.Context) error) {
	s.Helper()
	end := time.Now().Add(20 * time.Second)
	for seen := false; ; {
		ctx, cancel := context.WithTimeout(s.ctx, brief)
		err := write(ctx)
		cancel()
		switch {
		case err == nil:
			s.Errorf("%s is acknowledged while no standby has it", what)
			return
		case seen:
			return
		case time.Now().After(end):
			s.Fatalf("%s never showed: the test met nothing", what)
		}
		v, _, err := s.Viewer(s.ctx, signIn)
		s.must(err)
		seen = v.SignIn.Revoked != 0
	}
}

// impatient is the same sitting by somebody who waits for a brief time.
func (s *sitting) impatient() *sitting {
	other := s.on(s.Store)
	ctx, cancel := context.WithTimeout(s.ctx, brief)
	s.Cleanup(cancel)
	other.ctx = ctx
	return other
}

// awaitSeen waits until the answer at a position can be read.
func (s *sitting) awaitSeen(position int) {
	s.Helper()
	end := time.Now().Add(20 * time.Second)
	for {
		snap, err := s.LoadAttempt(s.ctx, store.AttemptQuery{Attempt: s.id, Position: position})
		s.must(err)
		if snap.Attempt.Responses[position].Rev > 0 {
			return
		}
		if time.Now().After(end) {
			s.Fatal("the interrupted commit never showed: the test met nothing")
		}
	}
}
