// Package templates renders Shiken's pages. It knows view models only: plain
// strings, numbers, times and HTML that was sanitised elsewhere. It must not
// know storage, sessions or the rules of an exam; what a candidate may do
// arrives as booleans.
//
// Field names, hidden inputs, buttons and data attributes are the wire
// contract of docs/design.md §7; the tests of this package prove them.
package templates

import (
	"time"

	"shiken/i18n"
)

// SafeHTML is markup that the server has already sanitised. It is written to
// the page as it is, so nothing typed by a person may be converted to it.
type SafeHTML string

// Page is what every page needs beside its own view.
type Page struct {
	// Locale holds the messages and the time zone of display.
	Locale i18n.Locale
	// Nonce is the nonce of the Content-Security-Policy of this response.
	Nonce string
	// UserName is the name of the signed-in user, empty when signed out.
	UserName string
	// Path is the path and query of a GET that shows this page or its closest
	// kin; the language switch returns there.
	Path string
	// Note is a message that travelled with a redirect, empty for none.
	Note Note
}

// Note is a message after a redirect, out of a closed list. Its value is what
// the query parameter "note" carries.
type Note string

// The notes. Anything else in the query is ignored, see ParseNote.
const (
	NoteSaved     Note = "saved"      // the answer was saved
	NoteFlagged   Note = "flagged"    // saved and flagged
	NoteUnflagged Note = "unflagged"  // saved, flag removed
	NoteCleared   Note = "cleared"    // the answer was removed
	NoteOvertaken Note = "overtaken"  // a newer answer of the same page stands
	NoteCursor    Note = "cursor"     // linear: led to the current question
	NoteResumed   Note = "resumed"    // a start that led to the open attempt
	NoteExtended  Note = "extended"   // the deadline was extended, go on
	NoteClosed    Note = "closed"     // the attempt is closed, this is its result
	NoteSubmitted Note = "submitted"  // the submission was accepted
	NoteSignedOut Note = "signed_out" // signed out on request
)

// ParseNote gives the note named by a query value, or an empty note when the
// value is not on the list.
func ParseNote(value string) Note {
	switch n := Note(value); n {
	case NoteSaved, NoteFlagged, NoteUnflagged, NoteCleared, NoteOvertaken, NoteCursor,
		NoteResumed, NoteExtended, NoteClosed, NoteSubmitted, NoteSignedOut:
		return n
	}
	return ""
}

// Field is one form field as it was received; repeated names keep their order.
type Field struct {
	Name, Value string
}

// SignInProblem says why the sign-in form is shown again.
type SignInProblem string

// The problems of a sign-in. Unknown user and wrong password are one.
const (
	SignInOK        SignInProblem = ""
	SignInWrong     SignInProblem = "wrong"
	SignInThrottled SignInProblem = "throttled"
)

// SignInView is the sign-in page. With Resume set it is the 401 page of a
// command sent while signed out.
type SignInView struct {
	Problem SignInProblem
	// RetryMinutes is the wait in whole minutes, rounded up, when throttled.
	RetryMinutes int
	// Username is what was typed, shown again after a failure.
	Username string
	// Next is the path to go to after signing in, empty for the home page.
	Next string
	// Resume carries an unsent command through the sign-in.
	Resume *Resume
}

// Names of the hidden inputs that carry an unsent command through a sign-in.
// FieldResumeName and FieldResumeValue repeat pairwise, in order.
const (
	FieldResumePath  = "resume_path"
	FieldResumeUser  = "resume_user"
	FieldResumeName  = "resume_name"
	FieldResumeValue = "resume_value"
)

// Resume is a command that was sent while signed out.
type Resume struct {
	// Path is where the command was sent.
	Path string
	// User is the signed id of the user that the session belonged to; empty
	// when it is not known.
	User string
	// Fields are the command's fields as received.
	Fields []Field
}

// ResumeView is the page after signing in again: one button sends the kept
// command to where it was going.
type ResumeView struct {
	Path   string
	Fields []Field
	// Answer is the answer among the fields, for the eye.
	Answer []AnswerLine
}

// HomeView is the candidate's list of exams.
type HomeView struct {
	Running, Open, Coming, Done []ExamCard
	// Now is the server's time of rendering.
	Now time.Time
}

// ExamCard is one exam, or one attempt of it, on the home page.
type ExamCard struct {
	Slug, Title string
	// Attempt is the id of the running or finished attempt, empty for none.
	Attempt string
	// Deadline is the end of the running attempt, zero for no limit.
	Deadline time.Time
	Paused   bool
	// Questions is the number of questions on the paper.
	Questions int
	// Limit is the time allowed, extra time included; 0 for no limit.
	Limit time.Duration
	// Opens, LastStart and Closes bound the window, zero where unbounded.
	Opens, LastStart, Closes time.Time
	// AttemptsLeft is how many starts remain; negative means unlimited.
	AttemptsLeft int
	// FinishedAt is when the attempt was closed.
	FinishedAt time.Time
	Voided     bool
	// Pass is the judgement as far as it is released.
	Pass Pass
}

// Pass is a judgement of a whole attempt.
type Pass string

// PassUnknown stands for "not released, not marked, or no pass mark".
const (
	PassUnknown Pass = ""
	Passed      Pass = "passed"
	NotPassed   Pass = "not_passed"
)

// ExamView is the page before an attempt is started.
type ExamView struct {
	Slug, Title string
	Questions   int
	// Sections are the titles of the sections, in order; may be empty.
	Sections []string
	// Limit is the exam's time limit without extra time, 0 for none.
	Limit time.Duration
	// Extra is the candidate's extra time, 0 for none.
	Extra            time.Duration
	Linear, Practice bool
	// AttemptsAllowed is 0 when unlimited.
	AttemptsAllowed, AttemptsUsed int
	// PassMark is in percent, 0 for none.
	PassMark int
	// Opens, LastStart and Closes bound the window, zero where unbounded.
	Opens, LastStart, Closes time.Time
	// OpenAttempt is the id of the attempt that is already running.
	OpenAttempt string
	// MayStart shows the start form; otherwise Refusal says why not.
	MayStart bool
	Refusal  Refusal
	// CommandID and Seen fill the start form.
	CommandID string
	Seen      int
}

// Refusal says why an exam cannot be started.
type Refusal string

// The refusals of a start; the values are the reasons on the wire.
const (
	RefusalNone           Refusal = ""
	RefusalNotOpen        Refusal = "not_open"
	RefusalNoAttemptsLeft Refusal = "no_attempts_left"
)

// RefusedView is the 403 page of a refused start.
type RefusedView struct {
	Slug, Title string
	Reason      Refusal
	// Opens, LastStart and Closes explain not_open, zero where unbounded.
	Opens, LastStart, Closes time.Time
	// Now is the server's time of rendering; it tells "not yet" from "no more".
	Now time.Time
}

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
	// Lang is the BCP 47 tag of the question's text, empty when unknown.
	Lang string
	// Stimulus is material shared by several questions, empty for none.
	Stimulus, Stem SafeHTML
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
}

// AnswerLine is one line of an answer shown as text. HTML is used for an
// option's markup, Text for what was typed; Label names the row it belongs to.
type AnswerLine struct {
	Label, HTML SafeHTML
	Text        string
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
	// Points is the question's worth in 1/10,000 point, 0 to say nothing.
	Points int
	// SavedAt is when the answer was last saved, zero for never.
	SavedAt time.Time
	Flagged bool
	// Closed shows the answer without letting it be changed.
	Closed bool
	Can    Buttons
	// Navigator lists every position, in free navigation.
	Navigator []NavItem
	// Feedback is set on a checked question of a practice.
	Feedback *Feedback
	// AskSkip shows the checkbox skip=1.
	AskSkip bool
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
	// Points and MaxPoints are in 1/10,000 point.
	Points, MaxPoints int
	Key               []AnswerLine
	Explanation       SafeHTML
	Reference         string
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
	// Kept says that the sent answer is stored and an administrator sees it.
	Kept bool
	// Again sends the answer anew, with fresh keys on the current rev. Set on
	// conflict pages and wherever the rules still allow a choice.
	Again *AnswerForm
	// NextPath is where to go on, empty for the attempt's own address.
	NextPath string
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
	// CommandID and Opening fill the submit form, with Sitting.Rev.
	CommandID string
	Opening   int
	// Paused hides the submit form.
	Paused bool
}

// Phase is what a result page is about.
type Phase string

// The phases of a result.
const (
	PhaseInProgress Phase = "in_progress" // the attempt is still open
	PhasePaused     Phase = "paused"      // open, and paused by an administrator
	PhaseTimeUp     Phase = "time_up"     // time is up, the server has not closed yet
	PhaseMarking    Phase = "marking"     // closed, automatic marking under way
	PhaseAwaiting   Phase = "awaiting"    // closed, a marker has to read answers
	PhaseDone       Phase = "done"        // marked; shown as far as released
	PhaseVoided     Phase = "voided"
)

// ResultView is the result page of an attempt.
type ResultView struct {
	Sitting
	Phase Phase
	// Candidate is the name on the printed page.
	Candidate string
	// StartedAt and ClosedAt bound the sitting; ClosedAt is zero while open.
	StartedAt, ClosedAt time.Time
	// Expired says that the server closed at the deadline.
	Expired bool
	// Answered counts the answered positions out of Sitting.Total.
	Answered int
	// Score is nil until it is released.
	Score *ScoreView
	// ScoreAt is when the score is released, zero when no time is known.
	ScoreAt time.Time
	// Questions is empty until own answers or keys are released.
	Questions []QuestionResult
	// Late counts answers that came after the end and are kept, not counted.
	Late int
}

// ScoreView is a released score; points are in 1/10,000 point.
type ScoreView struct {
	Points, MaxPoints int
	// PassMark is in percent, 0 for none.
	PassMark int
	Pass     Pass
	Sections []SectionResult
}

// SectionResult is the score of a section; points are in 1/10,000 point.
type SectionResult struct {
	Title             string
	Points, MaxPoints int
	// Minimum is in percent, 0 for none; Met says whether it was reached.
	Minimum int
	Met     bool
}

// QuestionResult is one question of a released result.
type QuestionResult struct {
	Position int
	Stem     SafeHTML
	// Lang is the BCP 47 tag of the question's text, empty when unknown.
	Lang string
	// Own is the candidate's answer, empty for unanswered.
	Own []AnswerLine
	// ShowScore tells a released 0 from an unreleased score.
	ShowScore         bool
	Points, MaxPoints int
	Verdict           Verdict
	// ShowKey says that key, explanation and reference are released.
	ShowKey     bool
	Key         []AnswerLine
	Explanation SafeHTML
	Reference   string
}

// ErrorKind names an error page.
type ErrorKind string

// The error pages with the status they are sent with.
const (
	ErrorMalformed     ErrorKind = "malformed"      // 400
	ErrorForeignOrigin ErrorKind = "foreign_origin" // 403
	ErrorForbidden     ErrorKind = "forbidden"      // 403, wrong role
	ErrorNotFound      ErrorKind = "not_found"      // 404
	ErrorMethod        ErrorKind = "method"         // 405
	ErrorTooLarge      ErrorKind = "too_large"      // 413
	ErrorType          ErrorKind = "type"           // 415
	ErrorTooMany       ErrorKind = "too_many"       // 429
	ErrorInternal      ErrorKind = "internal"       // 500
	ErrorBusy          ErrorKind = "busy"           // 503, the session's queue is full
	ErrorDown          ErrorKind = "down"           // 503, the database is down
)

// ErrorView is an error page. It never carries an error's own text.
type ErrorView struct {
	Kind ErrorKind
	// Status is the HTTP status, shown small.
	Status int
	// RequestID helps to find the log entry, empty for none.
	RequestID string
	// RetryMinutes is the wait of 429 in whole minutes, 0 for unsaid.
	RetryMinutes int
	// Resend holds the command of a 503 page; nil for a GET.
	Resend *Resend
}

// Resend is the same command, to be sent again unchanged.
type Resend struct {
	Path   string
	Fields []Field
	// Answer is the answer among the fields, for the eye; may be empty when
	// the question could not be read.
	Answer []AnswerLine
}
