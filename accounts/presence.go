package accounts

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"shiken/exam"
)

// Bounds of Presence.
const (
	presenceEvery = 5 * time.Second
	// maxPresent bounds the sign-ins noted between two writes, which go into one statement. Those
	// beyond are noted at their next request.
	maxPresent = 10_000
	// presenceTimeout bounds a write, so that a hung database does not hold up the end.
	presenceTimeout = 3 * time.Second
)

// SeenWriter is the part of the store that Presence needs.
type SeenWriter interface {
	Seen(ctx context.Context, at map[string]exam.Instant) error
}

// Presence notes in memory when sign-ins were last heard of, and writes that every five seconds in
// one statement (docs/design.md §3). It is a hint: what a crash loses is noted again at the next
// request. It is safe for concurrent use.
type Presence struct {
	to  SeenWriter
	log *slog.Logger
	mu  sync.Mutex
	at  map[string]exam.Instant
}

// NewPresence returns a Presence that writes to a store while Run runs.
func NewPresence(to SeenWriter, log *slog.Logger) *Presence {
	return &Presence{to: to, log: log, at: map[string]exam.Instant{}}
}

// Note remembers that a sign-in was heard of. It never waits for the store.
func (p *Presence) Note(signIn string, now exam.Instant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note(signIn, now)
}

func (p *Presence) note(signIn string, at exam.Instant) {
	was, known := p.at[signIn]
	if signIn == "" || !known && len(p.at) >= maxPresent {
		return
	}
	p.at[signIn] = max(was, at)
}

// Run writes every five seconds until ctx is done, and once more then.
func (p *Presence) Run(ctx context.Context) {
	tick := time.NewTicker(presenceEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.flush(ctx)
		case <-ctx.Done():
			p.flush(context.WithoutCancel(ctx))
			return
		}
	}
}

// flush writes what was noted; when that fails, it is kept for the next time.
func (p *Presence) flush(ctx context.Context) {
	p.mu.Lock()
	at := p.at
	p.at = map[string]exam.Instant{}
	p.mu.Unlock()
	if len(at) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, presenceTimeout)
	defer cancel()
	err := p.to.Seen(ctx, at)
	if err == nil {
		return
	}
	p.log.WarnContext(ctx, "presence not written", "sign_ins", len(at), "error", err)
	p.mu.Lock()
	defer p.mu.Unlock()
	for signIn, when := range at {
		p.note(signIn, when)
	}
}
