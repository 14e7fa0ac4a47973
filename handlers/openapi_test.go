package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/devtools/openapi"
	"shiken/exam"
	"shiken/handlers"
	"shiken/store"
)

// wireDocument is docs/openapi.yaml.
var wireDocument = sync.OnceValues(func() (*openapi.Document, error) {
	text, err := os.ReadFile("../docs/openapi.yaml")
	if err != nil {
		return nil, err
	}
	return openapi.Load(text)
})

// documented holds an answer against the document. Every answer to a client of these tests is.
func (c *client) documented(req *http.Request, a *answer) {
	c.t.Helper()
	d, err := wireDocument()
	if err != nil {
		c.t.Error(err)
		return
	}
	kind, documented, err := d.Check(openapi.Answer{
		Method: req.Method, Path: req.URL.EscapedPath(), Status: a.code, Header: a.header, Body: a.body,
	})
	if err != nil {
		c.t.Error(err)
	}
	if documented && c.kinds != nil {
		c.kinds[kind] = true
	}
}

func document(t *testing.T) *openapi.Document {
	t.Helper()
	d, err := wireDocument()
	must(t, err)
	return d
}

// The document has the routes below /api/, and of those elsewhere only such as there are.
func TestOpenAPIHasTheRoutes(t *testing.T) {
	t.Parallel()
	var routes, all []string
	for _, row := range newSite(t).server.Rows() {
		name := row.Method + " " + filled(row.Pattern, func(name string) string { return "{" + name + "}" })
		if all = append(all, name); strings.HasPrefix(row.Pattern, openapi.API) {
			routes = append(routes, name)
		}
	}
	slices.Sort(routes)
	var documented []string
	for _, operation := range document(t).Operations() {
		if _, path, _ := strings.Cut(operation, " "); strings.HasPrefix(path, openapi.API) {
			documented = append(documented, operation)
		} else if !slices.Contains(all, operation) {
			t.Errorf("%s is documented and no route", operation)
		}
	}
	if !slices.Equal(routes, documented) {
		t.Errorf("routes     %q\ndocumented %q", routes, documented)
	}
}

// formReasons are those that no answer of the API has: it saves, and these are of starts, moves and admins.
var formReasons = []exam.Reason{exam.NoAttemptsLeft, exam.NotOpen, exam.OpenElsewhere, exam.Unanswered}

// The lists of the document are those of the program.
func TestOpenAPIHasTheCodes(t *testing.T) {
	t.Parallel()
	d := document(t)
	var reasons, capitals []string
	for _, r := range handlers.APIReasons() {
		reasons = append(reasons, string(r))
		capitals = append(capitals, strings.ToUpper(string(r)))
	}
	same := func(name string, want []string) {
		t.Helper()
		got := d.Enum(name)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: documented %q, there are %q", name, got, want)
		}
	}
	same("Reason", reasons)
	same("ErrorCode", append(capitals, handlers.APICodes()...))
	same("Status", []string{
		string(exam.InProgress), string(exam.Paused), string(exam.Submitted), string(exam.Expired), string(exam.Voided),
	})
	given := append(handlers.APIReasons(), formReasons...)
	slices.Sort(given)
	if all := slices.Sorted(slices.Values(exam.Reasons)); !slices.Equal(given, all) {
		t.Errorf("the API and the forms give %q, package exam has %q", given, all)
	}
}

// stricken is a store of which nothing can be read while it is told so.
type stricken struct {
	faulty
}

func (f stricken) Viewer(ctx context.Context, signIn string) (store.Viewer, exam.Instant, error) {
	if err := f.trouble(); err != nil {
		return store.Viewer{}, 0, err
	}
	return f.Store.Viewer(ctx, signIn)
}

// Every answer that the document has is given, and fits (client.documented).
func TestOpenAPIEveryAnswer(t *testing.T) {
	t.Parallel()
	held := &atomic.Value{}
	s := newSite(t, func(s *site) {
		s.between = func(in store.Store) store.Store { return stricken{faulty{in, held}} }
	})
	t.Cleanup(s.log.forget) // failures are logged at error level, as they should be
	s.questions(2)
	s.exam(linear)
	w := &wireTour{site: s, kinds: map[openapi.Kind]bool{}, fail: func(err error) { held.Store(fault{err}) }}
	w.ann = w.as(s.signedIn("ann"))
	w.attempt = w.ann.start()
	w.saves()
	w.reads()
	w.refusals()
	w.rejections()
	w.failures()
	d := document(t)
	for _, kind := range d.Kinds() {
		if !w.kinds[kind] {
			t.Errorf("never seen: %+v", kind)
		}
	}
}

// wireTour asks for every answer that is documented.
type wireTour struct {
	*site
	ann     *client
	attempt string
	kinds   map[openapi.Kind]bool
	fail    func(error) // of everything that is read from now on; nil: no more
}

// as notes what a client is sent.
func (w *wireTour) as(c *client) *client {
	c = c.inProcess(w.site)
	c.kinds = w.kinds
	return c
}

// events asks for a stream of events.
func (w *wireTour) events(c *client) *http.Request {
	w.t.Helper()
	req := c.request(http.MethodGet, w.attempt+"/events", "", "")
	req.Header.Set("Accept", "text/event-stream")
	return req
}

// stream opens one over the network, and notes how it begins.
func (w *wireTour) stream(c *client) {
	w.t.Helper()
	ctx, leave := context.WithTimeout(context.Background(), time.Minute)
	defer leave()
	c.kinds = w.kinds
	req := w.events(c)
	res, err := c.http.Do(req.WithContext(ctx))
	must(w.t, err)
	defer func() { _ = res.Body.Close() }()
	line, err := bufio.NewReader(res.Body).ReadString('\n')
	must(w.t, err)
	c.documented(req, &answer{t: w.t, code: res.StatusCode, header: res.Header, body: line + "\n"})
}

func (w *wireTour) saves() {
	q := newCall(w.choice(w.attempt, 1, 1))
	w.ann.put(w.attempt, 1, q).acknowledged("applied", 1)
	w.ann.put(w.attempt, 1, q).acknowledged("replayed", 1)
	w.ann.reports(w.attempt, gapBody(uuid.NewString(), 5_000)).status(http.StatusOK)
}

func (w *wireTour) reads() {
	for _, path := range []string{"/api/v1/session", standingPath(w.attempt), commandPath(w.attempt, uuid.NewString()), w.attempt + "/events", "/healthz", "/readyz"} {
		w.ann.get(path).status(http.StatusOK)
	}
	w.stream(w.signedIn("ann"))
	nobody := w.as(w.client())
	nobody.get("/api/v1/session").status(http.StatusUnauthorized)
	nobody.get(standingPath(w.attempt)).status(http.StatusUnauthorized)
	nobody.get(commandPath(w.attempt, uuid.NewString())).status(http.StatusUnauthorized)
	nobody.get(w.attempt + "/events").status(http.StatusSeeOther)
	nobody.send(w.events(nobody)).status(http.StatusNoContent)
	nobody.put(w.attempt, 1, newCall(nil)).status(http.StatusUnauthorized)
	nobody.reports(w.attempt, gapBody(uuid.NewString(), 1)).status(http.StatusUnauthorized)
	foreign := w.as(w.signedIn("bob"))
	foreign.get(standingPath(w.attempt)).status(http.StatusNotFound)
	foreign.get(commandPath(w.attempt, uuid.NewString())).status(http.StatusNotFound)
	foreign.get(w.attempt + "/events").status(http.StatusNotFound)
	foreign.put(w.attempt, 1, newCall(nil)).status(http.StatusNotFound)
	foreign.reports(w.attempt, gapBody(uuid.NewString(), 1)).status(http.StatusNotFound)
}

// writing lists the requests that change something: how to send each with a body of a type.
func (w *wireTour) writing() []func(contentType, body string) *http.Request {
	return []func(string, string) *http.Request{
		func(contentType, body string) *http.Request {
			return w.ann.request(http.MethodPut, savePath(w.attempt, 1), contentType, body)
		},
		func(contentType, body string) *http.Request {
			return w.ann.request(http.MethodPost, "/api/v1"+w.attempt+"/gaps", contentType, body)
		},
	}
}

func (w *wireTour) refusals() {
	for _, request := range w.writing() {
		w.ann.send(request("application/json", "{}")).fails(http.StatusBadRequest, "MALFORMED")
		w.ann.send(request("application/json", strings.Repeat(" ", 2<<20))).fails(http.StatusRequestEntityTooLarge, "MALFORMED")
		w.ann.send(request("text/plain", "{}")).fails(http.StatusUnsupportedMediaType, "MALFORMED")
		foreign := request("application/json", "{}")
		foreign.Header.Set("Sec-Fetch-Site", "cross-site")
		w.ann.send(foreign).fails(http.StatusForbidden, "MALFORMED")
	}
	w.ann.do(http.MethodDelete, savePath(w.attempt, 1), "", "").fails(http.StatusMethodNotAllowed, "MALFORMED")
	w.ann.get("/api/v1/nothing").fails(http.StatusNotFound, "NOT_FOUND")
}

func (w *wireTour) rejections() {
	c, attempt := w.ann, w.attempt
	q := newCall(w.choice(attempt, 1, 0)).but("rev", 1)
	c.put(attempt, 1, q).acknowledged("applied", 2)
	reject := func(n int, q call, status int, reason exam.Reason) {
		w.t.Helper()
		if got := c.put(attempt, n, q).fails(status, strings.ToUpper(string(reason)))["reason"]; got != string(reason) {
			w.t.Errorf("reason %v, want %s", got, reason)
		}
	}
	reject(1, newCall(w.choice(attempt, 1, 1)), http.StatusConflict, exam.Stale)
	reject(1, q.but("answer", w.choice(attempt, 1, 2)), http.StatusConflict, exam.IDReused)
	reject(1, newCall("zzzzzz").but("rev", 2), http.StatusUnprocessableEntity, exam.InvalidAnswer)
	reject(2, newCall(nil), http.StatusConflict, exam.NotReached)
	reject(3, newCall(nil), http.StatusNotFound, exam.OutOfRange)
	c.answers(c.question(attempt, 1), 0, "next")
	reject(1, newCall(w.choice(attempt, 1, 1)).but("rev", 3), http.StatusConflict, exam.ClosedQuestion)
	w.admin(attempt, exam.Command{Kind: exam.Pause})
	reject(2, newCall(nil), http.StatusConflict, exam.IsPaused)
	w.admin(attempt, exam.Command{Kind: exam.ForceSubmit})
	reject(2, newCall(nil), http.StatusConflict, exam.Finished)
	w.admin(attempt, exam.Command{Kind: exam.Void})
	reject(2, newCall(nil), http.StatusConflict, exam.IsVoided)
	c, attempt = w.as(w.signedIn("cat")), w.beganAt("cat", 2*60*exam.Minute)
	reject(1, newCall(nil), http.StatusConflict, exam.TimeIsUp)
	w.exam(linear, oneDevice)
	attempt = w.signedIn("dan").start()
	c = w.as(w.signedIn("dan"))
	reject(1, newCall(nil), http.StatusConflict, exam.OtherDevice)
}

// failures: the database fails, there is no room for bodies, the instance takes leave.
func (w *wireTour) failures() {
	reads := []string{"/api/v1/session", standingPath(w.attempt), commandPath(w.attempt, uuid.NewString()), w.attempt + "/events"}
	for err, status := range map[error]int{
		store.ErrUnavailable: http.StatusServiceUnavailable, errors.New("trouble"): http.StatusInternalServerError,
	} {
		w.fail(err)
		for _, path := range reads {
			w.ann.get(path).status(status)
		}
		w.ann.put(w.attempt, 1, newCall(nil)).status(status)
		w.ann.reports(w.attempt, gapBody(uuid.NewString(), 1)).status(status)
	}
	w.fail(nil)
	w.server.SetRoom(1)
	for _, request := range w.writing() {
		w.ann.send(request("application/json", strings.Repeat(" ", 100<<10))).fails(http.StatusServiceUnavailable, "BUSY")
	}
	w.server.Drain()
	w.ann.get("/readyz").status(http.StatusServiceUnavailable)
}

// odd are values of which each field of a request takes some.
var odd = []any{
	nil, true, -1, 0, 1, 2, 0.5, 1e30, 86_400_000, 86_400_001, 1<<31 - 1, 1 << 31, 1 << 40, 1<<40 + 1, "", "x", "1", strings.Repeat("a", 36),
	"0B0CF8A4-0F2B-4F0B-8F63-6A1D9B0F2C11", "{0b0cf8a4-0f2b-4f0b-8f63-6a1d9b0f2c11}", []any{}, []any{"x"}, []any{1}, []any{[]any{}},
	map[string]any{}, map[string]any{"a": "b"}, map[string]any{"a": 1},
}

// The program takes the bodies that fit the document, and no others: field by field, absent or with odd values.
func TestOpenAPIRequests(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	c.inProcess(s)
	for operation, ask := range map[string]struct {
		good func() call
		send func(body string) *answer
	}{
		"PUT /api/v1/attempts/{attempt}/responses/{position}": {
			func() call { return newCall(s.choice(attempt, 1, 0)).but("flagged", true) },
			func(body string) *answer { return c.putText(attempt, 1, body) },
		},
		"POST /api/v1/attempts/{attempt}/gaps": {
			func() call { return call{"id": uuid.NewString(), "lasted_ms": 5} },
			func(body string) *answer { return c.reports(attempt, body) },
		},
	} {
		judge := func(what, body string) {
			fits := document(t).Request(operation, body)
			if got := ask.send(body); (got.code == http.StatusBadRequest) != (fits != nil) {
				t.Errorf("%s: %s: answered %d; the document says %v", operation, what, got.code, fits)
			}
		}
		for _, body := range []string{text(t, ask.good()), "null", "[]", `"x"`, "{}", "{", ""} {
			judge("the body "+body, body)
		}
		for _, field := range slices.Sorted(maps.Keys(ask.good())) {
			judge(field+" is absent", text(t, ask.good().but("-"+field, nil)))
			for _, value := range odd {
				shown, err := json.Marshal(value)
				must(t, err)
				judge(fmt.Sprintf("%s is %s", field, shown), text(t, ask.good().but(field, value)))
			}
		}
	}
}

// The longest answer is the document's.
func TestOpenAPILongestAnswer(t *testing.T) {
	t.Parallel()
	s, c, attempt := essay(t)
	c.inProcess(s)
	const operation = "PUT /api/v1/attempts/{attempt}/responses/{position}"
	for n, status := range map[int]int{100_000: http.StatusOK, 100_001: http.StatusRequestEntityTooLarge} {
		body := text(t, newCall(strings.Repeat("x", n)))
		fits := document(t).Request(operation, body)
		if got := c.putText(attempt, 1, body).status(status); (fits == nil) != (got.code == http.StatusOK) {
			t.Errorf("%d characters: answered %d; the document says %v", n, got.code, fits)
		}
	}
}
