package questionset

import (
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// Brightspace's variables that count choices. Rules at the end make the score of them; how, grading_type says.
const (
	countRight = "d2l_correct"
	countWrong = "d2l_incorrect"
)

// findCounts finds out whether the rules count right and wrong choices. It reports false, after telling, where another
// variable of theirs depends on what is answered.
func (it *qti1Item) findCounts(processing *xmltree.Node) bool {
	for _, n := range processing.Find("setvar") {
		it.counted = it.counted || strings.EqualFold(variable(n), countRight)
	}
	if !it.counted {
		return true
	}
	answered := map[string]bool{}
	for _, part := range it.parts {
		answered[part.ident] = true
	}
	for _, c := range processing.Elements("respcondition") {
		about := false
		c.Child("conditionvar").Walk(func(e *xmltree.Node) bool {
			about = about || e.HasAttr("respident") && answered[e.Attr("respident")]
			return !about
		})
		for _, s := range c.Elements("setvar") {
			if name := strings.ToLower(variable(s)); about && name != countRight && name != countWrong {
				return it.error(s, codeQTI1Scoring, "text", variable(s)+" "+s.String())
			}
		}
	}
	return true
}

// grading is what Brightspace says of how parts of a question are scored, "" where it says nothing.
func (it *qti1Item) grading() string {
	for _, n := range it.node.Child("presentation").Find("grading_type") {
		return strings.TrimSpace(n.String())
	}
	return ""
}

// countedSet is what rules that count choices say of each option: whether it is to be chosen. Those of which they say
// nothing are not, which is told.
func (it *qti1Item) countedSet(part *qti1Response) (*qti1Set, bool) {
	right := map[string]bool{} // false: wrong
	for _, r := range it.rules {
		for _, s := range r.node.Elements("setvar") {
			name := strings.ToLower(variable(s))
			if name != countRight && name != countWrong {
				continue
			}
			set, ok := it.setOf(r.test, part)
			points, isNumber := qti1Number(s.String())
			if !ok || len(set.in)+len(set.out) != 1 || !strings.EqualFold(s.Attr("action"), "Add") || !isNumber || points <= 0 {
				return nil, it.error(r.node, codeQTI1Scoring, "text", variable(s)+" "+r.test.String())
			}
			label, chosen := append(set.in, set.out...)[0], len(set.in) == 1
			before, twice := right[label]
			right[label] = chosen == (name == countRight)
			if twice && before != right[label] || !part.has(label) {
				return nil, it.error(r.node, codeQTI1Scoring, "text", variable(s)+" "+r.test.String())
			}
		}
	}
	set := &qti1Set{}
	for label, chosen := range right {
		set.put(label, !chosen)
	}
	unnamed := 0
	for _, l := range part.labels {
		if _, named := right[l.ident]; !named {
			set.out = append(set.out, l.ident)
			unnamed++
		}
	}
	if unnamed > 0 {
		it.warning(nil, codeQTI1Unnamed, "count", unnamed)
	}
	return set, true
}

// countedRules reads rules that count choices as what grading_type makes of them: nothing but the right set earns
// points (0), or what is wrongly chosen takes away what is rightly chosen (1). Else the exam decides, which is told.
func (it *qti1Item) countedRules(part *qti1Response) (map[string]float64, *qti1Set, bool) {
	set, ok := it.countedSet(part)
	if !ok {
		return nil, nil, false
	}
	switch grading := it.grading(); grading {
	case "0":
	case "1":
		weights := map[string]float64{}
		for _, l := range part.labels {
			weights[l.ident] = -1
		}
		for _, label := range set.in {
			weights[label] = 1
		}
		return weights, nil, true
	case "2":
		it.byExam = true
		it.warning(nil, codeQTI1Decisions)
	default:
		it.byExam = true
		it.warning(nil, codeQTI1Grading, "text", grading)
	}
	return nil, set, true
}

// tellGrading tells of pairs that Brightspace may not score as much as each other.
func (it *qti1Item) tellGrading() {
	if grading := it.grading(); it.counted && grading != "" && grading != "0" && it.Question.Question.Type == exam.Matching {
		it.warning(nil, codeQTI1Grading, "text", grading)
	}
}
