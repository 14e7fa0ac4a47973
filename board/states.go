package board

import (
	"context"
	"maps"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// readStates reads again the attempts that were asked for, and those whose turn it is, and tells what
// changed. When it fails, what was asked for stays asked for.
func (b *Board) readStates(ctx context.Context) error {
	ids, ending := b.toRead()
	for part := range slices.Chunk(ids, store.MaxSeatsOf) {
		states, now, err := b.store.States(ctx, part)
		if err != nil {
			b.Changed(ids...)
			return err
		}
		b.adopt(states, now)
	}
	b.settle(ending)
	return nil
}

// toRead takes what is to be read now, with the orders that have ended by now. What changes from now
// on is asked for anew.
func (b *Board) toRead() ([]string, []*order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ids := b.asked
	b.asked = map[string]bool{}
	for s := range b.slots[b.round] {
		ids[s.watch.State.Attempt] = true
	}
	for i := b.round % heldReads; i < rereads; i += heldReads {
		for s := range b.slots[i] {
			if s.watch.State.HolderSince != 0 { // any instance may have moved it to another device
				ids[s.watch.State.Attempt] = true
			}
		}
	}
	b.addEnding(ids)
	var ending []*order
	for _, o := range b.orders {
		if o.ended && !o.settled {
			ending = append(ending, o)
		}
	}
	return slices.Sorted(maps.Keys(ids)), ending
}

// addEnding adds the attempts whose time is over: the server is about to close them, or gives them what
// an outage took.
func (b *Board) addEnding(ids map[string]bool) {
	now := b.now()
	for a, list := range b.watched {
		s := &list[0].watch.State
		if s.Status == exam.InProgress && s.Deadline != 0 && s.Deadline <= now {
			ids[a] = true
		}
	}
}

// adopt tells the pages of attempts that changed. A page may know a newer state than was read: it was
// opened meanwhile.
func (b *Board) adopt(states []store.AttemptState, now exam.Instant) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(now)
	for _, state := range states {
		for _, s := range b.watched[state.Attempt] {
			was := s.watch.State
			if state.Version < was.Version {
				continue
			}
			s.watch.State = state
			// Where any device may write, what was written on another one is to be told as well.
			written := was.Version != state.Version && state.HolderSince == 0
			if was.Status != state.Status || was.Opening != state.Opening || was.Deadline != state.Deadline ||
				was.Holder != state.Holder || written {
				b.tell(s)
			}
		}
	}
}

// settle notes the orders whose end was read. Whether an attempt is about to be paused is told anew
// where one was settled, since it is paused by now or will not be, and where one is new.
func (b *Board) settle(ending []*order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range ending {
		o.settled = true
	}
	for a, list := range b.watched {
		pausing := b.pausing(a)
		for _, s := range list {
			if s.pausing != pausing {
				b.tell(s)
			}
		}
	}
}

// checkSignIns ends the pages of sign-ins that were revoked, of those whose turn it is.
func (b *Board) checkSignIns(ctx context.Context) error {
	b.mu.Lock()
	turn := map[string]bool{}
	for _, s := range b.inTurn() {
		turn[s.watch.SignIn] = true
	}
	b.mu.Unlock()
	if len(turn) == 0 {
		return nil
	}
	live, err := b.store.LiveSignIns(ctx, slices.Sorted(maps.Keys(turn)))
	if err != nil {
		return err
	}
	for _, signIn := range live {
		delete(turn, signIn)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.inTurn() {
		if turn[s.watch.SignIn] {
			s.put(Snapshot{SignedOut: true})
		}
	}
	return nil
}

// inTurn lists the pages whose sign-ins are to be checked now.
func (b *Board) inTurn() []*Subscription {
	return slices.AppendSeq(slices.Collect(maps.Keys(b.slots[b.round%checks])), maps.Keys(b.slots[b.round%checks+checks]))
}
