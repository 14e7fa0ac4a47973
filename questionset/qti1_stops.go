package questionset

// Rules that add to the score and say continue="No" end the others. That is what the format says of all that do not
// say otherwise, and hardly anybody means: then a second right answer would earn nothing.

// judgeStops tells of such rules where another behind them could hold as well, and refuses those of a file that says
// it of some and the contrary of others: it means the difference. Where only one answer can be given to each response,
// rules about the same response exclude one another.
func (it *qti1Item) judgeStops(rules []*qti1Rule, exclusive bool) bool {
	stopped, goesOn := false, false
	var behind *qti1Rule // rules behind all are about what this one is about
	several := false     // they are about different responses
	for i := len(rules) - 1; i >= 0; i-- {
		r := rules[i]
		if !r.score || !r.adds || r.other || r.value == 0 {
			continue
		}
		apart := behind != nil && !r.aboutThatOf(behind)
		stopped = stopped || r.stops && behind != nil && (!exclusive || several || apart)
		goesOn = goesOn || r.on
		several, behind = several || apart, r
	}
	switch {
	case stopped && goesOn:
		return it.error(it.rulesNode(), codeQTI1Scoring, "text", `continue="No"`)
	case stopped:
		it.warning(it.rulesNode(), codeQTI1Stops)
	}
	return true
}

// aboutThatOf reports whether two rules are about the same response only.
func (r *qti1Rule) aboutThatOf(other *qti1Rule) bool {
	if len(r.about) != 1 || len(other.about) != 1 {
		return false
	}
	for ident := range r.about {
		return other.about[ident]
	}
	return false
}

// goingOn are rules of which none that adds to the score ends the others.
func goingOn(rules []*qti1Rule) []*qti1Rule {
	out := make([]*qti1Rule, len(rules))
	for i, r := range rules {
		on := *r
		on.stops = r.stops && !r.adds
		out[i] = &on
	}
	return out
}
