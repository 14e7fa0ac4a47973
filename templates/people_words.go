package templates

import (
	"slices"
	"strconv"
	"strings"
)

// listed writes names one after another.
func (p Page) listed(names []string) string { return strings.Join(names, p.T("people.and")) }

// listedSome is listed, with a word on how many more there are.
func (p Page) listedSome(names []string, more int) string {
	if more > 0 {
		return p.T("people.and_more", "names", p.listed(names), "n", more)
	}
	return p.listed(names)
}

func (p Page) roleWords(roles []string) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = p.T("people.role." + role)
	}
	return p.listed(words)
}

func (p Page) examTitles(exams []ExamRef) string {
	titles := make([]string, len(exams))
	for i, e := range exams {
		titles[i] = e.Title
	}
	return p.listed(titles)
}

// roleNames are the roles in the order of forms and filters.
var roleNames = []string{"candidate", "author", "admin"}

func roleOptions(page Page) []Field {
	out := []Field{{Name: "", Value: page.T("people.any")}}
	for _, role := range roleNames {
		out = append(out, Field{Name: role, Value: page.T("people.role." + role)})
	}
	return out
}

func stateOptions(page Page) []Field {
	return []Field{
		{Name: "", Value: page.T("people.any")}, {Name: "enabled", Value: page.T("people.enabled")},
		{Name: "disabled", Value: page.T("people.disabled")},
	}
}

func (v PeopleView) groupOptions(page Page) []Field {
	out := []Field{{Name: "", Value: page.T("people.any")}}
	for _, group := range v.Groups {
		out = append(out, Field{Name: group, Value: group})
	}
	return out
}

func peopleCrumbs(page Page) []Crumb {
	return []Crumb{{Text: page.T("people.title"), Path: PeoplePath}}
}

func groupCrumbs(page Page) []Crumb {
	return append(peopleCrumbs(page), Crumb{Text: page.T("people.groups.title"), Path: GroupsPath})
}

func importCrumbs(page Page) []Crumb {
	return append(peopleCrumbs(page), Crumb{Text: page.T("people.import.title"), Path: ImportPath})
}

func (p Page) groupConsequences(row GroupRow) []string {
	out := []string{p.T("people.groups.delete.members", "n", row.Members)}
	if len(row.Exams) > 0 {
		out = append(out, p.T("people.groups.delete.exams", "exams", p.examTitles(row.Exams)))
	}
	return append(out, p.T("people.groups.delete.stays"))
}

// fieldIDs are the ids of inputs by the fields of faults, where they differ.
var fieldIDs = map[string]string{"extra_time_percent": "extra"}

// fieldProblems words the faults of a form.
func (p Page) fieldProblems(faults []FieldFault) []Problem {
	var out []Problem
	for _, f := range faults {
		id := f.Field
		if other, ok := fieldIDs[f.Field]; ok {
			id = other
		}
		out = append(out, Problem{Field: id, Text: p.T("people.fault."+f.Code, f.Args...)})
	}
	return out
}

// faulty reports whether a field is among the faults.
func faulty(faults []FieldFault, field string) bool {
	for _, f := range faults {
		if f.Field == field {
			return true
		}
	}
	return false
}

// invalid is the value of aria-invalid.
func invalid(faults []FieldFault, field string) string {
	return strconv.FormatBool(faulty(faults, field))
}

// chosen reports whether a box of a form is ticked.
func chosen(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// device names a browser and the system it runs on.
func (p Page) device(browser, system string) string {
	switch {
	case browser != "" && system != "":
		return p.T("people.device", "browser", browser, "system", system)
	case browser+system != "":
		return browser + system
	}
	return p.T("people.device.unknown")
}

// rosterFault words a fault of a roster.
func (p Page) rosterFault(f RosterFault) string { return p.T("people.fault."+f.Code, f.Args...) }

// place says on which line and in which column of a roster a fault is.
func (p Page) place(f RosterFault) string {
	if f.Line == 0 {
		return p.T("people.roster.whole")
	}
	return strconv.Itoa(f.Line)
}

// groupBoxes are the groups of a person's form: all there are, and those chosen that are gone since.
func (v PersonView) groupBoxes() []string {
	out := slices.Clone(v.AllGroups)
	for _, group := range v.Form.Groups {
		if !chosen(out, group) {
			out = append(out, group)
		}
	}
	return out
}

// storedPerson is what is stored of a person, beside a form that shows something else.
func (p Page) storedPerson(row PersonRow) []KeyValue {
	state := "people.enabled"
	if row.Disabled {
		state = "people.disabled"
	}
	return []KeyValue{
		{p.T("people.name"), row.Name}, {p.T("people.roles"), p.roleWords(row.Roles)},
		{p.T("people.groups"), p.listed(row.Groups)}, {p.T("people.extra.field"), strconv.Itoa(row.Extra)},
		{p.T("people.state"), p.T(state)},
	}
}

func (p Page) secretTitle(view SecretView) string {
	if view.New {
		return p.T("people.secret.new", "name", view.Name)
	}
	return p.T("people.secret.reset", "name", view.Name)
}
