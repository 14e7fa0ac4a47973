package sessionguard_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"shiken/sessionguard"
)

// guarded serves one POST by the handler over real HTTP.
func guarded(t *testing.T, handler http.HandlerFunc) *answer {
	t.Helper()
	local := sessionguard.NewLocal()
	s := newSite(t, instance{locker: local, store: local.Store(memstore.NewWithCleanupInterval(0))})
	inner := s.guard.Middleware(handler)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Outer", "outer")
		w.Header().Set("X-Both", "outer")
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	response, err := http.Post(server.URL, "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body := make([]byte, 1<<10)
	n, _ := response.Body.Read(body)
	return &answer{Response: response, body: string(body[:n])}
}

func TestReplyPassesThrough(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		status  int
		body    string
	}{
		"nothing":          {func(http.ResponseWriter, *http.Request) {}, 200, ""},
		"body alone":       {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") }, 200, "x"},
		"first status":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(409); w.WriteHeader(500) }, 409, ""},
		"early hints":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(303) }, 303, ""},
		"status with body": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(422); fmt.Fprint(w, "y") }, 422, "y"},
		"no content":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, 204, ""},
	} {
		t.Run(name, func(t *testing.T) { guarded(t, c.handler).want(t, c.status, c.body) })
	}
}

func TestReplyKeepsHeadersOfBothSides(t *testing.T) {
	got := guarded(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Both", "inner")
		w.Header().Add("Link", "a")
		w.Header().Add("Link", "b")
	}).Header
	if got.Get("X-Outer") != "outer" || got.Get("X-Both") != "inner" || len(got.Values("Link")) != 2 || got.Get("Vary") != "Cookie" {
		t.Errorf("headers %v", got)
	}
}

func TestReplyCannotLeaveBeforeTheSave(t *testing.T) {
	guarded(t, func(w http.ResponseWriter, _ *http.Request) {
		control := http.NewResponseController(w)
		if err := control.Flush(); err == nil {
			t.Error("a handler flushes past the buffer")
		}
		if _, _, err := control.Hijack(); err == nil {
			t.Error("a handler hijacks the connection")
		}
		if err := control.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("read deadline: %v", err)
		}
		if err := control.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("write deadline: %v", err)
		}
	}).want(t, 200, "")
}
