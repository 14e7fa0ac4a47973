package sqlstore

import (
	"context"
	"slices"

	"shiken/store"
)

// maxTagLists bounds the lists of tags that are looked at for what tags there are: each question has one list, and
// many have the same.
const maxTagLists = 1000

var (
	anyCategories = distinct(`q.category`, `''`, ``)
	anyYears      = distinct(`q.year`, `0`, ``)
	anyTags       = distinct(`CAST(q.tags AS TEXT)`, `''`, `octet_length(CAST(q.tags AS TEXT)) BETWEEN 3 AND 2000 AND `)
)

// distinct lists the first $1 values of an indexed expression above the least, of questions that are shown; indexed
// is what the index holds alone. Each step seeks the next value in the index, and no more steps are taken than the
// list needs, so that questions do not count, but for those of a value that are being loaded: they are passed over
// one by one. A step has one lower bound, since SQLite would begin at either of two.
func distinct(value, least, indexed string) string {
	from := ` FROM questions q WHERE ` + indexed + value
	next := func(after string) string {
		return `(SELECT ` + value + from + ` > ` + after + ` ORDER BY ` + value + ` LIMIT 1)`
	}
	return `WITH RECURSIVE c (v) AS (
		SELECT ` + next(least) + `
		UNION ALL SELECT ` + next(`c.v`) + ` FROM c WHERE c.v IS NOT NULL)
	SELECT c.v FROM c WHERE c.v IS NOT NULL AND (SELECT 1` + from + ` = c.v AND ` + shown + ` LIMIT 1) IS NOT NULL LIMIT $1`
}

// AnyFacets implements store.Bank.
func (s *Store) AnyFacets(ctx context.Context, limit int) (store.AnyFacets, error) {
	var f store.AnyFacets
	var err error
	if f.Categories, err = texts(ctx, s.db, anyCategories, limit); err != nil {
		return f, err
	}
	slices.Sort(f.Categories)
	err = each(ctx, s.db, anyYears, []any{limit}, func(rows Rows) error {
		year := 0
		err := rows.Scan(&year)
		f.Years = append(f.Years, year)
		return err
	})
	if err != nil {
		return f, err
	}
	slices.Sort(f.Years)
	f.Tags, err = s.anyTags(ctx, limit)
	return f, err
}

func (s *Store) anyTags(ctx context.Context, limit int) ([]string, error) {
	lists, err := texts(ctx, s.db, anyTags, maxTagLists)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, list := range lists {
		var tags []string
		if err := read(list, &tags); err != nil {
			return nil, err
		}
		all = append(all, tags...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), limit)], nil
}
