package handlers

import (
	"math/big"
	"regexp"
	"shiken/exam"
	"shiken/templates"
)

// maxTyped bounds an answer in UTF-16 units, all its parts together; 384 KiB hold it in UTF-8.
const maxTyped = 100_000

var kinds = map[exam.QuestionType]templates.AnswerKind{
	exam.SingleChoice: templates.KindSingleChoice, exam.MultipleChoice: templates.KindMultipleChoice,
	exam.TrueFalse: templates.KindTrueFalse, exam.ShortText: templates.KindShortText,
	exam.Numeric: templates.KindNumber, exam.Essay: templates.KindEssay, exam.Matching: templates.KindMatching,
	exam.Ordering: templates.KindOrdering, exam.Gaps: templates.KindGaps, exam.Description: templates.KindDescription,
}

// bodyOf is a question with an answer filled in, in the order and with the values of its paper (R14).
func bodyOf(page templates.Page, it *exam.Item, c *content, a exam.Answer) templates.Body {
	b := templates.Body{
		Kind: kinds[it.Type], Stem: c.stem, Pieces: c.pieces, Stimulus: templates.Stimulus{HTML: c.stimulus},
		Text: a.Text, Unit: c.question.Unit, MaxLength: maxTyped,
	}
	if it.Type.IsChoice() {
		b.Text = ""
	}
	if it.Type == exam.Numeric && a.Text != "" {
		value, ok := exam.ParseNumber(a.Text)
		b.NotANumber = !ok
		if ok {
			b.Understood = understood(value, a.Text)
		}
	}
	chosen := chosenIn(a)
	for _, choice := range it.Choices {
		b.Options = append(b.Options, optionOf(page, it, c, choice, chosen[choice.Value]))
	}
	for i := range it.Prompts {
		b.Items = append(b.Items, itemOf(page, it, c, &it.Prompts[i], a))
	}
	if it.Type == exam.Matching && len(it.Prompts) > 0 {
		for _, choice := range it.Prompts[0].Values {
			b.Options = append(b.Options, optionOf(page, it, c, choice, false))
		}
	}
	return b
}

// plainDigits is how a number is written that needs no explanation.
var plainDigits = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// understood writes a number in plain digits where it was typed in others, in groups or with a power of ten;
// empty where it was not, or where that is too long to help.
func understood(value *big.Rat, typed string) string {
	const longest = 24
	places, exact := value.FloatPrec()
	if plainDigits.MatchString(typed) || !exact || places > longest {
		return ""
	}
	if text := value.FloatString(places); len(text) <= longest {
		return text
	}
	return ""
}

func chosenIn(a exam.Answer) map[string]bool {
	out := map[string]bool{}
	if a.Text != "" {
		out[a.Text] = true
	}
	for _, v := range a.Choices {
		out[v] = true
	}
	return out
}

// optionOf words an option. True and false without a text of their own are worded in the language
// of the page.
func optionOf(page templates.Page, it *exam.Item, c *content, choice exam.Choice, chosen bool) templates.Option {
	r := c.options[choice.Option]
	if it.Type == exam.TrueFalse && r.text == "" && (choice.Option == "true" || choice.Option == "false") {
		r = rendered{text: page.T("answer." + choice.Option)}
	}
	return templates.Option{Value: choice.Value, HTML: r.html, Text: r.text, Chosen: chosen, Letter: it.Label(choice.Value)}
}

func itemOf(page templates.Page, it *exam.Item, c *content, p *exam.PaperPrompt, a exam.Answer) templates.Item {
	item := templates.Item{Key: p.Key, Label: c.prompts[p.Prompt].html, Value: a.Keyed[p.Key]}
	if it.Type == exam.Gaps {
		item.Number = c.numbers[p.Prompt]
		_, ok := exam.ParseNumber(item.Value)
		item.NotANumber = item.Number && item.Value != "" && !ok
		for _, choice := range p.Values {
			item.Options = append(item.Options, optionOf(page, it, c, choice, false))
		}
	}
	return item
}

// answerLines words an answer for reading.
func answerLines(page templates.Page, it *exam.Item, c *content, a exam.Answer) []templates.AnswerLine {
	if a.IsZero() {
		return nil
	}
	return bodyOf(page, it, c, exam.Answer{}).AnswerLines(page, valuesFor(it, a))
}
