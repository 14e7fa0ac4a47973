package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"

	"shiken/devtools/client"
	"shiken/devtools/hall"
)

// watcher is an admin's browser with the sitting page open: its first hundred candidates.
type watcher struct {
	*client.Client
	events *client.Events
	opened time.Time
	page   time.Duration // that the page took
	first  chan struct{} // closed at the first rows
	done   chan struct{} // closed when the stream has ended

	mu     sync.Mutex
	closed time.Time
	rows   map[string][]row // by user, in order
	err    error
}

// row is a candidate's row as the stream brought it.
type row struct {
	answered int
	at       time.Time
}

// listed is how many candidates the page shows.
const listed = 100

// watch opens the page and its stream, and returns when the stream has brought every row.
func (s *shape) watch(ctx context.Context) (*watcher, error) {
	c, err := browser(s.base, &s.hall.Admin)
	if err != nil {
		return nil, err
	}
	w := &watcher{Client: c, first: make(chan struct{}), done: make(chan struct{}), rows: map[string][]row{}}
	begun := time.Now()
	page, err := c.Get(ctx, fmt.Sprintf("/admin/exams/%s?size=%d", hall.Exam, listed))
	if err != nil {
		return nil, err
	}
	w.page = time.Since(begun)
	path := page.Data("events")
	if shown := page.Find("tr[id^='seat-']").Length(); shown != listed || path == "" {
		return nil, fmt.Errorf("the sitting page shows %d candidates, stream %q: %s", shown, path, page)
	}
	if w.events, err = c.Follow(ctx, path); err != nil {
		return nil, err
	}
	go w.read()
	select {
	case <-w.first:
	case <-w.done:
		return nil, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	w.opened = time.Now()
	return w, nil
}

// read notes every row until the stream ends.
func (w *watcher) read() {
	defer close(w.done)
	for {
		event, err := w.events.Next()
		if err != nil {
			w.end(err)
			return
		}
		if event.Name == "rows" {
			w.note(event, time.Now())
		}
	}
}

func (w *watcher) end(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed, w.err = time.Now(), err
}

func (w *watcher) note(event client.Event, at time.Time) {
	found, err := event.Find("tr[id^='seat-']")
	if err != nil {
		return // a row that cannot be read is one that was not seen
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	found.Each(func(_ int, tr *goquery.Selection) {
		user := strings.TrimPrefix(tr.AttrOr("id", ""), "seat-")
		if answered, err := strconv.Atoi(tr.AttrOr("data-answered", "")); err == nil {
			w.rows[user] = append(w.rows[user], row{answered, at})
		}
	})
	select {
	case <-w.first:
	default:
		close(w.first)
	}
}

// close ends the stream. An end that came by itself is an error.
func (w *watcher) close() error {
	w.mu.Lock()
	early := w.err
	w.mu.Unlock()
	_ = w.events.Close() // it ends by this
	<-w.done
	w.Client.Close()
	if early != nil {
		return fmt.Errorf("the stream of the sitting page ended: %w", early)
	}
	return nil
}

// sightings are the times between a save and the first row that shows it, for the saves that the
// watcher had time to see before it closed, or by now; unseen counts those that it never saw.
func (w *watcher) sightings(saves []save) (delays []time.Duration, unseen int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.closed
	if last.IsZero() {
		last = time.Now()
	}
	for _, s := range saves {
		rows, watched := w.rows[s.user]
		if !watched || s.at.Before(w.opened) || s.at.After(last.Add(-tooLate)) {
			continue
		}
		i := slices.IndexFunc(rows, func(r row) bool { return r.answered >= s.answered })
		if i < 0 {
			unseen++
			continue
		}
		delays = append(delays, rows[i].at.Sub(s.at))
	}
	return delays, unseen
}

// sightings are those of several watchers, in order of time.
func sightings(watchers []*watcher, saves []save) (delays []time.Duration, unseen int) {
	for _, w := range watchers {
		seen, not := w.sightings(saves)
		delays, unseen = append(delays, seen...), unseen+not
	}
	slices.Sort(delays)
	return delays, unseen
}
