package board

import (
	"errors"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// Bounds of subscriptions.
const (
	// maxOfAttempt and maxOfSignIn bound the pages of one attempt and of one browser. A browser has six
	// connections to a host that speaks HTTP/1.1, and needs some for its pages.
	maxOfAttempt = 8
	maxOfSignIn  = 4
)

// ErrFull: no more pages of the attempt, or of the sign-in, are told.
var ErrFull = errors.New("board: too many subscriptions")

// Watch says what a page shows.
type Watch struct {
	Exam    string // slug
	SignIn  string
	Started exam.Instant // of the attempt: earlier messages were not for it
	State   store.AttemptState
}

// Snapshot is all that a page is told, each time as a whole.
type Snapshot struct {
	Status   exam.Status
	Opening  int
	Deadline exam.Instant // 0 = untimed
	// Version is the number of the newest journal entry, of half a minute ago at the latest.
	Version int64
	// Pausing: a pause was announced, and what is on the screen should be saved now.
	Pausing bool
	// Elsewhere: the attempt belongs to another sign-in than the page's, since HolderSince.
	Elsewhere   bool
	HolderSince exam.Instant
	// SignedOut: the sign-in was revoked; the rest is zero.
	SignedOut bool
	Messages  []store.Message // the newest first
}

// last reports whether nothing will be told after it.
func (s *Snapshot) last() bool { return s.SignedOut || !s.Status.Open() }

// Subscription is one page that is told.
type Subscription struct {
	board   *Board
	watch   Watch
	slot    int
	pausing bool // as was told
	over    bool // the last snapshot was told
	updates chan Snapshot
}

// Updates gives the first snapshot at once, and another when something changed; whoever is slow gets
// the newest alone. It is closed behind the last one: the attempt is over, or the sign-in.
func (s *Subscription) Updates() <-chan Snapshot { return s.updates }

// Subscribe adds a page. ErrFull when there are too many; else Close MUST follow.
func (b *Board) Subscribe(w Watch) (*Subscription, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := w.State.Attempt
	if len(b.watched[a]) >= maxOfAttempt || b.signIns[w.SignIn] >= maxOfSignIn {
		return nil, ErrFull
	}
	s := &Subscription{board: b, watch: w, slot: b.next, updates: make(chan Snapshot, 1)}
	b.next = (b.next + 1) % rereads
	b.open++
	b.signIns[w.SignIn]++
	b.slots[s.slot][s] = true
	b.watched[a] = append(b.watched[a], s)
	b.tell(s)
	return s, nil
}

// Look gives a snapshot without a subscription.
func (b *Board) Look(w Watch) Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.snapshot(&w)
}

// Close ends a subscription. Calling it again does nothing.
func (s *Subscription) Close() {
	b := s.board
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.slots[s.slot][s] {
		return
	}
	delete(b.slots[s.slot], s)
	b.open--
	if b.signIns[s.watch.SignIn]--; b.signIns[s.watch.SignIn] == 0 {
		delete(b.signIns, s.watch.SignIn)
	}
	a := s.watch.State.Attempt
	b.watched[a] = slices.DeleteFunc(b.watched[a], func(other *Subscription) bool { return other == s })
	if len(b.watched[a]) == 0 {
		delete(b.watched, a)
	}
}

// Open is how many pages are told.
func (b *Board) Open() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open
}

// tell puts the newest snapshot in place of one that was not taken yet.
func (b *Board) tell(s *Subscription) {
	snap := b.snapshot(&s.watch)
	s.pausing = snap.Pausing
	s.put(snap)
}

func (b *Board) snapshot(w *Watch) Snapshot {
	return Snapshot{
		Status: w.State.Status, Opening: w.State.Opening, Deadline: w.State.Deadline, Version: w.State.Version,
		Elsewhere:   w.State.Holder != "" && w.State.Holder != w.SignIn,
		HolderSince: w.State.HolderSince,
		Pausing:     b.pausing(w.State.Attempt), Messages: b.messagesOf(w.Exam, w.State.Attempt, w.Started),
	}
}

// put is called by one goroutine at a time, so that the place stays free once it was made.
func (s *Subscription) put(snap Snapshot) {
	if s.over {
		return
	}
	select {
	case <-s.updates:
	default:
	}
	s.updates <- snap
	if s.over = snap.last(); s.over {
		close(s.updates)
	}
}

func (b *Board) tellAll(list []*Subscription) {
	for _, s := range list {
		b.tell(s)
	}
}
