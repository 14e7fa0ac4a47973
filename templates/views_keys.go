package templates

import (
	"net/url"
	"time"
)

// KeyPath is the form on which the key of a question version is corrected.
func KeyPath(version string) string { return "/admin/questions/" + url.PathEscape(version) + "/key" }

// KeyPreviewPath takes the POST that shows what a correction would do.
func KeyPreviewPath(version string) string { return KeyPath(version) + "/preview" }

// CorrectionPath is what a correction made of the results.
func CorrectionPath(correction string) string {
	return "/admin/corrections/" + url.PathEscape(correction)
}

// KeyAction is a way to correct a key.
type KeyAction string

// The ways, in the order of the form.
const (
	KeyCorrect KeyAction = "correct"
	KeyBoth    KeyAction = "both"
	KeyFull    KeyAction = "full"
	KeyDrop    KeyAction = "drop"
)

// KeyInput asks for a part of a key. Of Options several or, with Single, one may be chosen; without Options
// it is text, a line for each that is right, or with Single one line.
type KeyInput struct {
	Name    string
	Label   SafeHTML
	Text    string // label in words
	Single  bool
	Options []KeyOption
	Lines   string
	Hint    string
}

// KeyOption is a choice of a KeyInput.
type KeyOption struct {
	Value  string
	HTML   SafeHTML
	Text   string // in words
	Chosen bool
}

// KeyForm is a correction as it is asked for.
type KeyForm struct {
	Version, Set, Number string
	Base                 int // revision of the key that the form shows
	Question             DeskQuestion
	Treatment            string // of the current key: "", full, drop
	Actions              []KeyAction
	Action               KeyAction
	Inputs               []KeyInput
	Exams                []Field // that it may be for, besides all
	Exam                 string
	Lower                bool
	Reason               string
	Problem              string // "", key, reason, number, moved
	History              []KeyHistory
}

// KeyHistory is a revision of the key.
type KeyHistory struct {
	Revision   int
	At         time.Time
	Who        string
	Correction string // id; "" for none
	Reason     string
}

// KeyPreview is what a correction would make of the results.
type KeyPreview struct {
	Form   KeyForm
	Fields []Field // of the form, to be sent again
	After  DeskQuestion
	Treat  string
	Counts RegradeCounts
	Rows   []RegradeRow
	Offset int
	More   bool
}

// RegradeCounts sums up a list of regrades.
type RegradeCounts struct {
	All, Raised, Lowered, Same, Kept, ToPass, ToFail int
	// Open ones are marked by the new key when they are closed; Pending ones as soon as may be; Voided ones
	// are left, and so are Superseded ones, which were reached when another key was the newest, and Erased ones.
	Open, Pending, Voided, Superseded, Erased int
}

// RegradeRow is one attempt before and after.
type RegradeRow struct {
	Attempt, Username, Name, Exam string
	Number                        int
	Before, After                 ScoreView
	Kept                          bool
}

// CorrectionView is what a correction made of the results.
type CorrectionView struct {
	ID, Version, Set, Number, Exam, Reason, Who string
	Revision                                    int
	Newer                                       int // revision of the key that took its place; 0 = none
	Lower                                       bool
	At                                          time.Time
	Treatment                                   string
	Job                                         string // id of the newest job
	Done, Total                                 int
	Ended                                       bool
	Failure                                     string // reference in the log
	Counts                                      RegradeCounts
	Broken                                      int
	Change                                      string
	Rows                                        []RegradeRow
	Pager                                       Pager
	Again                                       string // id of the job that goes over the attempts once more
}

// RegradesShown is how many regrades a page shows.
const RegradesShown = 200
