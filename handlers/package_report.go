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
	var batches []*desk.Batch
	for _, set := range f.Sets {
		questions := questionsOf(f, set)
		plan, err := s.Store.PlanQuestions(r.Context(), store.LoadOf(set, desk.Loaded(questions)))
		if err != nil {
			return err
		}
		view.Sets = append(view.Sets, templates.PlannedSet{
			Set: set, New: plan.New, Changed: plan.Changed, Unchanged: plan.Unchanged, Absent: plan.Absent, Edited: plan.Edited,
		})
		view.Edited += plan.Edited
		batches = append(batches, &desk.Batch{Set: set, Questions: questions})
	}
	return s.judgeReport(r, view, f, batches...)
}

// questionsOf are the questions of one set of a package.
func questionsOf(f *questionset.File, set string) []questionset.Question {
	var list []questionset.Question
	for i := range f.Questions {
		if f.Questions[i].Set == set {
			list = append(list, f.Questions[i])
		}
	}
	return list
}
