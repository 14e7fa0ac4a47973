package questionset

import (
	"maps"
	"math/big"
	"slices"
	"strings"

	"shiken/internal/xmltree"
)

// additive reports whether the rules add to SCORE step by step, each by what a single response says: then
// the score is the sum of what every response earns alone. What says it of a response may be worked out before, in an
// outcome of its own; steps that do not touch SCORE matter in no other way.
func (p *qtiProgram) additive() bool {
	if leaves(p.rules) {
		return false
	}
	p.parts = p.readsOfOutcomes()
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
		case !sets(rules[i:i+1], scoreOutcome):
			continue
		case rule.group != nil:
			if !p.additiveRules(rule.group, first) {
				return false
			}
			continue
		case rule.set != "":
			if !p.addsTerms(rule.expr, *first) {
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
			part, made := p.parts[id]
			switch {
			case p.responses[id] != nil:
				into[id] = true
			case made && !part[scoreOutcome]:
				maps.Copy(into, part)
			case sets(p.rules, id):
				sound = false
			}
		case "mapResponse", "correct":
			into[id] = true
		}
		return true
	})
	return sound
}

// readsOfOutcomes are the responses that each outcome but SCORE depends on, and SCORE where it depends on that.
func (p *qtiProgram) readsOfOutcomes() map[string]map[string]bool {
	parts := map[string]map[string]bool{}
	for id := range p.outcomes {
		if id != scoreOutcome && sets(p.rules, id) {
			parts[id] = map[string]bool{}
		}
	}
	for grown := true; grown; {
		grown = false
		for id, part := range parts {
			before := len(part)
			p.readsFor(id, p.rules, nil, parts)
			grown = grown || len(part) > before
		}
	}
	return parts
}

// readsFor notes what the steps that set an outcome read, and the conditions under which they do.
func (p *qtiProgram) readsFor(id string, rules []qtiRule, under []*xmltree.Node, parts map[string]map[string]bool) {
	for i := range rules {
		rule := &rules[i]
		if rule.set == id {
			for _, n := range append(slices.Clip(under), rule.expr) {
				p.readsIn(n, parts[id], parts)
			}
		}
		p.readsFor(id, rule.group, under, parts)
		conditions := slices.Clip(under)
		for _, b := range rule.branches {
			if b.cond != nil {
				conditions = append(conditions, b.cond)
			}
			p.readsFor(id, b.rules, conditions, parts)
		}
	}
}

func (p *qtiProgram) readsIn(n *xmltree.Node, into map[string]bool, parts map[string]map[string]bool) {
	n.Walk(func(e *xmltree.Node) bool {
		id := strings.TrimSpace(e.Attr("identifier"))
		switch {
		case e.Name == "correct" || e.Name == "mapResponse" || e.Name == "variable" && (p.responses[id] != nil || id == scoreOutcome):
			into[id] = true
		case e.Name == "variable":
			maps.Copy(into, parts[id])
		}
		return true
	})
}

// leaves reports whether steps may end the rules, or are not known.
func leaves(rules []qtiRule) bool {
	return slices.ContainsFunc(rules, func(rule qtiRule) bool {
		return rule.exit || rule.unknown != "" || leaves(rule.group) ||
			slices.ContainsFunc(rule.branches, func(b qtiBranch) bool { return leaves(b.rules) })
	})
}

// unbounded is the program without the steps at its end that keep SCORE above and below constants, and whether there
// were any.
func (p *qtiProgram) unbounded() (*qtiProgram, bool) {
	free := *p
	free.rules = slices.Clone(p.rules)
	for i := len(free.rules) - 1; i >= 0; i-- {
		switch {
		case p.isBound(&free.rules[i]):
			free.rules = slices.Delete(free.rules, i, i+1)
		case sets(free.rules[i:i+1], scoreOutcome):
			return &free, len(free.rules) < len(p.rules)
		}
	}
	return &free, len(free.rules) < len(p.rules)
}

// isBound tells the step that sets SCORE to a constant where it is above or below it. A bound from below that is above
// zero is none.
func (p *qtiProgram) isBound(r *qtiRule) bool {
	if len(r.branches) != 1 || r.branches[0].cond == nil || len(r.branches[0].rules) != 1 {
		return false
	}
	cond, step := r.branches[0].cond, r.branches[0].rules[0]
	sides := cond.Elements()
	if step.set != scoreOutcome || len(sides) != 2 || !isVariable(sides[0], scoreOutcome) {
		return false
	}
	bound, ok := p.constant(sides[1])
	to, also := p.constant(step.expr)
	if !ok || !also || bound.Cmp(to) != 0 {
		return false
	}
	return cond.Name == "gt" || cond.Name == "gte" || (cond.Name == "lt" || cond.Name == "lte") && bound.Sign() <= 0
}

// constant is the number that an expression always is.
func (p *qtiProgram) constant(n *xmltree.Node) (*big.Rat, bool) {
	id := strings.TrimSpace(n.Attr("identifier"))
	switch {
	case n.Name == "baseValue":
		return number(strings.TrimSpace(n.String()))
	case n.Name == "variable" && p.outcomes[id] != nil && !sets(p.rules, id):
		return p.outcomes[id].preset.number()
	}
	return nil, false
}
