package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Do does the work of one kind of job. It calls progress with the number of steps done, as often as
// it likes, and returns what became of it, to be stored as JSON; the member "failed" is the
// runner's own.
//
// It MUST do no harm when it is done again, or by two at once. An error of the database, or the end
// of ctx, leaves the job to whoever comes next; any other error ends it as failed.
type Do func(ctx context.Context, job store.Job, progress func(done int)) (outcome any, err error)

// Bounds of the runner.
const (
	// round is the time between two looks at what is due.
	round = time.Second
	// sign is the time between two signs of life of a job; idle is how long there was none when another
	// runner goes on with it. One that comes too early repeats nothing.
	sign = time.Second / 2
	idle = 3 * exam.Second
	// parallel bounds the jobs of one kind that a runner does at once. Kinds don't wait for each other: an
	// import that takes an hour keeps nobody from pausing an exam.
	parallel = 2
	// writing bounds one of the runner's own writes.
	writing = 10 * time.Second
)

// Runner does jobs. Make one with New; it is safe for concurrent use.
type Runner struct {
	store  store.Jobs
	kinds  map[store.JobKind]Do
	after  map[store.JobKind]After
	deadly map[store.JobKind]bool
	log    *slog.Logger
	kicked chan struct{}

	mu      sync.Mutex
	running map[string]store.JobKind // by id
	again   map[string]bool          // ids that were asked for again

	owed []string // ids of jobs claimed in vain, for Run alone
}

// New returns a runner of the kinds given; jobs of other kinds are left to other runners.
func New(s store.Jobs, kinds map[store.JobKind]Do, log *slog.Logger) *Runner {
	return &Runner{
		store: s, kinds: kinds, after: map[store.JobKind]After{}, deadly: map[store.JobKind]bool{}, log: log, kicked: make(chan struct{}, 1),
		running: map[string]store.JobKind{}, again: map[string]bool{},
	}
}

// After is done once the end of a job is stored, with what became of the job. It is not tried again.
type After func(ctx context.Context, job store.Job, outcome any) error

// Then sets what is done after the jobs of a kind. It MUST be called before Run.
func (r *Runner) Then(kind store.JobKind, do After) { r.after[kind] = do }

// Kick makes the runner look at once for what is due. It never waits.
//
// Whoever asks for a job again names it: if it is not finished, the runner begins with it although
// another may be at it. Who sends a form again mostly does because the instance that had it is gone. One
// of a Deadly kind is waited for.
func (r *Runner) Kick(again ...string) {
	r.mu.Lock()
	for _, id := range again {
		r.again[id] = true
	}
	r.mu.Unlock()
	select {
	case r.kicked <- struct{}{}:
	default:
	}
}

// Run does jobs until ctx ends, and returns when those under way have left off.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(round)
	defer tick.Stop()
	var working sync.WaitGroup
	defer working.Wait()
	for {
		for _, job := range r.claim(ctx) {
			working.Go(func() {
				r.work(ctx, job)
				r.leave(job.ID)
				r.Kick() // there is room for another
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-r.kicked:
		}
	}
}

// claim takes as many due jobs of each kind as there is room for, first those that were asked for
// again.
func (r *Runner) claim(ctx context.Context) []store.Job {
	out := r.askedAgain(ctx)
	for kind := range r.kinds {
		room := r.room(kind)
		if room == 0 || ctx.Err() != nil {
			continue
		}
		jobs, err := r.store.ClaimJobs(ctx, kind, idle, room)
		if err != nil && ctx.Err() == nil {
			r.log.Error("no jobs claimed", "error", err)
			break
		}
		for i := range jobs {
			if r.enter(&jobs[i]) {
				out = append(out, jobs[i])
			} else {
				r.owed = append(r.owed, jobs[i].ID)
			}
		}
	}
	r.giveBack(ctx)
	return out
}

// askedAgain takes those jobs that are due and not finished.
func (r *Runner) askedAgain(ctx context.Context) []store.Job {
	r.mu.Lock()
	ids := slices.Sorted(maps.Keys(r.again))
	clear(r.again)
	r.mu.Unlock()
	var out []store.Job
	for _, id := range ids {
		job, now, err := r.store.Job(ctx, id)
		if err != nil {
			r.log.Warn("job not read that was asked for again", "job", id, "error", err)
			continue
		}
		_, known := r.kinds[job.Kind]
		known = known && !r.deadly[job.Kind]
		if known && job.Finished == 0 && job.DueAt <= now && r.room(job.Kind) > 0 && r.enter(&job) {
			out = append(out, job)
		}
	}
	return out
}

func (r *Runner) room(kind store.JobKind) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := parallel
	for _, other := range r.running {
		if other == kind {
			room--
		}
	}
	return room
}

// enter reports whether the runner does not do the job already: it may claim its own when its signs
// of life did not reach the store.
func (r *Runner) enter(job *store.Job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.running[job.ID]; known {
		return false
	}
	r.running[job.ID] = job.Kind
	return true
}

func (r *Runner) leave(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, id)
}

// work does one job and ends it, unless it is left to whoever comes next.
func (r *Runner) work(ctx context.Context, job store.Job) {
	log := r.log.With("job", job.ID, "kind", job.Kind)
	var done atomic.Int64
	if r.givenUp(&job) {
		r.end(ctx, log, job, job.Done, giveUp(log))
		return
	}
	outcome, err := r.alive(ctx, job.ID, &done, func() (any, error) {
		return r.guarded(ctx, r.kinds[job.Kind], job, func(n int) { raise(&done, int64(n)) })
	})
	switch {
	case ctx.Err() != nil:
		r.leaveOff(ctx, job.ID)
		return
	case passing(err):
		r.leaveOff(ctx, job.ID)
		log.Warn("job left off, to be gone on with", "error", err)
		return
	case err != nil:
		outcome = r.failed(log, err)
	}
	r.end(ctx, log, job, int(done.Load()), outcome)
}

// end stores the end of a job, and does what comes after it.
func (r *Runner) end(ctx context.Context, log *slog.Logger, job store.Job, done int, outcome any) {
	if err := r.finish(ctx, job.ID, done, outcome); err != nil {
		log.Error("end of a job not written", "error", err)
		return
	}
	r.then(ctx, log, job, outcome)
}

func (r *Runner) then(ctx context.Context, log *slog.Logger, job store.Job, outcome any) {
	do := r.after[job.Kind]
	if do == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, writing)
	defer cancel()
	if err := do(ctx, job, outcome); err != nil {
		log.Warn("what comes after a job failed", "error", err)
	}
}

// raise keeps the highest of the numbers, in whatever order several workers bring them.
func raise(to *atomic.Int64, n int64) {
	for was := to.Load(); was < n && !to.CompareAndSwap(was, n); was = to.Load() {
	}
}

// guarded makes a panic an error.
func (r *Runner) guarded(ctx context.Context, do Do, job store.Job, progress func(int)) (outcome any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("jobs: panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do(ctx, job, progress)
}

// alive gives signs of life while it works.
func (r *Runner) alive(ctx context.Context, id string, done *atomic.Int64, work func() (any, error)) (any, error) {
	end := make(chan struct{})
	var touching sync.WaitGroup
	defer touching.Wait()
	defer close(end)
	touching.Go(func() {
		tick := time.NewTicker(sign)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				r.touch(ctx, id, int(done.Load()))
			}
		}
	})
	return work()
}

func (r *Runner) touch(ctx context.Context, id string, done int) {
	ctx, cancel := context.WithTimeout(ctx, writing)
	defer cancel()
	if err := r.store.TouchJob(ctx, id, done); err != nil && ctx.Err() == nil {
		r.log.Warn("sign of life of a job not written", "job", id, "error", err)
	}
}

// passing reports whether an error says nothing about the job itself.
func passing(err error) bool {
	return errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrRolledBack) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// ended is what the runner itself says about the end of a job.
type ended struct {
	Failed string `json:"failed,omitempty"` // reference of the line in the log
	Deadly bool   `json:"deadly,omitempty"` // its process ended each time
}

func (r *Runner) failed(log *slog.Logger, err error) any {
	reference := uuid.NewString()
	log.Error("job failed", "reference", reference, "error", err)
	return ended{Failed: reference}
}

func (r *Runner) finish(ctx context.Context, id string, done int, outcome any) error {
	text, err := json.Marshal(outcome)
	if err != nil {
		return fmt.Errorf("jobs: outcome: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, writing)
	defer cancel()
	return r.store.FinishJob(ctx, id, done, text)
}

// Failed returns the reference of a job that failed: it stands in the log beside what went wrong.
// Empty for any other job.
func Failed(job *store.Job) string {
	var e ended
	if job.Finished == 0 || json.Unmarshal(job.Outcome, &e) != nil {
		return ""
	}
	return e.Failed
}
