package e2e_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/devtools/client"
)

// everyRoute sends to each route, by each method, what no page of ours would
// send: nothing of it may be an error of the server (a status of 500 or above).
func (p *pair) everyRoute(t *testing.T) {
	person, _ := p.candidate(t)
	page := begin(t, person, "sample-free")
	other, _ := p.candidate(t)
	foreign := begin(t, other, "sample-free").Data("attempt")
	who := map[string][]*http.Cookie{
		"signed in": person.Cookies(), "signed out": nil, "unknown session": strangers(person.Cookies()),
	}
	for name, cookies := range who {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, q := range oddRequests(page, foreign) {
				q.url, q.cookies = p.bases[n%2]+q.url, cookies
				if q.method == http.MethodPost && strings.HasSuffix(q.url, "/logout") {
					continue // it would end the session of the other requests
				}
				if got := q.send(t); got.err != nil || got.status >= http.StatusInternalServerError {
					t.Errorf("%s %s (%s, %.100q): %d, %v", q.method, q.url, q.contentType, q.body, got.status, got.err)
				}
			}
		})
	}
}

// strangers are cookies of the same names with values that the server never
// gave.
func strangers(cookies []*http.Cookie) []*http.Cookie {
	var out []*http.Cookie
	for _, c := range cookies {
		out = append(out, &http.Cookie{Name: c.Name, Value: strings.Repeat("A", 43)})
	}
	return out
}

func oddRequests(page *client.Page, foreign string) []request {
	own := page.Data("attempt")
	var all []request
	for _, path := range oddPaths(own, foreign) {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} {
			all = append(all, request{method: method, url: path})
		}
		all = append(all, withBodies(path, oddBodies)...)
	}
	for _, path := range []string{page.URL.Path, "/attempts/" + own + "/submit", "/api/v1/attempts/" + own + "/responses/1"} {
		all = append(all, withBodies(path, brokenForms(page))...)
	}
	huge := "answer=" + strings.Repeat("x", 2<<20)
	return append(all, request{method: "POST", url: page.URL.Path, contentType: formType, body: huge})
}

// withBodies sends each body as what it should be, and as something else.
func withBodies(path string, bodies []string) []request {
	var all []request
	for n, body := range bodies {
		for _, method := range []string{"POST", "PUT"} {
			all = append(all,
				request{method: method, url: path, contentType: usualType[method], body: body},
				request{method: method, url: path, contentType: oddTypes[n%len(oddTypes)], body: body})
		}
	}
	return all
}

var (
	usualType = map[string]string{"POST": formType, "PUT": "application/json"}
	oddTypes  = []string{formType, "application/json", "text/plain; charset=shift_jis", "multipart/form-data", ";"}
)

func oddPaths(own, foreign string) []string {
	paths := []string{
		"/", "/login", "/login?next=//elsewhere.example/", "/login?next=%ff%00", "/logout", "/locale", "/healthz", "/readyz", "/metrics",
		"/exams/sample-free", "/exams/none", "/exams/%00", "/exams/" + strings.Repeat("x", 5000), "/exams/sample-free/attempts",
		"/exams/none/attempts", "/api/v1/session", "/static/app.css",
	}
	for _, attempt := range []string{own, foreign, uuid.NewString(), "x", "%27%20OR%201=1", strings.ToUpper(own)} {
		root := "/attempts/" + attempt
		paths = append(paths, root, root+"/review", root+"/submit", root+"/result")
		positions := []string{"1"}
		if attempt == own {
			positions = []string{"1", "0", "11", "12", "-1", "1000000000", "9999999999", "99999999999999999999"}
		}
		for _, position := range positions {
			paths = append(paths, root+"/questions/"+position, "/api/v1"+root+"/responses/"+position)
		}
	}
	return paths
}

// oddBodies are no bodies of our pages or of the API.
var oddBodies = []string{
	"%", "answer=%00", "answer=%ff%fe", "a;b=c", strings.Repeat("a=b&", 3000), "{", "[]", "null", `{"rev": -1}`,
	`{"rev": 0, "command_id": "6f1d0c4e-6f2a-4d52-9d55-0e7f8d6b1a11", "page": "6f1d0c4e-6f2a-4d52-9d55-0e7f8d6b1a12", "seq": 1, "opening": 1, "answer": {"a": {"b": []}}}`,
	"username=" + strings.Repeat("u", 2000) + "&password=p", "command_id=x&seen=-1", "locale=xx&next=//x",
}

// brokenForms are variants of a question's form, each with one thing wrong.
func brokenForms(page *client.Page) []string {
	good := page.Form(client.QuestionForm).Fields
	variant := func(name string, values ...string) string {
		fields := url.Values{}
		for key, v := range good {
			fields[key] = slices.Clone(v)
		}
		fields[name] = values
		return fields.Encode()
	}
	var bodies []string
	for name := range good {
		bodies = append(bodies, variant(name), variant(name, "x"), variant(name, "1", "1"), variant(name, "99999999999999999999"))
	}
	for _, action := range []string{"goto:0", "goto:99", "goto:x", "previous", "check", "nothing", "time_up"} {
		bodies = append(bodies, variant("action", action))
	}
	return append(bodies, variant("answer", "not-on-the-paper"), variant("answer", strings.Repeat("長", 5000)), variant("answer.x", "y"))
}
