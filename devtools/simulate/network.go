package simulate

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"
)

// request is what a browser sends.
type request struct {
	method, path string
	form         bool // a form, else JSON; for what has a body
	body         string
	cookie       string // value of the session's cookie
	wrong        int    // the status that says what is wrong with it, 0 = nothing is
}

// reply is what came back. Status 0: nothing did.
type reply struct {
	status    int
	header    http.Header
	body      string
	sent, at  time.Duration // at < 0: nothing came back
	delivered time.Duration // < 0: not at all
	copied    bool
	where     int    // instance
	session   string // that it was sent under, as histories call it
	path      string // that was asked for
}

// delivery is one arrival of a request at an instance.
type delivery struct {
	*world
	request request
	dice    *dice
	in      *instance
	way     time.Duration
	ctx     context.Context
	done    chan struct{} // closed when the answer is there
	taken   atomic.Int64  // when the instance had it, since the run began; 0 = it never did
	answer  *httptest.ResponseRecorder
}

// exchange sends a request over the network to any instance, as a balancer without stickiness does, and
// waits for the reply as long as its sender would. name is different for each request of a run.
func (w *world) exchange(name string, q request) reply {
	luck := newDice(w.seed ^ hash(name))
	c := luck.at("network")
	r := reply{sent: w.now(), at: -1, delivered: -1, where: c.pick(instances)}
	limit := c.between(6*time.Second, 12*time.Second)
	way := c.between(time.Millisecond, 10*time.Millisecond)
	if w.happens(RequestLate, c, 0.1) {
		way += c.between(100*time.Millisecond, 8*time.Second)
	}
	if w.happens(RequestCopied, c, 0.06) {
		r.copied = true
		w.deliver(q, newDice(luck.seed+1), c.pick(instances), way+c.between(0, 8*time.Second), context.Background())
	}
	if w.happens(RequestLost, c, 0.04) {
		w.sleep(limit)
		return r
	}
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	d := w.deliver(q, luck, r.where, way, ctx)
	return w.await(d, r, c, limit)
}

// await waits for a delivery's answer, which may be lost or late on its way back.
func (w *world) await(d *delivery, r reply, c *chance, limit time.Duration) reply {
	gone := w.happens(ClientGone, c, 0.03)
	lost := w.happens(ReplyLost, c, 0.05)
	back := c.between(time.Millisecond, 10*time.Millisecond)
	if w.happens(ReplyLate, c, 0.05) {
		back += c.between(100*time.Millisecond, 4*time.Second)
	}
	if gone {
		limit = d.way + c.between(0, 50*time.Millisecond)
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.in.died:
		w.sleep(back)
	case <-d.done:
		if !lost && !gone {
			r = w.received(d, r, back)
		}
	}
	if taken := d.taken.Load(); taken > 0 {
		r.delivered = time.Duration(taken)
	}
	return r
}

// received is what a sender sees of an answer.
func (w *world) received(d *delivery, r reply, back time.Duration) reply {
	w.sleep(back)
	r.status, r.header, r.body, r.at = d.answer.Code, d.answer.Header(), d.answer.Body.String(), w.now()
	return r
}

// deliver brings a request to an instance. What hangs there hangs until the run is over.
func (w *world) deliver(q request, luck *dice, where int, way time.Duration, ctx context.Context) *delivery {
	d := &delivery{
		world: w, request: q, dice: luck, in: w.at(where), way: way, done: make(chan struct{}), answer: httptest.NewRecorder(),
	}
	d.ctx = context.WithValue(ctx, requestDice{}, luck)
	w.crew.do(d.run)
	return d
}

func (d *delivery) run() {
	d.sleep(d.way)
	if d.isOver() {
		return
	}
	d.in.stand("request")
	if d.in.isDead() {
		return
	}
	d.taken.Store(int64(d.now()))
	d.in.handler.ServeHTTP(d.answer, d.made())
	if !d.in.isDead() {
		close(d.done)
	}
}

// origin is the address of the site.
const origin = "http://shiken.example"

func (d *delivery) made() *http.Request {
	q := &d.request
	r, err := http.NewRequestWithContext(d.ctx, q.method, origin+q.path, strings.NewReader(q.body))
	must(err)
	r.RemoteAddr = "192.0.2.1:1"
	r.Header.Set("Accept-Language", "en")
	switch {
	case q.method == http.MethodGet:
	case q.form:
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	default:
		r.Header.Set("Content-Type", "application/json")
	}
	if q.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "shiken_session", Value: q.cookie})
	}
	return r
}
