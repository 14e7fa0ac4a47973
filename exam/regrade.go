package exam

import "slices"

// A wrong key that is found after the exam is corrected by a further revision of the key, and every
// closed attempt that has the question gets a regrade that names the question's position.

// Regraded is what a corrected key makes of one closed attempt.
type Regraded struct {
	Before, Score Score
	Kept          *int // for Command.Kept
	// Lowered says that the corrected key lowers the result, or would have, had the mark not been kept.
	Lowered bool
}

// Position returns where a question version stands on the paper, 0 when it does not.
func (p *Paper) Position(version string) int {
	return 1 + slices.IndexFunc(p.Items, func(it Item) bool { return it.Version == version })
}

// Regrade marks one position of a closed attempt anew, whose key was corrected; was is the mark that it
// had by the key before. All other positions keep the marks that they have: each correction answers for
// its own question.
//
// Unless the result may be lower, the position keeps the mark where the corrected key would lower the
// result: the points of a question that counts as before; else the part of the maximum that was
// reached, the pass, or the minimum of a section. It is deterministic, and for the attempt after it the
// same again.
//
// Precondition: the attempt has a score, and the response at the position is loaded.
func (g Grader) Regrade(p *Paper, a *Attempt, key *Key, position, was int, lower bool) Regraded {
	r := a.Responses[position]
	r.Kept = nil
	mark := g.itemPoints(&p.Items[position-1], key, &r)
	out := Regraded{
		Before: a.Score.with(p, position, was, a.Score.Revisions[position-1]),
		Score:  a.Score.with(p, position, mark, key.Revision),
	}
	out.Lowered = out.Score.below(&out.Before, position)
	if out.Lowered && !lower {
		out.Kept = &was
		out.Score = a.Score.with(p, position, was, key.Revision)
	}
	return out
}

// with is the score with another mark at a position.
func (s *Score) with(p *Paper, position, mark, revision int) Score {
	items, revisions := slices.Clone(s.Items), slices.Clone(s.Revisions)
	items[position-1], revisions[position-1] = mark, revision
	return tally(p, items, revisions)
}

// below reports whether the mark at a position, in which alone two scores differ, lowers the result.
func (s *Score) below(was *Score, position int) bool {
	is, before := s.Items[position-1], was.Items[position-1]
	switch {
	case is == before || is == Awaiting || before == Awaiting:
		return false
	case is != Dropped && before != Dropped:
		return is < before
	}
	return lessPart(s.Total, s.Max, was.Total, was.Max) || lost(s.Passed, was.Passed) || s.losesSection(was)
}

// losesSection reports whether a section's minimum that was reached is reached no more.
func (s *Score) losesSection(was *Score) bool {
	for i := range s.Sections {
		if lost(s.Sections[i].Passed, was.Sections[i].Passed) {
			return true
		}
	}
	return false
}

// lost: passed then, and not now.
func lost(is, was *bool) bool { return was != nil && *was && is != nil && !*is }

// lessPart compares a ÷ b with c ÷ d, unrounded. A part of nothing is the whole of it.
func lessPart(a, b, c, d int) bool {
	switch {
	case b == 0:
		return false
	case d == 0:
		return a < b
	}
	return int64(a)*int64(d) < int64(c)*int64(b)
}

// MarkBefore finds in a journal the last mark that a position had by a revision of the key before the
// given one, as long as neither the answer was changed nor the attempt reopened since: what was marked
// for the first time after a correction has none.
func MarkBefore(records []Record, position, revision int) (mark int, ok bool) {
	for i := range records {
		e := &records[i].Entry
		f := &e.Effect
		if e.Kind == Reopen || f.Response != nil && f.Response.Position == position && f.Response.Answer {
			ok = false
		}
		if s := f.Score; s != nil && position <= len(s.Items) && s.Revisions[position-1] < revision {
			mark, ok = s.Items[position-1], true
		}
	}
	return mark, ok
}
