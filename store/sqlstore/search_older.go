package sqlstore

import (
	"context"
	"errors"
	"log/slog"

	"shiken/store"
)

// unindexed are questions that a program of before stored, which knew no search or another index; in the order of their ids,
// so that one that cannot be indexed is not met again.
const unindexed = `SELECT q.set_name, q.id, q.revision, q.number, q.category, q.year, CAST(q.tags AS TEXT), CAST(v.content AS TEXT)
	FROM questions q JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
	LEFT JOIN question_words w ON w.question_id = q.id
	WHERE q.id > $1 AND (w.n IS NULL OR w.revision <> q.revision OR substr(w.facets, 1, 4) <> '` + indexVersion + `' OR q.kind = '') ORDER BY q.id LIMIT $2`

const setKind = `UPDATE questions SET kind = $2 WHERE id = $1 AND kind <> $2`

// indexBatch is how many questions are indexed in one transaction, so that writes of others come between.
const indexBatch = 200

// IndexQuestions indexes those questions that are not, looking at most at limit of them, and returns how many
// that were. One that cannot be indexed is logged, passed over and not found: no search is worth an instance
// that does not start.
func (s *Store) IndexQuestions(ctx context.Context, limit int) (all int, err error) {
	for after, alone := firstID, 0; limit > 0; {
		size := min(indexBatch, limit)
		if alone > 0 {
			size = 1
		}
		list, err := s.indexSome(ctx, after, size)
		switch {
		case len(list) == 0 || err != nil && passing(err):
			return all, err
		case err != nil && len(list) > 1:
			alone = len(list) // to find which of them it is
			continue
		case err != nil:
			slog.WarnContext(ctx, "question not indexed: no search finds it", "set", list[0].set, "question", list[0].identity, "error", err)
		default:
			all += len(list)
		}
		alone, limit, after = alone-1, limit-len(list), list[len(list)-1].identity
	}
	return all, nil
}

// passing reports whether an error says nothing about what was to be written.
func passing(err error) bool {
	return errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrRolledBack) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// indexSome indexes at most limit questions after one, or none of them, and returns which they are.
func (s *Store) indexSome(ctx context.Context, after string, limit int) (list []unindexedQuestion, err error) {
	err = s.db.Write(ctx, func(c Conn) error {
		list, err = readUnindexed(ctx, c, after, limit)
		for i := range list {
			if err == nil {
				err = s.indexOne(ctx, c, &list[i])
			}
		}
		return err
	})
	return list, err
}

func (s *Store) indexOne(ctx context.Context, c Conn, u *unindexedQuestion) error {
	q := u.question
	err := read(u.tags, &q.Tags)
	if err == nil {
		err = read(u.content, &q.Question)
	}
	if err == nil {
		_, err = c.Exec(ctx, setKind, u.identity, q.Question.Type)
	}
	if err == nil {
		err = s.search.indexed(ctx, c, u.set, u.identity, u.revision, &q)
	}
	return err
}

// unindexedQuestion is a question as far as it is searched.
type unindexedQuestion struct {
	set, identity string
	revision      int
	question      store.LoadedQuestion // without what tags and content, JSON, say
	tags, content string
}

func readUnindexed(ctx context.Context, c Conn, after string, limit int) ([]unindexedQuestion, error) {
	var list []unindexedQuestion
	err := each(ctx, c, unindexed, []any{after, limit}, func(rows Rows) error {
		var u unindexedQuestion
		err := rows.Scan(&u.set, &u.identity, &u.revision, &u.question.Number, &u.question.Category, &u.question.Year, &u.tags, &u.content)
		list = append(list, u)
		return err
	})
	return list, err
}
