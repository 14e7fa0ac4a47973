package sqlstore

import "shiken/exam"

// ReceiptSearch is the statement of FindReceipt.
var ReceiptSearch = receiptSearch

// The statements of AnyFacets.
var AnyCategories, AnyYears, AnyTags = anyCategories, anyYears, anyTags

// ReadMarked reads what EachMarked gives of documents.
func ReadMarked(paper, score, responses string) (exam.Paper, exam.Attempt) {
	var m markedReader
	for range 2 { // what was read before leaves nothing
		m.read(paper, score, responses)
	}
	return m.paper, m.attempt
}
