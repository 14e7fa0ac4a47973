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

// splitAnswers splits the answer text before every mark. It refuses HTML whose `=` was not escaped,
// which would come out as answers.
func (q *giftQuestion) splitAnswers(marks string) ([]string, bool) {
	var parts []string
	start := 0
	for i := 0; i <= len(q.answer); i++ {
		if i < len(q.answer) && strings.IndexByte(marks, q.answer[i]) < 0 {
			continue
		}
		if part := q.answer[start:i]; strings.TrimSpace(part) != "" || start > 0 {
			parts = append(parts, part)
		}
		start = i
	}
	if len(parts) > MaxAnswers {
		q.error("", codeTooManyAnswers, "count", len(parts), "limit", MaxAnswers)
		return nil, false
	}
	for i, p := range parts[:max(len(parts)-1, 0)] {
		switch next := parts[i+1]; {
		case next[0] == '=' && tagCut.MatchString(p):
			q.error("", codeGIFTUnescaped, "text", unmark(p+next))
			return nil, false
		case next[0] == '=' && tightEquals.MatchString(p):
			q.warning("", codeGIFTTightEquals, "text", unmark(p+next))
		}
	}
	return parts, true
}

// tightEquals: an answer that ends without white space before `=` may be a formula or an address.
var tightEquals = regexp.MustCompile(`[\pL\pN_]$`)

// readChoice reads `~wrong =right ~%50%half`: single choice when there is any `=`, else multiple.
func (q *giftQuestion) readChoice() bool {
	parts, ok := q.splitAnswers("~=")
	if !ok {
		return false
	}
	if parts[0][0] != '~' && parts[0][0] != '=' {
		q.error("", codeGIFTBeforeFirst, "text", unmark(parts[0]))
		return false
	}
	var answers []giftAnswer
	full, single := 0, strings.Contains(q.answer, "=")
	for _, part := range parts {
		a, ok := q.choiceAnswer(part)
		if !ok {
			return false
		}
		if a.text.Source == "" {
			if !q.emptyChoice(a) {
				return false
			}
			continue
		}
		if a.weight == exam.FullCredit {
			full++
		}
		answers = append(answers, a)
	}
	if single && full > 1 {
		q.warning("", codeGIFTSeveralRight, "count", full)
	}
	return q.setChoice(answers, single)
}

func (q *giftQuestion) emptyChoice(a giftAnswer) bool {
	if a.weight > 0 {
		q.error("", codeEmptyRight)
		return false
	}
	q.warning("", codeEmptyOption, "options", "~")
	return true
}

func (q *giftQuestion) choiceAnswer(part string) (giftAnswer, bool) {
	right := part[0] == '='
	body := strings.TrimSpace(part[1:])
	weight, rest, weighted, ok := q.cutWeight(body, -100)
	if !ok {
		return giftAnswer{}, false
	}
	switch {
	case right && weighted && weight != exam.FullCredit:
		q.error("", codeGIFTWeightOnRight, "text", unmark(part))
		return giftAnswer{}, false
	case right && weighted:
		q.warning("", codeGIFTWeightOnRight, "text", unmark(part))
	case right:
		weight = exam.FullCredit
	}
	a := giftAnswer{weight: weight}
	var text string
	text, a.feedback = q.commented(rest)
	a.text = q.makeText(text, q.format)
	return a, true
}

// setChoice writes options, key and feedback. Without an answer that earns anything the question
// is refused.
func (q *giftQuestion) setChoice(answers []giftAnswer, single bool) bool {
	if len(answers) < 2 {
		q.error("", codeOneOption, "count", len(answers))
		return false
	}
	positive, best, worst := 0, 0, 0
	q.Key = exam.Key{Options: map[string]int{}}
	for i, a := range answers {
		id := optionID(i)
		q.Question.Question.Options = append(q.Question.Question.Options, exam.Option{ID: id, Text: a.text})
		if a.weight != 0 {
			q.Key.Options[id] = a.weight
		}
		if a.feedback.Source != "" {
			q.optionFeedback(id, a.feedback)
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

// Option IDs of a true/false question.
const (
	trueOption  = "true"
	falseOption = "false"
)

// readTrueFalse reads `T#if wrong#if right`.
func (q *giftQuestion) readTrueFalse(truth bool) bool {
	q.Question.Question.Type = exam.TrueFalse
	q.Question.Question.Options = truthOptions(q.Question.Question.Stem.Source)
	right, wrong := trueOption, falseOption
	if !truth {
		right, wrong = wrong, right
	}
	q.Key = exam.Key{Options: map[string]int{right: exam.FullCredit}}
	parts := append(strings.SplitN(q.answer, "#", 3), "", "")
	q.optionFeedback(wrong, q.makeText(parts[1], q.format))
	q.optionFeedback(right, q.makeText(parts[2], q.format))
	return true
}

// truthOptions are the options of a true/false question, in the language of its stem.
func truthOptions(stem string) []exam.Option {
	lang := english
	if isJapanese(stem) {
		lang = "ja"
	}
	c := catalogueOf(lang)
	return []exam.Option{
		{ID: trueOption, Text: exam.Text{Source: c.label(trueOption)}},
		{ID: falseOption, Text: exam.Text{Source: c.label(falseOption)}},
	}
}

// isJapanese tells a text with kana or kanji.
func isJapanese(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x3041 && r <= 0x9FFF }) >= 0
}
