package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"shiken/exam"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// Bounds of what a sitting page says of outages.
const (
	listedOutages = 5
	outagesSince  = 7 * 24 * 60 * exam.Minute
	listedGaps    = 10
	gapsSince     = 120 * exam.Minute
)

// outageLines lists the outages that met attempts of an exam, with what was done about each.
func (s *Server) outageLines(r *http.Request, slug string) ([]templates.OutageLine, error) {
	list, err := s.Store.OutagesOf(r.Context(), slug, outagesSince, listedOutages)
	if err != nil {
		return nil, err
	}
	var out []templates.OutageLine
	for i := range list {
		o := &list[i]
		line := templates.OutageLine{OutageView: *outageView(&o.Outage), Running: o.Running}
		if line.MadeGood, err = s.madeGood(r, o.ID, slug); err != nil {
			return nil, err
		}
		line.MayGiveBack = line.MadeGood == nil && o.Settled && o.Open > 0
		out = append(out, line)
	}
	return out, nil
}

// madeGood is the job that gave back what an outage cost the attempts of an exam; nil when there is none.
func (s *Server) madeGood(r *http.Request, outage, slug string) (*templates.JobLine, error) {
	id, err := jobs.OutageJobID(outage, slug)
	if err != nil {
		return nil, err
	}
	job, _, err := s.Store.Job(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	line, err := s.jobLine(r, &job)
	return &line, err
}

func outageView(o *store.Outage) *templates.OutageView {
	if o == nil {
		return nil
	}
	return &templates.OutageView{ID: o.ID, Began: instantTime(o.Began), Ended: instantTime(o.Ended)}
}

// addLosses makes the plan that of giving back what an outage cost: to each attempt what it lost, in
// whole seconds, less what the server gave of itself. A form that lists attempts is for those alone.
func (s *Server) addLosses(r *http.Request, p *plan, form url.Values) error {
	id, err := uuidField(form, "outage")
	if err != nil {
		return err
	}
	chosen, err := chosenAttempts(form)
	if err != nil || p.kind != exam.Extend {
		return errors.Join(errMalformed, err)
	}
	o, list, now, err := s.Store.Losses(r.Context(), p.exam.Slug, id)
	if err != nil {
		return err
	}
	slices.Sort(chosen)
	p.outage, p.now, p.losses = &o, now, map[string]exam.Micros{}
	for i := range list {
		l := &list[i]
		if _, named := slices.BinarySearch(chosen, l.Attempt); len(chosen) > 0 && !named {
			continue
		}
		given, err := proctor.ExtensionID(o.ID, l.Attempt)
		if err != nil {
			return err
		}
		p.targets = append(p.targets, l.Target)
		if lost := wholeSeconds(o.Lost(l.Clock, given)); lost > 0 {
			p.losses[l.Attempt] = lost
		}
	}
	return nil
}

// wholeSeconds rounds up.
func wholeSeconds(d exam.Micros) exam.Micros {
	return (d + exam.Second - 1) / exam.Second * exam.Second
}

// jobID is the id of the job that a form asks for: its own, or the one that there is for an outage.
func (p *plan) jobID(form url.Values) (string, error) {
	if p.outage != nil {
		return jobs.OutageJobID(p.outage.ID, p.exam.Slug)
	}
	return uuidField(form, "job")
}

// taken says what it means that another job has the id.
func (p *plan) taken() templates.PlanProblem {
	if p.outage != nil {
		return templates.PlanMadeGood
	}
	return templates.PlanIDUsed
}

// gapLines lists what the pages of candidates reported of late.
func (s *Server) gapLines(r *http.Request, slug string) ([]templates.GapLine, error) {
	list, err := s.Store.RecentGaps(r.Context(), slug, gapsSince, listedGaps)
	var out []templates.GapLine
	for i := range list {
		line := gapLine(&list[i].ReportedGap, list[i].Status)
		line.Username, line.Name = list[i].Username, list[i].Name
		out = append(out, line)
	}
	return out, err
}

func gapLine(g *store.ReportedGap, status exam.Status) templates.GapLine {
	return templates.GapLine{
		Attempt: g.Attempt, Reported: instantTime(g.Reported), Lasted: micros(g.Lasted), Unheard: micros(g.Unheard),
		Open: status.Open(),
	}
}
