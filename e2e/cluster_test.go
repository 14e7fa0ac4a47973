package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
)

// copies is how often a form is sent at the same time, half to each instance.
const copies = 20

// TestTwoInstances runs two instances on one Postgres and one Redis; every test
// talks to both.
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	c := cluster.Start(t, 2, func(o *cluster.Options) { o.NoBalancer, o.Binary = true, program(t) })
	p := &pair{c: c, bases: []string{c.Instances[0].URL(), c.Instances[1].URL()}}
	t.Run("copies of one form", p.copiesOfOneForm)
	t.Run("simultaneous starts", p.simultaneousStarts)
	t.Run("shared sessions", p.sharedSessions)
	t.Run("unknown paths", p.unknownPaths)
	t.Run("every route", p.everyRoute)
	verify(t, c.Instances[0])
}

// pair is two instances.
type pair struct {
	c     *cluster.Cluster
	bases []string
}

func (p *pair) candidate(t *testing.T) (*client.Client, cluster.Account) {
	t.Helper()
	a := candidates(t, p.c.Instances[0], 1)[0]
	return signedIn(t, p.bases[0], a), a
}

// commands counts the commands of both instances by outcome.
func (p *pair) commands(t *testing.T, outcome string) float64 {
	t.Helper()
	return metric(t, "shiken_commands_total", []string{`kind="move"`, fmt.Sprintf("outcome=%q", outcome)}, p.bases...)
}

// count asks the database.
func (p *pair) count(t *testing.T, sql string, args ...any) int {
	t.Helper()
	return countRows(t, p.c.DatabaseURL(), sql, args...)
}

func countRows(t *testing.T, database, sql string, args ...any) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }() // only read
	var n int
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

const entriesOfCommand = `SELECT count(*) FROM journal WHERE command = $1`

// copiesOfOneForm (R2): one is applied, the others replayed, all lead to the
// same place.
func (p *pair) copiesOfOneForm(t *testing.T) {
	person, _ := p.candidate(t)
	form := questionForm(t, begin(t, person, "sample-free"))
	applied, replayed := p.commands(t, "applied"), p.commands(t, "replayed")
	var requests []request
	for n := range copies {
		requests = append(requests, press(p.bases[n%2], person, form, "next"))
	}
	want := strings.TrimSuffix(form.Action, "1") + "2"
	for _, got := range atOnce(t, requests) {
		if got.status != http.StatusSeeOther || got.location != want {
			t.Errorf("answered %d %q (%v), want 303 %q", got.status, got.location, got.err, want)
		}
	}
	if a, r := p.commands(t, "applied")-applied, p.commands(t, "replayed")-replayed; a != 1 || r != copies-1 {
		t.Errorf("%v applied and %v replayed, want 1 and %d", a, r, copies-1)
	}
	if n := p.count(t, entriesOfCommand, form.Fields.Get("command_id")); n != 1 {
		t.Errorf("%d journal entries, want 1", n)
	}
}

// simultaneousStarts (R10): twenty tabs start the exam at once; one attempt is
// begun, and all land on it.
func (p *pair) simultaneousStarts(t *testing.T) {
	person, a := p.candidate(t)
	form := get(t, person, "/exams/sample-linear").Form("input[name=seen]")
	var requests []request
	for n := range copies {
		form.Fields.Set("command_id", uuid.NewString())
		requests = append(requests, press(p.bases[n%2], person, form, ""))
	}
	answers := atOnce(t, requests)
	for _, got := range answers {
		if got.status != http.StatusSeeOther || got.location != answers[0].location {
			t.Errorf("answered %d %q (%v), the first %q", got.status, got.location, got.err, answers[0].location)
		}
	}
	const attempts = `SELECT count(*) FROM attempts JOIN users ON users.id = candidate WHERE username = $1`
	if n := p.count(t, attempts, a.Username); n != 1 {
		t.Errorf("%d attempts, want 1", n)
	}
}

// sharedSessions: who signs in on one instance is signed in on the other, and
// signed out on both.
func (p *pair) sharedSessions(t *testing.T) {
	person, _ := p.candidate(t)
	home := func(base string) answer {
		return request{method: http.MethodGet, url: base + "/", cookies: person.Cookies()}.send(t)
	}
	for _, base := range p.bases {
		if got := home(base); got.status != http.StatusOK {
			t.Errorf("home on %s: %d %q", base, got.status, got.location)
		}
	}
	out := request{method: http.MethodPost, url: p.bases[1] + "/logout", cookies: person.Cookies()}.send(t)
	if out.status != http.StatusSeeOther || out.location != "/login" {
		t.Errorf("sign-out: %d %q", out.status, out.location)
	}
	for _, base := range p.bases {
		if got := home(base); got.status != http.StatusSeeOther || !strings.HasPrefix(got.location, "/login") {
			t.Errorf("home on %s after sign-out: %d %q", base, got.status, got.location)
		}
	}
}

// unknownPaths: what browsers and scanners ask for costs no session.
func (p *pair) unknownPaths(t *testing.T) {
	person, _ := p.candidate(t)
	before := make([]float64, len(p.bases))
	for n, base := range p.bases {
		before[n] = metric(t, "shiken_session_reads_total", nil, base)
	}
	for _, path := range []string{
		"/.well-known/appspecific/com.chrome.devtools.json", "/favicon.ico", "/robots.txt", "/apple-touch-icon.png",
		"/wp-login.php", "/.env", "/.git/config", "/static/none.js", "/static/", "/static/../main.go", "/exams", "/attempts",
		"/attempts/x/y/z", "/attempts/x/questions/0", "/attempts/x/questions/01", "/api/v1/none", "/%2e%2e/%2e%2e/etc/passwd", "//login",
	} {
		for _, base := range p.bases {
			got := request{method: http.MethodGet, url: base + path, cookies: person.Cookies()}.send(t)
			if got.status != http.StatusNotFound || len(got.cookies) > 0 {
				t.Errorf("GET %s: %d with cookies %v (%v), want 404", path, got.status, got.cookies, got.err)
			}
		}
	}
	for n, base := range p.bases {
		if after := metric(t, "shiken_session_reads_total", nil, base); after != before[n] {
			t.Errorf("%v sessions were read for unknown paths on %s", after-before[n], base)
		}
	}
}
