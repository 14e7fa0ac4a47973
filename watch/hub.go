// Package watch reads again and again what is seen of a sitting: once on an instance for all who watch
// an exam, and only while somebody does. Each watcher is told what changed in the seats that it
// watches.
//
// It knows the store's contract; nothing of HTTP or pages.
package watch

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"shiken/exam"
	"shiken/store"
)

// Source is what a hub needs of a store.
type Source interface {
	SeatsOf(ctx context.Context, exam string, users []string, heard exam.Micros) ([]store.Seat, exam.Instant, error)
	CountSeats(ctx context.Context, exam string, heard exam.Micros) (map[store.SeatState]int, error)
}

// Bounds of a hub.
const (
	round = time.Second
	// Counting reads all of the seats: after it the room rests counting times as long as it took, and
	// at most seldom, until it counts again.
	counting = 200
	seldom   = 10 * time.Second
	// reading bounds one look, so that a hung database does not pile up readers.
	reading = 5 * time.Second
)

// Sight is what a watcher is told.
type Sight struct {
	Seats  []store.Seat            // those watched that changed since the last sight; at first all
	Counts map[store.SeatState]int // nil: as they were
	Now    exam.Instant            // the database's clock when the seats were read
}

// Hub looks at sittings for all who watch them.
type Hub struct {
	source Source
	heard  exam.Micros
	log    *slog.Logger

	mu    sync.Mutex
	rooms map[string]*room // by exam; those with watchers
}

// NewHub returns a hub. A candidate is heard from when last seen within heard.
func NewHub(s Source, heard exam.Micros, log *slog.Logger) *Hub {
	return &Hub{source: s, heard: heard, log: log, rooms: map[string]*room{}}
}

// Watch begins to watch the seats of some users in an exam's sitting. Close MUST follow.
func (h *Hub) Watch(slug string, users []string) *Watcher {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[slug]
	if r == nil {
		r = h.open(slug)
	}
	w := &Watcher{hub: h, room: r, users: users, sights: make(chan Sight, 1), seats: map[string]store.Seat{}}
	r.watchers[w] = true
	r.ask()
	return w
}

// open makes a room whose looking ends when close is called. The hub is locked.
func (h *Hub) open(slug string) *room {
	ctx, stop := context.WithCancel(context.Background())
	r := &room{hub: h, slug: slug, stop: stop, asked: make(chan struct{}, 1), watchers: map[*Watcher]bool{}}
	h.rooms[slug] = r
	go r.run(ctx)
	return r
}

// close removes a watcher, and its room when nobody is left in it.
func (h *Hub) close(w *Watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(w.room.watchers, w)
	if len(w.room.watchers) == 0 && h.rooms[w.room.slug] == w.room {
		w.room.stop()
		delete(h.rooms, w.room.slug)
	}
}

// room is an exam that is watched.
type room struct {
	hub      *Hub
	slug     string
	stop     context.CancelFunc
	asked    chan struct{}
	watchers map[*Watcher]bool // guarded by the hub's lock

	// The rest belongs to run.
	counts map[store.SeatState]int
	count  time.Time // from when on they are counted again
}

// ask makes the room look at once.
func (r *room) ask() {
	select {
	case r.asked <- struct{}{}:
	default:
	}
}

func (r *room) run(ctx context.Context) {
	tick := time.NewTicker(round)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.asked:
		case <-tick.C:
		}
		if err := r.look(ctx); err != nil && ctx.Err() == nil {
			r.hub.log.Warn("sitting not read", "exam", r.slug, "error", err)
		}
	}
}

// look reads what is watched and tells every watcher.
func (r *room) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reading)
	defer cancel()
	watchers := r.present()
	seats := map[string]store.Seat{}
	var now exam.Instant
	for users := range slices.Chunk(usersOf(watchers), store.MaxSeatsOf) {
		list, at, err := r.hub.source.SeatsOf(ctx, r.slug, users, r.hub.heard)
		if err != nil {
			return err
		}
		now = at
		for _, seat := range list {
			seat.LastSeen = 0 // differs each time, and the state tells what is to be told of it
			seats[seat.User] = seat
		}
	}
	if err := r.recount(ctx); err != nil {
		return err
	}
	for _, w := range watchers {
		w.tell(seats, r.counts, now)
	}
	return nil
}

// recount counts all seats when that is due.
func (r *room) recount(ctx context.Context) error {
	begun := time.Now()
	if begun.Before(r.count) {
		return nil
	}
	counts, err := r.hub.source.CountSeats(ctx, r.slug, r.hub.heard)
	if err != nil {
		return err
	}
	r.counts, r.count = counts, begun.Add(min(counting*time.Since(begun), seldom))
	return nil
}

func (r *room) present() []*Watcher {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	return slices.Collect(maps.Keys(r.watchers))
}

// usersOf lists the users that are watched, each once.
func usersOf(watchers []*Watcher) []string {
	var out []string
	for _, w := range watchers {
		out = append(out, w.users...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Watcher watches some seats of a sitting.
type Watcher struct {
	hub   *Hub
	room  *room
	users []string

	sights chan Sight
	// seats and counts are as they were told; the room alone knows them.
	seats  map[string]store.Seat
	counts map[store.SeatState]int
}

// Sights brings what changed. Whoever is slow gets several changes in one sight, with the newest
// state of each seat.
func (w *Watcher) Sights() <-chan Sight { return w.sights }

// Close ends the watching.
func (w *Watcher) Close() { w.hub.close(w) }

// tell puts what changed before the watcher, together with what it did not take yet.
func (w *Watcher) tell(seats map[string]store.Seat, counts map[store.SeatState]int, now exam.Instant) {
	sight := Sight{Now: now}
	for _, user := range w.users {
		if seat, there := seats[user]; there && w.seats[user] != seat {
			w.seats[user] = seat
			sight.Seats = append(sight.Seats, seat)
		}
	}
	if counts != nil && (w.counts == nil || !maps.Equal(w.counts, counts)) {
		w.counts, sight.Counts = counts, counts
	}
	if len(sight.Seats) == 0 && sight.Counts == nil {
		return
	}
	select {
	case missed := <-w.sights:
		sight = missed.and(sight)
	default:
	}
	w.sights <- sight // never waits: there is room for one, and nobody else sends
}

// and is both sights in one, of which the second is newer.
func (s Sight) and(newer Sight) Sight {
	changed := map[string]bool{}
	for i := range newer.Seats {
		changed[newer.Seats[i].User] = true
	}
	for _, seat := range s.Seats {
		if !changed[seat.User] {
			newer.Seats = append(newer.Seats, seat)
		}
	}
	if newer.Counts == nil {
		newer.Counts = s.Counts
	}
	return newer
}
