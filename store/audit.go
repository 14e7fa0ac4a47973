package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"shiken/exam"
)

// Action names what an author or admin did. The list is closed.
type Action string

// The actions of the audit log.
const (
	ActLoadQuestions  Action = "questions.load"
	ActEditQuestion   Action = "question.edit"   // made or changed
	ActReviewQuestion Action = "question.review" // state, retired, comment
	ActCorrectKey     Action = "question.key"    // with regrading
	ActSaveExam       Action = "exam.save"       // made or changed
	ActPublishExam    Action = "exam.publish"
	ActWithdrawExam   Action = "exam.withdraw"
	ActArchiveExam    Action = "exam.archive"
	ActUnarchiveExam  Action = "exam.unarchive"
	ActReleaseResults Action = "exam.release"
	ActCommand        Action = "attempts.command" // extend, pause, … of one, several or all
	ActMark           Action = "attempts.mark"    // one answer by hand; the object is the exam
	ActPrintPaper     Action = "attempts.print"   // the paper of one attempt, with its answers
	ActSendMessage    Action = "attempts.message"
	ActCreateUser     Action = "user.create"
	ActUpdateUser     Action = "user.update"
	ActSetPassword    Action = "user.password"
	ActEndSignIn      Action = "user.sign_out"
	ActImportUsers    Action = "user.import"
	ActAccommodate    Action = "user.accommodate" // of one or several in one exam
	ActEraseUser      Action = "user.erase"
	ActCreateGroup    Action = "group.create"
	ActDeleteGroup    Action = "group.delete"
)

// AllActions lists every action, in the order of the log's filter.
var AllActions = []Action{
	ActLoadQuestions, ActEditQuestion, ActReviewQuestion, ActCorrectKey, ActSaveExam, ActPublishExam, ActWithdrawExam,
	ActArchiveExam, ActUnarchiveExam, ActReleaseResults,
	ActCommand, ActMark, ActPrintPaper, ActSendMessage, ActCreateUser, ActUpdateUser, ActSetPassword, ActEndSignIn, ActImportUsers, ActAccommodate, ActEraseUser, ActCreateGroup, ActDeleteGroup,
}

// MaxAuditDetails bounds the details of an entry, in bytes of canonical JSON. Callers keep below it;
// a write whose details are longer fails.
const MaxAuditDetails = 64 << 10

// Act is who does what to which object, as the audit log records it.
type Act struct {
	Actor     string // id of the user; "": somebody at the terminal of the server
	ActorName string // the username at that time, or the name of the terminal's account
	Action    Action
	Object    string // slug of the exam, name of the set or group, id of the user or attempt
	// Details say more: what was asked for, and what it was before. Never passwords, keys or answers.
	Details any
}

// AuditParts are Details that are too long for one entry: each makes an entry of its own, in this order, in the
// transaction of the act.
type AuditParts []any

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	Seq       int64           `json:"seq"`  // 1.. without gaps
	Prev      exam.Hash       `json:"prev"` // hash of the entry before; zero for the first
	At        exam.Instant    `json:"at"`   // the database's clock
	Actor     string          `json:"actor"`
	ActorName string          `json:"actor_name"`
	Action    Action          `json:"action"`
	Object    string          `json:"object"`
	Details   json.RawMessage `json:"details"` // canonical
	Hash      exam.Hash       `json:"-"`       // over all the above
	// Erased is the number of the last entry that records that a part of this one was erased; 0: it is whole.
	// Hash stays that of the whole entry.
	Erased int64 `json:"-"`
}

// ComputeHash is the SHA-256 of the entry's canonical JSON (RFC 8785) without the hash itself.
func (e *AuditEntry) ComputeHash() exam.Hash { return sha256.Sum256(exam.Canonical(e)) }

// AuditQuery selects entries; zero fields do not filter.
type AuditQuery struct {
	Actor  string // id, or part of the name, without regard to case
	Action Action
	Object string // whole, or part, without regard to case
	From   exam.Instant
	Until  exam.Instant // not included
	Offset int
	Limit  int // 1..
}

// Audit is the log of what authors and admins did. Entries are written by Recorder.By alone.
type Audit interface {
	// AuditLog lists entries, the newest first, and counts all that match.
	AuditLog(ctx context.Context, q AuditQuery) ([]AuditEntry, int, error)
	// EachAudit calls left, unless it is nil, for what erasures left of entries, by the entry that records the
	// erasure and then by number; then fn for every entry in order; and returns the stored head: how many entries
	// there are and the hash of the last. All of it MUST be as of one point in time. An entry that cannot be read
	// comes with the error that says why.
	EachAudit(ctx context.Context, left func(by int64, r Rest) error, fn func(AuditEntry, error) error) (exam.Receipt, error)
}
