package sqlstore

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

// eachBatch is how many questions are held at once while a set is read whole.
const eachBatch = 500

// ownKey begins the source key of a question that was written here; its identity follows. It serves one whose
// key went to another question, too: by it a file that was written here tells it again.
const ownKey = "edited/"

// questionsAfter reads on from a place and an identity, questionsWith those alone that hold a text. The first takes a
// batch of questions before it joins them to the rest, which Postgres would else do with the whole set for each batch.
// A question without its version or key, which only a damaged database has, is an error.
const (
	questionsAfter = questionColumns + `(SELECT q.* ` + questionsOn + inPlaces + `) q` + questionParts + ` ORDER BY q.place, q.id`
	questionsWith  = questionColumns + `(SELECT q.* ` + questionsOn + `) q` + questionParts +
		` WHERE CAST(v.content AS TEXT) LIKE $5 ESCAPE '\' OR CAST(k.key AS TEXT) LIKE $5 ESCAPE '\'
		OR CAST(k.feedback AS TEXT) LIKE $5 ESCAPE '\'` + inPlaces
	questionsOn = `FROM questions q WHERE q.set_name = $1 AND ` + drawn + ` AND q.place >= $2 AND (q.place > $2 OR q.id > $3)`
	inPlaces    = ` ORDER BY q.place, q.id LIMIT $4`
)

const (
	questionColumns = `SELECT q.place, q.id, coalesce(q.source_key, '` + ownKey + `' || CAST(q.id AS TEXT)), q.number, q.category, q.year,
		q.reference, q.difficulty, CAST(q.tags AS TEXT), CAST(v.content AS TEXT), v.content_hash, k.revision, CAST(k.key AS TEXT),
		CAST(k.feedback AS TEXT)
		FROM `
	questionParts = `
		LEFT JOIN question_versions v ON v.question_id = q.id AND v.revision = q.revision
		LEFT JOIN question_keys k ON k.version_id = v.id
			AND k.revision = (SELECT max(l.revision) FROM question_keys l WHERE l.version_id = v.id)`
)

// EachQuestion implements store.Desk.
func (s *Store) EachQuestion(ctx context.Context, set string, fn func(store.LoadedQuestion) error) error {
	return s.eachQuestion(ctx, set, fn, questionsAfter)
}

// EachQuestionWith implements store.Desk.
func (s *Store) EachQuestionWith(ctx context.Context, set, part string, fn func(store.LoadedQuestion) error) error {
	return s.eachQuestion(ctx, set, fn, questionsWith, pattern(part))
}

// eachQuestion reads by a statement that takes further arguments after a set, a place, an identity and a limit.
func (s *Store) eachQuestion(ctx context.Context, set string, fn func(store.LoadedQuestion) error, statement string, further ...any) error {
	return s.db.Snapshot(ctx, func(c Conn) error {
		var loaded exam.Instant
		if err := one(ctx, c, setThere, []any{set}, &loaded); err != nil {
			return err
		}
		place, last := -1, firstID
		for {
			var list []store.LoadedQuestion
			err := each(ctx, c, statement, append([]any{set, place, last, eachBatch}, further...), func(rows Rows) error {
				q, err := scanQuestion(rows, &place, &last)
				list = append(list, q)
				return err
			})
			if err != nil {
				return err
			}
			for i := range list {
				if err := fn(list[i]); err != nil {
					return err
				}
			}
			if len(list) < eachBatch {
				return nil
			}
		}
	})
}

// scanQuestion reads a row of questionsAfter, and where it stands.
func scanQuestion(rows Rows, place *int, identity *string) (store.LoadedQuestion, error) {
	var (
		q                            store.LoadedQuestion
		tags, content, key, feedback string
		revision                     int
	)
	err := rows.Scan(place, identity, &q.SourceKey, &q.Number, &q.Category, &q.Year, &q.Reference, &q.Difficulty,
		&tags, &content, &q.ContentHash, &revision, &key, &feedback)
	for _, part := range []struct {
		text string
		into any
	}{{tags, &q.Tags}, {content, &q.Question}, {key, &q.Key}, {feedback, &q.Feedback}} {
		if err == nil {
			err = read(part.text, part.into)
		}
	}
	q.Key.Revision = revision
	return q, err
}
