// Package store is the contract between the exam and the database that holds it: what is read and
// written, in which unit, and which error means what. Two backends keep it (store/sqlite and
// store/postgres) and one conformance suite (store/storetest) proves both.
//
// The package knows the state machine (package exam) and nothing of HTTP, sessions or pages. It
// never decides authorisation; it answers facts, on which its callers decide.
//
// An answer is one cheap read (LoadAttempt), exam.Apply in memory, and one comparing statement
// (Commit) that writes attempt, response and journal entry, and commits. When the attempt moved
// in between, Commit writes nothing and says ErrMoved, and Update starts again.
package store

import (
	"context"
	"errors"
	"time"

	"shiken/exam"
)

// Errors of every backend. All other errors are failures of the database.
var (
	ErrNotFound = errors.New("store: not found")
	ErrMoved    = errors.New("store: attempt moved, read again")
	ErrExists   = errors.New("store: exists already")
	// ErrOpenElsewhere: a reopen or unvoid was not written, since the candidate has another open
	// attempt of the exam (R7).
	ErrOpenElsewhere = errors.New("store: another attempt is open")
	// ErrLastAdmin: nobody would be left who may manage people.
	ErrLastAdmin = errors.New("store: the last enabled admin")
	// ErrUnstorable wraps text that the database refuses (U+0000, invalid encoding). Nothing was
	// written.
	ErrUnstorable = errors.New("store: text cannot be stored")
	// ErrRolledBack: the database undid the statement or transaction for the sake of another one (a
	// deadlock, as with a migration under way). Nothing was written, and it may be tried again at once.
	// It comes together with ErrUnavailable.
	ErrRolledBack = errors.New("store: rolled back by the database")
	// ErrUnavailable wraps failures to reach the database, or to hear its answer. What was asked
	// for may or may not have been done.
	ErrUnavailable = errors.New("store: database unavailable")
	// ErrNoDatabase: there is no database where one was expected. ErrNotMigrated: its schema is older
	// than the program. Only those who may not change it meet them.
	ErrNoDatabase  = errors.New("store: no database")
	ErrNotMigrated = errors.New("store: database not migrated")
	// ErrNotDurable wraps a setting on which durability rests and which is off.
	ErrNotDurable = errors.New("store: database settings are not durable")
)

// Role of a user.
type Role string

// The roles; one user may hold several.
const (
	RoleCandidate Role = "candidate"
	RoleAuthor    Role = "author"
	RoleAdmin     Role = "admin"
)

// User is an account.
type User struct {
	ID           string // UUID
	Username     string // unique; compared after trimming, NFKC and lower case by the caller
	Name         string
	Roles        []Role
	PasswordHash string // argon2id, encoded
	ExtraPercent int    // extra time, 0..300
	Groups       []string
	Disabled     bool
	Demo         bool // made by SHIKEN_DEMO; refused from other hosts
	Created      exam.Instant
	// Erased is when the person's data were; 0: they were not. Username and Name are a pseudonym then.
	Erased exam.Instant
}

// SignIn is one sign-in of one user. The session names it by ID.
type SignIn struct {
	ID        string // UUID
	User      string
	TokenHash string // hex SHA-256 of the session token
	Created   exam.Instant
	LastSeen  exam.Instant
	Revoked   exam.Instant // 0 = live
	// Agent is what the browser calls itself, Address the client's address, as they were at the
	// sign-in; only People.SignInsOf reads them, and Snapshot.Holder the first.
	Agent, Address string
	// Password is the hash that the user's password was compared with, for CreateSignIn alone: it is
	// not kept. Empty: nothing was compared.
	Password string
}

// Viewer is who is behind a request: the sign-in row, its user, and what the lifetimes are judged on.
type Viewer struct {
	SignIn SignIn
	User   User // without PasswordHash
	// WritingUntil is the greatest deadline + grace + W of the user's open attempts (0 = none;
	// exam.Forever when one is untimed or paused): lifetimes of sign-ins do not apply before it.
	WritingUntil exam.Instant
}

// AttemptQuery says what a command or a page needs to know.
type AttemptQuery struct {
	Attempt string
	SignIn  string // when set, Snapshot.Viewer is read in the same statement
	Command string // when set, Attempt.Commands holds what is known of this id
	// Position loads the response there; All loads every response. Neither loads none.
	Position int
	All      bool
}

// Snapshot is an attempt as one statement read it.
type Snapshot struct {
	Now    exam.Instant // the database's clock (SQLite: the process's) in that statement
	Read   time.Time    // when the statement had been answered, by this process's monotonic clock; of Update alone
	Viewer *Viewer      // nil when SignIn was empty or unknown
	// Holder is the sign-in that the attempt belongs to (Attempt.Device), revoked or not, without TokenHash and
	// Address; nil where it belongs to none, or the row is gone.
	Holder  *SignIn
	Attempt exam.Attempt // Responses and Commands as asked for
	Paper   *exam.Paper  // shared: never written to
	Number  int          // 1.. among the candidate's attempts of the exam
	Erased  bool         // the candidate's data were erased: answers and comments are gone
}

// Summary is an attempt in a list.
type Summary struct {
	ID           string
	Exam         string // slug
	Title        exam.Title
	Candidate    string
	Number       int
	StartCommand string
	Status       exam.Status
	Marking      exam.Marking
	Cursor       int
	Count        int // questions on the paper
	Started      exam.Instant
	Stopped      exam.Instant // when the clock stopped: pause, close or void; 0 = running
	Deadline     exam.Instant // 0 = untimed
	Version      int64
	Passed       *bool      // of the current score; nil: none yet, or it judges neither
	Rules        exam.Rules // of the paper (R14): what the release of its results goes by
}

// StartState is what starting an attempt is judged on, read at one point in time.
type StartState struct {
	Now        exam.Instant
	Definition exam.Definition // as it is for this candidate, see exam.Accommodation and ListedExam.ForCandidates
	User       User            // without PasswordHash, with the extra time that counts in this exam
	Attempts   []Summary       // of this candidate and exam, by number
}

// NewAttempt is what Create writes: paper, first entry and attempt belong together.
type NewAttempt struct {
	Attempt exam.Attempt
	Paper   exam.Paper
	Number  int
	Outcome exam.Outcome // of exam.Begin
}

// Attempts holds attempts, their papers, responses, journals and rejections.
type Attempts interface {
	// LoadAttempt MUST read everything asked for in one statement, or at one point in time, together
	// with the clock. The paper may come from a cache, since it never changes. ErrNotFound when there
	// is no such attempt (an id that is no UUID included).
	LoadAttempt(ctx context.Context, q AttemptQuery) (Snapshot, error)
	// Commit MUST, in one statement or transaction that is durable on return, compare the stored
	// attempt's version and number of rejections with was, and write the difference to next:
	// attempt row, the response that o.Entry touches, the entry with its payload, and o.Rejection.
	// When the comparison fails it MUST write nothing and return ErrMoved; when next would be a second
	// open attempt of the candidate and exam, nothing and ErrOpenElsewhere. Of a candidate whose data were erased
	// meanwhile it MUST write nothing and return ErrMoved.
	// The payload of a rejection is written only as far as KeepsPayload says.
	// An outcome with neither entry nor rejection writes nothing.
	Commit(ctx context.Context, was *Snapshot, next exam.Attempt, o exam.Outcome) error
	// LoadStart reads what a start is judged on. ErrNotFound when there is no such exam.
	LoadStart(ctx context.Context, slug, user string) (StartState, error)
	// LoadPools reads the questions that each section of a definition may draw, in the set's order.
	LoadPools(ctx context.Context, d *exam.Definition) ([][]exam.PoolQuestion, error)
	// Picked reads what the sections of an exam that have the same questions for everybody chose; nil before
	// the first choice. KeepPicked stores a choice in place of the one that was read; ErrMoved when that is
	// not current any more, or the exam is not published. A definition that is stored as a draft forgets it.
	Picked(ctx context.Context, slug string) ([]exam.Picked, error)
	KeepPicked(ctx context.Context, slug string, was, is []exam.Picked) error
	// Create MUST store a new attempt as a whole, or return ErrMoved when the candidate has an open
	// attempt of the exam or the number is taken (R10).
	Create(ctx context.Context, n NewAttempt) error
	// KeepRejectedStart remembers that a start was refused, or led to an attempt that it had seen (the
	// caller's own word in place of a reason); StartRejection finds it ("" when none). The first word on a
	// command id stays.
	KeepRejectedStart(ctx context.Context, slug, user, command string, reason exam.Reason) error
	StartRejection(ctx context.Context, slug, user, command string) (exam.Reason, error)
	// Rejections lists the rejected commands kept beside an attempt, by number. The Payload of one that
	// was not kept (see KeepsPayload) or was erased is zero.
	Rejections(ctx context.Context, attempt string) ([]exam.Rejection, error)
	// CountRejections counts those kept beside an attempt that name a position, were rejected for one
	// of the reasons, and were not accepted since. Without reasons it counts none.
	CountRejections(ctx context.Context, attempt string, reasons ...exam.Reason) (int, error)
	// AcceptedRejections lists the numbers of those that were accepted since (accept_late), in order.
	AcceptedRejections(ctx context.Context, attempt string) ([]int64, error)
	// MarkingEntries lists the entries of exam.MarkingKinds in an attempt's journal, in order, with Seq, Kind,
	// Arrived and Effect alone.
	MarkingEntries(ctx context.Context, attempt string) ([]exam.Entry, error)
	// Due lists attempts to expire (ExpiresAt ≤ now), by index, at most limit; Unmarked those closed
	// whose marking is pending. now is the database's clock.
	Due(ctx context.Context, limit int) ([]string, error)
	Unmarked(ctx context.Context, limit int) ([]string, error)
	// OfCandidate lists a user's attempts, newest first, with the database's clock.
	OfCandidate(ctx context.Context, user string) ([]Summary, exam.Instant, error)
	// EachAttempt calls fn for every stored attempt with its paper and journal, for verification.
	// It MUST read each attempt with its journal at one point in time.
	EachAttempt(ctx context.Context, fn func(StoredAttempt) error) error
}

// StoredAttempt is an attempt as verification reads it.
type StoredAttempt struct {
	Attempt exam.Attempt // with every response, without Commands
	Exam    string       // slug
	Number  int          // among the candidate's attempts of the exam
	Erased  bool         // as of Snapshot
	Paper   exam.Paper
	// StartCommand, Title, Count and HandItems are stored beside journal and paper, for lists.
	StartCommand string
	Title        exam.Title
	Count        int
	HandItems    map[int]string // by position, the versions of the questions whose answers a person marks
	Deadline     exam.Instant   // the stored cache
	ExpiresAt    exam.Instant   // the stored cache
	Tally        *Tally         // the stored cache; nil where there is none, as in attempts of older programs
	// Practised is what is stored of a practice as of this version, without the versions of its questions; nil
	// where nothing is.
	Practised *PractisedAttempt
	Version   int64
	Records   []exam.Record
	// Rejections are those kept beside the attempt, by number.
	Rejections []exam.Rejection
	// Damage joins what of it cannot be decoded; the rest is as far as it can. Nil when all can.
	Damage error
}

// Tally sums up the responses of an attempt, for lists.
type Tally struct {
	Answered  int          // positions with an answer
	LastSaved exam.Instant // the latest SavedAt that any of them had; 0 = never. One kept along may be that of an earlier save
}

// TallyOf sums up responses and the journal that made them. The answer of record need not be the one
// that arrived last: another instance may have held it for longer.
func TallyOf(responses map[int]exam.Response, records []exam.Record) Tally {
	var t Tally
	for _, r := range responses {
		if !r.Answer.IsZero() {
			t.Answered++
		}
	}
	revs := map[int]int64{}
	for i := range records {
		e := &records[i].Entry
		if f := e.Effect.Response; f != nil && f.Rev > revs[f.Position] {
			revs[f.Position], t.LastSaved = f.Rev, max(t.LastSaved, e.Arrived)
		}
	}
	return t
}

// Exams holds question sets and exam definitions.
type Exams interface {
	// PutQuestions loads a set's questions in one transaction. Questions whose content is in the
	// set keep their identity; those whose SourceKey is there become new versions of it; the rest
	// are new. What was edited here since it was loaded (content, key, details or state) and says something
	// else than the file is kept as it is, counted and listed. Questions of the set that are absent are left,
	// counted and listed; one that a load retired since it was absent (LoadQuestions) is drawn again when a
	// file has it. The media that their texts refer to are stored in the same transaction, as far as they are
	// not there. WithProgress is told how far it is.
	PutQuestions(ctx context.Context, set string, questions []LoadedQuestion, media ...Media) (LoadResult, error)
	// PutDefinition stores a definition as the exam's current one, under its slug, and in the same transaction
	// media, as far as they are not there. ErrNotFound, and nothing is written, when an attachment of the
	// definition is none of the stored media, of its type and size. An exam that is archived stays so.
	PutDefinition(ctx context.Context, d exam.Definition, media ...Media) error
	Definition(ctx context.Context, slug string) (exam.Definition, error)
	Definitions(ctx context.Context) ([]ListedExam, error)
	// Questions reads versions by id; unknown ids are absent from the map. Contents never change.
	Questions(ctx context.Context, versions []string) (map[string]exam.Question, error)
	// Keys reads the current keys and feedback by version id.
	Keys(ctx context.Context, versions []string) (map[string]KeyedFeedback, error)
	// ReleaseState reads what the release rules depend on.
	ReleaseState(ctx context.Context, slug string) (exam.ReleaseState, error)
	// ReleaseStates is ReleaseState for several exams, read in one statement as long as they are not
	// hundreds; unknown slugs are absent from the map.
	ReleaseStates(ctx context.Context, slugs []string) (map[string]exam.ReleaseState, error)
}

// ListedExam is an exam in a list: its current definition, and whether it is archived.
type ListedExam struct {
	exam.Definition
	Archived exam.Instant // since when; 0: it is not
}

// ForCandidates is the definition as candidates meet it: one of an archived exam is not published.
func (e *ListedExam) ForCandidates() exam.Definition {
	d := e.Definition
	d.Published = d.Published && e.Archived == 0
	return d
}

// LoadedQuestion is a question on its way into a set.
type LoadedQuestion struct {
	SourceKey   string // unique within the set; says which question a changed one replaces
	Number      string // number in the source, as written
	Category    string
	Year        int // 0 = none
	Reference   string
	Difficulty  string
	Tags        []string
	Question    exam.Question
	Key         exam.Key
	Feedback    exam.Feedback
	ContentHash string // hex SHA-256 over content, key and feedback
}

// KeyedFeedback is what marking and released results need of a question version.
type KeyedFeedback struct {
	Key      exam.Key
	Feedback exam.Feedback
}

// Accounts holds users and their sign-ins.
type Accounts interface {
	// CreateUser stores a new user with its groups (made if absent); ErrExists when the username is taken.
	CreateUser(ctx context.Context, u User) error
	// UpdateUser writes name, roles, extra time, groups, disabled. A change of role or disabling MUST
	// revoke all sign-ins of the user in the same transaction.
	UpdateUser(ctx context.Context, u User) error
	// SetPassword writes the hash and MUST revoke all sign-ins in the same transaction, but keep
	// (when not empty) the named one.
	SetPassword(ctx context.Context, user, hash, keep string) error
	// UserByName finds a user by username, with PasswordHash.
	UserByName(ctx context.Context, username string) (User, error)
	UserByID(ctx context.Context, id string) (User, error)
	Users(ctx context.Context) ([]User, error)
	CountUsers(ctx context.Context) (int, error)

	// CreateSignIn stores a sign-in. Created and LastSeen of 0 are the database's clock. With s.Password it MUST return ErrMoved and write nothing unless
	// that still is the hash of the user's password and the user is not disabled: a sign-in under way
	// while the password is changed does not outlive the change.
	CreateSignIn(ctx context.Context, s SignIn) error
	// Viewer reads a sign-in (revoked or not) with its user; ErrNotFound when there is none.
	Viewer(ctx context.Context, signIn string) (Viewer, exam.Instant, error)
	// ViewerByToken is Viewer by the hash of the session token.
	ViewerByToken(ctx context.Context, tokenHash string) (Viewer, exam.Instant, error)
	// LiveSignIns returns those of some sign-ins that are not revoked, in no order. It judges no
	// lifetimes, and is cheap: it is asked for every page that is kept open.
	LiveSignIns(ctx context.Context, signIns []string) ([]string, error)
	RevokeSignIn(ctx context.Context, signIn string) error
	RevokeAll(ctx context.Context, user string) error
	// Seen writes presence: sign-ins with the time they were last heard of, in one statement.
	// LastSeen never goes back.
	Seen(ctx context.Context, at map[string]exam.Instant) error

	// FailedSignIns counts failures of an account from a client prefix since the database's now − span.
	FailedSignIns(ctx context.Context, account, prefix string, span exam.Micros) (int, error)
	RecordFailedSignIn(ctx context.Context, account, prefix string) error
	// ForgetFailedSignIns removes those of an account and prefix, after a success, and all older than a day.
	ForgetFailedSignIns(ctx context.Context, account, prefix string) error
}

// Operations are what running the program needs of its database.
type Operations interface {
	Ping(ctx context.Context) error
	// CheckDurable returns an error wrapping ErrNotDurable that names each setting that is off.
	CheckDurable(ctx context.Context) error
	// Clean removes what nobody asks for any more, and returns how many rows that were: sign-ins that
	// were revoked or last heard of more than 90 days ago, failed sign-ins older than a day, refused
	// starts older than a year, uploads older than a day, jobs that ended more than 90 days ago,
	// messages older than 400 days, settled outages and reported gaps older than 400 days. It is cheap, may be called by any instance at any time, and never
	// holds up others for long. Attempts with all that belongs to them are never removed.
	Clean(ctx context.Context) (int, error)
	// Statements counts the statements sent so far, for metrics and benchmarks.
	Statements() int64
	Close() error
}

// Store is a whole backend.
type Store interface {
	Attempts
	Exams
	Accounts
	Recorder
	Audit
	Desk
	UploadWork
	Bank
	MediaReader
	People
	Accommodations
	Erasures
	Sittings
	Receipts
	Results
	Corrections
	Jobs
	Markings
	Practices
	Messages
	Outages
	ReportedGaps
	Operations
}
