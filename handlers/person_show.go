package handlers

import (
	"net/http"
	"time"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// Bounds of the lists on a person's page: the newest are shown. Ended sign-ins count, and are left out.
const (
	maxSignIns = 500
	maxOwn     = 100
)

// person reads the user that the path names.
func (s *Server) person(r *http.Request) (store.User, error) {
	u, err := s.anyPerson(r)
	if err == nil && u.Erased != 0 {
		err = errNotFound
	}
	return u, err
}

func (s *Server) showPerson(w http.ResponseWriter, r *http.Request) error {
	u, err := s.anyPerson(r)
	if err != nil {
		return err
	}
	if u.Erased != 0 {
		return s.showErased(w, r, &u)
	}
	return s.renderPerson(w, r, http.StatusOK, &u, templates.PersonView{Form: formOf(&u)})
}

// renderPerson shows a person's page with the form as view has it.
func (s *Server) renderPerson(w http.ResponseWriter, r *http.Request, status int, u *store.User, view templates.PersonView) error {
	var err error
	if view.AllGroups, err = s.groupNames(r); err != nil {
		return err
	}
	if view.SignIns, view.Now, err = s.signInRows(r, u.ID); err != nil {
		return err
	}
	if view.Own, view.Exams, err = s.ownRows(r, u); err != nil {
		return err
	}
	attempts, _, err := s.Store.OfCandidate(r.Context(), u.ID)
	if err != nil {
		return err
	}
	view.Attempts = attemptRows(attempts, s.locale(r).Tag())
	view.AttemptMore = len(attempts) - len(view.Attempts)
	markRunning(view.Own, attempts, u.Username)
	view.ID, view.Stored, view.Created = u.ID, personRow(u, viewerOf(r)), instantTime(u.Created)
	s.render(w, r, status, templates.Person(s.staffPage(r), view))
	return nil
}

// attemptRows lists the newest attempts of a person.
func attemptRows(attempts []store.Summary, lang string) []templates.AttemptRow {
	var out []templates.AttemptRow
	for i := range attempts[:min(len(attempts), maxOwn)] {
		a := &attempts[i]
		out = append(out, templates.AttemptRow{
			ID: a.ID, Title: a.Title.In(lang), Status: string(a.Status), Number: a.Number, Started: instantTime(a.Started),
		})
	}
	return out
}

// signInRows lists the live sign-ins of a user, the newest first.
func (s *Server) signInRows(r *http.Request, user string) ([]templates.SignInRow, time.Time, error) {
	list, now, err := s.Store.SignInsOf(r.Context(), user, maxSignIns)
	if err != nil || len(list) == 0 {
		return nil, instantTime(now), err
	}
	v, _, err := s.Store.Viewer(r.Context(), list[0].ID) // for what the lifetimes of all are judged on
	if err != nil {
		return nil, time.Time{}, err
	}
	var out []templates.SignInRow
	for i := range list {
		if v.SignIn = list[i]; !accounts.Live(&v, now) {
			continue
		}
		agent := accounts.ReadAgent(list[i].Agent)
		out = append(out, templates.SignInRow{
			ID: list[i].ID, Browser: agent.Browser, System: agent.System, Address: list[i].Address,
			Created: instantTime(list[i].Created), Seen: instantTime(max(list[i].LastSeen, list[i].Created)),
			Current: list[i].ID == viewerOf(r).SignIn.ID,
		})
	}
	return out, instantTime(now), nil
}
