package questionset

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// orderRules are the ways of marking an order that can be kept, by Moodle's names.
var orderRules = map[string]exam.ScoringRule{
	"ALL_OR_NOTHING": exam.Whole, "ABSOLUTE_POSITION": exam.ByExam, "ABSOLUTE": exam.ByExam, "ABS": exam.ByExam,
	"RELATIVE_NEXT_EXCLUDE_LAST": exam.Next, "RELATIVE": exam.Next, "REL": exam.Next, "": exam.Next,
}

// readOrdering reads items to be put in order. What is called their fraction is their place.
func (q *moodleQuestion) readOrdering() bool {
	q.Question.Question.Type = exam.Ordering
	list, ok := q.answers()
	if !ok {
		return false
	}
	grading := q.value("gradingtype")
	rule, known := orderRules[strings.ToUpper(grading)]
	if !known {
		q.error("gradingtype", codeMoodleOrderGrading, "type", grading)
		return false
	}
	q.Key.Rule = rule
	for _, n := range q.inOrder(list) {
		text := q.text(n)
		if text.Source == "" {
			return q.wrong(n, codeMoodleEmptyItem)
		}
		id := "p" + strconv.Itoa(len(q.Key.Order)+1)
		q.Question.Question.Prompts = append(q.Question.Question.Prompts, exam.Prompt{ID: id, Text: text})
		q.Key.Order = append(q.Key.Order, id)
		q.addFeedback(strconv.Itoa(len(q.Key.Order)), q.text(n.Child("feedback")))
	}
	if len(q.Key.Order) < 2 {
		q.error("", codeMoodleFewItems, "count", len(q.Key.Order))
		return false
	}
	q.orderSubset(len(q.Key.Order))
	return true
}

// inOrder sorts items by their places, where each has its own; else they stand in order, which is told where places
// are written that say none.
func (q *moodleQuestion) inOrder(list []*xmltree.Node) []*xmltree.Node {
	places, taken := map[*xmltree.Node]*big.Rat{}, map[string]bool{}
	var written []string
	usable := true
	for _, n := range list {
		fraction := strings.TrimSpace(n.Attr("fraction"))
		v, ok := number(fraction)
		if !ok || v.Sign() != 0 {
			written = append(written, fraction)
		}
		if usable = usable && ok && v.Sign() > 0 && !taken[v.RatString()]; usable {
			places[n], taken[v.RatString()] = v, true
		}
	}
	if !usable {
		if strings.Join(written, "") != "" {
			q.warning("answer", codeMoodleOrderFile, "places", strings.Join(written, ", "))
		}
		return list
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b *xmltree.Node) int { return places[a].Cmp(places[b]) })
	if !slices.Equal(sorted, list) {
		q.warning("answer", codeMoodleOrderPlaces)
	}
	return sorted
}

// orderSubset warns where Moodle asks only some of the items.
func (q *moodleQuestion) orderSubset(items int) {
	count, err := strconv.Atoi(q.value("selectcount"))
	kind := strings.ToUpper(q.value("selecttype"))
	if err == nil && count > 0 && count < items && (kind == "RANDOM" || kind == "CONTIGUOUS") {
		q.warning("selectcount", codeMoodleOrderSubset, "count", count, "items", items)
	}
}
