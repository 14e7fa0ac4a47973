package templates

import (
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// sittingCrumbs lead from the sittings to that of an exam.
func sittingCrumbs(page Page, exam, title string) []Crumb {
	return []Crumb{{page.T("staff.sittings.title"), AdminPath}, {title, SittingPath(exam)}}
}

func (v MessagesView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title: page.T("invigilate.messages"), Crumbs: sittingCrumbs(page, v.Exam, v.Title),
		Data: templ.Attributes{"data-exam": v.Exam},
	}
}

func (v MessagesView) whom(page Page, m SentMessage) string {
	if m.To == "" {
		return page.T("invigilate.to_all")
	}
	return m.To
}

// acceptRefresh is after how many seconds a page looks again for what became of an acceptance.
const acceptRefresh = 1

func (v RejectedAnswers) frame(page Page) StaffFrame {
	f := StaffFrame{
		Title: page.T("invigilate.rejected"), Crumbs: sittingCrumbs(page, v.Exam, v.Title),
		Data: templ.Attributes{"data-exam": v.Exam, "data-total": strconv.Itoa(v.Total)},
	}
	if v.Job != nil && !v.Job.Ended {
		f.Refresh = acceptRefresh
	}
	return f
}

func (v RejectedAnswers) allPath() string { return withParameter(RejectedPath(v.Exam), "show", "all") }

func (v RejectedAnswers) pager() Pager {
	p := Pager{Offset: v.Offset, Limit: v.Limit, Total: v.Total, Path: RejectedPath(v.Exam)}
	if v.All {
		p.Path = v.allPath()
	}
	return p
}

func (v RejectedAnswers) empty(page Page) Empty {
	if v.All {
		return Empty{Text: page.T("invigilate.none"), Hint: page.T("invigilate.none.hint")}
	}
	return Empty{Text: page.T("invigilate.none_acceptable"), Action: page.T("invigilate.show.all"), Path: v.allPath()}
}

// arrival says when an answer came, and how late that was.
func (r RejectedAnswer) arrival(page Page, now time.Time) string {
	at := page.moment(r.Arrived, now)
	if r.Late <= 0 {
		return at
	}
	return page.T("invigilate.late", "time", at, "late", max(r.Late.Round(time.Second), time.Second))
}

func (r RejectedAnswer) label(page Page) string {
	return page.T("invigilate.accept.label", "name", r.Name, "n", r.Position)
}

func (v AcceptView) frame(page Page) StaffFrame {
	crumbs := append(sittingCrumbs(page, v.Exam, v.Title), Crumb{page.T("invigilate.rejected"), RejectedPath(v.Exam)})
	return StaffFrame{Title: page.T("invigilate.accept.title"), Crumbs: crumbs, Data: templ.Attributes{
		"data-attempt": v.Answer.Attempt, "data-number": strconv.FormatInt(v.Answer.Number, 10),
	}}
}

func (v AcceptView) facts(page Page) []KeyValue {
	return []KeyValue{
		{page.T("invigilate.col.candidate"), v.Answer.Name + " (" + v.Answer.Username + ")"},
		{page.T("invigilate.col.why"), page.T("invigilate.reason." + v.Answer.Reason)},
		{page.T("invigilate.arrived"), v.Answer.arrival(page, v.Now)},
	}
}

func (v AcceptView) confirm(page Page) Confirm {
	return Confirm{
		Title:        page.T("invigilate.accept.ask"),
		Consequences: []string{page.T("invigilate.accept.counts"), page.T("invigilate.accept.marked"), page.T("invigilate.accept.recorded")},
		Action:       AcceptPath(v.Exam, v.Answer.Attempt, v.Answer.Number), Fields: []Field{{"job", v.Job}},
		Button: page.T("invigilate.accept"), Cancel: RejectedPath(v.Exam),
	}
}

// settled says why there is nothing to decide.
func (v AcceptView) settled(page Page) string {
	if v.Answer.Accepted {
		return page.T("invigilate.accepted")
	}
	return page.T("invigilate.not_acceptable")
}

// AcceptPath is one rejected answer of an exam's attempt, where it can be accepted.
func AcceptPath(exam, attempt string, number int64) string {
	return RejectedPath(exam) + "/" + url.PathEscape(attempt) + "/" + strconv.FormatInt(number, 10)
}

// MessagesPath is where messages to the candidates of an exam are written and listed.
func MessagesPath(exam string) string { return SittingPath(exam) + "/messages" }

// MessageToPath is MessagesPath with the candidate filled in to whom the message goes.
func MessageToPath(exam, username string) string {
	return withParameter(MessagesPath(exam), "to", username)
}
