package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"

	"shiken/store"
)

// jobForm reads a form that asks for a job, and the id that it brings: the same form sent again is the same job (R2).
func jobForm(r *http.Request) (url.Values, string, error) {
	form, err := parseForm(r)
	if err != nil {
		return nil, "", err
	}
	id, err := uuidField(form, "job")
	return form, id, err
}

// jobBy is a job of the viewer's.
func jobBy(r *http.Request, kind store.JobKind, id, object string, total int, args any) (store.Job, error) {
	text, err := json.Marshal(args)
	return store.Job{ID: id, Kind: kind, Object: object, Actor: viewerOf(r).User.ID, Args: text, Total: total}, err
}

// ask stores a job, and has it begun with; store.ErrExists when its id is that of another.
func (s *Server) ask(r *http.Request, act store.Act, job store.Job) error {
	ctx, cancel := commandContext(r)
	defer cancel()
	_, created, err := s.Store.By(act).CreateJob(ctx, job)
	if err == nil {
		s.kick(job.ID, created)
	}
	return err
}

// kick has a job begun with at once. One that was there already was sent again.
func (s *Server) kick(job string, created bool) {
	if created {
		s.Kick()
	} else {
		s.Kick(job)
	}
}
