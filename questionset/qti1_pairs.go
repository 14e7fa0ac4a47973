package questionset

import (
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// pairOf are the two labels that a test wants to be put together; false where it is another test.
func pairOf(test *xmltree.Node) (a, b string, ok bool) {
	list := test.Elements()
	for len(list) == 1 && list[0].Name == "and" {
		list = list[0].Elements()
	}
	if len(list) != 1 || list[0].Name != "varsubset" {
		return "", "", false
	}
	a, b, ok = strings.Cut(list[0].String(), ",")
	return strings.TrimSpace(a), strings.TrimSpace(b), ok
}

// takesPairs tells a response whose labels are put on one another, as ILIAS writes it.
func (it *qti1Item) takesPairs(response *xmltree.Node) bool {
	if response.Name != "response_grp" {
		return false
	}
	if it.paired == nil {
		it.paired = pairedResponses(it.node.Child("resprocessing"))
	}
	return it.paired[response.Attr("ident")] || hasMatchGroup(response)
}

// pairedResponses are the idents of the responses of which rules want two labels to be put together.
func pairedResponses(processing *xmltree.Node) map[string]bool {
	paired := map[string]bool{}
	for _, c := range processing.Elements("respcondition") {
		if _, _, pair := pairOf(c.Child("conditionvar")); pair {
			paired[c.Find("varsubset")[0].Attr("respident")] = true
		}
	}
	return paired
}

// readPairs reads a question whose labels are put on one another: for each pair a rule adds points.
func (it *qti1Item) readPairs() bool {
	part := it.parts[0]
	rules, ok := it.rulesOf(part.ident)
	if !ok {
		return it.error(part.node, codeQTI1Scoring, "text", part.ident)
	}
	if !it.addsPairs(part, rules) || !it.judgeStops(rules, false) {
		return false
	}
	right, points := map[string]string{}, map[string]float64{}
	for _, r := range rules {
		if r.value <= 0 {
			continue
		}
		a, b, _ := pairOf(r.test)
		if part.isLeft(b) && !part.isLeft(a) {
			a, b = b, a
		}
		if right[a] != "" {
			return it.error(r.node, codeQTI1Scoring, "text", r.test.String())
		}
		right[a], points[a] = b, r.value
	}
	if len(right) == 0 {
		return it.error(it.rulesNode(), codeNoKey)
	}
	return it.pairSides(part, right, points) && it.setStemWithPrompt(part)
}

// addsPairs reports whether rules add points for pairs, and do nothing else that counts; what they take off for other
// answers is told.
func (it *qti1Item) addsPairs(part *qti1Response, rules []*qti1Rule) bool {
	for _, r := range rules {
		_, _, pair := pairOf(r.test)
		switch {
		case r.other && r.value <= 0:
			it.tellIfNegative(part.node, r.value)
		case r.value == 0 && (r.adds || r.unanswered()):
		case !r.adds:
			return it.error(r.node, codeQTI1Scoring, "text", "Set")
		case !pair || r.value < 0:
			return it.error(r.node, codeQTI1Scoring, "text", r.test.String())
		}
	}
	return true
}

// isLeft tells a label that names those that it may be put on.
func (r *qti1Response) isLeft(ident string) bool {
	return slices.ContainsFunc(r.labels, func(l qti1Label) bool { return l.ident == ident && l.node.HasAttr("match_group") })
}

// pairSides makes prompts of the labels that have a partner, and options of the others. A left one without a partner
// would be a prompt that nothing is right for.
func (it *qti1Item) pairSides(part *qti1Response, right map[string]string, points map[string]float64) bool {
	q := &it.Question.Question
	q.Type, it.Key.Pairs = exam.Matching, map[string]string{}
	options, bests := map[string]string{}, map[string]float64{}
	for _, l := range part.labels {
		switch {
		case l.text.Source == "":
			return it.error(l.node, codeEmptyOption, "options", l.ident)
		case right[l.ident] == "" && part.isLeft(l.ident):
			return it.error(l.node, codeQTI1Scoring, "text", l.ident)
		case right[l.ident] == "":
			options[l.ident] = optionID(len(q.Options))
			q.Options = append(q.Options, exam.Option{ID: options[l.ident], Text: l.text})
		default:
			id := "p" + strconv.Itoa(len(q.Prompts)+1)
			q.Prompts = append(q.Prompts, exam.Prompt{ID: id, Text: l.text})
			it.Key.Pairs[id], bests[id] = right[l.ident], points[l.ident]
		}
	}
	for id, ident := range it.Key.Pairs {
		if it.Key.Pairs[id] = options[ident]; options[ident] == "" {
			return it.error(it.rulesNode(), codeQTI1Scoring, "text", ident)
		}
	}
	if len(q.Prompts) != len(right) || len(q.Options) < 2 {
		return it.error(part.node, codeOneOption, "count", len(q.Options))
	}
	it.Key.Weights = promptWeights(bests)
	return true
}
