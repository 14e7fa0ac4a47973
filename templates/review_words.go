package templates

func reviewCount(page Page, view ReviewView) string {
	n, of := answered(view.Positions)
	return page.T("review.count", "n", n, "total", of)
}

func unanswered(items []NavItem) int {
	n, of := answered(items)
	return of - n
}

// reviewWords are a position's words where no question is on the screen.
func reviewWords(page Page, item NavItem) string {
	item.Current = false
	return item.words(page)
}

// mayStillChange: the questions can be gone back to, and something is left to do there, or time to do it.
func (v ReviewView) mayStillChange() bool {
	return v.Preview == nil && !v.Linear && (unanswered(v.Positions) > 0 || flagged(v.Positions) > 0 || !v.Deadline.IsZero())
}
