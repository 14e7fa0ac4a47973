package sessionguard

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
)

var (
	// ErrLost means that a save was refused because the request no longer
	// held its session's lock.
	ErrLost = errors.New("sessionguard: lock of the session was lost")
	// ErrGone means that a save was refused because the session was
	// destroyed while the request was under way.
	ErrGone = errors.New("sessionguard: session was destroyed meanwhile")

	errUnguarded = errors.New("sessionguard: session saved outside a state-changing request")
	errTaken     = errors.New("sessionguard: new session token is taken")
)

// visit is what the store must know about the request that calls it. The
// guard puts it into the context, because scs hands nothing else through.
type visit struct {
	// safe: a request that must not write session data.
	safe bool
	// lease is held on the token that the request came with; nil without one.
	lease Lease
	// key is the stored name of the session that was loaded; empty if none.
	key string
	// dropped: the handler asked to delete key. The guard does it at the end.
	dropped bool
	// supplied replaces what the store cannot give, see Fallback.
	supplied []byte
	// source says why the session was supplied, if it was.
	source source
}

// source is where the session of a request comes from.
type source int

const (
	fromStore   source = iota // no Fallback was needed
	storeSilent               // the Fallback: the store did not answer
	storeLost                 // the Fallback: the store answered that it has no such session
	storeSpoilt               // the Fallback: nobody can read what the store has
)

// isRebuilt reports whether a state-changing request saves its session even
// when it changed nothing in it.
func (v *visit) isRebuilt() bool { return v.source == storeLost || v.source == storeSpoilt }

type visitKey struct{}

func withVisit(ctx context.Context, v *visit) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// write is one conditional save.
type write struct {
	key    string
	data   []byte
	expiry time.Time
	// lease, unless nil, must be held.
	lease Lease
	// first: the key must not exist yet. Otherwise it must exist, since a
	// save never brings a destroyed session back.
	first bool
	// replaces, unless empty, is the session that a first write goes on
	// from: it must exist unless orphan is set, and is deleted in the same
	// step.
	replaces string
	// orphan: the store did not give the replaced session.
	orphan bool
}

// backend keeps sessions by their hashed token. All its errors but ErrLost,
// ErrGone, errTaken, ErrBusy and the context's wrap ErrUnavailable.
type backend interface {
	find(ctx context.Context, key string) ([]byte, bool, error)
	remove(ctx context.Context, key string) error
	all(ctx context.Context) (map[string][]byte, error)
	write(ctx context.Context, w write) error
}

// Store keeps sessions for scs, and saves one only from within a guarded
// request that holds the session's lock. Make it by [Local.Store] or
// [Redis.Store].
type Store struct {
	backend backend
	health  *Health
	reads   atomic.Uint64
	writes  atomic.Uint64
}

var (
	_ scs.CtxStore         = (*Store)(nil)
	_ scs.IterableCtxStore = (*Store)(nil)
)

// Health says how the store does.
func (s *Store) Health() *Health { return s.health }

// Reads returns how many times the store was asked for a session.
func (s *Store) Reads() uint64 { return s.reads.Load() }

// Writes returns how many times a session was saved or deleted, successfully
// or not.
func (s *Store) Writes() uint64 { return s.writes.Load() }

// FindCtx implements scs.CtxStore.
func (s *Store) FindCtx(ctx context.Context, key string) ([]byte, bool, error) {
	if v := visitOf(ctx); v != nil && v.supplied != nil {
		return v.supplied, true, nil
	}
	s.reads.Add(1)
	return s.backend.find(ctx, key)
}

// CommitCtx implements scs.CtxStore. It returns ErrLost, ErrGone or an error
// that wraps ErrBusy or ErrUnavailable when nothing, or not surely anything,
// was saved.
func (s *Store) CommitCtx(ctx context.Context, key string, data []byte, expiry time.Time) error {
	v := visitOf(ctx)
	if v == nil || v.safe {
		return errUnguarded
	}
	if underlying(v.lease) == (noLease{}) {
		return errors.Join(ErrUnavailable, errors.New("sessionguard: no lock to save under"))
	}
	s.writes.Add(1)
	w := write{key: key, data: data, expiry: expiry, lease: v.lease, first: isFirst(v, key)}
	switch {
	case !w.first, key == v.key:
	case v.key != "":
		w.replaces, w.orphan = v.key, v.source != fromStore
	default:
		// Sign-in with an unknown token: its lock guards nothing that is
		// written here.
		w.lease = nil
	}
	if err := s.backend.write(ctx, w); err != nil {
		return err
	}
	v.key, v.dropped, v.source = key, false, fromStore
	return nil
}

// isFirst reports whether a save of key must find nothing there. One that was
// supplied must not replace what another request made of it.
func isFirst(v *visit, key string) bool {
	return key != v.key || v.source == storeSilent || v.source == storeLost
}

// DeleteCtx implements scs.CtxStore. The deletion of a request's own session
// is put off to the end of the request: only there is it known whether a new
// token takes its place, which must happen in one step.
func (s *Store) DeleteCtx(ctx context.Context, key string) error {
	v := visitOf(ctx)
	switch {
	case key == noToken:
		return nil
	case v != nil && v.safe:
		return errUnguarded
	case v != nil && key == v.key:
		v.dropped = true
		return nil
	}
	s.writes.Add(1)
	return s.backend.remove(ctx, key)
}

// noToken is the name that scs asks to delete when a request without a
// session destroys it.
var noToken = HashToken("")

// AllCtx implements scs.IterableCtxStore. The keys are hashed tokens: pass
// them to DeleteCtx, not to scs, which would hash them again.
func (s *Store) AllCtx(ctx context.Context) (map[string][]byte, error) {
	s.reads.Add(1)
	return s.backend.all(ctx)
}

// Find implements scs.Store.
func (s *Store) Find(key string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), key)
}

// Commit implements scs.Store. It always fails: without a request's context
// there is no lock under which to save.
func (s *Store) Commit(key string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), key, data, expiry)
}

// Delete implements scs.Store.
func (s *Store) Delete(key string) error { return s.DeleteCtx(context.Background(), key) }

// probeLifetime bounds how long a probe's session outlives a probe that was
// cut off.
const probeLifetime = 10 * time.Second

// Probe writes a session, reads it and deletes it again. It is not counted
// among Reads and Writes, which tell what requests cost.
func (s *Store) Probe(ctx context.Context) error {
	key := HashToken(newOwner())
	w := write{key: key, data: []byte(key), expiry: time.Now().Add(probeLifetime), first: true}
	if err := s.backend.write(ctx, w); err != nil {
		return err
	}
	data, found, err := s.backend.find(ctx, key)
	if err != nil {
		return err
	}
	if !found || string(data) != key {
		return errors.Join(ErrUnavailable, errors.New("sessionguard: store does not return what was written"))
	}
	return s.backend.remove(ctx, key)
}
