package questionset

import (
	"cmp"
	"slices"
	"strconv"

	"golang.org/x/net/html"

	"shiken/exam"
)

// canonical gives a copy of a question with ids by place, and leaves out of its key what changes nothing.
func canonical(from *Question) Question {
	c := &canonicalizer{from: from, options: map[string]string{}, prompts: map[string]string{}}
	q := &c.to
	q.Question = exam.Question{Type: from.Question.Type, Stem: text(from.Question.Stem), Unit: from.Question.Unit}
	for i, o := range c.optionOrder() {
		c.options[o.ID] = optionID(i)
		o.ID, o.Text = optionID(i), text(o.Text)
		o.Fixed = o.Fixed && from.Question.Type != exam.Matching && from.Question.Type != exam.TrueFalse
		q.Question.Options = append(q.Question.Options, o)
	}
	for i, p := range c.promptOrder() {
		c.addPrompt(i, p)
	}
	c.key()
	c.feedback()
	return *q
}

type canonicalizer struct {
	from             *Question
	to               Question
	options, prompts map[string]string // new ids by old ones
}

// text writes an empty format for plain texts, and the attributes of pictures and sounds in one order.
func text(t exam.Text) exam.Text {
	switch {
	case t.Format == exam.Plain:
		t.Format = ""
	case t.Format == exam.HTML && mayShowMedia(t.Source):
		t.Source = eachMedium(t.Source, func(e *html.Token) {
			slices.SortStableFunc(e.Attr, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
		})
	}
	return t
}

// optionOrder puts the right sides of pairs in the order of the left ones, and true before false.
func (c *canonicalizer) optionOrder() []exam.Option {
	list := slices.Clone(c.from.Question.Options)
	if c.from.Question.Type == exam.TrueFalse && len(list) == 2 {
		yes, no := truthOf(c.from)
		return []exam.Option{yes, no}
	}
	if c.from.Question.Type != exam.Matching {
		return list
	}
	first := map[string]int{}
	for i, p := range slices.Backward(c.from.Question.Prompts) {
		first[c.from.Key.Pairs[p.ID]] = i + 1
	}
	rank := func(o exam.Option) int { return cmp.Or(first[o.ID], MaxAnswers+1) }
	slices.SortStableFunc(list, func(a, b exam.Option) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// promptOrder puts items in their right order.
func (c *canonicalizer) promptOrder() []exam.Prompt {
	list := slices.Clone(c.from.Question.Prompts)
	if c.from.Question.Type == exam.Ordering {
		rank := func(p exam.Prompt) int { return slices.Index(c.from.Key.Order, p.ID) }
		slices.SortStableFunc(list, func(a, b exam.Prompt) int { return cmp.Compare(rank(a), rank(b)) })
	}
	return list
}

func (c *canonicalizer) addPrompt(i int, p exam.Prompt) {
	id := "p" + strconv.Itoa(i+1)
	c.prompts[p.ID] = id
	options := slices.Clone(p.Options)
	for j := range options {
		c.options[options[j].ID] = id + optionID(j)
		options[j].ID, options[j].Text = id+optionID(j), text(options[j].Text)
	}
	c.to.Question.Prompts = append(c.to.Question.Prompts, exam.Prompt{ID: id, Text: text(p.Text), Options: options, Number: p.Number})
}

func (c *canonicalizer) key() {
	from, to := &c.from.Key, &c.to.Key
	to.Weighted, to.Rule, to.Guide, to.Texts = from.Weighted, from.Rule, text(from.Guide), from.Texts
	if from.Rule == exam.Next && len(from.Order) == 2 {
		to.Rule = exam.Whole
	}
	to.Numbers = ranges(from.Numbers)
	to.Options, to.Weights, to.Pairs = map[string]int{}, map[string]int{}, map[string]string{}
	to.Gaps, to.GapNumbers = map[string][]exam.TextKey{}, map[string][]exam.NumberKey{}
	to.PairWeights = map[string]map[string]int{}
	for id, w := range from.Options {
		if w != 0 {
			to.Options[c.options[id]] = w
		}
	}
	for id, w := range from.Weights {
		if w > 1 {
			to.Weights[c.prompts[id]] = w
		}
	}
	for id, o := range from.Pairs {
		to.Pairs[c.prompts[id]] = c.options[o]
	}
	for _, id := range from.Order {
		to.Order = append(to.Order, c.prompts[id])
	}
	for id, keys := range from.GapNumbers {
		to.GapNumbers[c.prompts[id]] = ranges(keys)
	}
	for _, p := range c.from.Question.Prompts {
		c.gap(&p)
		for o, w := range from.PairWeights[p.ID] {
			if to.PairWeights[c.prompts[p.ID]] == nil {
				to.PairWeights[c.prompts[p.ID]] = map[string]int{}
			}
			to.PairWeights[c.prompts[p.ID]][c.options[o]] = w
		}
	}
}

func (c *canonicalizer) gap(p *exam.Prompt) {
	for _, k := range c.from.Key.Gaps[p.ID] {
		if len(p.Options) > 0 {
			if k.Weight == 0 {
				continue
			}
			k.Pattern = c.options[k.Pattern]
		}
		id := c.prompts[p.ID]
		c.to.Key.Gaps[id] = append(c.to.Key.Gaps[id], k)
	}
}

// ranges writes bounds in one way.
func ranges(list []exam.NumberKey) []exam.NumberKey {
	out := make([]exam.NumberKey, len(list))
	for i, k := range list {
		out[i] = exam.NumberKey{Min: plainNumber(k.Min), Max: plainNumber(k.Max), Weight: k.Weight}
	}
	return out
}

func plainNumber(s string) string {
	if v, ok := exam.ParseNumber(s); ok {
		return v.RatString()
	}
	return s
}

func (c *canonicalizer) feedback() {
	c.to.Feedback.Explanation = text(c.from.Feedback.Explanation)
	c.to.Feedback.Options = map[string]exam.Text{}
	for id, t := range c.from.Feedback.Options {
		if t.Source != "" {
			c.to.Feedback.Options[c.options[id]] = text(t)
		}
	}
}
