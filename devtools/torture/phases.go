package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
	"shiken/store/postgres"
)

// perform lets everybody sit, first in peace, then under the faults, and at last until every command
// that is under way is answered.
func (r *run) perform(ctx context.Context, span time.Duration) error {
	seats, leave := context.WithCancel(ctx)
	defer leave()
	before := r.processor()
	wait := r.seat(seats)
	if err := pause(ctx, r.o.WarmUp); err != nil {
		return err
	}
	if r.report.Rate == 0 {
		r.report.Rate = float64(r.answers.Load()) / r.now().Seconds()
		r.report.Processor = perAnswer(before, r.processor(), r.answers.Load())
	}
	r.sabotage(ctx, span)
	r.ended.Store(true)
	give := time.AfterFunc(drainPatience, leave)
	defer give.Stop()
	begun := time.Now()
	err := wait()
	r.report.add(r, time.Since(begun))
	return err
}

// drainPatience bounds how long commands under way may take until they are answered, when nothing is
// broken any more.
const drainPatience = 90 * time.Second

// startClock begins the run's time and reads what the database's clock shows then.
func (r *run) startClock(ctx context.Context) error {
	asked := time.Now()
	shown, err := r.parts.clock(ctx)
	r.begun = time.Now()
	r.epoch = shown.Add(exam.Micros((r.begun.Sub(asked) / 2).Microseconds()))
	return err
}

// sabotage breaks for the span, and mends.
func (r *run) sabotage(ctx context.Context, span time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, span)
	defer cancel()
	var flushing sync.WaitGroup
	if r.o.Flush > 0 {
		flushing.Go(func() { r.breaker.flushEvery(ctx, r.o.Flush) })
	}
	r.breaker.run(ctx)
	flushing.Wait()
}

// flushEvery empties Redis again and again, besides what the scheduler does.
func (s *saboteur) flushEvery(ctx context.Context, every time.Duration) {
	for pause(ctx, every) == nil {
		_ = s.emptyRedis(ctx, "") // it may be down
	}
}

// clockSlack is how far arrivals may be from what clients saw: readings of the database's clock may take
// 100 ms (docs/design.md, R8), and its beginning was read once.
const clockSlack = 150 * time.Millisecond

// check judges what is stored and what the clients know.
func (r *run) check(ctx context.Context) error {
	begun := time.Now()
	if err := errors.Join(r.failure, r.writer.Flush()); err != nil {
		return err
	}
	is, err := r.readStored(ctx)
	if err != nil {
		return err
	}
	r.report.Outages += len(is.outages)
	found := history.Check(r.ops, is.attempts, history.Options{
		Epoch: r.epoch, Slack: clockSlack, Now: is.at, Outages: is.outages, Repeats: true,
		Allowed: unlimited(), Orders: true,
		Marking: is.marking,
	})
	r.report.judged(found, time.Since(begun))
	return nil
}

// unlimited are the attempts of each exam, of which there may be any number.
func unlimited() map[string]int {
	allowed := map[string]int{}
	for _, slug := range examSlugs {
		allowed[slug] = 0
	}
	return allowed
}

// stored is what the database holds when a round is over.
type stored struct {
	at       exam.Instant // by the database's clock, before the attempts were read
	attempts []store.StoredAttempt
	outages  []exam.Gap // that the service found
	marking  *history.Marking
}

// readStored reads every attempt of the candidates, those among them of which nobody was told.
func (r *run) readStored(ctx context.Context) (is stored, err error) {
	s, err := postgres.OpenExisting(ctx, r.parts.DatabaseURL())
	if err != nil {
		return stored{}, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if is.at, err = r.parts.clock(ctx); err != nil {
		return stored{}, err
	}
	if is.outages, err = outages(ctx, s); err != nil {
		return stored{}, err
	}
	if is.marking, err = r.parts.marking(ctx); err != nil {
		return stored{}, err
	}
	for _, c := range r.people {
		list, err := attemptsOf(ctx, s, c.user)
		if err != nil {
			return stored{}, err
		}
		is.attempts = append(is.attempts, list...)
	}
	return is, nil
}

// outages are the gaps in the service's heartbeat that met any of the exams.
func outages(ctx context.Context, s store.Store) ([]exam.Gap, error) {
	const most, ever = 10_000, 366 * 24 * 60 * exam.Minute
	var gaps []exam.Gap
	for _, slug := range examSlugs {
		list, err := s.OutagesOf(ctx, slug, ever, most)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if !slices.Contains(gaps, list[i].Gap) {
				gaps = append(gaps, list[i].Gap)
			}
		}
	}
	return gaps, nil
}

func attemptsOf(ctx context.Context, s store.Store, user string) ([]store.StoredAttempt, error) {
	summaries, _, err := s.OfCandidate(ctx, user)
	if err != nil {
		return nil, err
	}
	var list []store.StoredAttempt
	for i := range summaries {
		a, err := s.Story(ctx, summaries[i].ID)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// writeReceipts writes the receipts that the clients were given, as `shiken verify --receipts` reads
// them: all of the last round; of the rounds before, each attempt's newest, which vouches for the others.
func (r *run) writeReceipts(out io.Writer, all bool) error {
	newest := map[string]history.Receipt{}
	var errs []error
	write := func(attempt string, receipt history.Receipt) {
		r.report.Given++
		_, err := fmt.Fprintln(out, attempt, receipt.Seq, receipt.Hash)
		errs = append(errs, err)
	}
	for i := range r.ops {
		switch o := &r.ops[i]; {
		case o.Receipt.Hash == "":
		case all:
			write(o.Attempt, o.Receipt)
		case o.Receipt.Seq > newest[o.Attempt].Seq:
			newest[o.Attempt] = o.Receipt
		}
	}
	for _, attempt := range slices.Sorted(maps.Keys(newest)) {
		write(attempt, newest[attempt])
	}
	return errors.Join(errs...)
}
