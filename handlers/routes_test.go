package handlers_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"shiken/handlers"
)

var update = flag.Bool("update", false, "write the table of routes into docs/rights.md")

// position is the parameter of positions as the router has it.
const position = "{position:[1-9][0-9]{0,9}}"

var parameter = regexp.MustCompile(`\{([a-z]+)\}|\*`)

// filled is a pattern of the router with its parameters, named without the form that they must have,
// filled in; "*" stands for the rest of a path.
func filled(pattern string, value func(name string) string) string {
	pattern = strings.ReplaceAll(pattern, position, "{position}")
	return parameter.ReplaceAllStringFunc(pattern, func(p string) string { return value(strings.Trim(p, "{}")) })
}

// patterns are those of all routes, each once.
func (s *site) patterns() []string {
	var out []string
	for _, row := range s.server.Rows() {
		out = append(out, row.Pattern)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// may says what a route's access means for nobody, candidates, authors and admins: "yes", "own" for
// the candidate of the attempt alone, "near" for whoever asks from this machine or its private network.
var may = map[string][4]string{
	"public":      {"yes", "yes", "yes", "yes"},
	"sessionless": {"yes", "yes", "yes", "yes"},
	"nearby":      {"near", "near", "near", "near"},
	"signedIn":    {"–", "yes", "yes", "yes"},
	"ownAttempt":  {"–", "own", "own", "own"},
	"author":      {"–", "–", "yes", "yes"},
	"admin":       {"–", "–", "–", "yes"},
}

const (
	rightsHead   = "| method | path | body | nobody | candidate | author | admin |\n|---|---|---|---|---|---|---|\n"
	rightsBegins = "<!-- routes -->\n"
	rightsEnds   = "<!-- /routes -->\n"
)

func rightsTable(rows []handlers.Row) string {
	var b strings.Builder
	b.WriteString(rightsHead)
	for _, row := range rows {
		path := filled(row.Pattern, func(name string) string {
			if name == "*" {
				return name
			}
			return "{" + name + "}"
		})
		who := may[row.Access]
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s | %s |\n",
			strings.ReplaceAll(row.Method, "*", "GET"), path, row.Body, who[0], who[1], who[2], who[3])
	}
	return b.String()
}

// TestRightsDocument compares the table in docs/rights.md with the table of routes; with -update it
// writes it there.
func TestRightsDocument(t *testing.T) {
	t.Parallel()
	const path = "../docs/rights.md"
	text, err := os.ReadFile(path)
	must(t, err)
	before, rest, begins := strings.Cut(string(text), rightsBegins)
	table, after, ends := strings.Cut(rest, rightsEnds)
	if !begins || !ends {
		t.Fatalf("%s has no place for the routes, between %q and %q", path, rightsBegins, rightsEnds)
	}
	want := "\n" + rightsTable(newSite(t).server.Rows()) + "\n"
	if table == want {
		return
	}
	if !*update {
		t.Fatal("docs/rights.md does not hold the routes as they are; go test ./handlers -run RightsDocument -update writes them")
	}
	must(t, os.WriteFile(path, []byte(before+rightsBegins+want+rightsEnds+after), 0o644))
}

// The router knows the rows of the table and nothing else.
func TestRouterIsTheTable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rows := map[string]bool{}
	for _, row := range s.server.Rows() {
		name := row.Method + " " + row.Pattern
		if rows[name] {
			t.Errorf("%s stands twice", name)
		}
		rows[name] = false
	}
	must(t, chi.Walk(s.routes, func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		name := method + " " + pattern
		if _, all := rows["* "+pattern]; all {
			name = "* " + pattern
		}
		if _, ok := rows[name]; !ok {
			t.Errorf("%s is routed without a row", name)
		}
		rows[name] = true
		return nil
	}))
	for name, routed := range rows {
		if !routed {
			t.Errorf("%s is not routed", name)
		}
	}
}

// A row that does not say who may ask it, or how, ends the program at its start.
func TestSenselessRowsPanic(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	answer := func(http.ResponseWriter, *http.Request) error { return nil }
	rows := map[string]handlers.Row{
		"no access":           {Method: "GET", Pattern: "/x", Handle: answer},
		"unknown access":      {Method: "GET", Pattern: "/x", Handle: answer, Access: "root"},
		"no handler":          {Method: "GET", Pattern: "/x", Access: "public"},
		"a body of a GET":     {Method: "GET", Pattern: "/x", Handle: answer, Access: "public", Body: "form"},
		"no body of a POST":   {Method: "POST", Pattern: "/x", Handle: answer, Access: "public"},
		"no body of a DELETE": {Method: "DELETE", Pattern: "/x", Handle: answer, Access: "admin"},
	}
	for name, row := range rows {
		if !panics(func() { s.server.HandlerWith(row) }) {
			t.Errorf("%s: no panic", name)
		}
	}
	sound := handlers.Row{Method: "POST", Pattern: "/x", Handle: answer, Access: "admin", Body: "form"}
	if panics(func() { s.server.HandlerWith(sound) }) {
		t.Error("a sound row panics")
	}
}

func panics(f func()) (it bool) {
	defer func() { it = recover() != nil }()
	f()
	return false
}
