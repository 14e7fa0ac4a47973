package store

import (
	"context"

	"shiken/exam"
)

// ReceiptQuery asks for the entries of a short code. Candidate (a user's id) or Exam (a slug) or both
// say whose journals are searched; with neither nothing is found.
type ReceiptQuery struct {
	Code            exam.ReceiptCode
	Candidate, Exam string
}

// ReceiptPlace is where an entry stands.
type ReceiptPlace struct {
	Attempt string
	Seq     int64
}

// MaxReceiptPlaces bounds what FindReceipt returns. Two entries have one code by chance when there are
// about 2^30 of them.
const MaxReceiptPlaces = 10

// Receipts finds entries by what people keep of them.
type Receipts interface {
	// FindReceipt lists the entries whose hash begins as the code says. No index serves that, since one
	// would cost every answer: it reads the hashes of the journals that the query admits.
	FindReceipt(ctx context.Context, q ReceiptQuery) ([]ReceiptPlace, error)
}
