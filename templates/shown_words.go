package templates

import (
	"slices"
	"strings"
)

func choiceType(kind AnswerKind) string {
	if kind == KindMultipleChoice {
		return "checkbox"
	}
	return "radio"
}

// rowText words what a row holds: an option's text, or what was typed.
func (b Body) rowText(page Page, item Item) string {
	if b.Kind == KindOrdering {
		return item.Value
	}
	options := b.rowOptions(item)
	if i := slices.IndexFunc(options, func(o Option) bool { return o.Value == item.Value }); i >= 0 {
		return b.pick(page, options, i)
	}
	return item.Value
}

func optionTexts(page Page, kind AnswerKind, options []Option) string {
	texts := make([]string, len(options))
	for i, o := range options {
		texts[i] = o.label(page, kind)
	}
	return strings.Join(texts, " / ")
}

// shownStimulus is the id of the passage of a question with an id: stimulus-3 of question-3.
func shownStimulus(id string) string {
	_, number, _ := strings.Cut(id, "-")
	return "stimulus-" + number
}

// shownRows are the items that are listed: of a text with gaps those that it does not hold, and those
// with choices, so that these can be read.
func (b Body) shownRows() []int {
	var out []int
	for i := range b.Items {
		if !b.placed(i) || len(b.Items[i].Options) > 0 {
			out = append(out, i)
		}
	}
	return out
}
