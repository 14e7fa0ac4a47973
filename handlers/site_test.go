package handlers_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/exam"
	"shiken/handlers"
	"shiken/proctor"
	"shiken/richtext"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/store/sqlite"
	"shiken/templates"
)

// site is a whole server on a fresh SQLite file, as main wires it.
type site struct {
	t       *testing.T
	store   *sqlite.Store
	kept    *sessionguard.Store
	proctor *proctor.Proctor
	url     string
	hasher  *accounts.Hasher
}

func newSite(t *testing.T) *site {
	t.Helper()
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "shiken.db"))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	_, err = db.Migrate(ctx)
	must(t, err)
	s := &site{t: t, store: db, hasher: accounts.NewHasher()}
	s.serve()
	return s
}

func (s *site) serve() {
	local := sessionguard.NewLocal()
	s.kept = local.Store(memstore.NewWithCleanupInterval(0))
	log := slog.New(slog.DiscardHandler)
	sessions := sessionguard.NewSessionManager(s.kept, false)
	s.proctor = &proctor.Proctor{Store: s.store, Logger: log}
	server := handlers.New(handlers.Config{
		Store: s.store, Proctor: s.proctor, Sessions: sessions,
		Accounts: &accounts.Authenticator{Accounts: s.store, Hasher: s.hasher},
		Presence: accounts.NewPresence(s.store, log), Render: plainRenderer{richtext.New()},
		Secret: []byte(strings.Repeat("k", 32)), Zone: time.UTC, Logger: log, Metrics: handlers.NewMetrics(),
	})
	guard, err := sessionguard.New(sessionguard.Config{
		Sessions: sessions, Locker: local, Busy: server.Busy, Down: server.Down,
	})
	must(s.t, err)
	server.Attach(guard)
	web := httptest.NewServer(server.Handler())
	s.t.Cleanup(web.Close)
	s.url = web.URL
}

type plainRenderer struct{ r *richtext.Renderer }

func (p plainRenderer) Block(t exam.Text) templates.SafeHTML  { return templates.SafeHTML(p.r.Block(t)) }
func (p plainRenderer) Inline(t exam.Text) templates.SafeHTML { return templates.SafeHTML(p.r.Inline(t)) }
func (p plainRenderer) Plain(t exam.Text) string              { return p.r.Plaintext(t) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const password = "correct horse"

// user makes a candidate.
func (s *site) user(name string) store.User {
	s.t.Helper()
	hash, err := s.hasher.Hash(context.Background(), password)
	must(s.t, err)
	u := store.User{
		ID: uuid.NewString(), Username: name, Name: "Name of " + name, PasswordHash: hash,
		Roles: []store.Role{store.RoleCandidate},
	}
	must(s.t, s.store.CreateUser(context.Background(), u))
	return u
}

// questions loads n single-choice questions whose right option is "b", into set "basics".
func (s *site) questions(n int) {
	s.t.Helper()
	var out []store.LoadedQuestion
	for i := range n {
		out = append(out, loaded(i, exam.Question{
			Type: exam.SingleChoice, Stem: exam.Text{Source: fmt.Sprintf("Stem %d", i+1)}, Options: options("a", "b", "c"),
		}, exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}}))
	}
	s.load(out)
}

func (s *site) load(questions []store.LoadedQuestion) {
	s.t.Helper()
	_, err := s.store.PutQuestions(context.Background(), "basics", questions)
	must(s.t, err)
}

func loaded(i int, q exam.Question, k exam.Key) store.LoadedQuestion {
	return store.LoadedQuestion{
		SourceKey: fmt.Sprint(i + 1), Number: fmt.Sprint(i + 1), Question: q, Key: k,
		Feedback:    exam.Feedback{Explanation: exam.Text{Source: fmt.Sprintf("Because %d", i+1)}},
		ContentHash: fmt.Sprintf("%064d", i),
	}
}

func options(ids ...string) []exam.Option {
	var out []exam.Option
	for _, id := range ids {
		out = append(out, exam.Option{ID: id, Text: exam.Text{Source: "Option " + id}})
	}
	return out
}

// exam stores a published exam over the whole set, open to everyone; change adapts it.
func (s *site) exam(change func(*exam.Definition)) {
	s.t.Helper()
	d := exam.Definition{
		Slug: "test", Title: exam.Title{"en": "A test", "ja": "試験"}, Published: true, OpenTo: []string{exam.Everyone},
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 30 * exam.Minute, Grace: 10 * exam.Second,
			Release: exam.ReleaseRules{
				Score: exam.Release{When: exam.Immediately}, Answers: exam.Release{When: exam.Immediately},
				Keys: exam.Release{When: exam.Never},
			},
		},
		Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}, Points: exam.FullCredit, Multiple: exam.Partial}},
	}
	if change != nil {
		change(&d)
	}
	must(s.t, s.store.PutDefinition(context.Background(), d))
}

func linear(d *exam.Definition) { d.Rules.Navigation = exam.Linear }

// client is a browser without JavaScript: cookies, and no redirects followed by itself.
type client struct {
	t    *testing.T
	http *http.Client
	base string
}

func (s *site) client() *client {
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	return &client{t: s.t, base: s.url, http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signedIn is a client that signed in as the user.
func (s *site) signedIn(username string) *client {
	s.t.Helper()
	c := s.client()
	a := c.post("/login", url.Values{"username": {username}, "password": {password}})
	a.status(http.StatusSeeOther)
	return c
}

// answer is a response, read whole.
type answer struct {
	t        *testing.T
	code     int
	location string
	header   http.Header
	body     string
	doc      *goquery.Document
}

func (c *client) do(method, path, contentType, body string) *answer {
	c.t.Helper()
	req, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	must(c.t, err)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return c.send(req)
}

func (c *client) send(req *http.Request) *answer {
	c.t.Helper()
	res, err := c.http.Do(req)
	must(c.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	must(c.t, err)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	must(c.t, err)
	return &answer{
		t: c.t, code: res.StatusCode, location: res.Header.Get("Location"), header: res.Header, body: string(body), doc: doc,
	}
}

func (c *client) get(path string) *answer { c.t.Helper(); return c.do(http.MethodGet, path, "", "") }

func (c *client) post(path string, form url.Values) *answer {
	c.t.Helper()
	return c.do(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

// status fails the test unless the answer has this status.
func (a *answer) status(want int) *answer {
	a.t.Helper()
	if a.code != want {
		a.t.Fatalf("status %d, want %d; location %q\n%s", a.code, want, a.location, a.body)
	}
	return a
}

// leads fails the test unless the answer is a 303 to this address.
func (a *answer) leads(want string) *answer {
	a.t.Helper()
	if a.status(http.StatusSeeOther); a.location != want {
		a.t.Fatalf("leads to %q, want %q", a.location, want)
	}
	return a
}

// data reads a data attribute of the main element.
func (a *answer) data(name string) string {
	v, _ := a.doc.Find("main").Attr("data-" + name)
	return v
}

// form reads what the page's question or submit form would send without a button pressed.
func (a *answer) form() url.Values {
	a.t.Helper()
	form := a.doc.Find("main form").FilterFunction(func(_ int, f *goquery.Selection) bool {
		return f.Find("input[name=command_id]").Length() == 1
	}).First()
	if form.Length() == 0 {
		a.t.Fatalf("no form on the page\n%s", a.body)
	}
	out := url.Values{}
	form.Find("input[type=hidden], input[type=text], input[checked]").Each(func(_ int, i *goquery.Selection) {
		if _, off := i.Attr("disabled"); !off && i.Closest("fieldset[disabled]").Length() == 0 {
			out.Add(i.AttrOr("name", ""), i.AttrOr("value", ""))
		}
	})
	form.Find("textarea").Each(func(_ int, i *goquery.Selection) { out.Add(i.AttrOr("name", ""), i.Text()) })
	form.Find("select").Each(func(_ int, i *goquery.Selection) {
		out.Add(i.AttrOr("name", ""), i.Find("option[selected]").First().AttrOr("value", ""))
	})
	return out
}

// choices lists the values of the options in the order shown.
func (a *answer) choices() []string {
	var out []string
	a.doc.Find("input[name=answer]").Each(func(_ int, i *goquery.Selection) { out = append(out, i.AttrOr("value", "")) })
	return out
}

// start begins an attempt of the exam "test" and returns its path.
func (c *client) start() string {
	c.t.Helper()
	a := c.post("/exams/test/attempts", c.get("/exams/test").status(http.StatusOK).form()).status(http.StatusSeeOther)
	path, _, ok := strings.Cut(a.location, "/questions/")
	if !ok {
		c.t.Fatalf("start leads to %q", a.location)
	}
	return path
}

// with is a form with some fields set; an empty list removes a field.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}
