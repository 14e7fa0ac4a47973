package memory

import "time"

// writing is how many attempts of an exam are open, and when there were none. Its times are not the
// database's but the process's, which nobody steps.
type writing struct {
	open  int
	quiet []span
}

// span is a time; the last one of a list goes on while its end is zero.
type span struct{ from, to time.Time }

// counts notes what became of an attempt that was open, or not.
func (s *Store) counts(a *attempt, was bool) {
	is := a.row.Status.Open()
	if is == was {
		return
	}
	w := s.writing[a.exam]
	if w == nil {
		w = &writing{}
		s.writing[a.exam] = w
	}
	if is {
		if w.open++; len(w.quiet) > 0 && w.open == 1 {
			w.quiet[len(w.quiet)-1].to = time.Now()
		}
		return
	}
	if w.open--; w.open == 0 {
		w.quiet = append(w.quiet, span{from: time.Now()})
	}
}

// WasQuiet reports whether nobody had an open attempt of an exam at some moment from one time to another,
// after the first was begun.
func (s *Store) WasQuiet(exam string, from, to time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.writing[exam]
	if w == nil {
		return false
	}
	for _, q := range w.quiet {
		if !q.from.After(to) && (q.to.IsZero() || !q.to.Before(from)) {
			return true
		}
	}
	return false
}
