package desk

import (
	"context"

	"shiken/exam"
	"shiken/questionset"
)

// Batch is the questions of a file on their way into a set.
type Batch struct {
	Set       string
	Questions []questionset.Question
	// staying are the identities of stored questions of the set that the batch does not replace; nil
	// until it is read.
	staying map[string]bool
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
		var pool []exam.PoolQuestion
		for _, q := range pools[i] {
			if b.staying[q.Identity] {
				pool = append(pool, q)
			}
		}
		pools[i] = append(pool, b.fitting(from)...)
	}
	return pools, nil
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
		if q := &b.Questions[i]; from.Takes(q.Category, q.Year) {
			id := from.Set + "/" + q.SourceKey
			pool = append(pool, exam.PoolQuestion{Version: id, Identity: id, Question: q.Question})
		}
	}
	return pool
}

// cell is all that the filters of a section look at, so questions of one cell are drawn alike.
type cell struct {
	category string
	year     int
}

// readStaying finds the stored questions of the set that stay beside those of the batch. One with
// the content of a question of the batch is that question. Which others get a new version shows in
// storing alone, by their source keys; those hold category and year, so each question of the batch
// that is not stored as it is replaces at most one of its own cell. As many are left out: what is
// judged enough is enough.
func (b *Batch) readStaying(ctx context.Context, r Reader) error {
	if b.staying != nil {
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
	b.staying = map[string]bool{}
	for i := range pools[0] {
		if q := &pools[0][i]; !contents[string(exam.Canonical(q.Question))] {
			b.staying[q.Identity] = true
		}
	}
	if len(b.staying) == 0 {
		return nil
	}
	return b.leaveOut(ctx, r, pools[0])
}

// leaveOut takes those from the staying ones that the batch may replace.
func (b *Batch) leaveOut(ctx context.Context, r Reader, stored []exam.PoolQuestion) error {
	fresh, err := b.fresh(ctx, r, stored)
	if err != nil {
		return err
	}
	cells, err := storedCells(ctx, r, b.Set, fresh)
	if err != nil {
		return err
	}
	for i := range stored {
		identity := stored[i].Identity
		at, known := cells[identity]
		if known && b.staying[identity] && fresh[at] > 0 {
			fresh[at]--
			delete(b.staying, identity)
		}
	}
	return nil
}

// fresh counts by cell the questions of the batch that the set does not hold as they are.
func (b *Batch) fresh(ctx context.Context, r Reader, stored []exam.PoolQuestion) (map[cell]int, error) {
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
