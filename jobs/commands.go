package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/internal/failpoint"
	"shiken/proctor"
	"shiken/store"
)

// CommandArgs are the arguments of a job of kind store.JobCommands: one command for several attempts.
type CommandArgs struct {
	Kind     exam.Kind   `json:"kind"`
	Amount   exam.Micros `json:"amount,omitempty"` // extend, reopen
	Late     int64       `json:"late,omitempty"`   // accept_late: number of the rejection
	Reason   string      `json:"reason"`
	Attempts []string    `json:"attempts"`
	// Outage is the id of the outage whose lost time is given back (extend), and Amounts what each
	// attempt gets; without them all get Amount.
	Outage  string                 `json:"outage,omitempty"`
	Amounts map[string]exam.Micros `json:"amounts,omitempty"`
}

// amount is what an attempt gets.
func (a *CommandArgs) amount(attempt string) exam.Micros {
	if a.Outage != "" {
		return a.Amounts[attempt]
	}
	return a.Amount
}

// CommandOutcome is what became of them.
type CommandOutcome struct {
	Applied int       `json:"applied"` // by this job, whoever did it
	Refused []Refusal `json:"refused,omitempty"`
}

// Refusal lists attempts that refused the command for one reason.
type Refusal struct {
	Reason   exam.Reason `json:"reason"`
	Count    int         `json:"count"`
	Attempts []string    `json:"attempts"` // the first MaxRefusedListed, in the order of the job
}

// Reasons of jobs beside those of the state machine.
const (
	// Broken: the attempt could not be read or written; the log says more.
	Broken exam.Reason = "broken"
	// Erased: the data of the attempt's candidate were erased since the job was asked for. Nothing is left to do.
	Erased exam.Reason = "erased"
)

// MaxRefusedListed bounds Refusal.Attempts.
const MaxRefusedListed = 50

// Commands gives commands of an admin to attempts.
type Commands struct {
	Store store.Attempts
	// Workers is how many attempts are worked on at once, 1...
	Workers int
	Logger  *slog.Logger
}

// Ordered reads which command a job of kind store.JobCommands gives to which attempts.
func Ordered(job store.Job) (exam.Kind, []string, error) {
	var args CommandArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return "", nil, fmt.Errorf("jobs: arguments: %w", err)
	}
	return args.Kind, args.Attempts, nil
}

// CommandID is the id of a job's command to an attempt: whoever does the job, and however often, gives
// the same command, which takes effect once (R2).
func CommandID(job, attempt string) (string, error) {
	space, err := uuid.Parse(job)
	if err != nil {
		return "", fmt.Errorf("jobs: id of a job: %w", err)
	}
	return uuid.NewSHA1(space, []byte(attempt)).String(), nil
}

// OutageJobID is the id of the job that gives back what an outage cost the attempts of an exam. There
// is one: of two admins who ask for it, the second finds the first one's.
func OutageJobID(outage, slug string) (string, error) {
	space, err := uuid.Parse(outage)
	if err != nil {
		return "", fmt.Errorf("jobs: id of an outage: %w", err)
	}
	return uuid.NewSHA1(space, []byte("exam "+slug)).String(), nil
}

// Do is the work of kind store.JobCommands. Its outcome is a CommandOutcome.
func (c *Commands) Do(ctx context.Context, job store.Job, progress func(done int)) (any, error) {
	var args CommandArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return nil, fmt.Errorf("jobs: arguments: %w", err)
	}
	reasons, err := c.each(ctx, args.Attempts, progress, func(ctx context.Context, attempt string) (exam.Reason, error) {
		return c.give(ctx, &job, &args, attempt)
	})
	if err != nil {
		return nil, err
	}
	return summarise(args.Attempts, reasons), nil
}

// each calls give for every attempt, several at once, and returns the reasons in the order of the
// attempts. The first error ends it.
func (c *Commands) each(ctx context.Context, attempts []string, progress func(int),
	give func(context.Context, string) (exam.Reason, error)) ([]exam.Reason, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	reasons := make([]exam.Reason, len(attempts))
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range c.Workers {
		workers.Go(func() {
			defer stopOnPanic(stop)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(attempts) {
					return
				}
				var err error
				if reasons[i], err = give(ctx, attempts[i]); err != nil {
					stop(err)
					return
				}
				progress(int(done.Add(1)))
				failpoint.Hit("after_job_command")
			}
		})
	}
	workers.Wait()
	return reasons, context.Cause(ctx)
}

// stopOnPanic ends the others too: the runner catches panics of its own goroutine alone.
func stopOnPanic(stop context.CancelCauseFunc) {
	if p := recover(); p != nil {
		stop(fmt.Errorf("jobs: panic: %v", p))
	}
}

// give gives the command to one attempt and returns why it was refused; empty: it was applied, now or
// before. An error is the database's: the attempt has to be tried again.
func (c *Commands) give(ctx context.Context, job *store.Job, args *CommandArgs, attempt string) (exam.Reason, error) {
	o, err := c.apply(ctx, job, args, attempt)
	switch {
	case errors.Is(err, store.ErrOpenElsewhere):
		return exam.OpenElsewhere, nil
	case errors.Is(err, store.ErrErased):
		return Erased, nil
	case ctx.Err() != nil || passing(err):
		return "", err
	case err != nil:
		c.Logger.Error("command of a job failed", "job", job.ID, "attempt", attempt, "error", err)
		return Broken, nil
	}
	return o.Reason, nil
}

func (c *Commands) apply(ctx context.Context, job *store.Job, args *CommandArgs, attempt string) (exam.Outcome, error) {
	id, err := CommandID(job.ID, attempt)
	if err != nil {
		return exam.Outcome{}, err
	}
	command := exam.Command{
		ID: id, Kind: args.Kind, Actor: exam.Actor{Role: exam.Admin, ID: job.Actor}, Salt: proctor.NewSalt(),
		Amount: args.amount(attempt), Note: args.Reason,
	}
	if args.Kind == exam.AcceptLate {
		if err := c.takeLate(ctx, &command, args.Late, attempt); err != nil {
			return exam.Outcome{}, err
		}
	}
	q := store.AttemptQuery{Attempt: attempt, Command: id, Position: command.Position}
	_, o, err := store.Update(ctx, c.Store, q, func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		return exam.Apply(s.Paper, s.Attempt, command, s.Now)
	})
	return o, err
}

// takeLate fills in the rejected answer that is to be accepted.
func (c *Commands) takeLate(ctx context.Context, command *exam.Command, number int64, attempt string) error {
	rejections, err := c.Store.Rejections(ctx, attempt)
	if err != nil {
		return err
	}
	for i := range rejections {
		if r := &rejections[i]; r.Number == number {
			command.Late, command.Position = number, r.Payload.Position
			command.Page, command.Seq, command.Answer = r.Page, r.Seq, r.Payload.Answer
			return nil
		}
	}
	return fmt.Errorf("jobs: attempt %s has no rejection %d", attempt, number)
}

// summarise counts the reasons, in the order of exam.Reasons.
func summarise(attempts []string, reasons []exam.Reason) CommandOutcome {
	var out CommandOutcome
	by := map[exam.Reason]*Refusal{}
	for i, reason := range reasons {
		if reason == "" {
			out.Applied++
			continue
		}
		r := by[reason]
		if r == nil {
			r = &Refusal{Reason: reason}
			by[reason] = r
		}
		if r.Count++; len(r.Attempts) < MaxRefusedListed {
			r.Attempts = append(r.Attempts, attempts[i])
		}
	}
	for _, reason := range slices.Concat(exam.Reasons, []exam.Reason{Erased, Broken}) {
		if r := by[reason]; r != nil {
			out.Refused = append(out.Refused, *r)
		}
	}
	return out
}
