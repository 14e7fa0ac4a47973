package questionset

import (
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Left are parts of an item that hold words and have no place here.
var qti1Left = []string{"objectives", "rubric", "itemrubric", "reference"}

// readFeedback reads the item's feedback: what belongs to one option stays with it, the rest becomes the
// explanation.
func (it *qti1Item) readFeedback() bool {
	for _, n := range it.node.Elements(qti1Left...) {
		if strings.TrimSpace(n.String()) != "" {
			it.report.note(it.at(n), codeQTI1Left, "name", n.Name)
		}
	}
	options := it.feedbackOptions()
	var rest []exam.Text
	for _, n := range it.node.Elements("itemfeedback") {
		t, ok := it.text(n, it.reader.text(it.at(n), n))
		switch id := options[n.Attr("ident")]; {
		case !ok:
			return false
		case t.Source == "":
		case id != "" && it.Feedback.Options[id].Source == "":
			if it.Feedback.Options == nil {
				it.Feedback.Options = map[string]exam.Text{}
			}
			it.Feedback.Options[id] = t
		default:
			rest = append(rest, it.labelled(n.Attr("ident"), t))
		}
	}
	if len(rest) == 0 {
		return true
	}
	it.Feedback.Explanation = joinTexts(rest)
	if len(rest) > 1 {
		it.report.note(it.place(), codeQTI1Feedback)
	}
	return it.report.checkText(it.place(), it.Feedback.Explanation.Source, MaxText)
}

// labelled says of feedback to right and to wrong answers which it is.
func (it *qti1Item) labelled(ident string, t exam.Text) exam.Text {
	key := map[string]string{
		"correct_fb": "feedback_right", "correct": "feedback_right",
		"general_incorrect_fb": "feedback_wrong", "incorrect": "feedback_wrong",
	}[strings.ToLower(ident)]
	if key == "" {
		return t
	}
	lang := english
	if isJapanese(it.Question.Question.Stem.Source) {
		lang = "ja"
	}
	return joinTexts([]exam.Text{{Source: catalogueOf(lang).label(key)}, t})
}

// feedbackOptions gives the option that a feedback belongs to: the rule that shows it tests for that
// option alone.
func (it *qti1Item) feedbackOptions() map[string]string {
	out := map[string]string{}
	q := &it.Question.Question
	if !q.Type.IsChoice() || len(it.parts) != 1 {
		return out
	}
	ids := map[string]string{}
	for _, l := range it.parts[0].labels {
		for _, o := range q.Options {
			if o.Text == l.text && ids[l.ident] == "" {
				ids[l.ident] = o.ID
			}
		}
	}
	for _, r := range it.rules {
		label, ok := onlyLabel(r.test)
		if !ok || ids[label] == "" {
			continue
		}
		for _, f := range r.node.Elements("displayfeedback") {
			if ref := f.Attr("linkrefid"); out[ref] == "" && !generalFeedback[ref] {
				out[ref] = ids[label]
			}
		}
	}
	return out
}

// generalFeedback are Canvas's names of feedback that belongs to no option, and Blackboard's.
var generalFeedback = map[string]bool{
	"general_fb": true, "correct_fb": true, "general_incorrect_fb": true, "correct": true, "incorrect": true,
}

// onlyLabel is the label that a test of one value names.
func onlyLabel(test *xmltree.Node) (string, bool) {
	list := test.Elements()
	if len(list) != 1 || list[0].Name != "varequal" {
		return "", false
	}
	label := strings.TrimSpace(list[0].String())
	if label == "" {
		label = list[0].Attr("respident") // Blackboard names the option so
	}
	return label, true
}
