package templates

import "time"

// Sitting is what every page of an attempt says about it. It fills the data
// attributes of the main element, which other programs read.
type Sitting struct {
	Attempt, ExamTitle string
	// Position is 0 on pages that belong to no question.
	Position, Total int
	// Rev is the response's rev on pages of a question, the number of answer
	// changes on the review page.
	Rev int64
	// Status is the attempt's status as on the wire (in_progress, …).
	Status string
	// Deadline is zero when there is no time limit.
	Deadline time.Time
	// Now is the server's time of rendering.
	Now time.Time
	// Outcome and Reason are those of the command answered by this page; both
	// empty for a GET.
	Outcome, Reason string
	// Receipt is that of the newest journal entry; zero where none is shown.
	Receipt Receipt
	// Linear is forward-only navigation.
	Linear bool
	// Messages are those of the invigilators, the newest first.
	Messages []Message
	// Opening counts how often the attempt was opened.
	Opening int
	// Version is the number of the attempt's newest journal entry.
	Version int64
	// Preview is set on the pages of a trial of which nothing is stored.
	Preview *Preview
	// Attachments are the files that the candidate may open, in order.
	Attachments []AttachmentLink
	// OneDevice: the attempt is written on one device at a time, and may go on on another one.
	OneDevice bool
}

// AttachmentLink is a file of an exam.
type AttachmentLink struct {
	Title string
	// Media is the hash of its content.
	Media string
	// Kind is the ending of its name, for people ("PDF"); Bytes is its size, 0 where it is not known.
	Kind  string
	Bytes int64
}

// Preview is a sitting on trial: every form of its pages carries its whole
// state, and there is no attempt to link to.
type Preview struct {
	// Path takes every form; Leave is where the author came from.
	Path, Leave string
	// State is signed by the server; empty before the trial begins.
	State string
	// Same says of an exam with the same questions for everybody whether they are chosen.
	Same SameQuestions
	// Full says that the last answer was not taken, since the state would
	// have become too long.
	Full bool
}

// SameQuestions says how far the choice of the questions is that are the same for everybody.
type SameQuestions string

// The states of that choice.
const (
	SameNone   SameQuestions = ""       // each candidate has questions of their own
	SameChosen SameQuestions = "chosen" // these are they
	SameOpen   SameQuestions = "open"   // whoever begins first makes it
)

// Message is what an invigilator says.
type Message struct {
	ID, Text string
	At       time.Time
}

// Receipt names a journal entry.
type Receipt struct {
	Seq int64
	// Hash is the entry's hash in hexadecimal.
	Hash string
	// Code is the short form for people.
	Code string
}

// FormKeys are the hidden fields of a question form.
type FormKeys struct {
	Rev             int64
	CommandID, Page string
	Seq             int64
	Opening         int
}

// AnswerKind tells which inputs a question has.
type AnswerKind string

// The kinds of answers.
const (
	KindSingleChoice   AnswerKind = "single_choice"
	KindTrueFalse      AnswerKind = "true_false"
	KindMultipleChoice AnswerKind = "multiple_choice"
	KindShortText      AnswerKind = "short_text"
	KindNumber         AnswerKind = "numeric"
	KindEssay          AnswerKind = "essay"
	KindMatching       AnswerKind = "matching"
	KindOrdering       AnswerKind = "ordering"
	KindGaps           AnswerKind = "gaps"
	KindDescription    AnswerKind = "description"
)

// Body is a question with the answer that is filled in.
type Body struct {
	Kind AnswerKind
	Stem SafeHTML
	// Pieces are the stem of a gap question parted at its gaps; empty when it holds none, and all its
	// gaps are rows below it.
	Pieces   []Piece
	Stimulus Stimulus
	// Options are the choices, and the right-hand sides of a matching.
	Options []Option
	// Items are the left-hand sides of a matching, the things to order, or
	// the gaps.
	Items []Item
	// Text is the answer of short text, number and essay, as typed.
	Text string
	// Unit stands behind a number, empty for none.
	Unit string
	// MaxLength bounds typed answers in UTF-16 units, 0 for no bound.
	MaxLength int
	// NotANumber warns that the saved text of a number question is no number.
	NotANumber bool
	// Understood is the saved number in plain digits, where it was typed otherwise; empty for none.
	Understood string
}

// Piece is a part of a stem. Gap is the number of the gap behind it, counted from 1 in Body.Items; 0
// for none.
type Piece struct {
	HTML SafeHTML
	Gap  int
}

// Stimulus is a passage or a figure that several questions share; without HTML there is none.
type Stimulus struct {
	HTML SafeHTML
	// First and Last are the positions of the questions that share it, 0 to say nothing.
	First, Last int
	// Above is the id of the element that shows it further up on the page; "" shows it here.
	Above string
}

// Option is one thing to choose. Value is opaque. A true/false question needs
// no text: the values "true" and "false" are worded by the catalogue.
type Option struct {
	Value string
	// HTML is shown beside radio buttons and checkboxes; Text is used where
	// markup cannot stand (in a select) and where HTML is empty.
	HTML   SafeHTML
	Text   string
	Chosen bool
	// Letter is the label that stands before it ("A"); empty for none.
	Letter string
}

// Item is one row of a matching, ordering or gap question. Its input is named
// "answer." followed by Key.
type Item struct {
	Key   string
	Label SafeHTML
	// Value is the chosen option value, the place from 1, or the text typed;
	// empty for none.
	Value string
	// Options are a gap's own choices; without them a gap is typed.
	Options []Option
	// Number says that a gap takes a number, NotANumber that what is saved is none.
	Number, NotANumber bool
}

// AnswerLine is one line of an answer shown as text. HTML is used for an
// option's markup, Text for what was typed; Label names the row it belongs to.
type AnswerLine struct {
	Label, HTML SafeHTML
	Text        string
	// Letter is the label that a chosen option has on the paper; empty for none.
	Letter string
	// Place is the place that a chosen option had on the paper, from 1; 0 to say nothing.
	Place int
	// Number is what the select box of a row calls the chosen option; 0 where its options have no numbers.
	Number int
	// Rank is the place of an item that was to be ordered, from 1; 0 for none.
	Rank int
	// Hint says more of the line, such as what part of the credit it earns.
	Hint string
	// Spans are Text in pieces, where it stands beside another answer that differs from it; else none.
	Spans []TextSpan
}

// TextSpan is a piece of a text. Alone: the other text does not have it.
type TextSpan struct {
	Text  string
	Alone bool
}

// Buttons says which actions the question form offers.
type Buttons struct {
	Save, Next, Previous, Flag, Clear, Review, Check bool
}

// QuestionView is one question of a running attempt. With AskSkip and
// Sitting.Reason "unanswered" it is the 422 page of a linear exam.
type QuestionView struct {
	Sitting
	Form FormKeys
	Body Body
	// Section is the title of the section, empty for none.
	Section string
	// Points is the question's worth in 1/10,000 point, 0 to say nothing; Wrong what a wrong answer takes
	// off, 0 for nothing.
	Points, Wrong int
	// SavedAt is when the answer was last saved, zero for never.
	SavedAt time.Time
	Flagged bool
	// Closed shows the answer without letting it be changed; Held are its fields,
	// which the form sends as they are.
	Closed bool
	Held   []Field
	Can    Buttons
	// Navigator lists every position, in free navigation.
	Navigator []NavItem
	// Feedback is set on a checked question of a practice.
	Feedback *Feedback
	// AskSkip shows the checkbox skip=1; Removes is the saved answer that moving
	// on without one would remove, empty for none.
	AskSkip bool
	Removes []AnswerLine
	// Order tells the author of a preview which options keep their places.
	Order []string
}

// NavItem is one position in the navigator and on the review page.
type NavItem struct {
	Position                           int
	Answered, Flagged, Current, Closed bool
	// Information marks a position that asks nothing.
	Information bool
}

// Verdict is the marking of one question.
type Verdict string

// The verdicts; VerdictNone stands for "not marked or not released".
const (
	VerdictNone    Verdict = ""
	VerdictCorrect Verdict = "correct"
	VerdictPartly  Verdict = "partly"
	VerdictWrong   Verdict = "wrong"
)

// Feedback is what a checked practice question reveals.
type Feedback struct {
	Verdict Verdict
	// Points and MaxPoints are in 1/10,000 point; Points may be below 0.
	Points, MaxPoints int
	ShowPoints        bool
	Key               []AnswerLine
	// Notes say something of each option that was chosen, as far as there is
	// something to say; Label is the option.
	Notes       []AnswerLine
	Explanation SafeHTML
	Reference   string
}

// RejectionView is the page of a rejected command. Sitting.Reason chooses
// the words; stale and id_reused become the conflict page.
type RejectionView struct {
	Sitting
	// Body shows the question again; nil on pages of no question. Its filled
	// answer is not shown.
	Body *Body
	// Saved and Sent are the two answers; Sent is empty when the command
	// carried none.
	Saved, Sent []AnswerLine
	// HasSent tells "an unanswered question was sent" from "no answer was".
	HasSent bool
	// SavedAt is zero for "never saved"; SentAt is the command's arrival.
	SavedAt, SentAt time.Time
	// SavedFrom says on a conflict's page from where the saved answer came; what was sent came from here.
	SavedFrom SavedWhere
	// IsElsewhere: another device holds the attempt, and shows what is saved; this page tells what was sent.
	IsElsewhere bool
	// Kept says that the sent answer is stored and an administrator sees it.
	Kept bool
	// Again sends the answer anew, with fresh keys on the current rev. Set on
	// conflict pages and wherever the rules still allow a choice.
	Again *AnswerForm
	// NextPath is where to go on, empty for the attempt's own address.
	NextPath string
	// Holder is set where the attempt belongs to another device, Over moves it here.
	Holder *Holder
	Over   TakeOverForm
}

// SavedPlace is from where an answer came, seen from the device that asks.
type SavedPlace string

// The places. Nothing is said where the place is empty.
const (
	SavedHere      SavedPlace = "here"      // another tab of this browser, or an earlier page
	SavedElsewhere SavedPlace = "elsewhere" // another device
	SavedSomewhere SavedPlace = "somewhere" // either
)

// SavedWhere names the other device, if it can be but one; both are empty where it is not known.
type SavedWhere struct {
	Place           SavedPlace
	Browser, System string
}

// AnswerForm is a question form with a given answer in hidden fields.
type AnswerForm struct {
	Keys FormKeys
	// Fields are the answer fields only (answer, answer.{key}).
	Fields []Field
}

// ReviewView is the page before submission. With Sitting.Reason "stale" it is
// the 409 page that lists what changed since.
type ReviewView struct {
	Sitting
	Positions []NavItem
	// Changed are the positions changed since the review that was submitted.
	Changed []int
	// CommandID fills the submit form, with Sitting.Rev and Sitting.Opening.
	CommandID string
}
