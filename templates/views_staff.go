package templates

import (
	"cmp"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
)

// NavLink is an entry of the staff pages' navigation. Its text is the message "staff.nav." + Key.
type NavLink struct {
	Path, Key string
	Current   bool
}

// StaffFrame is what a staff page tells its layout.
type StaffFrame struct {
	// Title is the heading of the page and the title of the document.
	Title string
	// Crumbs lead from the section to what the page is a part of, the page itself not among them.
	Crumbs []Crumb
	// Beside stands next to the heading (chips), Actions at the end of its line (buttons, links); nil
	// for none.
	Beside, Actions templ.Component
	// Data are the data attributes of the main element.
	Data templ.Attributes
	// Refresh reloads the page after so many seconds, 0 for never.
	Refresh int
}

// Crumb is a page above this one.
type Crumb struct{ Text, Path string }

// Pager leads through a long list.
type Pager struct {
	// Offset is the number of rows before the first shown, Limit the most that are shown, Total all.
	Offset, Limit, Total int
	// Path is path and query of the list, without the parameter Name.
	Path string
	// Name is the query parameter of the offset; empty: "offset".
	Name string
	// below: it stands behind the list; another one before it.
	below bool
}

// asBelow is the pager for the end of its list.
func (p Pager) asBelow() Pager {
	p.below = true
	return p
}

// label tells the pagers of a page apart.
func (p Pager) label(page Page) string {
	switch {
	case p.Name == "findings" && p.below:
		return page.T("staff.pager.findings.below")
	case p.Name == "findings":
		return page.T("staff.pager.findings")
	case p.below:
		return page.T("staff.pager.below")
	}
	return page.T("staff.pager")
}

func (p Pager) first() int       { return min(p.Offset+1, p.Total) }
func (p Pager) last() int        { return min(p.Offset+p.Limit, p.Total) }
func (p Pager) hasEarlier() bool { return p.Offset > 0 && p.Total > 0 }
func (p Pager) hasLater() bool   { return p.Offset+p.Limit < p.Total }

// earlier is the offset of the page before, later of the page after, final of the last page.
func (p Pager) earlier() int { return max(min(p.Offset, p.Total)-p.Limit, 0) }
func (p Pager) later() int   { return p.Offset + p.Limit }
func (p Pager) final() int   { return (p.Total - 1) / p.Limit * p.Limit }

// at is the address of the page with an offset.
func (p Pager) at(offset int) string {
	if offset == 0 {
		return p.Path
	}
	return withParameter(p.Path, cmp.Or(p.Name, "offset"), strconv.Itoa(offset))
}

// Sorting is by which column a list is sorted.
type Sorting struct {
	// By names the column, as the query parameter "sort" does; a minus before it there means Descending.
	By         string
	Descending bool
	// Path is path and query of the list, without the parameters "sort" and "offset".
	Path string
}

// to is the address of the list sorted by a column: the other way round if it is so already.
func (s Sorting) to(column string) string {
	if s.By == column && !s.Descending {
		column = "-" + column
	}
	return withParameter(s.Path, "sort", column)
}

// aria is the state of a column's heading (WAI-ARIA aria-sort).
func (s Sorting) aria(column string) string {
	switch {
	case s.By != column:
		return "none"
	case s.Descending:
		return "descending"
	}
	return "ascending"
}

// withParameter adds a parameter to an address that lacks it.
func withParameter(path, name, value string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// FilterForm is the search and filter form of a list; it is sent by GET. Further fields are its
// children.
type FilterForm struct {
	Path string
	// Label names what is searched; Search is what is searched for.
	Label, Search string
	// Hidden fields keep what else the list depends on, such as its sorting.
	Hidden []Field
	// Active says that something is filtered, so that a link to the whole list is shown.
	Active bool
}

// Problem is a fault in a form that was sent.
type Problem struct {
	// Field is the id of the input that it is about, empty when it is about the whole form.
	Field, Text string
}

// KeyValue is a line of a list of facts.
type KeyValue struct{ Key, Value string }

// Tab is one of several pages about one thing.
type Tab struct {
	Text, Path string
	Current    bool
}

// Empty is what stands in place of a list that is empty: what there could be, and what to do.
type Empty struct{ Text, Hint, Action, Path string }

// Confirm asks before something is done, and says what follows from it.
type Confirm struct {
	Title        string
	Consequences []string
	Action       string  // takes the POST
	Fields       []Field // hidden
	Button       string
	Danger       bool
	Cancel       string // where the way back leads
}

// Status is a state that a chip shows by text, colour and shape. Its text is the message
// "staff.status." + Status.
type Status string

// The states of exams, and of candidates in a sitting.
const (
	StatusPublished  Status = "published"
	StatusDraft      Status = "draft"
	StatusArchived   Status = "archived"
	StatusNotArrived Status = "not_arrived"
	StatusWaiting    Status = "waiting"
	StatusInProgress Status = "in_progress"
	StatusSilent     Status = "not_heard"
	StatusPaused     Status = "paused"
	StatusSubmitted  Status = "submitted"
	StatusExpired    Status = "expired"
	StatusVoided     Status = "voided"
)

// tones are colour and shape of the states; all others are plain.
var tones = map[Status]string{
	StatusPublished: "good", StatusInProgress: "good", StatusSubmitted: "done", StatusExpired: "done",
	StatusSilent: "warn", StatusPaused: "warn", StatusWaiting: "calm", StatusVoided: "bad",
}

func (s Status) tone() string {
	if tone, ok := tones[s]; ok {
		return tone
	}
	return "plain"
}
