package sqlstore

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

// Sheets implements store.Corrections. Which papers hold a version is looked up in their texts: it is
// asked rarely, and an index would cost every start.
func (s *Store) Sheets(ctx context.Context, q store.SheetQuery) ([]string, error) {
	f := &filter{}
	f.and(`a.erased = 0`)
	from := ` FROM attempts a JOIN users u ON u.id = a.candidate`
	if q.Exam != "" {
		f.and(`a.exam = ?`, q.Exam)
	}
	if q.Version != "" {
		version, ok := id(q.Version)
		if !ok {
			return nil, nil
		}
		from += ` JOIN papers p ON p.attempt_id = a.id`
		f.and(`CAST(p.paper AS TEXT) LIKE ?`, `%"`+version+`"%`)
	}
	return texts(ctx, s.db, `SELECT a.id`+from+f.where()+` ORDER BY a.exam, u.username, a.number`, f.args...)
}

// sheets takes batch ids. It builds JSON by hand, as loadAttempt does.
var sheets = `SELECT u.username, u.name, a.exam, CAST(p.paper AS TEXT),
	(SELECT coalesce(string_agg('{"position":' || r.position || ',"rev":' || r.rev
			|| ',"answer":' || CAST(r.answer AS TEXT)
			|| ',"points":' || coalesce(CAST(r.points AS TEXT), 'null')
			|| ',"kept":' || coalesce(CAST(r.kept AS TEXT), 'null') || '}', ','), '')
		FROM responses r WHERE r.attempt_id = a.id), ` + attemptColumns + `
	FROM attempts a JOIN users u ON u.id = a.candidate JOIN papers p ON p.attempt_id = a.id
	WHERE a.id IN (` + Placeholders(1, batch) + `)`

// EachSheet implements store.Corrections.
func (s *Store) EachSheet(ctx context.Context, attempts []string, fn func(store.Sheet) error) error {
	for len(attempts) > 0 {
		part := attempts[:min(batch, len(attempts))]
		attempts = attempts[len(part):]
		found := map[string]store.Sheet{}
		err := inBatches(ctx, s.db, sheets, knownIDs(part), func(rows Rows) error {
			sheet, err := s.scanSheet(rows)
			found[sheet.Attempt.ID] = sheet
			return err
		})
		if err != nil {
			return err
		}
		for _, attempt := range part {
			sheet, ok := found[attempt]
			if !ok {
				continue
			}
			if err := fn(sheet); err != nil {
				return err
			}
		}
	}
	return nil
}

// scanSheet reads a row. Papers come from the cache as far as they are there; so many would drive out
// those that are being written on.
func (s *Store) scanSheet(rows Rows) (store.Sheet, error) {
	var (
		sheet            store.Sheet
		row              attemptRow
		paper, responses string
	)
	dest := append([]any{&sheet.Username, &sheet.Name, &sheet.Exam, &paper, &responses}, row.dest()...)
	if err := rows.Scan(dest...); err != nil {
		return sheet, err
	}
	if err := row.decode(); err != nil {
		return sheet, err
	}
	sheet.Attempt, sheet.Number = row.attempt, row.number
	if err := readResponses(responses, &sheet.Attempt); err != nil {
		return sheet, err
	}
	if p, ok := s.papers.Get(sheet.Attempt.ID); ok {
		sheet.Paper = p
		return sheet, nil
	}
	sheet.Paper = &exam.Paper{}
	return sheet, read(paper, sheet.Paper)
}
