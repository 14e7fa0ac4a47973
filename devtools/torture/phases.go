package torture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/cluster"
	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
	"shiken/store/postgres"
)

// Run tortures a cluster and judges it. The error says what hindered the run itself; whether the
// cluster held is in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	o = o.withDefaults()
	r := &run{o: o, report: &Report{Options: o}}
	if err := r.prepare(ctx); err != nil {
		return nil, errors.Join(err, r.close())
	}
	err := r.perform(ctx)
	if err == nil {
		err = r.check(ctx)
	}
	if err == nil {
		err = r.keepLogs()
	}
	return r.report, errors.Join(err, r.close())
}

// prepare starts everything, with everybody signed in.
func (r *run) prepare(ctx context.Context) error {
	if err := r.openHistory(); err != nil {
		return err
	}
	if r.o.Binary == "" {
		binary, err := cluster.Build(ctx, r.o.Folder, "-tags", r.o.tags())
		if err != nil {
			return err
		}
		r.o.Binary = binary
	}
	var err error
	if r.parts, err = startTopology(ctx, &r.o); err != nil {
		return err
	}
	return r.invite(ctx)
}

// tags are those of the program under torture.
func (o *Options) tags() string {
	if o.Bug != "" {
		return "failpoints,planted"
	}
	return "failpoints"
}

func (r *run) close() error {
	var errs []error
	if r.parts != nil {
		errs = append(errs, r.parts.close())
	}
	if r.file != nil {
		errs = append(errs, r.file.Close())
	}
	return errors.Join(errs...)
}

// perform lets everybody sit, first in peace, then under the faults, and at last until every command
// that is under way is answered.
func (r *run) perform(ctx context.Context) error {
	var err error
	if r.report.Epoch, err = r.startClock(ctx); err != nil {
		return err
	}
	seats, leave := context.WithCancel(ctx)
	defer leave()
	before := r.processor()
	door, err := newDoorman(ctx, r)
	if err != nil {
		return err
	}
	wait := r.seat(seats, door)
	if err := pause(ctx, r.o.WarmUp); err != nil {
		return err
	}
	r.report.Rate = float64(r.answers.Load()) / r.now().Seconds()
	r.report.Processor = perAnswer(before, r.processor(), r.answers.Load())
	r.sabotage(ctx)
	r.ended.Store(true)
	give := time.AfterFunc(drainPatience, leave)
	defer give.Stop()
	begun := time.Now()
	err = wait()
	r.report.Drained = time.Since(begun)
	r.report.Answers = r.answers.Load()
	r.report.Silence = time.Duration(r.silence.Load())
	r.report.Ousted, r.report.Revived = r.ousted.Load(), r.revived.Load()
	for _, c := range r.people {
		if c.strays > 0 {
			r.stray(fmt.Sprintf("%d sign-ins of %s", c.strays, c.account.Username))
		}
	}
	return err
}

// drainPatience bounds how long commands under way may take until they are answered, when nothing is
// broken any more.
const drainPatience = 90 * time.Second

// startClock begins the run's time and returns what the database's clock showed then.
func (r *run) startClock(ctx context.Context) (exam.Instant, error) {
	conn, err := pgx.Connect(ctx, r.parts.DatabaseURL())
	if err != nil {
		return 0, err
	}
	var now exam.Instant
	asked := time.Now()
	err = conn.QueryRow(ctx, `SELECT shiken_now()`).Scan(&now)
	r.begun = time.Now()
	half := r.begun.Sub(asked) / 2
	return now.Add(exam.Micros(half.Microseconds())), errors.Join(err, conn.Close(ctx))
}

// sabotage breaks for the run's duration, and mends.
func (r *run) sabotage(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Duration)
	defer cancel()
	s := newScheduler(&saboteur{parts: r.parts, rng: newLockedRand(r.o.Seed)}, r.o.Duration, r.logFault)
	var flushing sync.WaitGroup
	if r.o.Flush > 0 {
		flushing.Go(func() { s.flushEvery(ctx, r.o.Flush) })
	}
	r.report.Broken = s.run(ctx)
	flushing.Wait()
	r.report.Faults, r.report.Missed = s.counts, s.missed
}

// flushEvery empties Redis again and again, besides what the scheduler does.
func (s *saboteur) flushEvery(ctx context.Context, every time.Duration) {
	for pause(ctx, every) == nil {
		_ = s.emptyRedis(ctx, "") // it may be down
	}
}

// logFault writes a line to the list of faults.
func (r *run) logFault(kind, part string, begun time.Time, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	outcome := "done"
	if err != nil {
		outcome = err.Error()
	}
	_, failed := fmt.Fprintf(r.faults, "%9.3f %6.3f %s (%s): %s\n",
		begun.Sub(r.begun).Seconds(), time.Since(begun).Seconds(), kind, part, outcome)
	r.failure = errors.Join(r.failure, failed)
}

// check judges what is stored and what the clients know.
func (r *run) check(ctx context.Context) error {
	begun := time.Now()
	defer func() { r.report.Checking = time.Since(begun) }()
	if err := errors.Join(r.failure, r.writer.Flush()); err != nil {
		return err
	}
	stored, err := r.readStored(ctx)
	if err != nil {
		return err
	}
	r.report.History = history.Check(r.ops, stored, history.Options{Epoch: r.report.Epoch, Slack: clockSlack})
	receipts, err := r.writeReceipts()
	if err != nil {
		return err
	}
	r.report.Verify = r.verify(ctx)
	r.report.Receipts = r.verify(ctx, "--receipts", receipts)
	return nil
}

// clockSlack is how far arrivals may be from what clients saw: readings of the database's clock may take
// 100 ms (docs/design.md, R8), and its beginning was read once.
const clockSlack = 150 * time.Millisecond

func (r *run) readStored(ctx context.Context) ([]store.StoredAttempt, error) {
	s, err := postgres.OpenExisting(ctx, r.parts.DatabaseURL())
	if err != nil {
		return nil, err
	}
	var stored []store.StoredAttempt
	err = s.EachAttempt(ctx, func(a store.StoredAttempt) error {
		stored = append(stored, a)
		return nil
	})
	return stored, errors.Join(err, s.Close())
}

// writeReceipts writes every receipt that a client was given, as `shiken verify --receipts` reads them.
func (r *run) writeReceipts() (string, error) {
	name := filepath.Join(r.o.Folder, "receipts")
	file, err := os.Create(name)
	if err != nil {
		return "", err
	}
	for i := range r.ops {
		if o := &r.ops[i]; o.Receipt.Hash != "" {
			r.report.Given++
			_, err = fmt.Fprintln(file, o.Attempt, o.Receipt.Seq, o.Receipt.Hash)
		}
	}
	return name, errors.Join(err, file.Close())
}

// verify runs `shiken verify` and returns what it says when it finds something, "" when all is sound.
func (r *run) verify(ctx context.Context, args ...string) string {
	out, err := r.parts.Instances[0].Command(ctx, append([]string{"verify"}, args...)...)
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%v\n%s", err, out)
}

// keepLogs copies the instances' logs beside the history.
func (r *run) keepLogs() error {
	var errs []error
	for _, i := range r.parts.Instances {
		errs = append(errs, os.WriteFile(filepath.Join(r.o.Folder, i.Name+".log"), []byte(i.Log()), 0o600))
	}
	return errors.Join(errs...)
}
