package handlers_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"shiken/devtools/measure"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// seat is the row of a candidate.
func (s *site) seat(a *answer, name string) *goquery.Selection {
	s.t.Helper()
	row := a.doc().Find("#seat-" + s.users[name].ID)
	if row.Length() != 1 {
		s.t.Fatalf("no row for %s\n%s", name, a.text("main"))
	}
	return row
}

func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// present notes that candidates were seen just now.
func (s *site) present(names ...string) {
	s.t.Helper()
	for _, name := range names {
		s.signedIn(name)
	}
}

// A sitting in which there is somebody in every state.
func TestSittingShowsEveryState(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 6)
	for i, kind := range []exam.Kind{exam.Pause, exam.ForceSubmit, exam.Void} {
		s.admin(attempts[i], exam.Command{Kind: kind})
	}
	s.user("absent")
	s.present("waiting", "c5")
	expired := s.beganAt("expired", 2*60*exam.Minute)
	must(t, s.proctor.Expire(t.Context(), idOf(expired)))
	page := dora.get(templates.SittingPath("test")).status(http.StatusOK).has("total", "9", "exam", "test")
	want := map[string]string{
		"c1": "paused", "c2": "submitted", "c3": "voided", "c4": "not_heard", "c5": "in_progress", "c6": "not_heard",
		"absent": "not_arrived", "waiting": "waiting", "expired": "expired",
	}
	for name, state := range want {
		if got := s.seat(page, name).AttrOr("data-state", ""); got != state {
			t.Errorf("%s is %s, want %s", name, got, state)
		}
	}
	totals := map[string]string{"": "9", "not_heard": "2", "in_progress": "1", "waiting": "1", "paused": "1"}
	for state, n := range totals {
		if got := words(page.doc().Find(".total[data-state='" + state + "'] strong")); got != n {
			t.Errorf("%s of %q, want %s", got, state, n)
		}
	}
	only := dora.get(page.doc().Find(".total[data-state=not_heard]").AttrOr("href", "")).status(http.StatusOK).has("total", "2")
	if only.doc().Find("tbody tr[id]").Length() != 2 || only.doc().Find(".total[data-state=not_heard][aria-current]").Length() != 1 {
		t.Errorf("filtered: %s", only.text("main"))
	}
}

// What a row tells of an attempt.
func TestSittingTellsHowFarEverybodyIs(t *testing.T) {
	t.Parallel()
	s, dora, _ := invigilated(t, 1)
	ann := s.signedIn("ann")
	attempt := ann.start()
	ann.answers(ann.question(attempt, 1), 0, "next").leads(attempt + "/questions/2")
	path := templates.SittingPath("test")
	row := s.seat(dora.get(path), "ann")
	for _, want := range []string{"Name of ann", "2 / 3", "30:00"} {
		if !contains(words(row), want) {
			t.Errorf("no %q in %s", want, words(row))
		}
	}
	if row.AttrOr("data-answered", "") != "1" || row.Find("[data-age]").Length() != 1 || row.Find("[data-left]").Length() != 1 {
		t.Errorf("row %s", words(row))
	}
	if href := row.Find("th a").AttrOr("href", ""); href != "/admin/attempts/"+idOf(attempt) {
		t.Errorf("leads to %s", href)
	}
	ann.submit(attempt)
	if row := s.seat(dora.get(path), "ann"); row.Find("[data-left]").Length() != 0 || row.AttrOr("data-state", "") != "submitted" {
		t.Errorf("handed in: %s", words(row))
	}
}

// Pages, search, order; what is not on the lists is malformed.
func TestSittingIsPagedSearchedAndOrdered(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 60)
	path := templates.SittingPath("test")
	first := dora.get(path).has("total", "60")
	if n := first.doc().Find("tbody tr[id]").Length(); n != 50 {
		t.Errorf("%d rows", n)
	}
	second := dora.get(first.doc().Find("a[rel=next]").AttrOr("href", ""))
	if n := second.doc().Find("tbody tr[id]").Length(); n != 10 || second.doc().Find("a[rel=prev]").Length() != 1 {
		t.Errorf("%d rows on the second page", n)
	}
	if n := dora.get(path + "?size=100").doc().Find("tbody tr[id]").Length(); n != 60 {
		t.Errorf("%d rows of at most 100", n)
	}
	if found := dora.get(path+"?q=C17").has("total", "1"); s.seat(found, "c17").Length() != 1 {
		t.Error("c17 is not found")
	}
	s.admin(attempts[30], exam.Command{Kind: exam.Extend, Amount: exam.Minute})
	last := dora.get(path + "?order=time&offset=50").doc().Find("tbody tr[id]").Last()
	if !contains(words(last), "c31 ") {
		t.Errorf("the one with the most time is %s", words(last))
	}
	empty := dora.get(path+"?q=nobody").status(http.StatusOK).has("total", "0")
	if empty.doc().Find(".empty a[href='"+path+"']").Length() != 1 {
		t.Errorf("nobody found: %s", empty.text("main"))
	}
	for _, query := range []string{"state=x", "order=x", "offset=-1", "offset=x", "q=" + strings.Repeat("x", 201), "q=%ff", "group=%00"} {
		dora.get(path + "?" + query).status(http.StatusBadRequest)
		dora.get(path + "/events?" + query).status(http.StatusBadRequest)
	}
	dora.get(templates.SittingPath("unknown")).status(http.StatusNotFound)
	dora.get(templates.SittingEventsPath("unknown")).status(http.StatusNotFound)
}

func TestSittingOfNobodySaysWhatToDo(t *testing.T) {
	t.Parallel()
	_, dora, _ := invigilated(t, 0)
	for _, lang := range []string{"ja", "en"} {
		dora.lang = lang
		if page := dora.get(templates.SittingPath("test")).status(http.StatusOK); page.doc().Find(".empty p").Length() != 2 {
			t.Errorf("says %s", page.text("main"))
		}
	}
}

// follower reads a stream of events.
type follower struct {
	t      *testing.T
	events chan [2]string // name and data; closed when the stream has ended
}

// follows opens the stream of a sitting page.
func (c *client) follows(path string) *follower {
	c.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	res, err := c.http.Do(c.request(http.MethodGet, path, "", "").WithContext(ctx))
	must(c.t, err)
	c.t.Cleanup(func() { stop(); _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		c.t.Fatalf("%d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	f := &follower{t: c.t, events: make(chan [2]string, 100)}
	go func() {
		defer close(f.events)
		name, data := "", []string{}
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "event":
				name = value
			case "data":
				data = append(data, value)
			case "":
				if name != "" {
					f.events <- [2]string{name, strings.Join(data, "\n")}
				}
				name, data = "", nil
			}
		}
	}()
	return f
}

// next waits for an event of that name and returns its data as a document.
func (f *follower) next(name string) *goquery.Document {
	f.t.Helper()
	timeout := time.After(time.Minute)
	for {
		select {
		case e, more := <-f.events:
			if !more {
				f.t.Fatalf("the stream ended without %s", name)
			}
			if e[0] != name {
				continue
			}
			doc, err := goquery.NewDocumentFromReader(strings.NewReader("<table>" + e[1] + "</table>"))
			must(f.t, err)
			return doc
		case <-timeout:
			f.t.Fatalf("no %s in a minute", name)
		}
	}
}

// ends waits for the end of the stream.
func (f *follower) ends() {
	f.t.Helper()
	timeout := time.After(time.Minute)
	for {
		select {
		case _, more := <-f.events:
			if !more {
				return
			}
		case <-timeout:
			f.t.Fatal("the stream goes on")
		}
	}
}

// An answer that is saved is on the invigilator's page within two seconds; rows that did not change
// are not sent again.
func TestFollowersAreToldWhatChanged(t *testing.T) {
	t.Parallel()
	s, dora, _ := invigilated(t, 3)
	ann := s.signedIn("ann")
	attempt := ann.start()
	page := dora.get(templates.SittingPath("test"))
	f := dora.follows(page.data("events"))
	if n := f.next("rows").Find("tr[id]").Length(); n != 4 {
		t.Errorf("at first %d rows", n)
	}
	if got := words(f.next("totals").Find(".total[data-state=''] strong")); got != "4" {
		t.Errorf("total %s", got)
	}
	saved := time.Now()
	ann.answers(ann.question(attempt, 1), 0, "save")
	rows := f.next("rows")
	if row := rows.Find("tr[id]"); row.Length() != 1 || row.AttrOr("id", "") != "seat-"+s.users["ann"].ID || row.AttrOr("data-answered", "") != "1" {
		t.Errorf("sent %s", words(row))
	}
	if took := time.Since(saved); took > measure.Limit(shownWithin) {
		t.Errorf("after %s", took)
	}
	s.user("late")
	f.next("changed")
}

// Streams end with the sign-in, with the role, and when the instance leaves.
func TestStreamsEnd(t *testing.T) {
	t.Parallel()
	s, dora, _ := invigilated(t, 1)
	s.server.SetBeat(50 * time.Millisecond)
	path := templates.SittingEventsPath("test")
	f := dora.follows(path)
	f.next("rows")
	must(t, s.store.RevokeSignIn(t.Context(), dora.signIn))
	f.ends()

	s.user("dan", store.RoleAdmin, store.RoleAuthor)
	dan := s.signedIn("dan")
	f = dan.follows(path)
	f.next("rows")
	s.server.Drain()
	f.ends()
	dan.get(path).status(http.StatusServiceUnavailable)
}

func TestFollowersAreBounded(t *testing.T) {
	t.Parallel()
	s, dora, _ := invigilated(t, 1)
	s.server.SetFollowers(1)
	path := templates.SittingEventsPath("test")
	dora.follows(path).next("rows")
	dora.get(path).status(http.StatusServiceUnavailable)
}

// The filter of a page is that of its stream.
func TestStreamFollowsTheFilter(t *testing.T) {
	t.Parallel()
	s, dora, attempts := invigilated(t, 5)
	page := dora.get(templates.SittingPath("test")+"?"+url.Values{"q": {"c2"}, "state": {"not_heard"}}.Encode()).has("total", "1")
	f := dora.follows(page.data("events"))
	if rows := f.next("rows").Find("tr[id]"); rows.Length() != 1 || !contains(words(rows), "c2") {
		t.Errorf("sent %s", words(rows))
	}
	s.admin(attempts[1], exam.Command{Kind: exam.Pause})
	if row := f.next("rows").Find("tr[id]"); row.AttrOr("data-state", "") != "paused" {
		t.Errorf("sent %s", words(row))
	}
	f.next("changed")
}

// Everybody's group can be chosen.
func TestSittingByGroup(t *testing.T) {
	t.Parallel()
	s, dora, _ := invigilated(t, 0, func(d *exam.Definition) { d.OpenTo = []string{"red", "blue"} })
	for name, group := range map[string]string{"r1": "red", "r2": "red", "b1": "blue"} {
		u := s.user(name)
		u.Groups = []string{group}
		must(t, s.store.UpdateUser(t.Context(), u))
	}
	page := dora.get(templates.SittingPath("test")+"?group=red").has("total", "2")
	options := page.doc().Find("select[name=group] option").Map(func(_ int, o *goquery.Selection) string { return o.AttrOr("value", "") })
	if !slices.Equal(options, []string{"", "red", "blue"}) || page.doc().Find("option[value=red][selected]").Length() != 1 {
		t.Errorf("groups %q", options)
	}
}

// shownWithin is how soon a change must be shown. It is also measured by make sitting.
const shownWithin = 2 * time.Second
