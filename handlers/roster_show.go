package handlers

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// firstPeople is how many people of a roster are shown as they will be; maxInSentence how many names or
// groups a sentence lists.
const (
	firstPeople   = 50
	maxInSentence = 20
)

// showRoster says what importing a roster would do, line by line what is wrong with it.
func (s *Server) showRoster(w http.ResponseWriter, r *http.Request) error {
	u, err := s.roster(r)
	if err != nil {
		return err
	}
	view, err := s.rosterView(r, &u)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Roster(s.staffPage(r), view))
	return nil
}

func (s *Server) rosterView(r *http.Request, u *store.Upload) (templates.RosterView, error) {
	view := templates.RosterView{Upload: u.ID, File: u.Name, Job: uuid.NewString()}
	roster, err := s.readRoster(u)
	if errors.Is(err, accounts.ErrUnsealable) {
		view.Unreadable = true
		return view, nil
	}
	if err != nil {
		return view, err
	}
	view.People, view.Faulty, view.Unlisted = roster.People, roster.Faulty, roster.Unlisted
	if len(roster.Faults) > 0 {
		view.Faults, view.Pager = faultsOfPage(r, templates.RosterPath(u.ID), roster.Faults)
		return view, nil
	}
	plan, err := accounts.PlanRoster(r.Context(), s.Store, roster.Lines)
	if err == nil {
		addPlan(&view, plan)
	}
	return view, err
}

func (s *Server) readRoster(u *store.Upload) (accounts.Roster, error) {
	data, err := jobs.OpenRoster(s.Rosters.Sealer, u)
	if err != nil {
		return accounts.Roster{}, err
	}
	return accounts.ParseRoster(bytes.NewReader(data))
}

// faultsOfPage is one page of the faults of a file, whose own page has the path.
func faultsOfPage(r *http.Request, path string, faults []accounts.RosterFault) ([]templates.RosterFault, templates.Pager) {
	offset := offsetOf(r)
	var out []templates.RosterFault
	for _, f := range faults[min(offset, len(faults)):min(offset+perPage, len(faults))] {
		out = append(out, templates.RosterFault{Line: f.Line, Column: f.Column, Code: f.Code, Args: f.Args})
	}
	return out, pagerOn(r, path, offset, perPage, len(faults))
}

func addPlan(view *templates.RosterView, p *accounts.Plan) {
	view.New, view.Updated, view.Unchanged, view.Given, view.Made = p.New, p.Updated, p.Unchanged, p.Given, p.Made
	view.Groups = p.Groups[:min(len(p.Groups), maxInSentence)]
	view.GroupsMore = len(p.Groups) - len(view.Groups)
	for i := range p.Lines {
		line := &p.Lines[i]
		if i < firstPeople {
			view.First = append(view.First, rosterPerson(line))
		}
		if !line.IsStaff() || line.Change == accounts.LineUnchanged {
			continue
		}
		if len(view.Staff) < maxInSentence {
			view.Staff = append(view.Staff, line.Username)
		} else {
			view.StaffMore++
		}
	}
}

func rosterPerson(line *accounts.PlannedLine) templates.RosterPerson {
	person := line.Person()
	return templates.RosterPerson{
		Line: line.Line, Username: line.Username, Name: person.Name, Groups: person.Groups, Extra: person.ExtraPercent,
		Change: string(line.Change), Given: line.Password != "",
		Made: line.Change == accounts.LineNew && line.Password == "",
	}
}
