package templates

import "time"

// ReceiptAnswer is what became of looking a code up.
type ReceiptAnswer string

// The answers; the zero value: nothing was asked.
const (
	ReceiptKnown   ReceiptAnswer = "known"
	ReceiptUnknown ReceiptAnswer = "unknown"
	ReceiptMisread ReceiptAnswer = "misread" // it cannot be a code
	ReceiptNoUser  ReceiptAnswer = "no_user"
)

// ReceiptsView is the page on which a short code is looked up.
type ReceiptsView struct {
	// Typed is what was typed, Code what it was read as, empty when it cannot be one.
	Typed, Code string
	Answer      ReceiptAnswer
	Found       []ReceiptFound
	// Search is what admins have beside the code; nil for everybody else.
	Search *ReceiptSearch
}

// ReceiptSearch says whose receipts an admin looks up.
type ReceiptSearch struct {
	Exam, User string
	Exams      []Field // slug and title
}

// ReceiptFound is an entry that has the code.
type ReceiptFound struct {
	Attempt, Path, ExamTitle string
	Number                   int
	Status                   string
	// Name and Username are the candidate's, for admins alone.
	Name, Username string
	Seq            int64
	Entries        int // in the journal
	// Whole: the journal was folded, and the entry is there unchanged. Without it the rest is not told.
	Whole bool
	At    time.Time
	Kind  string // of the command
	// Position and Saved: an answer was saved there. ReplacedBy is the entry that put another in its
	// place, 0 when it still counts.
	Position   int
	Saved      bool
	ReplacedBy int64
	ReplacedAt time.Time
	Erased     bool
}
