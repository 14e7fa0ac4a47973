package simulate

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
)

// device is a browser: tabs that share cookies.
type device struct {
	*candidate
	number int
	tabs   int

	mu     sync.Mutex
	cookie string
	ended  []ending
	sent   int
	names  map[string]string // what histories call a session, by cookie
	sure   map[string]bool   // sessions that were begun, and that nothing was sent to end
}

// ending is a session that is over for certain: whoever comes with it from then on is signed out.
type ending struct {
	cookie string
	at     time.Duration
}

func (d *device) session() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cookie
}

// name is one that no other request of the run has.
func (d *device) name() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent++
	return fmt.Sprintf("request %d.%d.%d", d.candidate.number, d.number, d.sent)
}

// get asks for a page.
func (d *device) get(path string) reply {
	return d.send(request{method: http.MethodGet, path: path})
}

// post sends a form.
func (d *device) post(path string, form url.Values) reply { return d.send(posted(path, form)) }

func posted(path string, form url.Values) request {
	return request{method: http.MethodPost, path: path, form: true, body: form.Encode()}
}

// send sends a request with the device's cookie, takes the cookies of the reply and looks at it.
func (d *device) send(q request) reply {
	q.cookie = d.session()
	d.unsureFor(&q)
	return d.sendAs(q)
}

// unsureFor: what begins or ends a sign-in may end the one before.
func (d *device) unsureFor(q *request) {
	if q.path == "/login" || q.path == "/logout" {
		d.unsure(q.cookie)
		d.mayEnd(d.nameOf(q.cookie), d.now())
	}
}

// mayEnd notes that something is asked, or was, that may end a session, whatever comes of it: then any other
// device may write where only one may.
func (d *device) mayEnd(session string, asked time.Duration) {
	if session == "" || d.exams[d.exam].Rules.Devices != exam.OneDevice {
		return
	}
	o := history.New(history.SignOut)
	o.Client, o.Session, o.User, o.Sent = d.candidate.number, session, d.user.ID, asked
	d.noted(o)
}

// allMayEnd is mayEnd for every session that the device ever had.
func (d *device) allMayEnd(asked time.Duration) {
	d.mu.Lock()
	sessions := slices.Sorted(maps.Values(d.names))
	d.mu.Unlock()
	for _, s := range sessions {
		d.mayEnd(s, asked)
	}
}

// sendAs sends a request with the cookie that it has.
func (d *device) sendAs(q request) reply {
	name := d.name()
	r := d.exchange(name, q)
	r.session, r.path = d.nameOf(q.cookie), q.path
	if d.Trace != nil {
		d.say("candidate %d device %d %s %s: %d %s (instance %d)",
			d.candidate.number, d.number, q.method, q.path, r.status, r.header.Get("Location"), r.where)
	}
	if r.at < 0 {
		return r
	}
	d.take(r, q.cookie)
	d.judge(&q, &r)
	d.leaks(&q, &r)
	d.keepsWhole(name, &r)
	return r
}

// nameOf is what histories call the session of a cookie.
func (d *device) nameOf(cookie string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.names[cookie]
}

// take keeps the session's cookie as a browser does.
func (d *device) take(r reply, sent string) {
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if c.Name != "shiken_session" {
			continue
		}
		d.mu.Lock()
		if c.MaxAge < 0 {
			c.Value = ""
		}
		if c.Value != "" || d.cookie == sent {
			d.cookie = c.Value
		}
		if d.sure == nil {
			d.sure, d.names = map[string]bool{}, map[string]string{}
		}
		if c.Value != "" && d.names[c.Value] == "" {
			d.names[c.Value] = fmt.Sprintf("session %d.%d.%d", d.candidate.number, d.number, len(d.names)+1)
		}
		shaky := d.isShaky(r.sent)
		// A sign-in of unknown outcome brings a cookie too, and promises nothing.
		d.sure[c.Value] = c.Value != "" && r.status == http.StatusSeeOther && !shaky
		d.mu.Unlock()
		if shaky {
			d.mayEnd(d.nameOf(c.Value), r.sent)
		}
	}
}

// judge looks at what holds for every reply.
func (d *device) judge(q *request, r *reply) {
	switch {
	case r.status == http.StatusInternalServerError:
		d.fault("§5", "%s %s: 500: %s", q.method, q.path, r.body)
	case r.status >= 500 && !d.explained(r.sent, r.at, blamed(r)):
		d.fault("§5", "%s %s: %d, and nothing had gone wrong: %.300s", q.method, q.path, r.status, r.body)
	}
	if r.status >= 400 && r.status < 500 && !mayRefuse(q, r) {
		d.fault("§7", "%s %s %.300s: %d: %.300s", q.method, q.path, q.body, r.status, r.body)
	}
	d.keptUnsent(q, r)
	if q.method == http.MethodPost && q.path == "/login" && r.status == http.StatusSeeOther && !bringsSession(r) {
		d.fault("§6", "POST /login: acknowledged without a session's cookie")
	}
	if isSignedOut(q, r) && d.isSure(q.cookie) {
		d.fault("§6", "%s %s: %d for a session that nobody has ended", q.method, q.path, r.status)
	}
	if d.isEnded(q.cookie, r.sent) && isSignedIn(q, r) {
		d.fault("§6", "%s %s: %d for a session that was over at %v", q.method, q.path, r.status, r.sent)
	}
}

// mayRefuse: a status of 4xx says that the command was judged and rejected, that nobody is signed in, that
// no attempt is left, that there was too much, or what the request is wrong in.
func mayRefuse(q *request, r *reply) bool {
	switch r.status {
	case q.wrong, http.StatusTooManyRequests:
		return true
	case http.StatusUnauthorized:
		return q.path != "/login" // judge knows whose session is over
	case http.StatusForbidden:
		return strings.HasPrefix(q.path, "/exams/") && q.method == http.MethodPost
	case http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity:
		return strings.Contains(r.body, ` data-outcome="rejected"`) || strings.Contains(r.body, `"reason":"`)
	}
	return false
}

// bringsSession: the reply sets the session's cookie.
func bringsSession(r *reply) bool {
	return slices.ContainsFunc((&http.Response{Header: r.header}).Cookies(), func(c *http.Cookie) bool {
		return c.Name == "shiken_session" && c.Value != ""
	})
}

// blamed is where what went wrong did: who is busy may wait for a request of the same session that
// another instance serves.
func blamed(r *reply) int {
	if strings.Contains(r.body, `"BUSY"`) || strings.Contains(r.body, "<title>Too much at once") {
		return everywhere
	}
	return r.where
}

// marks finds what a page of a conflict marks in an answer.
var marks = regexp.MustCompile(`<mark><span class="visually-hidden">[^<]*</span>([^<]*)<span class="visually-hidden">[^<]*</span></mark>`)

// keptUnsent: a page that could not take a command holds the answer that was sent, whoever asks.
func (d *device) keptUnsent(q *request, r *reply) {
	asks := r.status == http.StatusServiceUnavailable || r.status == http.StatusUnauthorized || r.status == http.StatusConflict
	if !q.form || !asks || !strings.HasPrefix(q.path, "/attempts/") {
		return
	}
	fields, err := url.ParseQuery(q.body)
	must(err)
	if fields.Get("action") == "clear" {
		return // the answer that was sent is none
	}
	body := marks.ReplaceAllString(r.body, "$1")
	for _, v := range fields["answer"] {
		if isTyped(v) && !strings.Contains(body, html.EscapeString(v)) {
			d.fault("R15", "POST %s: the page of %d does not hold the answer %q", q.path, r.status, v)
		}
	}
}

// isTyped: free text, which a page shows as it was sent.
func isTyped(answer string) bool { return strings.HasPrefix(answer, "text ") }

// isSignedIn: the reply is one that only somebody signed in gets.
func isSignedIn(q *request, r *reply) bool {
	switch {
	case r.status == http.StatusSeeOther:
		return !strings.HasPrefix(r.header.Get("Location"), "/login") && q.path != "/login"
	case strings.HasPrefix(q.path, "/login"):
		return false
	}
	return r.status == http.StatusOK || r.status == http.StatusConflict || r.status == http.StatusUnprocessableEntity
}

// isSignedOut: the reply is one that only somebody signed out gets.
func isSignedOut(q *request, r *reply) bool {
	return q.path != "/login" && q.path != "/logout" && (r.status == http.StatusUnauthorized ||
		r.status == http.StatusSeeOther && strings.HasPrefix(r.header.Get("Location"), "/login"))
}

// unsure: something was sent that may end the session.
func (d *device) unsure(cookie string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sure, cookie)
}

// unsureAll: something was sent that may end every session that the device ever had.
func (d *device) unsureAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.sure)
}

func (d *device) isSure(cookie string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sure[cookie]
}

func (d *device) isEnded(cookie string, sent time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.ended {
		if cookie != "" && e.cookie == cookie && e.at < sent {
			return true
		}
	}
	return false
}

// endsNow notes that the session was answered to be over, to who had asked for that.
func (d *device) endsNow(cookie string, asked, at time.Duration) {
	o := history.New(history.SignOut)
	o.Client, o.Session, o.User = d.candidate.number, d.nameOf(cookie), d.user.ID
	o.Sent, o.Done, o.Result = asked, at, history.Acknowledged
	d.noted(o)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = append(d.ended, ending{cookie, at})
}

// signIn signs in by the form.
func (d *device) signIn() bool {
	r := d.post("/login", url.Values{"username": {d.user.Username}, "password": {password}})
	return r.status == http.StatusSeeOther
}

// signOut ends the session, and comes back with its cookie afterwards.
func (t *tab) signOut() {
	was := t.session()
	r := t.post("/logout", url.Values{})
	if r.status != http.StatusSeeOther {
		return
	}
	t.endsNow(was, r.sent, r.at)
	t.send(request{method: http.MethodGet, path: "/"})
	t.comeBack("/")
}

// comeBack asks for a page with the session that was ended last, if there is one, and saves an answer.
func (t *tab) comeBack(path string) {
	cookie := t.endedLast()
	if cookie == "" {
		return
	}
	t.sendAs(request{method: http.MethodGet, path: path, cookie: cookie})
	if t.known() == "" {
		return
	}
	s := t.put(t.saving(), 0)
	s.request.cookie = cookie
	r := t.sendAs(s.request)
	told(&s.op, &r)
	t.adopt(&s.op, &r)
	t.note(s.op, &r)
}

func (d *device) endedLast() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.ended); n > 0 {
		return d.ended[n-1].cookie
	}
	return ""
}
