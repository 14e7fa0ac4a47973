package templates

import (
	"net/url"
	"strings"
)

func (f ResultsFilter) active() bool {
	return f.Search != "" || f.Group != "" || f.Status != "" || f.Pass != "" || f.Per != ""
}

// form is the filter as a form.
func (f ResultsFilter) form(page Page) FilterForm {
	form := FilterForm{Path: f.Path, Label: page.T("results.search"), Search: f.Search, Active: f.active()}
	if f.Sort != "" {
		form.Hidden = []Field{{Name: "sort", Value: f.Sort}}
	}
	return form
}

// sorting is what the list is sorted by, and the way to other orders.
func (f ResultsFilter) sorting() Sorting {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Search, "group": f.Group, "status": f.Status, "pass": f.Pass, "per": f.Per} {
		if value != "" {
			q.Set(name, value)
		}
	}
	by, descending := strings.CutPrefix(f.Sort, "-")
	if by == "" {
		by = "name"
	}
	return Sorting{By: by, Descending: descending, Path: (&url.URL{Path: f.Path, RawQuery: q.Encode()}).String()}
}

// anyOption is the first of a filter's choices.
func anyOption(page Page) Field { return Field{Value: page.T("results.filter.any")} }

func groupOptions(page Page, groups []string) []Field {
	out := []Field{anyOption(page)}
	for _, g := range groups {
		out = append(out, Field{Name: g, Value: g})
	}
	return out
}

func statusOptions(page Page) []Field {
	out := []Field{anyOption(page)}
	for _, s := range []Status{StatusInProgress, StatusPaused, StatusSubmitted, StatusExpired, StatusVoided} {
		out = append(out, Field{Name: string(s), Value: page.T("staff.status." + string(s))})
	}
	return out
}

func passOptions(page Page) []Field {
	return []Field{
		anyOption(page), {Name: "passed", Value: page.T("result.passed")},
		{Name: "failed", Value: page.T("result.not_passed")}, {Name: "neither", Value: page.T("results.filter.neither")},
	}
}

// frame is the heading of the page, with the files of the same table beside it.
func (v ResultsView) frame(page Page) StaffFrame {
	f := StaffFrame{
		Title:  page.T("results.title", "exam", v.Title),
		Crumbs: []Crumb{{Text: page.T("staff.nav.sittings"), Path: "/admin"}, {Text: v.Title, Path: SittingPath(v.Slug)}},
	}
	if v.Any {
		f.Actions = resultsFiles(page, v)
	}
	return f
}

// joined writes a list on one line.
func joined(page Page, list []string) string { return strings.Join(list, page.T("list.comma")) }

// section is the score of a section, empty where the paper had none there.
func (r ResultsRow) section(page Page, i int) string {
	if i >= len(r.Score.Sections) {
		return ""
	}
	return page.score(r.Score.Sections[i].Points, r.Score.Sections[i].MaxPoints)
}

// rule words what the exam says of a part's release.
func (p ReleasePart) rule(page Page) string {
	if p.Rule == "after_close" && !p.RuleAt.IsZero() {
		return page.T("results.release.rule.after_close.at", "time", page.Locale.DateTime(p.RuleAt))
	}
	return page.T("results.release.rule."+p.Rule, "time", page.Locale.DateTime(p.RuleAt))
}

func (p ReleasePart) checked() bool { return !p.ByHand.IsZero() || p.Typed != "" }

func perOptions(page Page) []Field {
	return []Field{{Value: page.T("results.filter.per.attempt")}, {Name: "candidate", Value: page.T("results.filter.per.candidate")}}
}
