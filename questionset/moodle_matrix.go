package questionset

import (
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// matrixRules are the ways of marking a matrix that can be kept, by the names of the plug-ins mtf and kprime: a
// share for each row, or all rows or nothing.
var matrixRules = map[string]exam.ScoringRule{
	"subpoints": exam.ByExam, "": exam.ByExam, "mtfonezero": exam.Whole, "kprimeonezero": exam.Whole,
}

// readMatrix reads statements, for each of which one of the same answers is right, such as true and false: rows and
// columns of a table, and what each pair of them is worth.
func (q *moodleQuestion) readMatrix() bool {
	q.Question.Question.Type = exam.Matching
	method := oneLine(q.node.Child("scoringmethod").String())
	rule, known := matrixRules[method]
	rows, columns := q.node.Elements("row"), q.node.Elements("column")
	switch {
	case !known:
		q.error("scoringmethod", codeMoodleMatrixScoring, "type", method)
		return false
	case len(rows) > MaxAnswers || len(columns) > MaxAnswers:
		q.error("", codeTooManyAnswers, "count", max(len(rows), len(columns)), "limit", MaxAnswers)
		return false
	}
	if n := q.secondInMatrix(); n != nil {
		return q.wrong(n, codeXMLTwice, "name", n.Name)
	}
	q.Key.Rule = rule
	answers := map[string]exam.Text{}
	for _, c := range columns {
		answers[strings.TrimSpace(c.Attr("number"))] = q.text(c.Child("responsetext"))
	}
	for _, c := range columns { // all of them in their order, before any row asks for one
		if t := answers[strings.TrimSpace(c.Attr("number"))]; t.Source != "" {
			q.addPair(exam.Text{}, t)
		}
	}
	right, ok := q.matrixRights()
	if !ok {
		return false
	}
	for _, row := range rows {
		number := strings.TrimSpace(row.Attr("number"))
		left := q.text(row.Child("optiontext"))
		t := answers[right[number]]
		if t.Source == "" || left.Source == "" {
			return q.wrong(row, codeMoodleMatrixRow, "number", number)
		}
		q.addPair(left, t)
		q.addFeedback(number, q.text(row.Child("feedbacktext")))
	}
	if len(q.Question.Question.Prompts) < 2 || len(q.Question.Question.Options) < 2 {
		q.error("", codeTooFewPairs, "count", len(q.Question.Question.Prompts))
		return false
	}
	return true
}

// secondInMatrix is a row, a column or a weight of one of both whose number stands before it, and that says something
// else; nil where there is none.
func (q *moodleQuestion) secondInMatrix() *xmltree.Node {
	first := map[[4]string]*xmltree.Node{}
	for _, n := range q.node.Elements("row", "column", "weight") {
		key := [4]string{n.Name}
		for i, number := range []string{"number", "rownumber", "columnnumber"} {
			key[i+1] = strings.TrimSpace(n.Attr(number))
		}
		if before := first[key]; before == nil {
			first[key] = n
		} else if !sameXML(before, n) {
			return n
		}
	}
	return nil
}

// matrixRights are the numbers of the right columns by those of their rows; none of a row that has several. It
// reports false, after telling, for a pair that is neither right nor wrong.
func (q *moodleQuestion) matrixRights() (map[string]string, bool) {
	right, several := map[string]string{}, map[string]bool{}
	for _, w := range q.node.Elements("weight") {
		row, column := strings.TrimSpace(w.Attr("rownumber")), strings.TrimSpace(w.Attr("columnnumber"))
		weight := oneLine(w.Child("value").String())
		switch v, ok := number(weight); {
		case ok && v.Sign() == 0:
			continue
		case !ok || !isOne(weight):
			return nil, q.wrong(w, codeMoodleMatrixWeight, "row", row, "column", column, "weight", weight)
		}
		several[row] = several[row] || right[row] != ""
		right[row] = column
	}
	for row, is := range several {
		if is {
			delete(right, row)
		}
	}
	return right, true
}
