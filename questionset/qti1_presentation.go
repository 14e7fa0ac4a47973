package questionset

import (
	"cmp"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Response is one thing that is answered in an item.
type qti1Response struct {
	node    *xmltree.Node
	ident   string
	prompt  exam.Text // its own material
	name    string    // that material as plain text: Canvas writes [name] into the stem
	labels  []qti1Label
	many    bool // several labels may be chosen
	pairs   bool // labels are put on one another
	ordered bool
	number  bool // a number is typed
	options bool // labels are chosen, nothing is typed
}

// qti1Label is one thing to choose.
type qti1Label struct {
	ident string
	text  exam.Text
	plain string
	fixed bool
	node  *xmltree.Node
}

// responses are the elements that are answered, and whether all of a kind can be here: of groups some can, see
// response.
var responses = map[string]bool{
	"response_lid": true, "response_str": true, "response_num": true, "response_xy": false, "response_grp": false,
	"response_na": false, "response_extension": false,
}

func isResponse(n *xmltree.Node) bool { _, is := responses[n.Name]; return is }

// plainResponses reports whether an element holds responses other than extensions: then those only say
// how it is shown, as Brightspace writes them.
func plainResponses(n *xmltree.Node) bool {
	return slices.ContainsFunc(responsesIn(n), func(r *xmltree.Node) bool { return r.Name != "response_extension" })
}

func responsesIn(n *xmltree.Node) []*xmltree.Node {
	var out []*xmltree.Node
	n.Walk(func(e *xmltree.Node) bool {
		if isResponse(e) {
			out = append(out, e)
			return false
		}
		return true
	})
	return out
}

// readPresentation reads the stem and what is answered.
func (it *qti1Item) readPresentation() bool {
	presentation := it.node.Child("presentation")
	sound, extended := true, plainResponses(presentation)
	respond := func(n *xmltree.Node) int {
		if extended && n.Name == "response_extension" {
			return 0
		}
		part, ok := it.response(n)
		sound = sound && ok
		it.parts = append(it.parts, part)
		return len(it.parts)
	}
	if it.kind == kindMatching && it.meta["bbmd_questiontype"] != "" {
		it.blackboardMatching(presentation, respond)
	} else if presentation != nil {
		it.stem.read(presentation, respond)
	}
	if len(it.parts) > MaxAnswers {
		return it.error(it.part("presentation"), codeTooManyAnswers, "count", len(it.parts), "limit", MaxAnswers)
	}
	return sound
}

// response reads one response.
func (it *qti1Item) response(n *xmltree.Node) (*qti1Response, bool) {
	r := &qti1Response{node: n, ident: n.Attr("ident")}
	render := renderOf(n)
	r.pairs = it.takesPairs(n)
	grouped := r.pairs || n.Name == "response_grp" && render == "render_choice"
	if !responses[n.Name] && !grouped || render == "render_hotspot" || render == "render_slider" {
		name := n.Name
		if render != "" && responses[n.Name] {
			name = render
		}
		return r, it.error(n, codeQTI1Type, "type", name)
	}
	if n.Name == "response_str" && render == "" && len(n.Find("fieldentry")) > 0 { // a list, as ILIAS writes long menus
		stated, _ := it.statedType()
		return r, it.error(n, codeQTI1Type, "type", cmp.Or(stated, n.Name))
	}
	r.options = n.Name == "response_lid" && render != "render_fib" || n.Name == "response_str" && render == "render_choice" || grouped
	r.many = strings.EqualFold(n.Attr("rcardinality"), "Multiple")
	r.ordered = strings.EqualFold(n.Attr("rcardinality"), "Ordered")
	for _, fib := range n.Elements("render_fib") {
		switch strings.ToLower(fib.Attr("fibtype")) {
		case "integer", "decimal", "scientific":
			r.number = true
		}
	}
	r.number = r.number || n.Name == "response_num"
	ok := it.ownMaterial(r) && it.labels(r)
	return r, ok
}

// hasMatchGroup tells labels that are to be put on one another, which no list of options does.
func hasMatchGroup(n *xmltree.Node) bool {
	return slices.ContainsFunc(n.Find("response_label"), func(l *xmltree.Node) bool { return l.HasAttr("match_group") })
}

// renderOf is the element that says how a response is shown.
func renderOf(n *xmltree.Node) string {
	for _, e := range n.Elements() {
		if strings.HasPrefix(e.Name, "render_") {
			return e.Name
		}
	}
	return ""
}

// ownMaterial reads the text in a response, and beside its labels. The standard's own examples ask the question within
// the field.
func (it *qti1Item) ownMaterial(r *qti1Response) bool {
	var t qti1Text
	own := func(e *xmltree.Node) { t.read(&xmltree.Node{Name: "flow", Children: []*xmltree.Node{e}}, nil) }
	for _, e := range r.node.Elements("material", "flow", "flow_mat", "render_fib", "render_choice") {
		if e.Name != "render_choice" {
			own(e)
			continue
		}
		for _, beside := range e.Elements("material", "flow_mat") { // the labels
			own(beside)
		}
	}
	plain := t.render(nil)
	r.name = strings.TrimSpace(qti1Plain(plain))
	var ok bool
	r.prompt, ok = it.text(r.node, plain)
	return ok
}

// labels reads what can be chosen.
func (it *qti1Item) labels(r *qti1Response) bool {
	found := r.node.Find("response_label")
	if len(found) > MaxAnswers {
		return it.error(r.node, codeTooManyAnswers, "count", len(found), "limit", MaxAnswers)
	}
	shuffled, kept := false, false
	for _, c := range r.node.Find("render_choice") {
		shuffled = shuffled || strings.EqualFold(c.Attr("shuffle"), "Yes")
		kept = kept || strings.EqualFold(c.Attr("shuffle"), "No")
	}
	for _, n := range found {
		var t qti1Text
		t.read(n, nil)
		text, ok := it.text(n, t.render(nil))
		if !ok {
			return false
		}
		r.labels = append(r.labels, qti1Label{
			ident: n.Attr("ident"), text: text, plain: qti1Plain(text), node: n,
			fixed: kept || shuffled && strings.EqualFold(n.Attr("rshuffle"), "No"),
		})
	}
	return it.nameEitherOr(r)
}

// blackboardMatching reads a matching question of Blackboard: the left sides stand beside their
// responses, the right sides in a block of their own, in the order of the labels.
func (it *qti1Item) blackboardMatching(n *xmltree.Node, respond func(*xmltree.Node) int) {
	n.Walk(func(e *xmltree.Node) bool {
		switch {
		case e.Name == "flow" && e.Attr("class") == "RIGHT_MATCH_BLOCK":
			for _, f := range e.Elements("flow") {
				it.rights = append(it.rights, it.reader.text(it.at(f), f))
			}
			return false
		case e.Name == "flow" && len(e.Elements("response_lid")) > 0:
			respond(e.Elements("response_lid")[0])
			part := it.parts[len(it.parts)-1]
			if part.prompt.Source == "" {
				part.prompt = it.reader.text(it.at(e), e)
			}
			return false
		case e.Name == "material":
			it.stem.breakLine()
			it.stem.material(e)
			return false
		}
		return true
	})
	for _, part := range it.parts {
		for i := range part.labels {
			if part.labels[i].text.Source == "" && i < len(it.rights) {
				part.labels[i].text, part.labels[i].plain = it.rights[i], qti1Plain(it.rights[i])
			}
		}
	}
}

// settleKind fits what the item says that it is to what it is made of; that decides where they differ. It reports false,
// after telling, where the item says two things of which that does not leave the first alone.
func (it *qti1Item) settleKind() bool {
	lids, typed, numbers := 0, 0, 0
	for _, p := range it.parts {
		switch {
		case p.options:
			lids++
		case p.number:
			numbers++
		default:
			typed++
		}
	}
	all := len(it.parts)
	fits := map[qti1Kind]bool{
		kindChoice: lids == 1 && all == 1 && (!it.parts[0].many || it.oneEach()), kindMultiple: lids == 1 && all == 1,
		kindText: typed == 1 && all == 1, kindNumeric: all == 1 && lids == 0, kindBlanks: all > 0, kindDropdowns: all > 0,
		kindMatching: lids > 0 && lids == all, kindEssay: lids == 0, kindDescription: all == 0,
		kindOrdering: lids == 1 && all == 1,
	}
	if all == 1 && it.parts[0].pairs {
		it.kind = kindPairs
		return true
	}
	if other := it.otherKind(fits); other != nil {
		return it.error(other, codeXMLTwice, "name", it.typeField())
	}
	if !fits[it.kind] {
		it.kind = it.inferKind(all, lids, typed)
	}
	return true
}

// otherKind is a second field of the item's type, of another kind, where not only the first of them fits what the item is
// made of; nil where there is none.
func (it *qti1Item) otherKind(fits map[qti1Kind]bool) *xmltree.Node {
	var other *xmltree.Node
	eachField(it.node, func(name, value string, field *xmltree.Node) {
		kind := kindNamed(value)
		if name == it.typeField() && kind != it.kind && (!fits[it.kind] || fits[kind] || kind == kindUnsupported) {
			other = field
		}
	})
	return other
}

// oneEach reports whether every rule with points names one value only: Brightspace writes its choices of
// one option as if several could be chosen.
func (it *qti1Item) oneEach() bool {
	for _, r := range it.rules {
		if r.score && r.value > 0 && (r.adds || len(r.test.Find("varequal")) != 1) {
			return false
		}
	}
	return true
}

func (it *qti1Item) inferKind(all, lids, typed int) qti1Kind {
	switch {
	case all == 0:
		return kindDescription
	case all > 1 && lids == all && !it.bracketed():
		return kindMatching
	case all > 1:
		return kindBlanks
	case lids == 1 && it.bracketed():
		return kindDropdowns
	case lids == 1 && it.parts[0].ordered:
		return kindOrdering
	case lids == 1 && it.parts[0].many:
		return kindMultiple
	case lids == 1:
		return kindChoice
	case !it.scored():
		return kindEssay
	case typed == 0 || it.compares():
		return kindNumeric
	}
	return kindText
}

// bracketed reports whether the stem names all responses in brackets, as Canvas writes gaps.
func (it *qti1Item) bracketed() bool {
	for _, name := range it.bracketNames() {
		if name == "" {
			return false
		}
	}
	return true
}

// bracketNames are, for each response, what stands for it in the stem within brackets, "" when nothing
// does: what its ident ends with, or the text in it.
func (it *qti1Item) bracketNames() []string {
	stem := qti1Plain(it.stem.render(nil))
	names := make([]string, len(it.parts))
	for i, p := range it.parts {
		for _, name := range []string{strings.TrimPrefix(p.ident, "response_"), p.name} {
			if names[i] == "" && name != "" && strings.Contains(stem, "["+name+"]") {
				names[i] = name
			}
		}
	}
	return names
}
