package handlers

import (
	"strings"

	"shiken/exam"
	"shiken/templates"
)

// orderKey lists the items in the right order.
func orderKey(it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	var out []templates.AnswerLine
	for place, id := range k.Order {
		for i := range it.Prompts {
			if it.Prompts[i].Prompt == id {
				out = append(out, templates.AnswerLine{HTML: c.prompts[id].html, Text: c.prompts[id].text, Rank: place + 1})
			}
		}
	}
	return out
}

// promptKeys has a line for each prompt with a key.
func promptKeys(page templates.Page, it *exam.Item, c *content, k *exam.Key) []templates.AnswerLine {
	var out []templates.AnswerLine
	body := bodyOf(page, it, c, exam.Answer{})
	for i := range it.Prompts {
		p := &it.Prompts[i]
		accepted := acceptedAt(page, it, c, k, p)
		if len(accepted) == 0 {
			continue
		}
		line := accepted[0]
		if len(accepted) > 1 {
			line = templates.AnswerLine{Text: alternatives(accepted)}
		}
		line.Label = body.RowLabel(page, i)
		out = append(out, line)
	}
	return out
}

// alternatives are several accepted answers in one line.
func alternatives(lines []templates.AnswerLine) string {
	texts := make([]string, len(lines))
	for i := range lines {
		texts[i] = lines[i].Text
		if lines[i].Hint != "" {
			texts[i] += " (" + lines[i].Hint + ")"
		}
	}
	return strings.Join(texts, " / ")
}

// acceptedAt is what earns credit at a prompt.
func acceptedAt(page templates.Page, it *exam.Item, c *content, k *exam.Key, p *exam.PaperPrompt) []templates.AnswerLine {
	switch {
	case it.Type == exam.Matching && k.PairWeights != nil:
		return acceptedOptions(page, c, p, k.PairWeights[p.Prompt], false)
	case it.Type == exam.Matching:
		return acceptedOptions(page, c, p, map[string]int{k.Pairs[p.Prompt]: exam.FullCredit}, false)
	case len(p.Values) > 0:
		return acceptedOptions(page, c, p, optionWeights(k.Gaps[p.Prompt]), true)
	}
	return append(numberKey(page, k.GapNumbers[p.Prompt], ""), textKey(page, k.Gaps[p.Prompt])...)
}

// optionWeights are the weights of a choice gap; the first of an option counts.
func optionWeights(keys []exam.TextKey) map[string]int {
	out := map[string]int{}
	for _, t := range keys {
		if _, known := out[t.Pattern]; !known {
			out[t.Pattern] = t.Weight
		}
	}
	return out
}

// acceptedOptions are the options of a prompt that earn credit, in the order shown.
func acceptedOptions(page templates.Page, c *content, p *exam.PaperPrompt, weights map[string]int, shares bool) []templates.AnswerLine {
	var out []templates.AnswerLine
	for _, choice := range p.Values {
		weight, o := weights[choice.Option], c.options[choice.Option]
		if weight <= 0 {
			continue
		}
		line := templates.AnswerLine{HTML: o.html, Text: o.text}
		if shares {
			line.Hint = creditHint(page, weight)
		}
		out = append(out, line)
	}
	return out
}
