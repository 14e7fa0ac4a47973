package handlers

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// correctedKeys tells of keys that were corrected after the candidate could see what they had given. With the keys
// each question is named, and its points where the score was released at that time. Without them only a score that
// became another is told: which question it was would tell of its key (R12).
func (s *Server) correctedKeys(ctx context.Context, snap *store.Snapshot, state exam.ReleaseState, rel exam.Released) ([]templates.CorrectedKey, error) {
	a := &snap.Attempt
	isCorrected := func(revision int) bool { return revision > 1 }
	if !rel.Score && !rel.Keys || a.Score == nil || !slices.ContainsFunc(a.Score.Revisions, isCorrected) {
		return nil, nil
	}
	entries, err := s.Store.MarkingEntries(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	var out []templates.CorrectedKey
	for _, c := range exam.CorrectedKeys(entries) {
		then := exam.ReleasedAt(snap.Paper, a, state, c.At)
		sawScore := rel.Score && then.Score && !c.Before.Awaiting
		view := templates.CorrectedKey{At: instantTime(c.At)}
		switch {
		case rel.Keys && (sawScore || then.Keys):
			view.Position, view.Kept = c.Position, c.Kept && sawScore
			if sawScore {
				view.Change = itemChange(snap.Paper, &c)
			}
		case sawScore && (c.Before.Total != c.After.Total || c.Before.Max != c.After.Max):
			view.Change = &templates.PointsChange{
				Before: c.Before.Total, BeforeMax: c.Before.Max, After: c.After.Total, AfterMax: c.After.Max,
			}
		default:
			continue
		}
		out = append(out, view)
	}
	return out, nil
}

// itemChange is what became of the points of a corrected question, nil where it waits for a marker. What counts no more
// has no points possible.
func itemChange(p *exam.Paper, c *exam.CorrectedKey) *templates.PointsChange {
	before, after := c.Before.Items[c.Position-1], c.After.Items[c.Position-1]
	if before == exam.Awaiting || after == exam.Awaiting {
		return nil
	}
	change := &templates.PointsChange{}
	most := p.Item(c.Position).Points
	if before != exam.Dropped {
		change.Before, change.BeforeMax = before, most
	}
	if after != exam.Dropped {
		change.After, change.AfterMax = after, most
	}
	return change
}
