package handlers

import (
	"errors"
	"net/http"

	"shiken/accounts"
	"shiken/exam"
	"shiken/sessionguard"
	"shiken/store"
)

// allow judges who asks, before the handler runs. Whoever is signed in and may not ask a route is told
// the same as of a path that is not there.
func (s *Server) allow(a access, h handle) handle {
	switch {
	case a == nearby:
		return func(w http.ResponseWriter, r *http.Request) error {
			if !isNear(r) {
				return errNotFound
			}
			return h(w, r)
		}
	case a.hasViewer():
		return func(w http.ResponseWriter, r *http.Request) error {
			v, now, err := s.viewer(r)
			if err != nil {
				return err
			}
			if !a.admits(v.User.Roles) {
				return errNotFound
			}
			of(r).viewer, of(r).now = v, now
			return h(w, r)
		}
	}
	return h
}

// viewerOf is who asks, on routes for whoever is signed in, authors or admins; nil on all others.
func viewerOf(r *http.Request) *store.Viewer { return of(r).viewer }

// nowOf is the database's time when the viewer was read; 0 where viewerOf is nil.
func nowOf(r *http.Request) exam.Instant { return of(r).now }

// mayUpload reports whether the request's cookie signs in somebody who may ask the route: nobody
// else's file is read. It tells no more than allow, which judges the request in the end.
func (s *Server) mayUpload(r *http.Request, a access) (bool, error) {
	token := s.cookieToken(r)
	if token == "" {
		return false, nil
	}
	v, now, err := s.Store.ViewerByToken(r.Context(), sessionguard.HashToken(token))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && accounts.Live(&v, now) && a.admits(v.User.Roles), err
}
