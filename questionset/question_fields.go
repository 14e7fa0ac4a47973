package questionset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
)

// A question as a form holds it: Fields by these paths.
//
//   - type, title, number, category, year, reference, difficulty, tags (separated by commas), group, unit,
//     rule: as in exam.Question and Question;
//   - stem, stimulus, explanation, guide: texts, each with its format in X.format; without one, and for the
//     texts of rows, it is that of the stem;
//   - weighted: answers have the weights of rows[i].weight, in percent, else those of rows[i].right count in
//     full; right, the number of a row, where only one can be right;
//   - rows[i], from 1: an option (id, text, right, weight, fixed, note), an accepted text (text, weight, case),
//     an accepted number, a number with tolerance or a range (text, weight), a pair (id, text, option, match:
//     the right side; without text a further right side), an item in its right order (id, text), or a gap
//     (id, text: what it is called, kind: text, number or choice, answers: one for each line, case, weight: how
//     much the gap counts beside the others). Empty rows are left out.
//
// An answer of a gap may begin with its weight, %50%; of a gap of choices every line is an option, and those
// that are right begin with a star or a weight. A backslash before these signs takes them as they are.

// rowPath is the path of a row, counted from 1.
func rowPath(i int) string { return fmt.Sprintf("rows[%d]", i) }

// The kinds of gaps.
const (
	gapOfText   = "text"
	gapOfNumber = "number"
	gapOfChoice = "choice"
)

// QuestionFields gives a question as its form.
func QuestionFields(q *Question) Fields {
	w := fieldWriter{f: Fields{}, q: q, format: textFormat(q.Question.Stem)}
	w.about()
	switch t := q.Question.Type; {
	case t.IsChoice():
		w.choice()
	case t == exam.ShortText:
		for i, k := range q.Key.Texts {
			w.row(i, "text", k.Pattern)
			w.row(i, "weight", partly(k.Weight))
			w.row(i, "case", ticked(k.CaseSensitive))
		}
	case t == exam.Numeric:
		for i, k := range q.Key.Numbers {
			w.row(i, "text", rangeOf(k))
			w.row(i, "weight", partly(k.Weight))
		}
	case t == exam.Matching:
		w.matching()
	case t == exam.Ordering:
		for i, p := range promptsInOrder(q) {
			w.row(i, "id", p.ID)
			w.text(rowPath(i+1)+".text", p.Text)
		}
	case t == exam.Gaps:
		for i := range q.Question.Prompts {
			w.gap(i, &q.Question.Prompts[i])
		}
	}
	return w.f
}

type fieldWriter struct {
	f      Fields
	q      *Question
	format exam.TextFormat // of the stem
}

func textFormat(t exam.Text) exam.TextFormat {
	if t.Format == "" {
		return exam.Plain
	}
	return t.Format
}

func ticked(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// partly is a weight in percent, "" for all.
func partly(weight int) string {
	if weight == exam.FullCredit {
		return ""
	}
	return percent(weight)
}

func rangeOf(k exam.NumberKey) string {
	if k.Min == k.Max {
		return k.Min
	}
	return k.Min + ".." + k.Max
}

func (w *fieldWriter) row(i int, name, value string) { w.f.set(rowPath(i+1)+"."+name, value) }

// text writes a text, and its format where it is not the stem's.
func (w *fieldWriter) text(path string, t exam.Text) {
	w.f.set(path, t.Source)
	if t.Source != "" && textFormat(t) != w.format {
		w.f.set(path+".format", string(textFormat(t)))
	}
}

func (w *fieldWriter) about() {
	q := w.q
	for name, value := range map[string]string{
		"type": string(q.Question.Type), "title": q.Question.Title, "number": q.Number, "category": q.Category,
		"reference": q.Reference, "difficulty": q.Difficulty, "tags": strings.Join(q.Tags, ", "), "group": q.Question.Group,
		"unit": q.Question.Unit, "rule": string(q.Key.Rule), "stem": q.Question.Stem.Source, "stem.format": string(w.format),
	} {
		w.f.set(name, value)
	}
	if q.Year != 0 {
		w.f.set("year", strconv.Itoa(q.Year))
	}
	w.text("stimulus", q.Question.Stimulus)
	w.text("explanation", q.Feedback.Explanation)
	w.text("guide", q.Key.Guide)
}

func (w *fieldWriter) choice() {
	key := &w.q.Key
	weighted := isWeighted(w.q)
	w.f.set("weighted", ticked(weighted))
	for i, o := range w.q.Question.Options {
		w.row(i, "id", o.ID)
		w.text(rowPath(i+1)+".text", o.Text)
		w.text(rowPath(i+1)+".note", w.q.Feedback.Options[o.ID])
		w.row(i, "fixed", ticked(o.Fixed))
		weight := key.Options[o.ID]
		if weighted && weight != 0 {
			w.row(i, "weight", percent(weight))
		}
		if weight <= 0 {
			continue
		}
		if w.q.Question.Type == exam.MultipleChoice {
			w.row(i, "right", "1")
		} else if w.f.get("right") == "" || weight == exam.FullCredit {
			w.f.set("right", strconv.Itoa(i+1))
		}
	}
}

// isWeighted tells a key that marks at the right options cannot say.
func isWeighted(q *Question) bool {
	full := 0
	for _, weight := range q.Key.Options {
		if weight == exam.FullCredit {
			full++
		} else if weight != 0 {
			return true
		}
	}
	return q.Key.Weighted || q.Question.Type != exam.MultipleChoice && full > 1
}

func (w *fieldWriter) matching() {
	used := map[string]bool{}
	options := map[string]exam.Option{}
	for _, o := range w.q.Question.Options {
		options[o.ID] = o
	}
	row := 0
	put := func(p exam.Prompt, o exam.Option) {
		w.row(row, "id", p.ID)
		w.text(rowPath(row+1)+".text", p.Text)
		w.row(row, "option", o.ID)
		w.text(rowPath(row+1)+".match", o.Text)
		used[o.ID] = true
		row++
	}
	for _, p := range w.q.Question.Prompts {
		put(p, options[w.q.Key.Pairs[p.ID]])
	}
	for _, o := range w.q.Question.Options {
		if !used[o.ID] {
			put(exam.Prompt{}, o)
		}
	}
}

// promptsInOrder are the items of an ordering question in their right order.
func promptsInOrder(q *Question) []exam.Prompt {
	list := slices.Clone(q.Question.Prompts)
	slices.SortStableFunc(list, func(a, b exam.Prompt) int {
		return slices.Index(q.Key.Order, a.ID) - slices.Index(q.Key.Order, b.ID)
	})
	return list
}

func (w *fieldWriter) gap(i int, p *exam.Prompt) {
	w.row(i, "id", p.ID)
	w.text(rowPath(i+1)+".text", p.Text)
	kind := gapOfText
	var lines []string
	switch keys := w.q.Key.Gaps[p.ID]; {
	case len(p.Options) > 0:
		kind = gapOfChoice
		lines = choiceLines(p.Options, keys)
	case p.Number:
		kind = gapOfNumber
		for _, k := range w.q.Key.GapNumbers[p.ID] {
			lines = append(lines, weightSign(k.Weight)+rangeOf(k))
		}
	default:
		for _, k := range keys {
			lines = append(lines, weightSign(k.Weight)+escapeSigns(k.Pattern, "%"))
			w.row(i, "case", ticked(k.CaseSensitive))
		}
	}
	w.row(i, "kind", kind)
	w.row(i, "answers", strings.Join(lines, "\n"))
	if weight := w.q.Key.Weights[p.ID]; weight > 1 {
		w.row(i, "weight", strconv.Itoa(weight))
	}
	for _, o := range p.Options {
		if textFormat(o.Text) != w.format {
			w.row(i, "answers.format", string(textFormat(o.Text)))
		}
	}
}

func choiceLines(options []exam.Option, keys []exam.TextKey) []string {
	weights := map[string]int{}
	for _, k := range keys {
		weights[k.Pattern] = k.Weight
	}
	lines := make([]string, len(options))
	for i, o := range options {
		lines[i] = escapeSigns(strings.ReplaceAll(o.Text.Source, "\n", " "), "%*")
		switch weight := weights[o.ID]; {
		case weight == exam.FullCredit:
			lines[i] = "*" + lines[i]
		case weight != 0:
			lines[i] = weightSign(weight) + lines[i]
		}
	}
	return lines
}

// weightSign begins an answer that earns another part than all.
func weightSign(weight int) string {
	if weight == exam.FullCredit {
		return ""
	}
	return "%" + percent(weight) + "%"
}

// escapeSigns lets a text begin with one of some signs, or with a backslash before one.
func escapeSigns(text, signs string) string {
	if text != "" && (strings.ContainsRune(signs, rune(text[0])) || text[0] == '\\' && len(text) > 1 && strings.ContainsRune(signs+`\`, rune(text[1]))) {
		return `\` + text
	}
	return text
}
