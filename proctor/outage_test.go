package proctor_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"shiken/devtools/simulate/memory"
	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// now is the clock of a simulated database.
func now() exam.Instant { return exam.Instant(time.Now().UnixMicro()) }

// inTime runs a test on simulated time. Attempts of its desk last for one minute, with 10 s of grace.
func inTime(t *testing.T, test func(*testing.T, *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := deskOn(t, memory.New(now))
		d.rules.Rules.TimeLimit = exam.Minute
		d.define()
		test(t, d)
	})
}

// serves lets an instance do its work for a time.
func (d *desk) serves(span time.Duration) {
	ctx, stop := context.WithTimeout(context.Background(), span)
	defer stop()
	proctorOf(d.store).Run(ctx)
}

// extensions are the entries by which the server extended an attempt.
func (d *desk) extensions(attempt string) []exam.Entry {
	d.t.Helper()
	var out []exam.Entry
	for _, r := range d.stored(attempt).Records {
		if r.Entry.Kind == exam.Extend && r.Entry.Actor == string(exam.Server) {
			out = append(out, r.Entry)
		}
	}
	return out
}

func (d *desk) unsettled() []store.Outage {
	d.t.Helper()
	p, err := d.store.Pulse(context.Background())
	must(d.t, err)
	return p.Unsettled
}

// sends gives a candidate's save to an attempt, as a request does that arrives now.
func (d *desk) sends(p *proctor.Proctor, attempt string) (exam.Outcome, error) {
	c := byCandidate(exam.Save)
	c.ID, c.Salt = uuid.NewString(), proctor.NewSalt()
	c.Position, c.Page, c.Seq, c.Rev = 1, uuid.NewString(), 1, 99
	arrived := exam.Instant(0)
	q := store.AttemptQuery{Attempt: attempt, Command: c.ID, Position: 1}
	_, o, err := p.Give(context.Background(), q, func(s *store.Snapshot) (exam.Command, exam.Instant, error) {
		if arrived == 0 {
			arrived = s.Now
		}
		c.Actor.ID = s.Attempt.Candidate
		c.Answer = exam.OneChoice(s.Paper.Item(1).Choices[0].Value)
		return c, arrived, nil
	})
	return o, err
}

// R9: whose deadline or grace an outage met has until a minute after its end; others have what they
// had. Nobody has it twice.
func TestAnOutageGivesBackTheEnd(t *testing.T) {
	inTime(t, func(t *testing.T, d *desk) {
		d.serves(10 * time.Second)
		last := now()
		ends := map[string]exam.Micros{} // deadline after the last beat but for the second at most between
		for _, end := range []exam.Micros{-12, -8, 2, 30, 298, 305, 400} {
			ends[d.sitting(exam.Minute-end*exam.Second)] = end
		}
		time.Sleep(5 * time.Minute)
		back := now()
		d.serves(30 * time.Second)
		if left := d.unsettled(); len(left) > 0 {
			t.Errorf("not settled: %+v", left)
		}
		for attempt, end := range ends {
			a, given := d.stored(attempt), d.extensions(attempt)
			if end < -10 || end > 300 {
				if len(given) > 0 {
					t.Errorf("a deadline %d s after the last beat was moved: %+v", end, given)
				}
				continue
			}
			if want := back.Add(exam.AfterOutage); len(given) != 1 || a.Deadline < want || a.Deadline > want.Add(exam.Second) {
				t.Errorf("a deadline %d s after the last beat: %d extensions, it is %d s after the outage",
					end, len(given), a.Deadline.Sub(back)/exam.Second)
			}
			if a.Attempt.Status != exam.InProgress {
				t.Errorf("a deadline %d s after the last beat: %s", end, a.Attempt.Status)
			}
		}
		d.serves(2 * time.Minute)
		for attempt, end := range ends {
			if s := d.stored(attempt).Attempt.Status; s != exam.Expired && end < 300 {
				t.Errorf("a deadline %d s after the last beat at %d: %s at last", end, last, s)
			}
		}
	})
}

// R9: the first requests after an outage come before any round, and are all in time.
func TestNothingIsRefusedBeforeAnOutageIsSettled(t *testing.T) {
	inTime(t, func(t *testing.T, d *desk) {
		d.serves(3 * time.Second)
		var attempts []string
		for range 4 {
			attempts = append(attempts, d.sitting(50*exam.Second))
		}
		time.Sleep(2 * time.Minute)
		var all sync.WaitGroup
		for _, attempt := range attempts {
			for range 6 {
				all.Go(func() {
					if o, err := d.sends(proctorOf(d.store), attempt); err != nil || o.Reason == exam.TimeIsUp {
						t.Errorf("%s %s, %v", o.Result, o.Reason, err)
					}
				})
			}
			all.Go(func() { must(t, proctorOf(d.store).Expire(context.Background(), attempt)) })
			all.Go(func() { must(t, proctorOf(d.store).Round(context.Background())) })
		}
		all.Wait()
		for _, attempt := range attempts {
			if n, a := len(d.extensions(attempt)), d.stored(attempt).Attempt; n != 1 || a.Status != exam.InProgress {
				t.Errorf("%d extensions, %s", n, a.Status)
			}
		}
		d.serves(2 * time.Minute)
		for _, attempt := range attempts {
			if o, err := d.sends(d.proctor, attempt); err != nil || o.Reason != exam.Finished {
				t.Errorf("when all is over: %s %s, %v", o.Result, o.Reason, err)
			}
		}
	})
}

// R9: without an outage an answer after the grace is late, and asking the heartbeat changes nothing.
func TestLateIsLateWithoutAnOutage(t *testing.T) {
	inTime(t, func(t *testing.T, d *desk) {
		d.serves(3 * time.Second)
		attempt := d.sitting(exam.Minute + 11*exam.Second)
		if o, err := d.sends(d.proctor, attempt); err != nil || o.Reason != exam.TimeIsUp || o.Rejection == nil {
			t.Errorf("%s %s, %v", o.Result, o.Reason, err)
		}
		if a := d.stored(attempt); a.Attempt.Head.Seq != 1 || len(a.Rejections) != 1 {
			t.Errorf("%d entries, %d rejections", a.Attempt.Head.Seq, len(a.Rejections))
		}
	})
}

// Two outages in a row: the second one takes the minute that was given after the first.
func TestAnOutageAfterAnOutage(t *testing.T) {
	inTime(t, func(t *testing.T, d *desk) {
		must(t, d.store.Beat(t.Context()))
		attempt := d.sitting(30 * exam.Second)
		for range 2 {
			time.Sleep(80 * time.Second)
			must(t, d.store.Beat(t.Context()))
		}
		must(t, d.proctor.Round(t.Context()))
		a := d.stored(attempt)
		if n := len(d.extensions(attempt)); n != 2 || a.Deadline != now().Add(exam.AfterOutage) {
			t.Errorf("%d extensions, the deadline is %d s from now", n, a.Deadline.Sub(now())/exam.Second)
		}
	})
}

// freezing is the store of an instance that is stopped before its n-th call, whole, for a time.
type freezing struct {
	store.Store
	mu    sync.Mutex
	calls int
	at    int
	until time.Time
}

const frozenFor = 5 * time.Minute

func (s *freezing) wait() {
	s.mu.Lock()
	if s.calls++; s.calls == s.at {
		s.until = time.Now().Add(frozenFor)
	}
	until := s.until
	s.mu.Unlock()
	time.Sleep(time.Until(until))
}

func (s *freezing) Beat(ctx context.Context) error {
	s.wait()
	return s.Store.Beat(context.WithoutCancel(ctx))
}

func (s *freezing) Pulse(ctx context.Context) (store.Pulse, error) {
	s.wait()
	return s.Store.Pulse(ctx)
}

func (s *freezing) Due(ctx context.Context, limit int) ([]string, error) {
	s.wait()
	return s.Store.Due(ctx, limit)
}

func (s *freezing) Struck(ctx context.Context, g exam.Gap, after string, limit int) ([]string, error) {
	s.wait()
	return s.Store.Struck(ctx, g, after, limit)
}

func (s *freezing) Settle(ctx context.Context, outage string) error {
	s.wait()
	return s.Store.Settle(ctx, outage)
}

func (s *freezing) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	s.wait()
	snap, err := s.Store.LoadAttempt(ctx, q)
	s.wait()
	return snap, err
}

func (s *freezing) Commit(ctx context.Context, was *store.Snapshot, next exam.Attempt, o exam.Outcome) error {
	s.wait()
	return s.Store.Commit(ctx, was, next, o)
}

// R9: an instance that is stopped at any moment, between any two of its statements, expires nobody
// whose end its sleep took. With other instances awake there was no outage, and it gives nobody more.
func TestAFrozenInstance(t *testing.T) {
	for _, alone := range []bool{true, false} {
		t.Run(fmt.Sprintf("alone %t", alone), func(t *testing.T) {
			frozen := 0
			for at := 1; at < 240; at += 5 {
				inTime(t, func(t *testing.T, d *desk) {
					s := &freezing{Store: d.store, at: at}
					d.frozenSitting(t, s, alone)
					if !s.until.IsZero() {
						frozen++
					}
				})
			}
			if frozen < 40 {
				t.Errorf("only %d instances were frozen", frozen)
			}
		})
	}
}

// frozenSitting has attempts end in each second while the instance is stopped for minutes, and judges
// each by the beats that were heard.
func (d *desk) frozenSitting(t *testing.T, s *freezing, alone bool) {
	var attempts []string
	for end := range 20 {
		attempts = append(attempts, d.sitting(exam.Minute-exam.Micros(end-10)*exam.Second))
	}
	heard := &listening{Store: s.Store}
	s.Store = heard
	ctx, stop := context.WithTimeout(t.Context(), frozenFor+30*time.Second)
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { proctorOf(s).Run(ctx) })
	if !alone {
		all.Go(func() { proctorOf(heard).Run(ctx) })
	}
	all.Wait()
	for _, attempt := range attempts {
		a := d.stored(attempt)
		start := a.Records[0].Entry.Arrived
		end := start.Add(exam.Minute)
		silent := heard.silent(end, end.Add(10*exam.Second))
		for _, r := range a.Records[1:] {
			if r.Entry.Kind == exam.Extend {
				if !silent {
					t.Errorf("frozen at %d: extended without an outage", s.at)
				}
				silent = false
			}
			if r.Entry.Kind == exam.Expire && silent {
				t.Errorf("frozen at %d: expired, although an outage took its end", s.at)
			}
		}
	}
}

// listening hears every beat.
type listening struct {
	store.Store
	mu    sync.Mutex
	beats []exam.Instant
}

func (s *listening) Beat(ctx context.Context) error {
	s.mu.Lock()
	s.beats = append(s.beats, now())
	s.mu.Unlock()
	return s.Store.Beat(ctx)
}

// silent reports whether an outage met a time.
func (s *listening) silent(from, to exam.Instant) bool {
	for i := 1; i < len(s.beats); i++ {
		before, after := s.beats[i-1], s.beats[i]
		if after.Sub(before) > store.MaxSilence && before <= to && after >= from {
			return true
		}
	}
	return false
}

// dying is the store of an instance that dies of a commit.
type dying struct {
	store.Store
	left int
}

var errDead = errors.New("dead")

func (s *dying) Commit(ctx context.Context, was *store.Snapshot, next exam.Attempt, o exam.Outcome) error {
	if s.left--; s.left < 0 {
		return errDead
	}
	return s.Store.Commit(ctx, was, next, o)
}

// Settling goes on where an instance died, batch after batch, and extends everybody once.
func TestSettlingGoesOnAfterACrash(t *testing.T) {
	inTime(t, func(t *testing.T, d *desk) {
		must(t, d.store.Beat(t.Context()))
		const many = 450
		for range many {
			d.sitting(30 * exam.Second)
		}
		time.Sleep(2 * time.Minute)
		must(t, d.store.Beat(t.Context()))
		for _, left := range []int{0, 10, 300} {
			if err := proctorOf(&dying{d.store, left}).Round(t.Context()); !errors.Is(err, errDead) {
				t.Fatalf("error %v", err)
			}
			if n := len(d.unsettled()); n != 1 {
				t.Fatalf("%d unsettled outages", n)
			}
		}
		must(t, d.proctor.Round(t.Context()))
		if left := d.unsettled(); len(left) > 0 {
			t.Errorf("not settled: %+v", left)
		}
		extended := 0
		must(t, d.store.EachAttempt(t.Context(), func(a store.StoredAttempt) error {
			if a.Attempt.Head.Seq == 2 && a.Records[1].Entry.Kind == exam.Extend {
				extended++
			}
			return nil
		}))
		if extended != many {
			t.Errorf("%d of %d were extended once and nothing else", extended, many)
		}
	})
}

// Time that went back on the clock of the database closes nobody and refuses nobody: it is asked again
// later.
func TestAClockThatGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		back := exam.Micros(0)
		d := deskOn(t, memory.New(func() exam.Instant { return now().Add(-back) }))
		attempt := d.sitting(whole)
		snap, err := d.store.LoadAttempt(t.Context(), store.AttemptQuery{Attempt: attempt})
		must(t, err)
		back = exam.Minute
		if err := d.proctor.MakeSure(t.Context(), &snap); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("error %v", err)
		}
	})
}

func TestExtensionIDs(t *testing.T) {
	a, b := uuid.NewString(), uuid.NewString()
	one, err := proctor.ExtensionID(a, b)
	must(t, err)
	again, err := proctor.ExtensionID(a, b)
	must(t, err)
	other, err := proctor.ExtensionID(b, a)
	must(t, err)
	if one != again || one == other || one == a {
		t.Errorf("ids %s, %s, %s", one, again, other)
	}
	if _, err := proctor.ExtensionID("outage", a); err == nil {
		t.Error("an outage without an id")
	}
}
