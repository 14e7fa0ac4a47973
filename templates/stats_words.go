package templates

import (
	"fmt"
	"strconv"
)

func (v ItemsView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title:   page.T("stats.title", "exam", v.Title),
		Crumbs:  []Crumb{{Text: page.T("staff.nav.sittings"), Path: AdminPath}, {Text: v.Title, Path: SittingPath(v.Slug)}},
		Actions: itemsFiles(page, v),
	}
}

// coefficient writes thousandths as -0.12, and nothing for what there is not.
func coefficient(thousandths *int) string {
	if thousandths == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f", float64(*thousandths)/1_000)
}

func (i ItemLine) facility(page Page, least int) string {
	if i.Attempts < least {
		return "–"
	}
	return page.Locale.Percent(i.Facility, 1_000)
}

func (i ItemLine) name(page Page) string {
	if i.Number == "" {
		return page.T("stats.unnumbered")
	}
	return page.T("desk.question.number", "number", i.Number)
}

func (o OptionLine) words() string {
	return strconv.Itoa(o.All) + " (" + strconv.Itoa(o.Upper) + " / " + strconv.Itoa(o.Lower) + ")"
}
