package templates

// pausedRefresh is how often, in seconds, the page of a paused attempt looks
// again without a script.
const pausedRefresh = 15

func (v ResultView) frame(page Page) frame {
	f := frame{title: page.T(v.heading()) + " – " + v.ExamTitle, refresh: v.refresh(), shortcuts: v.open()}
	if v.Phase == PhasePaused {
		f.scriptless, f.scriptlessTo = pausedRefresh, v.Next
	}
	return f
}

// heading is the message that heads the page.
func (v ResultView) heading() string {
	if v.Phase == PhasePaused {
		return "follow.paused"
	}
	return "result.title"
}

// open: the attempt may still go on.
func (v ResultView) open() bool { return v.Phase == PhaseInProgress || v.Phase == PhasePaused }

// refresh is after how many seconds the page looks again, 0 for never.
func (v ResultView) refresh() int {
	switch v.Phase {
	case PhaseTimeUp, PhaseMarking:
		return closingRefresh
	}
	return 0
}

func closedLabel(view ResultView) string {
	if view.Expired {
		return "result.expired_at"
	}
	return "result.submitted_at"
}

// words say what became of the points.
func (c CorrectedKey) words(page Page) []string {
	if c.Change == nil {
		return nil
	}
	points := func(part, of int) string {
		if of == 0 {
			return page.T("result.corrected.dropped")
		}
		return page.T("result.points", "score", page.score(part, of), "n", page.Locale.Points(of))
	}
	before, after := points(c.Change.Before, c.Change.BeforeMax), points(c.Change.After, c.Change.AfterMax)
	what := "result.corrected.points"
	if c.Position == 0 {
		what = "result.corrected.score"
	}
	if c.Position > 0 && before == after {
		what += ".same"
	}
	words := []string{page.T(what, "before", before, "after", after)}
	if c.Kept {
		words = append(words, page.T("result.corrected.kept"))
	}
	return words
}
