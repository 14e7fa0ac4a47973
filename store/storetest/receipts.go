package storetest

import (
	"slices"

	"shiken/exam"
	"shiken/store"
)

var receiptTests = map[string]func(*world){
	"R11 a short code leads to its entry, and to no other": receiptFound,
}

func receiptFound(w *world) {
	d := w.newExam(2)
	s, other := w.sit(d), w.sit(d)
	first := s.wants(s.command(exam.Save, 1, 0, "right 1"), exam.Applied).Receipt
	second := s.wants(s.command(exam.Save, 2, 0, "wrong"), exam.Applied).Receipt
	theirs := other.wants(other.command(exam.Save, 1, 0, "right 1"), exam.Applied).Receipt
	mine, they := s.stored().Attempt.Candidate, other.stored().Attempt.Candidate
	for _, tt := range []struct {
		name    string
		receipt exam.Receipt
		query   store.ReceiptQuery
		want    []store.ReceiptPlace
	}{
		{"of the candidate", first, store.ReceiptQuery{Candidate: mine}, []store.ReceiptPlace{{Attempt: s.id, Seq: 2}}},
		{"of the exam", second, store.ReceiptQuery{Exam: d.Slug}, []store.ReceiptPlace{{Attempt: s.id, Seq: 3}}},
		{"of both", theirs, store.ReceiptQuery{Candidate: they, Exam: d.Slug}, []store.ReceiptPlace{{Attempt: other.id, Seq: 2}}},
		{"somebody else's", theirs, store.ReceiptQuery{Candidate: mine}, nil},
		{"of another exam", first, store.ReceiptQuery{Exam: "another"}, nil},
		{"of another exam, though theirs", first, store.ReceiptQuery{Candidate: mine, Exam: "another"}, nil},
		{"of nobody", first, store.ReceiptQuery{}, nil},
		{"of no user", first, store.ReceiptQuery{Candidate: "no id"}, nil},
		{"of no code", exam.Receipt{}, store.ReceiptQuery{Candidate: mine}, nil},
	} {
		tt.query.Code = exam.ReceiptCode(tt.receipt.Code())
		got, err := w.FindReceipt(w.ctx, tt.query)
		if err != nil || !slices.Equal(got, tt.want) {
			w.Errorf("%s: %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}
