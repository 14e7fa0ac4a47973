package questionset

import (
	"strconv"
	"strings"

	"shiken/exam"
)

// byMarker makes a question of gaps one that a person marks, since no type has some gap of it: what is offered
// stands below the text, and what is right in the guide.
func (c *clozeReader) byMarker(stem exam.Text) exam.Text {
	q, key := &c.Question.Question, c.Key
	parts, guide := []exam.Text{stem}, make([]string, len(q.Prompts))
	for i := range q.Prompts {
		p := &q.Prompts[i]
		if len(p.Options) > 0 {
			parts = append(parts, offered(p, c.several[p.ID]))
		}
		guide[i] = rightInGap(p, &key)
	}
	q.Type, q.Prompts = exam.Essay, nil
	c.Key = exam.Key{Guide: exam.Text{Source: strings.Join(guide, "\n")}}
	return joinTexts(parts)
}

// offered lists the options of a gap, with boxes where several are ticked.
func offered(p *exam.Prompt, several bool) exam.Text {
	box := "・ "
	if several {
		box = "☐ "
	}
	list := []exam.Text{p.Text}
	for _, o := range p.Options {
		list = append(list, exam.Text{Format: o.Text.Format, Source: box + o.Text.Source})
	}
	return joinTexts(list)
}

// rightInGap says what earns how much in a gap.
func rightInGap(p *exam.Prompt, k *exam.Key) string {
	line := p.Text.Source
	if w, weighed := k.Weights[p.ID]; weighed {
		line += " ×" + strconv.Itoa(w)
	}
	texts := map[string]string{}
	for _, o := range p.Options {
		texts[o.ID] = anyTag.ReplaceAllString(o.Text.Source, "")
	}
	var answers []string
	add := func(text string, weight int) {
		if weight != 0 && weight != exam.FullCredit {
			text += " (" + percent(weight) + " %)"
		}
		if weight != 0 {
			answers = append(answers, text)
		}
	}
	for _, t := range k.Gaps[p.ID] {
		add(firstOf(texts[t.Pattern], t.Pattern), t.Weight)
	}
	for _, n := range k.GapNumbers[p.ID] {
		text := n.Min
		if n.Max != n.Min {
			text += ".." + n.Max
		}
		add(text, n.Weight)
	}
	return line + " " + strings.Join(answers, "; ")
}
