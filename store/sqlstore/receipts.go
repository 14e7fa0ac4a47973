package sqlstore

import (
	"context"

	"shiken/store"
)

const receiptPlaces = `SELECT CAST(j.attempt_id AS TEXT), j.seq
	FROM attempts a JOIN journal j ON j.attempt_id = a.id`

// receiptSearch has a condition only for what is asked for: one that a parameter may turn off is served
// by no index, and a candidate's search would read the hashes of everybody's journals.
func receiptSearch(q store.ReceiptQuery) (text string, args []any) {
	f := &filter{}
	if q.Candidate != "" {
		f.and(`a.candidate = ?`, idOrNull(q.Candidate))
	}
	if q.Exam != "" {
		f.and(`a.exam = ?`, q.Exam)
	}
	f.and(`substr(j.hash, 1, 15) = ?`, q.Code.Digits())
	page, args := f.page(0, store.MaxReceiptPlaces)
	return receiptPlaces + f.where() + ` ORDER BY a.started, j.seq` + page, args
}

// FindReceipt implements store.Receipts.
func (s *Store) FindReceipt(ctx context.Context, q store.ReceiptQuery) ([]store.ReceiptPlace, error) {
	if q.Code.Digits() == "" || q.Candidate == "" && q.Exam == "" {
		return nil, nil
	}
	var places []store.ReceiptPlace
	text, args := receiptSearch(q)
	err := each(ctx, s.db, text, args, func(rows Rows) error {
		var p store.ReceiptPlace
		err := rows.Scan(&p.Attempt, &p.Seq)
		places = append(places, p)
		return err
	})
	return places, err
}
