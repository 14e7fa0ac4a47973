package templates

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// MarkingHomePath lists what there is to mark; MarkingPath is that of an exam.
const MarkingHomePath = "/author/marking"

// MarkingPath lists the questions of an exam whose answers a person marks.
func MarkingPath(exam string) string { return MarkingHomePath + "/" + url.PathEscape(exam) }

// MarkingTaskPath is one of them, by its version.
func MarkingTaskPath(exam, version string) string {
	return MarkingPath(exam) + "/" + url.PathEscape(version)
}

// MarkingNextPath leads to the next answer that waits, after the one with a label ("" = none).
func MarkingNextPath(exam, version, after string) string {
	path := MarkingTaskPath(exam, version) + "/next"
	if after == "" {
		return path
	}
	return path + "?after=" + url.QueryEscape(after)
}

// MarkPath is an answer, by its label.
func MarkPath(exam, version, label string) string {
	return MarkingTaskPath(exam, version) + "/" + url.PathEscape(label)
}

// markingCrumbs lead from the list of exams to an exam, and to a question of it.
func markingCrumbs(page Page, exam, title string, tasks ...MarkingTask) []Crumb {
	crumbs := []Crumb{{page.T("marking.title"), MarkingHomePath}, {title, MarkingPath(exam)}}
	for _, t := range tasks {
		crumbs = append(crumbs, Crumb{t.name(page), MarkingTaskPath(exam, t.Version)})
	}
	return crumbs
}

func (t MarkingTask) name(page Page) string { return page.T("marking.question", "n", t.Number) }

func (v MarkingExamView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title: page.T("marking.of", "exam", v.Title), Crumbs: markingCrumbs(page, v.Slug, v.Title)[:1],
		Data: templ.Attributes{"data-exam": v.Slug},
	}
}

func (v MarkingTaskView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title: v.Task.name(page), Crumbs: markingCrumbs(page, v.Exam, v.Title),
		Data: templ.Attributes{
			"data-exam": v.Exam, "data-waiting": strconv.Itoa(v.Task.Waiting), "data-given": strconv.Itoa(v.Task.Given),
		},
	}
}

func (v MarkingTaskView) showPath(state string) string {
	path := MarkingTaskPath(v.Exam, v.Task.Version)
	if state == "" {
		return path
	}
	return path + "?show=" + state
}

func (v MarkingView) frame(page Page) StaffFrame {
	f := StaffFrame{
		Title: page.T("marking.answer", "label", shownLabel(v.Label)), Crumbs: markingCrumbs(page, v.Exam, v.Title, v.Task),
		Data: templ.Attributes{"data-answer": v.Label, "data-rev": strconv.FormatInt(v.Form.Rev, 10)},
	}
	if v.Refused != MarkTaken {
		f.Data["data-outcome"], f.Data["data-reason"] = "rejected", string(v.Refused)
	}
	return f
}

// shownLabel is the part of a label that people read: two groups of four.
func shownLabel(label string) string {
	if len(label) < 8 {
		return label
	}
	return strings.ToUpper(label[:4] + "-" + label[4:8])
}

// mostSteps bounds the buttons that give points at once.
const mostSteps = 10

// steps are the points that a button gives at once, in 1/10,000 point: whole points, as far as they are few.
func (v MarkingView) steps() []int {
	const point = 10_000
	var out []int
	for n := 0; n <= v.Max; n += point {
		out = append(out, n)
	}
	if n := len(out); n == 0 || out[n-1] != v.Max {
		out = append(out, v.Max)
	}
	if len(out) > mostSteps+1 {
		return []int{0, v.Max}
	}
	return out
}

// tone is the tone of the chip of an answer's state.
func (l MarkingLine) tone() string {
	switch l.State {
	case "waiting":
		return "warn"
	case "given":
		return "done"
	}
	return "plain"
}

// standing is the mark that stands; nil for none.
func (v MarkingView) standing() *GivenMark {
	if len(v.Given) == 0 || v.Form.Marked == 0 {
		return nil
	}
	return &v.Given[0]
}

func (v MarkingView) hasProblem(p MarkProblem) bool { return v.Problem == p }
