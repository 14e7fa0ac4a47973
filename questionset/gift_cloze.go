package questionset

import (
	"html"
	"strings"

	"shiken/exam"
)

// readCloze reads a question whose gaps are embedded in its text, as Moodle's cloze questions have them.
// Moodle's GIFT import takes such a question for a wrong short answer or choice.
func (q *giftQuestion) readCloze() bool {
	q.format = formatOf(q.text)
	plain := func(raw string) string { return strings.TrimSpace(html.UnescapeString(unmark(raw))) }
	c := &clozeReader{
		draft: &q.draft, form: q.format, answer: plain,
		option:   func(raw string) exam.Text { return exam.Text{Source: plain(raw)} },
		feedback: func(raw string) exam.Text { return q.makeText(raw, q.format) },
	}
	stem, ok := c.read(q.text)
	if !ok {
		return false
	}
	if strings.ContainsAny(stem, "{}") {
		q.error("", codeGIFTSeveralBraces)
		return false
	}
	q.setStem(stem)
	if c.several != nil {
		q.Question.Question.Stem = c.byMarker(q.Question.Question.Stem)
	}
	q.mergeFeedback()
	return true
}
