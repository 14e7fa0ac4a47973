package handlers

import (
	"github.com/a-h/templ"

	"shiken/exam"
	"shiken/templates"
)

// keyLines words the key of a question: what earns credit.
func keyLines(page templates.Page, it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	switch {
	case it.Type.IsChoice():
		return choiceKey(page, it, c, k)
	case it.Type == exam.ShortText:
		return textKey(k.Texts)
	case it.Type == exam.Numeric:
		return numberKey(k.Numbers, c.question.Unit)
	case it.Type.IsKeyed():
		return promptKeys(page, it, c, k)
	}
	return nil
}

func choiceKey(page templates.Page, it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	var out []templates.AnswerLine
	for _, choice := range it.Choices {
		if k.Options[choice.Option] > 0 {
			o := optionOf(page, it, c, choice, true)
			out = append(out, templates.AnswerLine{HTML: o.HTML, Text: o.Text})
		}
	}
	return out
}

func textKey(keys []exam.TextKey) []templates.AnswerLine {
	var out []templates.AnswerLine
	for _, t := range keys {
		if t.Weight > 0 {
			out = append(out, templates.AnswerLine{Text: t.Pattern})
		}
	}
	return out
}

func numberKey(keys []exam.NumberKey, unit string) []templates.AnswerLine {
	var out []templates.AnswerLine
	for _, n := range keys {
		if n.Weight <= 0 {
			continue
		}
		text := n.Min
		if n.Max != n.Min {
			text += " – " + n.Max
		}
		if unit != "" {
			text += " " + unit
		}
		out = append(out, templates.AnswerLine{Text: text})
	}
	return out
}

func promptKeys(page templates.Page, it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	var out []templates.AnswerLine
	for i := range it.Prompts {
		p := &it.Prompts[i]
		line := templates.AnswerLine{Label: c.prompts[p.Prompt].html}
		switch it.Type {
		case exam.Matching:
			o := c.options[k.Pairs[p.Prompt]]
			line.HTML, line.Text = o.html, o.text
		case exam.Ordering:
			line.Text = placeOf(page, k.Order, p.Prompt)
		default:
			line.HTML, line.Text = gapKey(c, p, k.Gaps[p.Prompt])
		}
		if line.Text != "" || line.HTML != "" {
			out = append(out, line)
		}
	}
	return out
}

func placeOf(page templates.Page, order []string, prompt string) string {
	for i, id := range order {
		if id == prompt {
			return page.Locale.Number(i + 1)
		}
	}
	return ""
}

func gapKey(c *content, p *exam.PaperPrompt, keys []exam.TextKey) (templates.SafeHTML, string) {
	for _, t := range keys {
		if t.Weight <= 0 {
			continue
		}
		if len(p.Values) > 0 {
			return c.options[t.Pattern].html, c.options[t.Pattern].text
		}
		return "", t.Pattern
	}
	return "", ""
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
		out = append(out, templates.AnswerLine{Label: o.HTML, HTML: s.Render.Block(note)})
	}
	return out
}

// verdictOf compares points with what could be had. Items that ask nothing, or wait for a marker,
// have none.
func verdictOf(points, most int) templates.Verdict {
	switch {
	case most == 0 || points == exam.Awaiting:
		return templates.VerdictNone
	case points >= most:
		return templates.VerdictCorrect
	case points > 0:
		return templates.VerdictPartly
	}
	return templates.VerdictWrong
}
