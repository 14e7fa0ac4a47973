package questionset

import (
	"strings"

	"shiken/exam"
)

// optionCell is an option of a row that has a text.
type optionCell struct {
	place int // 0-based
	text  string
}

func (w *tableRow) optionCells() []optionCell {
	var out []optionCell
	for place := range max(len(w.header.options), len(w.list.parts)) {
		if text := w.get(columnOption + placeName(place)); text != "" {
			out = append(out, optionCell{place, text})
		}
	}
	return out
}

// soundCells are the option cells, judged; false when one is not sound.
func (w *tableRow) soundCells() ([]optionCell, bool) {
	cells, sound := w.optionCells(), true
	for _, c := range cells {
		sound = w.file.Report.checkText(w.p.at(columnOption+placeName(c.place)), c.text, MaxText) && sound
	}
	return cells, sound
}

// choice reads a choice of one or several options.
func (w *tableRow) choice(kind rowKind) bool {
	options, sound := w.options()
	if !sound {
		return false
	}
	w.q.Question.Options = options
	right, sound := w.rightOptions(options)
	if !sound {
		return false
	}
	if kind == rowSingle && len(right) > 1 {
		w.file.Report.error(w.p.at(columnAnswer), codeTypeKeys, "key", w.get(columnAnswer))
		return false
	}
	w.q.Key.Options = map[string]int{}
	for _, id := range right {
		w.q.Key.Options[id] = exam.FullCredit
	}
	w.q.Question.Type = choiceType(options, len(right))
	if kind == rowMultiple {
		w.q.Question.Type = exam.MultipleChoice
	}
	checkOptions(&w.file.Report, w.p, options)
	return w.optionFeedback()
}

func choiceType(options []exam.Option, right int) exam.QuestionType {
	switch {
	case right > 1:
		return exam.MultipleChoice
	case isTruthPair(options):
		return exam.TrueFalse
	}
	return exam.SingleChoice
}

// options reads the option cells; empty ones are left out with a warning, which is a mere note
// where the options that are there say true and false, and nothing at all where they are the last.
func (w *tableRow) options() ([]exam.Option, bool) {
	r := &w.file.Report
	cells, sound := w.soundCells()
	var out []exam.Option
	for _, c := range cells {
		out = append(out, exam.Option{ID: optionID(c.place), Text: w.text(columnOption+placeName(c.place), c.text)})
	}
	empty := w.emptyOptions(cells)
	switch {
	case len(out) < 2:
		r.error(w.p, codeOneOption, "count", len(out))
		return nil, false
	case len(empty) > 0 && isTruthPair(out):
		r.note(w.p, codeEmptyOption, "options", strings.Join(empty, ", "))
	case len(empty) > 0:
		r.warning(w.p, codeEmptyOption, "options", strings.Join(empty, ", "))
	}
	return out, sound
}

// emptyOptions names the options without a text. Where a type column lets rows differ, or a template has
// more columns than most questions need, those behind the last option are none.
func (w *tableRow) emptyOptions(cells []optionCell) []string {
	last := len(w.header.options) - 1
	if len(cells) > 0 && (w.header.numbered || w.header.joined || w.header.has(columnType)) {
		last = cells[len(cells)-1].place
	}
	var empty []string
	for place := 0; place <= last; place++ {
		name := columnOption + placeName(place)
		if w.header.has(name) && w.get(name) == "" {
			empty = append(empty, strings.ToUpper(optionID(place)))
		}
	}
	return empty
}

// optionFeedback reads the feedback to single options.
func (w *tableRow) optionFeedback() bool {
	sound := true
	for place := range w.header.feedback {
		name := columnFeedback + optionID(place)
		text := w.get(name)
		switch {
		case text == "":
			continue
		case !w.file.Report.checkText(w.p.at(name), text, MaxText):
			sound = false
		case !hasOption(w.q.Question.Options, optionID(place)):
			w.file.Report.warning(w.p.at(name), codeFeedbackNoOption, "text", text)
		default:
			if w.q.Feedback.Options == nil {
				w.q.Feedback.Options = map[string]exam.Text{}
			}
			w.q.Feedback.Options[optionID(place)] = w.text(name, text)
		}
	}
	return sound
}
