package questionset

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

var percentForm = regexp.MustCompile(`^-?\d{1,3}(?:\.\d*)?$`)

// moodlePercent reads a percentage from -100 to 100 into 1/10,000.
func moodlePercent(s string) (weight int, ok bool) {
	if !percentForm.MatchString(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) > 100 {
		return 0, false
	}
	return int(math.Round(f * exam.FullCredit / 100)), true
}

// moodleFractions are the percentages that Moodle knows, within 0.001. Others it refuses by default.
var moodleFractions = []float64{
	0, 5, 10, 100.0 / 9, 12.5, 100.0 / 7, 100.0 / 6, 20, 25, 30, 100.0 / 3, 40, 50, 60, 200.0 / 3, 70, 75, 80, 250.0 / 3, 90, 100,
}

func isMoodleFraction(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return false
	}
	for _, known := range moodleFractions {
		if math.Abs(math.Abs(f)-known) < 0.001 {
			return true
		}
	}
	return false
}

// fraction reads what an answer earns; it reports false when that is no percentage in range.
func (q *moodleQuestion) fraction(n *xmltree.Node, least int) (weight int, ok bool) {
	s := strings.TrimSpace(n.Attr("fraction"))
	if s == "" {
		return 0, true
	}
	weight, ok = moodlePercent(s)
	if !ok || weight < least {
		return 0, q.wrong(n, codeMoodleFraction, "fraction", s, "least", percent(least))
	}
	if !isMoodleFraction(s) {
		q.report.note(q.at(n), codeMoodleUnlisted, "fraction", s)
	}
	return weight, true
}

// answers are the answers of the question, as far as there may be as many.
func (q *moodleQuestion) answers() ([]*xmltree.Node, bool) {
	list := q.node.Elements("answer")
	if len(list) > MaxAnswers {
		q.error("", codeTooManyAnswers, "count", len(list), "limit", MaxAnswers)
		return nil, false
	}
	return list, true
}

// choiceOptions reads options, weights and feedback. An empty option that earns nothing is left out.
func (q *moodleQuestion) choiceOptions() bool {
	list, ok := q.answers()
	if !ok {
		return false
	}
	content := &q.Question.Question
	fixed := !q.isOn("shuffleanswers", true)
	q.Key.Options = map[string]int{}
	sound := true
	for _, n := range list {
		weight, ok := q.fraction(n, -exam.FullCredit)
		text := q.text(n)
		sound = sound && ok
		switch {
		case text.Source == "" && weight > 0:
			sound = q.wrong(n, codeEmptyRight)
			continue
		case text.Source == "":
			q.report.warning(q.at(n), codeEmptyOption, "options", strconv.Itoa(len(content.Options)+1))
			continue
		}
		id := optionID(len(content.Options))
		content.Options = append(content.Options, exam.Option{ID: id, Text: text, Fixed: fixed})
		if weight != 0 {
			q.Key.Options[id] = weight
		}
		q.optionFeedback(id, q.text(n.Child("feedback")))
	}
	switch {
	case !sound:
		return false
	case len(content.Options) < 2:
		q.error("", codeOneOption, "count", len(content.Options))
		return false
	}
	checkOptions(q.report, q.place(), content.Options)
	return true
}

// readChoice reads a choice: of one answer, which earns its fraction, or of several, whose fractions add
// up and never give less than nothing, unless the exam says otherwise: so it is in GIFT, too.
func (q *moodleQuestion) readChoice() bool {
	if !q.choiceOptions() {
		return false
	}
	positive, best, full, worst := 0, 0, 0, 0
	for _, w := range q.Key.Options {
		positive, best, worst = positive+max(w, 0), max(best, w), min(worst, w)
		if w == exam.FullCredit {
			full++
		}
	}
	if best == 0 {
		q.error("", codeNoKey)
		return false
	}
	if q.isOn("single", true) {
		return q.single(best, full, worst)
	}
	q.Question.Question.Type = exam.MultipleChoice
	q.Key.Weighted = true
	if math.Abs(float64(positive-exam.FullCredit)) > weightSlack {
		q.warning("", codeWeightSum, "sum", percent(positive))
	}
	return true
}

func (q *moodleQuestion) single(best, full, worst int) bool {
	q.Question.Question.Type = exam.SingleChoice
	switch {
	case best < exam.FullCredit:
		q.warning("", codeNoFull, "best", percent(best))
	case full > 1:
		q.warning("", codeMoodleSeveralRight, "count", full)
	}
	if worst < 0 {
		q.warning("", codeMoodleNegative, "worst", percent(worst))
	}
	return true
}

// readChoiceSet reads the type "all or nothing": full credit for exactly the right options.
func (q *moodleQuestion) readChoiceSet() bool {
	if !q.choiceOptions() {
		return false
	}
	q.Question.Question.Type, q.Key.Rule = exam.MultipleChoice, exam.Whole
	return q.rightOptions()
}

// rightOptions makes a key of the options that earn anything: each is right, the others are wrong.
func (q *moodleQuestion) rightOptions() bool {
	for id, w := range q.Key.Options {
		if w <= 0 {
			delete(q.Key.Options, id)
			continue
		}
		q.Key.Options[id] = exam.FullCredit
	}
	if len(q.Key.Options) == 0 {
		q.error("", codeNoKey)
		return false
	}
	return true
}

// readTrueFalse reads a statement. Its answers are called true and false, in old files by words of some
// language, which then are the options.
func (q *moodleQuestion) readTrueFalse() bool {
	list := q.node.Elements("answer")
	content := &q.Question.Question
	content.Type, content.Options = exam.TrueFalse, truthOptions(content.Stem.Source)
	switch len(list) {
	case 1:
		return q.readOneTruth(list[0])
	case 2:
	default:
		q.error("", codeMoodleTwoAnswers, "count", len(list))
		return false
	}
	first, second := q.plain(list[0]), q.plain(list[1])
	ids := []string{trueOption, falseOption}
	switch {
	case strings.EqualFold(first, falseOption) && strings.EqualFold(second, trueOption):
		ids = []string{falseOption, trueOption}
	case strings.EqualFold(first, trueOption) && strings.EqualFold(second, falseOption):
	case first == "" || second == "" || first == second:
		q.error("answer", codeMoodleTruth, "first", first, "second", second)
		return false
	default:
		q.warning("answer", codeMoodleTruthWords, "first", first, "second", second)
		content.Options[0].Text, content.Options[1].Text = exam.Text{Source: first}, exam.Text{Source: second}
	}
	q.Key.Options = map[string]int{}
	for i, n := range list {
		weight, ok := q.truthFraction(n)
		if !ok {
			return false
		}
		if weight > 0 {
			q.Key.Options[ids[i]] = weight
		}
		q.optionFeedback(ids[i], q.text(n.Child("feedback")))
	}
	if len(q.Key.Options) != 1 {
		q.error("", codeMoodleOneTrue, "count", len(q.Key.Options))
		return false
	}
	return true
}

// truthFraction reads what an answer to a statement earns: all or nothing, and nothing where nothing is said.
func (q *moodleQuestion) truthFraction(n *xmltree.Node) (weight int, ok bool) {
	weight, ok = q.fraction(n, -exam.FullCredit)
	if ok && weight != 0 && weight != exam.FullCredit {
		return 0, q.wrong(n, codeMoodleTruthFraction, "fraction", percent(weight))
	}
	return weight, ok
}

// readOneTruth reads a statement with one of its two answers, as tools write that only name the right one: what
// it earns says which is right, as in Moodle. Where it says nothing, nothing does.
func (q *moodleQuestion) readOneTruth(n *xmltree.Node) bool {
	word := strings.ToLower(q.plain(n))
	weight, ok := q.truthFraction(n)
	other, isWord := map[string]string{trueOption: falseOption, falseOption: trueOption}[word]
	switch {
	case !ok:
		return false
	case !isWord:
		q.error("", codeMoodleTwoAnswers, "count", 1)
		return false
	case strings.TrimSpace(n.Attr("fraction")) == "":
		return q.wrong(n, codeMoodleTruthFraction, "fraction", "–")
	}
	q.optionFeedback(word, q.text(n.Child("feedback")))
	if weight == 0 {
		word = other
	}
	q.Key.Options = map[string]int{word: exam.FullCredit}
	return true
}

// readOUChoice reads the Open University's choice of several, in which wrong options cost only where more are
// chosen than are right: which are right is kept, and the exam decides how they are scored.
func (q *moodleQuestion) readOUChoice() bool {
	if !q.choiceOptions() {
		return false
	}
	q.Question.Question.Type = exam.MultipleChoice
	q.warning("", codeMoodleByExam)
	return q.rightOptions()
}
