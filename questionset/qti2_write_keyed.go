package questionset

import (
	"fmt"
	"strconv"
	"strings"

	"shiken/exam"
)

// matching writes a match interaction: each prompt takes one option, an option any number of prompts.
func (w *qti2ItemWriter) matching() string {
	q := &w.Question.Question
	var right, entries []string
	for _, p := range q.Prompts {
		if o := w.Key.Pairs[p.ID]; o != "" {
			right = append(right, qtiID(p.ID)+" "+qtiID(o))
		}
		for _, o := range q.Options {
			worth := 0
			switch {
			case w.Key.PairWeights != nil:
				worth = w.Key.PairWeights[p.ID][o.ID]
			case w.Key.Pairs[p.ID] == o.ID:
				worth = max(w.Key.Weights[p.ID], 1) * exam.FullCredit
			}
			if worth != 0 {
				entries = append(entries, entryXML(qtiID(p.ID)+" "+qtiID(o.ID), decimalWeight(worth, 1), ""))
			}
		}
	}
	w.template = "map_response"
	inside := correctXML(right...)
	if w.Key.Rule == exam.Whole {
		w.template = "match_correct"
	} else {
		inside += `<mapping defaultValue="0" lowerBound="0">` + strings.Join(entries, "") + "</mapping>"
	}
	w.declare("RESPONSE", "multiple", "directedPair", inside)
	return fmt.Sprintf(`<matchInteraction responseIdentifier="RESPONSE" shuffle="%t" maxAssociations="%d">`, shuffles(q.Options), len(q.Prompts)) +
		w.matchSet(promptOptions(q.Prompts), 1) + w.matchSet(q.Options, len(q.Prompts)) + "</matchInteraction>"
}

func promptOptions(prompts []exam.Prompt) []exam.Option {
	var list []exam.Option
	for _, p := range prompts {
		list = append(list, exam.Option{ID: p.ID, Text: p.Text})
	}
	return list
}

func (w *qti2ItemWriter) matchSet(options []exam.Option, most int) string {
	var b strings.Builder
	b.WriteString("\n<simpleMatchSet>")
	for _, o := range options {
		fmt.Fprintf(&b, `<simpleAssociableChoice identifier="%s" matchMax="%d"%s>%s</simpleAssociableChoice>`, qtiID(o.ID), most, fixedXML(o.Fixed, false), flowXML(o.Text, "../"))
	}
	return b.String() + "</simpleMatchSet>"
}

// ordering writes an order interaction. What is scored place by place, or pair by pair, needs a rule of its own.
func (w *qti2ItemWriter) ordering() string {
	q := &w.Question.Question
	w.declare("RESPONSE", "ordered", "identifier", correctXML(qtiIDs(w.Key.Order)...))
	switch {
	case w.Key.Rule == exam.Whole || w.Key.Rule == exam.Next && len(w.Key.Order) == 2:
		w.template = "match_correct"
	case len(w.Key.Order) > mostPermuted:
		w.warning(forgetOrder, codeQTI2OutOrder, "limit", mostPermuted)
		w.template = "match_correct"
	case w.Key.Rule == exam.Next:
		w.successions()
	default:
		for i := range w.Key.Order {
			w.earns(`<match>` + placeXML(i+1, `<variable identifier="RESPONSE"/>`) + placeXML(i+1, `<correct identifier="RESPONSE"/>`) + `</match>`)
		}
	}
	var b strings.Builder
	b.WriteString(`<orderInteraction responseIdentifier="RESPONSE" shuffle="true">`)
	for _, p := range q.Prompts {
		fmt.Fprintf(&b, `<simpleChoice identifier="%s">%s</simpleChoice>`, qtiID(p.ID), flowXML(p.Text, "../"))
	}
	return b.String() + "</orderInteraction>"
}

// successions scores each item that its right successor follows, wherever the two stand.
func (w *qti2ItemWriter) successions() {
	order := qtiIDs(w.Key.Order)
	at := func(place int, id string) string {
		return `<match>` + placeXML(place, `<variable identifier="RESPONSE"/>`) + `<baseValue baseType="identifier">` + id + `</baseValue></match>`
	}
	for i := 1; i < len(order); i++ {
		var b strings.Builder
		for place := 1; place < len(order); place++ {
			b.WriteString("<and>" + at(place, order[i-1]) + at(place+1, order[i]) + "</and>")
		}
		w.earns("<or>" + b.String() + "</or>")
	}
}

// earns adds a condition that is worth a point.
func (w *qti2ItemWriter) earns(condition string) {
	w.rules.WriteString(`<responseCondition><responseIf>` + condition + addScore("1") + "</responseIf></responseCondition>")
}

// placeXML is what stands at a place, from 1, of an ordered value.
func placeXML(place int, of string) string {
	return `<index n="` + strconv.Itoa(place) + `">` + of + `</index>`
}

// gaps writes interactions where the stem has the marks of gaps; those that have none stand below it.
func (w *qti2ItemWriter) gaps() (string, bool) {
	q := &w.Question.Question
	stem := blockXML(q.Stem, "../")
	var conditions []string
	for i, p := range q.Prompts {
		condition, ok := w.gap(p)
		if !ok {
			return w.refuse(codeQTI2OutNoText)
		}
		conditions = append(conditions, condition)
		field := w.gapField(p)
		if mark := gapText(i + 1); strings.Contains(stem, mark) {
			stem = strings.Replace(stem, mark, field, 1)
		} else {
			stem += "<div>" + field + "</div>"
		}
	}
	if w.Key.Rule == exam.Whole {
		w.rules.WriteString("<responseCondition><responseIf><and>" + strings.Join(conditions, "") + "</and>" + addScore("1") + "</responseIf></responseCondition>")
	}
	return stem, true
}

// gap declares one gap, adds to the rules, and returns the condition under which it is right.
func (w *qti2ItemWriter) gap(p exam.Prompt) (string, bool) {
	share := max(w.Key.Weights[p.ID], 1)
	id := qtiID(p.ID)
	whole := w.Key.Rule == exam.Whole
	if numbers := w.Key.GapNumbers[p.ID]; len(numbers) > 0 && len(p.Options) == 0 {
		w.declare(id, "single", "float", correctNumber(numbers))
		if !whole {
			w.rules.WriteString(numberRules(p.ID, numbers, share))
		}
		if len(w.Key.Gaps[p.ID]) > 0 {
			w.warning(forgetTexts(p.ID), codeQTI2OutGapTexts, "gap", p.ID)
		}
		return rightNumber(p.ID, numbers), true
	}
	mapping, base, ok := "", "string", true
	if len(p.Options) > 0 {
		mapping, base = choiceMapping(w.Key.Gaps[p.ID], share), "identifier"
	} else {
		mapping, ok = w.textMapping(w.Key.Gaps[p.ID], share)
	}
	w.declare(id, "single", base, mapping)
	if !whole {
		w.rules.WriteString(`<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><mapResponse identifier="` + id + `"/></sum></setOutcomeValue>`)
	}
	return `<gte><mapResponse identifier="` + id + `"/><baseValue baseType="float">` + strconv.Itoa(share) + "</baseValue></gte>", ok
}

func rightNumber(id string, keys []exam.NumberKey) string {
	var b strings.Builder
	b.WriteString("<or>")
	for _, k := range keys {
		if k.Weight == exam.FullCredit {
			b.WriteString(inRange(id, k))
		}
	}
	return b.String() + "</or>"
}

func choiceMapping(keys []exam.TextKey, factor int) string {
	var entries, right []string
	for _, k := range keys {
		entries = append(entries, entryXML(qtiID(k.Pattern), decimalWeight(k.Weight, factor), ""))
		if k.Weight == exam.FullCredit && len(right) == 0 {
			right = append(right, qtiID(k.Pattern))
		}
	}
	return correctXML(right...) + `<mapping defaultValue="0">` + strings.Join(entries, "") + "</mapping>"
}

func (w *qti2ItemWriter) gapField(p exam.Prompt) string {
	switch {
	case len(p.Options) == 0 && len(w.Question.Question.Prompts) == 1:
		return `<textEntryInteraction class="` + qtiGapClass + `" responseIdentifier="` + qtiID(p.ID) + `"/>`
	case len(p.Options) == 0:
		return `<textEntryInteraction responseIdentifier="` + qtiID(p.ID) + `"/>`
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<inlineChoiceInteraction responseIdentifier="%s" shuffle="%t">`, qtiID(p.ID), shuffles(p.Options))
	for _, o := range p.Options {
		fmt.Fprintf(&b, `<inlineChoice identifier="%s"%s>%s</inlineChoice>`, qtiID(o.ID), fixedXML(o.Fixed, false), xmlEscape(anyTag.ReplaceAllString(o.Text.Source, "")))
	}
	return b.String() + "</inlineChoiceInteraction>"
}
