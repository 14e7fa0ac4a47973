package sessionguard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
)

// localTimeout bounds one call of a local store, which knows no context: a
// disk may hang as a network does.
const localTimeout = time.Second

// Store returns a store that keeps its sessions in inner and saves under
// leases of l. Nobody else may write to inner.
func (l *Local) Store(inner scs.Store) *Store {
	health := new(Health)
	return &Store{backend: &localBackend{inner: inner, health: health}, health: health}
}

// localBackend gives any scs store the conditional save, and the circuit. Its
// mutex makes comparing and writing one step against every other writer and
// deleter.
type localBackend struct {
	mu      sync.Mutex
	inner   scs.Store
	health  *Health
	probing atomic.Bool
	probed  atomic.Int64 // when the last probe ended (ns)
}

// call runs op within localTimeout, and again if it fails, and opens the
// circuit when that fails too. An op that was given up may end later.
func call[T any](b *localBackend, op func() (T, error)) (T, error) {
	var none T
	if b.health.isOpen() {
		b.probe()
		return none, ErrUnavailable
	}
	var err error
	for range attempts {
		var out T
		out, err = timed(op)
		if err == nil || isVerdict(err) {
			b.health.answered()
			return out, err
		}
		b.health.failed(err)
		if errors.Is(err, errHangs) {
			break
		}
	}
	b.health.open(err)
	return none, fmt.Errorf("%w: %w", ErrUnavailable, err)
}

var errHangs = errors.New("sessionguard: session store does not answer in time")

// timed runs op, and returns errHangs when it takes too long.
func timed[T any](op func() (T, error)) (T, error) {
	type result struct {
		out T
		err error
	}
	done := make(chan result, 1)
	go func() {
		out, err := op()
		done <- result{out, err}
	}()
	timer := time.NewTimer(localTimeout)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.out, r.err
	case <-timer.C:
		var none T
		return none, errHangs
	}
}

// isVerdict: the store did answer.
func isVerdict(err error) bool {
	return errors.Is(err, ErrLost) || errors.Is(err, ErrGone) || errors.Is(err, errTaken)
}

// probe tries in the background whether the store takes a write again and gives
// it back, one probe at a time and with pauses between, and closes the circuit if so.
func (b *localBackend) probe() {
	if time.Since(time.Unix(0, b.probed.Load())) < healPause || !b.probing.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer b.probing.Store(false)
		defer func() { b.probed.Store(time.Now().UnixNano()) }()
		key := HashToken(newOwner())
		if err := b.inner.Commit(key, []byte(key), time.Now().Add(probeLifetime)); err != nil {
			return
		}
		if _, found, err := b.inner.Find(key); err != nil || !found {
			return
		}
		if err := b.inner.Delete(key); err == nil {
			b.health.restored()
		}
	}()
}

// found is what a store gives for a key.
type found struct {
	data []byte
	ok   bool
}

func (b *localBackend) find(_ context.Context, key string) ([]byte, bool, error) {
	f, err := call(b, func() (found, error) {
		data, ok, err := b.inner.Find(key)
		return found{data, ok}, err
	})
	return f.data, f.ok, err
}

func (b *localBackend) remove(_ context.Context, key string) error {
	return b.alone(func() error { return b.inner.Delete(key) })
}

// alone calls op while nothing else writes or deletes.
func (b *localBackend) alone(op func() error) error {
	_, err := call(b, func() (struct{}, error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		return struct{}{}, op()
	})
	return err
}

// all is no part of a request, so it has its time and does not touch the
// circuit.
func (b *localBackend) all(context.Context) (map[string][]byte, error) {
	iterable, ok := b.inner.(scs.IterableStore)
	if !ok {
		return nil, errors.New("sessionguard: this session store cannot list its sessions")
	}
	sessions, err := iterable.All()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return sessions, nil
}

func (b *localBackend) write(_ context.Context, w write) error {
	return b.alone(func() error {
		if w.lease != nil && !w.lease.Held() {
			return ErrLost
		}
		if err := b.mayWrite(w); err != nil {
			return err
		}
		if err := b.inner.Commit(w.key, w.data, w.expiry); err != nil || w.replaces == "" {
			return err
		}
		return b.inner.Delete(w.replaces)
	})
}

// mayWrite returns nil, why not, or why that cannot be told. As in Redis a
// first write that finds its own data was applied before.
func (b *localBackend) mayWrite(w write) error {
	saved, exists, err := b.inner.Find(w.key)
	switch {
	case err != nil:
		return err
	case w.first && exists && !bytes.Equal(saved, w.data):
		return errTaken
	case !w.first && !exists:
		return ErrGone
	case w.replaces == "" || w.orphan || exists && w.first:
		return nil
	}
	_, exists, err = b.inner.Find(w.replaces)
	if err == nil && !exists {
		return ErrGone
	}
	return err
}
