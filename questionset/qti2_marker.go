package questionset

import (
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// needsMarker takes the question as one that a person marks: its stem shows what could be chosen. code
// says why nothing else is faithful.
func (it *qti2Item) needsMarker(element string, code Code, args ...any) bool {
	it.forgetMedia()
	it.Question.Question = exam.Question{Type: exam.Essay, Title: it.Question.Question.Title, Stem: it.plainStem()}
	it.Key, it.Feedback = exam.Key{}, exam.Feedback{}
	it.warning(element, code, args...)
	if right := it.rightAnswer(); right != "" {
		it.note(element, codeQTI2RightAnswer, "text", right)
		it.right = right
	}
	it.keepFeedback(it.cases)
	return true
}

// forgetMedia takes back what was told of the item's pictures and sounds: the texts are made once more.
func (it *qti2Item) forgetMedia() {
	of := it.report.Findings[it.told:]
	of = slices.DeleteFunc(of, func(f Finding) bool { return strings.HasPrefix(string(f.Code), "media_") })
	it.report.Findings = it.report.Findings[:it.told+len(of)]
}

// rightAnswer is what the item says is right, for the person who marks: texts where it names choices.
func (it *qti2Item) rightAnswer() string {
	texts := map[string]string{}
	it.body.Walk(func(n *xmltree.Node) bool {
		if id := strings.TrimSpace(n.Attr("identifier")); id != "" && n.Name != "gap" {
			texts[id] = excerpt(it.plainOf(n))
		}
		return true
	})
	var parts []string
	for _, id := range it.responseIDs {
		for _, item := range it.program.responses[id].correct.items {
			a, b, pair := strings.Cut(item, " ")
			switch base := it.program.responses[id].base; {
			case pair && strings.HasSuffix(strings.ToLower(base), "pair"):
				item = firstOf(texts[a], a) + " – " + firstOf(texts[b], b)
			case base == "identifier":
				item = firstOf(texts[item], item)
			}
			parts = append(parts, item)
		}
	}
	return strings.Join(parts, "; ")
}

// badMapping is what is no number in the mapping that a rule stumbled over, "" when it was not that.
func (it *qti2Item) badMapping(trouble string) string {
	id, mapped := strings.CutPrefix(trouble, mapTrouble)
	if d := it.program.responses[id]; mapped && d != nil {
		return d.badEntry
	}
	return ""
}

// unscored takes the question as one for a marker since it has no rule, or one that is not understood.
func (it *qti2Item) unscored(trouble string) bool {
	switch {
	case it.noRule != "":
		return it.needsMarker("responseProcessing", it.noRule, "name", it.noRuleName)
	case it.badMapping(trouble) != "":
		return it.needsMarker("mapping", codeQTI2MapValue, "value", it.badMapping(trouble))
	case trouble == tooMuchWork:
		return it.needsMarker("responseProcessing", codeQTI2Work)
	case trouble != "":
		return it.needsMarker("responseProcessing", codeQTI2Operator, "name", trouble)
	}
	return it.needsMarker("responseProcessing", codeQTI2Rule)
}
