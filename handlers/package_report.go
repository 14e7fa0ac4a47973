package handlers

import (
	"net/http"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// ownSet is the set that a file in the form of our own names; "" where it names none, or several.
func ownSet(f *questionset.File) string {
	if len(f.Sets) == 1 {
		return f.Sets[0]
	}
	return ""
}

// packageReport shows a page of the questions of a package, says what loading would do to each of its sets,
// and judges its exam against what they will hold.
func (s *Server) packageReport(r *http.Request, view *templates.ReportView, h *holding) error {
	f := h.file
	view.IsPackage = true
	view.Seen, view.Taken = view.Seen-len(f.Definitions), view.Taken-len(f.Definitions)
	var err error
	if view.Questions, err = s.fileQuestions(r, shown(f.Questions, view.QuestionsPager)); err != nil {
		return err
	}
	choices, err := s.Store.LoadChoices(r.Context(), view.Upload)
	if err != nil {
		return err
	}
	var batches []*desk.Batch
	for _, set := range f.Sets {
		batch, err := s.packageSet(r, view, h, set, choices[set])
		if err != nil {
			return err
		}
		batches = append(batches, batch)
	}
	return s.judgeReport(r, view, f, batches...)
}

// packageSet says what loading would do to a set of a package, as its author chose, and returns what goes there.
func (s *Server) packageSet(
	r *http.Request, view *templates.ReportView, h *holding, set string, choice store.LoadChoice,
) (*desk.Batch, error) {
	plan, err := s.loadPlanOf(r.Context(), h, set)
	if err != nil {
		return nil, err
	}
	choice = desk.Retiring(choice, h.file)
	result := desk.Foretold(plan, &choice)
	batch := &desk.Batch{Set: set, Questions: h.questions(set), Retired: desk.RetiredBy(plan, &choice)}
	query := mendQuery(r)
	query.Set("set", set)
	planned := templates.PlannedSet{
		Set: set, New: plan.New, Changed: plan.Changed, Unchanged: plan.Unchanged, Absent: plan.Absent, Edited: plan.Edited,
		Difference: withQuery(templates.DifferencePath(view.Upload), query), Replaced: plan.Edited - result.Edited, Retired: result.Retired,
	}
	planned.Retiring, err = s.retiringView(r, h.file, batch)
	view.Sets = append(view.Sets, planned)
	view.Edited += plan.Edited
	return batch, err
}
