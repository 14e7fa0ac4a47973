package templates

import "time"

// Holder is the device that an attempt belongs to, where that is another one.
type Holder struct {
	// Browser and System are empty where they are not known.
	Browser, System string
	// Since is when the attempt came to belong to it, LastSeen when it was heard of last.
	Since, LastSeen time.Time
}

// TakeOverForm moves an attempt to the device that shows it.
type TakeOverForm struct {
	CommandID string
	Opening   int
	// Position and Fields are an answer that was not taken, to be offered again; 0 for none.
	Position int
	Fields   []Field
}

// FieldPosition names the question whose answer a TakeOverForm carries.
const FieldPosition = "position"

// ReasonTakenOver stands in place of a reason on the page that offers, behind a take-over, the answer that
// had not been taken.
const ReasonTakenOver = "taken_over"

// ElsewhereView is the page of an attempt that belongs to another device.
type ElsewhereView struct {
	Sitting
	Holder Holder
	Over   TakeOverForm
	// Here is the path that was asked for.
	Here string
}

// TakeOverPath takes the POST that moves an attempt to the device that sends it.
func TakeOverPath(attempt string) string { return AttemptPath(attempt) + "/take-over" }
