package templates

import "strconv"

func (v KeyForm) frame(page Page) StaffFrame {
	return StaffFrame{
		Title:  page.T("keys.title", "number", v.Number),
		Crumbs: []Crumb{{Text: page.T("staff.nav.sittings"), Path: AdminPath}, {Text: v.Set, Path: SetPath(v.Set)}},
	}
}

func (v KeyPreview) frame(page Page) StaffFrame {
	f := v.Form.frame(page)
	f.Title = page.T("keys.preview.title", "number", v.Form.Number)
	f.Crumbs = append(f.Crumbs, Crumb{Text: page.T("keys.title", "number", v.Form.Number), Path: KeyPath(v.Form.Version)})
	return f
}

func (v CorrectionView) frame(page Page) StaffFrame {
	f := StaffFrame{
		Title: page.T("keys.done.title", "number", v.Number),
		Crumbs: []Crumb{
			{Text: page.T("staff.nav.sittings"), Path: AdminPath},
			{Text: page.T("keys.title", "number", v.Number), Path: KeyPath(v.Version)},
		},
		Actions: correctionFiles(page, v),
	}
	if !v.Ended {
		f.Refresh = refreshWork
	}
	return f
}

// refreshWork is how often the page of a work under way reloads itself, in seconds.
const refreshWork = 2

func (v KeyForm) examOptions(page Page) []Field {
	return append([]Field{{Value: page.T("keys.exam.all")}}, v.Exams...)
}

// counts are the figures of a list.
func (c RegradeCounts) facts(page Page) []KeyValue {
	var out []KeyValue
	for _, f := range []struct {
		text   string
		n      int
		always bool
	}{
		{page.T("keys.count.all"), c.All, true}, {page.T("keys.count.raised"), c.Raised, true},
		{page.T("keys.count.lowered"), c.Lowered, true}, {page.T("keys.count.same"), c.Same, true},
		{page.T("keys.count.kept"), c.Kept, false}, {page.T("keys.count.to_pass"), c.ToPass, true},
		{page.T("keys.count.to_fail"), c.ToFail, true}, {page.T("keys.count.open"), c.Open, false},
		{page.T("keys.count.pending"), c.Pending, false}, {page.T("keys.count.voided"), c.Voided, false},
		{page.T("keys.count.superseded"), c.Superseded, false}, {page.T("keys.count.erased"), c.Erased, false},
	} {
		if f.always || f.n > 0 {
			out = append(out, KeyValue{Key: f.text, Value: page.Locale.Number(f.n)})
		}
	}
	return out
}

// change says what became of a result.
func (r RegradeRow) change(page Page) string {
	switch {
	case r.Before.Pass == NotPassed && r.After.Pass == Passed:
		return page.T("keys.change.to_pass")
	case r.Before.Pass == Passed && r.After.Pass == NotPassed:
		return page.T("keys.change.to_fail")
	case r.Kept:
		return page.T("keys.change.kept")
	case r.Before.Points == r.After.Points && r.Before.MaxPoints == r.After.MaxPoints:
		return page.T("keys.change.same")
	}
	return page.T("keys.change.other")
}

func (v CorrectionView) changeOptions(page Page) []Field {
	return []Field{
		{Value: page.T("keys.filter.all")}, {Name: "raised", Value: page.T("keys.count.raised")},
		{Name: "lowered", Value: page.T("keys.count.lowered")}, {Name: "same", Value: page.T("keys.count.same")},
		{Name: "kept", Value: page.T("keys.count.kept")}, {Name: "flips", Value: page.T("keys.filter.flips")},
	}
}

func (v CorrectionView) facts(page Page) []KeyValue {
	exam := v.Exam
	if exam == "" {
		exam = page.T("keys.exam.all")
	}
	lower := page.T("keys.lower.no")
	if v.Lower {
		lower = page.T("keys.lower.yes")
	}
	return []KeyValue{
		{page.T("keys.fact.reason"), v.Reason}, {page.T("keys.fact.who"), v.Who},
		{page.T("keys.fact.at"), page.Locale.DateTime(v.At)}, {page.T("keys.fact.exam"), exam},
		{page.T("keys.fact.lower"), lower}, {page.T("keys.fact.revision"), strconv.Itoa(v.Revision)},
	}
}

func (page Page) resultOf(s ScoreView) string {
	text := page.score(s.Points, s.MaxPoints)
	if s.MaxPoints > 0 {
		text += " · " + page.Locale.Percent(s.Points, s.MaxPoints)
	}
	switch s.Pass {
	case Passed:
		text += " · " + page.T("result.passed")
	case NotPassed:
		text += " · " + page.T("result.not_passed")
	}
	return text
}
