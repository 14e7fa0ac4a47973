package handlers_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"shiken/devtools/openapi"
)

// client is a browser without JavaScript: cookies, and no redirects followed by itself.
type client struct {
	t      *testing.T
	http   *http.Client
	base   string
	lang   string
	token  string // of the session that was made for it
	signIn string
	kinds  map[openapi.Kind]bool // of documented answers that it was sent; nil: nobody asks
}

func (s *site) client() *client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	return &client{t: s.t, base: s.url, lang: "en", http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// inProcess sends the client's requests straight to the handler, where there are very many of them. It
// leaves a stream of events as soon as that has begun.
func (c *client) inProcess(s *site) *client {
	c.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		ctx, leave := context.WithCancel(r.Context())
		defer leave()
		w := &eventRecorder{ResponseRecorder: httptest.NewRecorder(), leave: leave}
		r.RemoteAddr = "127.0.0.1:1"
		s.handler.ServeHTTP(w, r.WithContext(ctx))
		return w.Result(), nil
	})
	return c
}

// eventRecorder is a recorder whose client leaves when it is told of a stream of events.
type eventRecorder struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
}

func (w *eventRecorder) WriteHeader(status int) {
	w.ResponseRecorder.WriteHeader(status)
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
		w.leave()
	}
}

func (w *eventRecorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK) // the recorder keeps the first
	return w.ResponseRecorder.Write(p)
}

func (w *eventRecorder) Flush() {
	w.WriteHeader(http.StatusOK)
	w.ResponseRecorder.Flush()
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer is a response, read whole.
type answer struct {
	t        *testing.T
	code     int
	location string
	header   http.Header
	body     string
	parsed   *goquery.Document
}

// doc is the body as a document.
func (a *answer) doc() *goquery.Document {
	a.t.Helper()
	if a.parsed == nil {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
		must(a.t, err)
		a.parsed = doc
	}
	return a.parsed
}

const formType = "application/x-www-form-urlencoded"

func (c *client) do(method, path, contentType, body string) *answer {
	c.t.Helper()
	return c.send(c.request(method, path, contentType, body))
}

func (c *client) request(method, path, contentType, body string) *http.Request {
	c.t.Helper()
	req, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	must(c.t, err)
	req.Header.Set("Accept-Language", c.lang)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return req
}

func (c *client) send(req *http.Request) *answer {
	c.t.Helper()
	a, err := c.try(req)
	must(c.t, err)
	return a
}

// try is send for goroutines, which must not end the test.
func (c *client) try(req *http.Request) (*answer, error) {
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	a := &answer{
		t: c.t, code: res.StatusCode, location: res.Header.Get("Location"), header: res.Header, body: string(body),
	}
	if err == nil {
		c.documented(req, a)
	}
	return a, err
}

func (c *client) get(path string) *answer { c.t.Helper(); return c.do(http.MethodGet, path, "", "") }

func (c *client) post(path string, form url.Values) *answer {
	c.t.Helper()
	return c.do(http.MethodPost, path, formType, form.Encode())
}

// follow goes where a 303 leads, at most a few times, and returns the page there.
func (c *client) follow(a *answer) *answer {
	c.t.Helper()
	for range 5 {
		if a.code != http.StatusSeeOther {
			return a
		}
		a = c.get(a.location)
	}
	c.t.Fatalf("redirects without end, last to %q", a.location)
	return nil
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

// rejected fails the test unless the answer is the page of a rejection with this status and reason.
func (a *answer) rejected(status int, reason string) *answer {
	a.t.Helper()
	a.status(status)
	if a.data("outcome") != "rejected" || a.data("reason") != reason {
		a.t.Fatalf("outcome %q, reason %q, want %q\n%s", a.data("outcome"), a.data("reason"), reason, a.body)
	}
	return a
}

// data reads a data attribute of the main element.
func (a *answer) data(name string) string {
	v, _ := a.doc().Find("main").Attr("data-" + name)
	return v
}

// has fails the test unless the main element has the data attributes, given as name and value.
func (a *answer) has(pairs ...string) *answer {
	a.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := a.data(pairs[i]); got != pairs[i+1] {
			a.t.Fatalf("data-%s = %q, want %q\n%s", pairs[i], got, pairs[i+1], a.body)
		}
	}
	return a
}

// text is the text of what a selector finds.
func (a *answer) text(selector string) string {
	return strings.Join(strings.Fields(a.doc().Find(selector).Text()), " ")
}

// saved and sent are the two answers of a rejection's page.
func (a *answer) saved() string { return a.text("[data-answer=saved]") }
func (a *answer) sent() string  { return a.text("[data-answer=sent]") }

// commandForm is the form that gives a command to an attempt or starts one.
func (a *answer) commandForm() *goquery.Selection {
	a.t.Helper()
	form := a.doc().Find("main form").FilterFunction(func(_ int, f *goquery.Selection) bool {
		return f.Find("input[name=command_id]").Length() == 1
	}).First()
	if form.Length() == 0 {
		a.t.Fatalf("no form on the page\n%s", a.body)
	}
	return form
}

// form reads what the page's form would send without a button pressed.
func (a *answer) form() url.Values { a.t.Helper(); return fieldsIn(a.commandForm()) }

func fieldsIn(form *goquery.Selection) url.Values {
	out := url.Values{}
	enabled := func(i *goquery.Selection) bool {
		_, off := i.Attr("disabled")
		return !off && i.Closest("fieldset[disabled]").Length() == 0
	}
	form.Find("input[type=hidden], input[type=text], input[checked]").Each(func(_ int, i *goquery.Selection) {
		if enabled(i) {
			out.Add(i.AttrOr("name", ""), i.AttrOr("value", ""))
		}
	})
	form.Find("textarea").Each(func(_ int, i *goquery.Selection) {
		if enabled(i) {
			out.Add(i.AttrOr("name", ""), i.Text())
		}
	})
	form.Find("select").Each(func(_ int, i *goquery.Selection) {
		if enabled(i) {
			out.Add(i.AttrOr("name", ""), i.Find("option[selected]").First().AttrOr("value", ""))
		}
	})
	return out
}

// press sends the page's form with its first button, as one click does.
func (c *client) press(a *answer) *answer {
	c.t.Helper()
	form := a.commandForm()
	fields := fieldsIn(form)
	if b := form.Find("button[name]").First(); b.Length() == 1 {
		fields.Set(b.AttrOr("name", ""), b.AttrOr("value", ""))
	}
	return c.post(form.AttrOr("action", ""), fields)
}

// actions lists the buttons of the form in the order of the document.
func (a *answer) actions() []string {
	a.t.Helper()
	var out []string
	a.commandForm().Find("button[name=action]").Each(func(_ int, b *goquery.Selection) {
		out = append(out, b.AttrOr("value", ""))
	})
	return out
}

// choices lists the values of the options in the order shown.
func (a *answer) choices() []string {
	var out []string
	a.doc().Find("input[name=answer]:not([type=hidden])").Each(func(_ int, i *goquery.Selection) {
		out = append(out, i.AttrOr("value", ""))
	})
	return out
}

// chosen lists the values of the checked options.
func (a *answer) chosen() []string {
	var out []string
	a.doc().Find("input[name=answer][checked]").Each(func(_ int, i *goquery.Selection) {
		out = append(out, i.AttrOr("value", ""))
	})
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

// question gets the page of a question.
func (c *client) question(attempt string, n int) *answer {
	c.t.Helper()
	return c.get(questionPath(attempt, n)).status(http.StatusOK)
}

// answers sends the page's form with the k-th option chosen and a button pressed.
func (c *client) answers(page *answer, k int, action string) *answer {
	c.t.Helper()
	form := page.commandForm()
	return c.post(form.AttrOr("action", ""), with(fieldsIn(form), "answer", page.choices()[k], "action", action))
}

// submit hands the attempt in by its review page.
func (c *client) submit(attempt string) {
	c.t.Helper()
	c.post(attempt+"/submit", c.get(attempt+"/review").status(http.StatusOK).form()).leads(attempt + "/result")
}

func questionPath(attempt string, n int) string { return fmt.Sprintf("%s/questions/%d", attempt, n) }

// with is a form with some fields set; a name behind a minus is removed, whatever value follows.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		if name, gone := strings.CutPrefix(pairs[i], "-"); gone {
			out.Del(name)
			continue
		}
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

func savePath(attempt string, n any) string { return fmt.Sprintf("/api/v1%s/responses/%v", attempt, n) }

type selection = goquery.Selection

// cookies are those that the answer sets, by name.
func (a *answer) cookies() map[string]*http.Cookie {
	out := map[string]*http.Cookie{}
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		out[c.Name] = c
	}
	return out
}
