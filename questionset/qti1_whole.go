package questionset

import (
	"cmp"

	"shiken/internal/xmltree"
)

// wholeRule is the rule with points that is about several responses at once, when it is the only one.
func (it *qti1Item) wholeRule() *qti1Rule {
	var whole *qti1Rule
	for _, r := range it.rules {
		if !r.score || r.value <= 0 || r.other {
			continue
		}
		if whole != nil || len(r.about) < 2 {
			return nil
		}
		whole = r
	}
	return whole
}

// ownPart is what a rule for all responses wants of one.
func (it *qti1Item) ownPart(part *qti1Response, whole *qti1Rule) ([]*qti1Rule, bool) {
	if it.wanted == nil && !it.takeApart(whole) {
		return nil, false
	}
	own := it.wanted[part.ident]
	if own == nil {
		own = &xmltree.Node{Name: "conditionvar"}
	}
	return []*qti1Rule{{node: whole.node, test: own, size: 1 + elements(own), value: 1, score: true}}, true
}

// takeApart splits a rule for all responses: the conjunction must fall apart by response.
func (it *qti1Item) takeApart(whole *qti1Rule) bool {
	list := whole.test.Elements()
	for len(list) == 1 && list[0].Name == "and" {
		list = list[0].Elements()
	}
	wanted := map[string]*xmltree.Node{}
	for _, e := range list {
		ident, several := onlyResponse(e)
		if ident == "" || several {
			return it.error(whole.node, codeQTI1Scoring, "text", e.String())
		}
		if wanted[ident] == nil {
			wanted[ident] = &xmltree.Node{Name: "conditionvar"}
		}
		wanted[ident].Children = append(wanted[ident].Children, e)
	}
	it.wanted = wanted
	return true
}

// onlyResponse is the response that a test is about, "" when it is about none.
func onlyResponse(test *xmltree.Node) (ident string, several bool) {
	test.Walk(func(n *xmltree.Node) bool {
		id := n.Attr("respident")
		several = several || id != "" && ident != "" && id != ident
		ident = cmp.Or(ident, id)
		return !several
	})
	return ident, several
}
