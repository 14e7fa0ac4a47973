package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Metrics are for this machine and its private network; nobody else learns that they are there.
func TestMetricsAreForTheNeighbourhood(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct {
		peer, header, value string
		status              int
	}{
		{"127.0.0.1:1", "", "", 200}, {"[::1]:1", "", "", 200}, {"10.2.3.4:1", "", "", 200}, {"172.16.0.1:1", "", "", 200},
		{"192.168.1.1:1", "", "", 200}, {"[fd00::1]:1", "", "", 200}, {"169.254.1.1:1", "", "", 200}, {"[fe80::1%eth0]:1", "", "", 200},
		{"[::ffff:10.0.0.1]:1", "", "", 200},
		{"8.8.8.8:1", "", "", 404}, {"172.32.0.1:1", "", "", 404}, {"[2001:db8::1]:1", "", "", 404}, {"100.64.0.1:1", "", "", 404},
		{"[::ffff:8.8.8.8]:1", "", "", 404}, {"", "", "", 404}, {"x", "", "", 404},
		{"127.0.0.1:1", "X-Forwarded-For", "127.0.0.1", 404}, {"10.0.0.1:1", "Forwarded", "for=10.0.0.1", 404},
		{"127.0.0.1:1", "X-Forwarded-For", "", 404},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = test.peer
		if test.header != "" {
			r.Header.Set(test.header, test.value)
		}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if shown := contains(w.Body.String(), "shiken_"); w.Code != test.status || shown != (test.status == 200) {
			t.Errorf("%q %s: %q: %d, shown %v", test.peer, test.header, test.value, w.Code, shown)
		}
	}
}

// counting counts the sessions that are written to the store beneath.
type counting struct {
	scs.Store
	written *atomic.Int64
}

func (c counting) Commit(token string, b []byte, expiry time.Time) error {
	c.written.Add(1)
	return c.Store.Commit(token, b, expiry)
}

// Whoever asks for readiness again and again writes no more than one session a second.
func TestReadinessIsProbedOnceASecond(t *testing.T) {
	t.Parallel()
	written := &atomic.Int64{}
	s := newSite(t, func(s *site) { s.beneath = func(in scs.Store) scs.Store { return counting{in, written} } })
	began := time.Now()
	for _, a := range rapid(t, s.client(), 50, func(int) *http.Request {
		return s.client().request(http.MethodGet, "/readyz", "", "")
	}) {
		if got := a.status(http.StatusOK).json(); got["status"] != "ready" {
			t.Errorf("ready %v", got)
		}
	}
	if n, most := written.Load(), int64(time.Since(began)/time.Second)+1; n < 1 || n > most {
		t.Errorf("%d sessions written, at most %d expected", n, most)
	}
}
