package questionset_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
	"shiken/questionset"
)

// TestAnyQuestionComesBack writes questions of every type out of pieces that matter, within what the
// format can say.
func TestAnyQuestionComesBack(t *testing.T) {
	for _, format := range []questionset.Format{questionset.GIFT, questionset.MXML} {
		t.Run(string(format), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				g := &generator{T: rt, moodle: format == questionset.MXML}
				q := g.question()
				report, again, text := exported(rt, format, &questionset.Set{Questions: []questionset.Question{q}})
				for _, code := range reported(report) {
					if code != "note export_gift_gaps" {
						rt.Fatalf("reported %q\n%+v\n%s", code, q, text)
					}
				}
				if len(again.Questions) != 1 {
					rt.Fatalf("%q\n%s", found(again), text)
				}
				if got := again.Questions[0]; questionset.ContentHash(q.Question, q.Key, q.Feedback) != got.ContentHash || q.Category != got.Category {
					rt.Fatalf("%+v\nread again\n%+v\n%s", q, got, text)
				}
			})
		})
	}
}

// generator makes questions with the ids that imports give.
type generator struct {
	*rapid.T
	moodle bool
}

var textPieces = []string{"m", "k l", " ", "1 < 2", "{x}", "}", "~", "=", "#", ":", "::", `\frac`, `\`, "\n", "[html]", "//", "日本", "%50%", "*", "&amp;", "&", "<b>x</b>",
	"]]>", "<![CDATA[", "####", "$CATEGORY:", "'\"", "T"}

func (g *generator) source(lines bool) string {
	pieces := rapid.SliceOfN(rapid.SampledFrom(textPieces), 1, 8).Draw(g.T, "text")
	list := strings.Split(strings.Join(pieces, ""), "\n")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	between := "\n"
	if !lines {
		between = " "
	}
	return strings.TrimSpace("x" + strings.Join(list, between) + rapid.SampledFrom([]string{"", "y"}).Draw(g.T, "end"))
}

func (g *generator) text() exam.Text {
	format := rapid.SampledFrom([]exam.TextFormat{"", exam.HTML, exam.Markdown}).Draw(g.T, "format")
	if format == exam.Markdown && g.moodle {
		return exam.Text{Format: format, Source: strings.TrimSpace(strings.NewReplacer("<", "", "&", "").Replace(g.source(true)))}
	}
	return exam.Text{Format: format, Source: g.source(true)}
}

func (g *generator) maybe() exam.Text {
	if rapid.Bool().Draw(g.T, "empty") {
		return exam.Text{}
	}
	return g.text()
}

// weights are n weights of which the first is full; Moodle knows them all.
func (g *generator) weights(n int) []int {
	out := rapid.SliceOfN(rapid.SampledFrom([]int{0, 0, 10_000, 5_000, 3_333, 1_429, 500}), n, n).Draw(g.T, "weights")
	out[0] = exam.FullCredit
	return out
}

func (g *generator) question() questionset.Question {
	q := questionset.Question{Number: g.source(false), Category: rapid.SampledFrom([]string{"", "A/B", "C // {D}: =#~"}).Draw(g.T, "category")}
	q.Question.Stem = g.text()
	types := map[exam.QuestionType]func(*questionset.Question){
		exam.SingleChoice: g.choice, exam.MultipleChoice: g.choice, exam.TrueFalse: g.truth, exam.ShortText: g.texts, exam.Numeric: g.numbers,
		exam.Matching: g.pairs, exam.Gaps: g.gaps, exam.Essay: g.essay, exam.Description: func(*questionset.Question) {},
	}
	if g.moodle {
		types[exam.Ordering] = g.order
	}
	kinds := make([]exam.QuestionType, 0, len(types))
	for kind := range types {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	q.Question.Type = rapid.SampledFrom(kinds).Draw(g.T, "type")
	if g.moodle || q.Question.Type != exam.Description && q.Question.Type != exam.Gaps {
		q.Feedback.Explanation = g.maybe()
	}
	types[q.Question.Type](&q)
	return q
}

func (g *generator) choice(q *questionset.Question) {
	weights := g.weights(rapid.IntRange(2, 5).Draw(g.T, "options"))
	q.Key.Options, q.Feedback.Options = map[string]int{}, map[string]exam.Text{}
	if q.Question.Type == exam.MultipleChoice {
		q.Key.Weighted = true
		weights[1] = -weights[1]
	}
	if !g.moodle && q.Question.Type == exam.SingleChoice {
		weights[len(weights)-1] = 0 // without a wrong one GIFT reads answers to be typed
	}
	fixed := g.moodle && rapid.Bool().Draw(g.T, "fixed")
	for i, w := range weights {
		id := string(rune('a' + i))
		q.Question.Options = append(q.Question.Options, exam.Option{ID: id, Text: g.text(), Fixed: fixed})
		if w != 0 {
			q.Key.Options[id] = w
		}
		if t := g.maybe(); t.Source != "" {
			q.Feedback.Options[id] = t
		}
	}
}

func (g *generator) truth(q *questionset.Question) {
	words := []string{"True", "False"}
	if strings.Contains(q.Question.Stem.Source, "日本") {
		words = []string{"正しい", "誤り"}
	}
	for i, id := range []string{"true", "false"} {
		q.Question.Options = append(q.Question.Options, exam.Option{ID: id, Text: exam.Text{Source: words[i]}})
	}
	q.Key.Options = map[string]int{rapid.SampledFrom([]string{"true", "false"}).Draw(g.T, "truth"): exam.FullCredit}
	q.Feedback.Options = map[string]exam.Text{}
	if t := g.maybe(); t.Source != "" {
		q.Feedback.Options["true"] = t
	}
}

func (g *generator) texts(q *questionset.Question) {
	caseCounts := g.moodle && rapid.Bool().Draw(g.T, "case")
	for _, w := range g.weights(rapid.IntRange(1, 4).Draw(g.T, "answers")) {
		q.Key.Texts = append(q.Key.Texts, exam.TextKey{Pattern: strings.TrimPrefix(g.source(g.moodle), "x") + "z", Weight: w, CaseSensitive: caseCounts})
	}
	for i := range q.Key.Texts {
		q.Key.Texts[i].Pattern = strings.TrimSpace(q.Key.Texts[i].Pattern)
	}
}

// ranges are accepted numbers with up to two decimals.
func (g *generator) ranges() []exam.NumberKey {
	var out []exam.NumberKey
	written := func(hundredths int) string { return strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64) }
	for _, w := range g.weights(rapid.IntRange(1, 3).Draw(g.T, "answers")) {
		low, width := rapid.IntRange(-500, 500).Draw(g.T, "low"), rapid.IntRange(0, 30).Draw(g.T, "width")
		out = append(out, exam.NumberKey{Min: written(low), Max: written(low + width), Weight: w})
	}
	return out
}

func (g *generator) numbers(q *questionset.Question) {
	q.Key.Numbers = g.ranges()
	if g.moodle {
		q.Question.Unit = rapid.SampledFrom([]string{"", "m", "<kg> & m"}).Draw(g.T, "unit")
	}
}

func (g *generator) pairs(q *questionset.Question) {
	q.Key.Pairs = map[string]string{}
	for i := range rapid.IntRange(2, 4).Draw(g.T, "pairs") {
		p, o := fmt.Sprintf("p%d", i+1), string(rune('a'+i))
		q.Question.Prompts = append(q.Question.Prompts, exam.Prompt{ID: p, Text: g.text()})
		q.Question.Options = append(q.Question.Options, exam.Option{ID: o, Text: exam.Text{Source: g.source(g.moodle) + o}})
		q.Key.Pairs[p] = o
	}
	q.Key.Pairs["p2"] = "a"
	last := len(q.Question.Options) - 1
	q.Question.Options = append(append(q.Question.Options[:1:1], q.Question.Options[2:]...), q.Question.Options[1])
	for i := range q.Question.Options {
		q.Question.Options[i].ID = string(rune('a' + i))
	}
	for i := 3; i <= last+1; i++ {
		q.Key.Pairs[fmt.Sprintf("p%d", i)] = string(rune('a' + i - 2))
	}
}

func (g *generator) order(q *questionset.Question) {
	q.Key.Rule = rapid.SampledFrom([]exam.ScoringRule{exam.ByExam, exam.Whole, exam.Next}).Draw(g.T, "rule")
	for i := range rapid.IntRange(2, 4).Draw(g.T, "items") {
		id := fmt.Sprintf("p%d", i+1)
		q.Question.Prompts = append(q.Question.Prompts, exam.Prompt{ID: id, Text: g.text()})
		q.Key.Order = append(q.Key.Order, id)
	}
}

func (g *generator) essay(q *questionset.Question) {
	if g.moodle {
		q.Key.Guide = g.maybe()
	}
}

func (g *generator) gaps(q *questionset.Question) {
	place := "_____(%d)"
	if q.Question.Stem.Format == exam.Markdown {
		place = `\_\_\_\_\_(%d)`
	}
	for i := range rapid.IntRange(1, 4).Draw(g.T, "gaps") {
		q.Question.Stem.Source += fmt.Sprintf(" "+place, i+1)
		p := exam.Prompt{ID: fmt.Sprintf("g%d", i+1), Text: exam.Text{Source: fmt.Sprintf("(%d)", i+1)}}
		g.gap(q, &p)
		q.Question.Prompts = append(q.Question.Prompts, p)
		if w := rapid.IntRange(1, 3).Draw(g.T, "share"); w > 1 {
			if q.Key.Weights == nil {
				q.Key.Weights = map[string]int{}
			}
			q.Key.Weights[p.ID] = w
		}
	}
}

func (g *generator) gap(q *questionset.Question, p *exam.Prompt) {
	kind := rapid.SampledFrom([]string{"number", "choice", "text"}).Draw(g.T, "kind")
	if kind == "number" {
		p.Number = true
		if q.Key.GapNumbers == nil {
			q.Key.GapNumbers = map[string][]exam.NumberKey{}
		}
		q.Key.GapNumbers[p.ID] = g.ranges()
		return
	}
	if q.Key.Gaps == nil {
		q.Key.Gaps = map[string][]exam.TextKey{}
	}
	fixed := rapid.Bool().Draw(g.T, "fixed")
	for j, w := range g.weights(rapid.IntRange(2, 4).Draw(g.T, "answers")) {
		key := exam.TextKey{Pattern: strings.TrimPrefix(g.source(false), "x") + "z", Weight: w, CaseSensitive: kind == "text" && fixed}
		if kind == "choice" {
			o := exam.Option{ID: p.ID + string(rune('a'+j)), Text: exam.Text{Source: strings.TrimSpace(key.Pattern)}, Fixed: fixed}
			p.Options = append(p.Options, o)
			key.Pattern = o.ID
		}
		key.Pattern = strings.TrimSpace(key.Pattern)
		q.Key.Gaps[p.ID] = append(q.Key.Gaps[p.ID], key)
	}
}
