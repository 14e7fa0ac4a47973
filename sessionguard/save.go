package sessionguard

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// save keeps what the handler did to the session: at most one write. Whatever
// goes wrong here, the handler's answer stands, since what it tells is
// committed already.
func (g *Guard) save(ctx context.Context, answer *reply, r *http.Request, v *visit) {
	switch g.sessions.Status(ctx) {
	case scs.Destroyed:
		g.destroy(ctx, answer, r, v)
	case scs.Modified:
		g.commit(ctx, answer, r, v)
	case scs.Unmodified:
		g.rebuild(ctx, v)
	}
}

// destroy deletes the session that the request came with. Deleting needs no
// lock: nothing that a deletion could overtake may bring a session back.
func (g *Guard) destroy(ctx context.Context, answer *reply, r *http.Request, v *visit) {
	if err := g.drop(ctx, v); err != nil {
		g.saveFailed(ctx, err)
	}
	if _, err := r.Cookie(g.sessions.Cookie.Name); err == nil {
		g.sessions.WriteSessionCookie(ctx, answer, "", time.Time{})
	}
}

func (g *Guard) drop(ctx context.Context, v *visit) error {
	if !v.dropped {
		return nil
	}
	key := v.key
	// No longer this request's own session: the store deletes it at once.
	v.key, v.dropped = "", false
	return g.store.DeleteCtx(ctx, key)
}

// dropAfterPanic deletes the session of a handler that destroyed it and then
// panicked. A renewed one stays under its old token instead.
func (g *Guard) dropAfterPanic(ctx context.Context, v *visit) {
	if !v.dropped || g.sessions.Token(ctx) != "" {
		return
	}
	if err := g.drop(ctx, v); err != nil {
		g.saveFailed(ctx, err)
	}
}

// commit writes the session, and its cookie when the token is new.
func (g *Guard) commit(ctx context.Context, answer *reply, r *http.Request, v *visit) {
	token := g.sessions.Token(ctx)
	switch {
	case token == "" && v.dropped:
		g.misused(ctx, r, "session changed after it was destroyed; not saved")
		g.destroy(ctx, answer, r, v)
		return
	case token == "":
		g.misused(ctx, r, "session begun without RenewToken; not saved")
		return
	case v.key == "" && len(g.sessions.Keys(ctx)) == 0:
		return
	}
	err := g.write(ctx, v)
	if err != nil {
		g.saveFailed(ctx, err)
	}
	if token == g.token(r) || err != nil && (bug("unsaved_sign_in_without_cookie") || !g.isValid(ctx, token, err)) {
		return
	}
	g.sessions.WriteSessionCookie(ctx, answer, token, g.sessions.Deadline(ctx))
	if err != nil && g.fallback != nil {
		// The new session did not take the old one's place.
		if err := g.drop(ctx, v); err != nil {
			g.logger.WarnContext(ctx, "session of a replaced token not deleted", "error", err)
		}
	}
}

// isValid reports whether a new token may sign in although saving its session
// failed. When the store does not answer, the write may have reached it, so
// the client must know the token; one that could not be asked leaves the
// sign-in all the same. Otherwise the Fallback decides: only one that it does not
// know is none. Of whom it cannot tell now it decides with the next request.
func (g *Guard) isValid(ctx context.Context, token string, err error) bool {
	if errors.Is(err, ErrUnavailable) || errors.Is(err, ErrBusy) {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	_, err = g.ask(ctx, HashToken(token))
	return !errors.Is(err, ErrNoSession)
}

// write saves the session of the context. One that the Fallback supplied is
// taken back unless the Fallback still knows it afterwards.
func (g *Guard) write(ctx context.Context, v *visit) error {
	key, rebuilt := v.key, v.isRebuilt()
	if _, _, err := g.sessions.Commit(ctx); err != nil {
		return err
	}
	if rebuilt && v.key == key {
		g.confirm(ctx, v)
	}
	return nil
}

// rebuild saves a session that the store has lost and that the request did not
// change. Whatever fails, the next request tries again.
func (g *Guard) rebuild(ctx context.Context, v *visit) {
	if !v.isRebuilt() || !v.lease.Held() {
		return
	}
	if err := g.write(ctx, v); err != nil {
		g.logger.InfoContext(ctx, "session not rebuilt", "error", err)
	}
}

// confirmTimeout bounds the question that is asked after a session was rebuilt.
const confirmTimeout = time.Second

// confirm deletes a rebuilt session again unless the Fallback still knows it:
// who ended it meanwhile may have deleted it before it was written.
func (g *Guard) confirm(ctx context.Context, v *visit) {
	asking, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	if _, err := g.ask(asking, v.key); err == nil {
		g.observe.Rebuilt()
		return
	}
	v.dropped = true
	if err := g.drop(ctx, v); err != nil {
		g.saveFailed(ctx, err)
	}
}

func (g *Guard) saveFailed(ctx context.Context, err error) {
	g.observe.SaveFailed(err)
	g.logger.ErrorContext(ctx, "session not saved; the answer was sent", "error", err)
}
