package templates

func reviewCount(page Page, view ReviewView) string {
	n, of := answered(view.Positions)
	return page.T("review.count", "n", n, "total", of)
}

func unanswered(items []NavItem) int {
	n, of := answered(items)
	return of - n
}
