package questionset

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Rule is a respcondition: a test of the answer, and what it does to the score.
type qti1Rule struct {
	node  *xmltree.Node
	test  *xmltree.Node   // conditionvar
	about map[string]bool // idents of responses in the test
	size  int             // elements of the test
	name  string          // of the variable
	value float64
	adds  bool // to the variable; else it sets it
	score bool // it touches the score
	stops bool // no later rule is looked at when it holds
	on    bool // it says itself that later rules are looked at
	other bool // the test holds what no other rule does
}

// Bounds of the work on rules, in tests looked at: every answer that a key may name is looked at with all of them. A
// file that needs more is read no further.
const (
	maxQTI1Steps     = 5_000_000 // of an item
	maxQTI1FileSteps = 15_000_000
)

// readRules reads how the item is scored.
func (it *qti1Item) readRules() bool {
	processing := it.node.Child("resprocessing")
	it.nameFields(processing)
	if !it.nameLabels(processing) {
		return false
	}
	if !it.findCounts(processing) {
		return false
	}
	names := it.scoreNames(processing)
	maximum := map[string]float64{}
	for _, d := range processing.Child("outcomes").Elements("decvar") {
		name := strings.ToLower(variable(d))
		if m, ok := qti1Number(d.Attr("maxvalue")); ok && m > 0 {
			maximum[name] = m
		}
		if v, ok := qti1Number(d.Attr("defaultval")); ok && names[name] {
			it.base += v
		}
	}
	for _, n := range processing.Elements("respcondition") {
		rule, ok := it.rule(n, names, maximum)
		if !ok {
			return false
		}
		it.rules = append(it.rules, rule)
	}
	it.findShares()
	it.unscored()
	return it.judgeNames()
}

// judgeNames refuses rules that change the score for what is no response of the item: what they mean would be lost. Of
// Canvas's gaps rules do not say what is right, see labelledGap.
func (it *qti1Item) judgeNames() bool {
	if len(it.parts) == 0 || it.meta["question_type"] == "fill_in_multiple_blanks_question" {
		return true
	}
	known := map[string]bool{}
	for _, part := range it.parts {
		known[part.ident] = true
	}
	for _, r := range it.rules {
		for _, ident := range slices.Sorted(maps.Keys(r.about)) {
			if r.score && r.value != 0 && !known[ident] {
				return it.error(r.node, codeQTI1NoSuch, "id", ident)
			}
		}
	}
	return true
}

// nameFields puts the name of a response in rules that name its only field instead, as Brightspace writes them.
func (it *qti1Item) nameFields(processing *xmltree.Node) {
	names := map[string]string{}
	for _, part := range it.parts {
		if !part.options && len(part.labels) == 1 {
			ident := part.labels[0].ident
			if _, twice := names[ident]; twice {
				names[ident] = "" // of several responses
			} else {
				names[ident] = part.ident
			}
		}
	}
	delete(names, "")
	for _, part := range it.parts {
		delete(names, part.ident)
	}
	processing.Walk(func(n *xmltree.Node) bool {
		for i := range n.Attrs {
			if a := &n.Attrs[i]; a.Name == "respident" && names[a.Value] != "" {
				a.Value = names[a.Value]
			}
		}
		return true
	})
}

// scoreNames are the variables that make up the score, in lower case: SCORE when the rules use it, else
// all that they use. Where they count right and wrong choices, it is the right ones.
func (it *qti1Item) scoreNames(processing *xmltree.Node) map[string]bool {
	if it.counted {
		return map[string]bool{countRight: true}
	}
	names := map[string]bool{}
	for _, n := range processing.Find("setvar") {
		name := strings.ToLower(variable(n))
		if name == "score" {
			return map[string]bool{name: true}
		}
		names[name] = true
	}
	return names
}

// variable is the variable that a setvar names; SCORE when it names none.
func variable(n *xmltree.Node) string {
	for _, attr := range []string{"varname", "variablename"} {
		if name := n.Attr(attr); name != "" {
			return name
		}
	}
	return "SCORE"
}

// qti1Tests are the elements of tests that are understood.
var qti1Tests = map[string]bool{
	"conditionvar": true, "and": true, "or": true, "not": true, "other": true, "unanswered": true, "varequal": true,
	"varlt": true, "varlte": true, "vargt": true, "vargte": true, "varsubstring": true, "varsubset": true,
}

// rule reads one respcondition.
func (it *qti1Item) rule(n *xmltree.Node, names map[string]bool, maximum map[string]float64) (*qti1Rule, bool) {
	rule := &qti1Rule{node: n, test: n.Child("conditionvar"), about: map[string]bool{}}
	rule.size = 1 + elements(rule.test)
	rule.on = strings.EqualFold(n.Attr("continue"), "Yes")
	for _, s := range n.Elements("setvar") {
		name := strings.ToLower(variable(s))
		if !names[name] {
			continue
		}
		rule.name = name
		value, ok := qti1Number(s.String())
		if strings.HasSuffix(strings.ToLower(strings.TrimSpace(s.String())), ".max") {
			value, ok = max(maximum[name], 1), true
		}
		action := strings.ToLower(s.Attr("action"))
		switch {
		case !ok || action == "multiply" || action == "divide" || strings.HasSuffix(name, "incorrect"):
			return nil, it.error(s, codeQTI1Scoring, "text", action+" "+s.String())
		case action == "subtract":
			rule.value, rule.adds = -value, true
		default:
			rule.value, rule.adds = value, action == "add"
		}
		rule.score = true
	}
	rule.judgeStop()
	if !rule.score {
		return rule, true
	}
	return rule, it.readTest(rule)
}

// judgeStop says whether later rules are looked at: what sets a variable ends the rules, what adds only where it says.
func (r *qti1Rule) judgeStop() { r.stops = !r.on && (!r.adds || r.node.HasAttr("continue")) }

// readTest finds what a test is about, and whether it is understood.
func (it *qti1Item) readTest(rule *qti1Rule) bool {
	unknown := ""
	rule.test.Walk(func(e *xmltree.Node) bool {
		switch {
		case e.Name == "":
		case !qti1Tests[e.Name]:
			unknown = e.Name
		case e.Name == "other":
			rule.other = true
		case e.Attr("respident") != "" || strings.HasPrefix(e.Name, "var"):
			rule.about[e.Attr("respident")] = true
		}
		return unknown == ""
	})
	if unknown != "" && rule.value != 0 {
		return it.error(rule.node, codeQTI1Scoring, "text", "<"+unknown+">")
	}
	return true
}

// qti1Number reads a number of the rules; it reports false when it is none, or out of reason.
func qti1Number(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return v, err == nil && !math.IsNaN(v) && math.Abs(v) <= 1e9
}

// unscored finds the right answers of items whose rules give no points: those that a rule calls correct, as Sakai
// and Blackboard write. Where none does, of those that are typed, and of Blackboard's that are put together, those that
// a rule names and says nothing of, and that is told: it lists no others. A rule that sets the score to nothing says it, too.
func (it *qti1Item) unscored() {
	if it.scored() {
		return
	}
	if it.lift(func(r *qti1Rule) bool { return r.verdict() == "correct" && r.value >= 0 }) {
		it.report.note(it.at(it.rulesNode()), codeQTI1Called)
		return
	}
	listed := it.kind == kindText || it.kind == kindBlanks || it.kind == kindMatching && it.meta["bbmd_questiontype"] != ""
	silent := func(r *qti1Rule) bool { return r.verdict() == "" && (!r.score || r.adds && r.value == 0) }
	if listed && it.lift(silent) {
		it.warning(it.rulesNode(), codeQTI1Named)
	}
}

// lift gives a point to the rules that are right; it reports whether there are any. How several options are scored that
// have a rule each, the exam decides, which is told.
func (it *qti1Item) lift(right func(*qti1Rule) bool) bool {
	var lifted []*qti1Rule
	for _, r := range it.rules {
		if r.test == nil || !right(r) || !it.readTest(r) || r.other || len(r.about) == 0 {
			continue
		}
		lifted = append(lifted, r)
	}
	each := len(it.parts) == 1 && it.parts[0].many && (len(lifted) > 1 || len(lifted) == 1 && lifted[0].adds)
	for _, r := range lifted {
		r.name, r.score, r.adds, r.value = "score", true, each || len(it.parts) > 1, 1
		r.judgeStop()
	}
	if each && len(lifted) > 1 {
		it.byExam = true
		it.warning(it.rulesNode(), codeQTI1Each)
	}
	return len(lifted) > 0
}

// verdict is "correct" or "incorrect" where a rule calls an answer so, by its title or the feedback that it shows,
// "" where it says neither.
func (r *qti1Rule) verdict() string {
	said := []string{r.node.Attr("title")}
	for _, f := range r.node.Elements("displayfeedback") {
		said = append(said, f.Attr("linkrefid"))
	}
	right, wrong := false, false
	for _, s := range said {
		s = strings.ToLower(strings.TrimSpace(s))
		right = right || s == "correct"
		wrong = wrong || strings.Contains(s, "incorrect") || strings.Contains(s, "wrong")
	}
	switch {
	case wrong:
		return "incorrect"
	case right:
		return "correct"
	}
	return ""
}

// scored reports whether any rule gives points.
func (it *qti1Item) scored() bool {
	for _, r := range it.rules {
		if r.score && r.value > 0 && !r.other {
			return true
		}
	}
	return false
}

// compares reports whether a rule with points compares numbers.
func (it *qti1Item) compares() bool {
	for _, r := range it.rules {
		for _, name := range []string{"varlt", "varlte", "vargt", "vargte"} {
			if r.score && len(r.test.Find(name)) > 0 {
				return true
			}
		}
	}
	return false
}

// rulesOf are the rules about one response alone; it reports false when a rule about several touches the
// score: what such rules give cannot be said for each response.
func (it *qti1Item) rulesOf(ident string) ([]*qti1Rule, bool) {
	var out []*qti1Rule
	earned := false
	for _, r := range it.rules {
		switch {
		case !r.score || len(r.about) > 0 && !r.about[ident]:
		case len(r.about) > 1 && (r.value > 0 || r.value < 0 && r.adds || earned && !r.adds && !r.unanswered()):
			return nil, false
		case len(r.about) > 1:
		default:
			out = append(out, r)
			earned = earned || r.value > 0
		}
	}
	return out, true
}

// tellNegative tells once that answers cost points by the rules.
func (it *qti1Item) tellNegative(n *xmltree.Node) {
	if !it.negative {
		it.negative = true
		it.warning(n, codeQTI1Negative)
	}
}

// tellIfNegative tells so where a score is below nothing.
func (it *qti1Item) tellIfNegative(n *xmltree.Node, score float64) {
	if score < 0 {
		it.tellNegative(n)
	}
}

// unanswered reports whether the rule is only about answers that are not given.
func (r *qti1Rule) unanswered() bool {
	return len(r.test.Find("unanswered")) > 0 && len(r.test.Find("varequal")) == 0
}

// overwrite reports whether rules about different responses set the same variable, so that only the last
// of them would count.
func (it *qti1Item) overwrite() bool {
	about := map[string]string{}
	for _, r := range it.rules {
		if !r.score || r.adds || r.value <= 0 || r.other || len(r.about) != 1 {
			continue
		}
		for ident := range r.about {
			if first, has := about[r.name]; has && first != ident {
				return true
			}
			about[r.name] = ident
		}
	}
	return false
}

// scoreOf is what the rules give for an answer to one response. When too much work was done it gives nothing: then
// the item is refused, see read.
func (it *qti1Item) scoreOf(rules []*qti1Rule, base float64, given qti1Given) float64 {
	given.saids, given.folded = it.saids, foldText(given.value)
	scores, fired := map[string]float64{"": base}, false
	for _, r := range rules {
		if it.steps += r.size; it.steps > maxQTI1Steps {
			return 0
		}
		holds := r.other && r.value <= 0 && !fired || !r.other && given.holds(r.test)
		if !holds {
			continue
		}
		fired = true
		if r.adds {
			scores[r.name] += r.value
		} else {
			scores[""], scores[r.name] = 0, r.value
		}
		if r.stops {
			break
		}
	}
	total := 0.0
	for _, name := range slices.Sorted(maps.Keys(scores)) { // sums of decimals depend on their order
		total += scores[name]
	}
	return total
}

// weightOf is a score as a part of the best, in 1/10,000.
func weightOf(score, best float64) int {
	if best <= 0 {
		return 0
	}
	w := int(math.Round(score / best * exam.FullCredit))
	return min(max(w, -exam.FullCredit), exam.FullCredit)
}
