package handlers

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/templates"
)

// Bounds of what is typed into a key.
const (
	maxKeyLines = 200
	maxKeyLine  = 1_000 // bytes
)

// What is wrong with a key that was typed.
var (
	errNoKey     = errors.New("handlers: nothing is right by the key")
	errKeyNumber = errors.New("handlers: no number")
)

// keyInputs ask for the key of a question; they show one.
func (s *Server) keyInputs(page templates.Page, q *exam.Question, k *exam.Key) []templates.KeyInput {
	c := s.contents.made(*q)
	switch q.Type {
	case exam.SingleChoice, exam.TrueFalse, exam.MultipleChoice:
		in := templates.KeyInput{Name: "right"}
		for i, o := range q.Options {
			full := q.Type == exam.MultipleChoice && k.Options[o.ID] > 0 || k.Options[o.ID] >= exam.FullCredit
			in.Options = append(in.Options, templates.KeyOption{
				Value: strconv.Itoa(i), HTML: c.options[o.ID].html, Text: c.options[o.ID].text, Chosen: full,
			})
		}
		return []templates.KeyInput{in}
	case exam.ShortText:
		return []templates.KeyInput{{Name: "right", Lines: textLines(k.Texts), Hint: page.T("keys.lines.text")}}
	case exam.Numeric:
		return []templates.KeyInput{{Name: "right", Lines: numberLines(k.Numbers), Hint: page.T("keys.lines.number")}}
	case exam.Matching, exam.Ordering, exam.Gaps:
		return promptInputs(page, q, k, c)
	}
	return nil
}

func textLines(keys []exam.TextKey) string {
	var lines []string
	for _, t := range keys {
		if t.Weight > 0 {
			lines = append(lines, t.Pattern)
		}
	}
	return strings.Join(lines, "\n")
}

// rangeMark stands between the bounds of a range.
const rangeMark = ".."

func numberLines(keys []exam.NumberKey) string {
	var lines []string
	for _, n := range keys {
		switch {
		case n.Weight <= 0:
		case n.Min == n.Max:
			lines = append(lines, n.Min)
		default:
			lines = append(lines, n.Min+rangeMark+n.Max)
		}
	}
	return strings.Join(lines, "\n")
}

func promptName(i int) string { return "right-" + strconv.Itoa(i) }

// promptInputs has an input for each prompt.
func promptInputs(page templates.Page, q *exam.Question, k *exam.Key, c *content) []templates.KeyInput {
	out := make([]templates.KeyInput, len(q.Prompts))
	for i, p := range q.Prompts {
		in := templates.KeyInput{Name: promptName(i), Text: c.prompts[p.ID].text}
		if in.Text == "" {
			in.Text = page.T("keys.gap", "n", i+1)
		}
		switch {
		case q.Type == exam.Ordering:
			in.Single = true
			for place := range q.Prompts {
				n := strconv.Itoa(place + 1)
				in.Options = append(in.Options, templates.KeyOption{Value: n, Text: n, Chosen: place < len(k.Order) && k.Order[place] == p.ID})
			}
		case q.Type == exam.Matching:
			in.Single = true
			in.Options = promptOptions(c, q.Options, func(id string) bool { return matches(k, p.ID, id) })
		case len(p.Options) > 0:
			weights := optionWeights(k.Gaps[p.ID])
			in.Options = promptOptions(c, p.Options, func(id string) bool { return weights[id] > 0 })
		default:
			in.Lines = strings.Trim(textLines(k.Gaps[p.ID])+"\n"+numberLines(k.GapNumbers[p.ID]), "\n")
			in.Hint = page.T("keys.lines.text")
			if p.Number {
				in.Hint = page.T("keys.lines.number")
			}
		}
		out[i] = in
	}
	return out
}

func promptOptions(c *content, options []exam.Option, chosen func(id string) bool) []templates.KeyOption {
	out := make([]templates.KeyOption, len(options))
	for i, o := range options {
		text := c.options[o.ID].text
		if text == "" {
			text = o.Text.Source
		}
		out[i] = templates.KeyOption{Value: strconv.Itoa(i), Text: text, Chosen: chosen(o.ID)}
	}
	return out
}

func matches(k *exam.Key, prompt, option string) bool {
	if k.PairWeights != nil {
		return k.PairWeights[prompt][option] > 0
	}
	return k.Pairs[prompt] == option
}

// typedKey reads the key that a form carries, in the place of the one that is stored: what both say keeps
// its weight, all else that is right earns full credit. errNoKey and errKeyNumber are the author's faults.
func typedKey(q *exam.Question, was exam.Key, form url.Values) (exam.Key, error) {
	k := was
	k.Treatment, k.Either = exam.ByKey, nil
	var err error
	switch q.Type {
	case exam.SingleChoice, exam.TrueFalse:
		k.Options, err = typedChoice(q, &was, form)
	case exam.MultipleChoice:
		err = typedChoices(q, &k, form)
	case exam.ShortText:
		k.Texts, err = typedTexts(was.Texts, form.Get("right"))
	case exam.Numeric:
		k.Numbers, err = typedNumbers(was.Numbers, form.Get("right"))
	case exam.Matching:
		err = typedPairs(q, &k, form)
	case exam.Ordering:
		k.Order, err = typedOrder(q, form)
	case exam.Gaps:
		err = typedGaps(q, &k, form)
	}
	return k, err
}

// chosenOptions are those that boxes or a list of a form name by their places.
func chosenOptions(options []exam.Option, values []string) ([]string, error) {
	var out []string
	for _, v := range values {
		if v == "" {
			continue
		}
		i, err := wholeNumber(v, 0, int64(len(options))-1)
		if err != nil {
			return nil, errMalformed
		}
		out = append(out, options[i].ID)
	}
	return out, nil
}

// typedChoice: what is not chosen keeps the part of the credit that it had, unless that was all.
func typedChoice(q *exam.Question, was *exam.Key, form url.Values) (map[string]int, error) {
	right, err := chosenOptions(q.Options, form["right"])
	if err == nil && len(right) == 0 {
		err = errNoKey
	}
	out := map[string]int{}
	for option, weight := range was.Options {
		if weight < exam.FullCredit {
			out[option] = weight
		}
	}
	for _, option := range right {
		out[option] = exam.FullCredit
	}
	return out, err
}

// typedChoices: where options have weights of their own, those that are right share the credit alike, and
// those that took some away still do.
func typedChoices(q *exam.Question, k *exam.Key, form url.Values) error {
	right, err := chosenOptions(q.Options, form["right"])
	if err != nil {
		return err
	}
	if len(right) == 0 {
		return errNoKey
	}
	weight := exam.FullCredit
	if k.Weighted || k.Rule == exam.Sum {
		weight = (exam.FullCredit + len(right)/2) / len(right)
	}
	out, same := map[string]int{}, true
	for _, o := range q.Options {
		is := slices.Contains(right, o.ID)
		same = same && is == (k.Options[o.ID] > 0)
		switch {
		case is:
			out[o.ID] = weight
		case k.Options[o.ID] < 0:
			out[o.ID] = k.Options[o.ID]
		}
	}
	if !same {
		k.Options = out
	}
	return nil
}

// typedLines are the lines of a field, without empty ones.
func typedLines(text string) ([]string, error) {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if len(line) > maxKeyLine || !cleanText(line) || len(out) == maxKeyLines {
			return nil, errMalformed
		}
		out = append(out, line)
	}
	return out, nil
}

func typedTexts(was []exam.TextKey, text string) ([]exam.TextKey, error) {
	lines, err := typedLines(text)
	if err == nil && len(lines) == 0 {
		err = errNoKey
	}
	out := make([]exam.TextKey, 0, len(lines))
	for _, line := range lines {
		next := exam.TextKey{Pattern: line, Weight: exam.FullCredit, CaseSensitive: len(was) > 0 && was[0].CaseSensitive}
		if i := slices.IndexFunc(was, func(t exam.TextKey) bool { return t.Pattern == line && t.Weight > 0 }); i >= 0 {
			next = was[i]
		}
		out = append(out, next)
	}
	for _, t := range was {
		if t.Weight == 0 && !slices.Contains(lines, t.Pattern) {
			out = append(out, t)
		}
	}
	return out, err
}

func typedNumbers(was []exam.NumberKey, text string) ([]exam.NumberKey, error) {
	lines, err := typedLines(text)
	if err == nil && len(lines) == 0 {
		err = errNoKey
	}
	out := make([]exam.NumberKey, 0, len(lines))
	for _, line := range lines {
		low, high, isRange := strings.Cut(line, rangeMark)
		if !isRange {
			high = low
		}
		next := exam.NumberKey{Min: strings.TrimSpace(low), Max: strings.TrimSpace(high), Weight: exam.FullCredit}
		least, okLow := exam.ParseNumber(next.Min)
		most, okHigh := exam.ParseNumber(next.Max)
		if !okLow || !okHigh || least.Cmp(most) > 0 {
			return nil, errKeyNumber
		}
		if i := slices.IndexFunc(was, func(n exam.NumberKey) bool { return n.Min == next.Min && n.Max == next.Max && n.Weight > 0 }); i >= 0 {
			next = was[i]
		}
		out = append(out, next)
	}
	return out, err
}

// typedPairs: each pair counts alike then.
func typedPairs(q *exam.Question, k *exam.Key, form url.Values) error {
	pairs := map[string]string{}
	for i, p := range q.Prompts {
		right, err := chosenOptions(q.Options, form[promptName(i)])
		if err != nil || len(right) > 1 {
			return errMalformed
		}
		if len(right) == 1 {
			pairs[p.ID] = right[0]
		}
	}
	if len(pairs) == 0 {
		return errNoKey
	}
	if k.PairWeights != nil {
		k.PairWeights, k.Rule = nil, exam.ByExam
	}
	k.Pairs = pairs
	return nil
}

func typedOrder(q *exam.Question, form url.Values) ([]string, error) {
	out := make([]string, len(q.Prompts))
	for i, p := range q.Prompts {
		place, err := wholeNumber(form.Get(promptName(i)), 1, int64(len(q.Prompts)))
		if err != nil || out[place-1] != "" {
			return nil, errNoKey
		}
		out[place-1] = p.ID
	}
	return out, nil
}

func typedGaps(q *exam.Question, k *exam.Key, form url.Values) error {
	gaps, numbers := map[string][]exam.TextKey{}, map[string][]exam.NumberKey{}
	for i, p := range q.Prompts {
		var err error
		_, isNumber := k.GapNumbers[p.ID]
		switch {
		case len(p.Options) > 0:
			var right []string
			right, err = chosenOptions(p.Options, form[promptName(i)])
			for _, option := range right {
				gaps[p.ID] = append(gaps[p.ID], exam.TextKey{Pattern: option, Weight: exam.FullCredit})
			}
			if len(right) == 0 {
				err = errors.Join(err, errNoKey)
			}
		case isNumber:
			numbers[p.ID], err = typedNumbers(k.GapNumbers[p.ID], form.Get(promptName(i)))
		default:
			gaps[p.ID], err = typedTexts(k.Gaps[p.ID], form.Get(promptName(i)))
		}
		if err != nil {
			return err
		}
	}
	k.Gaps, k.GapNumbers = gaps, nil
	if len(numbers) > 0 {
		k.GapNumbers = numbers
	}
	return nil
}
