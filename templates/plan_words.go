package templates

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"shiken/i18n"
)

// MaxReason bounds the reason of a command, in UTF-16 units as inputs count.
const MaxReason = 500

func (v PlanView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title: CommandTitle(page.Locale, v.Kind, v.Amount, v.Outage != nil),
		Crumbs: []Crumb{
			{page.T("staff.sittings.title"), AdminPath}, {v.Title, v.back()},
		},
		Data: templ.Attributes{"data-affected": strconv.Itoa(v.Affected.Count), "data-kind": v.Kind},
	}
}

func (v PlanView) back() string { return v.Filter.address(v.Exam) }

// asksForTime: how much the command gives is a matter of choice.
func (v PlanView) asksForTime() bool {
	return (v.Kind == "extend" || v.Kind == "reopen") && v.Outage == nil
}

// CommandTitle says what a command does, with the time that it gives; with outage, that it gives back
// what that cost.
func CommandTitle(l i18n.Locale, kind string, amount time.Duration, outage bool) string {
	switch {
	case outage:
		return l.T("plan.give_back")
	case amount%time.Minute == 0 || kind != "extend" && kind != "reopen":
		return l.T("plan.title."+kind, "n", int(amount/time.Minute))
	case kind == "reopen":
		return l.T("plan.reopen_with", "amount", amount)
	}
	return l.T("plan.extend_by", "amount", amount)
}

func (v PlanView) minutes() int { return int(v.Amount / time.Minute) }

func (v PlanView) seconds() int { return int(v.Amount % time.Minute / time.Second) }

// means says what the command means for whom it reaches.
func (v PlanView) means(page Page) []string {
	if v.Outage == nil {
		return []string{page.T("plan.means." + v.Kind)}
	}
	return []string{page.T("plan.gives_back"), page.T("plan.once"), page.T("plan.means." + v.Kind)}
}

// fields name the command, whom it is for, and where to come back to.
func (v PlanView) fields() []Field {
	fields := []Field{{"kind", v.Kind}, {"attempts", v.Attempts}}
	if v.Outage != nil {
		fields = append(fields, Field{"outage", v.Outage.ID})
	}
	return append(fields, v.Filter.fields()...)
}

func (v PlanView) confirm(page Page) Confirm {
	return Confirm{
		Title: page.T("plan.confirm"), Consequences: v.means(page), Action: JobsPath(v.Exam),
		Fields: append(v.fields(), Field{"job", v.Job},
			Field{"minutes", strconv.Itoa(v.minutes())}, Field{"seconds", strconv.Itoa(v.seconds())}),
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
