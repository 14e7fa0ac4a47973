package templates

import (
	"net/url"
	"slices"
	"strconv"
)

// PracticePath is the notebook of a candidate.
func PracticePath() string { return "/practice" }

// AccuracyPath tells how much was right in practices.
func AccuracyPath() string { return PracticePath() + "/accuracy" }

// accuracyPath is the path of the accuracy of a category and a year, nil for all.
func accuracyPath(category *string, year *int) string {
	q := url.Values{}
	if category != nil {
		q.Set("category", *category)
	}
	if year != nil {
		q.Set("year", strconv.Itoa(*year))
	}
	if len(q) == 0 {
		return AccuracyPath()
	}
	return AccuracyPath() + "?" + q.Encode()
}

// ofCategory and ofYear are the paths of what a row is about; a chosen one leads back to all.
func (v AccuracyView) ofCategory(p PartRate) string {
	if p.Chosen {
		return accuracyPath(nil, v.Year)
	}
	return accuracyPath(&p.Value, v.Year)
}

func (v AccuracyView) ofYear(p PartRate) string {
	year, err := strconv.Atoi(p.Value)
	if p.Chosen || err != nil {
		return accuracyPath(v.Category, nil)
	}
	return accuracyPath(v.Category, &year)
}

func categoryName(page Page, category string) string {
	if category == "" {
		return page.T("practice.category.none")
	}
	return category
}

func yearName(page Page, year string) string {
	if year == "0" {
		return page.T("practice.year.none")
	}
	return page.T("practice.year", "year", year)
}

// about says what the weeks are about, empty for everything.
func (v AccuracyView) about(page Page) string {
	switch {
	case v.Category != nil && v.Year != nil:
		return page.T("practice.about.both", "category", categoryName(page, *v.Category), "year", yearName(page, strconv.Itoa(*v.Year)))
	case v.Category != nil:
		return categoryName(page, *v.Category)
	case v.Year != nil:
		return yearName(page, strconv.Itoa(*v.Year))
	}
	return ""
}

// percent is how much of the answers was right, in whole percent, rounded down: only all is 100.
func (r Rate) percent() int {
	if r.Answers == 0 {
		return 0
	}
	return 100 * r.Right / r.Answers
}

func (r Rate) words(page Page) string { return page.Locale.Percent(r.Right, r.Answers) }

// again says what the button gives that starts a practice of n questions.
func (p PracticeCard) again(page Page, n int) string {
	if n > p.Most {
		return page.T("practice.again.some", "n", p.Most, "all", n)
	}
	return page.T("practice.again", "n", n)
}

// againOf is again for n questions of a category.
func (p PracticeCard) againOf(page Page, n int, category string) string {
	category = categoryName(page, category)
	if n > p.Most {
		return page.T("practice.again.category.some", "n", p.Most, "all", n, "category", category)
	}
	return page.T("practice.again.category", "n", n, "category", category)
}

func (v FocusView) describedBy() string {
	if v.Problem == FocusCount {
		return "focus-problem count-hint"
	}
	return "count-hint"
}

func anyChosen(parts []FocusPart) bool {
	return slices.ContainsFunc(parts, func(p FocusPart) bool { return p.Chosen })
}

// missed counts the questions that are to be looked at again, of all practices.
func (v NotebookView) missed() int {
	n := 0
	for _, p := range v.Practices {
		n += p.Missed
	}
	return n
}
