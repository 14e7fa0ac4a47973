package handlers

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// showJob says how far a job is, and what became of it. Loads of questions have a page at the desk.
func (s *Server) showJob(w http.ResponseWriter, r *http.Request) error {
	job, now, err := s.Store.Job(r.Context(), chi.URLParam(r, "job"))
	if err != nil {
		return err
	}
	if job.Kind == store.JobQuestions {
		return seeOther(w, r, templates.AuthorJobPath(job.ID), "")
	}
	var regrade jobs.RegradeArgs
	if job.Kind == store.JobRegrade && json.Unmarshal(job.Args, &regrade) == nil {
		return seeOther(w, r, templates.CorrectionPath(regrade.Correction)+"?job="+job.ID, "")
	}
	view := templates.JobView{
		Now: instantTime(now), Due: instantTime(job.DueAt), Begun: job.Touched != 0, Failure: jobs.Failed(&job), GivenUp: jobs.GivenUp(&job),
	}
	if view.JobLine, err = s.jobLine(r, &job); err != nil {
		return err
	}
	if err := s.addOutcome(r, &view, &job); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Job(s.pageFor(r, &viewerOf(r).User), view))
	return nil
}

// addOutcome adds what the job's kind has to say.
func (s *Server) addOutcome(r *http.Request, view *templates.JobView, job *store.Job) error {
	if job.Kind == store.JobRoster {
		return s.addRoster(r, view, job)
	}
	if job.Kind != store.JobCommands {
		return nil
	}
	var args jobs.CommandArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return err
	}
	view.IsCommands, view.Reason = true, args.Reason
	if err := s.addExam(r, view, job.Object); err != nil {
		return err
	}
	if !view.Ended || view.Failed {
		return nil
	}
	var outcome jobs.CommandOutcome
	if err := json.Unmarshal(job.Outcome, &outcome); err != nil {
		return err
	}
	view.Applied = outcome.Applied
	var err error
	view.Refused, err = s.refusals(r, job.Object, outcome.Refused)
	return err
}

// addExam says of which exam's sitting the job is.
func (s *Server) addExam(r *http.Request, view *templates.JobView, slug string) error {
	d, err := s.Store.Definition(r.Context(), slug)
	view.Above = []templates.Crumb{{Text: s.locale(r).T("staff.sittings.title"), Path: templates.AdminPath}}
	view.Back = templates.Crumb{Text: d.Title.In(s.locale(r).Tag()), Path: templates.SittingPath(slug)}
	return err
}

// refusals names the attempts that refused a command.
func (s *Server) refusals(r *http.Request, slug string, refused []jobs.Refusal) ([]templates.SparedList, error) {
	var out []templates.SparedList
	for _, f := range refused {
		targets, _, err := s.Store.Targets(r.Context(), store.SeatQuery{Exam: slug, Heard: heard}, f.Attempts)
		if err != nil {
			return nil, err
		}
		list := seatList(targets)
		list.Count = f.Count
		out = append(out, templates.SparedList{Reason: string(f.Reason), SeatList: list})
	}
	return out, nil
}

// jobLines lists the newest jobs of an exam.
func (s *Server) jobLines(r *http.Request, slug string) ([]templates.JobLine, error) {
	list, err := s.Store.JobsOf(r.Context(), slug, recentJobs)
	if err != nil {
		return nil, err
	}
	var out []templates.JobLine
	for i := range list {
		line, err := s.jobLine(r, &list[i])
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}

func (s *Server) jobLine(r *http.Request, job *store.Job) (templates.JobLine, error) {
	by, err := s.Store.UserByID(r.Context(), job.Actor)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return templates.JobLine{}, err
	}
	title, err := s.jobTitle(r, job)
	return templates.JobLine{
		ID: job.ID, Title: title, By: by.Username, Created: instantTime(job.Created), Done: job.Done, Total: job.Total,
		Ended: job.Finished != 0, Failed: jobs.Failed(job) != "",
	}, err
}

// jobTitle says what a job does, to what.
func (s *Server) jobTitle(r *http.Request, job *store.Job) (string, error) {
	if job.Kind != store.JobCommands {
		return s.locale(r).T("job.title."+string(job.Kind), "object", job.Object), nil
	}
	var args jobs.CommandArgs
	err := json.Unmarshal(job.Args, &args)
	return templates.CommandTitle(s.locale(r), string(args.Kind), micros(args.Amount), args.Outage != ""), err
}
