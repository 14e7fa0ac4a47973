package handlers

import (
	"strconv"
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
		accepted := acceptedAt(page, body, it, c, k, i)
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
		if n := lines[i].Number; n > 0 {
			texts[i] = strings.TrimSpace(strconv.Itoa(n) + ". " + texts[i])
		}
		if lines[i].Hint != "" {
			texts[i] += " (" + lines[i].Hint + ")"
		}
	}
	return strings.Join(texts, " / ")
}

// acceptedAt is what earns credit at the prompt with an index.
func acceptedAt(page templates.Page, body templates.Body, it *exam.Item, c *content, k *exam.Key, i int) []templates.AnswerLine {
	options := func(weights map[string]int, shares bool) []templates.AnswerLine {
		return acceptedOptions(page, body, it, c, i, weights, shares)
	}
	switch p := &it.Prompts[i]; {
	case it.Type == exam.Matching && k.PairWeights != nil:
		return options(k.PairWeights[p.Prompt], false)
	case it.Type == exam.Matching:
		return options(map[string]int{k.Pairs[p.Prompt]: exam.FullCredit}, false)
	case len(p.Values) > 0:
		return options(optionWeights(k.Gaps[p.Prompt]), true)
	default:
		return append(numberKey(page, k.GapNumbers[p.Prompt], ""), textKey(page, k.Gaps[p.Prompt])...)
	}
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

// acceptedOptions are the options of the prompt with an index that earn credit, in the order shown.
func acceptedOptions(page templates.Page, body templates.Body, it *exam.Item, c *content, i int, weights map[string]int, shares bool) []templates.AnswerLine {
	var out []templates.AnswerLine
	for _, choice := range it.Prompts[i].Values {
		weight, o := weights[choice.Option], c.options[choice.Option]
		if weight <= 0 {
			continue
		}
		line := templates.AnswerLine{HTML: o.html, Text: o.text, Number: body.RowNumber(i, choice.Value)}
		if shares {
			line.Hint = creditHint(page, weight)
		}
		out = append(out, line)
	}
	return out
}
