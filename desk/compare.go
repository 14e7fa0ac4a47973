package desk

import (
	"context"

	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// Comparer reads stored questions.
type Comparer interface {
	QuestionsNow(ctx context.Context, identities []string) ([]store.StoredQuestion, error)
}

// StatePart is a difference in whether a question is drawn: its states are words of store.QuestionState, or
// "retired".
const StatePart Part = "state"

const retiredState = "retired"

// Compared is a question of a file beside the stored one that it is.
type Compared struct {
	Index       int // in the file, from 0
	Change      store.LoadChange
	Loaded      *store.LoadedQuestion
	Stored      store.StoredQuestion
	Differences []Difference
}

// CompareSome reads the stored ones of some questions of a file, by their places in it, and says what differs. Those
// that are new, or gone by now, are left out.
func CompareSome(ctx context.Context, r Comparer, questions map[int]*store.LoadedQuestion, plan *store.LoadPlan, indexes []int, plain func(exam.Text) string) ([]Compared, error) {
	var identities []string
	for _, i := range indexes {
		if id := plan.Questions[i].Identity; id != "" {
			identities = append(identities, id)
		}
	}
	list, err := r.QuestionsNow(ctx, identities)
	if err != nil {
		return nil, err
	}
	stored := map[string]*store.StoredQuestion{}
	for i := range list {
		stored[list[i].Identity] = &list[i]
	}
	var out []Compared
	for _, i := range indexes {
		q := stored[plan.Questions[i].Identity]
		if q == nil {
			continue
		}
		before := OfStored(q)
		c := Compared{Index: i, Change: plan.Questions[i].Change, Loaded: questions[i], Stored: *q}
		c.Differences = append(Differences(&before, questions[i], plain), stateDifference(q)...)
		out = append(out, c)
	}
	return out, nil
}

// stateDifference: what is loaded is approved.
func stateDifference(q *store.StoredQuestion) []Difference {
	state := string(q.State)
	if q.Retired {
		state = retiredState
	}
	if state == string(store.QuestionApproved) {
		return nil
	}
	return []Difference{{Part: StatePart, Before: state, After: string(store.QuestionApproved)}}
}

// Differing lists the places of the questions of a file that are changed or were edited here, at most limit,
// and counts all of them.
func Differing(plan *store.LoadPlan, limit int) (indexes []int, total int) {
	for i := range plan.Questions {
		if c := plan.Questions[i].Change; c != store.LoadChanged && c != store.LoadEdited {
			continue
		}
		if total++; total <= limit {
			indexes = append(indexes, i)
		}
	}
	return indexes, total
}

// Foretold is what a load will have done when its author has chosen. An identity that the choice names and
// that is of another edition by now is kept.
func Foretold(plan *store.LoadPlan, choice *store.LoadChoice) store.LoadResult {
	out, chosen := plan.LoadResult, choice.Chosen()
	replaced := 0
	out.EditedList = nil
	names := plan.EditedList
	for i := range plan.Questions {
		q := &plan.Questions[i]
		if q.Change != store.LoadEdited {
			continue
		}
		name := ""
		if len(names) > 0 {
			name, names = names[0], names[1:]
		}
		if chosen.Replaces(q.Identity, q.Edition) {
			replaced++
		} else if name != "" {
			out.EditedList = append(out.EditedList, name)
		}
	}
	out.Edited, out.Changed = out.Edited-replaced, out.Changed+replaced
	for _, q := range plan.AbsentQuestions {
		if chosen.Retires(q.Identity) {
			out.Retired++
		}
	}
	return out
}

// describeChoice adds to the details of an entry of the audit log what is replaced and retired by choice: all
// questions but so many, or some. Where nothing is, it adds nothing.
func describeChoice(details map[string]any, c *store.LoadChoice) {
	if c.ReplaceAll || len(c.Replace) > 0 {
		details["replace"] = chosenPart(c.ReplaceAll, len(c.Replace), len(c.Keep))
	}
	if c.RetireAll || len(c.Retire) > 0 {
		details["retire"] = chosenPart(c.RetireAll, len(c.Retire), len(c.Leave))
	}
}

func chosenPart(all bool, some, but int) map[string]any {
	if !all {
		return map[string]any{"some": some}
	}
	return map[string]any{"all": true, "but": but}
}

// Retiring is a choice without what may not be: a question that was refused, or behind the place where reading
// ended, looks as if the file lacked it, so nothing is retired as long as the report has errors.
func Retiring(choice store.LoadChoice, f *questionset.File) store.LoadChoice {
	if f.Report.Counts.Refused > 0 || !f.Report.Sound() {
		choice.RetireAll, choice.Retire, choice.Leave = false, nil, nil
	}
	return choice
}
