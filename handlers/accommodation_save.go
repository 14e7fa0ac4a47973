package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// saveAccommodations gives everybody who is ticked the same, or takes back what they have. Attempts that
// are under way keep their rules (R14).
func (s *Server) saveAccommodations(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	fields, err := accommodationForm(form)
	if err != nil {
		return err
	}
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	if action := form.Get("action"); action != "set" && action != "remove" {
		return errMalformed
	}
	view := templates.AccommodationsView{Form: fields, Sent: true}
	is, faults := s.judgeAccommodation(form.Get("action"), &fields, &d)
	if len(faults) > 0 {
		view.Faults = faults
		return s.renderAccommodations(w, r, http.StatusUnprocessableEntity, &d, view)
	}
	changes, running, err := s.accommodationChanges(r, form, d.Slug, fields.Users, is)
	if err == nil && len(changes) > 0 {
		err = s.putAccommodations(r, d.Slug, changes)
	}
	if errors.Is(err, store.ErrMoved) {
		view.Moved = true
		return s.renderAccommodations(w, r, http.StatusConflict, &d, view)
	}
	if err != nil {
		return err
	}
	note := templates.NoteAccommodationsSaved
	if running {
		note = templates.NoteAccommodationsRunning
	}
	return seeOther(w, r, templates.AccommodationsPath(d.Slug), note)
}

// judgeAccommodation reads what is to be stored of everybody who is ticked; nil takes back.
func (s *Server) judgeAccommodation(action string, f *templates.AccommodationForm, d *exam.Definition) (*store.Accommodated, []templates.FieldFault) {
	var out []templates.FieldFault
	if len(f.Users) == 0 {
		out = append(out, templates.FieldFault{Field: "candidates", Code: "nobody"})
	}
	if action == "remove" {
		return nil, out
	}
	is, faults := accounts.JudgeGiven(accounts.Given{
		ExtraPercent: f.Extra, Open: f.Open, LastStart: f.LastStart, Close: f.Close, Attempts: f.Attempts, Reason: f.Reason,
	}, s.Zone)
	if len(faults) == 0 {
		faults = accounts.JudgeWindow(&is, *d)
	}
	out = append(out, fieldFaults(faults)...)
	if is.IsZero() && len(faults) == 0 {
		out = append(out, templates.FieldFault{Field: "extra", Code: "nothing"})
	}
	if strings.TrimSpace(f.Reason) == "" {
		out = append(out, templates.FieldFault{Field: "reason", Code: "reason_empty"})
	}
	return &is, out
}

// accommodationChanges compares what is stored with what the form shows of everybody who is ticked. It
// reports whether one of them has an attempt open.
func (s *Server) accommodationChanges(r *http.Request, form url.Values, slug string, users []string,
	is *store.Accommodated) (changes []accounts.PlannedAccommodation, running bool, err error) {
	for _, user := range users {
		q := store.AccommodationQuery{Exam: slug, User: user, All: true, Limit: 1}
		rows, _, err := s.Store.Accommodations(r.Context(), q)
		if err != nil {
			return nil, false, err
		}
		if len(rows) == 0 { // gone, or disabled meanwhile
			return nil, false, store.ErrMoved
		}
		was := storedOf(&rows[0])
		if is.Same(was) {
			continue
		}
		if form.Get("seen."+user) != seenAccommodation(was) {
			return nil, false, store.ErrMoved
		}
		running = running || rows[0].Open != ""
		changes = append(changes, accounts.PlannedAccommodation{
			AccommodationChange: store.AccommodationChange{User: user, Exam: slug, Was: was, Is: is}, Username: rows[0].Username,
		})
	}
	return changes, running, nil
}

func (s *Server) putAccommodations(r *http.Request, slug string, changes []accounts.PlannedAccommodation) error {
	plan := accounts.AccommodationPlan{Changes: changes}
	details := accounts.DescribeAccommodations("", changes, false)
	return s.Store.By(act(r, store.ActAccommodate, slug, details)).PutAccommodations(r.Context(), plan.Store())
}
