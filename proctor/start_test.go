package proctor_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

func (d *desk) start(u store.User, command string, seen int) proctor.Started {
	d.t.Helper()
	s, err := d.proctor.Start(context.Background(), proctor.StartRequest{
		Exam: "test", User: u.ID, Command: command, Seen: seen,
	})
	must(d.t, err)
	return s
}

// R10: a start leads to the open attempt, to what it began before, or to a newer one than its form
// had seen; only else does it begin one.
func TestStartLeadsToTheAttemptThatIsMeant(t *testing.T) {
	d := newDesk(t)
	u := d.user()
	first := uuid.NewString()
	a := d.start(u, first, 0)
	if a.Reason != "" || a.Position != 1 || a.Attempt == "" {
		t.Fatalf("started %+v", a)
	}
	d.answer(a.Attempt, 1, "b")
	if again := d.start(u, uuid.NewString(), 0); again.Attempt != a.Attempt {
		t.Error("a second attempt was begun beside an open one")
	}
	d.give(a.Attempt, byCandidate(exam.Submit))
	for _, command := range []string{first, uuid.NewString()} {
		if late := d.start(u, command, 0); late.Attempt != a.Attempt {
			t.Error("a start that is sent again, or delayed, began another attempt")
		}
	}
	if second := d.start(u, uuid.NewString(), 1); second.Attempt == a.Attempt || second.Reason != "" {
		t.Errorf("started %+v", second)
	}
}

func TestSimultaneousStartsBeginOne(t *testing.T) {
	d := newDesk(t)
	u := d.user()
	var led sync.Map
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			s, err := d.proctor.Start(context.Background(), proctor.StartRequest{Exam: "test", User: u.ID, Command: uuid.NewString()})
			if err != nil {
				t.Error(err)
			}
			led.Store(s.Attempt, true)
		})
	}
	all.Wait()
	n := 0
	led.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("led to %d attempts", n)
	}
}

// R2, R10: a start that led to an open attempt begins none when it comes again after the close.
func TestStartThatLedBeginsNothing(t *testing.T) {
	d := newDesk(t)
	u := d.user()
	a := d.start(u, uuid.NewString(), 0)
	command := uuid.NewString()
	if led := d.start(u, command, 1); led.Attempt != a.Attempt {
		t.Fatalf("started %+v", led)
	}
	d.give(a.Attempt, byCandidate(exam.Submit))
	if late := d.start(u, command, 1); late.Attempt != a.Attempt || late.Reason != "" {
		t.Errorf("a copy led to %+v, the first to %s", late, a.Attempt)
	}
	if next := d.start(u, uuid.NewString(), 1); next.Attempt == a.Attempt {
		t.Error("another start began none")
	}
}

// R2: a start that was refused stays refused, whatever is allowed later.
func TestRefusedStartStaysRefused(t *testing.T) {
	d := newDesk(t)
	u := d.user()
	d.rules.Rules.Window.Open = 1 << 52
	d.define()
	command := uuid.NewString()
	if s := d.start(u, command, 0); s.Reason != exam.NotOpen {
		t.Fatalf("reason %q", s.Reason)
	}
	d.rules.Rules.Window.Open = 0
	d.define()
	if s := d.start(u, command, 0); s.Reason != exam.NotOpen {
		t.Errorf("reason %q", s.Reason)
	}
	if s := d.start(u, uuid.NewString(), 0); s.Reason != "" {
		t.Errorf("a new start is refused: %q", s.Reason)
	}
}

// R8: what counts is when the start arrived, not when the instance got round to it.
func TestStartIsJudgedAtItsArrival(t *testing.T) {
	d := newDesk(t)
	state, err := d.store.LoadStart(context.Background(), "test", d.user().ID)
	must(t, err)
	d.rules.Rules.Window.LastStart = state.Now.Add(-exam.Second)
	d.define()
	if s := d.start(d.user(), uuid.NewString(), 0); s.Reason != exam.NotOpen {
		t.Errorf("late: %q", s.Reason)
	}
	held := proctor.StartRequest{Exam: "test", User: d.user().ID, Command: uuid.NewString(), Held: exam.W}
	s, err := d.proctor.Start(context.Background(), held)
	must(t, err)
	if s.Reason != "" {
		t.Errorf("in time, but held: %q", s.Reason)
	}
}

// overtaken is a store in which somebody else is quicker some times, and time goes on meanwhile.
type overtaken struct {
	proctor.Store
	times int
	late  exam.Micros
	read  int
	each  func() // unless nil, called each time
}

func (o *overtaken) LoadStart(ctx context.Context, slug, user string) (store.StartState, error) {
	state, err := o.Store.LoadStart(ctx, slug, user)
	state.Now = state.Now.Add(exam.Micros(o.read) * o.late)
	o.read++
	return state, err
}

func (o *overtaken) Create(ctx context.Context, a store.NewAttempt) error {
	if o.times--; o.times >= 0 {
		if o.each != nil {
			o.each()
		}
		return store.ErrMoved
	}
	return o.Store.Create(ctx, a)
}

// R8: a start that others overtook is judged, and its time runs, from its first arrival.
func TestOvertakenStartKeepsItsArrival(t *testing.T) {
	d := newDesk(t)
	u := d.user()
	state, err := d.store.LoadStart(context.Background(), "test", u.ID)
	must(t, err)
	d.rules.Rules.Window.LastStart = state.Now.Add(exam.Minute)
	d.define()
	s := &overtaken{Store: d.store, times: 3, late: exam.Minute}
	done, err := proctorOf(s).Start(context.Background(), proctor.StartRequest{Exam: "test", User: u.ID, Command: uuid.NewString()})
	must(t, err)
	if done.Reason != "" || s.read != 4 {
		t.Fatalf("reason %q after %d readings; want a start after 4", done.Reason, s.read)
	}
	if began := d.stored(done.Attempt).Attempt.Started; began > state.Now.Add(exam.Minute) {
		t.Errorf("begun %d µs after its arrival", began-state.Now)
	}
}

// A start that is always overtaken ends with its request.
func TestOvertakenStartEndsWithItsRequest(t *testing.T) {
	d := newDesk(t)
	ctx, cancel := context.WithCancel(context.Background())
	s := &overtaken{Store: d.store, times: 1 << 30, each: cancel}
	_, err := proctorOf(s).Start(ctx, proctor.StartRequest{Exam: "test", User: d.user().ID, Command: uuid.NewString()})
	if !errors.Is(err, context.Canceled) || s.read != 1 {
		t.Errorf("error %v after %d readings", err, s.read)
	}
}

// An exam that the user may not know of is not found, until an attempt of it was begun.
func TestStartOfAnExamThatIsNotKnown(t *testing.T) {
	d := newDesk(t)
	member, other := d.user("2026-spring"), d.user("elsewhere")
	d.rules.OpenTo = []string{"2026-spring"}
	d.define()
	a := d.start(member, uuid.NewString(), 0)
	for _, q := range []proctor.StartRequest{{Exam: "test", User: other.ID}, {Exam: "none", User: member.ID}, {Exam: "test", User: uuid.NewString()}} {
		q.Command = uuid.NewString()
		if _, err := d.proctor.Start(context.Background(), q); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	d.rules.Published = false
	d.define()
	if s := d.start(member, uuid.NewString(), 0); s.Attempt != a.Attempt {
		t.Error("who began an attempt does not find it any more")
	}
	if _, err := d.proctor.Start(context.Background(), proctor.StartRequest{
		Exam: "test", User: d.user("2026-spring").ID, Command: uuid.NewString(),
	}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a draft can be started: %v", err)
	}
}

// The paper carries the candidate's extra time (R16), and no two papers share their seed.
func TestStartDrawsThePaper(t *testing.T) {
	d := newDesk(t)
	u := d.user()
	u.ExtraPercent = 50
	must(t, d.store.UpdateUser(context.Background(), u))
	one, other := d.stored(d.start(u, uuid.NewString(), 0).Attempt), d.stored(d.start(d.user(), uuid.NewString(), 0).Attempt)
	if one.Paper.Rules.ExtraPercent != 50 || one.Deadline.Sub(one.Attempt.Started) != 45*exam.Minute {
		t.Errorf("extra %d, time %d", one.Paper.Rules.ExtraPercent, one.Deadline.Sub(one.Attempt.Started))
	}
	if one.Paper.Seed == other.Paper.Seed {
		t.Error("two papers have one seed")
	}
}

// Drawing more questions than there are is an error, and nothing is begun.
func TestStartOfAnExamThatCannotBeDrawn(t *testing.T) {
	d := newDesk(t)
	u := d.user()
	d.rules.Sections[0].Draw = 4
	d.define()
	_, err := d.proctor.Start(context.Background(), proctor.StartRequest{Exam: "test", User: u.ID, Command: uuid.NewString()})
	if !errors.Is(err, exam.ErrDefinition) {
		t.Errorf("error %v", err)
	}
	if list, _, err := d.store.OfCandidate(context.Background(), u.ID); err != nil || len(list) != 0 {
		t.Errorf("%d attempts, %v", len(list), err)
	}
}
