package handlers

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"shiken/accounts"
	"shiken/exam"
	"shiken/sessionguard"
	"shiken/store"
)

// The keys of the session. This is the only file that names them. The session says which sign-in
// row is meant; everything about an attempt is in the database.
const keySignIn = "sign_in"

// signInOf returns the id of the sign-in row that the request's session names, "" when there is no
// session. A session whose id is missing or no UUID is repaired from the sign-in row that names the
// session's token: in memory now, in the store with the next state-changing request.
func (s *Server) signInOf(r *http.Request) (string, error) {
	ctx := r.Context()
	token := s.Sessions.Token(ctx)
	if token == "" {
		return "", nil
	}
	id := s.Sessions.GetString(ctx, keySignIn)
	if _, err := uuidText(id); err == nil {
		return id, nil
	}
	v, _, err := s.Store.ViewerByToken(ctx, sessionguard.HashToken(token))
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	s.Metrics.sessionRepaired()
	s.Logger.Warn("session repaired", "request_id", of(r).id, "key", keySignIn, "sign_in", v.SignIn.ID)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.Sessions.Put(ctx, keySignIn, v.SignIn.ID)
	}
	return v.SignIn.ID, nil
}

// admit returns the viewer if the sign-in is live and belongs to the session that names it.
func (s *Server) admit(r *http.Request, v *store.Viewer, now exam.Instant) (*store.Viewer, error) {
	if v == nil || !accounts.Live(v, now) {
		return nil, errSignedOut
	}
	if v.SignIn.TokenHash != sessionguard.HashToken(s.Sessions.Token(r.Context())) {
		return nil, errSignedOut
	}
	s.Presence.Note(v.SignIn.ID, now)
	of(r).user = v.User.ID
	return v, nil
}

// viewer reads who is behind the request; errSignedOut when nobody is.
func (s *Server) viewer(r *http.Request) (*store.Viewer, exam.Instant, error) {
	id, err := s.signInOf(r)
	if err != nil {
		return nil, 0, err
	}
	if id == "" {
		return nil, 0, errSignedOut
	}
	v, now, err := s.Store.Viewer(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, 0, errSignedOut
	}
	if err != nil {
		return nil, 0, err
	}
	admitted, err := s.admit(r, &v, now)
	return admitted, now, err
}

// begin makes the request's session that of a new sign-in: a new token, then the row that names it.
// The row is there before the session is saved, so a session never names a row that is missing.
func (s *Server) begin(ctx context.Context, user string) error {
	old := s.Sessions.GetString(ctx, keySignIn)
	if err := s.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	row, err := accounts.Begin(ctx, s.Store, user, sessionguard.HashToken(s.Sessions.Token(ctx)), time.Now())
	if err != nil {
		return err
	}
	s.Sessions.Put(ctx, keySignIn, row.ID)
	if _, err := uuidText(old); err != nil {
		return nil
	}
	return s.Store.RevokeSignIn(ctx, old)
}

// end signs out: the row first, which is what counts, then the session.
func (s *Server) end(r *http.Request) error {
	id, err := s.signInOf(r)
	if err != nil {
		return err
	}
	if id != "" {
		if err := s.Store.RevokeSignIn(r.Context(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return s.Sessions.Destroy(r.Context())
}

// signedUser names the user whose session has ended, as far as that is known, in a form that only
// this program can make and that tells nobody who it is.
func (s *Server) signedUser(r *http.Request) string {
	cookie, err := r.Cookie(s.Sessions.Cookie.Name)
	if err != nil {
		return ""
	}
	v, _, err := s.Store.ViewerByToken(r.Context(), sessionguard.HashToken(cookie.Value))
	if err != nil {
		return ""
	}
	return s.sign("resume", v.User.ID)
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
