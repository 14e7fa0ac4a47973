package sessionguard

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Bounds of a session's queue, docs/design.md §6.
const (
	// DefaultMaxWait is W, the longest that a request waits for its session.
	DefaultMaxWait = 5 * time.Second
	// DefaultMaxQueue is how many requests of one session may wait.
	DefaultMaxQueue = 32
)

const unbounded = -1

// Queue puts a first-come, first-served line of this process before a
// locker, so that one session's clicks wait here in their order instead of
// polling a lock over the network in any order.
type Queue struct {
	line       fifo
	next       Locker
	maxWait    time.Duration
	maxWaiting int
	// alone lets a request go on with its place in this line only, when the
	// locker behind it is unavailable.
	alone bool
}

// NewQueue returns a queue before next. At most maxWaiting requests of a key
// wait, each at most maxWait for its turn and the lock together; zero values
// mean DefaultMaxQueue and DefaultMaxWait.
func NewQueue(next Locker, maxWait time.Duration, maxWaiting int) *Queue {
	if maxWait <= 0 {
		maxWait = DefaultMaxWait
	}
	if maxWaiting <= 0 {
		maxWaiting = DefaultMaxQueue
	}
	return &Queue{next: next, maxWait: maxWait, maxWaiting: maxWaiting}
}

// Lock implements [Locker]. It returns ErrBusy when the queue is full or the
// wait is over, and the context's cause when the client is gone.
func (q *Queue) Lock(ctx context.Context, key string) (Lease, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, q.maxWait, ErrBusy)
	defer cancel()
	if err := q.line.enter(ctx, key, q.maxWaiting); err != nil {
		return nil, err
	}
	lease, err := q.next.Lock(ctx, key)
	if q.alone && errors.Is(err, ErrUnavailable) {
		lease, err = noLease{}, nil
	}
	if err != nil {
		q.line.leave(key)
		return nil, err
	}
	return &place{Lease: lease, leave: sync.OnceFunc(func() { q.line.leave(key) })}, nil
}

// Load returns how many keys are held and how many requests wait for one.
func (q *Queue) Load() (held, waiting int) {
	q.line.mu.Lock()
	defer q.line.mu.Unlock()
	for _, line := range q.line.waiting {
		waiting += len(line)
	}
	return len(q.line.waiting), waiting
}

// place is a lease together with the turn in the queue that led to it.
type place struct {
	Lease
	leave func()
}

// Release frees the lock before the turn, so that the next in line finds it
// free instead of polling for it.
func (p *place) Release(ctx context.Context) error {
	defer p.leave()
	return p.Lease.Release(ctx)
}

// underlying returns the locker's own lease of one that a queue gave.
func underlying(lease Lease) Lease {
	if p, ok := lease.(*place); ok {
		return p.Lease
	}
	return lease
}

// noLease stands where only the queue orders requests. It is never held, so
// nothing is written under it.
type noLease struct{}

func (noLease) Token() string                 { return "" }
func (noLease) Held() bool                    { return false }
func (noLease) Release(context.Context) error { return nil }

// fifo is a set of lines, one for each key. A key is in the map while
// somebody has its turn, and the waiting follow in their order; the last to
// leave takes the key away, so that idle sessions cost no memory.
type fifo struct {
	mu      sync.Mutex
	waiting map[string][]chan struct{}
}

// enter waits for the key's turn. At most limit callers wait (unbounded if
// negative); another gets ErrBusy at once.
func (f *fifo) enter(ctx context.Context, key string, limit int) error {
	turn, err := f.join(key, limit)
	if err != nil || turn == nil {
		return err
	}
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		f.abandon(key, turn)
		return context.Cause(ctx)
	}
}

// join takes the turn of a free key (nil channel), or a place in its line.
func (f *fifo) join(key string, limit int) (chan struct{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	line, taken := f.waiting[key]
	if !taken {
		if f.waiting == nil {
			f.waiting = make(map[string][]chan struct{})
		}
		f.waiting[key] = nil
		return nil, nil
	}
	if limit >= 0 && len(line) >= limit {
		return nil, ErrBusy
	}
	turn := make(chan struct{})
	f.waiting[key] = append(line, turn)
	return turn, nil
}

// abandon gives up a place. The turn may have come at the same moment; then
// it is passed on, or the line would stand for ever.
func (f *fifo) abandon(key string, turn chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	line := f.waiting[key]
	if i := slices.Index(line, turn); i >= 0 {
		f.waiting[key] = slices.Delete(line, i, i+1)
		return
	}
	f.pass(key)
}

// leave ends the turn of the key.
func (f *fifo) leave(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pass(key)
}

func (f *fifo) pass(key string) {
	line := f.waiting[key]
	if len(line) == 0 {
		delete(f.waiting, key)
		return
	}
	close(line[0])
	f.waiting[key] = line[1:]
}
