// Package proctor does what happens to attempts without a candidate's click: it begins them when a
// start is admitted, closes them when their time is over, and marks them once they are closed.
// Any instance may do any of it, at any time and twice: the state machine lets it happen once.
//
// It knows the state machine and the store's contract; nothing of HTTP, sessions or pages.
package proctor

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/internal/failpoint"
	"shiken/internal/planted"
	"shiken/store"
)

// Proctor works on one store.
type Proctor struct {
	Store  Store
	Grader exam.Grader
	Logger *slog.Logger
	// Random gives what is left to chance where it changes the course of things: ids of attempts,
	// seeds of papers, pauses between tries. nil: crypto/rand; simulations put their own here.
	Random io.Reader
}

// Store is what a proctor needs of a store.
type Store interface {
	store.Attempts
	store.Outages
	store.Practices
	ReleaseStates(ctx context.Context, slugs []string) (map[string]exam.ReleaseState, error)
	Keys(ctx context.Context, versions []string) (map[string]store.KeyedFeedback, error)
	Clean(ctx context.Context) (int, error)
}

// batch is how many attempts one round closes or marks.
const batch = 200

// round is the time between two looks at what is due (R9: checked each second), and between two beats.
const round = time.Second

// Bounds of what the database is asked: what hangs is followed by others.
const (
	beatTimeout  = 2 * time.Second
	workTimeout  = 10 * time.Second // of one list, and of the work on one attempt
	cleanTimeout = time.Minute
)

// cleaning is the time between two removals of what nobody asks for any more.
const cleaning = time.Hour

// Run beats, closes due attempts and marks closed ones each second, and lets the store clean itself each
// hour, until ctx ends. It begins with a beat.
func (p *Proctor) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() {
		p.try(ctx, "heartbeat failed", p.beat)
		p.repeat(ctx, round, "heartbeat failed", p.beat)
	})
	all.Go(func() { p.repeat(ctx, round, "closing or marking failed", p.Round) })
	// Apart, since whose time is over must not wait for it.
	all.Go(func() { p.repeat(ctx, cleaning, "cleaning failed", p.clean) })
	all.Wait()
}

// repeat works each time that the span is over; it logs what fails, and goes on.
func (p *Proctor) repeat(ctx context.Context, span time.Duration, failed string, work func(context.Context) error) {
	tick := time.NewTicker(span)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.try(ctx, failed, work)
		}
	}
}

func (p *Proctor) try(ctx context.Context, failed string, work func(context.Context) error) {
	if err := work(ctx); err != nil && ctx.Err() == nil {
		p.Logger.Error(failed, "error", err)
	}
}

func (p *Proctor) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatTimeout)
	defer cancel()
	return p.Store.Beat(ctx)
}

func (p *Proctor) clean(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cleanTimeout)
	defer cancel()
	rows, err := p.Store.Clean(ctx)
	if rows > 0 {
		p.Logger.Info("rows removed that nobody asks for any more", "rows", rows)
	}
	return err
}

// Round settles outages, closes every attempt that is due now and marks every closed attempt that is
// not marked. One that fails does not keep the others waiting; the errors are joined.
func (p *Proctor) Round(ctx context.Context) error {
	if planted.Bug(planted.MarkOwnOnly) {
		return errors.Join(p.settle(ctx), drainList(ctx, p.Store.Due, p.expireAndMark))
	}
	return errors.Join(
		p.settle(ctx),
		drainList(ctx, p.Store.Due, p.Expire),
		drainList(ctx, p.Store.Unmarked, p.Mark),
	)
}

// expireAndMark is a planted bug: what is closed in another way, or by who dies of it, stays unmarked.
func (p *Proctor) expireAndMark(ctx context.Context, attempt string) error {
	return errors.Join(p.Expire(ctx, attempt), p.Mark(ctx, attempt))
}

// drainList works through a list in batches until it is empty, or a batch brought errors. A list
// whose first stays first, although it was worked on, waits for the next round.
func drainList(ctx context.Context, list func(context.Context, int) ([]string, error),
	work func(context.Context, string) error) error {
	first := ""
	for {
		ids, err := listed(ctx, list)
		if err != nil || len(ids) == 0 || ids[0] == first {
			return err
		}
		first = ids[0]
		var failed error
		for _, id := range ids {
			failed = errors.Join(failed, worked(ctx, id, work))
		}
		if failed != nil || len(ids) < batch {
			return failed
		}
	}
}

func listed(ctx context.Context, list func(context.Context, int) ([]string, error)) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, workTimeout)
	defer cancel()
	return list(ctx, batch)
}

func worked(ctx context.Context, attempt string, work func(context.Context, string) error) error {
	ctx, cancel := context.WithTimeout(ctx, workTimeout)
	defer cancel()
	return work(ctx, attempt)
}

// Expire closes an attempt if its deadline + grace + W is over; else nothing changes.
func (p *Proctor) Expire(ctx context.Context, attempt string) error {
	err := p.command(ctx, attempt, exam.Expire, nil)
	failpoint.Hit("after_expire")
	return err
}

// Mark marks a closed attempt with the current keys, but for the marks that stand. Nothing changes unless
// marking is pending. The keys and what stands are read after the attempt, each time that it is: who is held up in between and finds that marking was
// asked for again, for a corrected key, must not mark with the one from before.
func (p *Proctor) Mark(ctx context.Context, attempt string) error {
	return p.command(ctx, attempt, exam.Grade, func(s *store.Snapshot) (*exam.Score, error) {
		keys, err := p.keys(ctx, s.Paper)
		if err != nil {
			return nil, err
		}
		entries, err := p.Store.MarkingEntries(ctx, s.Attempt.ID)
		if err != nil {
			return nil, err
		}
		standing := exam.StandingOf(entries)
		score := p.Grader.MarkRest(s.Paper, &s.Attempt, keys, &standing)
		return &score, nil
	})
}

// keys are those of a paper's questions, by version.
func (p *Proctor) keys(ctx context.Context, paper *exam.Paper) (map[string]exam.Key, error) {
	keyed, err := p.Store.Keys(ctx, Versions(paper))
	if err != nil {
		return nil, err
	}
	keys := make(map[string]exam.Key, len(keyed))
	for version, k := range keyed {
		if planted.Bug(planted.KeysRemembered) {
			k.Key = remembered(version, k.Key)
		}
		keys[version] = k.Key
	}
	return keys, nil
}

// command gives a command of the server. A rejection means that there is nothing to do any more.
func (p *Proctor) command(ctx context.Context, attempt string, kind exam.Kind,
	score func(*store.Snapshot) (*exam.Score, error)) error {
	c := exam.Command{ID: uuid.NewString(), Kind: kind, Actor: exam.Actor{Role: exam.Server}, Salt: NewSalt()}
	q := store.AttemptQuery{Attempt: attempt, Command: c.ID, All: score != nil}
	_, _, err := p.Give(ctx, q, func(s *store.Snapshot) (exam.Command, exam.Instant, error) {
		var err error
		if score != nil {
			var err error
			if c.Score, err = score(s); err != nil {
				return c, s.Now, err
			}
		}
		return c, s.Now, err
	})
	if err != nil {
		return fmt.Errorf("proctor: %s of attempt %s: %w", kind, attempt, err)
	}
	return nil
}

// Versions lists the question versions on a paper.
func Versions(p *exam.Paper) []string {
	out := make([]string, 0, p.Len())
	for i := range p.Items {
		out = append(out, p.Items[i].Version)
	}
	return out
}

// NewSalt returns a fresh random salt.
func NewSalt() exam.Salt {
	b := make([]byte, exam.SaltBytes)
	rand.Read(b) // never fails: crypto/rand aborts the program instead
	return b
}

// chance fills b. A source of bytes that fails, which crypto/rand never does, is a fault of the program.
func (p *Proctor) chance(b []byte) {
	from := p.Random
	if from == nil {
		from = rand.Reader
	}
	if _, err := io.ReadFull(from, b); err != nil {
		panic(fmt.Sprintf("proctor: no random bytes: %v", err))
	}
}

func (p *Proctor) newSeed() (s exam.Seed) {
	p.chance(s[:])
	return s
}

// newID returns a random UUID (RFC 9562 §5.4).
func (p *Proctor) newID() string {
	var id uuid.UUID
	p.chance(id[:])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id.String()
}

// jitter is between half of a pause and all of it, so that copies of one start do not meet again.
func (p *Proctor) jitter(pause time.Duration) time.Duration {
	var b [8]byte
	p.chance(b[:])
	return pause/2 + time.Duration(binary.NativeEndian.Uint64(b[:])%uint64(pause/2+1))
}
