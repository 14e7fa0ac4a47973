package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

func (s *Server) sittingRoutes() []route {
	return []route{
		{"GET", "/admin/exams/{exam}", admin, bodyNone, s.showSitting},
		{"GET", "/admin/exams/{exam}/events", admin, bodyNone, s.streamSitting},
		{"POST", "/admin/exams/{exam}/plan", admin, bodyForm, s.showPlan},
		{"POST", "/admin/exams/{exam}/jobs", admin, bodyForm, s.createJob},
		{"GET", "/admin/jobs/{job}", admin, bodyNone, s.showJob},
		{"GET", "/admin/exams/{exam}/messages", admin, bodyNone, s.showMessages},
		{"POST", "/admin/exams/{exam}/messages", admin, bodyForm, s.sendMessage},
		{"GET", "/admin/exams/{exam}/rejected", admin, bodyNone, s.showRejected},
		{"GET", "/admin/exams/{exam}/rejected/{attempt}/{number}", admin, bodyNone, s.showAccept},
		{"POST", "/admin/exams/{exam}/rejected/{attempt}/{number}", admin, bodyForm, s.acceptRejected},
	}
}

// heard is how long ago a candidate may have been seen who is "heard from". An open page gives a sign
// of life every 15 seconds, which is written within five.
const heard = 45 * exam.Second

// Bounds of the sitting page.
const (
	seatsOnPage   = 50
	recentJobs    = 5
	maxSeatSearch = 200 // UTF-16 units
	defaultExtend = 10  // minutes
)

// showSitting is the live page of an exam's sitting.
func (s *Server) showSitting(w http.ResponseWriter, r *http.Request) error {
	revised, err := s.Store.Revised(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	d := &revised.Definition
	filter, err := seatFilter(r.URL.Query())
	if err != nil {
		return err
	}
	seats, total, now, err := s.Store.Seats(r.Context(), seatQuery(d.Slug, filter))
	if err != nil {
		return err
	}
	counts, err := s.Store.CountSeats(r.Context(), d.Slug, heard)
	if err != nil {
		return err
	}
	jobs, err := s.jobLines(r, d.Slug)
	if err != nil {
		return err
	}
	outages, err := s.outageLines(r, d.Slug)
	if err != nil {
		return err
	}
	gaps, err := s.gapLines(r, d.Slug)
	if err != nil {
		return err
	}
	view := templates.SittingPageView{
		Exam: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Published: d.Published, Archived: instantTime(revised.Archived), Now: instantTime(now), Filter: filter,
		Chips: seatChips(counts, filter.State), Groups: namedGroups(d.OpenTo), Rows: seatRows(seats, now),
		Total: total, Minutes: defaultExtend, Jobs: jobs, Outages: outages, Gaps: gaps,
		Events: eventsAddress(d.Slug, filter, membersOf(seats, counts, filter)),
	}
	s.render(w, r, http.StatusOK, templates.SittingPage(s.pageFor(r, &viewerOf(r).User), view))
	return nil
}

// seatFilter reads the query of a sitting page. What is not on its lists is malformed.
func seatFilter(q url.Values) (templates.SeatFilter, error) {
	f := templates.SeatFilter{
		State: templates.Status(q.Get("state")), Group: q.Get("group"), Search: q.Get("q"), Order: q.Get("order"),
		Size: seatsOnPage,
	}
	if f.Order == "" {
		f.Order = string(store.SeatsByName)
	}
	known := (f.State == "" || stateOf(f.State) != "") && slices.Contains(seatOrders, store.SeatOrder(f.Order))
	if !known || !searchable(f.Search) || !searchable(f.Group) {
		return f, errMalformed
	}
	if q.Get("size") == strconv.Itoa(2*seatsOnPage) {
		f.Size *= 2
	}
	if q.Has("offset") {
		offset, err := countField(q, "offset", 0, maxOffset)
		if err != nil {
			return f, err
		}
		f.Offset = int(offset)
	}
	return f, nil
}

var seatOrders = []store.SeatOrder{store.SeatsByName, store.SeatsByTime, store.SeatsByAnswered, store.SeatsBySaved}

// seatStates are the states of seats as the pages call them.
var seatStates = map[store.SeatState]templates.Status{
	store.SeatAbsent: templates.StatusNotArrived, store.SeatWaiting: templates.StatusWaiting,
	store.SeatWriting: templates.StatusInProgress, store.SeatSilent: templates.StatusSilent,
	store.SeatPaused: templates.StatusPaused, store.SeatSubmitted: templates.StatusSubmitted,
	store.SeatExpired: templates.StatusExpired, store.SeatVoided: templates.StatusVoided,
}

// stateOf is the state that a page means; empty when it means none.
func stateOf(status templates.Status) store.SeatState {
	for state, name := range seatStates {
		if name == status {
			return state
		}
	}
	return ""
}

// searchable: a text that may be looked for.
func searchable(s string) bool { return cleanText(s) && typedLength(s) <= maxSeatSearch }

func seatQuery(slug string, f templates.SeatFilter) store.SeatQuery {
	return store.SeatQuery{
		Exam: slug, State: stateOf(f.State), Group: f.Group, Search: f.Search, Heard: heard,
		Order: store.SeatOrder(f.Order), Offset: f.Offset, Limit: f.Size,
	}
}

// seatChips are the totals in the order of the page, all of them first.
func seatChips(counts map[store.SeatState]int, chosen templates.Status) []templates.SeatChip {
	out := []templates.SeatChip{{Count: seated(counts), Chosen: chosen == ""}}
	for _, state := range store.SeatStates {
		name := seatStates[state]
		out = append(out, templates.SeatChip{State: name, Count: counts[state], Chosen: chosen == name})
	}
	return out
}

func seated(counts map[store.SeatState]int) int {
	n := 0
	for _, count := range counts {
		n += count
	}
	return n
}

// namedGroups are the groups of an exam, without the word for everyone.
func namedGroups(openTo []string) []string {
	return slices.DeleteFunc(slices.Clone(openTo), func(g string) bool { return g == exam.Everyone })
}

func seatRows(seats []store.Seat, now exam.Instant) []templates.SeatRow {
	out := make([]templates.SeatRow, 0, len(seats))
	for i := range seats {
		out = append(out, seatRow(&seats[i], now))
	}
	return out
}

func seatRow(s *store.Seat, now exam.Instant) templates.SeatRow {
	row := templates.SeatRow{
		User: s.User, Username: s.Username, Name: s.Name, State: seatStates[s.State], Attempt: s.Attempt, Number: s.Number,
		Position: s.Cursor, Count: s.Count, Answered: s.Answered, Saved: instantTime(s.LastSaved),
		Devices: s.Devices, Rejected: s.Rejected,
	}
	if !s.Status.Open() {
		return row
	}
	row.Open, row.Running, row.Deadline = true, s.Status == exam.InProgress, instantTime(s.Deadline)
	at := now
	if s.Status == exam.Paused {
		at = s.Stopped
	}
	if s.Deadline != 0 {
		row.Left = micros(max(s.Deadline.Sub(at), 0))
	}
	return row
}
