package sqlstore

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

const pool = `SELECT v.id, q.id, q.category, q.year, CAST(q.tags AS TEXT) FROM questions q
	JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
	WHERE q.set_name = $1 AND ` + drawn + ` ORDER BY q.place, q.id`

// LoadPools implements store.Attempts. It draws on current versions only.
func (s *Store) LoadPools(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error) {
	pools := make([][]exam.PoolQuestion, len(d.Sections))
	for i := range d.Sections {
		p, err := s.pool(ctx, &d.Sections[i].From)
		if err != nil {
			return nil, err
		}
		pools[i] = p
	}
	return pools, nil
}

func (s *Store) pool(ctx context.Context, from *exam.Source) ([]exam.PoolQuestion, error) {
	var (
		list     []exam.PoolQuestion
		versions []string
	)
	err := each(ctx, s.db, pool, []any{from.Set}, func(rows Rows) error {
		var (
			q    exam.PoolQuestion
			tags string
		)
		if err := rows.Scan(&q.Version, &q.Identity, &q.Category, &q.Year, &tags); err != nil {
			return err
		}
		fit, err := fits(from, q.Category, q.Year, tags)
		if fit {
			list, versions = append(list, q), append(versions, q.Version)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	contents, err := s.Questions(ctx, versions)
	for i := range list {
		list[i].Question = contents[list[i].Version]
	}
	return list, err
}

// batch is how many ids one statement asks for. One is repeated to fill the list, so that
// the statement's text is always the same.
const batch = 50

var (
	questionContents = `SELECT v.id, CAST(v.content AS TEXT) FROM question_versions v
		WHERE v.id IN (` + Placeholders(1, batch) + `)`
	currentKeys = `SELECT k.version_id, k.revision, CAST(k.key AS TEXT), CAST(k.feedback AS TEXT) FROM question_keys k
		WHERE k.version_id IN (` + Placeholders(1, batch) + `)
		AND k.revision = (SELECT max(l.revision) FROM question_keys l WHERE l.version_id = k.version_id)`
)

// inBatches calls scan for the rows of a statement that takes batch parameters after those given first.
func inBatches(ctx context.Context, c Conn, sql string, asked []any, scan func(Rows) error, first ...any) error {
	for part := range slices.Chunk(asked, batch) {
		if err := each(ctx, c, sql, slices.Concat(first, filled(part)), scan); err != nil {
			return err
		}
	}
	return nil
}

// filled is a list of 1..batch parameters as batch of them.
func filled(part []any) []any {
	args := slices.Clone(part)
	for len(args) < batch {
		args = append(args, part[0])
	}
	return args
}

// knownIDs are those that are UUIDs, as parameters: nothing else is stored.
func knownIDs(ids []string) []any {
	known := make([]any, 0, len(ids))
	for _, i := range ids {
		if u, ok := id(i); ok {
			known = append(known, u)
		}
	}
	return known
}

// Questions implements store.Exams, by preference out of the cache.
func (s *Store) Questions(ctx context.Context, versions []string) (map[string]exam.Question, error) {
	found := make(map[string]exam.Question, len(versions))
	var absent []string
	for _, v := range versions {
		if q, ok := s.questions.Get(v); ok {
			found[v] = q
		} else {
			absent = append(absent, v)
		}
	}
	err := inBatches(ctx, s.db, questionContents, knownIDs(absent), func(rows Rows) error {
		var (
			version, content string
			q                exam.Question
		)
		if err := rows.Scan(&version, &content); err != nil {
			return err
		}
		if err := read(content, &q); err != nil {
			return err
		}
		s.questions.Put(version, q)
		found[version] = q
		return nil
	})
	return found, err
}

// Keys implements store.Exams. Keys may be corrected, so they are never cached.
func (s *Store) Keys(ctx context.Context, versions []string) (map[string]store.KeyedFeedback, error) {
	found := make(map[string]store.KeyedFeedback, len(versions))
	err := inBatches(ctx, s.db, currentKeys, knownIDs(versions), func(rows Rows) error {
		var (
			version, key, feedback string
			revision               int
			k                      store.KeyedFeedback
		)
		if err := rows.Scan(&version, &revision, &key, &feedback); err != nil {
			return err
		}
		if err := read(key, &k.Key); err != nil {
			return err
		}
		k.Key.Revision = revision
		if err := read(feedback, &k.Feedback); err != nil {
			return err
		}
		found[version] = k
		return nil
	})
	return found, err
}
