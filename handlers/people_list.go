package handlers

import (
	"net/http"
	"slices"

	"shiken/store"
	"shiken/templates"
)

// perPage is how many rows a page of a long list shows.
const perPage = 100

// roles are all there are, in the order of the pages.
var roles = []store.Role{store.RoleCandidate, store.RoleAuthor, store.RoleAdmin}

// showPeople lists people, by what the query filters.
func (s *Server) showPeople(w http.ResponseWriter, r *http.Request) error {
	filter, q := peopleQuery(r)
	users, total, err := s.Store.FindUsers(r.Context(), q)
	if err != nil {
		return err
	}
	pager := pagerOf(r, q.Offset, q.Limit, total)
	if len(users) == 0 && total > 0 { // beyond the last page
		return seeOther(w, r, pager.Path, "")
	}
	groups, err := s.groupNames(r)
	if err != nil {
		return err
	}
	view := templates.PeopleView{Filter: filter, Groups: groups, Pager: pager}
	for i := range users {
		view.Rows = append(view.Rows, personRow(&users[i], viewerOf(r)))
	}
	s.render(w, r, http.StatusOK, templates.People(s.staffPage(r), view))
	return nil
}

func peopleQuery(r *http.Request) (templates.PeopleFilter, store.UserQuery) {
	values := r.URL.Query()
	f := templates.PeopleFilter{Search: searched(values, "q"), Group: searched(values, "group")}
	q := store.UserQuery{Search: f.Search, Group: f.Group, Limit: perPage, Offset: offsetOf(r)}
	if role := store.Role(values.Get("role")); slices.Contains(roles, role) {
		f.Role, q.Role = string(role), role
	}
	switch state := values.Get("state"); state {
	case "enabled", "disabled":
		disabled := state == "disabled"
		f.State, q.Disabled = state, &disabled
	}
	return f, q
}

func (s *Server) groupNames(r *http.Request) ([]string, error) {
	groups, err := s.Store.Groups(r.Context())
	names := make([]string, len(groups))
	for i := range groups {
		names[i] = groups[i].Name
	}
	return names, err
}

func personRow(u *store.User, viewer *store.Viewer) templates.PersonRow {
	return templates.PersonRow{
		ID: u.ID, Username: u.Username, Name: u.Name, Roles: roleNames(u.Roles), Groups: u.Groups,
		Extra: u.ExtraPercent, Disabled: u.Disabled, Demo: u.Demo, Self: u.ID == viewer.User.ID,
	}
}

// roleNames are roles in the order of the pages.
func roleNames(of []store.Role) []string {
	var out []string
	for _, role := range roles {
		if slices.Contains(of, role) {
			out = append(out, string(role))
		}
	}
	return out
}
