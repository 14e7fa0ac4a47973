package questionset

import (
	"shiken/exam"
	"shiken/internal/xmltree"
)

// readMatching reads pairs; a right side without a left one is a distractor.
func (q *moodleQuestion) readMatching() bool {
	return q.readPairs(func(answer *xmltree.Node) exam.Text { return exam.Text{Source: q.plain(answer)} })
}

// readDragMatching reads pairs whose right sides are dragged: those are texts like the left ones.
func (q *moodleQuestion) readDragMatching() bool { return q.readPairs(q.text) }

func (q *moodleQuestion) readPairs(side func(answer *xmltree.Node) exam.Text) bool {
	q.Question.Question.Type = exam.Matching
	list := q.node.Elements("subquestion")
	if len(list) > MaxAnswers {
		q.error("", codeTooManyAnswers, "count", len(list), "limit", MaxAnswers)
		return false
	}
	for _, n := range list {
		left, right := q.text(n), exam.Text{}
		if answer := n.Child("answer"); answer != nil {
			right = side(answer)
		}
		switch {
		case right.Source == "" && left.Source == "":
		case right.Source == "":
			return q.wrong(n, codeMoodlePair, "text", left.Source)
		default:
			q.addPair(left, right)
		}
	}
	return q.enoughPairs()
}
