package desk

import (
	"bytes"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// Part names what of a question a difference is in. The list is closed.
type Part string

// The parts. The first are what decides which answers are right; OtherPart is what has no words of its own,
// as an option that stays in its place when others are shuffled.
const (
	KeyPart         Part = "key"
	RulePart        Part = "rule"
	TypePart        Part = "type"
	TitlePart       Part = "title"
	StemPart        Part = "stem"
	StimulusPart    Part = "stimulus"
	UnitPart        Part = "unit"
	OptionPart      Part = "option"
	PromptPart      Part = "prompt"
	ExplanationPart Part = "explanation"
	NotePart        Part = "note"
	GuidePart       Part = "guide"
	NumberPart      Part = "number"
	CategoryPart    Part = "category"
	YearPart        Part = "year"
	TagsPart        Part = "tags"
	ReferencePart   Part = "reference"
	DifficultyPart  Part = "difficulty"
	GroupPart       Part = "group"
	OtherPart       Part = "other"
)

// AllParts lists the parts.
var AllParts = []Part{
	KeyPart, RulePart, TypePart, TitlePart, StemPart, StimulusPart, UnitPart, OptionPart, PromptPart, ExplanationPart, NotePart,
	GuidePart, NumberPart, CategoryPart, YearPart, TagsPart, ReferencePart, DifficultyPart, GroupPart, StatePart, OtherPart,
}

// Scores reports whether a difference in the part may make other answers right.
func (p Part) Scores() bool { return p == KeyPart || p == RulePart || p == TypePart }

// Difference is something that two states of a question disagree about, as people read it.
type Difference struct {
	Part Part `json:"part"`
	// Row numbers the options, items or gaps of the state after from 1, or of that before where it is gone; 0
	// for what is no row.
	Row    int    `json:"row,omitempty"`
	Before string `json:"before"` // empty: there was none
	After  string `json:"after"`
	// Markup: the texts read alike, so they are given as written.
	Markup bool `json:"markup,omitempty"`
}

// OfStored is a stored question as a file would have it.
func OfStored(q *store.StoredQuestion) store.LoadedQuestion {
	return store.LoadedQuestion{
		Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference, Difficulty: q.Difficulty, Tags: q.Tags,
		Question: q.Question, Key: q.Key, Feedback: q.Feedback,
	}
}

// Differences compares two states of a question, what decides which answers are right first. plain gives a
// text without its markup.
func Differences(before, after *store.LoadedQuestion, plain func(exam.Text) string) []Difference {
	c := comparison{plain: plain}
	c.key(before, after)
	c.line(TypePart, string(before.Question.Type), string(after.Question.Type))
	c.line(TitlePart, before.Question.Title, after.Question.Title)
	c.text(StimulusPart, 0, before.Question.Stimulus, after.Question.Stimulus)
	c.text(StemPart, 0, before.Question.Stem, after.Question.Stem)
	c.line(UnitPart, before.Question.Unit, after.Question.Unit)
	c.rows(OptionPart, optionTexts(before.Question.Options), optionTexts(after.Question.Options))
	c.rows(PromptPart, promptTexts(before.Question.Prompts), promptTexts(after.Question.Prompts))
	c.text(ExplanationPart, 0, before.Feedback.Explanation, after.Feedback.Explanation)
	c.rows(NotePart, noteTexts(before), noteTexts(after))
	c.text(GuidePart, 0, before.Key.Guide, after.Key.Guide)
	c.about(before, after)
	if len(c.found) == 0 && !sameQuestion(before, after) {
		c.found = append(c.found, Difference{Part: OtherPart})
	}
	return c.found
}

// sameQuestion compares content, key and feedback whole.
func sameQuestion(a, b *store.LoadedQuestion) bool {
	of := func(q *store.LoadedQuestion) []byte {
		key := q.Key
		key.Revision = 0
		return bytes.Join([][]byte{exam.Canonical(q.Question), exam.Canonical(key), exam.Canonical(q.Feedback)}, nil)
	}
	return bytes.Equal(of(a), of(b))
}

// comparison gathers differences.
type comparison struct {
	plain func(exam.Text) string
	found []Difference
}

func (c *comparison) line(part Part, before, after string) {
	if before != after {
		c.found = append(c.found, Difference{Part: part, Before: before, After: after})
	}
}

func (c *comparison) text(part Part, row int, before, after exam.Text) {
	if before.Source == after.Source && sameFormat(before, after) {
		return
	}
	d := Difference{Part: part, Row: row, Before: c.plain(before), After: c.plain(after)}
	if d.Before == d.After {
		d.Before, d.After, d.Markup = before.Source, after.Source, true
	}
	if d.Before != d.After {
		c.found = append(c.found, d)
	}
}

func sameFormat(a, b exam.Text) bool {
	plain := func(t exam.Text) bool { return t.Format == "" || t.Format == exam.Plain }
	return a.Format == b.Format || plain(a) && plain(b)
}

// key compares what is right, in lines of people's words, and how it counts.
func (c *comparison) key(before, after *store.LoadedQuestion) {
	c.line(KeyPart, strings.Join(KeyLines(before, c.plain), "\n"), strings.Join(KeyLines(after, c.plain), "\n"))
	c.line(RulePart, string(before.Key.Rule), string(after.Key.Rule))
}

func (c *comparison) about(before, after *store.LoadedQuestion) {
	c.line(NumberPart, before.Number, after.Number)
	c.line(CategoryPart, before.Category, after.Category)
	c.line(YearPart, yearText(before.Year), yearText(after.Year))
	c.line(TagsPart, strings.Join(before.Tags, ", "), strings.Join(after.Tags, ", "))
	c.line(ReferencePart, before.Reference, after.Reference)
	c.line(DifficultyPart, before.Difficulty, after.Difficulty)
	c.line(GroupPart, before.Question.Group, after.Question.Group)
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func optionTexts(options []exam.Option) []exam.Text {
	var out []exam.Text
	for _, o := range options {
		out = append(out, o.Text)
	}
	return out
}

// promptTexts are the prompts, each gap with a choice followed by its options.
func promptTexts(prompts []exam.Prompt) []exam.Text {
	var out []exam.Text
	for _, p := range prompts {
		out = append(out, p.Text)
		out = append(out, optionTexts(p.Options)...)
	}
	return out
}

// noteTexts are the feedbacks to options, in the order of these.
func noteTexts(q *store.LoadedQuestion) []exam.Text {
	var out []exam.Text
	for _, o := range q.Question.Options {
		if note := q.Feedback.Options[o.ID]; note.Source != "" {
			out = append(out, note)
		}
	}
	return out
}

// rows compares two lists: what both have in the same order is left out, and of what lies between, the first
// is compared with the first and so on.
func (c *comparison) rows(part Part, before, after []exam.Text) {
	i, j := 0, 0
	for _, pair := range append(common(before, after), [2]int{len(before), len(after)}) {
		for i < pair[0] && j < pair[1] {
			c.text(part, j+1, before[i], after[j])
			i, j = i+1, j+1
		}
		for ; i < pair[0]; i++ {
			c.text(part, i+1, before[i], exam.Text{})
		}
		for ; j < pair[1]; j++ {
			c.text(part, j+1, exam.Text{}, after[j])
		}
		i, j = pair[0]+1, pair[1]+1
	}
}

// maxCompared bounds the pairs of texts of which common looks for the longest list: a question may have
// hundreds of gaps, each with as many options.
const maxCompared = 1 << 18

// common is a list of texts that both have in order, as places in each: what they begin and end with, and
// between these the longest there is, or none where that would be too many to look at.
func common(a, b []exam.Text) [][2]int {
	var out [][2]int
	start := 0
	for ; start < min(len(a), len(b)) && a[start] == b[start]; start++ {
		out = append(out, [2]int{start, start})
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	between := [2][]exam.Text{a[start : len(a)-end], b[start : len(b)-end]}
	if len(between[0])*len(between[1]) <= maxCompared {
		for _, pair := range longestCommon(between[0], between[1]) {
			out = append(out, [2]int{start + pair[0], start + pair[1]})
		}
	}
	for ; end > 0; end-- {
		out = append(out, [2]int{len(a) - end, len(b) - end})
	}
	return out
}

// longestCommon is the longest list of texts that both have in order, as places in each.
func longestCommon(a, b []exam.Text) [][2]int {
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if best[i][j] = max(best[i+1][j], best[i][j+1]); a[i] == b[j] {
				best[i][j] = best[i+1][j+1] + 1
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}
