package questionset

import (
	"strings"

	"shiken/internal/xmltree"
)

// additive reports whether the rules add to SCORE step by step, each by what a single response says: then
// the score is the sum of what every response earns alone.
func (p *qtiProgram) additive() bool {
	if d := p.outcomes[scoreOutcome]; d != nil {
		if n, ok := d.preset.number(); ok && n.Sign() != 0 {
			return false
		}
	}
	first := true
	return p.additiveRules(p.rules, &first)
}

func (p *qtiProgram) additiveRules(rules []qtiRule, first *bool) bool {
	for i := range rules {
		rule := &rules[i]
		switch {
		case rule.exit:
			return false
		case rule.group != nil:
			if !p.additiveRules(rule.group, first) {
				return false
			}
			continue
		case rule.set != "":
			if rule.set != scoreOutcome || !p.addsTerms(rule.expr, *first) {
				return false
			}
		default:
			if !p.addsByOne(rule.branches, *first) {
				return false
			}
		}
		*first = false
	}
	return true
}

// addsTerms tells SCORE = SCORE + terms, each of which reads one response at most; the first step may do
// without SCORE.
func (p *qtiProgram) addsTerms(expr *xmltree.Node, first bool) bool {
	terms := []*xmltree.Node{expr}
	if expr.Name == "sum" {
		terms = expr.Elements()
	}
	carried := 0
	for _, t := range terms {
		if isVariable(t, scoreOutcome) {
			carried++
			continue
		}
		read := map[string]bool{}
		if !p.reads(t, read) || len(read) > 1 {
			return false
		}
	}
	return carried == 1 || carried == 0 && first
}

// addsByOne tells a condition all of which reads one response, and only adds to SCORE.
func (p *qtiProgram) addsByOne(branches []qtiBranch, first bool) bool {
	read := map[string]bool{}
	walk := func(rules []qtiRule) bool {
		for i := range rules {
			rule := &rules[i]
			if rule.set != scoreOutcome || !p.adds(rule.expr, first, read) {
				return false
			}
		}
		return len(rules) <= 1
	}
	for _, b := range branches {
		if b.cond != nil && !p.reads(b.cond, read) || !walk(b.rules) {
			return false
		}
	}
	return len(read) <= 1
}

// adds tells SCORE = SCORE + what is read, or, at first, what is read.
func (p *qtiProgram) adds(expr *xmltree.Node, first bool, read map[string]bool) bool {
	if expr.Name != "sum" {
		return first && p.reads(expr, read)
	}
	carried := 0
	for _, t := range expr.Elements() {
		if isVariable(t, scoreOutcome) {
			carried++
		} else if !p.reads(t, read) {
			return false
		}
	}
	return carried == 1 || carried == 0 && first
}

// reads notes the responses that an expression reads; false when it reads an outcome that may change.
func (p *qtiProgram) reads(n *xmltree.Node, into map[string]bool) bool {
	sound := true
	n.Walk(func(e *xmltree.Node) bool {
		id := strings.TrimSpace(e.Attr("identifier"))
		switch e.Name {
		case "variable":
			if p.responses[id] != nil {
				into[id] = true
			} else if sets(p.rules, id) {
				sound = false
			}
		case "mapResponse", "correct":
			into[id] = true
		}
		return true
	})
	return sound
}
