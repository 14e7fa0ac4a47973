package questionset

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
)

// decimalWeight writes a weight as a part of 1, times a factor: one that is a rounded n/d, such as 3333 for
// 1/3, as that.
func decimalWeight(weight, factor int) string {
	part := float64(weight) / exam.FullCredit
	for d := 3; d <= 20; d++ {
		n := math.Round(part * float64(d))
		if off := math.Abs(part - n/float64(d)); off > 0 && off < 1.0/exam.FullCredit {
			part = n / float64(d)
			break
		}
	}
	return strconv.FormatFloat(math.Round(part*float64(factor)*1e9)/1e9, 'f', -1, 64)
}

func correctXML(values ...string) string {
	if len(values) == 0 {
		return ""
	}
	var b strings.Builder
	for _, v := range values {
		b.WriteString("<value>" + xmlEscape(v) + "</value>")
	}
	return "<correctResponse>" + b.String() + "</correctResponse>"
}

func entryXML(key, value, more string) string {
	return fmt.Sprintf(`<mapEntry mapKey="%s" mappedValue="%s"%s/>`, xmlEscape(key), value, more)
}

// choices writes a choice interaction, and declares how it is scored.
func (w *qti2ItemWriter) choices() string {
	q := &w.Question.Question
	cardinality, most := "single", "1"
	if q.Type == exam.MultipleChoice {
		cardinality, most = "multiple", "0"
	}
	w.declareChoice(cardinality)
	var b strings.Builder
	kept := exam.KeptPlaces(q.Options) // as papers keep them; other programs cannot know of it otherwise
	class, shuffle := "", shuffles(q.Options)
	if q.Type == exam.TrueFalse {
		class, shuffle = ` class="`+qtiTruthClass+`"`, false
	}
	fmt.Fprintf(&b, `<choiceInteraction responseIdentifier="RESPONSE"%s shuffle="%t" maxChoices="%s">`+"\n", class, shuffle, most)
	for i, o := range q.Options {
		fmt.Fprintf(&b, `<simpleChoice identifier="%s"%s>%s`, qtiID(o.ID), fixedXML(o.Fixed, kept[i]), flowXML(o.Text, "../"))
		if t := w.Feedback.Options[o.ID]; t.Source != "" {
			fmt.Fprintf(&b, `<feedbackInline outcomeIdentifier="FEEDBACK" identifier="%s" showHide="show">%s</feedbackInline>`, qtiID(o.ID), flowXML(t, "../"))
		}
		b.WriteString("</simpleChoice>\n")
	}
	if len(w.Feedback.Options) > 0 {
		w.showFeedback(cardinality)
	}
	return b.String() + "</choiceInteraction>"
}

func shuffles(options []exam.Option) bool {
	return slices.ContainsFunc(options, func(o exam.Option) bool { return !o.Fixed })
}

// fixedXML keeps an option in its place. One that is kept for its text alone is marked, so that it is read again as
// it was.
func fixedXML(fixed, kept bool) string {
	switch {
	case fixed:
		return ` fixed="true"`
	case kept:
		return ` class="` + qtiKeptClass + `" fixed="true"`
	}
	return ""
}

// declareChoice says what the options are worth.
func (w *qti2ItemWriter) declareChoice(cardinality string) {
	var right, entries []string
	plain, positive := true, 0
	for _, o := range w.Question.Question.Options {
		weight := w.Key.Options[o.ID]
		if weight != 0 {
			entries = append(entries, entryXML(qtiID(o.ID), decimalWeight(weight, 1), ""))
			plain = plain && weight == exam.FullCredit
		}
		if weight > 0 {
			right = append(right, qtiID(o.ID))
		}
		positive += max(weight, 0)
	}
	multiple := cardinality == "multiple"
	if multiple && w.Key.Rule == exam.ByExam {
		w.warning(forgetRule, codeQTI2OutByExam)
	}
	if (!multiple || w.Key.Rule != exam.Whole) && positive < exam.FullCredit {
		w.warning(forgetBest, codeQTI2OutBest, "best", percent(positive))
	}
	if multiple && (w.Key.Rule == exam.Whole || w.Key.Rule == exam.ByExam && !w.Key.Weighted) || !multiple && plain && len(right) == 1 {
		w.template = "match_correct"
		w.declare("RESPONSE", cardinality, "identifier", correctXML(right...))
		return
	}
	w.template = "map_response"
	bounds := ` lowerBound="0" upperBound="1"`
	if !multiple {
		bounds, right = "", right[:min(len(right), 1)]
	}
	w.declare("RESPONSE", cardinality, "identifier", correctXML(right...)+`<mapping defaultValue="0"`+bounds+">"+strings.Join(entries, "")+"</mapping>")
}

// showFeedback writes the template out, and shows what belongs to the chosen options.
func (w *qti2ItemWriter) showFeedback(cardinality string) {
	fmt.Fprintf(&w.declarations, `<outcomeDeclaration identifier="FEEDBACK" cardinality="%s" baseType="identifier"/>`+"\n", cardinality)
	steps := ruleTemplates[w.template]
	w.rules.WriteString(strings.TrimSuffix(strings.TrimPrefix(steps, "<r>"), "</r>"))
	w.rules.WriteString(`<setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/></setOutcomeValue>`)
}

// textMapping is the mapping of accepted texts; one with wildcards is told and left out, but for one that
// takes everything. It reports false when nothing is left.
func (w *qti2ItemWriter) textMapping(keys []exam.TextKey, factor int) (string, bool) {
	var entries []string
	right, best, rest := "", 0, 0
	for _, k := range keys {
		if k.Pattern == "*" {
			rest = k.Weight
			break
		}
		if hasWildcard(k.Pattern) {
			w.warning(forgetWildcards, codeQTI2OutWildcard, "text", k.Pattern)
			continue
		}
		text := unstarred.Replace(k.Pattern)
		entries = append(entries, entryXML(text, decimalWeight(k.Weight, factor), fmt.Sprintf(` caseSensitive="%t"`, k.CaseSensitive)))
		if k.Weight > best {
			right, best = text, k.Weight
		}
	}
	mapping := fmt.Sprintf(`<mapping defaultValue="%s">%s</mapping>`, decimalWeight(rest, factor), strings.Join(entries, ""))
	if right != "" {
		mapping = correctXML(right) + mapping
	}
	return mapping, len(entries) > 0
}

// refuse tells a question that the file does not hold.
func (w *qti2ItemWriter) refuse(code Code) (string, bool) {
	w.report.error(w.place, code)
	return "", false
}

// withEntry puts an interaction where the stem has the mark of a missing word, else below it.
func withEntry(stem, interaction string) string {
	if strings.Count(stem, gapMark(formatHTML)) == 1 {
		return strings.Replace(stem, gapMark(formatHTML), interaction, 1)
	}
	return stem + "<div>" + interaction + "</div>"
}

const entryField = `<textEntryInteraction responseIdentifier="RESPONSE"/>`

func (w *qti2ItemWriter) shortText(stem string) (string, bool) {
	mapping, ok := w.textMapping(w.Key.Texts, 1)
	if !ok {
		return w.refuse(codeQTI2OutNoText)
	}
	w.declare("RESPONSE", "single", "string", mapping)
	w.template = "map_response"
	return withEntry(stem, entryField), true
}

func (w *qti2ItemWriter) number(stem string) string {
	w.declare("RESPONSE", "single", "float", correctNumber(w.Key.Numbers))
	w.rules.WriteString(numberRules("RESPONSE", w.Key.Numbers, 1))
	if w.Question.Question.Unit != "" {
		w.warning(forgetUnit, codeQTI2OutUnit, "text", w.Question.Question.Unit)
	}
	return withEntry(stem, entryField)
}

// correctNumber shows the best answer.
func correctNumber(keys []exam.NumberKey) string {
	best := -1
	for i := range keys {
		if best < 0 || keys[i].Weight > keys[best].Weight {
			best = i
		}
	}
	if best < 0 || keys[best].Min == leastNumber {
		return ""
	}
	return correctXML(keys[best].Min)
}

// numberRules adds to SCORE what the first range that holds the number is worth.
func numberRules(id string, keys []exam.NumberKey, factor int) string {
	var b strings.Builder
	b.WriteString("<responseCondition>")
	for i, k := range keys {
		name := "responseElseIf"
		if i == 0 {
			name = "responseIf"
		}
		fmt.Fprintf(&b, `<%s>%s%s</%s>`, name, inRange(id, k), addScore(decimalWeight(k.Weight, factor)), name)
	}
	return b.String() + "</responseCondition>"
}

func inRange(id string, k exam.NumberKey) string {
	variable := `<variable identifier="` + qtiID(id) + `"/>`
	bound := func(s string) string { return `<baseValue baseType="float">` + s + "</baseValue>" }
	var parts []string
	if k.Min != leastNumber {
		parts = append(parts, "<gte>"+variable+bound(k.Min)+"</gte>")
	}
	if k.Max != greatestNumber {
		parts = append(parts, "<lte>"+variable+bound(k.Max)+"</lte>")
	}
	return "<and>" + strings.Join(parts, "") + "</and>"
}

func addScore(value string) string {
	return `<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><baseValue baseType="float">` + value + "</baseValue></sum></setOutcomeValue>"
}
