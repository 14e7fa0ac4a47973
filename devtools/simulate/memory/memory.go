// Package memory is a store for simulations: it keeps the contract of package store for what a sitting
// needs (attempts, and what candidates, the proctor and jobs of commands ask of exams and accounts),
// in memory and on a clock of the caller's. It is no backend of the program: nothing of it survives, and
// whatever a sitting does not need panics. The conformance suite (store/storetest) proves the rest.
//
// Everything is copied on its way in and out, but for papers and contents of questions, which never
// change: nobody shares memory with the store, so that no fault can hide behind an alias.
package memory

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Store is one database. It is safe for concurrent use.
type Store struct {
	store.Store // nil: what is not implemented here panics
	clock       func() exam.Instant
	statements  atomic.Int64

	mu       sync.Mutex
	attempts map[string]*attempt
	order    []*attempt // as they were begun
	refused  map[startKey]exam.Reason
	sets     map[string][]*question
	versions map[string]*question
	exams    map[string]*definition
	media    map[string]store.Media // attachments of exams
	users    map[string]*store.User
	signIns  map[string]*store.SignIn
	tokens   map[string]*store.SignIn
	failures []failure
	beat     exam.Instant // the last; 0 = none
	outages  []outage
	writing  map[string]*writing // by exam
}

// New returns an empty store whose clock, the database's, is the one given.
func New(clock func() exam.Instant) *Store {
	return &Store{
		clock: clock, attempts: map[string]*attempt{}, refused: map[startKey]exam.Reason{},
		sets: map[string][]*question{}, versions: map[string]*question{}, exams: map[string]*definition{},
		media: map[string]store.Media{},
		users: map[string]*store.User{}, signIns: map[string]*store.SignIn{}, tokens: map[string]*store.SignIn{},
		writing: map[string]*writing{},
	}
}

// enter begins a statement: nobody else's comes between until the returned function is called. The
// caller may have gone, like that of a database.
func (s *Store) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.statements.Add(1)
	s.mu.Lock()
	return s.mu.Unlock, nil
}

// Ping implements store.Operations.
func (s *Store) Ping(ctx context.Context) error { return ctx.Err() }

// Clean implements store.Operations: a simulated sitting is shorter than anything is kept.
func (s *Store) Clean(ctx context.Context) (int, error) { return 0, ctx.Err() }

// Statements implements store.Operations: one for each call.
func (s *Store) Statements() int64 { return s.statements.Load() }

// Close implements store.Operations.
func (s *Store) Close() error { return nil }

// document is v as a column of JSON holds it.
func document(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("memory: encode %T: %w", v, err)
	}
	return b, nil
}

func read(text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("memory: %T: %w", v, err)
	}
	return nil
}

// uuidLength is the length of a UUID as text.
const uuidLength = 36

// id returns the canonical text of a UUID, "" when s is none: nothing is stored under that.
func id(s string) string {
	if len(s) != uuidLength {
		return ""
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return ""
	}
	return u.String()
}
