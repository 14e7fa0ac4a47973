package questionset

import (
	"cmp"
	"math/big"
	"regexp"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// readShortAnswer reads accepted texts; the first that matches counts, so those that earn nothing are
// kept, too.
func (q *moodleQuestion) readShortAnswer() bool {
	q.Question.Question.Type = exam.ShortText
	list, ok := q.answers()
	if !ok {
		return false
	}
	best := 0
	for _, n := range list {
		weight, ok := q.fraction(n, 0)
		if !ok {
			return false
		}
		pattern := q.plain(n)
		if pattern == "" && weight > 0 {
			return q.wrong(n, codeEmptyRight)
		}
		if !q.isTypeable(n, pattern) {
			return false
		}
		q.addFeedback(pattern, q.text(n.Child("feedback")))
		if pattern == "" {
			continue
		}
		q.judgePattern(pattern, weight)
		key := exam.TextKey{Pattern: pattern, Weight: weight, CaseSensitive: q.isOn("usecase", false)}
		q.Key.Texts = append(q.Key.Texts, key)
		best = max(best, weight)
	}
	return q.earns(best)
}

// wrappedText finds a text that stands whole in an element, as editors leave it.
var wrappedText = regexp.MustCompile(`(?is)^<(?:p|div|span)\b[^<>]*>.*</(?:p|div|span)\s*>$`)

// isTypeable refuses an answer to be typed that says it is HTML, and tells of one that looks like it; tags may be what
// the question asks for.
func (q *moodleQuestion) isTypeable(n *xmltree.Node, pattern string) bool {
	form, _ := formOf(n, formatPlain)
	switch {
	case form == formatHTML && anyTag.MatchString(pattern):
		return q.wrong(n, codeMoodleMarkup, "text", pattern)
	case wrappedText.MatchString(pattern):
		q.report.warning(q.at(n), codeMoodleTags, "text", pattern)
	}
	return true
}

// earns judges the best answer of a question whose answers are typed.
func (q *moodleQuestion) earns(best int) bool {
	if best == 0 {
		q.error("", codeNoKey)
		return false
	}
	if best < exam.FullCredit {
		q.warning("", codeNoFull, "best", percent(best))
	}
	return true
}

// readNumerical reads accepted numbers with their tolerances, and the unit.
func (q *moodleQuestion) readNumerical() bool {
	q.Question.Question.Type = exam.Numeric
	list, ok := q.answers()
	if !ok || !q.readUnit() {
		return false
	}
	best := 0
	for _, n := range list {
		weight, ok := q.numberFraction(n)
		if !ok || !q.addNumber(n, weight) {
			return false
		}
		best = max(best, weight)
	}
	return q.earns(best)
}

// numberFraction reads what a number earns; old files say it in an element, as a part of 1.
func (q *moodleQuestion) numberFraction(n *xmltree.Node) (weight int, ok bool) {
	old := strings.TrimSpace(n.Child("fraction").String())
	if old == "" {
		return q.fraction(n, 0)
	}
	v, isNumber := number(old)
	if !isNumber || v.Sign() < 0 || v.Cmp(big.NewRat(1, 1)) > 0 {
		return 0, q.wrong(n, codeMoodleOldFraction, "fraction", old)
	}
	f, _ := v.Float64()
	return int(f*exam.FullCredit + 0.5), true
}

// addNumber adds one accepted number. A star that earns nothing only holds feedback.
func (q *moodleQuestion) addNumber(n *xmltree.Node, weight int) bool {
	value := q.plain(n)
	feedback := q.text(n.Child("feedback"))
	if (value == "*" || value == "") && weight == 0 {
		q.addFeedback("", feedback)
		return true
	}
	q.addFeedback(value, feedback)
	tolerance := strings.TrimSpace(n.Child("tolerance").String())
	if t, ok := number(tolerance); ok && t.Sign() == 0 {
		tolerance = ""
	}
	if tolerance != "" {
		tolerance = ":" + tolerance
	}
	low, high, ok := numericRange(value + tolerance)
	if !ok || strings.Contains(value, "..") || strings.Contains(value, ":") {
		return q.wrong(n, codeMoodleNumber, "text", value+tolerance)
	}
	q.Key.Numbers = append(q.Key.Numbers, exam.NumberKey{Min: low, Max: high, Weight: weight})
	return true
}

// readUnit reads the unit that answers are given in: the one with the multiplier 1. Other units cannot
// be typed here, and a unit that is part of the mark would be given away.
func (q *moodleQuestion) readUnit() bool {
	units := q.node.Child("units").Elements("unit")
	if len(units) == 0 {
		return true
	}
	if kind := q.value("unitgradingtype"); kind != "" && kind != "0" {
		q.error("unitgradingtype", codeMoodleUnitGraded)
		return false
	}
	for _, u := range units {
		multiplier := strings.TrimSpace(u.Child("multiplier").String())
		if q.Question.Question.Unit == "" && (multiplier == "" || isOne(multiplier)) {
			q.Question.Question.Unit = q.label(u.Child("unit_name"))
		}
	}
	switch {
	case q.Question.Question.Unit == "":
		q.error("units", codeMoodleUnitBase)
		return false
	case len(units) > 1:
		q.warning("units", codeMoodleUnits, "unit", q.Question.Question.Unit, "count", len(units))
	}
	if q.isOn("unitsleft", false) {
		q.warning("unitsleft", codeMoodleUnitsLeft, "unit", q.Question.Question.Unit)
	}
	return true
}

// readEssay reads a question that a person marks.
func (q *moodleQuestion) readEssay() bool {
	q.Question.Question.Type = exam.Essay
	if q.value("responseformat") == "noinline" {
		q.error("responseformat", codeMoodleUpload)
		return false
	}
	if n := q.value("attachmentsrequired"); n != "" && n != "0" {
		q.tally.add(Warning, codeMoodleAttachments, q.line)
	} else if n := q.value("attachments"); n != "" && n != "0" {
		q.tally.add(Warning, codeMoodleAttached, q.line)
	}
	if least, most := q.value("minwordlimit"), q.value("maxwordlimit"); cmp.Or(strings.Trim(least, "0"), strings.Trim(most, "0")) != "" {
		q.tally.add(Warning, codeMoodleWords, q.line)
	}
	if strings.TrimSpace(q.node.Child("responsetemplate").String()) != "" {
		q.tally.add(Warning, codeMoodleTemplate, q.line)
	}
	q.Key.Guide = q.text(q.node.Child("graderinfo"))
	return true
}
