package questionset

import (
	"slices"
	"strings"

	"shiken/exam"
)

// choice writes options with the letters of the right ones.
func (w *writtenRow) choice() bool {
	question, k := &w.q.Question, &w.q.Key
	if w.plainTruth() {
		w.cells[columnAnswer] = trueOption
		if k.Options[falseOption] == exam.FullCredit {
			w.cells[columnAnswer] = falseOption
		}
		return true
	}
	if len(question.Options) > maxOptions {
		return w.refuse(codeWriteOptions, "count", len(question.Options), "limit", maxOptions)
	}
	var right []int
	uneven := k.Weighted
	for i, place := range places(question.Options) {
		o := &question.Options[i]
		weight := k.Options[o.ID]
		name := optionID(place)
		w.cells[columnOption+name] = w.text(o.Text)
		w.cells[columnFeedback+name] = w.text(w.q.Feedback.Options[o.ID])
		if weight == exam.FullCredit || weight > 0 && question.Type == exam.MultipleChoice {
			right = append(right, place)
		}
		uneven = uneven || weight != 0 && weight != exam.FullCredit
	}
	if len(right) == 0 || len(right) > 1 && question.Type != exam.MultipleChoice {
		return w.refuse(codeWriteKey)
	}
	if uneven {
		w.lost(codeWriteWeights)
	}
	w.cells[columnAnswer] = letters(right)
	w.fixed()
	return true
}

// plainTruth tells a question of right or wrong whose options reading makes by itself.
func (w *writtenRow) plainTruth() bool {
	q := w.q
	if q.Question.Type != exam.TrueFalse || len(q.Feedback.Options) > 0 {
		return false
	}
	made := *q
	setTruth(&made, q.Key.Options[trueOption] == exam.FullCredit)
	return slices.Equal(made.Question.Options, q.Question.Options) && len(q.Key.Options) == 1 &&
		q.Key.Options[trueOption]+q.Key.Options[falseOption] == exam.FullCredit
}

// places are the columns of options: those that their ids name, where they stand in that order.
func places(options []exam.Option) []int {
	out := make([]int, len(options))
	for i := range options {
		out[i] = markPlace(options[i].ID)
		if out[i] < 0 || i > 0 && out[i] <= out[i-1] || out[i] >= maxOptions || optionID(out[i]) != options[i].ID {
			for j := range out {
				out[j] = j
			}
			return out
		}
	}
	return out
}

// fixed tells when options keep places that reading the table would not keep.
func (w *writtenRow) fixed() {
	again := slices.Clone(w.q.Question.Options)
	for i := range again {
		again[i].Fixed = false
	}
	checkOptions(&Report{}, place{}, again)
	if !slices.Equal(again, w.q.Question.Options) {
		w.lost(codeWriteFixed)
	}
}

// texts writes the accepted answers of a short text.
func (w *writtenRow) texts() bool {
	var list []string
	for _, t := range w.q.Key.Texts {
		if t.CaseSensitive {
			w.lost(codeWriteCase, "text", t.Pattern)
		}
		if !w.full(t.Pattern, t.Weight) {
			continue
		}
		if strings.Contains(t.Pattern, `\|`) || strings.HasSuffix(t.Pattern, `\`) || strings.Trim(t.Pattern, "* ") == "" {
			return w.refuse(codeWriteAnswer, "text", t.Pattern)
		}
		list = append(list, strings.ReplaceAll(t.Pattern, "|", `\|`))
	}
	if len(list) > 0 && len(alternatives(strings.Join(list, "|"))) != len(list) {
		return w.refuse(codeWriteAnswer, "text", list[0])
	}
	return w.alternatives(list)
}

// full reports whether an answer earns everything; one that earns a part is left out, which is told.
func (w *writtenRow) full(text string, weight int) bool {
	if weight != exam.FullCredit {
		w.lost(codeWritePartial, "text", text, "weight", percents([]int{weight}))
	}
	return weight == exam.FullCredit
}

func (w *writtenRow) alternatives(list []string) bool {
	if len(list) == 0 {
		return w.refuse(codeWriteKey)
	}
	w.cells[columnAnswer] = strings.Join(list, "|")
	return true
}

// numbers writes the accepted ranges of a number.
func (w *writtenRow) numbers() bool {
	var list []string
	for _, n := range w.q.Key.Numbers {
		text := n.Min + ".." + n.Max
		if n.Min == n.Max {
			text = n.Min
		}
		if !w.full(text, n.Weight) {
			continue
		}
		if low, high, ok := numericRange(text); !ok || low != n.Min || high != n.Max {
			return w.refuse(codeWriteAnswer, "text", text)
		}
		list = append(list, text)
	}
	return w.alternatives(list)
}

// pairs writes "left -> right" for each prompt, and "-> right" for what is left over.
func (w *writtenRow) pairs() bool {
	question := &w.q.Question
	texts := map[string]string{}
	seen := map[string]bool{}
	for i := range question.Options {
		text := w.text(question.Options[i].Text)
		if seen[text] {
			return w.refuse(codeWriteAnswer, "text", text)
		}
		texts[question.Options[i].ID], seen[text] = text, true
	}
	var cells []string
	for i := range question.Prompts {
		p := &question.Prompts[i]
		left, option := w.text(p.Text), w.q.Key.Pairs[p.ID]
		if _, _, arrow := cutArrow(left); arrow || texts[option] == "" {
			return w.refuse(codeWriteAnswer, "text", left)
		}
		cells = append(cells, left+" -> "+texts[option])
		seen[texts[option]] = false
	}
	for i := range question.Options {
		if text := texts[question.Options[i].ID]; seen[text] {
			cells = append(cells, "-> "+text)
		}
	}
	return w.optionCells(cells)
}

// optionCells writes texts into the option columns.
func (w *writtenRow) optionCells(cells []string) bool {
	if len(cells) > maxOptions {
		return w.refuse(codeWriteOptions, "count", len(cells), "limit", maxOptions)
	}
	for i, text := range cells {
		w.cells[columnOption+optionID(i)] = text
	}
	return true
}

// order writes the items as they stand, and their right order by letters where it is another.
func (w *writtenRow) order() bool {
	var cells []string
	at := map[string]int{}
	for i := range w.q.Question.Prompts {
		p := &w.q.Question.Prompts[i]
		cells, at[p.ID] = append(cells, w.text(p.Text)), i
	}
	var order []int
	for _, id := range w.q.Key.Order {
		order = append(order, at[id])
	}
	if len(order) != len(cells) {
		return w.refuse(codeWriteKey)
	}
	if !slices.IsSorted(order) {
		w.cells[columnAnswer] = letters(order)
	}
	return w.optionCells(cells)
}
