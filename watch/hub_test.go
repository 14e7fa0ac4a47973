package watch_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shiken/exam"
	"shiken/store"
	"shiken/watch"
)

// board is a sitting in memory that counts how often it is read.
type board struct {
	mu       sync.Mutex
	answered map[string]int
	reads    int
	counted  int
	most     int           // users asked for at once
	large    time.Duration // that counting takes
	failing  error
}

func (b *board) set(user string, answered int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answered[user] = answered
}

func (b *board) readings() (reads, counted int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reads, b.counted
}

func (b *board) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failing = err
}

func (b *board) SeatsOf(_ context.Context, _ string, users []string, _ exam.Micros) ([]store.Seat, exam.Instant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	b.most = max(b.most, len(users))
	now := exam.Instant(time.Now().UnixMicro())
	var out []store.Seat
	for _, u := range users {
		if n, there := b.answered[u]; there {
			out = append(out, store.Seat{User: u, State: store.SeatWriting, Answered: n, LastSeen: now})
		}
	}
	return out, now, b.failing
}

func (b *board) CountSeats(context.Context, string, exam.Micros) (map[store.SeatState]int, error) {
	time.Sleep(b.large)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counted++
	return map[store.SeatState]int{store.SeatWriting: len(b.answered)}, b.failing
}

func hubOf(b *board) *watch.Hub { return watch.NewHub(b, exam.Minute, slog.New(slog.DiscardHandler)) }

// told takes the next sight, which must come within a second; nothing: ok is false.
func told(w *watch.Watcher) (watch.Sight, bool) {
	select {
	case s := <-w.Sights():
		return s, true
	case <-time.After(1100 * time.Millisecond):
		return watch.Sight{}, false
	}
}

func TestWatchersAreToldWhatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &board{answered: map[string]int{"ann": 1, "bob": 1, "cy": 1}}
		w := hubOf(b).Watch("test", []string{"ann", "bob", "gone"})
		defer w.Close()
		if s, ok := told(w); !ok || len(s.Seats) != 2 || s.Counts[store.SeatWriting] != 3 || s.Now == 0 {
			t.Fatalf("at first %+v", s)
		}
		b.set("cy", 2) // not watched
		if s, ok := told(w); ok {
			t.Errorf("told of nothing: %+v", s)
		}
		b.set("bob", 2)
		if s, ok := told(w); !ok || len(s.Seats) != 1 || s.Seats[0].User != "bob" || s.Seats[0].Answered != 2 || s.Counts != nil {
			t.Errorf("a change: %+v", s)
		}
		b.set("dee", 0)
		time.Sleep(time.Second)
		if s, ok := told(w); !ok || len(s.Seats) != 0 || s.Counts[store.SeatWriting] != 4 {
			t.Errorf("a new seat: %+v", s)
		}
	})
}

// Whoever is slow gets the newest of each seat, and no change is lost.
func TestSlowWatcher(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &board{answered: map[string]int{"ann": 1, "bob": 1}}
		w := hubOf(b).Watch("test", []string{"ann", "bob"})
		defer w.Close()
		for n := 2; n < 6; n++ {
			time.Sleep(2 * time.Second)
			b.set("ann", n)
		}
		time.Sleep(2 * time.Second)
		s, _ := told(w)
		got := map[string]int{}
		for _, seat := range s.Seats {
			got[seat.User] = seat.Answered
		}
		if len(s.Seats) != 2 || got["ann"] != 5 || got["bob"] != 1 || s.Counts == nil {
			t.Errorf("told %+v", s)
		}
		if s, ok := told(w); ok {
			t.Errorf("told twice: %+v", s)
		}
	})
}

// However many watch, a seat is read and counted once a second; when nobody watches, never.
func TestReadingIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &board{answered: map[string]int{"ann": 1}}
		h := hubOf(b)
		var all []*watch.Watcher
		for range 20 {
			all = append(all, h.Watch("test", []string{"ann"}))
		}
		synctest.Wait() // who comes is told at once; how many of twenty share that reading is up to the scheduler
		first, firstCounted := b.readings()
		time.Sleep(10*time.Second + time.Second/2)
		reads, counted := b.readings()
		if reads-first != 10 || counted-firstCounted != 10 || first > 20 {
			t.Errorf("read %d times at first, then %d times, counted %d times in 10 s", first, reads-first, counted-firstCounted)
		}
		for _, w := range all {
			if s, ok := told(w); !ok || len(s.Seats) != 1 {
				t.Errorf("told %+v", s)
			}
			w.Close()
		}
		reads, _ = b.readings()
		time.Sleep(10 * time.Second)
		if again, _ := b.readings(); again != reads {
			t.Errorf("read %d times more for nobody", again-reads)
		}
	})
}

// The longer counting takes, the more seldom it is done; who watches sees the seats as soon as ever.
func TestCountingIsBounded(t *testing.T) {
	for large, want := range map[time.Duration]int{
		time.Millisecond: 61, 8 * time.Millisecond: 31, 19 * time.Millisecond: 16, time.Second: 7,
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &board{answered: map[string]int{"ann": 1}, large: large}
			w := hubOf(b).Watch("test", []string{"ann"})
			defer w.Close()
			time.Sleep(time.Minute + large + time.Second/2)
			if reads, counted := b.readings(); counted != want || reads < 54 {
				t.Errorf("%v: counted %d times in a minute, want %d; read %d times", large, counted, want, reads)
			}
		})
	}
}

func TestManyUsersAreReadInParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &board{answered: map[string]int{}}
		h := hubOf(b)
		for i := range 5 {
			var users []string
			for j := range 100 {
				users = append(users, fmt.Sprint(i*100+j))
				b.set(fmt.Sprint(i*100+j), 0)
			}
			w := h.Watch("test", users)
			defer w.Close()
			if s, ok := told(w); !ok || len(s.Seats) != 100 {
				t.Errorf("told of %d", len(s.Seats))
			}
		}
		if b.most > store.MaxSeatsOf {
			t.Errorf("%d users at once", b.most)
		}
	})
}

func TestDatabaseDownAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &board{answered: map[string]int{"ann": 1}}
		w := hubOf(b).Watch("test", []string{"ann"})
		defer w.Close()
		told(w)
		b.fail(errors.New("down"))
		b.set("ann", 2)
		if s, ok := told(w); ok {
			t.Errorf("told %+v", s)
		}
		b.fail(nil)
		if s, ok := told(w); !ok || s.Seats[0].Answered != 2 {
			t.Errorf("told %+v", s)
		}
	})
}
