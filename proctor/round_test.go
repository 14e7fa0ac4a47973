package proctor_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shiken/devtools/simulate/memory"
	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// whole is limit + grace + W of the exam: the time after which the server closes (R9).
const whole = 30*exam.Minute + 10*exam.Second + exam.W

// R9: the server closes at deadline + grace + W and not before.
func TestExpireOnlyWhenAllTimeIsOver(t *testing.T) {
	d := newDesk(t)
	for _, ago := range []exam.Micros{0, 30*exam.Minute + exam.Second, 30*exam.Minute + 11*exam.Second, whole - 2*exam.Second} {
		attempt := d.sitting(ago)
		must(t, d.proctor.Expire(t.Context(), attempt))
		must(t, d.proctor.Round(t.Context()))
		if a := d.stored(attempt).Attempt; a.Status != exam.InProgress || a.Head.Seq != 1 || a.Rejections != 0 {
			t.Errorf("after %d s: %s, %d entries, %d rejections", ago/exam.Second, a.Status, a.Head.Seq, a.Rejections)
		}
	}
	attempt := d.sitting(whole)
	must(t, d.proctor.Expire(t.Context(), attempt))
	a := d.stored(attempt).Attempt
	if a.Status != exam.Expired || a.Marking != exam.MarkingPending || a.Stopped != a.Started.Add(30*exam.Minute) {
		t.Errorf("expired: %+v", a)
	}
}

func TestExpireLeavesExtendedAndPausedAttempts(t *testing.T) {
	d := newDesk(t)
	extended, paused := d.sitting(whole), d.sitting(whole)
	more := byAdmin(exam.Extend)
	more.Amount = exam.Minute
	d.give(extended, more)
	d.give(paused, byAdmin(exam.Pause))
	must(t, d.proctor.Round(t.Context()))
	for _, attempt := range []string{extended, paused} {
		if s := d.stored(attempt).Attempt.Status; !s.Open() {
			t.Errorf("status %s", s)
		}
	}
}

// R13: closing is committed before marking; what a crash left unmarked is marked by the next round.
func TestMarkingIsMadeUpForAfterACrash(t *testing.T) {
	d := newDesk(t)
	attempt := d.sitting(0)
	d.answer(attempt, 1, "b")
	d.answer(attempt, 2, "a")
	d.give(attempt, byCandidate(exam.Submit))
	if a := d.stored(attempt).Attempt; a.Status != exam.Submitted || a.Marking != exam.MarkingPending || a.Score != nil {
		t.Fatalf("closed: %+v", a)
	}
	must(t, d.proctor.Round(t.Context()))
	a := d.stored(attempt).Attempt
	if a.Marking != exam.MarkingDone || a.Score.Total != exam.FullCredit || a.Score.Max != 3*exam.FullCredit {
		t.Fatalf("marked: %+v %+v", a.Marking, a.Score)
	}
	for _, revision := range a.Score.Revisions {
		if revision != 1 {
			t.Errorf("key revisions %v", a.Score.Revisions)
		}
	}
	must(t, d.proctor.Mark(t.Context(), attempt))
	must(t, d.proctor.Round(t.Context()))
	if n := d.entries(attempt, exam.Grade); n != 1 {
		t.Errorf("%d grade entries", n)
	}
	d.give(attempt, byAdmin(exam.Regrade))
	must(t, d.proctor.Round(t.Context()))
	if n := d.entries(attempt, exam.Grade); n != 2 {
		t.Errorf("%d grade entries after a regrade", n)
	}
}

func TestMarkLeavesOpenAttempts(t *testing.T) {
	d := newDesk(t)
	attempt := d.sitting(0)
	must(t, d.proctor.Mark(t.Context(), attempt))
	if a := d.stored(attempt).Attempt; a.Score != nil || a.Head.Seq != 1 || a.Rejections != 0 {
		t.Errorf("marked: %+v", a)
	}
	if err := d.proctor.Mark(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown attempt: %v", err)
	}
}

// Two proctors at once: one expire entry and one grade entry for each attempt (R2, R7).
func TestTwoProctorsAtOnce(t *testing.T) {
	d := newDesk(t)
	var attempts []string
	for range 10 {
		attempts = append(attempts, d.sitting(whole+exam.Second))
	}
	var all sync.WaitGroup
	for range 4 {
		p := proctorOf(d.store)
		all.Go(func() {
			if err := p.Round(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, d.proctor.Round(t.Context()))
	for _, attempt := range attempts {
		if e, g := d.entries(attempt, exam.Expire), d.entries(attempt, exam.Grade); e != 1 || g != 1 {
			t.Errorf("%d expire entries, %d grade entries", e, g)
		}
		if a := d.stored(attempt).Attempt; a.Status != exam.Expired || a.Marking != exam.MarkingDone {
			t.Errorf("%s, %s", a.Status, a.Marking)
		}
	}
}

// scripted is a store whose lists and failures are set.
type scripted struct {
	proctor.Store
	due    func() ([]string, error)
	broken string // the attempt that cannot be read
	loads  []string
}

func (s *scripted) Due(_ context.Context, limit int) ([]string, error) {
	ids, err := s.due()
	return ids[:min(limit, len(ids))], err
}

func (s *scripted) Unmarked(context.Context, int) ([]string, error) { return nil, nil }

func (s *scripted) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	s.loads = append(s.loads, q.Attempt)
	if q.Attempt == s.broken {
		return store.Snapshot{}, errors.New("broken")
	}
	return s.Store.LoadAttempt(ctx, q)
}

// A round goes on, batch after batch, until the list is empty.
func TestRoundClosesMoreThanABatch(t *testing.T) {
	d := deskOn(t, memory.New(now))
	const many = 205
	for range many {
		d.sitting(whole)
	}
	must(t, d.proctor.Round(t.Context()))
	closed := 0
	must(t, d.store.EachAttempt(t.Context(), func(a store.StoredAttempt) error {
		if a.Attempt.Status == exam.Expired && a.Attempt.Marking == exam.MarkingDone {
			closed++
		}
		return nil
	}))
	if closed != many {
		t.Errorf("%d of %d closed and marked", closed, many)
	}
}

// One attempt that fails does not keep the others waiting.
func TestRoundGoesOnBehindAFailure(t *testing.T) {
	d := newDesk(t)
	bad, good := d.sitting(whole), d.sitting(whole)
	s := &scripted{Store: d.store, broken: bad, due: func() ([]string, error) { return []string{bad, good}, nil }}
	if err := proctorOf(s).Round(t.Context()); err == nil || !strings.Contains(err.Error(), bad) {
		t.Errorf("error %v", err)
	}
	if status := d.stored(good).Attempt.Status; status != exam.Expired {
		t.Errorf("status %s", status)
	}
}

// A list that never gets shorter does not keep a round for ever.
func TestRoundEndsWhenNothingMoves(t *testing.T) {
	d := newDesk(t)
	running := d.sitting(0)
	list := make([]string, 500)
	for i := range list {
		list[i] = running
	}
	s := &scripted{Store: d.store, due: func() ([]string, error) { return list, nil }}
	must(t, proctorOf(s).Round(t.Context()))
	if len(s.loads) > 400 {
		t.Errorf("%d reads", len(s.loads))
	}
}

// ticking counts rounds.
type ticking struct {
	calm
	at []time.Time
}

func (s *ticking) Due(context.Context, int) ([]string, error) {
	s.at = append(s.at, time.Now())
	return nil, errors.New("down")
}

func (s *ticking) Unmarked(context.Context, int) ([]string, error) { return nil, nil }

// R9: what is due is looked at each second, failures or not, until the end.
func TestRunLooksEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		s := &ticking{}
		p := &proctor.Proctor{Store: s, Logger: slog.New(slog.NewTextHandler(&log, nil))}
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second+time.Second/2)
		defer stop()
		began := time.Now()
		p.Run(ctx)
		if len(s.at) != 10 || s.at[9].Sub(began) != 10*time.Second {
			t.Errorf("looked %d times: %v", len(s.at), s.at)
		}
		if n := strings.Count(log.String(), "down"); n != 10 {
			t.Errorf("%d failures logged", n)
		}
	})
}
