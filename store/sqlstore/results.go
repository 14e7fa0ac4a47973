package sqlstore

import (
	"context"
	"fmt"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// resultPlaces are what results are ordered by, NULL last in both directions.
var resultPlaces = map[store.ResultOrder]string{
	"":                     `u.username`,
	store.ResultsByName:    `u.username`,
	store.ResultsByScore:   `CASE WHEN a.marking = 'done' THEN CAST(a.score ->> 'total' AS BIGINT) END`,
	store.ResultsByClosed:  `CASE WHEN a.status IN ('submitted', 'expired') THEN a.stopped END`,
	store.ResultsByStarted: `a.started`,
}

const (
	resultsFrom = ` FROM attempts a JOIN users u ON u.id = a.candidate`
	// judgedPassed is true, false or null.
	judgedPassed = `CASE WHEN a.status IN ('submitted', 'expired')
		THEN coalesce(CAST(a.score -> 'passed' AS TEXT), 'null') ELSE 'null' END`
)

var passTexts = map[store.PassState]string{
	store.PassedState: "true", store.FailedState: "false", store.NeitherPass: "null",
}

func resultFilter(q *store.ResultQuery) *filter {
	f := &filter{}
	f.and(`a.exam = ?`, q.Exam)
	if q.Search != "" {
		part := pattern(q.Search)
		f.and(`(`+contains(`u.username`)+` OR `+contains(`u.name`)+`)`, part, part)
	}
	if q.Group != "" {
		f.and(`u.id IN (SELECT m.user_id FROM memberships m WHERE m.group_name = ?)`, q.Group)
	}
	if q.First {
		f.and(`a.number = (SELECT min(b.number) FROM attempts b WHERE b.exam = a.exam AND b.candidate = a.candidate)`)
	}
	if q.Status != "" {
		f.and(`a.status = ?`, q.Status)
	}
	if q.Marking != "" {
		f.and(`a.marking = ?`, q.Marking)
	}
	if q.Pass != "" {
		f.and(judgedPassed+` = ?`, passTexts[q.Pass])
	}
	return f
}

// matchingIDs selects the attempts of a query in its order; what follows may cut out a page.
func matchingIDs(q *store.ResultQuery, f *filter) (string, error) {
	place, ok := resultPlaces[q.Order]
	if !ok {
		return "", fmt.Errorf("store: no order of results: %q", q.Order)
	}
	direction := ``
	if q.Descending {
		direction = ` DESC`
	}
	return `SELECT a.id` + resultsFrom + f.where() + ` ORDER BY ` + place + direction + ` NULLS LAST, u.username, a.number`, nil
}

// ResultRows implements store.Results.
func (s *Store) ResultRows(ctx context.Context, q store.ResultQuery) ([]store.ResultRow, int, exam.Instant, error) {
	f := resultFilter(&q)
	text, err := matchingIDs(&q, f)
	if err != nil {
		return nil, 0, 0, err
	}
	var (
		total int
		now   exam.Instant
	)
	if err := one(ctx, s.db, `SELECT count(*), (SELECT shiken_now())`+resultsFrom+f.where(), f.args, &total, &now); err != nil {
		return nil, 0, 0, err
	}
	page, args := f.page(q.Offset, q.Limit)
	ids, err := texts(ctx, s.db, text+page, args...)
	if err != nil {
		return nil, 0, 0, err
	}
	var list []store.ResultRow
	err = s.eachOf(ctx, ids, func(r store.ResultRow) error {
		list = append(list, r)
		return nil
	})
	return list, total, now, err
}

// EachResult implements store.Results. Only ids are held for all; no statement is open while fn is
// called, however long that takes.
func (s *Store) EachResult(ctx context.Context, q store.ResultQuery, fn func(store.ResultRow) error) error {
	f := resultFilter(&q)
	text, err := matchingIDs(&q, f)
	if err != nil {
		return err
	}
	ids, err := texts(ctx, s.db, text, f.args...)
	if err != nil {
		return err
	}
	return s.eachOf(ctx, ids, fn)
}

// resultsOf takes batch ids.
var resultsOf = `SELECT u.username, u.name, ` + groupsColumn + `, coalesce(CAST(a.score AS TEXT), 'null'),
	coalesce(CAST(p.paper -> 'sections' AS TEXT), 'null'), ` + summaryColumns + resultsFrom + `
	JOIN papers p ON p.attempt_id = a.id WHERE a.id IN (` + Placeholders(1, batch) + `)`

// eachOf calls fn for the attempts of some ids in their order.
func (s *Store) eachOf(ctx context.Context, ids []string, fn func(store.ResultRow) error) error {
	for len(ids) > 0 {
		part := ids[:min(batch, len(ids))]
		ids = ids[len(part):]
		found := map[string]store.ResultRow{}
		err := inBatches(ctx, s.db, resultsOf, knownIDs(part), func(rows Rows) error {
			r, err := scanResult(rows)
			found[r.Summary.ID] = r
			return err
		})
		if err != nil {
			return err
		}
		for _, attempt := range part {
			r, ok := found[attempt]
			if !ok {
				continue
			}
			if err := fn(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func scanResult(rows Rows) (store.ResultRow, error) {
	var (
		r                       store.ResultRow
		sum                     summaryRow
		groups, score, sections string
		titles                  []struct {
			Title   exam.Title
			Minimum int
		}
	)
	dest := []any{&r.Username, &r.Name, &groups, &score, &sections}
	if err := rows.Scan(append(dest, sum.dest()...)...); err != nil {
		return r, err
	}
	if err := sum.decode(); err != nil {
		return r, err
	}
	r.Summary, r.User = sum.Summary, sum.Candidate
	if groups != "" {
		r.Groups = strings.Split(groups, separator)
	}
	if err := read(score, &r.Score); err != nil {
		return r, err
	}
	if err := read(sections, &titles); err != nil {
		return r, err
	}
	for _, t := range titles {
		r.SectionTitles, r.SectionMinimums = append(r.SectionTitles, t.Title), append(r.SectionMinimums, t.Minimum)
	}
	return r, nil
}

var attemptsOf = `SELECT CAST(a.id AS TEXT) FROM attempts a WHERE a.exam = $1 AND a.candidate IN (` + Placeholders(2, batch) + `)
	ORDER BY a.candidate, a.number`

// CandidateResults implements store.Results.
func (s *Store) CandidateResults(ctx context.Context, slug string, users []string) ([]store.ResultRow, error) {
	var ids []string
	err := inBatches(ctx, s.db, attemptsOf, knownIDs(users), func(rows Rows) error {
		var attempt string
		err := rows.Scan(&attempt)
		ids = append(ids, attempt)
		return err
	}, slug)
	if err != nil {
		return nil, err
	}
	var list []store.ResultRow
	err = s.eachOf(ctx, ids, func(r store.ResultRow) error {
		list = append(list, r)
		return nil
	})
	return list, err
}
