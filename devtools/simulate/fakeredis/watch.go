package fakeredis

import "strings"

// Watch looks at what is done to the keys of locks and sessions. Fault is told of everything that must
// never happen: a lock that is deleted by somebody else than its owner, or an existing session that is
// written while the lock of it is not held by who writes.
type Watch struct {
	Locks, Sessions string // prefixes of keys
	Fault           func(what string)
}

// deleted judges a deletion: scripts name the owner of a lock as their first argument.
func (w *Watch) deleted(key, owner string, in *running) {
	if w.Locks == "" || !strings.HasPrefix(key, w.Locks) {
		return
	}
	if in == nil || len(in.argv) == 0 || in.argv[0] != owner {
		w.Fault("a lock was deleted by another than its owner")
	}
}

// written judges a write. A session that is not there yet may be written without a lock, since nobody
// can be waiting for it.
func (w *Watch) written(key string, exists bool, in *running, s *Server) {
	name, ok := strings.CutPrefix(key, w.Sessions)
	if w.Sessions == "" || !ok || !exists {
		return
	}
	lock, held := s.get(w.Locks + name)
	if in == nil || !held || len(in.argv) == 0 || in.argv[0] != lock.text {
		w.Fault("a session was written by somebody who did not hold its lock")
	}
}
