package templates

import (
	"net/url"
	"time"

	"shiken/i18n"
)

// exportPath is the export of what the filter shows.
func (f AuditFilter) exportPath() string {
	q := url.Values{}
	for name, value := range map[string]string{
		"q": f.Actor, "action": f.Action, "object": f.Object, "from": f.From, "until": f.Until,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return (&url.URL{Path: AuditPath + ".csv", RawQuery: q.Encode()}).String()
}

func (v AuditView) actionOptions(page Page) []Field {
	out := []Field{{Name: "", Value: page.T("people.any")}}
	for _, action := range v.Actions {
		out = append(out, Field{Name: action, Value: page.T("people.audit.act." + action)})
	}
	return out
}

// has: the catalogue holds the key. The log's details are not all known here.
func (p Page) has(key string) bool {
	_, ok := i18n.Messages(p.Locale.Tag())[key]
	return ok
}

// objectWord names what an entry is about; an import has an id that says nothing.
func (p Page) objectWord(row AuditRow) string {
	if row.Action == "user.import" {
		return p.T("people.audit.import")
	}
	return row.Object
}

func (p Page) fieldWord(field string) string {
	if !p.has("people.audit.field." + field) {
		return field
	}
	return p.T("people.audit.field." + field)
}

// detailWords writes the values of a detail: words for what is one of a few, and all else as it is.
func (p Page) detailWords(field string, values []string) string {
	words := make([]string, 0, len(values))
	for _, v := range values {
		switch {
		case field == "roles" && p.has("people.role."+v):
			v = p.T("people.role." + v)
		case field == "kind" && p.has("sitting.kind."+v):
			v = p.T("sitting.kind." + v)
		case field == "changed": // fields of an exam; of a load it is a number
			v = fieldLabel(p, v)
		case isRelease(field):
			v = p.releaseTime(v)
		case p.has("people.audit.value." + v):
			v = p.T("people.audit.value." + v)
		}
		words = append(words, v)
	}
	if len(words) == 0 || len(words) == 1 && words[0] == "" {
		return p.T("people.audit.value.none")
	}
	return p.listed(words)
}

// partWords says for how many questions something was chosen.
func (p Page) partWords(part *AuditPart) string {
	switch {
	case !part.All:
		return p.T("people.audit.part.some", "n", part.Some)
	case part.But > 0:
		return p.T("people.audit.part.but", "n", part.But)
	}
	return p.T("people.audit.part.all")
}

// exactly writes a time to the second.
func (p Page) exactly(t time.Time) string { return p.Locale.Date(t) + " " + p.Locale.Clock(t) }

// isRelease: the values of the field are the times from which a part of the results is shown.
func isRelease(field string) bool { return field == "score" || field == "answers" || field == "keys" }

// releaseTime writes a time as everywhere else; what is none stays as it is.
func (p Page) releaseTime(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return p.Locale.DateTime(t)
}

// actorWord names who did something, also where the name was erased.
func (p Page) actorWord(name string) string {
	if name == "" {
		return p.T("erasure.word")
	}
	return name
}
