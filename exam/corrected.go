package exam

// CorrectedKey is a question of a closed attempt that was marked anew since its key was corrected.
type CorrectedKey struct {
	Position      int
	At            Instant // arrival of the entry that marked it anew
	Before, After *Score  // of the whole attempt
	Kept          bool    // the corrected key would have lowered the result, which stays
}

// CorrectedKeys finds them in the entries of an attempt's journal, of which only those of MarkingKinds matter, in the
// order in which the keys were corrected. Before a reopen there was another result: what was corrected then is not told.
func CorrectedKeys(entries []Entry) []CorrectedKey {
	var out []CorrectedKey
	var score *Score
	anew := false // every position is to be marked by the newest key
	for i := range entries {
		e := &entries[i]
		f := &e.Effect
		switch {
		case e.Kind == Reopen:
			out, score, anew = nil, nil, false
		case f.Score != nil:
			if score != nil && (anew || e.Kind == Regrade) {
				out = correctedBy(out, e, score)
			}
			score, anew = f.Score, false
		case e.Kind == Regrade:
			anew = true
		}
	}
	return out
}

// correctedBy adds what an entry marked by a newer key than the score before it. A correction that is carried out again
// is the same one, with another result.
func correctedBy(list []CorrectedKey, e *Entry, before *Score) []CorrectedKey {
	f := &e.Effect
	kept := f.Response != nil && f.Response.Kept != nil && f.Response.Kept.Mark != nil
	for i, revision := range f.Score.Revisions {
		position := i + 1
		if revision > before.Revisions[i] {
			list = append(list, CorrectedKey{Position: position, At: e.Arrived, Before: before, After: f.Score, Kept: kept})
			continue
		}
		if f.Response == nil || f.Response.Position != position {
			continue
		}
		for j := range list {
			if c := &list[j]; c.Position == position && c.After.Revisions[i] == revision {
				c.After, c.Kept = f.Score, kept
			}
		}
	}
	return list
}
