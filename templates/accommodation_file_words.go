package templates

import (
	"strconv"
	"time"

	"github.com/a-h/templ"
)

func (v AccommodationPlanView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title:  page.T("people.roster.title", "file", v.File),
		Crumbs: append(peopleCrumbs(page), Crumb{page.T("accommodation.upload.title"), AccommodationUploadsPath}),
		Data:   templ.Attributes{"data-lines": strconv.Itoa(v.Lines), "data-changes": strconv.Itoa(v.changes())},
	}
}

func (v AccommodationPlanView) changes() int { return v.New + v.Changed + v.Removed }

// counts says what storing the file would do.
func (v AccommodationPlanView) counts(page Page) []KeyValue {
	n := page.Locale.Number
	return []KeyValue{
		{page.T("accommodation.upload.lines"), n(v.Lines)}, {page.T("accommodation.upload.new"), n(v.New)},
		{page.T("accommodation.upload.changed"), n(v.Changed)}, {page.T("accommodation.upload.removed"), n(v.Removed)},
		{page.T("people.roster.unchanged"), n(v.Unchanged)},
	}
}

// change is new, changed or removed.
func (c PlannedAccommodation) change() string {
	switch {
	case !c.Was.Has:
		return "new"
	case !c.Is.Has:
		return "removed"
	}
	return "changed"
}

func (c PlannedAccommodation) tone() string {
	return map[string]string{"new": "good", "changed": "done", "removed": "warn"}[c.change()]
}

// differences lists what changes, in the order of the form.
func (c PlannedAccommodation) differences(page Page) []AccommodationDifference {
	var out []AccommodationDifference
	put := func(what, before, after string) {
		if before != after {
			out = append(out, AccommodationDifference{what, before, after})
		}
	}
	was, is := &c.Was, &c.Is
	put(page.T("people.extra"), percentWord(was.Extra), percentWord(is.Extra))
	put(page.T("accommodation.attempts"), page.attemptsWord(was.Attempts), page.attemptsWord(is.Attempts))
	put(page.T("exam.term.opens"), page.momentWord(was.Window.Opens), page.momentWord(is.Window.Opens))
	put(page.T("exam.term.last_start"), page.momentWord(was.Window.LastStart), page.momentWord(is.Window.LastStart))
	put(page.T("exam.term.closes"), page.momentWord(was.Window.Closes), page.momentWord(is.Window.Closes))
	put(page.T("accommodation.reason"), was.Reason, is.Reason)
	return out
}

func percentWord(percent *int) string {
	if percent == nil {
		return ""
	}
	return "+" + strconv.Itoa(*percent) + "%"
}

func (p Page) momentWord(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return p.Locale.DateTime(at)
}
