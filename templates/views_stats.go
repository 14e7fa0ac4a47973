package templates

import "net/url"

// ItemsPath is the page of an exam's questions with their statistics.
func ItemsPath(exam string) string { return SittingPath(exam) + "/questions" }

// ItemsView is the statistics of an exam's questions.
type ItemsView struct {
	Slug, Title string
	Attempts    int // closed and marked
	Least       int // attempts that a question needs
	Suspected   int
	Items       []ItemLine
}

// ItemLine is one question. Figures are in thousandths; absent ones are nil.
type ItemLine struct {
	Version, Number, Set, Stem string
	Attempts, Omitted          int
	Facility                   int
	Discrimination, UpperLower *int
	Suspicions                 []string
	Options                    []OptionLine
}

// OptionLine is how often an option was chosen.
type OptionLine struct {
	Text              string
	Right             bool
	All, Upper, Lower int
}

// keyPath is the correction of the question's key, for the exam.
func (v ItemsView) keyPath(i ItemLine) string {
	return KeyPath(i.Version) + "?" + url.Values{"exam": {v.Slug}}.Encode()
}
