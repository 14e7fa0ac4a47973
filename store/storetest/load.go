package storetest

import (
	"reflect"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var loadTests = map[string]func(*world){
	"a plan tells of each question what a load makes of it":  planTells,
	"a load replaces what its author chose and saw":          loadReplacesChosen,
	"a load retires what its author chose of what is absent": loadRetires,
	"what a load retired, a load brings back":                loadBringsBack,
	"other details alone are a change":                       detailsChange,
	"questions are read as they are now":                     questionsNow,
}

// chosen loads questions with a choice.
func (w *world) chosen(set string, questions []store.LoadedQuestion, choice store.LoadChoice, want store.LoadResult) {
	w.Helper()
	load := store.LoadOf(set, questions)
	load.Choice = choice
	got, err := w.By(w.act(store.ActLoadQuestions, nil)).LoadQuestions(w.ctx, load)
	if w.must(err); !reflect.DeepEqual(got, want) {
		w.Errorf("loaded %+v, want %+v", got, want)
	}
}

// identities are those of a set, in its order.
func (w *world) identities(set string) []string {
	w.Helper()
	var out []string
	for _, q := range w.pool(set) {
		out = append(out, q.Identity)
	}
	return out
}

// editedStem gives a question another text, as its author does.
func (w *world) editedStem(identity string) {
	w.Helper()
	w.must(w.revise(w.edits(identity, func(e *store.QuestionEdit) { e.Question.Question.Stem.Source = "mine" })))
}

// corrected are questions whose first one says something else than shortText.
func corrected(n int) []store.LoadedQuestion {
	list := shortText(n)
	list[0].Question.Stem.Source, list[0].ContentHash = "corrected", name("hash")
	return list
}

func planTells(w *world) {
	set := name("set")
	w.load(set, shortText(5), store.LoadResult{New: 5})
	ids := w.identities(set)
	w.editedStem(ids[1])
	w.editedStem(ids[4])
	file := append(corrected(3), shortText(6)[5])
	plan, err := w.PlanQuestions(w.ctx, store.LoadOf(set, file))
	w.must(err)
	want := store.LoadPlan{
		LoadResult: store.LoadResult{
			New: 1, Changed: 1, Unchanged: 1, Edited: 1, EditedList: []string{"No. 2"}, Absent: 2, AbsentList: []string{"No. 4", "No. 5"},
		},
		Questions: []store.PlannedQuestion{
			{Identity: ids[0], Edition: 1, Change: store.LoadChanged}, {Identity: ids[1], Edition: 2, Change: store.LoadEdited},
			{Identity: ids[2], Edition: 1}, {Change: store.LoadNew},
		},
		AbsentQuestions: []store.AbsentQuestion{{Identity: ids[3], Name: "No. 4"}, {Identity: ids[4], Name: "No. 5", Edited: true}},
	}
	if !reflect.DeepEqual(plan, want) {
		w.Errorf("the plan is\n%+v, want\n%+v", plan, want)
	}
}

func loadReplacesChosen(w *world) {
	set := name("set")
	w.load(set, shortText(3), store.LoadResult{New: 3})
	ids := w.identities(set)
	for _, id := range ids {
		w.editedStem(id)
	}
	seen, err := w.QuestionsNow(w.ctx, ids)
	w.must(err)
	w.editedAgain(ids[2])
	choice := store.LoadChoice{Replace: map[string]int{ids[0]: seen[0].Edition, ids[2]: seen[2].Edition, uuid.NewString(): 1}}
	w.chosen(set, shortText(3), choice, store.LoadResult{Changed: 1, Edited: 2, EditedList: []string{"No. 2", "No. 3"}})
	w.chosen(set, shortText(3), store.LoadChoice{}, store.LoadResult{Unchanged: 1, Edited: 2, EditedList: []string{"No. 2", "No. 3"}})
	w.chosen(set, shortText(3), store.LoadChoice{ReplaceAll: true}, store.LoadResult{Changed: 2, Unchanged: 1})
}

// editedAgain edits a question once more.
func (w *world) editedAgain(identity string) {
	w.Helper()
	w.must(w.revise(w.edits(identity, func(e *store.QuestionEdit) { e.Question.Question.Stem.Source = "mine again" })))
}

func loadRetires(w *world) {
	for name1, tt := range map[string]struct {
		all     bool
		some    []int
		retired int
		drawn   int
	}{"none": {retired: 0, drawn: 4}, "some": {some: []int{0, 2}, retired: 1, drawn: 3}, "all": {all: true, retired: 3, drawn: 1}} {
		set := name("set")
		w.load(set, shortText(4), store.LoadResult{New: 4})
		ids := w.identities(set)
		choice := store.LoadChoice{RetireAll: tt.all, Editor: "cleo"}
		for _, i := range tt.some {
			choice.Retire = append(choice.Retire, ids[i])
		}
		want := store.LoadResult{Unchanged: 1, Absent: 3, AbsentList: []string{"No. 2", "No. 3", "No. 4"}, Retired: tt.retired}
		w.chosen(set, shortText(1), choice, want)
		if n := len(w.pool(set)); n != tt.drawn {
			w.Errorf("%s: %d may be drawn, want %d", name1, n, tt.drawn)
		}
		q, err := w.Question(w.ctx, ids[2])
		w.must(err)
		history, err := w.QuestionEvents(w.ctx, ids[2], 9)
		w.must(err)
		if q.Retired != (tt.retired > 0) || q.Retired != (len(history) == 1 && history[0].Actor == "cleo" && history[0].Kind == store.QuestionRetired) {
			w.Errorf("%s: retired %v, with the history %+v", name1, q.Retired, history)
		}
	}
}

func loadBringsBack(w *world) {
	set := name("set")
	w.load(set, shortText(2), store.LoadResult{New: 2})
	id := w.identities(set)[1]
	all := store.LoadChoice{RetireAll: true, Editor: "cleo"}
	w.chosen(set, shortText(1), all, store.LoadResult{Unchanged: 1, Absent: 1, AbsentList: []string{"No. 2"}, Retired: 1})
	w.chosen(set, shortText(1), all, store.LoadResult{Unchanged: 1})
	w.chosen(set, shortText(2), store.LoadChoice{Editor: "cleo"}, store.LoadResult{Unchanged: 1, Changed: 1})
	q, err := w.Question(w.ctx, id)
	w.must(err)
	if got := w.kinds(id); q.Retired || q.Revision != 1 || !slices.Equal(got, []store.QuestionEventKind{store.QuestionRetired, store.QuestionRestored}) {
		w.Errorf("retired %v, revision %d, history %v", q.Retired, q.Revision, got)
	}
	w.chosen(set, shortText(2), store.LoadChoice{}, store.LoadResult{Unchanged: 2})
}

func detailsChange(w *world) {
	for what, change := range map[string]func(*store.LoadedQuestion){
		"number": func(q *store.LoadedQuestion) { q.Number = "x" }, "category": func(q *store.LoadedQuestion) { q.Category = "x" },
		"year": func(q *store.LoadedQuestion) { q.Year = 1999 }, "reference": func(q *store.LoadedQuestion) { q.Reference = "x" },
		"difficulty": func(q *store.LoadedQuestion) { q.Difficulty = "x" }, "tags": func(q *store.LoadedQuestion) { q.Tags = []string{"t", "u"} },
	} {
		set, file := name("set"), shortText(2)
		w.load(set, shortText(2), store.LoadResult{New: 2})
		change(&file[1])
		plan, err := w.PlanQuestions(w.ctx, store.LoadOf(set, file))
		if w.must(err); plan.Questions[0].Change != store.LoadUnchanged || plan.Questions[1].Change != store.LoadChanged {
			w.Errorf("%s: planned %+v", what, plan.Questions)
		}
		w.load(set, file, store.LoadResult{Changed: 1, Unchanged: 1})
		w.load(set, file, store.LoadResult{Unchanged: 2})
	}
}

func questionsNow(w *world) {
	set := name("set")
	w.load(set, shortText(3), store.LoadResult{New: 3})
	ids := w.identities(set)
	w.editedStem(ids[2])
	list, err := w.QuestionsNow(w.ctx, []string{ids[2], uuid.NewString(), "no id", ids[0]})
	w.must(err)
	if len(list) != 2 || list[0].Identity != ids[2] || list[0].Question.Stem.Source != "mine" || list[0].Edition != 2 ||
		list[1].Identity != ids[0] || list[1].Key.Texts[0].Weight != exam.FullCredit {
		w.Errorf("read %+v", list)
	}
}

// planIsLoad compares each plan with the load after it.
func planIsLoad(w *world) {
	set, questions := name("set"), shortText(5)
	changed := shortText(4)
	changed[1].Question.Stem.Source, changed[1].ContentHash = "corrected", "c"
	for _, file := range [][]store.LoadedQuestion{questions, questions, changed, nil} {
		before, _ := w.Sets(w.ctx)
		plan, err := w.PlanQuestions(w.ctx, store.LoadOf(set, file))
		w.must(err)
		if after, _ := w.Sets(w.ctx); !reflect.DeepEqual(before, after) {
			w.Errorf("the plan changed sets: %+v became %+v", before, after)
		}
		w.load(set, file, plan.LoadResult)
	}
	_, err := w.PlanQuestions(w.ctx, store.LoadOf(set, append(shortText(1), shortText(1)...)))
	w.is(err, store.ErrExists)
}

// loadedOneByOne: what comes is what was announced, all of it and nothing else; of what is stored as it is no
// row is written again.
func loadedOneByOne(w *world) {
	set, questions := name("set"), shortText(123)
	by := w.By(w.act(store.ActLoadQuestions, nil))
	others, fewer := store.LoadOf(set, questions), store.LoadOf(set, questions)
	others.Each = store.LoadOf(set, append(shortText(1), questions...)).Each
	fewer.Each = store.LoadOf(set, questions[:100]).Each
	for _, load := range []store.QuestionLoad{others, fewer} {
		if result, err := by.LoadQuestions(w.ctx, load); err == nil {
			w.Errorf("loaded %+v", result)
		}
		if pool := w.pool(set); len(pool) != 0 {
			w.Errorf("%d questions are stored", len(pool))
		}
	}
	result, err := by.LoadQuestions(w.ctx, store.LoadOf(set, questions))
	w.must(err)
	if !reflect.DeepEqual(result, store.LoadResult{New: 123}) || len(w.pool(set)) != 123 {
		w.Errorf("loaded %+v, %d are there", result, len(w.pool(set)))
	}
	for i, number := range w.numbers(store.SetQuery{Set: set, Search: "問題", Limit: 200}) {
		if want := questions[i].Number; number != want {
			w.Fatalf("found %s at %d, want %s", number, i, want)
		}
	}
	before := w.Statements()
	questions[7].Category = "moved"
	w.load(set, questions, store.LoadResult{Changed: 1, Unchanged: 122})
	if sent := w.Statements() - before; sent > 30 { // what a load takes that changes nothing, and some
		w.Errorf("%d statements for one question that changed", sent)
	}
	if pool, _, err := w.SetQuestions(w.ctx, store.SetQuery{Set: set, Category: "moved", Limit: 5}); err != nil || len(pool) != 1 || pool[0].Number != questions[7].Number {
		w.Errorf("moved: %+v, %v", pool, err)
	}
}
