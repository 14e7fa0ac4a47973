package questionset

import (
	"html"
	"math/big"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// buildTextEntry makes a short text, or a number where the response is one.
func (it *qti2Item) buildTextEntry(n *xmltree.Node) bool {
	if it.marked(n, qtiGapClass) {
		return it.buildGaps([]*xmltree.Node{n})
	}
	d, ok := it.response(n)
	if !ok {
		return false
	}
	it.inline[n] = gapText(0)
	if it.alone(n) {
		it.inline[n] = ""
	}
	it.Question.Question.Stem = it.stem()
	it.tellMask(n)
	switch {
	case it.noRule != "":
		return it.unscored("")
	case d.card != "single":
		return it.needsMarker(n.Name, codeQTI2Cardinality, "name", d.card, "want", "single")
	case isNumeric(d.base):
		return it.entersNumber(n, d)
	case d.base != "string" && d.base != "":
		return it.needsMarker(n.Name, codeQTI2BaseType, "name", d.base)
	}
	it.Question.Question.Type = exam.ShortText
	cells, ok := it.textCells(d)
	if !ok {
		return it.needsMarker(n.Name, codeQTI2TooMany, "count", len(d.named()))
	}
	return it.settle(cellCases(d, cells), func(best *big.Rat) []exam.Key {
		return []exam.Key{{Texts: textKeys(cells, func(i int) int { return it.cellCredit(d, cells[i], best) })}}
	})
}

func (it *qti2Item) tellMask(n *xmltree.Node) {
	if mask := n.Attr("patternMask"); mask != "" {
		it.note(n.Name, codeQTI2LeftOut, "name", "patternMask")
	}
}

// buildSlider makes a number to be typed of a slider; the stem says from where to where.
func (it *qti2Item) buildSlider(n *xmltree.Node) bool {
	d, ok := it.response(n)
	if !ok {
		return false
	}
	it.inline[n] = it.promptOf(n) + sliderRange(n)
	it.Question.Question.Stem = it.stem()
	switch {
	case it.noRule != "":
		return it.unscored("")
	case d.card != "single":
		return it.needsMarker(n.Name, codeQTI2Cardinality, "name", d.card, "want", "single")
	case !isNumeric(d.base):
		return it.needsMarker(n.Name, codeQTI2SliderBase, "name", d.base)
	}
	it.note(n.Name, codeQTI2Slider)
	return it.entersNumber(n, d)
}

func sliderRange(n *xmltree.Node) string {
	return "<p>" + html.EscapeString(n.Attr("lowerBound")+" – "+n.Attr("upperBound")) + "</p>"
}

func (it *qti2Item) entersNumber(n *xmltree.Node, d *qtiDeclaration) bool {
	if base := n.Attr("base"); base != "" && base != "10" {
		return it.needsMarker(n.Name, codeQTI2NumberBase, "name", base)
	}
	it.Question.Question.Type = exam.Numeric
	cells, ok := it.numberCells(d)
	if !ok {
		return it.unscored("")
	}
	return it.settle(cellCases(d, cells), func(best *big.Rat) []exam.Key {
		return []exam.Key{{Numbers: numberKeys(cells, func(i int) int { return it.cellCredit(d, cells[i], best) })}}
	})
}

// cellCredit is what one cell earns alone.
func (it *qti2Item) cellCredit(d *qtiDeclaration, c qtiCell, best *big.Rat) int {
	score, _ := it.program.score(map[string]qtiValue{d.id: c.value}, nil)
	if score == nil {
		return 0
	}
	return max(credit(score, best), 0)
}

func cellCases(d *qtiDeclaration, cells []qtiCell) []qtiCase {
	var cases []qtiCase
	for _, c := range cells {
		cases = append(cases, qtiCase{responses: map[string]qtiValue{d.id: c.value}, answer: exam.TextAnswer(c.answer)})
	}
	return cases
}

// anyText stands for a text that no rule names.
const anyText = "\uFFFCany other text"

// textCells are the texts that the rule can tell apart: those that it names, in their own case and in
// others, any other, and none. It reports false when they are too many.
func (it *qti2Item) textCells(d *qtiDeclaration) ([]qtiCell, bool) {
	cells := []qtiCell{{value: d.empty()}}
	seen := map[string]bool{}
	add := func(own, s string) {
		if one := strings.Join(strings.Fields(s), " "); one != "" && !seen[one] && len(cells) <= 3*MaxAnswers {
			seen[one] = true
			cells = append(cells, qtiCell{value: d.of(s), answer: s, text: own})
		}
	}
	names := it.namedTexts(d.id)
	if !it.comparesOnly(d.id) { // it may be compared elsewhere, with anything that is named
		names = append(names, it.allTexts()...)
	}
	for _, s := range names {
		add(s, s)
	}
	for _, s := range names {
		add(s, strings.ToLower(s))
		add(s, strings.ToUpper(s))
	}
	return append(cells, qtiCell{value: d.of(anyText), answer: anyText, rest: true}), len(cells) <= 3*MaxAnswers
}

// allTexts are all values that rules and declarations name.
func (it *qti2Item) allTexts() []string {
	var list []string
	expressions(it.program.rules, func(root *xmltree.Node) {
		for _, b := range append(root.Find("baseValue"), root) {
			if b.Name == "baseValue" {
				list = append(list, strings.TrimSpace(b.String()))
			}
		}
	})
	for _, id := range it.responseIDs {
		list = append(list, it.program.responses[id].named()...)
	}
	return list
}

// named are the values that a declaration names.
func (d *qtiDeclaration) named() []string {
	var list []string
	if d.mapping != nil {
		for _, e := range d.mapping.entries {
			list = append(list, e.key)
		}
	}
	return append(list, d.correct.items...)
}

// namedTexts are the texts that the rules compare a response with, other responses' included where the
// two are compared.
func (it *qti2Item) namedTexts(id string) []string {
	var list []string
	related := []string{id}
	expressions(it.program.rules, func(root *xmltree.Node) {
		root.Walk(func(n *xmltree.Node) bool {
			children := n.Elements()
			if !slices.ContainsFunc(children, func(c *xmltree.Node) bool { return isVariable(c, id) }) {
				return true
			}
			for _, c := range children {
				switch c.Name {
				case "variable", "correct":
					related = append(related, strings.TrimSpace(c.Attr("identifier")))
				default:
					for _, b := range append(c.Find("baseValue"), c) {
						if b.Name == "baseValue" {
							list = append(list, strings.TrimSpace(b.String()))
						}
					}
				}
			}
			return true
		})
	})
	for _, r := range related {
		if d := it.program.responses[r]; d != nil {
			list = append(list, d.named()...)
		}
	}
	return list
}

// textKeys makes accepted texts of cells, each worth what weight says. Where every case of a text is
// worth the same, case does not count.
func textKeys(cells []qtiCell, weight func(i int) int) []exam.TextKey {
	var keys []exam.TextKey
	rest := slices.IndexFunc(cells, func(c qtiCell) bool { return c.rest })
	for i, c := range cells {
		if c.text == "" || c.text != c.answer || weight(i) == 0 && weight(rest) == 0 {
			continue
		}
		cased := false
		for j, o := range cells {
			cased = cased || strings.EqualFold(o.answer, c.answer) && weight(j) != weight(i)
		}
		if !cased && slices.ContainsFunc(keys, func(k exam.TextKey) bool { return strings.EqualFold(unstarred.Replace(k.Pattern), c.answer) }) {
			continue
		}
		keys = append(keys, exam.TextKey{Pattern: starred.Replace(c.answer), Weight: weight(i), CaseSensitive: cased})
	}
	if w := weight(rest); w != 0 {
		keys = append(keys, exam.TextKey{Pattern: "*", Weight: w})
	}
	return keys
}
