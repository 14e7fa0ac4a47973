package handlers

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/questionset"
	"shiken/store"
)

// mediaTime bounds the sending of a picture or a sound over a slow line.
const mediaTime = 2 * time.Minute

// mediaName is what the path calls media: their hash, and the type that goes with the ending.
type mediaName struct{ hash, mediaType string }

// mediaOf reads the name of media in the path; one that cannot be the name of any is not found.
func mediaOf(r *http.Request) (mediaName, error) {
	name := chi.URLParam(r, "media")
	n := mediaName{hash: questionset.MediaHash(questionset.MediaPrefix + name)}
	n.mediaType = questionset.MediaType(strings.TrimPrefix(name, n.hash))
	if n.hash == "" || n.mediaType == "" {
		return n, errNotFound
	}
	return n, nil
}

// showMedia sends a picture or a sound of a question to whoever is signed in: its name can only be known
// from a page that shows it.
func (s *Server) showMedia(w http.ResponseWriter, r *http.Request) error {
	name, err := mediaOf(r)
	if err != nil {
		return err
	}
	f, err := store.OpenMedia(r.Context(), s.Store, name.hash)
	if err != nil {
		return err
	}
	if f.Type != name.mediaType {
		return errNotFound
	}
	sendMedia(w, r, name, f)
	return nil
}

// sendMedia sends content of a closed list of types as just that: whatever a browser is made to believe of
// it, it runs nothing. What is under a hash never changes, so a browser need not ask again; a shared cache
// must not keep it.
func sendMedia(w http.ResponseWriter, r *http.Request, name mediaName, content io.ReadSeeker) {
	h := w.Header()
	h.Set("Content-Type", name.mediaType)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+name.hash+`"`)
	unhurried(r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(mediaTime)) // without it the server's stays
	http.ServeContent(w, r, "", time.Time{}, content)
}
