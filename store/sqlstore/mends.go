package sqlstore

import (
	"context"
	"errors"

	"shiken/store"
)

const (
	mendsOf = `SELECT m.piece, m.edition, m.mend FROM upload_mends m
		WHERE m.upload_id = $1 AND m.reading = $2 AND m.mend <> '' ORDER BY m.piece`
	mendOf = `SELECT m.edition, m.mend FROM upload_mends m WHERE m.upload_id = $1 AND m.reading = $2 AND m.piece = $3`
	// holdUpload makes whoever works at the same upload wait for the end of the transaction.
	holdUpload = `UPDATE uploads SET name = name WHERE id = $1 AND owner = $2 AND created > (SELECT shiken_now()) - $3`
	sizeMends  = `SELECT count(*), coalesce(sum(octet_length(m.mend)), 0) FROM upload_mends m WHERE m.upload_id = $1`
	putMend    = `INSERT INTO upload_mends (upload_id, reading, piece, edition, mend) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (upload_id, reading, piece) DO UPDATE SET edition = excluded.edition, mend = excluded.mend`
)

// Mends implements store.UploadWork.
func (s *Store) Mends(ctx context.Context, upload, reading string) ([]store.Mend, error) {
	var list []store.Mend
	err := each(ctx, s.db, mendsOf, []any{idOrNull(upload), reading}, func(rows Rows) error {
		var m store.Mend
		err := rows.Scan(&m.Piece, &m.Edition, &m.Data)
		list = append(list, m)
		return err
	})
	return list, err
}

// Mend implements store.UploadWork.
func (s *Store) Mend(ctx context.Context, upload, reading string, piece int) (store.Mend, error) {
	return readMend(ctx, s.db, upload, reading, piece)
}

func readMend(ctx context.Context, c Conn, upload, reading string, piece int) (store.Mend, error) {
	m := store.Mend{Piece: piece}
	err := one(ctx, c, mendOf, []any{idOrNull(upload), reading, piece}, &m.Edition, &m.Data)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return m, err
}

// PutMend implements store.UploadWork.
func (s *Store) PutMend(ctx context.Context, upload, owner, reading string, m store.Mend) error {
	return orUnchanged(s.db.Write(ctx, func(c Conn) error {
		if err := missing(c.Exec(ctx, holdUpload, idOrNull(upload), idOrNull(owner), keepUploads)); err != nil {
			return err
		}
		current, err := readMend(ctx, c, upload, reading, m.Piece)
		switch {
		case err != nil:
			return err
		case current.Data == m.Data:
			return errUnchanged
		case current.Edition != m.Edition:
			return store.ErrMoved
		}
		var count, bytes int
		if err := one(ctx, c, sizeMends, []any{idOrNull(upload)}, &count, &bytes); err != nil {
			return err
		}
		if current.Edition == 0 && count >= store.MaxMends || bytes-len(current.Data)+len(m.Data) > store.MaxMendBytes {
			return store.ErrTooMany
		}
		_, err = c.Exec(ctx, putMend, idOrNull(upload), reading, m.Piece, current.Edition+1, m.Data)
		return err
	}))
}

// The kinds of choices.
const (
	chooseReplace = "replace"
	chooseRetire  = "retire"
)

const (
	choicesOf = `SELECT c.set_name, c.kind, c.question_id, c.chosen, c.edition FROM upload_choices c
		WHERE c.upload_id = $1 ORDER BY c.set_name, c.kind, c.question_id`
	forgetChoices = `DELETE FROM upload_choices WHERE upload_id = $1 AND set_name = $2 AND kind = $3`
	countChoices  = `SELECT count(*) FROM upload_choices c WHERE c.upload_id = $1`
	putChoice     = `INSERT INTO upload_choices (upload_id, set_name, kind, question_id, chosen, edition) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (upload_id, set_name, kind, question_id) DO UPDATE SET chosen = excluded.chosen, edition = excluded.edition`
)

// LoadChoice implements store.UploadWork.
func (s *Store) LoadChoice(ctx context.Context, upload, set string) (store.LoadChoice, error) {
	all, err := s.LoadChoices(ctx, upload)
	return all[set], err
}

// LoadChoices implements store.UploadWork.
func (s *Store) LoadChoices(ctx context.Context, upload string) (map[string]store.LoadChoice, error) {
	all := map[string]store.LoadChoice{}
	err := each(ctx, s.db, choicesOf, []any{idOrNull(upload)}, func(rows Rows) error {
		var (
			set, kind, question string
			chosen              bool
			edition             int
		)
		if err := rows.Scan(&set, &kind, &question, &chosen, &edition); err != nil {
			return err
		}
		choice := all[set]
		addChoice(&choice, kind, question, chosen, edition)
		all[set] = choice
		return nil
	})
	return all, err
}

func addChoice(c *store.LoadChoice, kind, question string, chosen bool, edition int) {
	replace := kind == chooseReplace
	switch {
	case question == "" && replace:
		c.ReplaceAll = chosen
	case question == "":
		c.RetireAll = chosen
	case replace && !chosen:
		c.Keep = append(c.Keep, question)
	case replace:
		if c.Replace == nil {
			c.Replace = map[string]int{}
		}
		c.Replace[question] = edition
	case chosen:
		c.Retire = append(c.Retire, question)
	default:
		c.Leave = append(c.Leave, question)
	}
}

// PutLoadChoice implements store.UploadWork.
func (s *Store) PutLoadChoice(ctx context.Context, upload, owner, set string, u store.ChoiceUpdate) error {
	return s.db.Write(ctx, func(c Conn) error {
		if err := missing(c.Exec(ctx, holdUpload, idOrNull(upload), idOrNull(owner), keepUploads)); err != nil {
			return err
		}
		w := choiceWriter{ctx: ctx, conn: c, upload: idOrNull(upload), set: set}
		w.all(chooseReplace, u.ReplaceAll)
		w.all(chooseRetire, u.RetireAll)
		for question, edition := range u.Replace {
			w.put(chooseReplace, question, edition != 0, edition)
		}
		for question, chosen := range u.Retire {
			w.put(chooseRetire, question, chosen, 0)
		}
		if w.err != nil {
			return w.err
		}
		count := 0
		if err := one(ctx, c, countChoices, []any{w.upload}, &count); err != nil {
			return err
		}
		if count > store.MaxChoices {
			return store.ErrTooMany
		}
		return nil
	})
}

// choiceWriter writes choices in a transaction; err is what failed first.
type choiceWriter struct {
	ctx    context.Context
	conn   Conn
	upload any
	set    string
	err    error
}

func (w *choiceWriter) exec(sql string, args ...any) {
	if w.err == nil {
		_, w.err = w.conn.Exec(w.ctx, sql, args...)
	}
}

func (w *choiceWriter) all(kind string, chosen *bool) {
	if chosen != nil {
		w.exec(forgetChoices, w.upload, w.set, kind)
		w.put(kind, "", *chosen, 0)
	}
}

func (w *choiceWriter) put(kind, question string, chosen bool, edition int) {
	w.exec(putChoice, w.upload, w.set, kind, question, chosen, edition)
}
