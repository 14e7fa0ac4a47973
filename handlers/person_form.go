package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// maxPersonField bounds what one field of a person's form may send, in bytes; the faults of what is
// shorter are told by name.
const maxPersonField = 16 << 10

// personFields reads the form of a person as it was typed.
func personFields(form url.Values) (templates.PersonForm, error) {
	out := templates.PersonForm{Roles: form["role"], Groups: form["group"], Disabled: form.Get("disabled") == "1"}
	for name, to := range map[string]*string{
		"username": &out.Username, "name": &out.Name, "extra": &out.Extra, "new_groups": &out.NewGroups, "shown": &out.Shown,
	} {
		if len(form[name]) > 1 || len(form.Get(name)) > maxPersonField {
			return out, errMalformed
		}
		*to = form.Get(name)
	}
	for _, role := range out.Roles {
		if !slices.Contains(roles, store.Role(role)) {
			return out, errMalformed
		}
	}
	return out, nil
}

// judgePerson reads the fields as a user. The username is judged of a new one alone.
func judgePerson(f *templates.PersonForm, password string, known *store.User) (store.User, []templates.FieldFault) {
	cells := accounts.Cells{
		Username: f.Username, Name: f.Name, Password: password, ExtraPercent: f.Extra,
		Groups: strings.Join(append(slices.Clone(f.Groups), f.NewGroups), accounts.GroupSeparator),
	}
	if known != nil {
		cells.Username = known.Username
	}
	line, found := accounts.Judge(cells)
	faults := fieldFaults(found)
	u := store.User{}
	if known != nil {
		u = *known
	}
	u.Username, u.Name, u.ExtraPercent, u.Groups, u.Disabled = line.Username, line.Name, line.ExtraPercent, line.Groups, f.Disabled
	u.Roles = nil
	for _, role := range roles {
		if slices.Contains(f.Roles, string(role)) {
			u.Roles = append(u.Roles, role)
		}
	}
	if len(u.Roles) == 0 {
		faults = append(faults, templates.FieldFault{Field: "roles", Code: "roles_none"})
	}
	return u, faults
}

func fieldFaults(found []accounts.RosterFault) []templates.FieldFault {
	var out []templates.FieldFault
	for _, f := range found {
		out = append(out, templates.FieldFault{Field: f.Column, Code: f.Code, Args: f.Args})
	}
	return out
}

// formOf is the form of a user as stored.
func formOf(u *store.User) templates.PersonForm {
	return templates.PersonForm{
		Username: u.Username, Name: u.Name, Extra: strconv.Itoa(u.ExtraPercent), Roles: roleNames(u.Roles),
		Groups: u.Groups, Disabled: u.Disabled, Shown: shownState(u),
	}
}

// shownState is a short name of what a form shows of a user: who saves it saw this.
func shownState(u *store.User) string {
	groups := slices.Sorted(slices.Values(u.Groups))
	sum := sha256.Sum256(exam.Canonical([]any{u.Name, roleNames(u.Roles), groups, u.ExtraPercent, u.Disabled}))
	return hex.EncodeToString(sum[:8])
}
