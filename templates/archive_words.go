package templates

// archiveConsequences say what follows from archiving an exam.
func archiveConsequences(page Page, view ArchiveView) []string {
	out := []string{page.T("archive.then.start")}
	if !view.Published {
		out = []string{page.T("archive.then.draft")}
	}
	if n := view.Open + view.Closed; n > 0 {
		out = append(out, page.T("archive.then.attempts", "n", n))
	}
	return append(out, page.T("archive.then.lists"), page.T("archive.then.back"))
}

// unarchiveHint says what follows from taking an exam back.
func unarchiveHint(published bool) string {
	if published {
		return "archive.undo.published"
	}
	return "archive.undo.draft"
}
