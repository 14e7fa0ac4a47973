package templates

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// The pages about one exam's sitting, which tabs lead to.
const (
	TabSitting        = "sitting"
	TabMessages       = "messages"
	TabRejected       = "rejected"
	TabAccommodations = "accommodations"
	TabResults        = "results"
	TabMarking        = "marking"
	TabItems          = "items"
)

// ExamTabs lead through the pages about one exam.
func ExamTabs(page Page, exam, current string) []Tab {
	out := []Tab{
		{Text: TabSitting, Path: SittingPath(exam)},
		{Text: TabMessages, Path: MessagesPath(exam)},
		{Text: TabRejected, Path: RejectedPath(exam)},
		{Text: TabAccommodations, Path: AccommodationsPath(exam)},
		{Text: TabMarking, Path: MarkingPath(exam)},
		{Text: TabResults, Path: ResultsPath(exam)},
		{Text: TabItems, Path: ItemsPath(exam)},
	}
	for i := range out {
		out[i].Current = out[i].Text == current
		out[i].Text = page.T("sitting.tab." + out[i].Text)
	}
	return out
}

// mayWatch: the viewer may watch sittings.
func (p Page) mayWatch() bool {
	return slices.ContainsFunc(p.Nav, func(l NavLink) bool { return l.Path == AdminPath })
}

// commandKinds are the commands of the sitting page, in its order.
var commandKinds = []string{"extend", "pause", "resume", "force_submit", "reopen", "void", "unvoid"}

// MaxMinutes bounds what one command gives: a day.
const MaxMinutes = 24 * 60

// MaxSeconds bounds the seconds beside them.
const MaxSeconds = 59

func commandOptions(page Page) []Field {
	var out []Field
	for _, kind := range commandKinds {
		out = append(out, Field{kind, page.T("sitting.kind." + kind)})
	}
	return out
}

func seatOrders(page Page) []Field {
	var out []Field
	for _, order := range []string{"name", "time", "answered", "saved"} {
		out = append(out, Field{order, page.T("sitting.order." + order)})
	}
	return out
}

func (v SittingPageView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title: v.Title, Crumbs: []Crumb{{page.T("staff.sittings.title"), AdminPath}}, Beside: sittingFreshness(page, v),
		Actions: deskLink(ExamEditPath(v.Exam), "", page.T("sitting.edit")),
		Data:    templ.Attributes{"data-exam": v.Exam, "data-total": strconv.Itoa(v.Total), "data-events": v.Events},
	}
}

// archive says whether the exam is archived; the page's chips count who writes it.
func (v SittingPageView) archive() ArchiveBanner {
	return ArchiveBanner{Slug: v.Exam, Since: v.Archived, Now: v.Now, Published: v.Published}
}

func (v SittingPageView) groups(page Page) []Field {
	out := []Field{{"", page.T("sitting.group.all")}}
	for _, g := range v.Groups {
		out = append(out, Field{g, g})
	}
	return out
}

func (v SittingPageView) pager() Pager {
	return Pager{Offset: v.Filter.Offset, Limit: v.Filter.Size, Total: v.Total, Path: v.Filter.at(0).address(v.Exam)}
}

// empty says why nobody is listed.
func (v SittingPageView) empty(page Page) Empty {
	if v.Filter.narrow() {
		return Empty{Text: page.T("sitting.none_match"), Action: page.T("sitting.show_all"), Path: SittingPath(v.Exam)}
	}
	return Empty{Text: page.T("sitting.nobody"), Hint: page.T("sitting.nobody.hint")}
}

// fields are the filter as form fields; what it does not name is absent.
func (f SeatFilter) fields() []Field {
	var out []Field
	for _, field := range []Field{
		{"state", string(f.State)}, {"group", f.Group}, {"q", f.Search}, {"order", f.Order},
		{"size", strconv.Itoa(f.Size)}, {"offset", strconv.Itoa(f.Offset)},
	} {
		if field.Value != "" && field != (Field{"offset", "0"}) && field != (Field{"order", "name"}) {
			out = append(out, field)
		}
	}
	return out
}

// hidden are the fields of the filter that its form has no input for.
func (f SeatFilter) hidden() []Field {
	if f.State == "" {
		return nil
	}
	return []Field{{"state", string(f.State)}}
}

// Query is the filter as the query of an address.
func (f SeatFilter) Query() url.Values {
	q := url.Values{}
	for _, field := range f.fields() {
		q.Set(field.Name, field.Value)
	}
	return q
}

func (f SeatFilter) address(exam string) string { return SittingPath(exam) + "?" + f.Query().Encode() }

// in is the filter for a state, from its first row.
func (f SeatFilter) in(state Status) SeatFilter {
	f.State, f.Offset = state, 0
	return f
}

func (f SeatFilter) at(offset int) SeatFilter {
	f.Offset = offset
	return f
}

// narrow: the filter leaves something out.
func (f SeatFilter) narrow() bool {
	return f.State != "" || f.Group != "" || f.Search != "" || f.Offset > 0
}

// label is the candidate's name, or the username where there is none.
func (s *SeatRow) label() string {
	if s.Name == "" {
		return s.Username
	}
	return s.Name
}

// position writes "12 / 40", or that the review page was reached.
func (s *SeatRow) position(page Page) string {
	if s.Position > s.Count {
		return page.T("sitting.review")
	}
	return strconv.Itoa(s.Position) + " / " + strconv.Itoa(s.Count)
}

func countOrNone(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func millis(d time.Duration) string { return strconv.FormatInt(max(d, 0).Milliseconds(), 10) }
