package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"shiken/store"
	"shiken/templates"
	"shiken/watch"
)

// maxSittingStreams bounds the sitting pages that are followed on an instance.
const maxSittingStreams = 200

// streamSitting sends what changes on a sitting page: rows and totals as the page renders them, and
// word that the list itself is another by now.
func (s *Server) streamSitting(w http.ResponseWriter, r *http.Request) error {
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	query := r.URL.Query()
	filter, err := seatFilter(query)
	if err != nil {
		return err
	}
	seats, _, _, err := s.Store.Seats(r.Context(), seatQuery(d.Slug, filter))
	if err != nil {
		return err
	}
	follower := &sittingFollower{
		page: s.staffPage(r), stage: s.stageShown, exam: d.Slug, filter: filter, members: query.Get("members"), seats: seats,
	}
	watcher := s.sittings.Watch(d.Slug, usersOf(seats))
	defer watcher.Close()
	return stream(s, w, r, streaming[watch.Sight]{
		gate: &s.followers, feed: watcher.Sights(), show: follower.show, may: func() bool { return s.stillAllowed(r) },
	})
}

// stillAllowed asks again whether the viewer of a stream is signed in and in the role that it takes. A
// database that does not answer ends nothing.
func (s *Server) stillAllowed(r *http.Request) bool {
	v, _, err := s.viewer(r)
	if errors.Is(err, errSignedOut) {
		return false
	}
	return err != nil || of(r).route.access.admits(v.User.Roles)
}

func usersOf(seats []store.Seat) []string {
	out := make([]string, 0, len(seats))
	for i := range seats {
		out = append(out, seats[i].User)
	}
	return out
}

// sittingFollower is one page that is followed.
type sittingFollower struct {
	page    templates.Page
	stage   func() templates.Stage
	exam    string
	filter  templates.SeatFilter
	members string // as the page has them
	seats   []store.Seat
	told    bool // that the list is another
	staged  bool // the stage was told
}

// show renders a sight as the page would.
func (f *sittingFollower) show(sight watch.Sight) []event {
	out := f.showStage()
	if len(sight.Seats) > 0 {
		rows := templates.SeatRows(f.page, f.exam, instantTime(sight.Now), seatRows(sight.Seats, sight.Now))
		out = append(out, event{"rows", fragment(rows)})
	}
	if sight.Counts == nil {
		return out
	}
	chips := templates.SeatChips(f.page, f.exam, f.filter, seatChips(sight.Counts, f.filter.State))
	out = append(out, event{"totals", fragment(chips)})
	if !f.told && membersOf(f.seats, sight.Counts, f.filter) != f.members {
		f.told = true
		out = append(out, event{"changed", ""})
	}
	return out
}

// showStage tells the stage when it is another, and once in the beginning: it may have changed since the
// page was loaded.
func (f *sittingFollower) showStage() []event {
	stage := f.stage()
	if stage == f.page.Stage && f.staged {
		return nil
	}
	f.page.Stage, f.staged = stage, true
	return []event{{"stage", fragment(templates.StageBanner(f.page))}}
}

// fragment renders a component that cannot fail: it writes to memory.
func fragment(c templ.Component) string {
	var b bytes.Buffer
	_ = c.Render(context.Background(), &b)
	return b.String()
}

// membersOf names who is listed, and how many are in the state that the page shows: when it is
// another, the page has to be loaded anew.
func membersOf(seats []store.Seat, counts map[store.SeatState]int, f templates.SeatFilter) string {
	listed := seated(counts)
	if f.State != "" {
		listed = counts[stateOf(f.State)]
	}
	users := usersOf(seats)
	slices.Sort(users)
	sum := sha256.Sum256([]byte(fmt.Sprint(listed, users)))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// eventsAddress is where the page's script follows it.
func eventsAddress(slug string, f templates.SeatFilter, members string) string {
	q := f.Query()
	q.Set("members", members)
	return templates.SittingEventsPath(slug) + "?" + q.Encode()
}
