package board_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shiken/board"
	"shiken/exam"
	"shiken/store"
)

// database is what a board reads, in memory, and counts its statements.
type database struct {
	mu       sync.Mutex
	messages []store.Message
	jobs     []store.Job
	states   map[string]store.AttemptState
	revoked  map[string]bool
	broken   error
	count    map[string]int
}

func newDatabase(attempts ...string) *database {
	d := &database{states: map[string]store.AttemptState{}, revoked: map[string]bool{}, count: map[string]int{}}
	for _, a := range attempts {
		d.states[a] = store.AttemptState{Attempt: a, Status: exam.InProgress, Opening: 1, Deadline: 1, Version: 1}
	}
	return d
}

// ahead is how far the instance's clock is ahead of the database's.
const ahead = 48 * time.Hour

func clock() exam.Instant { return exam.Instant(time.Now().Add(-ahead).UnixMicro()) }

// statement counts one, in the lock.
func (d *database) statement(name string) error {
	d.count[name]++
	return d.broken
}

func (d *database) MessagesSince(_ context.Context, since exam.Instant) ([]store.Message, exam.Instant, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []store.Message
	for _, m := range d.messages {
		if m.Created >= since {
			out = append(out, m)
		}
	}
	return out, clock(), d.statement("messages")
}

func (d *database) RecentJobs(context.Context, store.JobKind, exam.Micros) ([]store.Job, exam.Instant, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.jobs), clock(), d.statement("jobs")
}

func (d *database) States(_ context.Context, attempts []string) ([]store.AttemptState, exam.Instant, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(attempts) > store.MaxSeatsOf {
		return nil, 0, fmt.Errorf("%d attempts asked for at once", len(attempts))
	}
	var out []store.AttemptState
	for _, a := range attempts {
		if s, ok := d.states[a]; ok {
			out = append(out, s)
		}
	}
	return out, clock(), d.statement("states")
}

func (d *database) LiveSignIns(_ context.Context, signIns []string) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(signIns), func(s string) bool { return d.revoked[s] }), d.statement("sign-ins")
}

// change alters the database.
func (d *database) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

func (d *database) counted(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count[name]
}

// become is a command's effect on an attempt.
func (d *database) become(attempt string, s exam.Status, deadline exam.Instant) {
	d.change(func() {
		was := d.states[attempt]
		d.states[attempt] = store.AttemptState{
			Attempt: attempt, Status: s, Opening: was.Opening, Deadline: deadline, Version: was.Version + 1,
		}
	})
}

// orderOf reads jobs whose arguments are "kind attempt attempt…".
func orderOf(j store.Job) (exam.Kind, []string, error) {
	words := strings.Fields(string(j.Args))
	if len(words) == 0 {
		return "", nil, errors.New("no arguments")
	}
	return exam.Kind(words[0]), words[1:], nil
}

// running is a board that has looked at its database once.
func running(t *testing.T, d *database) (*board.Board, *strings.Builder) {
	t.Helper()
	log := &strings.Builder{}
	b := board.New(d, orderOf, slog.New(slog.NewTextHandler(log, nil)))
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { b.Run(ctx) })
	t.Cleanup(func() { stop(); run.Wait() })
	synctest.Wait()
	return b, log
}

// second lets one look pass.
func second() {
	time.Sleep(time.Second)
	synctest.Wait()
}

// watch subscribes to an attempt of the exam "basics" as it is stored.
func watch(t *testing.T, b *board.Board, d *database, attempt, signIn string) *board.Subscription {
	t.Helper()
	d.mu.Lock()
	state := d.states[attempt]
	d.mu.Unlock()
	s, err := b.Subscribe(board.Watch{Exam: "basics", SignIn: signIn, Started: 1, State: state})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// told is the snapshot that waits.
func told(t *testing.T, s *board.Subscription) board.Snapshot {
	t.Helper()
	select {
	case snap, more := <-s.Updates():
		if !more {
			t.Fatal("it has ended")
		}
		return snap
	default:
		t.Fatal("nothing was told")
		return board.Snapshot{}
	}
}

func silent(t *testing.T, s *board.Subscription) {
	t.Helper()
	select {
	case snap, more := <-s.Updates():
		t.Fatalf("told %+v, %t", snap, more)
	default:
	}
}

// TestIdleCostsOneStatement: one a second, and one more to learn the database's clock.
func TestIdleCostsOneStatement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		running(t, d)
		for range 100 {
			second()
		}
		if got := fmt.Sprint(d.count); got != "map[messages:102]" {
			t.Errorf("statements %s", got)
		}
	})
}

func TestTenThousandIdlePagesCostFewStatements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pages = 10_000
		d := newDatabase()
		for i := range pages {
			d.states[fmt.Sprint(i)] = store.AttemptState{Attempt: fmt.Sprint(i), Status: exam.InProgress}
		}
		b, _ := running(t, d)
		all := make([]*board.Subscription, pages)
		for i := range all {
			all[i] = watch(t, b, d, fmt.Sprint(i), fmt.Sprint(i))
			told(t, all[i])
		}
		for range 30 {
			second()
		}
		// Each second 334 states are read again, 200 at once, and 667 sign-ins are asked for.
		if d.count["messages"] != 32 || d.count["jobs"] != 30 || d.count["states"] != 60 || d.count["sign-ins"] != 30 {
			t.Errorf("statements in 30 s: %v", d.count)
		}
		for _, s := range all {
			silent(t, s)
		}
	})
}

// ended fails the test unless nothing more can be told.
func ended(t *testing.T, s *board.Subscription) {
	t.Helper()
	select {
	case snap, more := <-s.Updates():
		if more {
			t.Fatalf("told %+v", snap)
		}
	default:
		t.Fatal("it has not ended")
	}
}

func TestSnapshotAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		d.messages = []store.Message{{ID: "1", Exam: "basics", Text: "hello", Created: clock()}}
		b, _ := running(t, d)
		s := watch(t, b, d, "a", "x")
		got := told(t, s)
		if got.Status != exam.InProgress || got.Opening != 1 || got.Deadline != 1 || got.Pausing || len(got.Messages) != 1 {
			t.Errorf("told %+v", got)
		}
		second()
		silent(t, s)
	})
}

// A pause is announced to the attempts that it names, done, and told as done.
func TestAnnouncedPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a", "b")
		b, _ := running(t, d)
		named, other := watch(t, b, d, "a", "x"), watch(t, b, d, "b", "y")
		told(t, named)
		told(t, other)
		job := store.Job{ID: "j", Args: []byte("pause a"), DueAt: clock().Add(3 * exam.Second)}
		d.change(func() { d.jobs = []store.Job{job} })
		second()
		if got := told(t, named); !got.Pausing || got.Status != exam.InProgress {
			t.Errorf("announced as %+v", got)
		}
		second()
		silent(t, named)
		late := watch(t, b, d, "a", "z")
		if got := told(t, late); !got.Pausing {
			t.Errorf("who comes later is told %+v", got)
		}
		if got := b.Look(board.Watch{State: store.AttemptState{Attempt: "a"}}); !got.Pausing {
			t.Errorf("who looks is told %+v", got)
		}
		d.become("a", exam.Paused, 1)
		job.Finished = clock()
		d.change(func() { d.jobs = []store.Job{job} })
		second()
		if got := told(t, named); got.Pausing || got.Status != exam.Paused {
			t.Errorf("done as %+v", got)
		}
		d.change(func() { d.jobs = nil })
		second()
		silent(t, named)
		silent(t, other)
	})
}

// Whom a pause did not reach is told that it is over, and not before that was read.
func TestPauseThatDoesNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		b, log := running(t, d)
		s := watch(t, b, d, "a", "x")
		told(t, s)
		d.change(func() { d.jobs = []store.Job{{ID: "j", Args: []byte("pause a"), DueAt: clock().Add(exam.Minute)}} })
		second()
		told(t, s)
		d.change(func() { d.jobs, d.broken = nil, errors.New("down") })
		for range 60 {
			second()
		}
		silent(t, s)
		if n := strings.Count(log.String(), "down"); n != 1 {
			t.Errorf("logged %d times: %s", n, log)
		}
		d.change(func() { d.broken = nil })
		second()
		if got := told(t, s); got.Pausing || got.Status != exam.InProgress {
			t.Errorf("told %+v", got)
		}
	})
}

// While a job runs its attempts are read each second, whichever instance does it.
func TestRunningJobIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a", "b")
		b, _ := running(t, d)
		s := watch(t, b, d, "a", "x")
		told(t, s)
		d.change(func() { d.jobs = []store.Job{{ID: "j", Args: []byte("extend a b"), DueAt: clock()}} })
		second()
		silent(t, s)
		d.become("a", exam.InProgress, 99)
		second()
		if got := told(t, s); got.Deadline != 99 || got.Pausing {
			t.Errorf("told %+v", got)
		}
	})
}

func TestLocalChangeIsToldWithTheNextLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a", "b")
		b, _ := running(t, d)
		s := watch(t, b, d, "a", "x")
		told(t, s)
		d.become("a", exam.Submitted, 1)
		before := d.counted("states")
		b.Changed("a", "b", "none")
		second()
		if got := told(t, s); got.Status != exam.Submitted {
			t.Errorf("told %+v", got)
		}
		second()
		if n := d.counted("states") - before; n > 1 {
			t.Errorf("read %d times", n)
		}
		ended(t, s)
	})
}

// What nobody announced is found within half a minute.
func TestUnannouncedChangeIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		d.become("a", exam.InProgress, 0) // untimed: its end is not waited for
		b, _ := running(t, d)
		s := watch(t, b, d, "a", "x")
		told(t, s)
		d.become("a", exam.Expired, 0)
		for range 30 {
			second()
		}
		if got := told(t, s); got.Status != exam.Expired {
			t.Errorf("told %+v", got)
		}
	})
}

// R10: a page is told within five seconds that its attempt was taken over by way of another instance, whichever
// turn it has.
func TestTakenOverElsewhereIsToldInFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := strings.Fields("a b c d e f g")
		d := newDatabase(attempts...)
		belongs := func(to func(attempt string) string, since exam.Instant) {
			d.change(func() {
				for id, s := range d.states {
					s.Deadline, s.Holder, s.HolderSince, s.Version = 0, to(id), since, s.Version+1
					d.states[id] = s
				}
			})
		}
		here := func(attempt string) string { return "the sign-in of " + attempt }
		there := func(string) string { return "another" }
		belongs(here, 5)
		b, _ := running(t, d)
		var pages []*board.Subscription
		for _, id := range attempts {
			page := watch(t, b, d, id, here(id))
			if told(t, page).Elsewhere {
				t.Errorf("%s is elsewhere at once", id)
			}
			pages = append(pages, page)
		}
		belongs(there, 9)
		for range 5 {
			second()
		}
		for _, page := range pages {
			if got := told(t, page); !got.Elsewhere || got.HolderSince != 9 {
				t.Errorf("told %+v", got)
			}
		}
		belongs(here, 12)
		for range 5 {
			second()
		}
		for _, page := range pages {
			if told(t, page).Elsewhere {
				t.Error("told that it is still elsewhere")
			}
		}
	})
}

// R9: whose time is over is looked at each second: the server closes the attempt, or gives it more.
func TestTheEndIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		end := clock().Add(3*exam.Second + exam.Second/2)
		d.become("a", exam.InProgress, end)
		b, _ := running(t, d)
		s := watch(t, b, d, "a", "x")
		told(t, s)
		for range 3 {
			second()
		}
		before := d.counted("states")
		for range 3 {
			second()
		}
		if n := d.counted("states") - before; n != 3 {
			t.Errorf("read %d times in three seconds after the end", n)
		}
		d.become("a", exam.InProgress, end.Add(exam.Minute))
		second()
		if got := told(t, s); got.Deadline != end.Add(exam.Minute) {
			t.Errorf("told %+v", got)
		}
	})
}

// A state that was read before the page was opened takes nothing back.
func TestOlderStateIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		b, _ := running(t, d)
		s, err := b.Subscribe(board.Watch{Exam: "basics", State: store.AttemptState{Attempt: "a", Status: exam.Paused, Version: 7}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		told(t, s)
		b.Changed("a")
		second()
		silent(t, s)
	})
}

func TestMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a", "b", "c")
		b, _ := running(t, d)
		at := clock()
		s, other := watch(t, b, d, "a", "x"), watch(t, b, d, "b", "y")
		told(t, s)
		told(t, other)
		d.change(func() {
			d.messages = []store.Message{
				{ID: "1", Exam: "basics", Text: "to all", Created: at},
				{ID: "2", Exam: "basics", Attempt: "a", Text: "to one", Created: at + 2},
				{ID: "3", Exam: "another", Text: "elsewhere", Created: at},
			}
		})
		second()
		if got := texts(told(t, s).Messages); got != "to one, to all" {
			t.Errorf("told %q", got)
		}
		if got := texts(told(t, other).Messages); got != "to all" {
			t.Errorf("the other is told %q", got)
		}
		// Committed later than one that is dated later.
		d.change(func() {
			d.messages = append(d.messages, store.Message{ID: "4", Exam: "basics", Attempt: "a", Text: "late", Created: at + 1})
		})
		second()
		if got := texts(told(t, s).Messages); got != "to one, late, to all" {
			t.Errorf("told %q", got)
		}
		second()
		silent(t, s)
		silent(t, other)
		if got := texts(b.Messages("basics", "a", at+1)); got != "to one, late" {
			t.Errorf("since its start: %q", got)
		}
		if got := texts(b.Messages("basics", "c", 0)); got != "to all" {
			t.Errorf("to one who is not watched: %q", got)
		}
	})
}

func texts(list []store.Message) string {
	var out []string
	for _, m := range list {
		out = append(out, m.Text)
	}
	return strings.Join(out, ", ")
}

func TestMessagesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		b, _ := running(t, d)
		at := clock()
		d.change(func() {
			for i := range 2_000 {
				m := store.Message{ID: fmt.Sprint(i), Exam: "basics", Text: fmt.Sprint(i), Created: at + exam.Instant(i)}
				if i%2 == 1 {
					m.Attempt = "other"
				}
				d.messages = append(d.messages, m)
			}
		})
		second()
		got := b.Messages("basics", "a", 0)
		if len(got) != board.MaxShown || got[0].Text != "1998" {
			t.Errorf("%d messages, the newest %q", len(got), got[0].Text)
		}
		if got := b.Messages("basics", "a", at+1_998); len(got) != 1 {
			t.Errorf("%d messages since the last", len(got))
		}
	})
}

// A board that starts knows the messages of the last day.
func TestStartKnowsTheLastDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		d.messages = []store.Message{
			{ID: "1", Exam: "basics", Text: "old", Created: clock().Add(-25 * 60 * exam.Minute)},
			{ID: "2", Exam: "basics", Text: "new", Created: clock().Add(-23 * 60 * exam.Minute)},
		}
		b, _ := running(t, d)
		if got := texts(b.Messages("basics", "a", 0)); got != "new" {
			t.Errorf("knows %q", got)
		}
	})
}

func TestRevokedSignInIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		b, _ := running(t, d)
		s, other := watch(t, b, d, "a", "x"), watch(t, b, d, "a", "y")
		told(t, s)
		told(t, other)
		d.change(func() { d.revoked["x"] = true })
		for range 15 {
			second()
		}
		d.become("a", exam.Paused, 1)
		b.Changed("a")
		second()
		if got := told(t, s); !got.SignedOut || got.Status != "" {
			t.Errorf("told %+v", got)
		}
		ended(t, s)
		if got := told(t, other); got.SignedOut || got.Status != exam.Paused {
			t.Errorf("the other is told %+v", got)
		}
	})
}

func TestSubscriptionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a", "b")
		b, _ := running(t, d)
		var all []*board.Subscription
		for i := range 8 {
			all = append(all, watch(t, b, d, "a", fmt.Sprint(i/4)))
		}
		for _, w := range []board.Watch{
			{SignIn: "another", State: store.AttemptState{Attempt: "a"}},
			{SignIn: "0", State: store.AttemptState{Attempt: "b"}},
		} {
			if _, err := b.Subscribe(w); !errors.Is(err, board.ErrFull) {
				t.Errorf("%+v: %v", w, err)
			}
		}
		for _, s := range all {
			s.Close()
			s.Close()
		}
		if n := b.Open(); n != 0 {
			t.Errorf("%d open", n)
		}
		watch(t, b, d, "a", "0")
	})
}

// An order that cannot be read is logged once and changes nothing.
func TestUnreadableOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDatabase("a")
		b, log := running(t, d)
		s := watch(t, b, d, "a", "x")
		told(t, s)
		d.change(func() { d.jobs = []store.Job{{ID: "j", DueAt: clock()}} })
		second()
		second()
		silent(t, s)
		if n := strings.Count(log.String(), "no arguments"); n != 1 {
			t.Errorf("logged %d times", n)
		}
	})
}

// The clock goes on between two looks.
func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := running(t, newDatabase())
		time.Sleep(1_700 * time.Millisecond)
		if got := b.Now(); got != clock() {
			t.Errorf("%d µs off", clock().Sub(got))
		}
	})
}
