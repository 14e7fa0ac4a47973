package questionset

import (
	"html"
	"strconv"
	"strings"

	"shiken/exam"
)

// draft is a question under construction, with what every format that Moodle knows has in common.
type draft struct {
	Question
	report *Report
	line   int
	name   string
	source string // as written, for quotations of a question without a name
	// perAnswer collects feedback of single answers that the question's type has no place for.
	perAnswer []exam.Text
}

func (d *draft) place() place {
	name := d.name
	if name == "" {
		name = d.Number
	}
	if name == "" {
		name = d.source
	}
	return place{line: d.line, question: excerpt(name)}
}

func (d *draft) error(element string, code Code, args ...any) {
	d.report.error(d.place().at(element), code, args...)
}

func (d *draft) warning(element string, code Code, args ...any) {
	d.report.warning(d.place().at(element), code, args...)
}

func (d *draft) optionFeedback(id string, t exam.Text) {
	if t.Source == "" {
		return
	}
	if d.Feedback.Options == nil {
		d.Feedback.Options = map[string]exam.Text{}
	}
	d.Feedback.Options[id] = t
}

// addFeedback keeps the feedback of one answer of a question that has no options.
func (d *draft) addFeedback(answer string, t exam.Text) {
	if t.Source == "" {
		return
	}
	lead := answer + ": "
	if answer == "" {
		lead = ""
	}
	switch t.Format {
	case exam.HTML:
		lead = html.EscapeString(lead)
	case exam.Markdown:
		lead = markdownEscapes.Replace(lead)
	}
	d.perAnswer = append(d.perAnswer, exam.Text{Format: t.Format, Source: lead + t.Source})
}

// mergeFeedback puts the feedback of single answers behind the general one.
func (d *draft) mergeFeedback() {
	if len(d.perAnswer) == 0 {
		return
	}
	texts := d.perAnswer
	if d.Feedback.Explanation.Source != "" {
		texts = append([]exam.Text{d.Feedback.Explanation}, texts...)
	}
	d.Feedback.Explanation = joinTexts(texts)
	d.report.note(d.place(), codeFeedbackMerged)
}

// addPair adds a pair of a matching question. Equal right sides are one option; an empty left side makes
// its right side a distractor.
func (d *draft) addPair(left, right exam.Text) {
	q := &d.Question.Question
	option := ""
	for _, o := range q.Options {
		if o.Text == right {
			option = o.ID
		}
	}
	if option == "" {
		option = optionID(len(q.Options))
		q.Options = append(q.Options, exam.Option{ID: option, Text: right})
	}
	if left.Source == "" {
		return
	}
	id := "p" + strconv.Itoa(len(q.Prompts)+1)
	q.Prompts = append(q.Prompts, exam.Prompt{ID: id, Text: left})
	if d.Key.Pairs == nil {
		d.Key.Pairs = map[string]string{}
	}
	d.Key.Pairs[id] = option
}

// judgePattern warns of answers that hold wildcards.
func (d *draft) judgePattern(pattern string, weight int) {
	bare := strings.ReplaceAll(pattern, `\*`, "")
	switch {
	case strings.Trim(bare, "* ") == "" && strings.Contains(bare, "*") && weight > 0:
		d.warning("", codeAcceptsAll, "text", pattern)
	case strings.Contains(bare, "*") && bare != "*":
		d.report.note(d.place(), codeWildcard, "text", pattern)
	}
}

// enoughPairs refuses what is no matching for want of pairs, and warns where there is nothing to choose from.
func (d *draft) enoughPairs() bool {
	switch pairs := len(d.Question.Question.Prompts); {
	case pairs < 2:
		d.error("", codeTooFewPairs, "count", pairs)
		return false
	case len(d.Question.Question.Options) < 2:
		d.warning("", codeSameRight)
	}
	return true
}
