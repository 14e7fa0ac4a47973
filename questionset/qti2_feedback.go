package questionset

import (
	"html"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qtiFeedback is a text that is shown when an outcome says so.
type qtiFeedback struct {
	node    *xmltree.Node
	outcome string
	id      string
	hide    bool   // shown unless the outcome says so
	choice  string // the option that it stands in, "" elsewhere
}

func (it *qti2Item) isFeedback(n *xmltree.Node) bool {
	return n.Name == "feedbackInline" || n.Name == "feedbackBlock" || n.Name == "modalFeedback"
}

// collectFeedback finds every feedback of the item.
func (it *qti2Item) collectFeedback() {
	add := func(n *xmltree.Node, choice string) {
		it.feedback = append(it.feedback, qtiFeedback{node: n, choice: choice, id: strings.TrimSpace(n.Attr("identifier")),
			outcome: strings.TrimSpace(n.Attr("outcomeIdentifier")), hide: n.Attr("showHide") == "hide"})
	}
	var walk func(n *xmltree.Node, choice string)
	walk = func(n *xmltree.Node, choice string) {
		for _, c := range n.Elements() {
			switch {
			case it.isFeedback(c):
				add(c, choice)
			case c.Name == "simpleChoice" || c.Name == "hottext":
				walk(c, strings.TrimSpace(c.Attr("identifier")))
			default:
				walk(c, choice)
			}
		}
	}
	walk(it.body, "")
	for _, n := range it.source.root.Elements("modalFeedback") {
		add(n, "")
	}
}

// keepFeedback takes the feedback that the question has a place for: what is shown for every answer
// explains the question, what is shown exactly with an option belongs to it. The rest is told. cases are
// all answers, none when they cannot be gone through.
func (it *qti2Item) keepFeedback(cases []qtiCase) {
	if len(it.feedback) == 0 {
		return
	}
	shown := it.shownFeedback(cases)
	var explanation []exam.Text
	if shown != nil {
		if text, same := it.sameFeedback(cases, shown, it.withTitle); same {
			it.Feedback.Explanation = text
			return
		}
		if text, same := it.sameFeedback(cases, shown, it.untitled); same {
			it.Feedback.Explanation = text
			it.leaveTitles(func(*qtiFeedback) bool { return true })
			return
		}
	}
	it.leaveTitles(func(f *qtiFeedback) bool { return it.untitled(f) == "" })
	for i := range it.feedback {
		f := &it.feedback[i]
		text := it.feedbackText(f)
		switch {
		case text.Source == "":
		case shown == nil && it.showsAnyway(f):
			explanation = append(explanation, text)
		case shown == nil:
			it.leaveOut(f)
		case always(cases, shown[i]):
			explanation = append(explanation, text)
		case !it.optionFeedback(cases, shown[i], text):
			it.leaveOut(f)
		}
	}
	if len(explanation) > 0 {
		it.Feedback.Explanation = joinTexts(explanation)
	}
}

// showsAnyway reports whether a feedback hangs on an outcome that no rule sets, and is shown.
func (it *qti2Item) showsAnyway(f *qtiFeedback) bool {
	d := it.program.outcomes[f.outcome]
	return !sets(it.whole, f.outcome) && d != nil && slices.Contains(d.preset.items, f.id) != f.hide
}

func (it *qti2Item) leaveOut(f *qtiFeedback) {
	it.warning(f.node.Name, codeQTI2Feedback, "name", f.id, "text", strings.TrimSpace(f.title()+" "+f.node.String()))
}

// leaveTitles tells of titles of modal feedback that have nothing to stand before.
func (it *qti2Item) leaveTitles(of func(*qtiFeedback) bool) {
	var titles []string
	for i := range it.feedback {
		if f := &it.feedback[i]; f.title() != "" && of(f) && !slices.Contains(titles, f.title()) {
			titles = append(titles, f.title())
		}
	}
	if len(titles) > 0 {
		it.note("modalFeedback", codeQTI2Titles, "text", strings.Join(titles, ", "))
	}
}

func (f *qtiFeedback) title() string { return strings.TrimSpace(f.node.Attr("title")) }

// untitled is the text of a feedback as HTML, withTitle the same behind the title that it may have.
func (it *qti2Item) untitled(f *qtiFeedback) string { return it.htmlOf(f.node) }

func (it *qti2Item) withTitle(f *qtiFeedback) string {
	s := it.untitled(f)
	if s == "" || f.title() == "" {
		return s
	}
	return "<p><strong>" + html.EscapeString(f.title()) + "</strong></p>" + s
}

func (it *qti2Item) feedbackText(f *qtiFeedback) exam.Text {
	return it.linkedText(f.node.Name, it.withTitle(f))
}

// shownFeedback works out with which answers each feedback is shown, by feedback and case; nil when that
// is not understood.
func (it *qti2Item) shownFeedback(cases []qtiCase) [][]bool {
	if len(cases) == 0 || it.noRule != "" && it.noRule != codeQTI2NoScore {
		return nil
	}
	var wanted []string
	for i := range it.feedback {
		wanted = append(wanted, it.feedback[i].outcome)
	}
	p := &qtiProgram{rules: sliced(it.whole, wanted...), responses: it.program.responses,
		outcomes: it.program.outcomes, all: it.program.all}
	shown := make([][]bool, len(it.feedback))
	for _, c := range cases {
		vars, trouble := p.run(c.responses, nil)
		if trouble != "" {
			return nil
		}
		for i := range it.feedback {
			f := &it.feedback[i]
			on := false
			for _, item := range vars[f.outcome].items {
				on = on || item == f.id
			}
			shown[i] = append(shown[i], on != f.hide)
		}
	}
	return shown
}

// always reports whether a feedback is shown for every answer that says something.
func always(cases []qtiCase, shown []bool) bool {
	for i, c := range cases {
		if !c.answer.IsZero() && !shown[i] {
			return false
		}
	}
	return true
}

// sameFeedback reports whether every answer is shown the same text, by whatever element.
func (it *qti2Item) sameFeedback(cases []qtiCase, shown [][]bool, textOf func(*qtiFeedback) string) (exam.Text, bool) {
	var first exam.Text
	found := false
	used := make([]bool, len(it.feedback))
	for c := range cases {
		if cases[c].answer.IsZero() {
			continue
		}
		var texts []exam.Text
		for i := range it.feedback {
			if shown[i][c] {
				used[i] = true
				texts = append(texts, exam.Text{Format: exam.HTML, Source: textOf(&it.feedback[i])})
			}
		}
		text := joinTexts(texts)
		if found && text.Source != first.Source || text.Source == "" {
			return exam.Text{}, false
		}
		first, found = text, true
	}
	for _, u := range used {
		if !u {
			return exam.Text{}, false
		}
	}
	first.Source = it.reader.file.linkMedia(it.at("modalFeedback"), first.Source, it.source.find)
	return first, found
}

// optionFeedback gives a feedback to the options with which it is shown: exactly when one of them is
// chosen.
func (it *qti2Item) optionFeedback(cases []qtiCase, shown []bool, text exam.Text) bool {
	if !it.Question.Question.Type.IsChoice() {
		return false
	}
	options := map[string]bool{}
	for i, c := range cases {
		if shown[i] {
			if one := chosen(c.answer); len(one) == 1 {
				options[one[0]] = true
			}
		}
	}
	for i, c := range cases {
		any := false
		if c.answer.IsZero() {
			continue
		}
		for _, o := range chosen(c.answer) {
			any = any || options[o]
		}
		if any != shown[i] {
			return false
		}
	}
	for o := range options {
		if it.Feedback.Options == nil {
			it.Feedback.Options = map[string]exam.Text{}
		}
		both := text
		if before, has := it.Feedback.Options[o]; has {
			both = joinTexts([]exam.Text{before, text})
		}
		it.Feedback.Options[o] = both
	}
	return len(options) > 0
}

// chosen are the options of an answer to a choice question.
func chosen(a exam.Answer) []string {
	if a.Text != "" {
		return []string{a.Text}
	}
	return a.Choices
}
