package exam

import "errors"

// Kind names a command.
type Kind string

// The kinds of command: candidate's, admin's, server's.
const (
	Start  Kind = "start"
	Save   Kind = "save"
	Move   Kind = "move"
	Flag   Kind = "flag"
	Check  Kind = "check"
	Submit Kind = "submit"
	TimeUp Kind = "time_up"
	// TakeOver moves the attempt to the device that asks for it.
	TakeOver Kind = "take_over"

	Extend      Kind = "extend" // also the server's, after an outage
	Pause       Kind = "pause"
	Resume      Kind = "resume"
	ForceSubmit Kind = "force_submit"
	Reopen      Kind = "reopen"
	Void        Kind = "void"
	Unvoid      Kind = "unvoid"
	AcceptLate  Kind = "accept_late"
	MarkByHand  Kind = "mark"
	Regrade     Kind = "regrade"

	Expire Kind = "expire"
	Grade  Kind = "grade"
)

// Role is the part in which somebody acts on an attempt.
type Role string

// The roles of actors.
const (
	Candidate Role = "candidate"
	Admin     Role = "admin"
	Server    Role = "server"
)

// Actor is who gave a command. The server has no ID.
type Actor struct {
	Role Role
	ID   string
}

func (a Actor) String() string {
	if a.ID == "" {
		return string(a.Role)
	}
	return string(a.Role) + ":" + a.ID
}

// Command is one thing asked of an attempt. Fields that a kind does not use are zero.
type Command struct {
	ID      string // UUID, unique within the attempt
	Kind    Kind
	Actor   Actor
	Salt    Salt // fresh random bytes from the caller; keeps digests from being guessed
	Opening int
	// Device is the candidate's device that the command came from: an opaque id. Released: the one that
	// holds the attempt is known to have signed out, so an applied command takes the attempt over. Neither
	// is part of the digest.
	Device   string
	Released bool

	// Candidate commands on a question, and accept_late.
	Position int
	Rev      int64  // the rev that the page was rendered with, mark's too; submit: answer changes seen
	Page     string // UUID of the rendering
	Seq      int64  // 1 in the rendered form
	Draft    bool   // autosave: an equal answer does not raise rev
	Answer   Answer
	Flagged  *bool // nil = unchanged
	// Target is the position to go to: move needs it; others name their own position, or 0 to
	// leave the cursor of a free paper alone.
	Target int
	Skip   bool // linear: move on without an answer

	Amount Micros // extend, reopen: time given, 0..MaxAmount
	Points int    // mark: 1/10,000 point
	// Marked is the Response.Marked that the marker saw; together with Rev it says what a mark is based on.
	Marked  int64
	Comment string // mark: to the candidate, at most MaxComment runes
	Late    int64  // accept_late: number of the rejection accepted
	Note    string // admin's reason
	Score   *Score // grade, regrade of a position: the result of Mark on the same attempt
	// Regrade of a position, whose key was corrected.
	Revision int  // of the key: 1..
	Lower    bool // the result may fall
	Kept     *int // see Response.Kept; nil: the corrected key decides
}

// MaxComment bounds the comment of a mark, in runes.
const MaxComment = 4_000

// Result is what became of a command.
type Result string

// The four results.
const (
	Applied   Result = "applied"
	Replayed  Result = "replayed"
	Overtaken Result = "overtaken"
	Rejected  Result = "rejected"
)

// Reason says why a command was rejected. The list is closed.
type Reason string

// The reasons of rejection.
const (
	Stale          Reason = "stale"
	IDReused       Reason = "id_reused"
	NotReached     Reason = "not_reached"
	ClosedQuestion Reason = "closed_question"
	OutOfRange     Reason = "out_of_range"
	TimeIsUp       Reason = "time_up"
	Finished       Reason = "finished"
	IsPaused       Reason = "paused"
	IsVoided       Reason = "voided"
	InvalidAnswer  Reason = "invalid_answer"
	Unanswered     Reason = "unanswered"
	NotOpen        Reason = "not_open"
	NoAttemptsLeft Reason = "no_attempts_left"
	OtherDevice    Reason = "other_device"   // the attempt belongs to another device of the candidate
	OpenElsewhere  Reason = "open_elsewhere" // reopen and unvoid only; judged by the store (R7)
)

// Reasons lists every reason.
var Reasons = []Reason{
	Stale, IDReused, NotReached, ClosedQuestion, OutOfRange, TimeIsUp, Finished, IsPaused, IsVoided,
	InvalidAnswer, Unanswered, NotOpen, NoAttemptsLeft, OtherDevice, OpenElsewhere,
}

// Errors of Apply. They are faults of the caller, not outcomes.
var (
	ErrNotAllowed    = errors.New("exam: actor may not give this command")
	ErrMalformed     = errors.New("exam: command is malformed")
	ErrInvalidAnswer = errors.New("exam: answer is not on the paper")
)

// Outcome is what became of a command, with all that the store has to write.
type Outcome struct {
	Result Result
	Reason Reason // of a rejection
	// Rev is the rev that the page may adopt: of an applied command the rev after it, of a replayed
	// one the rev of its first outcome, of an overtaken one its page's own rev.
	Rev int64
	// Target is the position to lead to: 1..n, n+1 for review, 0 where there is none (submit).
	Target  int
	Receipt Receipt // of the entry that applied the command

	Entry     *Entry     // to be appended, nil when nothing changed
	Payload   *Payload   // of Entry
	Salt      Salt       // of Entry
	Rejection *Rejection // to be kept, nil when it is kept already
}

// Acknowledged reports whether the answer that was sent is on record, or rightly superseded by a
// later command of the same page.
func (o Outcome) Acknowledged() bool { return o.Result != Rejected }

// Rejection is a rejected command, kept beside the attempt (R15).
type Rejection struct {
	Number  int64 // 1.. within the attempt
	Command string
	Kind    Kind
	Actor   string
	Reason  Reason
	Arrived Instant
	Opening int
	Page    string
	Seq     int64
	Rev     int64
	Digest  Hash
	Salt    Salt
	Payload Payload
}

// Prior is what is known of a command id that was judged before.
type Prior struct {
	Applied bool
	Reason  Reason
	Digest  Hash
	Salt    Salt // empty when erased by law: nothing equals an erased command
	Rev     int64
	Target  int
	Receipt Receipt
}
