package templates

import "strings"

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
	return b.optionLine(page, b.rowOptions(item), item.Value).Text
}

func optionTexts(page Page, kind AnswerKind, options []Option) string {
	texts := make([]string, len(options))
	for i, o := range options {
		texts[i] = o.label(page, kind)
	}
	return strings.Join(texts, " / ")
}
