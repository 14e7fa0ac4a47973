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
