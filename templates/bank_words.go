package templates

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// stateTones are colour and shape of the states of questions.
var stateTones = map[string]string{"draft": "plain", "in_review": "calm", "approved": "good", "retired": "warn"}

func (v BankView) setOptions(page Page) []Field {
	out := []Field{anyChoice(page, "")}
	for _, set := range v.Sets {
		out = append(out, Field{Name: set, Value: set})
	}
	return out
}

func (v BankView) kindOptions(page Page) []Field {
	out := []Field{anyChoice(page, "")}
	for _, kind := range v.Kinds {
		out = append(out, Field{Name: string(kind), Value: page.T("desk.type." + string(kind))})
	}
	return out
}

func (v BankView) stateOptions(page Page) []Field {
	out := []Field{anyChoice(page, "")}
	for _, state := range []string{"draft", "in_review", "approved", "retired"} {
		out = append(out, Field{Name: state, Value: page.T("edit.state." + state)})
	}
	return out
}

func (v BankView) categoryOptions(page Page) []Field { return choicesOf(page, v.Categories) }

func (v BankView) yearOptions(page Page) []Field { return choicesOf(page, v.yearTexts()) }

func (v BankView) yearTexts() []string {
	years := make([]string, len(v.Years))
	for i, year := range v.Years {
		years[i] = strconv.Itoa(year)
	}
	return years
}

func choicesOf(page Page, values []string) []Field {
	out := []Field{anyChoice(page, "")}
	for _, v := range values {
		out = append(out, Field{Name: v, Value: v})
	}
	return out
}

// yearText is the year that is chosen, "" for none.
func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// shownState is the state as a chip: retired questions have no other.
func (v BankQuestionView) shownState() string {
	if v.Retired {
		return "retired"
	}
	return v.State
}

// marks are the buttons that change the state: what they ask for.
func (v BankQuestionView) marks() []string {
	if v.Retired {
		return []string{"restored"}
	}
	switch v.State {
	case "draft":
		return []string{"in_review", "approved", "retired"}
	case "in_review":
		return []string{"approved", "draft", "retired"}
	}
	return []string{"draft", "retired"}
}

// byLine says who made a version and when.
func (v BankVersion) byLine(page Page, now time.Time) string {
	if v.By == "" {
		return page.T("edit.version.loaded", "time", page.moment(v.Created, now))
	}
	return page.T("edit.version.by", "name", v.By, "time", page.moment(v.Created, now))
}

func (v BankEditView) frame(page Page) StaffFrame {
	f := StaffFrame{Title: page.T("edit.new"), Crumbs: []Crumb{{Text: page.T("edit.questions"), Path: BankPath()}}}
	if v.Identity != "" {
		f.Title = page.T("edit.title")
		f.Crumbs = append(f.Crumbs, Crumb{Text: v.Title, Path: BankQuestionPath(v.Identity)})
		f.Actions = deskLink(PicturePath(v.Identity), "", page.T("edit.picture"))
	}
	return f
}

// action is where the form goes to.
func (v BankEditView) action() templ.SafeURL {
	if v.Identity == "" {
		return templ.SafeURL(BankPath())
	}
	return templ.SafeURL(BankEditPath(v.Identity))
}

func (v BankEditView) value(path string) string {
	if values := v.Fields[path]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// at are the findings about a field.
func (v BankEditView) at(path string) []DeskFinding {
	var out []DeskFinding
	for _, f := range v.Findings {
		if f.Element == path {
			out = append(out, f)
		}
	}
	return out
}

// wrong are the attributes that tie an input to its hint and to what is wrong with it.
func (v BankEditView) wrong(path, hint string) templ.Attributes {
	described := ""
	if hint != "" {
		described = path + "-hint"
	}
	attrs := templ.Attributes{}
	if len(v.at(path)) > 0 {
		attrs["aria-invalid"] = "true"
		described += " " + path + "-error"
	}
	if described != "" {
		attrs["aria-describedby"] = described
	}
	return attrs
}

// single: only one option can be right.
func (v BankEditView) single() bool { return v.Kind == KindSingleChoice || v.Kind == KindTrueFalse }

// isChoice: the rows are options.
func (v BankEditView) isChoice() bool { return v.single() || v.Kind == KindMultipleChoice }

// rows lists the numbers of the rows that are shown.
func (v BankEditView) rows() []int {
	n := v.Rows
	if v.Kind == KindTrueFalse {
		n = 2
	}
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

func rowField(i int, name string) string { return fmt.Sprintf("rows[%d].%s", i, name) }

var rowFieldPath = regexp.MustCompile(`^rows\[([0-9]+)\]\.(.+)$`)

// questionFieldLabel names a field of a question's form.
func questionFieldLabel(page Page, path string) string {
	if m := rowFieldPath.FindStringSubmatch(path); m != nil {
		n, _ := strconv.Atoi(m[1]) // digits
		return page.T("edit.row.field", "n", n, "field", page.T("edit.row."+m[2]))
	}
	if path == "" {
		return page.T("edit.whole")
	}
	return page.T("edit.field." + path)
}

// questionFieldValue words a value of a field with a closed list.
func questionFieldValue(page Page, path, value string) string {
	if m := rowFieldPath.FindStringSubmatch(path); m != nil {
		path = m[2]
	}
	switch {
	case value == "":
		return ""
	case path == "type":
		return page.T("desk.type." + value)
	case path == "rule":
		return page.T("edit.rule." + value)
	case path == "kind":
		return page.T("edit.kind." + value)
	case path == "weighted" || path == "fixed" || path == "case" || path == "right" && value == "1":
		return page.T("edit.yes")
	case len(path) > 7 && path[len(path)-7:] == ".format":
		return page.T("edit.format." + value)
	}
	return value
}

// rowLegend names the rows of a kind of question.
func (v BankEditView) rowLegend() string {
	switch v.Kind {
	case KindShortText, KindNumber:
		return "edit.rows.answers"
	case KindMatching:
		return "edit.rows.pairs"
	case KindOrdering:
		return "edit.rows.items"
	case KindGaps:
		return "edit.rows.gaps"
	}
	return "edit.rows.options"
}

// rowHint says how the rows of a kind of question are filled in.
func (v BankEditView) rowHint() string {
	switch v.Kind {
	case KindSingleChoice:
		return "edit.hint.single"
	case KindMultipleChoice:
		return "edit.hint.multiple"
	case KindTrueFalse:
		return "edit.hint.truth"
	case KindShortText:
		return "edit.hint.text"
	case KindNumber:
		return "edit.hint.number"
	case KindMatching:
		return "edit.hint.matching"
	case KindOrdering:
		return "edit.hint.ordering"
	}
	return "edit.hint.gaps"
}

// hasRows: the kind of question has answers to be written.
func (v BankEditView) hasRows() bool { return v.Kind != KindEssay && v.Kind != KindDescription }

// errors are the findings that refuse the question; notices all others.
func (v BankEditView) errors() []DeskFinding {
	return slices.DeleteFunc(slices.Clone(v.Findings), func(f DeskFinding) bool { return f.Severity != "error" })
}

func (v BankEditView) notices() []DeskFinding {
	return slices.DeleteFunc(slices.Clone(v.Findings), func(f DeskFinding) bool { return f.Severity == "error" })
}

// rowLabel names a text of a row by what the kind of question makes of it.
func (v BankEditView) rowLabel(page Page, name string) string {
	switch {
	case name != "text":
		return page.T("edit.row." + name)
	case v.isChoice():
		return page.T("edit.row.option")
	case v.Kind == KindMatching:
		return page.T("edit.row.left")
	case v.Kind == KindOrdering:
		return page.T("edit.row.item")
	case v.Kind == KindGaps:
		return page.T("edit.row.gap")
	}
	return page.T("edit.row.answer")
}

// opensRow: what is behind a row's further fields is filled in, or wrong.
func (v BankEditView) opensRow(i int) bool {
	for _, name := range []string{"note", "weight", "fixed", "case"} {
		if v.value(rowField(i, name)) != "" || len(v.at(rowField(i, name))) > 0 {
			return true
		}
	}
	return v.Kind == KindGaps && v.value(rowField(i, "text")) != ""
}

// isLine: the value has no line end, which an input of one line would lose.
func (v BankEditView) isLine(path string) bool { return !strings.Contains(v.value(path), "\n") }

// filledRows is the number of the last row that says anything.
func filledRows(v BankEditView) int {
	last := 0
	for path, values := range v.Fields {
		if m := rowFieldPath.FindStringSubmatch(path); m != nil && len(values) > 0 && strings.TrimSpace(values[0]) != "" && m[2] != "kind" {
			n, _ := strconv.Atoi(m[1]) // digits
			last = max(last, n)
		}
	}
	return last
}

func orExam(rule string) string {
	if rule == "" {
		return "exam"
	}
	return rule
}

func holds(list []string, value string) bool { return slices.Contains(list, value) }
