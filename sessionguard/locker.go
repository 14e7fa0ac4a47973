package sessionguard

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
)

// ErrBusy means that too many requests of one session wait already, or that
// this one waited as long as it may, for its session or for a connection of
// this instance to the session store. The client should send it again.
var ErrBusy = errors.New("sessionguard: session is busy")

// ErrUnavailable means that the session store or the lock's keeper does not
// answer. It says nothing about whether the last write reached it.
var ErrUnavailable = errors.New("sessionguard: session store is unavailable")

// A Locker gives one holder at a time to a key.
type Locker interface {
	// Lock waits until the key is free and takes it. It MUST return
	// context.Cause(ctx) when ctx ends while it waits, an error that wraps
	// ErrUnavailable when it cannot know who holds the key, and one that wraps
	// ErrBusy when it could not ask because this process asks too much. The lease
	// MUST outlive ctx: only Release, or its loss, ends it.
	Lock(ctx context.Context, key string) (Lease, error)
}

// A Lease is one holding of a key.
type Lease interface {
	// Token names this holding and no other; it is no secret of the user.
	Token() string
	// Held reports whether the key is still ours as far as this process can
	// know. False is certain; true may be overtaken by the lease's expiry,
	// which is why a store compares the token once more when it writes.
	Held() bool
	// Release frees the key if it is still ours and MUST leave another
	// holder's lease alone. It may be called more than once.
	Release(ctx context.Context) error
}

// Local locks within this process, first come, first served. It suits a
// program that is alone with its session store.
type Local struct {
	line  fifo
	count atomic.Uint64
}

// NewLocal returns a locker for a program that runs as one process.
func NewLocal() *Local { return &Local{} }

// Lock implements [Locker]. It never returns ErrUnavailable.
func (l *Local) Lock(ctx context.Context, key string) (Lease, error) {
	if err := l.line.enter(ctx, key, unbounded); err != nil {
		return nil, err
	}
	return &localLease{local: l, key: key, number: l.count.Add(1)}, nil
}

// localLease needs no expiry: a holder cannot die without the process, and
// the process takes the whole line with it.
type localLease struct {
	local    *Local
	key      string
	number   uint64
	released atomic.Bool
}

func (l *localLease) Token() string { return strconv.FormatUint(l.number, 10) }

func (l *localLease) Held() bool { return !l.released.Load() }

func (l *localLease) Release(context.Context) error {
	if l.released.CompareAndSwap(false, true) {
		l.local.line.leave(l.key)
	}
	return nil
}
