package templates

import "time"

// PeopleFilter is what the list of people shows. Empty members do not filter.
type PeopleFilter struct {
	Search, Group, Role string
	// State is "enabled" or "disabled".
	State string
}

// PeopleView is the list of people.
type PeopleView struct {
	Filter PeopleFilter
	Groups []string
	Rows   []PersonRow
	Pager  Pager
}

// PersonRow is one person in a list.
type PersonRow struct {
	ID, Username, Name   string
	Roles, Groups        []string
	Extra                int // percent
	Disabled, Demo, Self bool
}

// FieldFault is what is wrong with a field of a form, by the code of a message of people.fault, with
// what the message is filled with.
type FieldFault struct {
	Field, Code string
	Args        []any
}

// PersonForm is what the form of a person holds.
type PersonForm struct {
	Username, Name, Extra string
	Roles, Groups         []string // those that are chosen
	NewGroups             string
	Disabled              bool
	// Shown says on which state of the person the form is based.
	Shown string
}

// PersonRefusal says why a person was not saved, beside the faults of fields.
type PersonRefusal string

// The refusals of a person. PersonMoved: another admin changed the person meanwhile.
const (
	PersonFine        PersonRefusal = ""
	PersonMoved       PersonRefusal = "moved"
	PersonLastAdmin   PersonRefusal = "last_admin"
	PersonOwnDisabled PersonRefusal = "own_disabled"
	PersonExists      PersonRefusal = "exists"
)

// PersonView is the page of one person. With an empty ID it is that of a new one.
type PersonView struct {
	ID          string
	Stored      PersonRow
	Created     time.Time
	Form        PersonForm
	AllGroups   []string
	Faults      []FieldFault
	Refusal     PersonRefusal
	Password    PasswordForm
	SignIns     []SignInRow
	Attempts    []AttemptRow
	AttemptMore int
	Own         []AccommodationRow // what the person has of their own in exams
	Exams       []ExamRef          // the others
	Now         time.Time
}

// PasswordForm is the state of a form for a password.
type PasswordForm struct {
	Faults []FieldFault
	Wrong  bool // the current one
	// RetryMinutes is the wait when there were too many wrong ones, 0 when there were not.
	RetryMinutes int
}

// SignInRow is one sign-in of a person.
type SignInRow struct {
	ID              string
	Browser, System string // empty when not known
	Address         string
	Created, Seen   time.Time
	Current         bool
}

// AttemptRow is one attempt of a person.
type AttemptRow struct {
	ID, Title, Status string
	Number            int
	Started           time.Time
}

// SecretView is the page that shows a password once.
type SecretView struct {
	ID, Username, Name, Password string
	New                          bool
}

// AccountView is what somebody sees of the own account.
type AccountView struct {
	Username, Name string
	Demo           bool
	SignIns        []SignInRow
	Password       PasswordForm
	Now            time.Time
}

// GroupRow is one group.
type GroupRow struct {
	Name    string
	Members int
	Exams   []ExamRef // that name it
}

// ExamRef names an exam.
type ExamRef struct{ Slug, Title string }

// GroupsView is the list of groups.
type GroupsView struct {
	Rows   []GroupRow
	Typed  string
	Faults []FieldFault
}

// ImportView is the page that takes a roster.
type ImportView struct {
	Missing bool // no file was chosen
	Columns []string
	Limit   int // people
}

// RosterView says what importing a roster would do, or what is wrong with it.
type RosterView struct {
	Upload, File   string
	People, Faulty int
	Faults         []RosterFault // of the page
	Unlisted       int           // faults beyond those that are listed at all
	Pager          Pager         // of the faults
	New, Updated   int
	Unchanged      int
	Given, Made    int
	Groups         []string // to be made, the first of them
	GroupsMore     int
	Staff          []string // usernames of people who may do more than sit exams
	StaffMore      int
	First          []RosterPerson // the first of them
	Job            string         // fills the form
	// Unreadable says that the file cannot be opened any more.
	Unreadable bool
}

// RosterFault is one line of the report on a roster.
type RosterFault struct {
	Line   int // 0: the whole file
	Column string
	Code   string
	Args   []any
}

// RosterPerson is one person as the roster wants them.
type RosterPerson struct {
	Line           int
	Username, Name string
	Groups         []string
	Extra          int
	Change         string // new, update, unchanged
	Given, Made    bool   // a password
}

// RosterResult is what became of an import.
type RosterResult struct {
	Job                           string
	New, Updated, Unchanged, Made int
	Refused                       string
	Slips                         bool // they are there still, for who asks
}

// SlipsView is the page of the passwords that an import made.
type SlipsView struct {
	Job    string
	People []Slip // the first of them
	More   int
	Until  time.Time
}

// Slip is what one person needs to sign in.
type Slip struct{ Username, Name, Password string }

// AuditFilter is what the audit log shows. Dates are written 2006-01-02; empty members do not filter.
type AuditFilter struct{ Actor, Action, Object, From, Until string }

// AuditView is the audit log.
type AuditView struct {
	Filter  AuditFilter
	Actions []string
	Rows    []AuditRow
	Pager   Pager
	// Bad says that a date could not be read.
	Bad bool
}

// AuditRow is one entry of the audit log.
type AuditRow struct {
	Seq int64
	At  time.Time
	// Actor is a username; with an empty ActorID, an account of the server's terminal.
	Actor, ActorID     string
	Action             string
	Object, ObjectPath string
	Details            []AuditDetail
	Code               string // of the hash
}

// AuditDetail is one detail of an entry: what was changed from Before to After, Values, Items, or a Part.
type AuditDetail struct {
	Field         string // as the log has it
	Changed       bool
	Before, After []string
	Values        []string
	Items         []AuditItem
	Part          *AuditPart
	More          int // values or items that are not shown
}

// AuditPart is how many questions something was chosen for: all but so many, or some.
type AuditPart struct {
	All       bool
	But, Some int
}

// AuditItem is one of several things that an entry tells details of.
type AuditItem struct {
	Name    string
	Details []AuditDetail
}

// The notes of these pages.
const (
	NotePersonSaved     Note = "people.saved"
	NotePersonAdded     Note = "people.added"
	NotePasswordSet     Note = "people.password_set"
	NotePasswordChanged Note = "people.password_changed"
	NoteSignedOut       Note = "people.signed_out"
	NoteGroupAdded      Note = "people.group_added"
	NoteGroupDeleted    Note = "people.group_deleted"
	NoteSlipsErased     Note = "people.slips_erased"
)
