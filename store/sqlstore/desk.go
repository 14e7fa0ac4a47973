package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// examSummaries counts attempts by the index on exam and status alone.
const examSummaries = `SELECT CAST(d.definition AS TEXT), d.revision, d.created, e.archived, e.score_released, e.answers_released,
	e.keys_released, coalesce(n.open, 0), coalesce(n.closed, 0), coalesce(n.voided, 0)
	FROM exams e
	JOIN exam_revisions d ON d.exam = e.slug AND d.revision = e.revision
	LEFT JOIN (SELECT a.exam, count(*) FILTER (WHERE a.status IN ('in_progress', 'paused')) AS open,
		count(*) FILTER (WHERE a.status IN ('submitted', 'expired')) AS closed,
		count(*) FILTER (WHERE a.status = 'voided') AS voided
		FROM attempts a GROUP BY a.exam) n ON n.exam = e.slug
	ORDER BY e.slug`

// ExamSummaries implements store.Desk, by slug.
func (s *Store) ExamSummaries(ctx context.Context) ([]store.ExamSummary, exam.Instant, error) {
	var list []store.ExamSummary
	err := each(ctx, s.db, examSummaries, nil, func(rows Rows) error {
		var (
			x    store.ExamSummary
			text string
		)
		err := rows.Scan(&text, &x.Revision, &x.Saved, &x.Archived, &x.Released.Score, &x.Released.Answers, &x.Released.Keys,
			&x.Open, &x.Closed, &x.Voided)
		if err != nil {
			return err
		}
		x.Released.OpenAttempts = x.Open > 0
		list = append(list, x)
		return read(text, &list[len(list)-1].Definition)
	})
	if err != nil {
		return nil, 0, err
	}
	now, err := s.now(ctx)
	return list, now, err
}

func (s *Store) now(ctx context.Context) (exam.Instant, error) {
	var now exam.Instant
	err := one(ctx, s.db, `SELECT shiken_now()`, nil, &now)
	return now, err
}

const revised = `SELECT CAST(d.definition AS TEXT), d.revision, d.created, e.archived FROM exams e
	JOIN exam_revisions d ON d.exam = e.slug AND d.revision = e.revision WHERE e.slug = $1`

// Revised implements store.Desk.
func (s *Store) Revised(ctx context.Context, slug string) (store.Revised, error) {
	var (
		r    store.Revised
		text string
	)
	if err := one(ctx, s.db, revised, []any{slug}, &text, &r.Revision, &r.Saved, &r.Archived); err != nil {
		return store.Revised{}, err
	}
	return r, read(text, &r.Definition)
}

const setSummaries = `SELECT s.name, s.loaded, count(q.id) FILTER (WHERE ` + drawn + `),
	count(q.id) FILTER (WHERE NOT q.retired AND q.state <> 'approved' AND ` + shown + `), count(q.id) FILTER (WHERE q.retired)
	FROM question_sets s LEFT JOIN questions q ON q.set_name = s.name WHERE s.loaded > 0
	GROUP BY s.name, s.loaded ORDER BY s.name`

// Sets implements store.Desk, by name.
func (s *Store) Sets(ctx context.Context) ([]store.SetSummary, error) {
	var list []store.SetSummary
	err := each(ctx, s.db, setSummaries, nil, func(rows Rows) error {
		var x store.SetSummary
		err := rows.Scan(&x.Name, &x.Loaded, &x.Questions, &x.Drafts, &x.Retired)
		list = append(list, x)
		return err
	})
	return list, err
}

// setFacets and setTags are values of those questions of a set that meet a condition.
func setFacets(condition string) string {
	return `SELECT q.category, q.year, q.kind, min(q.place), count(*) FROM questions q
	WHERE q.set_name = $1 AND ` + condition + ` GROUP BY 1, 2, 3 ORDER BY 4, 1, 2, 3`
}

func setTags(condition string) string {
	return `SELECT CAST(q.tags AS TEXT), count(*) FROM questions q WHERE q.set_name = $1 AND ` + condition + ` GROUP BY 1`
}

// SetFacets implements store.Desk. Questions without category, year or tags add nothing; a set that is
// not there has none.
func (s *Store) SetFacets(ctx context.Context, set string) (store.SetFacets, error) {
	return s.facets(ctx, set, drawn)
}

// ListedFacets implements store.Desk.
func (s *Store) ListedFacets(ctx context.Context, set string) (store.SetFacets, error) {
	return s.facets(ctx, set, shown)
}

func (s *Store) facets(ctx context.Context, set, condition string) (store.SetFacets, error) {
	f := store.SetFacets{InCategory: map[string]int{}, InYear: map[int]int{}, WithTag: map[string]int{}}
	err := each(ctx, s.db, setFacets(condition), []any{set}, func(rows Rows) error {
		var (
			category       string
			year, place, n int
			kind           exam.QuestionType
		)
		if err := rows.Scan(&category, &year, &kind, &place, &n); err != nil {
			return err
		}
		if category != "" {
			f.Categories = addOnce(f.Categories, category)
			f.InCategory[category] += n
		}
		if year != 0 {
			f.Years = addOnce(f.Years, year)
			f.InYear[year] += n
		}
		f.Types = addOnce(f.Types, kind)
		return nil
	})
	if err != nil {
		return f, err
	}
	slices.Sort(f.Years)
	return f, s.addTags(ctx, set, condition, &f)
}

func addOnce[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// addTags counts the tags of a set.
func (s *Store) addTags(ctx context.Context, set, condition string, f *store.SetFacets) error {
	err := each(ctx, s.db, setTags(condition), []any{set}, func(rows Rows) error {
		var (
			text string
			tags []string
			n    int
		)
		if err := rows.Scan(&text, &n); err != nil {
			return err
		}
		if err := read(text, &tags); err != nil {
			return err
		}
		slices.Sort(tags)
		for _, tag := range slices.Compact(tags) {
			f.WithTag[tag] += n
		}
		return nil
	})
	f.Tags = slices.SortedFunc(maps.Keys(f.WithTag), func(a, b string) int {
		return cmp.Or(cmp.Compare(f.WithTag[b], f.WithTag[a]), cmp.Compare(a, b))
	})
	return err
}

const setState = `SELECT s.loaded, s.moved FROM question_sets s WHERE s.name = $1`

// SetState implements store.Desk.
func (s *Store) SetState(ctx context.Context, set string) (string, error) {
	var loaded, moved int64
	err := one(ctx, s.db, setState, []any{set}, &loaded, &moved)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return fmt.Sprintf("%d.%d", loaded, moved), err
}

// PlanQuestions implements store.Desk.
func (s *Store) PlanQuestions(ctx context.Context, load store.QuestionLoad) (store.LoadPlan, error) {
	stored, err := readSet(ctx, s.db, load.Set)
	if err != nil {
		return store.LoadPlan{}, err
	}
	placed, absent, err := match(stored, load.Names)
	if err == nil {
		absent, err = recognise(ctx, s.db, &load, placed, stored, absent)
	}
	if err != nil {
		return store.LoadPlan{}, err
	}
	if err := settleAll(ctx, s.db, placed, load.Each); err != nil {
		return store.LoadPlan{}, err
	}
	plan := store.LoadPlan{Questions: make([]store.PlannedQuestion, len(placed))}
	for i := range placed {
		placed[i].count(&plan.LoadResult)
		plan.Questions[i].Change = placed[i].change()
		if q := placed[i].stored; q != nil {
			plan.Questions[i].Identity, plan.Questions[i].Edition = q.id, q.edition
		}
	}
	countAbsent(&plan.LoadResult, absent)
	for _, q := range absent {
		if !q.retired {
			plan.AbsentQuestions = append(plan.AbsentQuestions, store.AbsentQuestion{Identity: q.id, Name: q.name(), Edited: q.edited != 0})
		}
	}
	return plan, nil
}

// QuestionsNow implements store.Desk.
func (s *Store) QuestionsNow(ctx context.Context, identities []string) ([]store.StoredQuestion, error) {
	versions, err := s.currentVersions(ctx, identities)
	if err != nil {
		return nil, err
	}
	return s.storedQuestions(ctx, slices.DeleteFunc(versions, func(v string) bool { return v == "" }))
}
