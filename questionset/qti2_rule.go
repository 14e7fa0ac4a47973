package questionset

import (
	"fmt"
	"math/big"
	"path"
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// qtiRule is one step of response processing. Exactly one of the groups of fields is in use.
type qtiRule struct {
	set      string        // setOutcomeValue: the outcome
	expr     *xmltree.Node // its expression
	branches []qtiBranch   // responseCondition
	group    []qtiRule     // responseProcessingFragment
	exit     bool          // exitResponse
	unknown  string        // a step that is not known, and names no outcome that it sets
}

// qtiBranch is responseIf, responseElseIf, or, without a condition, responseElse.
type qtiBranch struct {
	cond  *xmltree.Node
	rules []qtiRule
}

// readRules reads the steps in an element. What is no step of ours is one that sets what it names by an
// expression that nobody understands.
func readRules(nodes []*xmltree.Node) []qtiRule {
	var rules []qtiRule
	for _, n := range nodes {
		switch n.Name {
		case "responseCondition":
			rule := qtiRule{}
			for _, b := range n.Elements("responseIf", "responseElseIf", "responseElse") {
				rule.branches = append(rule.branches, readBranch(b))
			}
			rules = append(rules, rule)
		case "responseProcessingFragment":
			rules = append(rules, qtiRule{group: readRules(n.Elements())})
		case "exitResponse":
			rules = append(rules, qtiRule{exit: true})
		case "setOutcomeValue":
			rule := qtiRule{set: strings.TrimSpace(n.Attr("identifier")), expr: n}
			if children := n.Elements(); len(children) == 1 {
				rule.expr = children[0]
			}
			rules = append(rules, rule)
		default:
			rules = append(rules, unknownRule(n))
		}
	}
	return rules
}

// unknownRule is a step that nobody here knows. One that names what it sets matters where that is needed;
// any other may set anything.
func unknownRule(n *xmltree.Node) qtiRule {
	if id := strings.TrimSpace(n.Attr("identifier")); id != "" {
		return qtiRule{set: id, expr: n}
	}
	return qtiRule{unknown: n.Name}
}

func readBranch(n *xmltree.Node) qtiBranch {
	children := n.Elements()
	if n.Name == "responseElse" || len(children) == 0 {
		return qtiBranch{rules: readRules(children)}
	}
	return qtiBranch{cond: children[0], rules: readRules(children[1:])}
}

// ruleTemplates are the response processing templates that are known by name.
var ruleTemplates = map[string]string{
	"match_correct":   matchTemplate(`<baseValue baseType="float">1</baseValue>`),
	"cc2_match":       matchTemplate(`<variable identifier="MAXSCORE"/>`),
	"cc2_match_basic": matchTemplate(`<variable identifier="MAXSCORE"/>`),
	"map_response":    mapTemplate, "cc2_map_response": mapTemplate,
}

const mapTemplate = `<r><responseCondition><responseIf><isNull><variable identifier="RESPONSE"/></isNull>` +
	`<setOutcomeValue identifier="SCORE"><baseValue baseType="float">0</baseValue></setOutcomeValue></responseIf>` +
	`<responseElse><setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue></responseElse>` +
	`</responseCondition></r>`

func matchTemplate(worth string) string {
	return `<r><responseCondition><responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>` +
		`<setOutcomeValue identifier="SCORE">` + worth + `</setOutcomeValue></responseIf>` +
		`<responseElse><setOutcomeValue identifier="SCORE"><baseValue baseType="float">0</baseValue></setOutcomeValue></responseElse>` +
		`</responseCondition></r>`
}

// templateName is the last part of a template's address, in all its spellings.
func templateName(uri string) string {
	uri, _, _ = strings.Cut(uri, "#")
	uri, _, _ = strings.Cut(uri, "?")
	name := strings.ToLower(path.Base(strings.TrimSpace(strings.ReplaceAll(uri, `\`, "/"))))
	return strings.TrimSuffix(name, ".xml")
}

// renamed puts a response's name where a template says RESPONSE.
func renamed(template, response string) string {
	return strings.ReplaceAll(template, `identifier="RESPONSE"`, `identifier="`+xmlEscape(response)+`"`)
}

// qtiProgram is what response processing does, and the declarations it refers to.
type qtiProgram struct {
	rules     []qtiRule
	responses map[string]*qtiDeclaration
	outcomes  map[string]*qtiDeclaration
	parts     map[string]map[string]bool // what outcomes are made of, for additive
	steps     int                        // done in all runs
	all       *int                       // done on the file
}

// Bounds of the work on rules, in expressions worked out. An item that needs more is left to a person; a
// file that does is read no further, so that what becomes of an item never depends on those before it.
const (
	maxSteps     = 300_000
	maxFileSteps = 6_000_000
)

// spend counts work; it reports false when too much was done on the item.
func (p *qtiProgram) spend(steps int) bool {
	p.steps += steps
	*p.all += steps
	return p.steps <= maxSteps
}

// qtiRun is one run of a program.
type qtiRun struct {
	program *qtiProgram
	vars    map[string]qtiValue // responses and outcomes
	// mapped replaces what mapResponse of a response gives.
	mapped  map[string]*big.Rat
	exited  bool
	trouble string // the operator or variable that is not understood, "" when all is
}

// run works out the outcomes for what a candidate gave; it names what it does not understand.
func (p *qtiProgram) run(responses map[string]qtiValue, mapped map[string]*big.Rat) (map[string]qtiValue, string) {
	r := &qtiRun{program: p, vars: make(map[string]qtiValue, len(p.responses)+len(p.outcomes)), mapped: mapped}
	for id, d := range p.outcomes {
		r.vars[id] = d.preset
	}
	for id, d := range p.responses {
		r.vars[id] = d.empty()
		if v, given := responses[id]; given {
			r.vars[id] = v
		}
	}
	r.rules(p.rules)
	return r.vars, r.trouble
}

// score runs the program for SCORE.
func (p *qtiProgram) score(responses map[string]qtiValue, mapped map[string]*big.Rat) (*big.Rat, string) {
	vars, trouble := p.run(responses, mapped)
	if trouble != "" {
		return nil, trouble
	}
	if vars[scoreOutcome].isNull() {
		return new(big.Rat), ""
	}
	n, ok := vars[scoreOutcome].number()
	if !ok {
		return nil, scoreOutcome
	}
	return n, ""
}

// Outcomes that QTI gives a meaning.
const (
	scoreOutcome = "SCORE"
	maxOutcome   = "MAXSCORE"
)

func (r *qtiRun) rules(list []qtiRule) {
	for i := range list {
		if r.exited || r.trouble != "" {
			return
		}
		r.rule(&list[i])
	}
}

func (r *qtiRun) rule(rule *qtiRule) {
	switch {
	case rule.unknown != "":
		r.fail(rule.unknown)
	case rule.exit:
		r.exited = true
	case rule.set != "":
		r.assign(rule)
	case rule.group != nil:
		r.rules(rule.group)
	}
	for i := range rule.branches {
		b := &rule.branches[i]
		if b.cond == nil || r.eval(b.cond).isTrue() {
			r.rules(b.rules)
			return
		}
	}
}

func (r *qtiRun) assign(rule *qtiRule) {
	d := r.program.outcomes[rule.set]
	v := r.eval(rule.expr)
	if d == nil {
		if rule.set != scoreOutcome {
			r.fail("outcome " + rule.set)
		}
		r.vars[rule.set] = v
		return
	}
	v.ordered, v.many = d.card == "ordered", d.card == "multiple" || d.card == "ordered"
	if isNumeric(d.base) != isNumeric(v.base) || !isNumeric(v.base) {
		v.base = d.base
	}
	r.vars[rule.set] = v
}

// fail notes the first thing that is not understood, and gives NULL.
func (r *qtiRun) fail(what string) qtiValue {
	if r.trouble == "" {
		r.trouble = what
	}
	return qtiValue{}
}

// eval works out an expression.
func (r *qtiRun) eval(n *xmltree.Node) qtiValue {
	if !r.program.spend(1) {
		return r.fail(tooMuchWork)
	}
	if r.trouble != "" {
		return qtiValue{}
	}
	id := strings.TrimSpace(n.Attr("identifier"))
	switch n.Name {
	case "variable":
		v, known := r.vars[id]
		if !known {
			return r.fail("variable " + id)
		}
		return v
	case "correct":
		if d := r.program.responses[id]; d != nil {
			return d.correct
		}
		return r.fail("correct " + id)
	case "baseValue":
		d := qtiDeclaration{base: n.Attr("baseType")}
		if s := strings.TrimSpace(n.String()); s != "" {
			return d.of(s)
		}
		return d.empty()
	case "null":
		return qtiValue{}
	case "mapResponse":
		return r.mapResponse(id)
	}
	operator := qtiOperators[n.Name]
	if operator == nil {
		return r.fail(n.Name)
	}
	var args []qtiValue
	for _, c := range n.Elements() {
		args = append(args, r.eval(c))
	}
	if r.trouble != "" {
		return qtiValue{}
	}
	v, ok := operator(n, args)
	if !ok {
		return r.fail(n.Name)
	}
	return v
}

// mapTrouble begins the name of a response whose mapping cannot be used.
const mapTrouble = "mapResponse "

// tooMuchWork names a rule that takes too many steps.
const tooMuchWork = "…"

func (r *qtiRun) mapResponse(id string) qtiValue {
	d := r.program.responses[id]
	if d == nil || d.mapping == nil || d.badEntry != "" {
		return r.fail(mapTrouble + id)
	}
	if m, replaced := r.mapped[id]; replaced {
		return qtiNumber(m)
	}
	return qtiNumber(d.mapping.of(r.vars[id]))
}

// sliced keeps of some steps what has to do with the wanted outcomes: assignments to them, what those
// read, and the conditions on the way.
func sliced(rules []qtiRule, wanted ...string) []qtiRule {
	need := map[string]bool{}
	for _, w := range wanted {
		need[w] = true
	}
	for {
		before := len(need)
		kept := keepNeeded(rules, need)
		if len(need) == before {
			return kept
		}
	}
}

// keepNeeded keeps the steps that set what is needed, and notes what those need in their turn.
func keepNeeded(rules []qtiRule, need map[string]bool) []qtiRule {
	var kept []qtiRule
	for _, rule := range rules {
		switch {
		case rule.exit, rule.unknown != "":
			kept = append(kept, rule)
		case rule.set != "" && need[rule.set]:
			addVariables(rule.expr, need)
			kept = append(kept, rule)
		case rule.group != nil:
			if group := keepNeeded(rule.group, need); len(group) > 0 {
				kept = append(kept, qtiRule{group: group})
			}
		case rule.branches != nil:
			if b, any := keepBranches(rule.branches, need); any {
				kept = append(kept, qtiRule{branches: b})
			}
		}
	}
	return kept
}

func keepBranches(branches []qtiBranch, need map[string]bool) ([]qtiBranch, bool) {
	var kept []qtiBranch
	any := false
	for _, b := range branches {
		rules := keepNeeded(b.rules, need)
		any = any || len(rules) > 0
		kept = append(kept, qtiBranch{cond: b.cond, rules: rules})
	}
	if !any {
		return nil, false
	}
	for _, b := range kept {
		addVariables(b.cond, need)
	}
	return kept, true
}

func addVariables(n *xmltree.Node, need map[string]bool) {
	n.Walk(func(e *xmltree.Node) bool {
		if e.Name == "variable" {
			need[strings.TrimSpace(e.Attr("identifier"))] = true
		}
		return true
	})
}

// expressions visits every expression of some steps.
func expressions(rules []qtiRule, visit func(*xmltree.Node)) {
	for i := range rules {
		rule := &rules[i]
		if rule.expr != nil {
			visit(rule.expr)
		}
		expressions(rule.group, visit)
		for _, b := range rule.branches {
			if b.cond != nil {
				visit(b.cond)
			}
			expressions(b.rules, visit)
		}
	}
}

// sets reports whether some steps set an outcome.
func sets(rules []qtiRule, outcome string) bool {
	return slices.ContainsFunc(rules, func(rule qtiRule) bool {
		return rule.set == outcome || sets(rule.group, outcome) ||
			slices.ContainsFunc(rule.branches, func(b qtiBranch) bool { return sets(b.rules, outcome) })
	})
}

// template finds the steps of a template by its address; it reports false, and says which it is not,
// when it is none that is known.
func (it *qti2Item) template(uri string) ([]qtiRule, bool) {
	source, known := ruleTemplates[templateName(uri)]
	if !known {
		return nil, false
	}
	response := "RESPONSE"
	if _, declared := it.program.responses[response]; !declared && len(it.responseIDs) == 1 {
		response = it.responseIDs[0]
		it.report.note(it.place, codeQTI2TemplateName, "name", response)
	}
	root, fault := xmltree.Parse(renamed(source, response))
	if fault != nil {
		panic(fmt.Sprintf("questionset: template %s: %v", uri, fault))
	}
	return readRules(root.Elements()), true
}
