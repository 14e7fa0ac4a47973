package templates

import (
	"cmp"
	"context"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// answerName is the field of a single answer; rows add a point and their key.
const answerName = "answer"

func questionTitle(page Page, sitting Sitting) string {
	return page.T("question.heading", "n", sitting.Position, "total", sitting.Total) + " – " + sitting.ExamTitle
}

// nextLabel is the key of the button that moves on.
func nextLabel(view QuestionView) string {
	switch {
	case view.Closed && view.Position < view.Total:
		return "action.next.closed"
	case view.Closed:
		return "action.review"
	case view.Position < view.Total && view.Linear:
		return "action.next.linear"
	case view.Position < view.Total:
		return "action.next"
	}
	return "action.next.last"
}

func answerLegend(kind AnswerKind) string {
	switch kind {
	case KindMultipleChoice:
		return "answer.legend.multiple"
	case KindMatching:
		return "answer.legend.matching"
	case KindOrdering:
		return "answer.legend.ordering"
	case KindGaps:
		return "answer.legend.gaps"
	case KindSingleChoice, KindTrueFalse:
		return "answer.legend.single"
	}
	return "answer.legend.typed"
}

// label is the option as plain text.
func (o Option) label(page Page, kind AnswerKind) string {
	if o.Text != "" || kind != KindTrueFalse {
		return o.Text
	}
	switch o.Value {
	case "true":
		return page.T("answer.true")
	case "false":
		return page.T("answer.false")
	}
	return o.Value
}

func rowID(i int) string { return "row-" + strconv.Itoa(i+1) }

func (b Body) rowOptions(item Item) []Option {
	if len(item.Options) > 0 {
		return item.Options
	}
	return b.Options
}

func (b Body) lengthAttribute() templ.Attributes {
	if b.MaxLength <= 0 {
		return nil
	}
	return templ.Attributes{"maxlength": strconv.Itoa(b.MaxLength)}
}

// AnswerLines words the answer that a form's values carry for this question:
// options by their text, rows with their label, typed answers as typed. Values
// that are not on the paper are shown as they came. No lines: unanswered.
func (b Body) AnswerLines(page Page, form url.Values) []AnswerLine {
	switch b.Kind {
	case KindDescription:
		return nil
	case KindMatching, KindOrdering, KindGaps:
		return b.rowLines(page, form)
	case KindShortText, KindNumber, KindEssay:
		return b.typedLines(form.Get(answerName))
	}
	var lines []AnswerLine
	for _, value := range form[answerName] {
		lines = append(lines, b.optionLine(page, b.Options, value))
	}
	return lines
}

func (b Body) typedLines(text string) []AnswerLine {
	if text == "" {
		return nil
	}
	if b.Unit != "" {
		text += " " + b.Unit
	}
	return []AnswerLine{{Text: text}}
}

func (b Body) rowLines(page Page, form url.Values) []AnswerLine {
	var lines []AnswerLine
	filled := false
	for i, item := range b.Items {
		value := form.Get(answerName + "." + item.Key)
		filled = filled || value != ""
		line := AnswerLine{Text: value}
		if place, err := strconv.Atoi(value); err == nil && b.Kind == KindOrdering && item.Label != "" {
			lines = append(lines, AnswerLine{Rank: place, HTML: item.Label})
			continue
		}
		if value != "" && b.Kind != KindOrdering {
			line = b.optionLine(page, b.rowOptions(item), value)
			line.Number = b.RowNumber(i, value)
		}
		line.Label = b.RowLabel(page, i)
		lines = append(lines, line)
	}
	if !filled {
		return nil
	}
	slices.SortStableFunc(lines, byRank)
	return lines
}

// RowLabel names an item in a list: a gap that the stem holds, or one without a text, by its number.
func (b Body) RowLabel(page Page, i int) SafeHTML {
	if label := b.Items[i].Label; label != "" && !b.placed(i) {
		return label
	}
	return SafeHTML(templ.EscapeString(page.T("answer.gap", "n", i+1)))
}

// RowNumber is what the select box of an item calls the option with a value; 0 where its options have no numbers.
func (b Body) RowNumber(i int, value string) int {
	options := b.rowOptions(b.Items[i])
	if !numbered(options) {
		return 0
	}
	return 1 + slices.IndexFunc(options, func(o Option) bool { return o.Value == value })
}

// byRank puts items into the order that was given to them; those without a place come last.
func byRank(a, b AnswerLine) int {
	if (a.Rank > 0) != (b.Rank > 0) {
		return cmp.Compare(b.Rank, a.Rank)
	}
	return cmp.Compare(a.Rank, b.Rank)
}

func (b Body) optionLine(page Page, options []Option, value string) AnswerLine {
	i := slices.IndexFunc(options, func(o Option) bool { return o.Value == value })
	if i < 0 {
		return AnswerLine{Text: value}
	}
	return AnswerLine{HTML: options[i].HTML, Text: options[i].label(page, b.Kind), Letter: options[i].Letter}
}

// essayText writes a text area's content after a line break, which the HTML
// parser drops; without it an answer's own first line break would be lost.
func essayText(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "\n"+templ.EscapeString(text))
		return err
	})
}

func (item NavItem) currentAttribute() templ.Attributes {
	if item.Current {
		return templ.Attributes{"aria-current": "step"}
	}
	return nil
}

// positionSigns are the marks of a position's states for the eye.
var positionSigns = map[string]string{
	"answered": "✓", "unanswered": "○", "information": "i", "flagged": "⚑", "closed": "■", "current": "◆",
}

// legend lists the states of positions that are to be explained, in order: those that every paper may
// show, and the others where there are any.
func legend(items []NavItem) []string {
	states := []string{"answered", "unanswered"}
	if slices.ContainsFunc(items, func(item NavItem) bool { return item.Information }) {
		states = append(states, "information")
	}
	states = append(states, "flagged")
	if slices.ContainsFunc(items, func(item NavItem) bool { return item.Closed }) {
		states = append(states, "closed")
	}
	return append(states, "current")
}

// states are those of a position, in the order of its signs and words.
func (item NavItem) states() []string {
	states := []string{item.state()}
	if item.Flagged {
		states = append(states, "flagged")
	}
	if item.Closed {
		states = append(states, "closed")
	}
	if item.Current {
		states = append(states, "current")
	}
	return states
}

func (item NavItem) signs() string {
	signs := ""
	for _, state := range item.states() {
		signs += positionSigns[state]
	}
	return signs
}

// savedStates are the states of a position that differ by what is saved, and by whether it is shown.
func savedStates() (out []NavItem) {
	for i := range 8 {
		out = append(out, NavItem{Answered: i&1 > 0, Flagged: i&2 > 0, Current: i&4 > 0})
	}
	return out
}

// words are the same for the ear.
func (item NavItem) words(page Page) string {
	var words []string
	for _, state := range item.states() {
		words = append(words, page.T("state."+state))
	}
	return strings.Join(words, page.T("list.comma"))
}

// navigation names for scripts how the questions are gone through.
func (s Sitting) navigation() string {
	if s.Linear {
		return "linear"
	}
	return "free"
}
