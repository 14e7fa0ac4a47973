package templates

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// AccommodationsPath lists what candidates have of their own in an exam.
func AccommodationsPath(exam string) string { return SittingPath(exam) + "/accommodations" }

// AccommodationOfPath is the same of one person.
func AccommodationOfPath(exam, user string) string {
	return AccommodationsPath(exam) + "?user=" + url.QueryEscape(user)
}

// SeatPath is the sitting page with one candidate alone.
func SeatPath(exam, username string) string {
	return SittingPath(exam) + "?q=" + url.QueryEscape(username)
}

func (v AccommodationsView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title: page.T("accommodation.title"), Crumbs: []Crumb{
			{page.T("staff.sittings.title"), AdminPath}, {v.Title, SittingPath(v.Exam)},
		},
		Actions: deskLink(AccommodationUploadsPath, "no-print", page.T("accommodation.upload.lead")),
		Data:    templ.Attributes{"data-exam": v.Exam},
	}
}

// action is where the form goes: to the list as it is filtered.
func (v AccommodationsView) action() string {
	if v.Only != "" {
		return AccommodationOfPath(v.Exam, v.Filter.User)
	}
	q := url.Values{}
	for name, value := range map[string]string{"q": v.Filter.Search, "group": v.Filter.Group, "show": v.Filter.show()} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if v.Pager.Offset > 0 {
		q.Set("offset", strconv.Itoa(v.Pager.Offset))
	}
	return (&url.URL{Path: AccommodationsPath(v.Exam), RawQuery: q.Encode()}).String()
}

func (f AccommodationFilter) show() string {
	if f.All {
		return "all"
	}
	return ""
}

// common is what everybody has who has nothing of their own.
func (v AccommodationsView) common(page Page) []KeyValue {
	out := []KeyValue{{page.T("exam.term.time"), page.T("exam.time.none")}}
	if v.Limit > 0 {
		out[0].Value = page.Locale.Duration(v.Limit)
	}
	for _, bound := range []struct {
		name string
		at   time.Time
	}{{"exam.term.opens", v.Window.Opens}, {"exam.term.last_start", v.Window.LastStart}, {"exam.term.closes", v.Window.Closes}} {
		if !bound.at.IsZero() {
			out = append(out, KeyValue{page.T(bound.name), page.Locale.DateTime(bound.at)})
		}
	}
	return append(out, KeyValue{page.T("exam.term.attempts"), page.attemptsWord(&v.Attempts)})
}

// empty says why nobody is listed.
func (v AccommodationsView) empty(page Page) Empty {
	if v.Filter.All || v.Only != "" || v.Filter.User != "" {
		return Empty{Text: page.T("people.none"), Action: page.T("accommodation.everybody"), Path: AccommodationsPath(v.Exam)}
	}
	return Empty{
		Text: page.T("accommodation.nobody"), Hint: page.T("accommodation.nobody.hint"),
		Action: page.T("accommodation.show.all"), Path: AccommodationsPath(v.Exam) + "?show=all",
	}
}

func (v AccommodationsView) legend(page Page) string {
	if v.Only != "" {
		return page.T("accommodation.for", "name", v.Only)
	}
	return page.T("accommodation.for_ticked")
}

func (v AccommodationsView) setWord(page Page) string {
	if v.Only != "" {
		return page.T("people.save")
	}
	return page.T("accommodation.set")
}

func (v AccommodationsView) removeWord(page Page) string {
	if v.Only != "" {
		return page.T("accommodation.remove")
	}
	return page.T("accommodation.remove_ticked")
}

// accommodationIDs are the inputs of columns that are called otherwise.
var accommodationIDs = map[string]string{"extra_time_percent": "extra"}

// accommodationProblems words the faults of the form.
func (p Page) accommodationProblems(faults []FieldFault) []Problem {
	var out []Problem
	for _, f := range faults {
		id := f.Field
		if other, ok := accommodationIDs[id]; ok {
			id = other
		}
		out = append(out, Problem{Field: id, Text: p.accommodationFault(f.Code, f.Args)})
	}
	return out
}

func (p Page) accommodationFault(code string, args []any) string {
	if p.has("accommodation.fault." + code) {
		return p.T("accommodation.fault."+code, args...)
	}
	return p.T("people.fault."+code, args...)
}

// accommodationFileFault words a fault of a file of accommodations.
func (p Page) accommodationFileFault(f RosterFault) string {
	if p.has("accommodation.upload.fault." + f.Code) {
		return p.T("accommodation.upload.fault."+f.Code, f.Args...)
	}
	return p.accommodationFault(f.Code, f.Args)
}

func (p Page) changeWord(row *AccommodationRow) string {
	if row.Has {
		return p.T("accommodation.change")
	}
	return p.T("accommodation.add")
}

// extraWords are the percent of extra time; the person's own is told where nothing else counts.
func (p Page) extraWords(row *AccommodationRow) string {
	switch {
	case row.Extra != nil:
		return percentWord(row.Extra)
	case row.OwnExtra > 0:
		return p.T("accommodation.extra.own", "percent", row.OwnExtra)
	}
	return ""
}

func (p Page) attemptsWord(n *int) string {
	switch {
	case n == nil:
		return ""
	case *n == 0:
		return p.T("exam.attempts.unlimited")
	}
	return p.T("accommodation.attempts.n", "n", *n)
}

func (p Page) windowLines(w WindowView) []string {
	var out []string
	for _, bound := range []struct {
		name string
		at   time.Time
	}{{"exam.term.opens", w.Opens}, {"exam.term.last_start", w.LastStart}, {"exam.term.closes", w.Closes}} {
		if !bound.at.IsZero() {
			out = append(out, p.T("accommodation.bound", "what", p.T(bound.name), "time", p.Locale.DateTime(bound.at)))
		}
	}
	return out
}

// examOptions are the exams in which the person has nothing of their own yet.
func (v PersonView) examOptions() []Field {
	out := make([]Field, 0, len(v.Exams))
	for _, e := range v.Exams {
		out = append(out, Field{e.Slug, e.Title})
	}
	return out
}
