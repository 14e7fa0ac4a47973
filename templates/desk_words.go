package templates

import (
	"regexp"
	"strconv"
	"strings"
)

// deskTabs lead to the pages of the author's desk.
func deskTabs(page Page, current string) []Tab {
	out := []Tab{
		{Path: DeskPath(), Text: page.T("desk.tab.desk")}, {Path: ExamsPath(), Text: page.T("desk.exams")},
		{Path: SetsPath(), Text: page.T("desk.sets")}, {Path: BankPath(), Text: page.T("edit.questions")},
		{Path: UploadPath(), Text: page.T("desk.upload")},
	}
	for i, name := range []string{"desk", "exams", "sets", "questions", "upload"} {
		out[i].Current = name == current
	}
	return out
}

// anyChoice is the choice that narrows nothing.
func anyChoice(page Page, value string) Field {
	return Field{Name: value, Value: page.T("desk.filter.any")}
}

func (v SetView) categoryOptions(page Page) []Field {
	out := []Field{anyChoice(page, "")}
	for _, category := range v.Categories {
		if category != "" {
			out = append(out, Field{Name: category, Value: category})
		}
	}
	return out
}

func (v SetView) yearOptions(page Page) []Field {
	out := []Field{anyChoice(page, "0")}
	for _, year := range v.Years {
		if year != 0 {
			out = append(out, Field{Name: strconv.Itoa(year), Value: strconv.Itoa(year)})
		}
	}
	return out
}

func (v SetView) kindOptions(page Page) []Field {
	out := []Field{anyChoice(page, "")}
	for _, kind := range v.Kinds {
		out = append(out, Field{Name: string(kind), Value: page.T("desk.type." + string(kind))})
	}
	return out
}

// orNone is a value, or a word for none.
func orNone(page Page, value string) string {
	if value == "" {
		return page.T("desk.none")
	}
	return value
}

// entryPath finds the path of a field of a section or an attachment.
var entryPath = regexp.MustCompile(`^(section|attachment)s\[(\d+)\]\.?(.*)$`)

// entryName is what people call a section or an attachment.
func entryName(page Page, kind, n string) string {
	if kind == "attachment" {
		return page.T("attachment.nth", "n", n)
	}
	return page.T("desk.exam.section", "n", n)
}

// fieldLabel is what people call a field of an exam, by its path in the exam file.
func fieldLabel(page Page, path string) string {
	if m := entryPath.FindStringSubmatch(path); m != nil {
		label := entryName(page, m[1], m[2])
		if m[3] != "" {
			label += page.T("desk.gap") + fieldLabel(page, m[1]+"."+m[3])
		}
		return label
	}
	name := strings.TrimSuffix(path, ".more")
	if text := page.T("desk.field." + name); text != "desk.field."+name {
		return text
	}
	if parent, _, found := cutLast(path); found {
		return fieldLabel(page, parent)
	}
	return path
}

// cutLast cuts a path at its last dot.
func cutLast(path string) (before, after string, found bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return path, "", false
	}
	return path[:i], path[i+1:], true
}
