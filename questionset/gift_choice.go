package questionset

import (
	"regexp"
	"strings"

	"shiken/exam"
)

// giftAnswer is one answer of a choice question.
type giftAnswer struct {
	text     exam.Text
	feedback exam.Text
	weight   int
}

// tagCut finds an answer that ends inside an HTML tag, whose `=` was not escaped.
var tagCut = regexp.MustCompile(`<[a-zA-Z][^<>]*$`)

// giftPart is one answer with its mark, as it is written, and the line on which it begins.
type giftPart struct {
	text string
	line int
}

// splitAnswers splits the answer text before every mark. It refuses HTML whose `=` was not escaped,
// which would come out as answers.
func (q *giftQuestion) splitAnswers(marks string) ([]giftPart, bool) {
	var parts []giftPart
	start, line := 0, q.answerLine
	for i := 0; i <= len(q.answer); i++ {
		if i < len(q.answer) && strings.IndexByte(marks, q.answer[i]) < 0 {
			continue
		}
		part := q.answer[start:i]
		if strings.TrimSpace(part) != "" || start > 0 {
			parts = append(parts, giftPart{part, line})
		}
		line += strings.Count(part, "\n")
		start = i
	}
	if len(parts) > MaxAnswers {
		q.error("", codeTooManyAnswers, "count", len(parts), "limit", MaxAnswers)
		return nil, false
	}
	return parts, q.eachPart(parts, func(i int) bool { return i+1 == len(parts) || q.apart(parts[i].text, parts[i+1].text) })
}

// apart reports whether two parts are two answers.
func (q *giftQuestion) apart(part, next string) bool {
	switch {
	case next[0] == '=' && tagCut.MatchString(part):
		q.error("", codeGIFTUnescaped, "text", unmark(part+next))
		return false
	case next[0] == '=' && tightEquals.MatchString(part):
		q.warning("", codeGIFTTightEquals, "text", unmark(part+next))
	}
	return true
}

// eachPart calls read for every part, and lets findings name its line; it reports whether all were sound.
func (q *giftQuestion) eachPart(parts []giftPart, read func(i int) bool) bool {
	first, sound := q.line, true
	for i := range parts {
		q.line = parts[i].line
		sound = read(i) && sound
	}
	q.line = first
	return sound
}

// entityCut finds an answer that the `#` of a character reference cuts short, as in `Don&#39;t`.
var entityCut = regexp.MustCompile(`^[^#]*&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});`)

// uncut refuses such an answer: what is left of it would be taken for all.
func (q *giftQuestion) uncut(part string) bool {
	if m := entityCut.FindString(part); m != "" {
		q.error("", codeGIFTEntity, "text", unmark(m))
		return false
	}
	return true
}

// tightEquals: an answer that ends without white space before `=` may be a formula or an address.
var tightEquals = regexp.MustCompile(`[\pL\pN_]$`)

// readChoice reads `~wrong =right ~%50%half`: single choice when there is any `=`, else multiple.
func (q *giftQuestion) readChoice() bool {
	parts, ok := q.splitAnswers("~=")
	if !ok || !q.marked(parts) {
		return false
	}
	var answers []giftAnswer
	full, single := 0, strings.Contains(q.answer, "=")
	sound := q.eachPart(parts, func(i int) bool {
		a, ok := q.choiceAnswer(parts[i].text)
		if a.text.Source == "" {
			return ok && q.emptyChoice(a)
		}
		full += ternaryInt(a.weight == exam.FullCredit)
		answers = append(answers, a)
		return ok
	})
	q.setOptions(answers)
	if !sound {
		return false
	}
	if single && full > 1 {
		q.warning("", codeGIFTSeveralRight, "count", full)
	}
	return q.setChoice(answers, single)
}

// marked refuses text before the first mark.
func (q *giftQuestion) marked(parts []giftPart) bool {
	first := parts[0].text
	if first[0] == '~' || first[0] == '=' {
		return true
	}
	q.error("", codeGIFTBeforeFirst, "text", unmark(first))
	return false
}

func (q *giftQuestion) emptyChoice(a giftAnswer) bool {
	if a.weight > 0 {
		q.error("", codeEmptyRight)
		return false
	}
	q.warning("", codeEmptyOption, "options", "~")
	return true
}

// choiceAnswer reads one option. Of one that is not sound the text is given all the same.
func (q *giftQuestion) choiceAnswer(part string) (giftAnswer, bool) {
	right := part[0] == '='
	weight, rest, weighted, ok := q.cutWeight(strings.TrimSpace(part[1:]), -100)
	switch {
	case right && weighted && weight != exam.FullCredit:
		q.error("", codeGIFTWeightOnRight, "text", unmark(part))
		ok = false
	case right && weighted:
		q.warning("", codeGIFTWeightOnRight, "text", unmark(part))
	case right:
		weight = exam.FullCredit
	}
	ok = q.uncut(rest) && ok
	a := giftAnswer{weight: weight}
	var text string
	text, a.feedback = q.commented(rest)
	a.text = q.makeText(text, q.format)
	return a, ok
}

// setOptions writes the options with their feedback.
func (q *giftQuestion) setOptions(answers []giftAnswer) {
	for i, a := range answers {
		q.Question.Question.Options = append(q.Question.Question.Options, exam.Option{ID: optionID(i), Text: a.text})
		q.optionFeedback(optionID(i), a.feedback)
	}
}

// setChoice writes the key. Without an answer that earns anything the question is refused.
func (q *giftQuestion) setChoice(answers []giftAnswer, single bool) bool {
	if len(answers) < 2 {
		q.error("", codeOneOption, "count", len(answers))
		return false
	}
	positive, best, worst := 0, 0, 0
	q.Key = exam.Key{Options: map[string]int{}}
	for i, a := range answers {
		if a.weight != 0 {
			q.Key.Options[optionID(i)] = a.weight
		}
		positive += max(a.weight, 0)
		best, worst = max(best, a.weight), min(worst, a.weight)
	}
	q.Question.Question.Type = exam.SingleChoice
	if !single {
		q.Question.Question.Type, q.Key.Weighted = exam.MultipleChoice, true
	}
	checkOptions(q.report, q.place(), q.Question.Question.Options)
	if single && worst < 0 {
		q.warning("", codeMoodleNegative, "worst", percent(worst))
	}
	return q.enoughCredit(single, positive, best)
}

// weightSlack allows for thirds and sevenths written with few decimals, in 1/10,000.
const weightSlack = 20

func (q *giftQuestion) enoughCredit(single bool, positive, best int) bool {
	switch {
	case best == 0:
		q.error("", codeNoKey)
		return false
	case !single && (positive < exam.FullCredit-weightSlack || positive > exam.FullCredit+weightSlack):
		q.warning("", codeWeightSum, "sum", percent(positive))
	case single && best < exam.FullCredit:
		q.warning("", codeNoFull, "best", percent(best))
	}
	return true
}

// readTrueFalse reads `T#if wrong#if right`.
func (q *giftQuestion) readTrueFalse(truth bool) bool {
	setTruth(&q.Question, truth)
	right, wrong := trueOption, falseOption
	if !truth {
		right, wrong = wrong, right
	}
	parts := append(strings.SplitN(q.answer, "#", 3), "", "")
	q.optionFeedback(wrong, q.makeText(parts[1], q.format))
	q.optionFeedback(right, q.makeText(parts[2], q.format))
	return true
}
