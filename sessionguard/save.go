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
	isNew := token != g.token(r)
	_, _, err := g.sessions.Commit(ctx)
	if err != nil {
		g.saveFailed(ctx, err)
	}
	// When the store does not answer, the write may have reached it, and the
	// sign-in row names the new token; so the client must know it. One that
	// could not be asked leaves the row all the same.
	if isNew && (err == nil || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrBusy)) {
		g.sessions.WriteSessionCookie(ctx, answer, token, g.sessions.Deadline(ctx))
	}
}

func (g *Guard) saveFailed(ctx context.Context, err error) {
	g.observe.SaveFailed(err)
	g.logger.ErrorContext(ctx, "session not saved; the answer was sent", "error", err)
}
