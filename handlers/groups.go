package handlers

import (
	"errors"
	"net/http"
	"slices"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

func (s *Server) showGroups(w http.ResponseWriter, r *http.Request) error {
	return s.renderGroups(w, r, http.StatusOK, templates.GroupsView{})
}

func (s *Server) renderGroups(w http.ResponseWriter, r *http.Request, status int, view templates.GroupsView) error {
	var err error
	if view.Rows, err = s.groupRows(r); err != nil {
		return err
	}
	s.render(w, r, status, templates.Groups(s.staffPage(r), view))
	return nil
}

// groupRows lists the groups with the exams that name them.
func (s *Server) groupRows(r *http.Request) ([]templates.GroupRow, error) {
	groups, err := s.Store.Groups(r.Context())
	if err != nil {
		return nil, err
	}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return nil, err
	}
	var rows []templates.GroupRow
	for _, g := range groups {
		row := templates.GroupRow{Name: g.Name, Members: g.Members}
		for i := range definitions {
			if slices.Contains(definitions[i].OpenTo, g.Name) {
				row.Exams = append(row.Exams, templates.ExamRef{Slug: definitions[i].Slug, Title: s.listedTitle(r, &definitions[i])})
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Server) createGroup(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	typed := form.Get("group")
	name, found := accounts.JudgeGroup(typed)
	if len(found) > 0 {
		return s.renderGroups(w, r, http.StatusUnprocessableEntity, templates.GroupsView{Typed: typed, Faults: fieldFaults(found)})
	}
	err = s.Store.By(act(r, store.ActCreateGroup, name, nil)).CreateGroup(r.Context(), name)
	if errors.Is(err, store.ErrExists) {
		return s.renderGroups(w, r, http.StatusConflict, templates.GroupsView{
			Typed: typed, Faults: []templates.FieldFault{{Field: "groups", Code: "group_exists"}},
		})
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.GroupsPath, templates.NoteGroupAdded)
}

// confirmGroupDelete says what goes with a group. Its name stands in the query: it may hold anything.
func (s *Server) confirmGroupDelete(w http.ResponseWriter, r *http.Request) error {
	name := r.URL.Query().Get("group")
	if name == "" {
		return seeOther(w, r, templates.GroupsPath, "")
	}
	rows, err := s.groupRows(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(row templates.GroupRow) bool { return row.Name == name })
	if i < 0 {
		return errNotFound
	}
	s.render(w, r, http.StatusOK, templates.GroupDelete(s.staffPage(r), rows[i]))
	return nil
}

// groupGone is what the audit log keeps of a group that was deleted.
type groupGone struct {
	Members int `json:"members"`
}

// deleteGroup deletes a group with its memberships. Exams that name it still do: it may come back.
func (s *Server) deleteGroup(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	name, err := one(form, "group")
	if err != nil {
		return err
	}
	groups, err := s.Store.Groups(r.Context())
	if err != nil {
		return err
	}
	details := groupGone{}
	for _, g := range groups {
		if g.Name == name {
			details.Members = g.Members
		}
	}
	if err := s.Store.By(act(r, store.ActDeleteGroup, name, details)).DeleteGroup(r.Context(), name); err != nil {
		return err
	}
	return seeOther(w, r, templates.GroupsPath, templates.NoteGroupDeleted)
}
