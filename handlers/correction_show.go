package handlers

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/jobs"
	"shiken/store"
	"shiken/tabular"
	"shiken/templates"
)

// regradeChanges are the values of the list's filter.
var regradeChanges = []store.RegradeChange{
	store.RegradeRaised, store.RegradeLowered, store.RegradeSame, store.RegradeKept, store.RegradeFlips,
}

func (s *Server) correctionOf(r *http.Request) (store.Correction, error) {
	return s.Store.Correction(r.Context(), chi.URLParam(r, "correction"))
}

// showCorrection says what a correction made of the results, and how far that is.
func (s *Server) showCorrection(w http.ResponseWriter, r *http.Request) error {
	c, err := s.correctionOf(r)
	if err != nil {
		return err
	}
	q, err := s.Store.QuestionVersion(r.Context(), c.Version)
	if err != nil {
		return err
	}
	change := oneOf(r.URL.Query(), "change", regradeChanges)
	view := templates.CorrectionView{
		ID: c.ID, Version: c.Version, Set: q.Set, Number: questionName(&q), Exam: c.Exam, Reason: c.Reason, Revision: c.Revision,
		Lower: c.Lower, At: instantTime(c.Created), Change: string(change), Again: uuid.NewString(),
	}
	if q.Key.Revision == c.Revision {
		view.Treatment = string(q.Key.Treatment)
	} else {
		view.Newer = q.Key.Revision
	}
	if view.Who, err = s.nameOf(r, c.Actor); err != nil {
		return err
	}
	if err := s.addRegrades(r, &view, store.RegradeQuery{Correction: c.ID, Change: change, Offset: offsetOf(r), Limit: templates.RegradesShown}); err != nil {
		return err
	}
	if err := s.addRegradeJob(r, &view); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Correction(s.staffPage(r), view))
	return nil
}

func (s *Server) addRegrades(r *http.Request, view *templates.CorrectionView, q store.RegradeQuery) error {
	list, total, err := s.Store.Regrades(r.Context(), q)
	if err != nil {
		return err
	}
	for i := range list {
		view.Rows = append(view.Rows, regradeRow(&list[i]))
	}
	path := url.URL{Path: templates.CorrectionPath(q.Correction)}
	if q.Change != "" {
		path.RawQuery = url.Values{"change": {string(q.Change)}}.Encode()
	}
	view.Pager = templates.Pager{Offset: q.Offset, Limit: q.Limit, Total: total, Path: path.String()}
	n, err := s.Store.CountRegrades(r.Context(), q.Correction)
	view.Counts = templates.RegradeCounts{
		All: n.All, Raised: n.Raised, Lowered: n.Lowered, Same: n.Same, Kept: n.Kept, ToPass: n.ToPass, ToFail: n.ToFail,
	}
	return err
}

// addRegradeJob says how far the job is that the query names, else the first. Jobs are forgotten in time;
// the list is not.
func (s *Server) addRegradeJob(r *http.Request, view *templates.CorrectionView) error {
	id := r.URL.Query().Get("job")
	if _, err := uuidText(id); err != nil {
		id = view.ID
	}
	job, _, err := s.Store.Job(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		view.Ended = true
		return nil
	}
	if err != nil {
		return err
	}
	var args jobs.RegradeArgs
	if job.Kind != store.JobRegrade || json.Unmarshal(job.Args, &args) != nil || args.Correction != view.ID {
		return store.ErrNotFound
	}
	view.Done, view.Total, view.Ended, view.Failure = job.Done, job.Total, job.Finished != 0, jobs.Failed(&job)
	if !view.Ended || view.Failure != "" {
		return nil
	}
	var outcome jobs.RegradeOutcome
	if err := json.Unmarshal(job.Outcome, &outcome); err != nil {
		return err
	}
	view.Counts.Open, view.Counts.Voided, view.Broken = outcome.Open, outcome.Voided, outcome.Broken
	view.Counts.Superseded, view.Counts.Erased = outcome.Superseded, outcome.Erased
	return nil
}

// exportCorrection sends the whole list as CSV.
func (s *Server) exportCorrection(w http.ResponseWriter, r *http.Request) error {
	c, err := s.correctionOf(r)
	if err != nil {
		return err
	}
	unhurried(r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime)) // a recorder of tests knows none
	attach(w, "regrades-"+c.ID+".csv")
	sent := &counter{to: w}
	if err := s.writeRegrades(sent, r, c.ID); err != nil {
		return s.cutShort(w, r, sent.n, err)
	}
	return nil
}

var regradeColumns = []string{
	"exam", "username", "name", "number", "before_points", "before_max", "before_passed", "after_points", "after_max", "after_passed", "kept", "attempt",
}

func (s *Server) writeRegrades(w io.Writer, r *http.Request, correction string) error {
	table, err := tabular.NewCSV(w)
	if err != nil {
		return err
	}
	if err := table.Row(texts(regradeColumns)...); err != nil {
		return err
	}
	q := store.RegradeQuery{Correction: correction, Limit: exportBatch}
	for {
		list, total, err := s.Store.Regrades(r.Context(), q)
		if err != nil {
			return err
		}
		for i := range list {
			if err := table.Row(regradeCells(&list[i])...); err != nil {
				return err
			}
		}
		if q.Offset += len(list); len(list) == 0 || q.Offset >= total {
			return table.Close()
		}
	}
}

func regradeCells(g *store.Regrade) []tabular.Cell {
	mark := func(m *store.Mark) []tabular.Cell {
		passed := ""
		if m.Passed != nil {
			passed = map[bool]string{true: "passed", false: "failed"}[*m.Passed]
		}
		return []tabular.Cell{tabular.Number(points(m.Total)), tabular.Number(points(m.Max)), tabular.Text(passed)}
	}
	kept := ""
	if g.Kept {
		kept = "kept"
	}
	return slices.Concat(
		[]tabular.Cell{tabular.Text(g.Exam), tabular.Text(g.Username), tabular.Text(g.Name), tabular.Int(g.Number)},
		mark(&g.Before), mark(&g.After), []tabular.Cell{tabular.Text(kept), tabular.Text(g.Attempt)},
	)
}

// keyPattern is where the key of a question version is corrected.
const keyPattern = "/admin/questions/{version}/key"

// keyRoutes are those of who corrects keys after an exam.
func (s *Server) keyRoutes() []route {
	return []route{
		{"GET", "/admin/exams/{exam}/questions", admin, bodyNone, s.showItems},
		{"GET", "/admin/exams/{exam}/questions.csv", admin, bodyNone, s.exportItems},
		{"GET", keyPattern, admin, bodyNone, s.showKey},
		{"POST", keyPattern + "/preview", admin, bodyForm, s.previewKey},
		{"POST", keyPattern, admin, bodyForm, s.correctKey},
		{"GET", "/admin/corrections/{correction}", admin, bodyNone, s.showCorrection},
		{"GET", "/admin/corrections/{correction}/list.csv", admin, bodyNone, s.exportCorrection},
		{"POST", "/admin/corrections/{correction}/again", admin, bodyForm, s.regradeAgain},
	}
}
