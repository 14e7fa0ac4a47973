package questionset

import (
	"fmt"
	"slices"

	"shiken/exam"
)

// nativeCheck judges a question in the form of our own by what holds of every question that is loaded.
type nativeCheck struct {
	report *Report
	place  place
	q      *Question
	wrong  bool

	options map[string]bool            // of the question, by ID
	prompts map[string]map[string]bool // options of each prompt, by ID
}

func (c *nativeCheck) error(element string, value any) {
	c.wrong = true
	c.report.error(c.place.at(element), codeNativeValue, "value", value)
}

// need reports a value unless it is well.
func (c *nativeCheck) need(well bool, element string, value any) {
	if !well {
		c.error(element, value)
	}
}

// sound reports whether the question may be taken; else it has told why.
func (c *nativeCheck) sound() bool {
	c.need(slices.Contains(allTypes, c.q.Question.Type), "question.type", c.q.Question.Type)
	c.names()
	c.texts()
	c.ids()
	c.key("key", &c.q.Key)
	c.need(len(c.q.Key.Either) <= MaxAnswers, "key.either", len(c.q.Key.Either))
	for i := range c.q.Key.Either {
		k, path := &c.q.Key.Either[i], fmt.Sprintf("key.either[%d]", i+1)
		c.key(path, k)
		c.need(len(k.Either) == 0 && k.Treatment == exam.ByKey, path, k.Treatment)
	}
	for id := range c.q.Feedback.Options {
		c.need(c.options[id], "feedback.options", id)
	}
	if !c.wrong && !c.answerable() {
		c.wrong = true
		c.report.error(c.place, codeNoKey)
	}
	return !c.wrong
}

func (c *nativeCheck) name(element, text string) {
	if !c.report.checkText(c.place.at(element), text, nativeText) {
		c.wrong = true
	}
}

func (c *nativeCheck) names() {
	q := c.q
	for element, text := range map[string]string{
		"number": q.Number, "category": q.Category, "reference": q.Reference, "difficulty": q.Difficulty,
		"question.title": q.Question.Title, "question.unit": q.Question.Unit, "question.group": q.Question.Group,
		"source_key": q.SourceKey,
	} {
		c.name(element, text)
	}
	c.need(q.Year >= 0 && q.Year <= 9999, "year", q.Year)
	c.need(len(q.Tags) <= MaxAnswers, "tags", len(q.Tags))
	for _, tag := range q.Tags {
		c.name("tags", tag)
	}
}

var nativeFormats = []exam.TextFormat{"", exam.Plain, exam.Markdown, exam.HTML}

func (c *nativeCheck) texts() {
	if c.q.Question.Stem.Source == "" {
		c.wrong = true
		c.report.error(c.place, codeEmptyStem)
	}
	eachText(&c.q.Question, &c.q.Key, &c.q.Feedback, func(t exam.Text) {
		c.need(slices.Contains(nativeFormats, t.Format), "format", t.Format)
		c.name("source", t.Source)
	})
}

// ids gathers what keys may name.
func (c *nativeCheck) ids() {
	q := &c.q.Question
	c.options = c.optionIDs("question.options", q.Options)
	c.prompts = map[string]map[string]bool{}
	c.need(len(q.Prompts) <= MaxAnswers, "question.prompts", len(q.Prompts))
	for i := range q.Prompts {
		p := &q.Prompts[i]
		_, twice := c.prompts[p.ID]
		c.need(nativeID(p.ID) && !twice, "question.prompts", p.ID)
		c.prompts[p.ID] = c.optionIDs("question.prompts.options", p.Options)
	}
}

func (c *nativeCheck) optionIDs(element string, options []exam.Option) map[string]bool {
	ids := map[string]bool{}
	c.need(len(options) <= MaxAnswers, element, len(options))
	for i := range options {
		o := &options[i]
		c.need(nativeID(o.ID) && !ids[o.ID], element, o.ID)
		c.need(o.Text.Source != "", element, o.ID)
		ids[o.ID] = true
	}
	return ids
}

func nativeID(id string) bool { return id != "" && len(id) <= MaxName }

var nativeRules = []exam.ScoringRule{exam.ByExam, exam.Whole, exam.Sum, exam.Next}

// key judges what a key says, whatever the type.
func (c *nativeCheck) key(path string, k *exam.Key) {
	c.need(slices.Contains(nativeRules, k.Rule), path+".rule", k.Rule)
	c.need(k.Treatment == exam.ByKey, path+".treatment", k.Treatment)
	for id, w := range k.Options {
		c.need(c.options[id] && weight(w), path+".options", id)
	}
	c.textKeys(path+".texts", k.Texts)
	c.numberKeys(path+".numbers", k.Numbers)
	for id, o := range k.Pairs {
		c.need(c.prompts[id] != nil && c.options[o], path+".pairs", id)
	}
	c.need(len(k.Order) == 0 || c.permutation(k.Order), path+".order", len(k.Order))
	c.gaps(path, k)
	for id, w := range k.Weights {
		c.need(c.prompts[id] != nil && w >= 1 && w <= maxPromptWeight, path+".weights", id)
	}
	for id, pairs := range k.PairWeights {
		for o, w := range pairs {
			c.need(c.prompts[id] != nil && c.options[o] && weight(w), path+".pair_weights", id)
		}
	}
}

// maxPromptWeight is that of exam.Key.Weights.
const maxPromptWeight = 1_000

func weight(w int) bool { return w >= -exam.FullCredit && w <= exam.FullCredit }

func (c *nativeCheck) permutation(order []string) bool {
	seen := map[string]bool{}
	for _, id := range order {
		seen[id] = c.prompts[id] != nil
	}
	return len(seen) == len(order) && len(order) == len(c.prompts) && !slices.ContainsFunc(order, func(id string) bool { return !seen[id] })
}

func (c *nativeCheck) gaps(path string, k *exam.Key) {
	for id, keys := range k.Gaps {
		options := c.prompts[id]
		c.need(options != nil, path+".gaps", id)
		c.textKeys(path+".gaps", keys)
		for _, x := range keys {
			c.need(len(options) == 0 || options[x.Pattern], path+".gaps", x.Pattern)
		}
	}
	for id, keys := range k.GapNumbers {
		c.need(c.prompts[id] != nil, path+".gap_numbers", id)
		c.numberKeys(path+".gap_numbers", keys)
	}
}

func (c *nativeCheck) textKeys(path string, keys []exam.TextKey) {
	c.need(len(keys) <= MaxAnswers, path, len(keys))
	for _, k := range keys {
		c.need(weight(k.Weight), path, k.Weight)
		c.name(path, k.Pattern)
	}
}

func (c *nativeCheck) numberKeys(path string, keys []exam.NumberKey) {
	c.need(len(keys) <= MaxAnswers, path, len(keys))
	for _, k := range keys {
		_, low := exam.ParseNumber(k.Min)
		_, high := exam.ParseNumber(k.Max)
		c.need(low && high && weight(k.Weight), path, k.Min)
	}
}

// answerable reports whether some answer earns something, as far as a question is not marked by hand.
func (c *nativeCheck) answerable() bool {
	k, q := &c.q.Key, &c.q.Question
	switch q.Type {
	case exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse:
		return len(q.Options) > 1 && (q.Type != exam.TrueFalse || len(q.Options) == 2) && earns(k.Options)
	case exam.ShortText:
		return slices.ContainsFunc(k.Texts, func(x exam.TextKey) bool { return x.Weight > 0 })
	case exam.Numeric:
		return slices.ContainsFunc(k.Numbers, func(x exam.NumberKey) bool { return x.Weight > 0 })
	case exam.Matching:
		pairs := max(len(k.Pairs), len(k.PairWeights))
		return len(q.Prompts) > 1 && (pairs == len(q.Prompts) || pairs > 0 && k.Rule == exam.Whole)
	case exam.Ordering:
		return len(q.Prompts) > 1 && len(k.Order) == len(q.Prompts)
	case exam.Gaps:
		return len(q.Prompts) > 0 && !slices.ContainsFunc(q.Prompts, func(p exam.Prompt) bool { return !filled(k, p.ID) })
	}
	return true
}

func earns(weights map[string]int) bool {
	for _, w := range weights {
		if w > 0 {
			return true
		}
	}
	return false
}

// filled reports whether something fills a gap.
func filled(k *exam.Key, gap string) bool {
	return slices.ContainsFunc(k.Gaps[gap], func(x exam.TextKey) bool { return x.Weight > 0 }) ||
		slices.ContainsFunc(k.GapNumbers[gap], func(x exam.NumberKey) bool { return x.Weight > 0 })
}
