package exam

// MarkingKinds are the kinds of commands that say what an attempt's marks are, or that they are to be others.
var MarkingKinds = []Kind{Grade, Regrade, MarkByHand, AcceptLate, Reopen}

// Standing is what stands of an attempt's marks while it waits to be marked again: a mark that was given
// stays until its answer is another, somebody marks it by hand, or the whole is to be marked anew.
// The zero Standing is that of an attempt that was never marked.
type Standing struct {
	score   *Score
	touched map[int]bool // positions marked by hand or with another answer since
}

// StandingOf follows the entries of an attempt's journal, of which only those of MarkingKinds matter.
func StandingOf(entries []Entry) Standing {
	var s Standing
	for i := range entries {
		s.Follow(&entries[i])
	}
	return s
}

// Follow takes the next entry in.
func (s *Standing) Follow(e *Entry) {
	f := &e.Effect
	switch {
	case f.Score != nil:
		*s = Standing{score: f.Score}
	case e.Kind == Regrade || e.Kind == Reopen:
		*s = Standing{}
	case s.score != nil && f.Response != nil && (f.Response.Answer || f.Response.Points != nil):
		if s.touched == nil {
			s.touched = map[int]bool{}
		}
		s.touched[f.Response.Position] = true
	}
}

// At gives the mark that stands at a position and the revision of the key that gave it; false: the
// position is to be marked by the newest key.
func (s *Standing) At(position int) (mark, revision int, ok bool) {
	if s.score == nil || position > len(s.score.Items) || s.touched[position] {
		return 0, 0, false
	}
	return s.score.Items[position-1], s.score.Revisions[position-1], true
}

// MarkRest marks like Mark, but for what stands.
func (g Grader) MarkRest(p *Paper, a *Attempt, keys map[string]Key, s *Standing) Score {
	score := g.Mark(p, a, keys)
	for i := range score.Items {
		if mark, revision, ok := s.At(i + 1); ok {
			score.Items[i], score.Revisions[i] = mark, revision
		}
	}
	return tally(p, score.Items, score.Revisions)
}
