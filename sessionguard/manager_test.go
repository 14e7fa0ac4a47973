package sessionguard_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"shiken/sessionguard"
)

func TestCookieIsGuarded(t *testing.T) {
	store := sessionguard.NewLocal().Store(memstore.NewWithCleanupInterval(0))
	for _, c := range []struct {
		secure bool
		name   string
	}{{false, "shiken_session"}, {true, "__Host-shiken_session"}} {
		m := sessionguard.NewSessionManager(store, c.secure)
		ctx, err := m.Load(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		m.WriteSessionCookie(ctx, w, "token", time.Now().Add(m.Lifetime))
		got := w.Result().Cookies()[0]
		if got.Name != c.name || got.Secure != c.secure || !got.HttpOnly ||
			got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" {
			t.Errorf("secure %t: cookie %s", c.secure, got)
		}
		if month := 30 * 24 * 60 * 60; got.MaxAge < month-60 || got.MaxAge > month+60 {
			t.Errorf("cookie lives %d s, want 30 days", got.MaxAge)
		}
	}
}

func TestTokensAreStoredHashed(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		token := s.signIn()
		all, err := s.store.AllCtx(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%d sessions, %v", len(all), err)
		}
		if _, ok := all[sessionguard.HashToken(token)]; !ok {
			t.Errorf("keys %v, want the token's hash", maps.Collect(maps.All(all)))
		}
	})
}

// What a library's error says must not reach a page, whoever calls it.
func TestErrorsOfScsDoNotLeak(t *testing.T) {
	disk := &failingStore{MemStore: memstore.NewWithCleanupInterval(0)}
	m := sessionguard.NewSessionManager(sessionguard.NewLocal().Store(disk), false)
	disk.finds.Store(true)
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: cookieName, Value: unknownToken()})
	w := httptest.NewRecorder()
	m.LoadAndSave(http.NotFoundHandler()).ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || w.Body.Len() != 0 {
		t.Errorf("answer %d %q, want a bare 503", w.Code, w.Body)
	}
}

func TestStoreSavesOnlyUnderTheGuard(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		store := next().store
		m := sessionguard.NewSessionManager(store, false)
		ctx, err := m.Load(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		m.Put(ctx, "k", "v")
		if _, _, err := m.Commit(ctx); err == nil {
			t.Error("a session was saved outside of the guard")
		}
		if err := store.Commit("key", []byte("{}"), time.Now().Add(time.Hour)); err == nil {
			t.Error("a session was saved without a request")
		}
		if all, err := store.AllCtx(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("%d sessions, %v; want none", len(all), err)
		}
	})
}

func TestCodecKeepsKinds(t *testing.T) {
	deadline := time.Date(2026, 12, 1, 9, 0, 0, 123456000, time.UTC)
	values := map[string]any{
		"text": "日本語\n\"<>", "empty": "", "yes": true, "no": false,
		"int": -7, "zero": 0, "int64": int64(1) << 60, "time": deadline.Add(time.Hour),
	}
	data, err := sessionguard.Codec{}.Encode(deadline, values)
	if err != nil {
		t.Fatal(err)
	}
	gotDeadline, got, err := sessionguard.Codec{}.Decode(data)
	if err != nil || !gotDeadline.Equal(deadline) || !maps.Equal(got, values) {
		t.Errorf("decoded %v %v, %v; want %v %v", gotDeadline, got, err, deadline, values)
	}
}

func TestCodecRefusesOtherKinds(t *testing.T) {
	for _, value := range []any{nil, 1.5, []byte("x"), []string{"x"}, struct{}{}, uint(1)} {
		if _, err := (sessionguard.Codec{}).Encode(time.Now(), map[string]any{"k": value}); err == nil {
			t.Errorf("%T is accepted", value)
		}
	}
}

// An older instance reads what a newer one wrote.
func TestCodecSkipsKindsOfNewerVersions(t *testing.T) {
	_, got, err := sessionguard.Codec{}.Decode([]byte(
		`{"deadline":"2026-12-01T00:00:00Z","new":1,"values":{"a":{"string":"x"},"b":{"decimal":"1.5"}}}`))
	if err != nil || !maps.Equal(got, map[string]any{"a": "x"}) {
		t.Errorf("decoded %v, %v", got, err)
	}
}

// A value that cannot be kept must not take the answer with it.
func TestValueThatCannotBeKeptFailsTheSaveAlone(t *testing.T) {
	s, _ := newFailingSite(t)
	token := s.signIn()
	s.during = func(r *http.Request) { s.sessions.Put(r.Context(), "f", 1.5) }
	s.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done")
	select {
	case err := <-s.saveErrors:
		if !strings.Contains(err.Error(), "float64") || errors.Is(err, sessionguard.ErrUnavailable) {
			t.Errorf("save failed by %v", err)
		}
	default:
		t.Error("the fault was not reported")
	}
}
