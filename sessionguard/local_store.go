package sessionguard

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/alexedwards/scs/v2"
)

// Store returns a store that keeps its sessions in inner and saves under
// leases of l. Nobody else may write to inner.
func (l *Local) Store(inner scs.Store) *Store {
	health := new(Health)
	return &Store{backend: &localBackend{inner: inner, health: health}, health: health}
}

// localBackend gives any scs store the conditional save. Its mutex makes
// comparing and writing one step against every other writer and deleter.
type localBackend struct {
	mu     sync.Mutex
	inner  scs.Store
	health *Health
}

// judge keeps the health up to date and says what an error means. Stores
// such as sqlite3store know no contexts, so none is passed on.
func (b *localBackend) judge(err error) error {
	if err != nil {
		b.health.failed()
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	b.health.answered()
	return nil
}

func (b *localBackend) find(_ context.Context, key string) ([]byte, bool, error) {
	data, found, err := b.inner.Find(key)
	return data, found, b.judge(err)
}

func (b *localBackend) remove(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.judge(b.inner.Delete(key))
}

func (b *localBackend) all(context.Context) (map[string][]byte, error) {
	iterable, ok := b.inner.(scs.IterableStore)
	if !ok {
		return nil, errors.New("sessionguard: this session store cannot list its sessions")
	}
	sessions, err := iterable.All()
	return sessions, b.judge(err)
}

func (b *localBackend) write(_ context.Context, w write) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if w.lease != nil && !w.lease.Held() {
		return ErrLost
	}
	if err := b.mayWrite(w); err != nil {
		return err
	}
	if err := b.judge(b.inner.Commit(w.key, w.data, w.expiry)); err != nil {
		return err
	}
	if w.replaces == "" {
		return nil
	}
	return b.judge(b.inner.Delete(w.replaces))
}

func (b *localBackend) mayWrite(w write) error {
	_, exists, err := b.inner.Find(w.key)
	switch {
	case err != nil:
		return b.judge(err)
	case w.first && exists:
		return errTaken
	case !w.first && !exists:
		return ErrGone
	case w.replaces == "" || w.orphan:
		return nil
	}
	_, exists, err = b.inner.Find(w.replaces)
	if err == nil && !exists {
		return ErrGone
	}
	return b.judge(err)
}
