package handlers

import (
	"strings"

	"github.com/a-h/templ"

	"shiken/exam"
	"shiken/templates"
)

// keyLines words the key of a question: what earns credit, and how much where it is less than all, of
// each way in which the whole may be right.
func keyLines(page templates.Page, it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	lines := linesOfKey(page, it, c, k)
	for i := range k.Either {
		other := linesOfKey(page, it, c, &k.Either[i])
		for n := range other {
			other[n].Hint = page.T("keys.either")
		}
		lines = append(lines, other...)
	}
	return lines
}

func linesOfKey(page templates.Page, it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	switch {
	case it.Type.IsChoice():
		return choiceKey(page, it, c, k)
	case it.Type == exam.ShortText:
		return textKey(page, k.Texts)
	case it.Type == exam.Numeric:
		return numberKey(page, k.Numbers, c.question.Unit)
	case it.Type == exam.Ordering:
		return orderKey(it, c, k)
	case it.Type.IsKeyed():
		return promptKeys(page, it, c, k)
	}
	return nil
}

func choiceKey(page templates.Page, it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	var out []templates.AnswerLine
	for _, choice := range it.Choices {
		weight := k.Options[choice.Option]
		if weight <= 0 {
			continue
		}
		o := optionOf(page, it, c, choice, true)
		line := templates.AnswerLine{HTML: o.HTML, Text: o.Text, Letter: o.Letter}
		if it.ByWeight(k) {
			line.Hint = creditHint(page, weight)
		}
		out = append(out, line)
	}
	return out
}

// creditHint says how much a weight earns when it is not all.
func creditHint(page templates.Page, weight int) string {
	if weight >= exam.FullCredit {
		return ""
	}
	const thousandth = exam.FullCredit / 1_000
	return page.Locale.Percent((weight+thousandth/2)/thousandth, 1_000)
}

func textKey(page templates.Page, keys []exam.TextKey) []templates.AnswerLine {
	var out []templates.AnswerLine
	for i := range keys {
		if t := &keys[i]; t.Weight > 0 {
			out = append(out, templates.AnswerLine{Text: readable(t.Pattern), Hint: textHint(page, t)})
		}
	}
	return out
}

// anyText stands for what a wildcard matches.
const anyText = "…"

// readable is a pattern as a person reads it: a star of the answer as a star, a wildcard as three dots.
func readable(pattern string) string {
	const star = "\x00"
	return strings.NewReplacer(star, "*", "*", anyText).Replace(strings.ReplaceAll(pattern, `\*`, star))
}

func textHint(page templates.Page, t *exam.TextKey) string {
	var hints []string
	if strings.Contains(readable(t.Pattern), anyText) && !strings.Contains(t.Pattern, anyText) {
		hints = append(hints, page.T("answer.key.wildcard"))
	}
	if t.CaseSensitive && strings.ToLower(t.Pattern) != strings.ToUpper(t.Pattern) {
		hints = append(hints, page.T("answer.key.case"))
	}
	if credit := creditHint(page, t.Weight); credit != "" {
		hints = append(hints, credit)
	}
	return strings.Join(hints, page.T("list.comma"))
}

func numberKey(page templates.Page, keys []exam.NumberKey, unit string) []templates.AnswerLine {
	var out []templates.AnswerLine
	for i := range keys {
		if n := &keys[i]; n.Weight > 0 {
			text := rangeText(n)
			if unit != "" {
				text += " " + unit
			}
			out = append(out, templates.AnswerLine{Text: text, Hint: creditHint(page, n.Weight)})
		}
	}
	return out
}

func rangeText(n *exam.NumberKey) string {
	if n.Max == n.Min {
		return n.Min
	}
	return n.Min + " – " + n.Max
}

// notes is what the feedback says of the options that were chosen.
func (s *Server) notes(page templates.Page, it *exam.Item, c *content, f *exam.Feedback, a exam.Answer) []templates.AnswerLine {
	var out []templates.AnswerLine
	chosen := chosenIn(a)
	for _, choice := range it.Choices {
		note := f.Options[choice.Option]
		if !chosen[choice.Value] || note.Source == "" {
			continue
		}
		o := optionOf(page, it, c, choice, true)
		if o.HTML == "" {
			o.HTML = templates.SafeHTML(templ.EscapeString(o.Text))
		}
		out = append(out, templates.AnswerLine{Letter: o.Letter, Label: o.HTML, HTML: s.Render.Block(note)})
	}
	return out
}

// verdictOf compares points with what could be had. Items that ask nothing, or wait for a marker,
// have none.
func verdictOf(points, most int) templates.Verdict {
	switch {
	case most == 0 || !exam.Counts(points):
		return templates.VerdictNone
	case points >= most:
		return templates.VerdictCorrect
	case points > 0:
		return templates.VerdictPartly
	}
	return templates.VerdictWrong
}
