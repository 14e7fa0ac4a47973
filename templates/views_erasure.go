package templates

import "time"

// EraseBlock says why a person's data cannot be erased now.
type EraseBlock string

// The reasons that the page itself needs; the others are those of the store.
const (
	EraseFree EraseBlock = ""
	EraseSelf EraseBlock = "self"
)

// EraseView says what erasing a person's data takes, and what it leaves.
type EraseView struct {
	ID, Username, Name string
	Takes              []EraseCount
	Attempts           int // stay, without answers
	Awaiting           int // of these: answers wait for a marker
	Block              EraseBlock
	Wrong              bool // what was typed is not the username
}

// EraseCount is one kind of data, by the code of a message of erasure.take.
type EraseCount struct {
	What string
	N    int
}

// ErasedView is what is left of a person.
type ErasedView struct {
	ID, Pseudonym string
	At            time.Time
	Attempts      []AttemptRow
	More          int
}

// NoteErased says that a person's data were erased.
const NoteErased Note = "erasure.done"
