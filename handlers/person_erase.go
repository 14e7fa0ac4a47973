package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// anyPerson reads the user that the path names, also what an erasure left of one.
func (s *Server) anyPerson(r *http.Request) (store.User, error) {
	id, err := uuidText(chi.URLParam(r, "user"))
	if err != nil {
		return store.User{}, errNotFound
	}
	u, err := s.Store.UserByID(r.Context(), id)
	u.PasswordHash = ""
	return u, err
}

// showErased is the page of somebody whose data were erased: what is left are attempts without answers.
func (s *Server) showErased(w http.ResponseWriter, r *http.Request, u *store.User) error {
	view := templates.ErasedView{ID: u.ID, Pseudonym: u.Username, At: instantTime(u.Erased)}
	attempts, _, err := s.Store.OfCandidate(r.Context(), u.ID)
	if err != nil {
		return err
	}
	view.Attempts = attemptRows(attempts, s.locale(r).Tag())
	view.More = len(attempts) - len(view.Attempts)
	s.render(w, r, http.StatusOK, templates.Erased(s.staffPage(r), view))
	return nil
}

// confirmErase says what erasing a person's data takes and what it leaves, and takes the confirmation.
func (s *Server) confirmErase(w http.ResponseWriter, r *http.Request) error {
	u, err := s.person(r)
	if err != nil {
		return err
	}
	return s.renderErase(w, r, http.StatusOK, &u, false)
}

func (s *Server) renderErase(w http.ResponseWriter, r *http.Request, status int, u *store.User, wrong bool) error {
	plan, err := s.Store.PlanErasure(r.Context(), u.ID)
	if err != nil {
		return err
	}
	view := templates.EraseView{
		ID: u.ID, Username: u.Username, Name: u.Name, Wrong: wrong, Block: templates.EraseBlock(plan.Block),
		Takes: []templates.EraseCount{
			{What: "sign_ins", N: plan.SignIns}, {What: "groups", N: plan.Groups},
			{What: "accommodations", N: plan.Accommodations}, {What: "answers", N: plan.Answers},
			{What: "payloads", N: plan.Payloads}, {What: "rejections", N: plan.Rejections},
			{What: "practised", N: plan.Practised}, {What: "messages", N: plan.Messages}, {What: "gaps", N: plan.Gaps},
			{What: "uploads", N: plan.Uploads}, {What: "waiting", N: plan.Waiting}, {What: "questions", N: plan.Questions},
			{What: "texts", N: plan.Texts},
		},
		Attempts: plan.Attempts, Awaiting: plan.Awaiting,
	}
	if u.ID == viewerOf(r).User.ID {
		view.Block = templates.EraseSelf
	}
	s.render(w, r, status, templates.Erase(s.staffPage(r), view))
	return nil
}

// erasePerson erases a person's data, once the username was typed. The entry of the audit log says nothing
// that names the person.
func (s *Server) erasePerson(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	u, err := s.person(r)
	if err != nil {
		return err
	}
	typed, err := accounts.NormalizeUsername(strings.TrimSpace(form.Get("confirm")))
	if err != nil || typed != u.Username {
		return s.renderErase(w, r, http.StatusUnprocessableEntity, &u, true)
	}
	if u.ID == viewerOf(r).User.ID {
		return s.renderErase(w, r, http.StatusConflict, &u, false)
	}
	_, err = s.Store.By(act(r, store.ActEraseUser, u.ID, nil)).Erase(r.Context(), u.ID)
	if errors.Is(err, store.ErrNotErasable) {
		return s.renderErase(w, r, http.StatusConflict, &u, false)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.PersonPath(u.ID), templates.NoteErased)
}
