package handlers

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// rejectedOnPage is how many rejected answers a page lists.
const rejectedOnPage = 50

// showRejected lists the late and rejected answers of an exam, the newest first: those that can be
// accepted, or all.
func (s *Server) showRejected(w http.ResponseWriter, r *http.Request) error {
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	view := templates.RejectedAnswers{
		Exam: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Now: instantTime(nowOf(r)), Limit: rejectedOnPage,
	}
	q := r.URL.Query()
	view.All = q.Get("show") == "all"
	if q.Has("offset") {
		offset, err := countField(q, "offset", 0, maxOffset)
		if err != nil {
			return err
		}
		view.Offset = int(offset)
	}
	// Before the list: what is told to be accepted does not stand there any more.
	if view.Job, err = s.acceptJob(r, d.Slug, q.Get("job")); err != nil {
		return err
	}
	list, total, err := s.Store.RejectedAnswers(r.Context(), d.Slug, !view.All, view.Offset, view.Limit)
	if err != nil {
		return err
	}
	view.Total = total
	if view.Rows, err = s.rejectedRows(r, list); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.RejectedList(s.pageFor(r, &viewerOf(r).User), view))
	return nil
}

// rejectedRows shows rejected answers as their candidates saw them; each attempt is read once.
func (s *Server) rejectedRows(r *http.Request, list []store.RejectedAnswer) ([]templates.RejectedAnswer, error) {
	known := map[string]*sat{}
	var rows []templates.RejectedAnswer
	for i := range list {
		id := list[i].Attempt
		if known[id] == nil {
			a, err := s.satBy(r, id)
			if err != nil {
				return nil, err
			}
			known[id] = a
		}
		row, err := s.rejectedRow(r, known[id], &list[i])
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// sat is an attempt that rejected answers, with the numbers of those that were accepted since.
type sat struct {
	store.Snapshot
	accepted []int64
}

func (s *Server) satBy(r *http.Request, attempt string) (*sat, error) {
	snap, err := s.Store.LoadAttempt(r.Context(), store.AttemptQuery{Attempt: attempt})
	if err != nil {
		return nil, err
	}
	accepted, err := s.Store.AcceptedRejections(r.Context(), attempt)
	return &sat{snap, accepted}, err
}

func (s *Server) rejectedRow(r *http.Request, a *sat, x *store.RejectedAnswer) (templates.RejectedAnswer, error) {
	payload := &x.Rejection.Payload
	row := templates.RejectedAnswer{
		Attempt: x.Attempt, Number: x.Rejection.Number, Username: x.Username, Name: x.Name, Position: payload.Position,
		Reason: string(x.Rejection.Reason), Arrived: instantTime(x.Rejection.Arrived), Late: lateness(&a.Snapshot, &x.Rejection),
		Acceptable: x.Acceptable, Accepted: slices.Contains(a.accepted, x.Rejection.Number),
	}
	it := a.Paper.Item(payload.Position)
	if it == nil {
		row.Sent = sentText(fieldsOfShape(payload.Answer))
		return row, nil
	}
	c, err := s.contents.one(r.Context(), it.Version)
	if err != nil {
		return row, err
	}
	page := s.pageOf(r)
	row.Question = c.stem
	row.Sent, row.Saved = answerLines(page, it, c, payload.Answer), answerLines(page, it, c, x.Saved.Answer)
	return row, nil
}

// lateness is how long after the end of the attempt a command came, 0 when it was rejected for another
// reason or the attempt goes on.
func lateness(snap *store.Snapshot, x *exam.Rejection) time.Duration {
	a := &snap.Attempt
	end := exam.Instant(0)
	switch {
	case x.Reason == exam.TimeIsUp:
		end, _ = a.Deadline(snap.Paper)
	case x.Reason == exam.Finished && a.Status.Closed():
		end = a.Stopped
	}
	if end == 0 {
		return 0
	}
	return max(time.Duration(x.Arrived.Sub(end))*time.Microsecond, 0)
}

// acceptJob is how far the acceptance is that the page was led from; nil for none.
func (s *Server) acceptJob(r *http.Request, slug, id string) (*templates.AcceptJob, error) {
	if id == "" {
		return nil, nil
	}
	job, _, err := s.Store.Job(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if job.Kind != store.JobCommands || job.Object != slug {
		return nil, errNotFound
	}
	view := &templates.AcceptJob{ID: job.ID, Ended: job.Finished != 0}
	if !view.Ended {
		return view, nil
	}
	var outcome jobs.CommandOutcome
	if err := json.Unmarshal(job.Outcome, &outcome); err != nil {
		return nil, err
	}
	switch {
	case len(outcome.Refused) > 0:
		view.Refused = string(outcome.Refused[0].Reason)
	case outcome.Applied == 0: // the job failed as a whole
		view.Refused = string(jobs.Broken)
	}
	return view, nil
}
