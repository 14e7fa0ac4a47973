package handlers

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"shiken/desk"
	"shiken/jobs"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// loadUpload asks for a job that loads an uploaded file, and leads to its page.
func (s *Server) loadUpload(w http.ResponseWriter, r *http.Request) error {
	form, id, err := jobForm(r)
	if err != nil {
		return err
	}
	opts, err := optionsOf(form)
	if err != nil {
		return err
	}
	up, err := s.ownUpload(r)
	if err != nil {
		return err
	}
	set, ok := desk.SetName(form.Get("set"), up.Name)
	if !ok {
		return seeOther(w, r, reportPath(up.ID, form.Get("set"), opts), "")
	}
	args := desk.LoadArgs{
		Upload: up.ID, File: up.Name, Set: set, Format: opts.Format, Columns: opts.Columns, Text: opts.Text,
		SoundOnly: form.Get("sound_only") == "1", Count: queryNumber(form, "count", 0, questionset.MaxQuestions),
	}
	if args.Choices, err = s.Store.LoadChoices(r.Context(), up.ID); err != nil {
		return err
	}
	job, err := jobBy(r, store.JobQuestions, id, set, desk.LoadSteps, args)
	if err != nil {
		return err
	}
	err = s.ask(r, act(r, store.ActLoadQuestions, set, loadDetails(&args, id)), job)
	if errors.Is(err, store.ErrExists) { // the browser's Back brought the form again, and other entries
		return seeOther(w, r, reportPath(up.ID, set, opts), templates.NoteSentBefore)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.AuthorJobPath(id), "")
}

// loadDetails is what the audit log says of a load that is asked for. What its author chose is told of each set that
// is loaded.
func loadDetails(args *desk.LoadArgs, job string) map[string]any {
	return map[string]any{"file": args.File, "sound_only": args.SoundOnly, "job": job}
}

// showLoad says how far the load of a file is, and what became of it. Authors see their own.
func (s *Server) showLoad(w http.ResponseWriter, r *http.Request) error {
	id, err := uuidText(chi.URLParam(r, "load"))
	if err != nil {
		return errNotFound
	}
	job, now, err := s.Store.Job(r.Context(), id)
	if err != nil {
		return err
	}
	u := &viewerOf(r).User
	if job.Kind != store.JobQuestions || job.Actor != u.ID && !admin.admits(u.Roles) {
		return errNotFound
	}
	view := templates.JobView{
		Now: instantTime(now), Due: instantTime(job.DueAt), Begun: job.Touched != 0, Failure: jobs.Failed(&job), GivenUp: jobs.GivenUp(&job),
		Back: templates.Crumb{Path: templates.UploadPath(), Text: s.locale(r).T("desk.upload")},
	}
	if view.JobLine, err = s.jobLine(r, &job); err != nil {
		return err
	}
	view.Step = s.loadStep(r, &job)
	var loaded *templates.LoadedView
	if view.Ended && !view.Failed {
		if loaded, err = loadedView(&job); err != nil {
			return err
		}
		view.NotDone = loaded.Refused != ""
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component { return templates.Load(p, view, loaded) })
}

// loadStep says what the load of a file is doing.
func (s *Server) loadStep(r *http.Request, job *store.Job) string {
	var args desk.LoadArgs
	if json.Unmarshal(job.Args, &args) != nil {
		return ""
	}
	stored, reading := desk.Storing(job.Done, args.Count)
	switch {
	case reading:
		return s.locale(r).T("reading.step.reading")
	case args.Count > 0:
		return s.locale(r).T("reading.step.storing", "n", stored, "total", args.Count)
	}
	return ""
}

// loadedView is what became of a file that a job has loaded.
func loadedView(job *store.Job) (*templates.LoadedView, error) {
	var outcome desk.LoadOutcome
	if err := json.Unmarshal(job.Outcome, &outcome); err != nil {
		return nil, err
	}
	view := &templates.LoadedView{Refused: string(outcome.Refused), Set: outcome.Set, Exams: outcome.Exams}
	for _, set := range outcome.Sets {
		n := &set.Result
		view.Sets = append(view.Sets, templates.PlannedSet{Set: set.Set, New: n.New, Changed: n.Changed, Unchanged: n.Unchanged, Absent: n.Absent, Edited: n.Edited, Retired: n.Retired})
	}
	if n := outcome.Result; n != nil {
		view.Counted = true
		view.New, view.Changed, view.Unchanged, view.Absent = n.New, n.Changed, n.Unchanged, n.Absent
		view.AbsentList, view.Retired = n.AbsentList, n.Retired
		view.Edited, view.EditedList = n.Edited, n.EditedList
	}
	return view, nil
}
