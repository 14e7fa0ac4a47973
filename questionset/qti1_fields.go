package questionset

import (
	"slices"
	"strconv"
	"strings"

	"shiken/internal/xmltree"
)

// spreadFields makes a response of its own of each field of a response that is typed into several, as the standard's
// own examples write sentences with gaps: rules tell the fields apart by an index. It reports false, after telling,
// for rules that do not say which field they are about.
func (it *qti1Item) spreadFields() bool {
	list := responsesIn(it.node.Child("presentation"))
	if len(list) > MaxAnswers {
		return it.error(it.part("presentation"), codeTooManyAnswers, "count", len(list), "limit", MaxAnswers)
	}
	var tests map[string][]*xmltree.Node
	for _, n := range list {
		if n.Name == "response_grp" || renderOf(n) != "render_fib" {
			continue
		}
		ident := n.Attr("ident")
		fields := max(len(n.Find("response_label")), 1)
		if fields > MaxAnswers {
			return it.error(n, codeTooManyAnswers, "count", fields, "limit", MaxAnswers)
		}
		if tests == nil {
			tests = testsAbout(it.node.Child("resprocessing"))
		}
		if !it.indexTests(n, tests[ident], fields) {
			return false
		}
		delete(tests, ident)
		if fields > 1 {
			spread(n, ident)
		}
	}
	return true
}

// testsAbout are all tests by the response that they are about, in document order.
func testsAbout(processing *xmltree.Node) map[string][]*xmltree.Node {
	tests := map[string][]*xmltree.Node{}
	processing.Walk(func(n *xmltree.Node) bool {
		if ident := n.Attr("respident"); ident != "" {
			tests[ident] = append(tests[ident], n)
		}
		return true
	})
	return tests
}

// indexTests puts the name of a field in tests that say its index, which counts from 1, or from 0 where one says 0. A
// response that is not answered is one of which no field is. A lone field needs no index.
func (it *qti1Item) indexTests(response *xmltree.Node, tests []*xmltree.Node, fields int) bool {
	ident := response.Attr("ident")
	first := 1
	if slices.ContainsFunc(tests, func(n *xmltree.Node) bool { return strings.TrimSpace(n.Attr("index")) == "0" }) {
		first = 0
	}
	for _, n := range tests {
		written := strings.TrimSpace(n.Attr("index"))
		index, err := strconv.Atoi(written)
		switch {
		case written == "" && fields == 1:
		case written == "" && n.Name == "unanswered":
			*n = xmltree.Node{Name: "and", Line: n.Line}
			for i := range fields {
				n.Children = append(n.Children, &xmltree.Node{Name: "unanswered", Line: n.Line,
					Attrs: []xmltree.Attr{{Name: "respident", Value: fieldName(ident, i)}}})
			}
		case err != nil || index < first || index-first >= fields:
			return it.error(n, codeQTI1Fields, "id", ident, "count", fields, "index", written)
		case fields > 1:
			for i := range n.Attrs {
				if n.Attrs[i].Name == "respident" {
					n.Attrs[i].Value = fieldName(ident, index-first)
				}
			}
		}
	}
	return true
}

// fieldName is what the field of a response is called, n counted from 0.
func fieldName(ident string, n int) string { return ident + " #" + strconv.Itoa(n+1) }

// spread puts a response in the place of each field of a response; the text around them stays.
func spread(response *xmltree.Node, ident string) {
	kind, n := response.Name, 0
	var in func(e *xmltree.Node, fib []xmltree.Attr)
	in = func(e *xmltree.Node, fib []xmltree.Attr) {
		if e.Name == "render_fib" {
			fib = e.Attrs
		}
		for i, c := range e.Children {
			if c.Name != "response_label" {
				in(c, fib)
				continue
			}
			e.Children[i] = &xmltree.Node{Name: kind, Line: c.Line,
				Attrs:    []xmltree.Attr{{Name: "ident", Value: fieldName(ident, n)}},
				Children: []*xmltree.Node{{Name: "render_fib", Attrs: fib, Line: c.Line, Children: []*xmltree.Node{c}}}}
			n++
		}
	}
	in(response, nil)
	response.Name = "flow_fields" // no response any more
}
