package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"shiken/devtools/history"
)

// tab is one window of a candidate's browser. It behaves as the site's own pages do: a command is sent
// again to the byte until it is answered, each has its seq, and only what was shown is built upon. Some
// of its pages are old.
type tab struct {
	run  *run
	who  *candidate
	on   *device
	n    int
	exam string
	rng  *rand.Rand
	// kept are pages that were left open, or that the browser's Back brings.
	kept []*view
	// strays are requests that nobody waits for.
	strays sync.WaitGroup
	made   int // answers
}

// A page waits for retryPause before it sends the same again, and each time twice as long as before, up to
// longestPause: while the database is away, 503s must not take the processor from its recovery.
const (
	retryPause   = 60 * time.Millisecond
	longestPause = 240 * time.Millisecond
)

// again waits before a request is sent the next time, after so many tries.
func again(ctx context.Context, tries int) error {
	return pause(ctx, min(retryPause<<min(tries, 4), longestPause))
}

// live sits exam after exam until the run says that no new command is to be begun.
func (t *tab) live(ctx context.Context) error {
	for !t.run.ending() {
		if err := pause(ctx, t.who.resting()); err != nil {
			return err
		}
		attempt, position, err := t.sitting(ctx)
		if err != nil {
			return err
		}
		if attempt != "" {
			if position == 0 {
				position = 1 + t.n*3 // tabs begin at different questions
			}
			if err := t.sit(ctx, attempt, position); err != nil {
				return err
			}
		}
	}
	return t.resend(ctx)
}

// sitting returns the candidate's attempt and where it goes on; a start if there is none.
func (t *tab) sitting(ctx context.Context) (attempt string, position int, err error) {
	if attempt = t.who.attempt(t.exam); attempt != "" {
		return attempt, 0, nil
	}
	r, err := t.get(ctx, "/exams/"+t.exam)
	if err != nil {
		return "", 0, err
	}
	p := readPage(r.body)
	f := p.holding("seen")
	if f == nil {
		return t.resume(p)
	}
	return t.start(ctx, f)
}

// resume goes on with the attempt that an exam's page links to.
func (t *tab) resume(p *page) (string, int, error) {
	for _, href := range p.links {
		if attempt := attemptOf(href); attempt != "" {
			t.who.begun(t.exam, attempt)
			return attempt, 0, nil
		}
	}
	return "", 0, nil // a page of some trouble: ask again
}

func (t *tab) start(ctx context.Context, f *form) (string, int, error) {
	o := history.New(history.Start)
	o.User, o.Exam, o.Command = t.who.user, t.exam, f.fields.Get("command_id")
	o.Rev, _ = strconv.ParseInt(f.fields.Get("seen"), 10, 64) // 0 when it is none, which is refused
	q := request{method: http.MethodPost, path: "/exams/" + t.exam + "/attempts", media: mediaForm,
		body: url.Values{"command_id": {o.Command}, "seen": {f.fields.Get("seen")}}.Encode()}
	o, err := t.insist(ctx, q, o, func(r *reply, o *history.Op) { judgeForm(r, o, 0) })
	if err != nil || o.Result != history.Acknowledged {
		return "", 0, err
	}
	t.who.begun(t.exam, o.Attempt)
	return o.Attempt, 0, nil
}

// get asks for a page until there is one.
func (t *tab) get(ctx context.Context, path string) (reply, error) {
	for tries := 0; ; tries++ {
		cookie := t.on.now().cookie
		bounded, cancel := context.WithTimeout(ctx, t.patience())
		r, err := t.send(bounded, request{method: http.MethodGet, path: path, cookie: cookie})
		cancel()
		switch {
		case err == nil && signedOut(&r):
			if err := t.on.refused(ctx, cookie); err != nil {
				return r, err
			}
		case err == nil && r.status < http.StatusInternalServerError:
			return r, nil
		}
		if err := again(ctx, tries); err != nil {
			return r, err
		}
	}
}

// send is one request and its reply, which must not tell what the candidate may not know.
func (t *tab) send(ctx context.Context, q request) (reply, error) {
	r, err := t.who.site.send(ctx, q)
	if err == nil {
		for _, what := range t.who.leaks(&q, &r) {
			t.run.leaked(what)
		}
	}
	return r, err
}

// signedOut reports whether the reply leads to the sign-in page.
func signedOut(r *reply) bool {
	return r.status == http.StatusUnauthorized || r.status == http.StatusSeeOther && strings.HasPrefix(r.location, "/login")
}

// insist sends a command until it is judged, as a page does, and keeps every try. It gives up only with
// ctx, or as somebody who closes the window.
func (t *tab) insist(ctx context.Context, q request, o history.Op, judge judge) (history.Op, error) {
	for tries := 0; ; tries++ {
		tried, r := t.try(ctx, t.patience(), q, o, judge)
		switch {
		case tried.Ok() || tried.Result == history.Rejected:
			t.run.judged(&tried)
			return tried, nil
		case r.status == http.StatusUnauthorized:
			if err := t.on.refused(ctx, r.cookie); err != nil {
				return tried, err
			}
		case tried.Result == history.Refused && r.status != http.StatusTooManyRequests:
			return tried, fmt.Errorf("torture: %s %s: status %d: %.300s", q.method, q.path, r.status, r.body)
		case !t.run.ending() && t.rng.IntN(closesWindow) == 0:
			return tried, nil
		}
		if err := again(ctx, tries); err != nil {
			return tried, err
		}
	}
}

// closesWindow: one in so many who wait in vain closes the window, with the answer unsent.
const closesWindow = 100

// try sends a command once. The reply's cookie is the one that was sent.
func (t *tab) try(ctx context.Context, patience time.Duration, q request, o history.Op, judge judge) (history.Op, reply) {
	s := t.on.now()
	q.cookie = s.cookie
	o.Client, o.Tab, o.Session = t.who.n, t.n, s.name
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	o.Sent = t.run.now()
	r, err := t.send(bounded, q)
	if err == nil {
		o.Done, o.Status = t.run.now(), r.status
		judge(&r, &o)
	}
	t.run.record(o)
	r.cookie = q.cookie
	return o, r
}

// patience differs: some send again while the first is still under way.
func (t *tab) patience() time.Duration {
	switch t.rng.IntN(30) {
	case 0:
		return 250 * time.Millisecond
	case 1, 2:
		return 5 * time.Second
	}
	return time.Second
}

// newID is a random UUID (RFC 9562, version 4) out of the tab's seed.
func (t *tab) newID() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(t.rng.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return uuidText(b[:])
}
