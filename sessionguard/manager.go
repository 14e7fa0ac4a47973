package sessionguard

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Lifetime is how long the store keeps a session. It only clears rubbish:
// idle and absolute lifetimes are judged on the sign-in row.
const Lifetime = 30 * 24 * time.Hour

const (
	cookieName = "shiken_session"
	// The __Host- prefix makes browsers refuse the cookie unless it is
	// Secure, has Path=/ and no Domain (RFC 6265bis §4.1.3.2), so that no
	// sibling host can plant one.
	secureCookieName = "__Host-" + cookieName
)

// tokenBytes is the length of the random token that scs makes (data.go,
// generateToken); cookies carry it in unpadded URL-safe base64.
const tokenBytes = 32

// NewSessionManager returns a manager whose sessions are kept in store.
// secure says that browsers reach the program over TLS.
func NewSessionManager(store *Store, secure bool) *scs.SessionManager {
	// scs.New would begin a store of its own, with a goroutine that never ends. The key by which it tells
	// managers apart stays empty: a request meets one manager only.
	m := &scs.SessionManager{
		Store: store, Codec: Codec{}, Lifetime: Lifetime, HashTokenInStore: true,
		// With an idle timeout every read would rewrite the session, and one in
		// flight during sign-out would bring it back.
		IdleTimeout: 0,
		Cookie: scs.SessionCookie{
			Name: cookieName, HttpOnly: true, SameSite: http.SameSiteLaxMode, Path: "/", Persist: true,
		},
	}
	if secure {
		m.Cookie.Name = secureCookieName
		m.Cookie.Secure = true
	}
	// The guard never calls LoadAndSave. Should anybody, its errors name
	// addresses and keys, so none of their text goes out.
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, _ error) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	return m
}

// HashToken returns the name under which a session with this token is kept:
// the unpadded URL-safe base64 of its SHA-256, as scs makes it with
// HashTokenInStore.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// possibleToken reports whether scs could have made the token.
func possibleToken(token string) bool {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return false
	}
	_, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil
}
