package questionset

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"shiken/exam"
)

// percent writes a weight in 1/10,000 as a percentage.
func percent(weight int) string {
	return strconv.FormatFloat(float64(weight)*100/exam.FullCredit, 'f', -1, 64)
}

// readShortText reads `=answer =%50%other`, or a single answer without `=`.
func (q *giftQuestion) readShortText() bool {
	parts, ok := q.openAnswers()
	if !ok {
		return false
	}
	q.Question.Question.Type = exam.ShortText
	best := 0
	sound := q.eachPart(parts, func(i int) bool {
		weight, ok := q.textAnswer(parts[i].text)
		best = max(best, weight)
		return ok
	})
	if !sound {
		return false
	}
	if len(parts) == 1 && truthWord.MatchString(q.Key.Texts[0].Pattern) {
		q.warning("", codeGIFTTruthWord, "text", q.Key.Texts[0].Pattern)
	}
	return q.enoughCredit(true, best, best)
}

// textAnswer reads one accepted text, and gives what it earns.
func (q *giftQuestion) textAnswer(part string) (weight int, ok bool) {
	weight, body, ok := q.openAnswer(part)
	if !ok || !q.uncut(body) {
		return 0, false
	}
	answer, feedback := q.commented(body)
	pattern := q.plainAnswer(answer)
	q.addFeedback(pattern, feedback)
	if pattern == "" {
		q.error("", codeEmptyRight)
		return 0, false
	}
	q.judgePattern(pattern, weight)
	q.Key.Texts = append(q.Key.Texts, exam.TextKey{Pattern: pattern, Weight: weight})
	return weight, true
}

var truthWord = regexp.MustCompile(`^(?i:true|false|t|f)$`)

// openAnswer cuts the mark and the weight of an answer to be typed; without a weight it is right.
func (q *giftQuestion) openAnswer(part string) (weight int, body string, ok bool) {
	body = strings.TrimSpace(strings.TrimPrefix(part, "="))
	weight, body, weighted, ok := q.cutWeight(body, 0)
	if ok && !weighted {
		weight = exam.FullCredit
	}
	return weight, body, ok
}

// openAnswers splits the answers to be typed. A single one needs no mark; with several of them, text before the first
// mark may be one more, or a part of a formula.
func (q *giftQuestion) openAnswers() ([]giftPart, bool) {
	parts, ok := q.splitAnswers("=")
	return parts, ok && (len(parts) < 2 || q.marked(parts))
}

// readNumeric reads `#value:tolerance`, `#min..max`, or several such answers with `=` and weights.
func (q *giftQuestion) readNumeric() bool {
	q.setAnswer(q.answer[1:], q.answerLine)
	wrong, ok := q.cutWrong()
	if !ok {
		return false
	}
	parts, ok := q.openAnswers()
	if !ok {
		return false
	}
	q.Question.Question.Type = exam.Numeric
	best := 0
	sound := q.eachPart(parts, func(i int) bool {
		weight, ok := q.numericAnswer(parts[i].text)
		best = max(best, weight)
		return ok
	})
	if !sound {
		return false
	}
	q.addFeedback("", q.makeText(wrong, q.format))
	return q.enoughCredit(true, best, best)
}

// cutWrong cuts off the feedback to wrong numbers, `~#text`. An answer behind the `~` would be lost.
func (q *giftQuestion) cutWrong() (feedback string, ok bool) {
	i := strings.IndexByte(q.answer, '~')
	if i < 0 {
		return "", true
	}
	part := giftPart{q.answer[i:], q.answerLine + strings.Count(q.answer[:i], "\n")}
	q.answer = strings.TrimSpace(q.answer[:i])
	answer, feedback, _ := strings.Cut(part.text[1:], "#")
	return feedback, q.eachPart([]giftPart{part}, func(int) bool {
		if strings.TrimSpace(answer) == "" && !strings.Contains(feedback, "~") {
			return true
		}
		q.error("", codeGIFTNumberWrong, "text", unmark(part.text))
		return false
	})
}

func (q *giftQuestion) numericAnswer(part string) (weight int, ok bool) {
	weight, body, ok := q.openAnswer(part)
	if !ok {
		return 0, false
	}
	answer, feedback := q.commented(body)
	answer = q.plainAnswer(answer)
	if answer == "*" && weight == 0 {
		q.addFeedback("", feedback)
		return 0, true
	}
	q.addFeedback(answer, feedback)
	low, high, ok := numericRange(answer)
	if !ok {
		q.error("", codeGIFTNumber, "text", answer)
		return 0, false
	}
	q.Key.Numbers = append(q.Key.Numbers, exam.NumberKey{Min: low, Max: high, Weight: weight})
	return weight, true
}

var numberKeyForm = regexp.MustCompile(`^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?$`)

// numericRange reads "v", "v:tolerance" or "min..max" into bounds, with a decimal point only.
func numericRange(s string) (low, high string, ok bool) {
	if a, b, isRange := strings.Cut(s, ".."); isRange {
		lo, okLo := number(a)
		hi, okHi := number(b)
		return strings.TrimSpace(a), strings.TrimSpace(b), okLo && okHi && lo.Cmp(hi) <= 0
	}
	value, tolerance, tolerated := strings.Cut(s, ":")
	v, ok := number(value)
	if !ok {
		return "", "", false
	}
	if !tolerated {
		return strings.TrimSpace(value), strings.TrimSpace(value), true
	}
	t, ok := number(tolerance)
	if !ok || t.Sign() < 0 {
		return "", "", false
	}
	low, okLow := decimal(new(big.Rat).Sub(v, t))
	high, okHigh := decimal(new(big.Rat).Add(v, t))
	return low, high, okLow && okHigh
}

func number(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if !numberKeyForm.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// decimal writes a sum of decimals exactly; false when it is longer than a key may be.
func decimal(r *big.Rat) (string, bool) {
	digits, exact := r.FloatPrec()
	s := r.FloatString(digits)
	_, readable := exam.ParseNumber(s)
	return s, exact && readable
}

// readMatching reads `=left -> right`; an empty left side makes its right side a distractor.
func (q *giftQuestion) readMatching() bool {
	parts, ok := q.splitAnswers("=")
	if !ok {
		return false
	}
	q.Question.Question.Type = exam.Matching
	sound := q.eachPart(parts, func(i int) bool { return q.pairAnswer(parts[i].text) })
	if !sound {
		return false
	}
	return q.enoughPairs()
}

// pairAnswer reads one pair.
func (q *giftQuestion) pairAnswer(part string) bool {
	left, right, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(part, "=")), "->")
	right = q.plainAnswer(right)
	if !ok || right == "" {
		q.error("", codeGIFTPair, "text", unmark(part))
		return false
	}
	q.addPair(q.makeText(left, q.format), exam.Text{Source: right})
	return true
}
