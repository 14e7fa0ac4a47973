package torture

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"shiken/devtools/history"
	"shiken/exam"
)

// marking is what scores are made with, read past the program: every revision of every key, the first
// of which came with its question.
func (t *topology) marking(ctx context.Context) (m *history.Marking, err error) {
	conn, err := pgx.Connect(ctx, t.DatabaseURL())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	rows, err := conn.Query(ctx, `SELECT version_id::text, key, created FROM question_keys ORDER BY version_id, revision`)
	if err != nil {
		return nil, err
	}
	m = &history.Marking{Grader: exam.Grader{Normalize: norm.NFKC.String}, Keys: map[string][]history.KeyRevision{}}
	var (
		version string
		text    []byte
		since   exam.Instant
	)
	_, err = pgx.ForEachRow(rows, []any{&version, &text, &since}, func() error {
		k := history.KeyRevision{Since: since}
		if len(m.Keys[version]) == 0 {
			k.Since = 0
		}
		err := json.Unmarshal(text, &k.Key)
		m.Keys[version] = append(m.Keys[version], k)
		return err
	})
	return m, err
}
