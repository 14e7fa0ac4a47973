package cli

import (
	"context"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// pools reads what each section may draw once the sets of this command are stored: the questions
// of the files, and of the stored ones those that are sure to stay beside them. Nothing is stored.
func (ld *loading) pools(ctx context.Context, s store.Store, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	pools, err := s.LoadPools(ctx, d)
	if err != nil {
		return nil, err
	}
	for i := range d.Sections {
		from := &d.Sections[i].From
		f := ld.fileOf(from.Set)
		if f == nil {
			continue
		}
		if err := f.readStaying(ctx, s); err != nil {
			return nil, err
		}
		var pool []exam.PoolQuestion
		for _, q := range pools[i] {
			if f.staying[q.Identity] {
				pool = append(pool, q)
			}
		}
		pools[i] = append(pool, f.fitting(from)...)
	}
	return pools, nil
}

// fileOf returns the file whose questions go to a set, nil when there is none.
func (ld *loading) fileOf(set string) *fileLoad {
	for _, f := range ld.files {
		if f.set == set && len(f.Questions) > 0 {
			return f
		}
	}
	return nil
}

// fitting are the questions of a file that a section may draw.
func (f *fileLoad) fitting(from *exam.Source) []exam.PoolQuestion {
	var pool []exam.PoolQuestion
	for i := range f.Questions {
		if q := &f.Questions[i]; from.Takes(q.Category, q.Year) {
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

// readStaying finds the stored questions of the set that stay beside those of the file. One with
// the content of a question of the file is that question. Which others get a new version shows in
// storing alone, by their source keys; those hold category and year, so each question of the file
// that is not stored as it is replaces at most one of its own cell. As many are left out: what is
// judged enough is enough.
func (f *fileLoad) readStaying(ctx context.Context, s store.Store) error {
	if f.staying != nil {
		return nil
	}
	pools, err := s.LoadPools(ctx, sources(exam.Source{Set: f.set}))
	if err != nil {
		return err
	}
	contents := map[string]bool{}
	for i := range f.Questions {
		contents[string(exam.Canonical(f.Questions[i].Question))] = true
	}
	f.staying = map[string]bool{}
	for i := range pools[0] {
		if q := &pools[0][i]; !contents[string(exam.Canonical(q.Question))] {
			f.staying[q.Identity] = true
		}
	}
	if len(f.staying) == 0 {
		return nil
	}
	return f.leaveOut(ctx, s, pools[0])
}

// leaveOut takes those from the staying ones that the file may replace.
func (f *fileLoad) leaveOut(ctx context.Context, s store.Store, stored []exam.PoolQuestion) error {
	fresh, err := f.fresh(ctx, s, stored)
	if err != nil {
		return err
	}
	cells, err := storedCells(ctx, s, f.set, fresh)
	if err != nil {
		return err
	}
	for i := range stored {
		identity := stored[i].Identity
		at, known := cells[identity]
		if known && f.staying[identity] && fresh[at] > 0 {
			fresh[at]--
			delete(f.staying, identity)
		}
	}
	return nil
}

// fresh counts by cell the questions of the file that the set does not hold as they are.
func (f *fileLoad) fresh(ctx context.Context, s store.Store, stored []exam.PoolQuestion) (map[cell]int, error) {
	versions := make([]string, len(stored))
	for i := range stored {
		versions[i] = stored[i].Version
	}
	keys, err := s.Keys(ctx, versions)
	if err != nil {
		return nil, err
	}
	held := map[string]int{}
	for i := range stored {
		k := keys[stored[i].Version]
		held[questionset.ContentHash(stored[i].Question, k.Key, k.Feedback)]++
	}
	fresh := map[cell]int{}
	for i := range f.Questions {
		q := &f.Questions[i]
		if held[q.ContentHash]--; held[q.ContentHash] < 0 {
			fresh[cell{q.Category, q.Year}]++
		}
	}
	return fresh, nil
}

// storedCells finds by identity the cells of stored questions, as far as a category and a year of
// fresh ones.
func storedCells(ctx context.Context, s store.Store, set string, fresh map[cell]int) (map[string]cell, error) {
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
	pools, err := s.LoadPools(ctx, sources(asked...))
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
