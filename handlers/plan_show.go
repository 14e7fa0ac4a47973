package handlers

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// plannedKinds are the commands that the sitting page gives.
var plannedKinds = []exam.Kind{
	exam.Extend, exam.Pause, exam.Resume, exam.ForceSubmit, exam.Reopen, exam.Void, exam.Unvoid,
}

// plan is a command to several attempts, before it is given.
type plan struct {
	exam   exam.Definition
	kind   exam.Kind
	amount exam.Micros // extend, reopen
	// outage is the one whose lost time is given back, and losses what each attempt lost; else nil.
	outage  *store.Outage
	losses  map[string]exam.Micros
	filter  templates.SeatFilter
	targets []store.Target
	now     exam.Instant
}

// showPlan says what a command would do, and writes nothing.
func (s *Server) showPlan(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.planOf(r)
	if err != nil {
		return err
	}
	return s.renderPlan(w, r, &p, templates.PlanView{}, http.StatusOK)
}

// planOf reads what a form asks for. Its attempts are read again as they are now.
func (s *Server) planOf(r *http.Request) (plan, url.Values, error) {
	form, err := parseForm(r)
	if err != nil {
		return plan{}, nil, err
	}
	p := plan{kind: exam.Kind(form.Get("kind"))}
	if !slices.Contains(plannedKinds, p.kind) {
		return plan{}, nil, errMalformed
	}
	if p.filter, err = seatFilter(form); err != nil {
		return plan{}, nil, err
	}
	if p.amount, err = amountOf(form, p.kind); err != nil {
		return plan{}, nil, err
	}
	if p.exam, err = s.Store.Definition(r.Context(), chi.URLParam(r, "exam")); err != nil {
		return plan{}, nil, err
	}
	if form.Has("outage") {
		err = s.addLosses(r, &p, form)
	} else {
		p.targets, p.now, err = s.targetsOf(r, &p, form)
	}
	return p, form, err
}

// amountOf reads the time that a command gives; those that give none have none, and what was lost in
// an outage is no matter of choice.
func amountOf(form url.Values, kind exam.Kind) (exam.Micros, error) {
	if kind != exam.Extend && kind != exam.Reopen || form.Has("outage") {
		return 0, nil
	}
	minutes, err := countField(form, "minutes", 0, templates.MaxMinutes)
	if err != nil || !form.Has("seconds") {
		return exam.Micros(minutes) * exam.Minute, err
	}
	seconds, err := countField(form, "seconds", 0, templates.MaxSeconds)
	return exam.Micros(minutes)*exam.Minute + exam.Micros(seconds)*exam.Second, err
}

// targetsOf reads the attempts that a form names: those that a preview listed, those checked, or all
// that match the filter.
func (s *Server) targetsOf(r *http.Request, p *plan, form url.Values) ([]store.Target, exam.Instant, error) {
	q := seatQuery(p.exam.Slug, p.filter)
	if form.Get("scope") == "all" {
		return s.Store.Targets(r.Context(), q, nil)
	}
	ids, err := chosenAttempts(form)
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	return s.Store.Targets(r.Context(), store.SeatQuery{Exam: p.exam.Slug, Heard: heard}, ids)
}

func chosenAttempts(form url.Values) ([]string, error) {
	if form.Has("attempts") {
		return unpackIDs(form.Get("attempts"))
	}
	var out []string
	for _, v := range form["attempt"] {
		id, err := uuidText(v)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// packIDs writes ids as one field of a form, in a third of their length: a form has a bounded number
// of fields, and a body of bytes.
func packIDs(ids []string) string {
	var raw []byte
	for _, id := range ids {
		u := uuid.MustParse(id) // out of the store
		raw = append(raw, u[:]...)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func unpackIDs(text string) ([]string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw)%16 != 0 {
		return nil, errMalformed
	}
	var out []string
	for id := range slices.Chunk(raw, 16) {
		out = append(out, uuid.UUID(id).String())
	}
	return out, nil
}

// reached are the targets whom the command will reach as they are now.
func (p *plan) reached() []store.Target {
	var out []store.Target
	for i := range p.targets {
		if p.spares(&p.targets[i]) == "" {
			out = append(out, p.targets[i])
		}
	}
	return out
}

// Why more time means nothing to an attempt: it has no end, or it lost none.
const (
	untimed  = "untimed"
	unharmed = "unharmed"
)

// spares says why the command does not reach a target; empty when it does.
func (p *plan) spares(t *store.Target) string {
	if reason := exam.MayCommand(p.kind, t.Status); reason != "" {
		return string(t.Status)
	}
	switch {
	case p.kind == exam.Extend && t.Deadline == 0:
		return untimed
	case p.outage != nil && p.losses[t.Attempt] == 0:
		return unharmed
	}
	return ""
}

// gives is the time that a target gets.
func (p *plan) gives(t *store.Target) exam.Micros {
	if p.outage != nil {
		return p.losses[t.Attempt]
	}
	return p.amount
}

// end is the deadline of a target after the command; 0 where it stays, is not known yet, or there is
// none.
func (p *plan) end(t *store.Target) exam.Instant {
	if t.Deadline == 0 {
		return 0
	}
	given := p.gives(t)
	switch {
	case p.kind == exam.Extend:
		return t.Deadline.Add(given)
	case p.kind == exam.Resume, p.kind == exam.Reopen, p.kind == exam.Unvoid && t.Before == exam.InProgress:
		return t.Deadline.Add(max(p.now.Sub(t.Stopped), 0) + given)
	}
	return 0
}

// renderPlan shows the plan with a fresh job id; given holds what was typed and what is wrong with it.
func (s *Server) renderPlan(w http.ResponseWriter, r *http.Request, p *plan, given templates.PlanView, status int) error {
	reached := p.reached()
	v := given
	v.Exam, v.Title, v.Now = p.exam.Slug, p.exam.Title.In(s.locale(r).Tag()), instantTime(p.now)
	v.Job, v.Kind, v.Amount, v.Filter = uuid.NewString(), string(p.kind), micros(p.amount), p.filter
	v.Outage = outageView(p.outage)
	v.Attempts, v.Affected, v.Spared = packIDs(attemptsOf(reached)), seatList(reached), p.spared()
	v.FirstEnd, v.LastEnd = p.ends(reached)
	s.render(w, r, status, templates.Plan(s.pageFor(r, &viewerOf(r).User), v))
	return nil
}
