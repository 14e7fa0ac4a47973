package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/jobs"
	"shiken/store"
	"shiken/templates"
)

// pauseNotice is how long before it begins a pause is announced: open pages save what is on the
// screen first.
const pauseNotice = 3 * exam.Second

// createJob gives the command that a plan listed to the attempts that it listed: as a job, under the
// id that the form brought, so that the same form sent again is the same job (R2).
func (s *Server) createJob(w http.ResponseWriter, r *http.Request) error {
	p, form, err := s.planOf(r)
	if err != nil {
		return err
	}
	id, err := p.jobID(form)
	if err != nil {
		return err
	}
	given := templates.PlanView{Reason: strings.TrimSpace(form.Get("reason"))}
	if given.Problem = judgePlan(&p, given.Reason); given.Problem != templates.PlanFine {
		return s.renderPlan(w, r, &p, given, http.StatusUnprocessableEntity)
	}
	job, err := s.plannedJob(r, &p, id, given.Reason, form)
	if err != nil {
		return err
	}
	err = s.ask(r, commandAct(r, &p, job, given.Reason), job)
	if errors.Is(err, store.ErrExists) {
		given.Problem, given.Earlier = p.taken(), id
		return s.renderPlan(w, r, &p, given, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.JobPath(id), "")
}

// judgePlan says what is wrong with what was typed.
func judgePlan(p *plan, reason string) templates.PlanProblem {
	problem := judgeReason(reason)
	if problem == templates.PlanFine && p.kind == exam.Extend && p.outage == nil && p.amount == 0 {
		return templates.PlanMinutes
	}
	return problem
}

// judgeReason says what is wrong with the reason of a command.
func judgeReason(reason string) templates.PlanProblem {
	switch {
	case reason == "":
		return templates.PlanWithoutReason
	case typedLength(reason) > templates.MaxReason:
		return templates.PlanReasonTooLong
	}
	return templates.PlanFine
}

// plannedJob is the job for exactly the attempts that the form carries. All must be the exam's.
func (s *Server) plannedJob(r *http.Request, p *plan, id, reason string, form url.Values) (store.Job, error) {
	attempts, err := unpackIDs(form.Get("attempts"))
	if err != nil || !sameAttempts(attempts, attemptsOf(p.targets)) {
		return store.Job{}, errMalformed
	}
	command := jobs.CommandArgs{Kind: p.kind, Amount: p.amount, Reason: reason, Attempts: attempts}
	if p.outage != nil {
		command.Outage, command.Amounts = p.outage.ID, p.losses
	}
	job, err := jobBy(r, store.JobCommands, id, p.exam.Slug, len(attempts), command)
	if p.kind == exam.Pause {
		job.Due = pauseNotice
	}
	return job, err
}

// sameAttempts: each of the one list stands once in the other, and there are some.
func sameAttempts(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return len(a) > 0 && slices.Equal(a, b)
}

// commandDetails are what the audit log keeps of a command to attempts; the job holds which.
type commandDetails struct {
	Kind    exam.Kind `json:"kind"`
	Minutes int       `json:"minutes,omitempty"`
	Seconds int       `json:"seconds,omitempty"` // beside the minutes
	Outage  string    `json:"outage,omitempty"`  // whose lost time is given back
	Reason  string    `json:"reason"`
	Count   int       `json:"count"`
	Job     string    `json:"job"`
}

func commandAct(r *http.Request, p *plan, job store.Job, reason string) store.Act {
	details := commandDetails{
		Kind: p.kind, Minutes: int(p.amount / exam.Minute), Seconds: int(p.amount % exam.Minute / exam.Second),
		Reason: reason, Count: job.Total, Job: job.ID,
	}
	if p.outage != nil {
		details.Outage = p.outage.ID
	}
	return act(r, store.ActCommand, p.exam.Slug, details)
}
