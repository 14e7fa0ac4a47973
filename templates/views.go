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
	// Display is how the browser's owner wants pages to look.
	Display Display
	// Nonce is the nonce of the Content-Security-Policy of this response.
	Nonce string
	// UserName is the name of the signed-in user, empty when signed out.
	UserName string
	// SignInName is what the signed-in user signs in with, empty when signed out.
	SignInName string
	// Can says what the signed-in user may do beside sitting exams.
	Can Can
	// Nav leads to the staff pages that the user may see, in order; empty for most candidates.
	Nav []NavLink
	// Account is the path of the user's own account, empty when signed out.
	Account string
	// Path is the path and query of a GET that shows this page or its closest
	// kin; the language switch returns there.
	Path string
	// Note is a message that travelled with a redirect, empty for none.
	Note Note
	// Owner names the signed-in user to scripts, without telling who it is; empty when signed out.
	Owner string
	// Stage is how the session store does; admins are told.
	Stage Stage
}

// Can says what somebody may do beside sitting exams. Admins may do whatever authors may.
type Can struct{ Author, Admin bool }

// Note is a message after a redirect, out of a closed list. Its value is what
// the query parameter "note" carries.
type Note string

// The notes of a candidate's pages. Those of staff pages have values that begin with their area:
// "desk.saved" says the message "note.desk.saved".
const (
	NoteCursor   Note = "cursor"   // linear: led to the current question
	NoteExtended Note = "extended" // the deadline was extended, go on
	NoteClosed   Note = "closed"   // the attempt is closed, this is its result
	NoteHere     Note = "here"     // the attempt belongs to this device now

	NoteSaved     Note = "desk.saved"     // an exam
	NotePublished Note = "desk.published" // and saved
	NoteWithdrawn Note = "desk.withdrawn" // and saved
	NoteCopied    Note = "desk.copied"    // this is the copy
	NoteDiscarded Note = "desk.discarded" // a file
	NoteAttached  Note = "attachment.added"

	NoteQuestionSaved     Note = "edit.saved"
	NoteQuestionDraft     Note = "edit.draft"
	NoteQuestionInReview  Note = "edit.in_review"
	NoteQuestionApproved  Note = "edit.approved"
	NoteQuestionRetired   Note = "edit.retired"
	NoteQuestionRestored  Note = "edit.restored"
	NoteQuestionCommented Note = "edit.commented"

	NoteMended      Note = "mend.done"
	NoteMendUndone  Note = "mend.undone"
	NoteMendMoved   Note = "mend.moved"
	NoteChosen      Note = "difference.chosen"
	NoteChoicesFull Note = "difference.full"

	NoteSentBefore Note = "desk.sent_before" // a form, with other entries
)

// ParseNote gives the note named by a query value, or an empty note when the catalogue, which is the
// list of them, has no message for it.
func ParseNote(value string) Note {
	if _, ok := i18n.Messages(i18n.English)["note."+value]; !ok {
		return ""
	}
	return Note(value)
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
	SignInBusy      SignInProblem = "busy" // 503: it could not be judged
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
	// Unkept says that a command was sent which cannot be carried, and why.
	Unkept Unkept
}

// Unkept says why a page does not hold what was sent to it.
type Unkept string

// What cannot be kept; the empty value is for what is, or for nothing.
const (
	UnkeptLong   Unkept = "long"
	UnkeptFile   Unkept = "file"
	UnkeptSecret Unkept = "secret" // a password among the fields
)

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
	// DoneMore counts the finished attempts that are not listed, older ones.
	DoneMore int
	// Practice leads to what the candidate did in practices.
	Practice bool
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
	// Questions is the number of questions on the paper, 0 to say nothing.
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

// Penalty is what a wrong answer takes off in a section, or, without one, in the whole exam, in 1/10,000 point.
type Penalty struct {
	Section string
	Points  int
}

// ExamView is the page before an attempt is started.
type ExamView struct {
	Slug, Title string
	// Questions is the number of questions on the paper, 0 to say nothing.
	Questions int
	// Sections are the titles of the sections, in order; may be empty.
	Sections []string
	// Result says which attempts count, nil where there is but one.
	Result *OwnResult
	// Penalties say what wrong answers take off.
	Penalties []Penalty
	// Attachments counts the files that may be opened once it is started.
	Attachments int
	// Limit is the exam's time limit without extra time, 0 for none.
	Limit time.Duration
	// Extra is the candidate's extra time, 0 for none.
	Extra            time.Duration
	Linear, Practice bool
	// OneDevice: an attempt is written on one device at a time.
	OneDevice bool
	// AttemptsAllowed is 0 when unlimited.
	AttemptsAllowed, AttemptsUsed int
	// Preview is set where nothing is stored, see Sitting.
	Preview *Preview
	// PassMark is in percent, 0 for none.
	PassMark int
	// Opens, LastStart and Closes bound the window, zero where unbounded.
	Opens, LastStart, Closes time.Time
	// OpenAttempt is the id of the attempt that is already running.
	OpenAttempt string
	// Now is the server's time of rendering.
	Now time.Time
	// MayStart shows the start form; otherwise Refusal says why not.
	MayStart bool
	Refusal  Refusal
	// Broken says that no paper can be made of the exam as it is.
	Broken bool
	// CommandID and Seen fill the start form.
	CommandID string
	Seen      int
	// Focus is what the start form of a practice asks, nil where it asks nothing.
	Focus *FocusView
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
	// Broken says that no paper can be made of the exam as it is.
	Broken bool
}

// ErrorKind names an error page.
type ErrorKind string

// The error pages with the status they are sent with.
const (
	ErrorMalformed      ErrorKind = "malformed"        // 400
	ErrorForeignOrigin  ErrorKind = "foreign_origin"   // 403
	ErrorUploadSlow     ErrorKind = "upload_slow"      // 408
	ErrorNotFound       ErrorKind = "not_found"        // 404
	ErrorMethod         ErrorKind = "method"           // 405
	ErrorTooLarge       ErrorKind = "too_large"        // 413
	ErrorFileTooLarge   ErrorKind = "file_too_large"   // 413, of an upload
	ErrorPastedTooLarge ErrorKind = "pasted_too_large" // 413, of a pasted text
	ErrorType           ErrorKind = "type"             // 415
	ErrorInternal       ErrorKind = "internal"         // 500
	ErrorBusy           ErrorKind = "busy"             // 503, the session's queue is full
	ErrorDown           ErrorKind = "down"             // 503, the database is down
)

// ErrorView is an error page. It never carries an error's own text.
type ErrorView struct {
	Kind ErrorKind
	// Status is the HTTP status, shown small.
	Status int
	// RequestID helps to find the log entry, empty for none.
	RequestID string
	// Resend holds the command of a 503 page; nil for a GET.
	Resend *Resend
	// Answer is what was sent and is too long, to be copied; may be empty.
	Answer []AnswerLine
	// Unkept says that there was a command which the page cannot hold.
	Unkept bool
	// Reload says that the page may be asked for again.
	Reload bool
}

// goesOnAgain: where scripts run the page goes on by itself when the server is back.
func (v ErrorView) holdsUnsent() bool { return v.Resend != nil || v.Unkept }

// leadsOn: the page has the navigation of staff, since it keeps nothing that walking away would lose.
func (v ErrorView) leadsOn(page Page) bool { return len(page.Nav) > 0 && !v.holdsUnsent() }

func (v ErrorView) goesOnAgain() bool { return v.Reload || v.Resend != nil }

// reloadSeconds is after how long a page that may be asked for again asks where no script runs.
const reloadSeconds = 10

func (v ErrorView) reloadAfter() int {
	if v.Reload {
		return reloadSeconds
	}
	return 0
}

// Resend is the same command, to be sent again unchanged.
type Resend struct {
	Path   string
	Fields []Field
	// Answer is the answer among the fields, for the eye; may be empty when
	// the question could not be read.
	Answer []AnswerLine
}
