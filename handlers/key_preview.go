package handlers

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// maxPreview bounds the attempts that a preview lists.
const maxPreview = 50_000

// previewKey shows what a correction would make of the results. Nothing is stored.
func (s *Server) previewKey(w http.ResponseWriter, r *http.Request) error {
	unhurried(r)
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	c, err := s.correctingOf(r, form)
	if err != nil {
		return err
	}
	if c.problem != "" {
		return s.renderKey(w, r, c, problemStatus(c))
	}
	view := templates.KeyPreview{Treat: string(c.key.Treatment)}
	if view.Form, err = s.keyForm(r, c); err != nil {
		return err
	}
	job := form.Get("job")
	if _, err := uuidText(job); err != nil {
		job = uuid.NewString()
	}
	view.Fields = c.fields(form, job)
	if view.After, err = s.keyQuestion(r, &c.stored, &c.key); err != nil {
		return err
	}
	rows, err := s.regradesOf(r, c, &view.Counts)
	if err != nil {
		return err
	}
	view.Offset = min(queryNumber(form, "offset", 0, maxOffset), len(rows))
	view.More = len(rows) > view.Offset+templates.RegradesShown
	view.Rows = rows[view.Offset:min(view.Offset+templates.RegradesShown, len(rows))]
	s.render(w, r, http.StatusOK, templates.KeyCorrectionPreview(s.staffPage(r), view))
	return nil
}

func problemStatus(c *correcting) int {
	if c.problem == "moved" {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// regradesOf computes what a correction would make of each closed attempt, pass and fail that change
// first, then what else changes. It counts all.
func (s *Server) regradesOf(r *http.Request, c *correcting, n *templates.RegradeCounts) ([]templates.RegradeRow, error) {
	attempts, err := s.Store.Sheets(r.Context(), store.SheetQuery{Exam: c.exam, Version: c.stored.Version})
	if err != nil {
		return nil, err
	}
	key := c.key
	key.Revision = c.base + 1
	var rows []templates.RegradeRow
	err = s.Store.EachSheet(r.Context(), attempts, func(sheet store.Sheet) error {
		a := &sheet.Attempt
		switch {
		case a.Status == exam.Voided:
			n.Voided++
			return nil
		case !a.Status.Closed():
			n.Open++
			return nil
		case a.Score == nil:
			n.Pending++
			return nil
		}
		position := sheet.Paper.Position(c.stored.Version)
		made := s.Proctor.Grader.Regrade(sheet.Paper, a, &key, position, a.Score.Items[position-1], c.lower)
		row := regradeRow(&store.Regrade{
			Attempt: a.ID, Username: sheet.Username, Name: sheet.Name, Exam: sheet.Exam, Number: sheet.Number, Kept: made.Kept != nil,
			Before: store.Mark{Total: a.Score.Total, Max: a.Score.Max, Passed: a.Score.Passed},
			After:  store.Mark{Total: made.Score.Total, Max: made.Score.Max, Passed: made.Score.Passed},
		})
		countRegrade(n, &row)
		if len(rows) < maxPreview {
			rows = append(rows, row)
		}
		return nil
	})
	slices.SortStableFunc(rows, func(a, b templates.RegradeRow) int { return cmp.Compare(weight(&a), weight(&b)) })
	return rows, err
}

// weight orders rows by how much there is to see.
func weight(r *templates.RegradeRow) int {
	switch {
	case r.Before.Pass != r.After.Pass:
		return 0
	case r.Before.Points != r.After.Points || r.Before.MaxPoints != r.After.MaxPoints:
		return 1
	case r.Kept:
		return 2
	}
	return 3
}

func countRegrade(n *templates.RegradeCounts, row *templates.RegradeRow) {
	n.All++
	switch comparePart(&row.After, &row.Before) {
	case 1:
		n.Raised++
	case -1:
		n.Lowered++
	default:
		n.Same++
	}
	if row.Kept {
		n.Kept++
	}
	switch {
	case row.Before.Pass == templates.NotPassed && row.After.Pass == templates.Passed:
		n.ToPass++
	case row.Before.Pass == templates.Passed && row.After.Pass == templates.NotPassed:
		n.ToFail++
	}
}

// comparePart compares the parts of the maximum that were reached, unrounded; of nothing it is the whole.
func comparePart(a, b *templates.ScoreView) int {
	whole := func(s *templates.ScoreView) (points, most int64) {
		if s.MaxPoints == 0 {
			return 1, 1
		}
		return int64(s.Points), int64(s.MaxPoints)
	}
	pointsA, mostA := whole(a)
	pointsB, mostB := whole(b)
	return cmp.Compare(pointsA*mostB, pointsB*mostA)
}

func regradeRow(g *store.Regrade) templates.RegradeRow {
	view := func(m *store.Mark) templates.ScoreView {
		return templates.ScoreView{Points: m.Total, MaxPoints: m.Max, Pass: passOf(m.Passed)}
	}
	return templates.RegradeRow{
		Attempt: g.Attempt, Username: g.Username, Name: g.Name, Exam: g.Exam, Number: g.Number,
		Before: view(&g.Before), After: view(&g.After), Kept: g.Kept,
	}
}
