package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"shiken/exam"
	"shiken/templates"
)

// component is a page or a part of one.
type component = templ.Component

// maxShown bounds the markup of one question on a page that shows many, in bytes: twenty of them stay
// well below a megabyte.
const maxShown = 24 << 10

// deskQuestions shows questions as a paper has them, with the right answers filled in.
func (s *Server) deskQuestions(r *http.Request, list []deskSource) ([]templates.DeskQuestion, error) {
	if len(list) == 0 {
		return nil, nil
	}
	pool := make([]exam.PoolQuestion, len(list))
	for i := range list {
		id := strconv.Itoa(i)
		pool[i] = exam.PoolQuestion{Version: id, Identity: id, Question: list[i].question}
		pool[i].Question.Group = "" // they are to stay in the order of the list
	}
	paper, err := exam.Draw(exam.DrawRequest{
		Definition: &exam.Definition{Sections: []exam.SectionDefinition{{Points: exam.FullCredit, Multiple: exam.BySource}}},
		Pools:      [][]exam.PoolQuestion{pool},
	})
	if err != nil {
		return nil, err
	}
	page := s.pageOf(r)
	out := make([]templates.DeskQuestion, len(list))
	for i := range list {
		out[i] = s.deskQuestion(page, &paper.Items[i], &list[i])
		out[i].Index = i + 1
		shareAbove(out[:i+1], list)
	}
	return out, nil
}

// shareAbove makes the last of the questions shown lead to the passage of the one before it when that is
// of the same group, and shows or leads to the same.
func shareAbove(shown []templates.DeskQuestion, list []deskSource) {
	i := len(shown) - 1
	if i == 0 || list[i].question.Group == "" || list[i].question.Group != list[i-1].question.Group ||
		list[i].question.Stimulus != list[i-1].question.Stimulus || shown[i-1].Body.Stimulus.HTML == "" {
		return
	}
	above := &shown[i-1].Body.Stimulus
	shown[i].Body.Stimulus.Above = above.Above
	if above.Above == "" {
		shown[i].Body.Stimulus.Above = stimulusID(i) // Index counts from 1
	}
}

func (s *Server) deskQuestion(page templates.Page, it *exam.Item, from *deskSource) templates.DeskQuestion {
	view := from.view
	if sourceLength(from) > maxShown {
		text := templ.EscapeString(page.T("desk.question.long"))
		view.Body = templates.Body{Kind: templates.KindDescription, Stem: templates.SafeHTML("<p>" + text + "</p>")}
		return view
	}
	c := s.contents.made(from.question)
	right := rightAnswer(it, &from.key)
	view.Body = bodyOf(page, it, c, right)
	view.Key = keyLines(page, it, c, &from.key)
	view.Notes = s.optionNotes(page, it, c, &from.feedback)
	view.Explanation, view.Guide = s.explanation(from.feedback), s.guide(from.key)
	view.Order = orderNotes(page, c)
	return view
}

// orderNotes say which options of a question keep their places when options are shuffled, since they speak
// of others or have labels of their own.
func orderNotes(page templates.Page, c *content) []string {
	q := &c.question
	if q.Type != exam.SingleChoice && q.Type != exam.MultipleChoice {
		return nil
	}
	var out []string
	if exam.OwnLabels(q.Options) {
		out = append(out, page.T("desk.question.kept.labels"))
	}
	for i, reference := range exam.References(q.Options) {
		switch text := c.options[q.Options[i].ID].text; reference {
		case exam.ToPlaces:
			out = append(out, page.T("desk.question.kept", "text", text))
		case exam.ToAll, exam.ToAbove:
			out = append(out, page.T("desk.question.kept.last", "text", text))
		}
	}
	return out
}

// sourceLength is the length of all texts of a question, in bytes.
func sourceLength(from *deskSource) int {
	return len(exam.Canonical(from.question)) + len(exam.Canonical(from.key)) + len(exam.Canonical(from.feedback))
}

// optionNotes is what the feedback says of any option.
func (s *Server) optionNotes(page templates.Page, it *exam.Item, c *content, f *exam.Feedback) []templates.AnswerLine {
	if len(f.Options) == 0 {
		return nil
	}
	every := make([]string, len(it.Choices))
	for i := range it.Choices {
		every[i] = it.Choices[i].Value
	}
	return s.notes(page, it, c, f, exam.ManyChoices(every...))
}

// rightAnswer is an answer that earns the most; where many do, the first that the key names.
func rightAnswer(it *exam.Item, k *exam.Key) exam.Answer {
	switch {
	case it.Type.IsChoice():
		return rightChoice(it, k)
	case it.Type == exam.ShortText:
		return exam.TextAnswer(firstText(k.Texts))
	case it.Type == exam.Numeric:
		return exam.TextAnswer(firstNumber(k.Numbers))
	case it.Type.IsKeyed():
		keyed := map[string]string{}
		for i := range it.Prompts {
			keyed[it.Prompts[i].Key] = rightValue(it, &it.Prompts[i], k)
		}
		return exam.KeyedAnswer(keyed)
	}
	return exam.Answer{}
}

func rightChoice(it *exam.Item, k *exam.Key) exam.Answer {
	var right []string
	best, most := "", 0
	for _, choice := range it.Choices {
		weight := k.Options[choice.Option]
		if weight > 0 {
			right = append(right, choice.Value)
		}
		if weight > most {
			best, most = choice.Value, weight
		}
	}
	if it.Type == exam.MultipleChoice {
		return exam.ManyChoices(right...)
	}
	return exam.OneChoice(best)
}

// firstText is the first text that earns credit, and firstNumber the first range.
func firstText(keys []exam.TextKey) string {
	for _, t := range keys {
		if t.Weight > 0 {
			return readable(t.Pattern)
		}
	}
	return ""
}

func firstNumber(keys []exam.NumberKey) string {
	for i := range keys {
		if keys[i].Weight > 0 {
			return rangeText(&keys[i])
		}
	}
	return ""
}

// rightValue is the value of a prompt that earns the most.
func rightValue(it *exam.Item, p *exam.PaperPrompt, k *exam.Key) string {
	weights := map[string]int{}
	switch {
	case it.Type == exam.Ordering:
		if place := slices.Index(k.Order, p.Prompt); place >= 0 {
			return strconv.Itoa(place + 1)
		}
		return ""
	case it.Type == exam.Gaps && len(p.Values) == 0:
		return cmp.Or(firstNumber(k.GapNumbers[p.Prompt]), firstText(k.Gaps[p.Prompt]))
	case it.Type == exam.Gaps:
		weights = optionWeights(k.Gaps[p.Prompt])
	case k.PairWeights != nil:
		weights = k.PairWeights[p.Prompt]
	default:
		weights[k.Pairs[p.Prompt]] = exam.FullCredit
	}
	best, most := "", 0
	for _, choice := range p.Values {
		if weight := weights[choice.Option]; weight > most {
			best, most = choice.Value, weight
		}
	}
	return best
}
