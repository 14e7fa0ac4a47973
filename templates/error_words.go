package templates

// errorText is what an error page says; 429 names the wait when it is known.
func errorText(page Page, view ErrorView) string {
	if view.Kind == ErrorTooMany && view.RetryMinutes > 0 {
		return page.T("signin.throttled", "n", view.RetryMinutes)
	}
	return page.T("error.text." + string(view.Kind))
}
