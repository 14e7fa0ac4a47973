package desk

import (
	"context"
	"maps"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// Batch is the questions of a file on their way into a set.
type Batch struct {
	Set       string
	Questions []questionset.Question
	Retired   map[string]bool // identities of stored questions that loading the file retires
	// others are the identities of stored questions of the set with other contents than the batch; nil
	// until it is read. Of those of a cell the batch replaces at most as many as it has fresh ones there.
	others map[string]bool
	cells  map[string]cell // of others, as far as there are fresh ones
	fresh  map[cell]int
}

// loadPools reads what each section may draw once the batches are stored: their questions, and of
// the stored ones those that are sure to stay beside them.
func loadPools(ctx context.Context, r Reader, d *exam.Definition, batches []*Batch) ([][]exam.PoolQuestion, error) {
	pools, err := r.LoadPools(ctx, d)
	if err != nil {
		return nil, err
	}
	for i := range d.Sections {
		from := &d.Sections[i].From
		b := batchOf(batches, from.Set)
		if b == nil {
			continue
		}
		if err := b.readStaying(ctx, r); err != nil {
			return nil, err
		}
		pools[i] = append(b.staying(pools[i]), b.fitting(from)...)
	}
	return pools, nil
}

// RetiredBy are the identities of the stored questions that a load retires.
func RetiredBy(plan *store.LoadPlan, choice *store.LoadChoice) map[string]bool {
	out, chosen := map[string]bool{}, choice.Chosen()
	for _, q := range plan.AbsentQuestions {
		if chosen.Retires(q.Identity) {
			out[q.Identity] = true
		}
	}
	return out
}

// batchOf returns the batch whose questions go to a set, nil when there is none.
func batchOf(batches []*Batch, set string) *Batch {
	for _, b := range batches {
		if b.Set == set && len(b.Questions) > 0 {
			return b
		}
	}
	return nil
}

// fitting are the questions of a batch that a section may draw.
func (b *Batch) fitting(from *exam.Source) []exam.PoolQuestion {
	var pool []exam.PoolQuestion
	for i := range b.Questions {
		if q := &b.Questions[i]; from.Takes(q.Category, q.Year, q.Tags) {
			id := from.Set + "/" + q.SourceKey
			pool = append(pool, exam.PoolQuestion{Version: id, Identity: id, Question: q.Question})
		}
	}
	return pool
}

// staying are the stored questions of a section that are sure to stay beside those of the batch. Which
// ones of a cell get a new version shows in storing alone, so as many are left out as it may be: what is
// judged enough is enough.
func (b *Batch) staying(pool []exam.PoolQuestion) []exam.PoolQuestion {
	var out []exam.PoolQuestion
	left := maps.Clone(b.fresh)
	for _, q := range pool {
		at, known := b.cells[q.Identity]
		switch {
		case !b.others[q.Identity], b.Retired[q.Identity]:
		case known && left[at] > 0:
			left[at]--
		default:
			out = append(out, q)
		}
	}
	return out
}

// cell is what the source key of a question holds beside its number.
type cell struct {
	category string
	year     int
}

// readStaying finds the stored questions of the set that may stay beside those of the batch. One with
// the content of a question of the batch is that question. Which others get a new version shows in
// storing alone, by their source keys; those hold category and year, so each question of the batch
// that is not stored as it is replaces at most one of its own cell.
func (b *Batch) readStaying(ctx context.Context, r Reader) error {
	if b.others != nil {
		return nil
	}
	pools, err := r.LoadPools(ctx, sources(exam.Source{Set: b.Set}))
	if err != nil {
		return err
	}
	contents := map[string]bool{}
	for i := range b.Questions {
		contents[string(exam.Canonical(b.Questions[i].Question))] = true
	}
	b.others = map[string]bool{}
	for i := range pools[0] {
		if q := &pools[0][i]; !contents[string(exam.Canonical(q.Question))] {
			b.others[q.Identity] = true
		}
	}
	if len(b.others) == 0 {
		return nil
	}
	if b.fresh, err = b.countFresh(ctx, r, pools[0]); err != nil {
		return err
	}
	b.cells, err = storedCells(ctx, r, b.Set, b.fresh)
	return err
}

// countFresh counts by cell the questions of the batch that the set does not hold as they are.
func (b *Batch) countFresh(ctx context.Context, r Reader, stored []exam.PoolQuestion) (map[cell]int, error) {
	versions := make([]string, len(stored))
	for i := range stored {
		versions[i] = stored[i].Version
	}
	keys, err := r.Keys(ctx, versions)
	if err != nil {
		return nil, err
	}
	held := map[string]int{}
	for i := range stored {
		k := keys[stored[i].Version]
		held[questionset.ContentHash(stored[i].Question, k.Key, k.Feedback)]++
	}
	fresh := map[cell]int{}
	for i := range b.Questions {
		q := &b.Questions[i]
		if held[q.ContentHash]--; held[q.ContentHash] < 0 {
			fresh[cell{q.Category, q.Year}]++
		}
	}
	return fresh, nil
}

// storedCells finds by identity the cells of stored questions, as far as a category and a year of
// fresh ones.
func storedCells(ctx context.Context, r Reader, set string, fresh map[cell]int) (map[string]cell, error) {
	var (
		asked []exam.Source
		seen  = map[any]bool{}
	)
	for c := range fresh {
		if !seen[c.category] {
			asked = append(asked, exam.Source{Set: set, Category: []string{c.category}})
		}
		if !seen[c.year] {
			asked = append(asked, exam.Source{Set: set, Year: []int{c.year}})
		}
		seen[c.category], seen[c.year] = true, true
	}
	pools, err := r.LoadPools(ctx, sources(asked...))
	if err != nil {
		return nil, err
	}
	categories, years := map[string]string{}, map[string]int{}
	for i, from := range asked {
		for _, q := range pools[i] {
			if len(from.Category) > 0 {
				categories[q.Identity] = from.Category[0]
			} else {
				years[q.Identity] = from.Year[0]
			}
		}
	}
	cells := map[string]cell{}
	for identity, category := range categories {
		if year, ok := years[identity]; ok {
			cells[identity] = cell{category, year}
		}
	}
	return cells, nil
}

// sources makes a definition of one section for each source.
func sources(list ...exam.Source) *exam.Definition {
	d := &exam.Definition{}
	for _, from := range list {
		d.Sections = append(d.Sections, exam.SectionDefinition{From: from})
	}
	return d
}
