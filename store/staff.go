package store

import (
	"context"

	"shiken/exam"
)

// Recorder gives the writes of authors and admins.
type Recorder interface {
	// By returns writes each of which MUST be recorded as the act in the same transaction: either
	// both are stored or neither is. A write that fails, or that was done before (CreateJob), records
	// nothing.
	By(Act) Actions
}

// Actions are the writes of authors and admins.
type Actions interface {
	// PutQuestions, PutDefinition: see Exams. CreateUser, UpdateUser, SetPassword, RevokeAll: see Accounts.
	PutQuestions(ctx context.Context, set string, questions []LoadedQuestion, media ...Media) (LoadResult, error)
	// LoadQuestions is PutQuestions of questions that come one by one, with what the author chose: of what was
	// edited here and is replaced, the file's takes the place, as a new version where content, key or explanation
	// differ; what is absent and retired is drawn no more, and its history says so. What the choice names and does
	// not apply is ignored.
	LoadQuestions(ctx context.Context, load QuestionLoad) (LoadResult, error)
	PutDefinition(ctx context.Context, d exam.Definition, media ...Media) error
	CreateUser(ctx context.Context, u User) error
	UpdateUser(ctx context.Context, u User) error
	SetPassword(ctx context.Context, user, hash, keep string) error
	RevokeAll(ctx context.Context, user string) error

	// Commit is Attempts.Commit of a command whose outcome has an entry.
	Commit(ctx context.Context, was *Snapshot, next exam.Attempt, o exam.Outcome) error
	// ReviseDefinition stores a definition whose author saw the revision base (0: the exam is new) and
	// returns the revision that it has now. ErrMoved, or ErrExists for base 0, when another one is
	// current; nothing is written then. Attachments and media: see Exams.PutDefinition.
	ReviseDefinition(ctx context.Context, d exam.Definition, base int, media ...Media) (int, error)
	// SetReleased says from when on results are released by hand, whatever was said before; a time to
	// come releases them then, 0 takes the release back. ErrNotFound when there is no such exam.
	SetReleased(ctx context.Context, slug string, r ByHand) error
	// SetArchived archives an exam, or takes it back. For candidates an archived exam is as one that is not
	// published; its attempts go on untouched. One that is so already stays since when it was, and nothing is
	// recorded. ErrNotFound when there is no such exam.
	SetArchived(ctx context.Context, slug string, archived bool) error
	// ReviseUser is UpdateUser of somebody who is stored as was: when name, roles, extra time, groups or
	// disabled are others by now, it MUST write nothing and return ErrMoved; and ErrLastAdmin when no
	// enabled admin would be left.
	ReviseUser(ctx context.Context, was, is User) error
	// PutUsers stores a whole roster or nothing. ErrMoved when a username to be created is taken by
	// now, or one to be updated is gone.
	PutUsers(ctx context.Context, users []RosterChange) error
	// RevokeSignInOf ends one sign-in of a user; ErrNotFound when it is not the user's.
	RevokeSignInOf(ctx context.Context, user, signIn string) error
	// CreateGroup: ErrExists when there is one. DeleteGroup: ErrNotFound when there is none; its
	// memberships go with it.
	CreateGroup(ctx context.Context, name string) error
	DeleteGroup(ctx context.Context, name string) error
	// CreateJob stores a job and returns it as stored. A job with the id and equal kind, object, actor
	// and args (compared as canonical JSON) is there already when its request is sent again: that one
	// is returned, and false. ErrExists when it is another.
	CreateJob(ctx context.Context, j Job) (Job, bool, error)
	// Record records the act alone: one that writes nothing else, as when something is printed.
	Record(ctx context.Context) error
	// PutMessage stores a message; one with the same id and content is there already when it is sent
	// again, and nothing is recorded then. ErrExists when it is another.
	PutMessage(ctx context.Context, m Message) error
	// PutAccommodations stores all changes or nothing. ErrMoved when what is stored is not what one of them
	// was made of, ErrNotFound when a user or an exam is gone.
	PutAccommodations(ctx context.Context, changes []AccommodationChange) error
	// PutAccommodationFile is PutAccommodations of what an upload of owner's holds. In the same transaction the
	// upload loses its data, and stays without for as long as it would be kept. ErrExists when it has none: it was
	// stored before, or is gone.
	PutAccommodationFile(ctx context.Context, upload, owner string, changes []AccommodationChange) error
	BankActions
	KeyActions
	ErasureActions
}

// ByHand is from when on results of an exam are released by hand; 0: not.
type ByHand struct{ Score, Answers, Keys exam.Instant }

// RosterChange is one line of a roster on its way into the store.
type RosterChange struct {
	// User: with New all of it is stored. Else ID names whom to update: name, groups and extra time
	// are replaced, a PasswordHash that is not empty too, which revokes all sign-ins; a candidate's
	// role is added.
	User User
	New  bool
}

// Revised is an exam's definition with its revision.
type Revised struct {
	Definition exam.Definition
	Revision   int
	Saved      exam.Instant
	Archived   exam.Instant // since when; 0: it is not
}

// ExamSummary is an exam in a list.
type ExamSummary struct {
	Revised
	Open, Closed, Voided int // attempts
	Released             exam.ReleaseState
}

// SetSummary is a question set in a list.
type SetSummary struct {
	Name      string
	Loaded    exam.Instant
	Questions int // that may be drawn
	Drafts    int // neither approved nor retired
	Retired   int
}

// SetQuery selects questions; zero fields do not filter.
type SetQuery struct {
	Set string // empty: of all sets
	// Search is in number, category, tags and content, without regard to case and width. Words are found from
	// their beginning; in scripts without spaces any part of a text is.
	Search   string
	Category string
	Tag      string // one of its tags, as written
	Year     int
	Type     exam.QuestionType
	State    QuestionState // of those that are not retired
	Retired  bool          // the retired ones alone
	Offset   int
	Limit    int // 1..
}

// MaxFound is how many questions a search finds at most: who gets so many asks more precisely.
const MaxFound = 500

// StoredQuestion is a question of a set in its current version.
type StoredQuestion struct {
	Set               string
	Identity, Version string
	Revision          int
	Number            string
	Category          string
	Year              int
	Reference         string
	Difficulty        string
	Tags              []string
	Retired           bool
	State             QuestionState
	Edition           int          // counts changes of anything of the question
	Edited            exam.Instant // when it was last edited here; 0: it is as it was loaded
	EditedBy          string       // username
	Question          exam.Question
	Key               exam.Key
	Feedback          exam.Feedback
}

// SetFacets are the values that questions of a set have, for filters and for the exam editor.
type SetFacets struct {
	Categories []string // in the set's order of first appearance
	Years      []int    // ascending
	Tags       []string // the most frequent first, then by name
	Types      []exam.QuestionType
	// InCategory, InYear and WithTag count the questions.
	InCategory map[string]int
	InYear     map[int]int
	WithTag    map[string]int
}

// Desk is what authors read.
type Desk interface {
	ExamSummaries(ctx context.Context) ([]ExamSummary, exam.Instant, error)
	// Revised reads the current definition; ErrNotFound when there is no such exam.
	Revised(ctx context.Context, slug string) (Revised, error)
	Sets(ctx context.Context) ([]SetSummary, error)
	// SetQuestions lists questions by set and in its order, and counts all that match; with Search or Tag no
	// more than MaxFound, which then are all that can be listed. ErrNotFound when there is no such set.
	SetQuestions(ctx context.Context, q SetQuery) ([]StoredQuestion, int, error)
	// EachQuestion calls fn for every question of a set that may be drawn, in the set's order, as they
	// are at one point in time: what it gives, PutQuestions takes. SourceKey is empty where the key went to
	// another question. However large the set is, only few questions are held at once. fn MUST be quick,
	// since the database waits for it. ErrNotFound when there is no such set.
	EachQuestion(ctx context.Context, set string, fn func(LoadedQuestion) error) error
	// EachQuestionWith is EachQuestion of those alone in whose content, key or feedback a text stands, and maybe of
	// a few more.
	EachQuestionWith(ctx context.Context, set, part string, fn func(LoadedQuestion) error) error
	// SetFacets reads the values of those that may be drawn; none when there is no such set.
	SetFacets(ctx context.Context, set string) (SetFacets, error)
	// ListedFacets is SetFacets of all questions that SetQuestions lists, whatever their state.
	ListedFacets(ctx context.Context, set string) (SetFacets, error)
	// SetState is a text that is another one whenever questions of the set were changed since; "" when there is no
	// such set.
	SetState(ctx context.Context, set string) (string, error)
	// PlanQuestions says what LoadQuestions would do with each question, whatever was chosen, and writes nothing.
	// It asks for the questions only where some of the set were edited here.
	PlanQuestions(ctx context.Context, load QuestionLoad) (LoadPlan, error)
	// QuestionsNow reads questions as they are now, in the order in which they are asked for; unknown ids are
	// left out.
	QuestionsNow(ctx context.Context, identities []string) ([]StoredQuestion, error)

	// PutUpload keeps a file until it is loaded or discarded, at most a day. Of an owner and a kind the
	// newest are kept: MaxUploads, of slips MaxSlips; ErrNotFound when there is no such owner, or their data were
	// erased. Upload returns it, UploadHead without its data; ErrNotFound when it is gone or another's.
	PutUpload(ctx context.Context, u Upload) error
	Upload(ctx context.Context, id, owner string) (Upload, error)
	UploadHead(ctx context.Context, id, owner string) (Upload, error)
	DropUpload(ctx context.Context, id, owner string) error
}

// MaxUploads bounds the files that are kept of one owner and kind; MaxSlips those of kind UploadSlips,
// which hold passwords that stand nowhere else: a school imports a roster for each class on one day.
const (
	MaxUploads = 5
	MaxSlips   = 100
)

// UploadKind says what an upload is taken for.
type UploadKind string

// The kinds of upload.
const (
	UploadQuestions UploadKind = "questions"
	UploadRoster    UploadKind = "roster"
	UploadSlips     UploadKind = "slips" // passwords that an import made, sealed
	// UploadAccommodations is a file of accommodations, sealed.
	UploadAccommodations UploadKind = "accommodations"
)

// Upload is a file between its upload and what becomes of it.
type Upload struct {
	ID      string // UUID
	Owner   string // id of the user
	Kind    UploadKind
	Name    string
	Data    []byte       // nil where it was not asked for
	Size    int          // of Data in bytes; set by the store
	Created exam.Instant // set by the store
}

// UserQuery selects users; zero fields do not filter.
type UserQuery struct {
	Search   string // in username and name, without regard to case
	Group    string
	Role     Role
	Disabled *bool
	Offset   int
	Limit    int // 1..
}

// GroupSummary is a group in a list.
type GroupSummary struct {
	Name    string
	Members int
}

// People is what admins read of users.
type People interface {
	// FindUsers lists users by username, without PasswordHash, and counts all that match.
	FindUsers(ctx context.Context, q UserQuery) ([]User, int, error)
	Groups(ctx context.Context) ([]GroupSummary, error)
	// SignInsOf lists a user's sign-ins, the newest first, at most limit, with the database's clock.
	SignInsOf(ctx context.Context, user string, limit int) ([]SignIn, exam.Instant, error)
}
