package handlers

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/internal/planted"
	"shiken/store"
)

// exchange is what one request carries from middleware to handler.
type exchange struct {
	id    string // request id, in logs and on error pages
	nonce string // of the Content-Security-Policy
	// started and received are monotonic: the first byte of the head, and the last of the body.
	started, received time.Time
	answered          time.Time   // when a stream began, which lasts; zero for all else
	hurry             *time.Timer // ends the request's context, see bounded; nil: nothing does
	route             *route      // nil where none was found
	body              []byte
	upload            *upload    // what an upload's body held
	fields            url.Values // beside the file of an upload
	unread            bool       // the body was not read: there was no room, or nobody who may send it
	room              int64      // that the body holds, see takeRoom
	uploading         int64      // for how many of the few uploads it counts, see takeUpload
	isAPI             bool
	user              string // id of the viewer once known, for the log
	// viewer and now are what allow found.
	viewer *store.Viewer
	now    exam.Instant
	// mended: the session's key was found wrong and looked up anew; signIn is what it should be, or
	// mending what went wrong.
	mended  bool
	signIn  string
	mending error
}

type exchangeKey struct{}

func newExchange() *exchange {
	now := time.Now()
	return &exchange{id: uuid.NewString(), nonce: randomText(16), started: now, received: now}
}

// of returns the request's exchange. Every request has one: observe is outermost.
func of(r *http.Request) *exchange { return r.Context().Value(exchangeKey{}).(*exchange) }

func withExchange(r *http.Request, x *exchange) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
}

// took is how long the request waited for its answer.
func (x *exchange) took() time.Duration {
	if x.answered.IsZero() {
		return time.Since(x.started)
	}
	return x.answered.Sub(x.started)
}

// held is how long the instance has held the request since its body was read, at most W (R8).
func (x *exchange) held() exam.Micros { return x.heldAt(time.Now()) }

// heldAt is held as of a time: of the reading of the clock from which it is taken away.
func (x *exchange) heldAt(at time.Time) exam.Micros {
	if planted.Bug(planted.ArrivalAfterWait) {
		return 0
	}
	return min(exam.Micros(at.Sub(x.received).Microseconds()), exam.W)
}

// onceSet tells the first time of a thing from the others. What it remembers is bounded: when it is
// full it forgets all.
type onceSet struct {
	most int
	mu   sync.Mutex
	seen map[string]bool
}

// add reports whether it has not heard of key.
func (o *onceSet) add(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen[key] {
		return false
	}
	if o.seen == nil || len(o.seen) >= o.most {
		o.seen = map[string]bool{}
	}
	o.seen[key] = true
	return true
}

// has reports whether it has heard of key.
func (o *onceSet) has(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.seen[key]
}

func randomText(n int) string { return base64.RawURLEncoding.EncodeToString(randomBytes(n)) }

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand aborts the program instead
	return b
}

// requestTimeout bounds what a request may take from the time its body was read, its turn in the session
// and all of the database's answers included: a database that is silent, and not gone, must not hold a
// session's lock, a place in the pool and a candidate for as long as the network takes to notice.
const requestTimeout = 15 * time.Second

// errTooSlow is why the context of a request ended whose time was over.
var errTooSlow = fmt.Errorf("%w: the request took too long", context.DeadlineExceeded)

// bounded gives the request a context that ends after the server's patience, unless the handler is unhurried.
func (s *Server) bounded(r *http.Request) (*http.Request, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(r.Context())
	x := of(r)
	x.hurry = time.AfterFunc(s.patience, func() { cancel(errTooSlow) })
	return r.WithContext(ctx), func() {
		x.hurry.Stop()
		cancel(nil)
	}
}

// unhurried lets a request take as long as it needs: a download, a stream.
func unhurried(r *http.Request) {
	if x := of(r); x.hurry != nil {
		x.hurry.Stop()
	}
}

// commandTimeout bounds a command in the database.
const commandTimeout = 10 * time.Second

// commandContext lets a command finish when its client has gone: whoever closes the window behind a
// click means the click.
func commandContext(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), commandTimeout)
}
