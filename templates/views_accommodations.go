package templates

import "time"

// AccommodationFilter is what the list of an exam's accommodations shows. Empty members do not filter.
type AccommodationFilter struct {
	Search, Group string
	All           bool   // everybody who may sit exams
	User          string // one person alone
}

// WindowView are the bounds of a window; zero times are none.
type WindowView struct{ Opens, LastStart, Closes time.Time }

// AccommodationsView is what candidates have of their own in one exam.
type AccommodationsView struct {
	Exam, Title string
	Zone        string // of the times in the form
	// What everybody has.
	Limit    time.Duration // 0: untimed
	Window   WindowView
	Attempts int // 0: unlimited
	Filter   AccommodationFilter
	Groups   []string
	Rows     []AccommodationRow
	Pager    Pager
	Only     string // name of the one person whom the page is about; empty: of all
	Form     AccommodationForm
	Sent     bool // the form holds what was sent
	Moved    bool // somebody else changed it meanwhile
	Faults   []FieldFault
}

// AccommodationRow is one person in one exam.
type AccommodationRow struct {
	User, Username, Name string
	Exam, ExamTitle      string
	Has                  bool
	Extra, Attempts      *int // nil: the person's, or the exam's
	OwnExtra             int  // percent, the person's
	Window               WindowView
	Reason               string
	Begun                int    // attempts
	Running              bool   // has an attempt open
	Admitted             bool   // the exam is open to the person
	Barred               bool   // may sit no exam: no candidate, or disabled
	Disordered           bool   // the window excludes every start
	Seen                 string // names what the row shows
}

// AccommodationForm is what the form of accommodations holds, as typed.
type AccommodationForm struct {
	Users                                           []string // ids of those who are ticked
	Extra, Open, LastStart, Close, Attempts, Reason string
}

// AccommodationUploadView is the page that takes a file of accommodations.
type AccommodationUploadView struct {
	Reason    string // as typed
	Faults    []FieldFault
	Columns   []string
	Lines     int // at most, as Megabytes
	Megabytes int
	Zone      string // of times without an offset
}

// AccommodationPlanView says what storing a file of accommodations would change, or what is wrong with it.
type AccommodationPlanView struct {
	Upload, File string // Upload is empty for a file that is not kept
	Stored       bool   // before, and kept no longer
	Unreadable   bool   // the file cannot be opened any more
	Lines        int
	Faults       []RosterFault // of the page
	Unlisted     int           // faults beyond those that are listed at all
	Pager        Pager         // of the faults, or of the changes

	New, Changed, Removed, Unchanged int
	Running                          int // changes of people with an attempt that is under way
	Rows                             []PlannedAccommodation
	Plan                             string // names what is shown
	Moved                            bool   // since it was shown, somebody changed something of it
}

// PlannedAccommodation is a change of what somebody has in one exam.
type PlannedAccommodation struct {
	Line    int
	Was, Is AccommodationRow
}

// AccommodationDifference is one thing that changes; an empty text is nothing of one's own.
type AccommodationDifference struct{ What, Before, After string }

// The notes of the page.
const (
	NoteAccommodationsSaved   Note = "accommodation.saved"
	NoteAccommodationsRunning Note = "accommodation.saved_running"
	NoteAccommodationsStored  Note = "accommodation.stored_before"
	NoteAccommodationsNothing Note = "accommodation.nothing_new"
)
