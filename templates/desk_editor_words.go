package templates

import (
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

func (v ExamEditView) frame(page Page) StaffFrame {
	f := StaffFrame{Title: page.T("desk.exam.new"), Crumbs: []Crumb{{Text: page.T("desk.exams"), Path: ExamsPath()}}}
	if v.Slug != "" {
		f.Title = v.Title
		f.Beside = statusChip(page, DeskExam{Published: v.Published, Archived: !v.Archived.IsZero()}.status())
		f.Actions = editLinks(page, v)
	}
	return f
}

// archive says whether the exam is archived.
func (v ExamEditView) archive() ArchiveBanner {
	return ArchiveBanner{Slug: v.Slug, Since: v.Archived, Now: v.Now, Published: v.Published, Edits: true, Open: v.OpenAttempts}
}

// mayPublish: a draft that is stored, and not archived, where publishing would open it to nobody.
func (v ExamEditView) mayPublish() bool { return v.Slug != "" && !v.Published && v.Archived.IsZero() }

func (v ExamEditView) markingLabel() string {
	if v.Awaiting == 0 {
		return "marking.link"
	}
	return "marking.link.waiting"
}

// action is where saving goes to.
func (v ExamEditView) action() templ.SafeURL {
	if v.Slug == "" {
		return templ.SafeURL(ExamsPath())
	}
	return templ.SafeURL(ExamEditPath(v.Slug))
}

func (v ExamEditView) saveLabel() string {
	if v.Published {
		return "desk.edit.save_published"
	}
	return "desk.edit.save"
}

// value is the first value of a field.
func (v ExamEditView) value(path string) string {
	if values := v.Fields[path]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// at are the findings about a field.
func (v ExamEditView) at(path string) []DeskFinding {
	var out []DeskFinding
	for _, f := range v.Findings {
		if f.Element == path {
			out = append(out, f)
		}
	}
	return out
}

// wrong are the attributes that tie an input to its hint and to what is wrong with it.
func (v ExamEditView) wrong(path, hint string) templ.Attributes {
	described := ""
	if hint != "" {
		described = path + "-hint"
	}
	attrs := templ.Attributes{}
	if len(v.at(path)) > 0 {
		attrs["aria-invalid"] = "true"
		described += " " + path + "-error"
	}
	if described != "" {
		attrs["aria-describedby"] = described
	}
	return attrs
}

// groups are those that an exam may be opened to: the known ones, and those that it is open to.
func (v ExamEditView) groups() []string {
	out := slices.Clone(v.Groups)
	for _, g := range v.Fields["open_to"] {
		if g != "everyone" && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// section is the path of a field of the section at a 0-based place.
func section(i int, field string) string { return fmt.Sprintf("sections[%d].%s", i+1, field) }

// moreFilters reports whether values are typed that a section's set does not have.
func (v ExamEditView) moreFilters(i int) bool {
	return slices.ContainsFunc([]string{"from.category.more", "from.year.more", "from.tag.more"},
		func(field string) bool { return v.value(section(i, field)) != "" })
}

// attachmentField is the path of a field of the attachment at a 0-based place.
func attachmentField(i int, field string) string {
	return fmt.Sprintf("attachments[%d].%s", i+1, field)
}

// inputLabel is the label of a field's input; the sections share theirs, and so do the attachments.
func inputLabel(page Page, path string) string {
	if m := entryPath.FindStringSubmatch(path); m != nil {
		path = m[1] + "." + m[3]
	}
	return page.T("desk.field." + path)
}

// optionLabel words one value of a field with a closed list.
func optionLabel(page Page, path, option string) string {
	if m := entryPath.FindStringSubmatch(path); m != nil {
		path = m[3]
	}
	if strings.HasPrefix(path, "release.") {
		path = "release"
	}
	return page.T("desk.option." + path + "." + option)
}
