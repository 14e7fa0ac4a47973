package store

import (
	"context"

	"shiken/exam"
)

// QuestionState says how far a question has come before exams draw it.
type QuestionState string

// The states. Exams draw what is approved and not retired; loading a file approves its questions.
const (
	QuestionDraft    QuestionState = "draft"
	QuestionInReview QuestionState = "in_review"
	QuestionApproved QuestionState = "approved"
)

// QuestionEventKind names what an author did with a question.
type QuestionEventKind string

// The kinds. A change of the state bears the state's name.
const (
	QuestionCreated   QuestionEventKind = "created"
	QuestionEdited    QuestionEventKind = "edited"  // a new version
	QuestionKeyed     QuestionEventKind = "key"     // a new revision of the key or the explanation alone
	QuestionDetailed  QuestionEventKind = "details" // neither: category, tags and the like
	QuestionRetired   QuestionEventKind = "retired"
	QuestionRestored  QuestionEventKind = "restored"
	QuestionCommented QuestionEventKind = "comment"
)

// QuestionEvent is one line of the history of a question.
type QuestionEvent struct {
	ID                    string // UUID
	At                    exam.Instant
	Actor                 string // username
	Kind                  QuestionEventKind
	Revision, KeyRevision int // that were current after it
	Note                  string
}

// QuestionVersion is a question in one of its versions, with the newest revision of its key.
type QuestionVersion struct {
	Version  string
	Revision int
	Created  exam.Instant
	Question exam.Question
	KeyedFeedback
}

// QuestionEdit is a question as its author has written it, on its way into the bank.
type QuestionEdit struct {
	// Identity names the question: a new UUID with Base 0.
	Identity string
	// Base is the edition, and KeyBase the revision of the key, that the author saw.
	Base, KeyBase int
	// Event is the UUID of the form, so that it counts once however often it is sent.
	Event string
	// Set is where a new question goes; it is made if there is none. Otherwise it is ignored.
	Set string
	// Question holds all of it; its SourceKey is ignored.
	Question LoadedQuestion
	State    QuestionState
	Note     string
	Editor   string // username
}

// QuestionMark changes the state of a question, or comments on it.
type QuestionMark struct {
	Identity string
	Base     int // the edition that the author saw; ignored for a comment
	Event    string
	// Kind is QuestionRetired, QuestionRestored, QuestionCommented or a state's name.
	Kind   QuestionEventKind
	Note   string
	Editor string // username
}

// LeftOut counts the questions that fit a source and are not drawn.
type LeftOut struct{ Unapproved, Retired int }

// MaxNote bounds a comment, in bytes.
const MaxNote = 4_000

// BankActions are the writes of authors of single questions.
type BankActions interface {
	// ReviseQuestion stores an edit. Other content makes a new version, another key or explanation alone a
	// new revision of the key. What is stored already is stored, whatever its author saw. ErrMoved, and
	// nothing is written, when another edition or revision of the key is current, the form of Event was
	// stored before and says another thing than what is stored, or the new question's UUID is taken; ErrNotFound when there is no such question. The media
	// that it shows are stored in the same transaction.
	ReviseQuestion(ctx context.Context, e QuestionEdit, media ...Media) error
	// MarkQuestion stores a mark once. ErrMoved, and nothing is written, when another edition is current, or
	// the form of Event was stored before with another note;
	// ErrNotFound when there is no such question.
	MarkQuestion(ctx context.Context, m QuestionMark) error
}

// AnyFacets are values that questions have, of whatever set and state, for filters; each ascending.
type AnyFacets struct {
	Categories []string
	Years      []int
	Tags       []string
}

// Bank is what authors read of single questions.
type Bank interface {
	// AnyFacets lists the first values of each kind, at most limit, and the tags of the first lists of tags alone
	// where there are very many. It takes as long as there are values, however many questions there are.
	AnyFacets(ctx context.Context, limit int) (AnyFacets, error)
	// Question reads a question as it is now; ErrNotFound when there is none.
	Question(ctx context.Context, identity string) (StoredQuestion, error)
	// QuestionVersions lists versions, the newest first, at most limit.
	QuestionVersions(ctx context.Context, identity string, limit int) ([]QuestionVersion, error)
	// QuestionEvents lists what authors did with a question, the newest first, at most limit.
	QuestionEvents(ctx context.Context, identity string, limit int) ([]QuestionEvent, error)
	// LeftOut counts the questions that fit a source and are not drawn.
	LeftOut(ctx context.Context, from exam.Source) (LeftOut, error)
}
