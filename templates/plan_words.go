package templates

import (
	"strconv"

	"github.com/a-h/templ"
)

// MaxReason bounds the reason of a command, in UTF-16 units as inputs count.
const MaxReason = 500

func (v PlanView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title: v.heading(page),
		Crumbs: []Crumb{
			{page.T("staff.sittings.title"), AdminPath}, {v.Title, v.back()},
		},
		Data: templ.Attributes{"data-affected": strconv.Itoa(v.Affected.Count), "data-kind": v.Kind},
	}
}

func (v PlanView) back() string { return v.Filter.address(v.Exam) }

func (v PlanView) givesTime() bool { return v.Kind == "extend" || v.Kind == "reopen" }

func (v PlanView) heading(page Page) string { return page.T("plan.title."+v.Kind, "n", v.Minutes) }

// fields name the command, whom it is for, and where to come back to.
func (v PlanView) fields() []Field {
	return append([]Field{{"kind", v.Kind}, {"attempts", v.Attempts}}, v.Filter.fields()...)
}

func (v PlanView) confirm(page Page) Confirm {
	return Confirm{
		Title: page.T("plan.confirm"), Consequences: []string{page.T("plan.means." + v.Kind)}, Action: JobsPath(v.Exam),
		Fields: append(v.fields(), Field{"job", v.Job}, Field{"minutes", strconv.Itoa(v.Minutes)}),
		Button: page.T("plan.do."+v.Kind, "n", v.Affected.Count), Cancel: v.back(),
		Danger: v.Kind == "force_submit" || v.Kind == "void",
	}
}

// summary says how many are affected and what their end is then.
func (v PlanView) summary(page Page) string {
	count := page.T("plan.count", "n", v.Affected.Count)
	first, last := page.minute(v.FirstEnd, v.Now), page.minute(v.LastEnd, v.Now)
	switch {
	case v.FirstEnd.IsZero():
		return count
	case first == last:
		return page.T("plan.one_end", "count", count, "end", first)
	}
	return page.T("plan.ends", "count", count, "first", first, "last", last)
}

func (n SeatName) text() string {
	if n.Name == "" || n.Name == n.Username {
		return n.Username
	}
	return n.Name + " (" + n.Username + ")"
}
