package handlers

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"shiken/accounts"
	"shiken/exam"
	"shiken/internal/planted"
	"shiken/sessionguard"
	"shiken/store"
)

// The keys of the session. This is the only file that names them. The session says which sign-in
// row is meant; everything about an attempt is in the database.
const keySignIn = "sign_in"

// purposeResume signs whose command a 401 page keeps.
const purposeResume = "resume"

// purposeOwner signs whose pages a browser shows, so that its tab keeps nothing of another's.
const purposeOwner = "owner"

// errStray: the session names a sign-in that is not its own, or none at all.
var errStray = fmt.Errorf("%w: the session names a stray sign-in", errSignedOut)

// signInOf returns the id of the sign-in row that the request's session names, "" when there is no
// session. An id that is missing or impossible is repaired first.
func (s *Server) signInOf(r *http.Request) (string, error) {
	ctx, x := r.Context(), of(r)
	switch {
	case x.mended:
		return x.signIn, x.mending
	case s.Sessions.Token(ctx) == "":
		return "", nil
	}
	id := s.Sessions.GetString(ctx, keySignIn)
	if _, err := uuidText(id); err == nil {
		return id, nil
	}
	s.mend(r)
	return x.signIn, x.mending
}

// mend repairs a session from the sign-in row that names its token: in memory now, in the store with
// the next state-changing request. A token that signs nobody in leaves nothing to repair.
func (s *Server) mend(r *http.Request) {
	ctx, x := r.Context(), of(r)
	token := sessionguard.HashToken(s.Sessions.Token(ctx))
	v, _, err := s.Store.ViewerByToken(ctx, token)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	x.mended, x.signIn, x.mending = true, v.SignIn.ID, err
	if x.signIn == "" {
		return
	}
	s.Metrics.sessionRepaired()
	if s.mendedBefore.add(token) {
		s.Logger.Warn("session repaired", "request_id", x.id, "key", keySignIn, "sign_in", x.signIn)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.Sessions.Put(ctx, keySignIn, x.signIn)
	}
}

// again reports whether what failed with err should be tried once more, since the session named a
// stray sign-in and is mended now.
func (s *Server) again(r *http.Request, err error) bool {
	if !errors.Is(err, errStray) || of(r).mended || s.Sessions.Token(r.Context()) == "" {
		return false
	}
	s.mend(r)
	return true
}

// admit returns the viewer if the sign-in is live and belongs to the session that names it.
func (s *Server) admit(r *http.Request, v *store.Viewer, now exam.Instant) (*store.Viewer, error) {
	if v == nil || v.SignIn.TokenHash != sessionguard.HashToken(s.Sessions.Token(r.Context())) {
		return nil, errStray
	}
	if !s.live(v, now) && !planted.Bug(planted.RevokedGoesOn) {
		return nil, errSignedOut
	}
	s.known.add(v.SignIn.TokenHash)
	s.Presence.Note(v.SignIn.ID, now)
	of(r).user = v.User.ID
	return v, nil
}

// live judges a sign-in by its row.
func (s *Server) live(v *store.Viewer, now exam.Instant) bool {
	const deaf = 3 // the stage at which the session store is down
	return accounts.Live(v, now) || planted.Bug(planted.FallbackIgnoresRevocation) && s.guard.Stage() >= deaf
}

// viewer reads who is behind the request; errSignedOut when nobody is.
func (s *Server) viewer(r *http.Request) (*store.Viewer, exam.Instant, error) {
	v, now, err := s.readViewer(r)
	if s.again(r, err) {
		return s.readViewer(r)
	}
	return v, now, err
}

func (s *Server) readViewer(r *http.Request) (*store.Viewer, exam.Instant, error) {
	id, err := s.signInOf(r)
	if err != nil {
		return nil, 0, err
	}
	if id == "" {
		return nil, 0, errSignedOut
	}
	v, now, err := s.Store.Viewer(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, 0, errStray
	}
	if err != nil {
		return nil, 0, err
	}
	admitted, err := s.admit(r, &v, now)
	return admitted, now, err
}

// Session implements sessionguard.Fallback: the values of a session whose store does not answer, or has
// lost it, out of the sign-in row that names its token. Each request judges the row again, as it does
// with a session that the store gave.
func (s *Server) Session(ctx context.Context, tokenHash string) (map[string]any, error) {
	v, now, err := s.Store.ViewerByToken(ctx, tokenHash)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, sessionguard.ErrNoSession
	case err != nil:
		return nil, fmt.Errorf("%w: %w", sessionguard.ErrUnavailable, err)
	case !s.live(&v, now):
		return nil, sessionguard.ErrNoSession
	}
	return map[string]any{keySignIn: v.SignIn.ID}, nil
}

// begin makes the request's session that of a new sign-in. The row that it had ends first: were it
// last, a row that cannot be written would leave the old one live, and nobody holding its token. The
// new row is there before the session is saved, so a session never names a row that is missing.
func (s *Server) begin(r *http.Request, v accounts.Verdict) error {
	ctx := r.Context()
	if err := s.revokeOwn(r); err != nil {
		return err
	}
	if err := s.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	row, err := v.Begin(ctx, s.Store, sessionguard.HashToken(s.Sessions.Token(ctx)))
	if err != nil {
		return errors.Join(err, s.Sessions.Destroy(ctx))
	}
	s.Sessions.Put(ctx, keySignIn, row.ID)
	return nil
}

// end signs out: the row first, which is what counts, then the session.
func (s *Server) end(r *http.Request) error {
	if err := s.revokeOwn(r); err != nil {
		return err
	}
	return s.Sessions.Destroy(r.Context())
}

// revokeOwn ends the sign-in of the request. The row is found by the token, so that a session which
// names a wrong one never ends another's sign-in; and by the cookie's where the session itself is lost.
func (s *Server) revokeOwn(r *http.Request) error {
	token := s.Sessions.Token(r.Context())
	if token == "" {
		token = s.cookieToken(r)
	}
	if token == "" {
		return nil
	}
	return s.revokeByToken(r.Context(), token)
}

// cookieToken is the token that the request's cookie brings, "" when there is none.
func (s *Server) cookieToken(r *http.Request) string {
	cookie, err := r.Cookie(s.Sessions.Cookie.Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (s *Server) revokeByToken(ctx context.Context, token string) error {
	v, _, err := s.Store.ViewerByToken(ctx, sessionguard.HashToken(token))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Store.RevokeSignIn(ctx, v.SignIn.ID)
}

// sign is an HMAC-SHA-256 in hexadecimal; purpose keeps signatures of different uses apart.
func (s *Server) sign(purpose, value string) string {
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte(purpose + "\x00" + value))
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *Server) signedBy(purpose, value, signature string) bool {
	return hmac.Equal([]byte(s.sign(purpose, value)), []byte(signature))
}
