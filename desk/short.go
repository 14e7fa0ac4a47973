package desk

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// ExamReader reads the exams, too.
type ExamReader interface {
	Reader
	Definitions(ctx context.Context) ([]store.ListedExam, error)
}

// FallingShort names the published exams that draw from the set of a batch and that could not be drawn any more
// for every seed, once the batch is loaded and what it retires is gone. besides are exams, by slug, that somebody
// judges anyway; those that are archived do not count.
func FallingShort(ctx context.Context, r ExamReader, b *Batch, besides ...string) ([]string, error) {
	if len(b.Retired) == 0 {
		return nil, nil
	}
	list, err := r.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for i := range list {
		d := list[i].ForCandidates()
		if !d.Published || slices.Contains(besides, d.Slug) || !slices.ContainsFunc(d.Sections, func(s exam.SectionDefinition) bool { return s.From.Set == b.Set }) {
			continue
		}
		pools, err := loadPools(ctx, r, &d, []*Batch{b})
		if err != nil {
			return nil, err
		}
		if Refused(&d, drawFaults(&d, pools)) {
			out = append(out, d.Slug)
		}
	}
	return out, nil
}
