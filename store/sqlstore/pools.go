package sqlstore

import (
	"cmp"
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// The index of a pool comes out of the index questions_filters alone, unless tags are asked for; so do its counts.
const (
	poolIndex  = `SELECT q.id, q.category, q.year, q.kind, '[]'` + indexed
	taggedPool = `SELECT q.id, q.category, q.year, q.kind, CAST(q.tags AS TEXT)` + indexed
	indexed    = ofSet + ` ORDER BY q.place, q.id`

	poolCounts   = `SELECT q.category, q.year, q.kind, '[]', count(*)` + ofSet + ` GROUP BY q.category, q.year, q.kind`
	taggedCounts = `SELECT q.category, q.year, q.kind, CAST(q.tags AS TEXT), count(*)` + ofSet + ` GROUP BY q.category, q.year, q.kind, q.tags`
	ofSet        = ` FROM questions q WHERE q.set_name = $1 AND ` + drawn
)

// PoolIndex implements store.Practices.
func (s *Store) PoolIndex(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	pools := make([][]exam.PoolQuestion, len(d.Sections))
	for i := range d.Sections {
		var err error
		if pools[i], err = s.poolIndex(ctx, &d.Sections[i].From); err != nil {
			return nil, err
		}
	}
	return pools, nil
}

func (s *Store) poolIndex(ctx context.Context, from *exam.Source) ([]exam.PoolQuestion, error) {
	statement := poolIndex
	if len(from.Tag) > 0 {
		statement = taggedPool
	}
	var list []exam.PoolQuestion
	err := each(ctx, s.db, statement, []any{from.Set}, func(rows Rows) error {
		var (
			q    exam.PoolQuestion
			tags string
		)
		if err := rows.Scan(&q.Identity, &q.Category, &q.Year, &q.Question.Type, &tags); err != nil {
			return err
		}
		fit, err := fits(from, q.Category, q.Year, tags)
		if fit {
			list = append(list, q)
		}
		return err
	})
	return list, err
}

// PoolCounts implements store.Practices.
func (s *Store) PoolCounts(ctx context.Context, set string, tags bool) ([]store.PoolCount, error) {
	statement := poolCounts
	if tags {
		statement = taggedCounts
	}
	var list []store.PoolCount
	err := each(ctx, s.db, statement, []any{set}, func(rows Rows) error {
		var (
			n    store.PoolCount
			tags string
		)
		if err := rows.Scan(&n.Category, &n.Year, &n.Type, &tags, &n.N); err != nil {
			return err
		}
		err := read(tags, &n.Tags)
		list = append(list, n)
		return err
	})
	return list, err
}

var poolEntries = `SELECT q.id, q.category, q.year, q.kind, CAST(q.tags AS TEXT), q.set_name, q.place FROM questions q
	WHERE ` + drawn + ` AND q.id IN (` + Placeholders(1, batch) + `)`

// placedEntry is an entry with its place in the set.
type placedEntry struct {
	store.PoolEntry
	place int64
}

// PoolEntries implements store.Practices.
func (s *Store) PoolEntries(ctx context.Context, identities []string) ([]store.PoolEntry, error) {
	var placed []placedEntry
	err := inBatches(ctx, s.db, poolEntries, knownIDs(identities), func(rows Rows) error {
		var (
			e    placedEntry
			tags string
		)
		err := rows.Scan(&e.Identity, &e.Category, &e.Year, &e.Question.Type, &tags, &e.Set, &e.place)
		if err == nil {
			err = read(tags, &e.Tags)
		}
		placed = append(placed, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(placed, func(a, b placedEntry) int {
		return cmp.Or(cmp.Compare(a.Set, b.Set), cmp.Compare(a.place, b.place), cmp.Compare(a.Identity, b.Identity))
	})
	list := make([]store.PoolEntry, 0, len(placed))
	for i := range placed {
		if i == 0 || placed[i].Identity != placed[i-1].Identity { // asked for twice
			list = append(list, placed[i].PoolEntry)
		}
	}
	return list, nil
}
