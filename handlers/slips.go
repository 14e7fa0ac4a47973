package handlers

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/accounts"
	"shiken/jobs"
	"shiken/store"
	"shiken/tabular"
	"shiken/templates"
)

// slipsKept is how long the passwords that an import made can be read; maxSlips how many a page shows:
// the file has all.
const (
	slipsKept = 24 * time.Hour
	maxSlips  = 2_000
)

// slips reads the passwords that a job of the viewer's made; errNotFound when there are none (any more).
func (s *Server) slips(r *http.Request) (jobs.Slips, templates.SlipsView, error) {
	id, err := uuidText(chi.URLParam(r, "import"))
	if err != nil {
		return jobs.Slips{}, templates.SlipsView{}, errNotFound
	}
	job, _, err := s.Store.Job(r.Context(), id)
	if err == nil && (job.Kind != store.JobRoster || job.Finished == 0 || job.Actor != viewerOf(r).User.ID) {
		err = errNotFound
	}
	if err != nil {
		return jobs.Slips{}, templates.SlipsView{}, err
	}
	var outcome jobs.RosterOutcome
	if err := json.Unmarshal(job.Outcome, &outcome); err != nil {
		return jobs.Slips{}, templates.SlipsView{}, err
	}
	slips, made, err := s.Rosters.Slips(r.Context(), id, job.Actor)
	if errors.Is(err, accounts.ErrUnsealable) || err == nil && outcome.Made == 0 {
		err = errNotFound
	}
	slips.People = slices.DeleteFunc(slips.People, func(p accounts.MadePassword) bool {
		return slices.Contains(outcome.Theirs, p.Username)
	})
	return slips, templates.SlipsView{Job: id, Until: instantTime(made).Add(slipsKept)}, err
}

// showSlips shows the passwords that an import made, for those who hand them out.
func (s *Server) showSlips(w http.ResponseWriter, r *http.Request) error {
	slips, view, err := s.slips(r)
	if err != nil {
		return err
	}
	shown := slips.People[:min(len(slips.People), maxSlips)]
	view.More = len(slips.People) - len(shown)
	for _, p := range shown {
		view.People = append(view.People, templates.Slip{Username: p.Username, Name: p.Name, Password: p.Password})
	}
	s.render(w, r, http.StatusOK, templates.Slips(s.staffPage(r), view))
	return nil
}

// exportSlips sends them as CSV.
func (s *Server) exportSlips(w http.ResponseWriter, r *http.Request) error {
	slips, _, err := s.slips(r)
	if err != nil {
		return err
	}
	attach(w, "sign-in-slips.csv")
	sent := &counter{to: w}
	if err := s.writeSlips(sent, r, slips.People); err != nil {
		return s.cutShort(w, r, sent.n, err)
	}
	return nil
}

func (s *Server) writeSlips(w io.Writer, r *http.Request, people []accounts.MadePassword) error {
	table, err := tabular.NewCSV(w)
	if err != nil {
		return err
	}
	l := s.locale(r)
	row := func(cells ...string) {
		if err == nil {
			err = table.Row(texts(cells)...)
		}
	}
	row(l.T("people.username"), l.T("people.name"), l.T("people.password"))
	for _, p := range people {
		row(p.Username, p.Name, p.Password)
	}
	return errors.Join(err, table.Close())
}

// eraseSlips removes them at once, instead of after a day.
func (s *Server) eraseSlips(w http.ResponseWriter, r *http.Request) error {
	_, view, err := s.slips(r)
	if err != nil {
		return err
	}
	if err := s.Rosters.EraseSlips(r.Context(), view.Job, viewerOf(r).User.ID); err != nil {
		return err
	}
	return seeOther(w, r, templates.ImportPath, templates.NoteSlipsErased)
}

// attach makes an answer a file to be kept.
func attach(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

func texts(cells []string) []tabular.Cell {
	out := make([]tabular.Cell, len(cells))
	for i, c := range cells {
		out[i] = tabular.Text(c)
	}
	return out
}
