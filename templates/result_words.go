package templates

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
