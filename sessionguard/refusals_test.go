package sessionguard_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"shiken/sessionguard"
)

func TestDestroyedSessionIsNotSaved(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		for _, target := range []string{"/put?key=k&value=v", "/renew"} {
			s := newSite(t, next())
			token := s.signIn()
			s.during = func(*http.Request) {
				if err := s.store.DeleteCtx(context.Background(), sessionguard.HashToken(token)); err != nil {
					t.Error(err)
				}
			}
			s.do("POST", target, token).wantNoCookie(t)
			s.wantSaveError(sessionguard.ErrGone)
			if all, err := s.store.AllCtx(t.Context()); err != nil || len(all) != 0 {
				t.Errorf("%s: the session is back: %v, %v", target, all, err)
			}
		}
	})
}

// A goroutine that outlives its request has no lock any more.
func TestSaveAfterTheRequestIsRefused(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		token := s.signIn()
		var leaked context.Context
		s.during = func(r *http.Request) { leaked = context.WithoutCancel(r.Context()) }
		s.do("POST", "/put?key=k&value=v", token).want(t, 202, "put done")
		s.sessions.Put(leaked, "k", "late")
		if _, _, err := s.sessions.Commit(leaked); !errors.Is(err, sessionguard.ErrLost) {
			t.Errorf("late save: %v, want ErrLost", err)
		}
		if got := s.value(token, "k"); got != "v" {
			t.Errorf("k = %q, want v", got)
		}
	})
}

// Even a handler that calls the session manager itself cannot save.
func TestSafeRequestCannotBeMadeToSave(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		token := s.signIn()
		s.during = func(r *http.Request) {
			if _, _, err := s.sessions.Commit(r.Context()); err == nil {
				t.Error("a safe request saved its session")
			}
			if err := s.sessions.RenewToken(r.Context()); err == nil {
				t.Error("a safe request renewed its token")
			}
			if err := s.sessions.Destroy(r.Context()); err == nil {
				t.Error("a safe request destroyed its session")
			}
		}
		s.do("GET", "/put?key=k&value=v", token).wantNoCookie(t)
		s.do("GET", "/me", token).want(t, 200, "signed in")
	})
}

func TestFirstWriteDoesNotTouchAnotherSession(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		s := newSite(t, next())
		mine, others := s.signIn(), s.signIn()
		s.during = func(r *http.Request) {
			err := s.store.CommitCtx(r.Context(), sessionguard.HashToken(others), []byte("{}"), time.Now().Add(time.Hour))
			if err == nil {
				t.Error("a new session took the place of another")
			}
		}
		s.do("POST", "/put?key=k&value=v", mine).want(t, 202, "put done")
		for _, token := range []string{mine, others} {
			s.do("GET", "/me", token).want(t, 200, "signed in")
		}
	})
}
