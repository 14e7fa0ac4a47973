package handlers

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"shiken/templates"
)

// Bounds of what a page shows of one entry: the log keeps more, and the export all.
const (
	maxDetailRunes  = 300
	maxDetailValues = 20
	maxDetailItems  = 5
)

// usernameIn is the username that details name: it says more than the id.
func usernameIn(raw json.RawMessage) (string, bool) {
	var d struct {
		Username string `json:"username"`
	}
	err := json.Unmarshal(raw, &d)
	return d.Username, err == nil && d.Username != ""
}

// auditDetails makes the details of an entry readable, whoever wrote them: objects become a line for
// each member, and what was changed stands before and after.
func auditDetails(raw json.RawMessage) []templates.AuditDetail {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	return memberDetails(members)
}

// foremost are the members that say what an entry is about; they stand before the others.
var foremost = []string{"kind", "minutes", "seconds", "count", "attempt", "reason"}

// memberDetails are the members of an object, the foremost first, the others by name. Those of objects
// within follow as if they were its own.
func memberDetails(members map[string]any) []templates.AuditDetail {
	var out []templates.AuditDetail
	for _, name := range slices.SortedFunc(maps.Keys(members), compareMembers) {
		switch v := members[name].(type) {
		case map[string]any:
			if before, after, ok := difference(v); ok {
				out = append(out, templates.AuditDetail{Field: name, Changed: true, Before: before, After: after})
			} else if part, ok := partOf(v); ok {
				out = append(out, templates.AuditDetail{Field: name, Part: part})
			} else {
				out = append(out, memberDetails(v)...)
			}
		case []any:
			out = append(out, listDetail(name, v))
		default:
			out = append(out, templates.AuditDetail{Field: name, Values: []string{scalarText(v)}})
		}
	}
	return out
}

func compareMembers(a, b string) int {
	place := func(name string) int {
		if i := slices.Index(foremost, name); i >= 0 {
			return i
		}
		return len(foremost)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
}

// difference reads a change as accounts.Difference writes it.
func difference(v map[string]any) (before, after []string, ok bool) {
	b, hasBefore := v["before"]
	a, hasAfter := v["after"]
	if len(v) != 2 || !hasBefore || !hasAfter {
		return nil, nil, false
	}
	return valuesOf(b), valuesOf(a), true
}

// partOf reads a choice as a desk.Loader writes it of a set: all questions but so many, or some.
func partOf(v map[string]any) (*templates.AuditPart, bool) {
	number := func(name string) (int, bool) {
		n, ok := v[name].(json.Number)
		i, err := strconv.Atoi(n.String())
		return i, ok && err == nil
	}
	if some, ok := number("some"); ok && len(v) == 1 {
		return &templates.AuditPart{Some: some}, true
	}
	but, ok := number("but")
	return &templates.AuditPart{All: true, But: but}, ok && len(v) == 2 && v["all"] == true
}

// valuesOf lists what a value holds.
func valuesOf(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	return listDetail("", list).Values
}

// listDetail is a list: of objects as items, which their member "username" names, of all else as values.
func listDetail(name string, list []any) templates.AuditDetail {
	d := templates.AuditDetail{Field: name}
	for _, v := range list {
		members, isObject := v.(map[string]any)
		switch {
		case len(d.Items) == maxDetailItems || len(d.Values) == maxDetailValues:
			d.More++
		case isObject:
			username := scalarText(members["username"])
			delete(members, "username")
			d.Items = append(d.Items, templates.AuditItem{Name: username, Details: memberDetails(members)})
		default:
			d.Values = append(d.Values, scalarText(v))
		}
	}
	return d
}

// scalarText is a value as it is written, short.
func scalarText(v any) string {
	if v == nil {
		return ""
	}
	s := fmt.Sprint(v)
	if runes := []rune(s); len(runes) > maxDetailRunes {
		return string(runes[:maxDetailRunes]) + "…"
	}
	return s
}
