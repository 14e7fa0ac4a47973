package sqlstore

import (
	"context"

	"shiken/store"
)

// freeTexts are texts that others wrote freely and that may name a person: how they are read, by one or two keys
// before them, and how one is written. None is the person's own: those go with all that is theirs.
var freeTexts = []struct {
	keys        int
	read, write string
}{
	{1, `SELECT CAST(c.id AS TEXT), c.reason FROM corrections c WHERE c.reason <> ''`,
		`UPDATE corrections SET reason = $2 WHERE id = $1`},
	{1, `SELECT CAST(v.id AS TEXT), v.note FROM question_events v WHERE v.note <> ''`,
		`UPDATE question_events SET note = $2 WHERE id = $1`},
	{2, `SELECT CAST(c.user_id AS TEXT), c.exam, c.reason FROM accommodations c WHERE c.reason <> ''`,
		`UPDATE accommodations SET reason = $3 WHERE user_id = $1 AND exam = $2`},
}

// namedText is a text that names a person.
type namedText struct {
	write string
	keys  []any
}

// namedTexts finds those of freeTexts that name a person, but what is said of the person's own accommodations.
func namedTexts(ctx context.Context, c Conn, n *store.Named) ([]namedText, error) {
	var list []namedText
	for _, kind := range freeTexts {
		err := each(ctx, c, kind.read, nil, func(rows Rows) error {
			var values [3]string
			var dest []any
			for i := range kind.keys + 1 {
				dest = append(dest, &values[i])
			}
			if err := rows.Scan(dest...); err != nil || values[0] == n.ID || !n.Names(values[kind.keys]) {
				return err
			}
			found := namedText{write: kind.write}
			for _, key := range values[:kind.keys] {
				found.keys = append(found.keys, key)
			}
			list = append(list, found)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// takeTexts takes the texts that name the person. What others wrote of the person in other words, nobody can find.
func (w *erasing) takeTexts() error {
	list, err := namedTexts(w.ctx, w.conn, &w.named)
	for _, text := range list {
		if err == nil {
			_, err = w.conn.Exec(w.ctx, text.write, append(text.keys, store.ErasedWord)...)
		}
	}
	return err
}
