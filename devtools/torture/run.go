package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"shiken/devtools/cluster"
	"shiken/devtools/history"
	"shiken/devtools/secrets"
	"shiken/exam"
)

// Options say how to torture. Zero fields take the defaults.
type Options struct {
	Duration   time.Duration // of the faults, default 5 min
	WarmUp     time.Duration // before the first fault, default 10 s
	Seed       uint64        // of clients and faults
	Candidates int           // default 48
	Tabs       int           // of each candidate, default 3
	Saves      int           // by the API on one page, on average, default 20
	Think      time.Duration // between two commands of a tab, on average, default 60 ms
	Pace       time.Duration // between the beginnings of two faults, on average; 0 = by the duration
	LockAlways bool          // the session's lock is granted to everybody, on every instance
	Flush      time.Duration // empties Redis so often besides; 0 = not
	Bug        string        // planted bug of the instances, "" = none
	Binary     string        // program with the tag failpoints; "" builds it
	Folder     string        // for history and logs
}

func (o Options) withDefaults() Options {
	setDefault(&o.Duration, 5*time.Minute)
	setDefault(&o.WarmUp, 10*time.Second)
	setDefault(&o.Candidates, 48)
	setDefault(&o.Tabs, 3)
	setDefault(&o.Saves, 20)
	setDefault(&o.Think, 60*time.Millisecond)
	return o
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// run is one round under way.
type run struct {
	o       Options
	parts   *topology
	breaker *scheduler
	epoch   exam.Instant // what the database's clock showed when the round began
	people  []*candidate
	door    *doorman
	staff   []*officer
	site    *site
	begun   time.Time
	ended   atomic.Bool
	answers atomic.Int64 // acknowledged, each command once
	latest  atomic.Int64 // when the last of them was, since the run began
	silence atomic.Int64 // the longest time between two
	moved   atomic.Int64 // take-overs by another device
	resent  atomic.Int64 // commands that their page had left in an outbox, and that were judged
	ousted  atomic.Int64 // sign-ins that were ended
	revived atomic.Int64 // of them: those that were let in afterwards
	report  *Report

	mu      sync.Mutex
	ops     []history.Op
	writer  *history.Writer
	file    *os.File
	failure error
}

// now is the time since the run began.
func (r *run) now() time.Duration { return time.Since(r.begun) }

// ending reports whether no new command is to be begun.
func (r *run) ending() bool { return r.ended.Load() }

// think is how long somebody thinks before the next command.
func (r *run) think(rng *rand.Rand) time.Duration {
	return time.Duration(rng.Int64N(int64(2*r.o.Think) + 1))
}

// record keeps an operation.
func (r *run) record(o history.Op) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ops = append(r.ops, o)
	r.failure = errors.Join(r.failure, r.writer.Append(o))
}

// leaked notes what a candidate was told and may not know (R12).
func (r *run) leaked(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Leaks = append(r.report.Leaks, what)
}

// stray notes a sign-in that ended though nobody had ended it.
func (r *run) stray(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Strays = append(r.report.Strays, what)
}

// complain notes what the cluster did not do, and should have.
func (r *run) complain(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Broken = errors.Join(r.report.Broken, errors.New("torture: "+what))
}

// ordered counts an officer's command that took effect.
func (r *run) ordered(o *history.Op) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o.Result == history.Applied {
		r.report.Orders[exam.Kind(o.Action)]++
	}
}

// neverDone reports whether no officer's command of the kind took effect so far.
func (r *run) neverDone(kind exam.Kind) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return kind != "" && r.report.Orders[kind] == 0
}

// judged counts a command that was judged.
func (r *run) judged(o *history.Op) {
	if o.Ok() && (o.Kind == history.Save || o.Kind == history.Form) {
		r.answers.Add(1)
		r.hear(int64(r.now()))
	}
	if o.Ok() && o.Kind == history.TakeOver {
		r.moved.Add(1)
	}
}

// hear notes when an answer was acknowledged.
func (r *run) hear(now int64) {
	gap := now - r.latest.Swap(now)
	for {
		longest := r.silence.Load()
		if gap <= longest || r.silence.CompareAndSwap(longest, gap) {
			return
		}
	}
}

// openHistory begins the history of the round; that of a round before, in which all held, is replaced.
func (r *run) openHistory() error {
	var err error
	r.file, err = os.Create(filepath.Join(r.o.Folder, "history.jsonl"))
	r.writer = history.NewWriter(r.file)
	return err
}

// invite makes the candidates and signs everybody in.
func (r *run) invite(ctx context.Context) error {
	accounts, err := r.parts.Instances[0].ImportPeople(ctx, people(r.o.Candidates))
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	const atOnce = 4 // passwords are slow to check
	group.SetLimit(atOnce)
	r.site = newSite(r.parts.front)
	for n, a := range accounts {
		c := r.welcome(n, a)
		group.Go(func() error {
			for _, d := range c.devices {
				if err := d.signIn(ctx); err != nil {
					return err
				}
			}
			return c.identify(ctx)
		})
	}
	return group.Wait()
}

// welcome makes a candidate: one whose exam is written on one device at a time has two of them.
func (r *run) welcome(n int, a cluster.Account) *candidate {
	c := newCandidate(n, a, r.site)
	r.people = append(r.people, c)
	if examOf(n) == deviceExam {
		c.devices = append(c.devices, newDevice(c))
	}
	for _, d := range c.devices {
		d.doomed = func(s session) {
			o := history.New(history.SignOut)
			o.Client, o.Session, o.User, o.Sent = c.n, s.name, c.user, r.now()
			r.record(o)
		}
	}
	return c
}

// hire signs in those who do what admins do.
func (r *run) hire(ctx context.Context) error {
	var err error
	if r.door, err = newDoorman(ctx, r); err != nil {
		return err
	}
	for n := range officers {
		o, err := newOfficer(ctx, r, n)
		if err != nil {
			return err
		}
		r.staff = append(r.staff, o)
	}
	return nil
}

// people are the candidates; one in four has a quarter more time.
func people(n int) []cluster.Person {
	list := make([]cluster.Person, n)
	for k := range list {
		list[k].Name = secrets.Secret{Kind: secrets.Name, Of: label(k)}.String()
		if k%4 == 1 {
			list[k].ExtraPercent = 25
		}
	}
	return list
}

// label names a candidate in secrets.
func label(candidate int) string { return fmt.Sprintf("c%d", candidate) }

// examOf deals the exams out: most sit freely, some practise, some forward only, some against the clock, some on
// one device at a time.
func examOf(candidate int) string {
	switch candidate % 6 {
	case 2:
		return deviceExam
	case 3:
		return practiceExam
	case 4:
		return linearExam
	case 5:
		return timedExam
	}
	return freeExam
}

// seat opens everybody's tabs; wait returns when all are done.
func (r *run) seat(ctx context.Context) (wait func() error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.door.work(ctx) })
	for _, o := range r.staff {
		group.Go(func() error { return o.work(ctx) })
	}
	for _, c := range r.people {
		for n := range r.o.Tabs {
			t := &tab{
				run: r, who: c, on: c.devices[n%len(c.devices)], n: n, exam: examOf(c.n),
				rng: rand.New(rand.NewPCG(r.o.Seed, uint64(c.n*r.o.Tabs+n))),
			}
			group.Go(func() error {
				err := t.live(ctx)
				t.strays.Wait()
				return err
			})
		}
	}
	return group.Wait
}
