// Package board tells the pages that candidates have open what the invigilators do: messages,
// announced pauses, changes of status and time. Each instance has one board, which asks the database
// once a second for all of its pages together; nothing is sent from instance to instance, and what a
// page is told may be a second old.
//
// It knows the state machine and the store's contract; nothing of HTTP, sessions or pages. It decides
// nothing: a page that was told nothing is judged by the state machine all the same.
package board

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"shiken/exam"
	"shiken/store"
)

// Store is what a board reads.
type Store interface {
	MessagesSince(ctx context.Context, since exam.Instant) ([]store.Message, exam.Instant, error)
	RecentJobs(ctx context.Context, kind store.JobKind, since exam.Micros) ([]store.Job, exam.Instant, error)
	States(ctx context.Context, attempts []string) ([]store.AttemptState, exam.Instant, error)
	LiveSignIns(ctx context.Context, signIns []string) ([]string, error)
}

// Order reads which command a job gives to which attempts.
type Order func(store.Job) (exam.Kind, []string, error)

const (
	// every is the time between two looks at the database.
	every = time.Second
	// patience bounds one look, so that a hung database is heard of.
	patience = 5 * time.Second
	// overlap is how far a look for messages reaches back behind the one before: a message is dated
	// before it is committed, and seen after that.
	overlap = 15 * exam.Second
	// memory is how long messages are kept.
	memory = 24 * 60 * exam.Minute
	// recent is how long after its end a job is still looked for.
	recent = 10 * exam.Second
	// checks is after how many looks the sign-in of a page is checked.
	checks = 15
	// rereads is after how many looks the state of an attempt is read although nothing is known to
	// have changed it: whatever was missed.
	rereads = 2 * checks
	// heldReads is that of attempts that belong to one device at a time; it divides rereads.
	heldReads = 5
)

// Board holds what pages are told. It is safe for concurrent use.
type Board struct {
	store Store
	order Order
	log   *slog.Logger

	mu       sync.Mutex
	clock    exam.Instant // the database's at the time read
	read     time.Time
	messages map[string][]store.Message // by exam, the oldest first
	orders   map[string]*order          // by id of the job
	watched  map[string][]*Subscription // by attempt
	signIns  map[string]int             // how many subscriptions each has
	slots    [rereads]map[*Subscription]bool
	next     int             // slot of the next subscription
	open     int             // subscriptions
	asked    map[string]bool // attempts to be read again

	// The rest belongs to Run.
	since  exam.Instant            // from when on messages are looked for
	heard  map[string]exam.Instant // messages since then, by id
	round  int
	failed bool
}

// New returns a board of a store. It learns while Run runs.
func New(s Store, o Order, log *slog.Logger) *Board {
	b := &Board{
		store: s, order: o, log: log, messages: map[string][]store.Message{}, orders: map[string]*order{},
		watched: map[string][]*Subscription{}, signIns: map[string]int{}, asked: map[string]bool{},
		heard: map[string]exam.Instant{},
	}
	for i := range b.slots {
		b.slots[i] = map[*Subscription]bool{}
	}
	b.set(exam.Instant(time.Now().UnixMicro()))
	b.since = exam.Forever
	return b
}

// Run looks at the database each second until ctx ends.
func (b *Board) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		b.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look learns what is new and tells it. While nobody has a page open it only reads messages, in one
// statement. A fault of the database is logged once, and the next look makes up for it.
func (b *Board) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var err error
	for _, step := range []func(context.Context) error{b.readMessages, b.readOrders, b.readStates, b.checkSignIns} {
		if err = step(ctx); err != nil {
			break
		}
	}
	if err != nil && !b.failed && context.Cause(ctx) != context.Canceled {
		b.log.Warn("the board cannot be read", "error", err)
	}
	b.failed = err != nil
	b.round = (b.round + 1) % rereads
}

// Now is the database's clock, as far as it is known.
func (b *Board) Now() exam.Instant {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now()
}

func (b *Board) now() exam.Instant {
	return b.clock.Add(exam.Micros(time.Since(b.read).Microseconds()))
}

func (b *Board) set(clock exam.Instant) { b.clock, b.read = clock, time.Now() }

// Changed says that something was committed here to attempts: their pages are told with the next look.
func (b *Board) Changed(attempts ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ask(attempts)
}

// ask remembers those of the attempts that somebody watches.
func (b *Board) ask(attempts []string) {
	for _, a := range attempts {
		if len(b.watched[a]) > 0 {
			b.asked[a] = true
		}
	}
}
