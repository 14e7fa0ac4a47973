package questionset

import (
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// nameLabels puts the names of labels in rules that say their texts instead, as ILIAS writes them of lists in a text.
// It reports false for rules that could mean one label by its name and another by its text, or two of one text.
func (it *qti1Item) nameLabels(processing *xmltree.Node) bool {
	var tests map[string][]*xmltree.Node
	for _, part := range it.parts {
		if !part.options || part.node.Name != "response_str" {
			continue
		}
		if tests == nil {
			tests = testsAbout(processing)
		}
		if !it.nameByText(part, forOneValue(tests[part.ident])) {
			return false
		}
	}
	return true
}

// forOneValue are the tests for one value.
func forOneValue(tests []*xmltree.Node) []*xmltree.Node {
	return slices.DeleteFunc(tests, func(n *xmltree.Node) bool { return n.Name != "varequal" })
}

// nameByText does so for one response, where all its tests say texts.
func (it *qti1Item) nameByText(part *qti1Response, tests []*xmltree.Node) bool {
	texts, idents := map[string][]string{}, map[string]bool{}
	for _, l := range part.labels {
		text := strings.TrimSpace(l.plain)
		texts[text] = append(texts[text], l.ident)
		idents[l.ident] = true
	}
	said := func(n *xmltree.Node) string { return strings.TrimSpace(n.String()) }
	if slices.ContainsFunc(tests, func(n *xmltree.Node) bool { return texts[said(n)] == nil }) {
		return true
	}
	for _, n := range tests {
		named := texts[said(n)]
		if len(named) > 1 || idents[said(n)] && named[0] != said(n) {
			return it.error(n, codeQTI1Ambiguous, "text", said(n))
		}
	}
	for _, n := range tests {
		n.Children = []*xmltree.Node{{Text: texts[said(n)][0], Line: n.Line}}
	}
	return true
}
