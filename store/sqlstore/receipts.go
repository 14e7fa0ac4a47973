package sqlstore

import (
	"context"

	"shiken/store"
)

const findReceipt = `SELECT CAST(j.attempt_id AS TEXT), j.seq
	FROM attempts a JOIN journal j ON j.attempt_id = a.id
	WHERE ($1 = '' OR a.candidate = $2) AND ($3 = '' OR a.exam = $3) AND substr(j.hash, 1, 15) = $4
	ORDER BY a.started, j.seq LIMIT $5`

// FindReceipt implements store.Receipts.
func (s *Store) FindReceipt(ctx context.Context, q store.ReceiptQuery) ([]store.ReceiptPlace, error) {
	digits := q.Code.Digits()
	if digits == "" || q.Candidate == "" && q.Exam == "" {
		return nil, nil
	}
	var places []store.ReceiptPlace
	args := []any{q.Candidate, idOrNull(q.Candidate), q.Exam, digits, store.MaxReceiptPlaces}
	err := each(ctx, s.db, findReceipt, args, func(rows Rows) error {
		var p store.ReceiptPlace
		err := rows.Scan(&p.Attempt, &p.Seq)
		places = append(places, p)
		return err
	})
	return places, err
}
