package storetest

import (
	"errors"
	"reflect"
	"slices"
	"sync"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var bankTests = map[string]func(*world){
	"a new question is a draft until it is approved":        questionCreated,
	"an edit makes a version, a key alone a revision of it": questionRevised,
	"an edit of what has changed since writes nothing":      questionMoved,
	"of edits at the same time one is stored":               questionRaced,
	"a form that is sent again counts once":                 questionSentAgain,
	"a form that is sent again says nothing new unnoticed":  questionSentChanged,
	"what is retired or in review is not drawn":             questionMarked,
	"a load keeps what was edited here, unless it is told":  questionLoadedOver,
	"questions are filtered by their state":                 statesFiltered,
}

// edits is the edit of a question that its author sees as it is.
func (w *world) edits(identity string, change func(*store.QuestionEdit)) store.QuestionEdit {
	w.Helper()
	q, err := w.Question(w.ctx, identity)
	w.must(err)
	e := store.QuestionEdit{
		Identity: identity, Base: q.Edition, KeyBase: q.Key.Revision, Event: uuid.NewString(), State: q.State, Editor: "cleo",
		Question: store.LoadedQuestion{
			Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference, Difficulty: q.Difficulty, Tags: q.Tags,
			Question: q.Question, Key: q.Key, Feedback: q.Feedback, ContentHash: name("hash"),
		},
	}
	change(&e)
	return e
}

func (w *world) revise(e store.QuestionEdit) error {
	return w.By(w.act(store.ActEditQuestion, nil)).ReviseQuestion(w.ctx, e)
}

// banked loads a set of one question and returns set and question.
func (w *world) banked() (string, string) {
	w.Helper()
	set := name("set")
	w.load(set, shortText(1), store.LoadResult{New: 1})
	return set, w.pool(set)[0].Identity
}

// kinds lists the history of a question, the oldest first.
func (w *world) kinds(identity string) []store.QuestionEventKind {
	w.Helper()
	list, err := w.QuestionEvents(w.ctx, identity, 100)
	w.must(err)
	var out []store.QuestionEventKind
	for i, e := range list {
		if e.Actor != "cleo" || e.At == 0 || i > 0 && e.At > list[i-1].At {
			w.Errorf("event %+v", e)
		}
		out = append(out, e.Kind)
	}
	slices.Reverse(out)
	return out
}

func (w *world) history(identity string, want ...store.QuestionEventKind) {
	w.Helper()
	if got := w.kinds(identity); !slices.Equal(got, want) {
		w.Errorf("history %v, want %v", got, want)
	}
}

func questionCreated(w *world) {
	set, q := name("set"), shortText(1)[0]
	e := store.QuestionEdit{
		Identity: uuid.NewString(), Event: uuid.NewString(), Set: set, Question: q, State: store.QuestionDraft, Editor: "cleo",
	}
	w.must(w.revise(e))
	stored, err := w.Question(w.ctx, e.Identity)
	w.must(err)
	if stored.Set != set || stored.State != store.QuestionDraft || stored.Revision != 1 || stored.EditedBy != "cleo" || stored.Edited == 0 ||
		!reflect.DeepEqual(stored.Question, q.Question) || stored.Key.Revision != 1 || len(w.pool(set)) != 0 {
		w.Errorf("stored %+v", stored)
	}
	left, err := w.LeftOut(w.ctx, exam.Source{Set: set, Category: []string{q.Category}, Year: []int{q.Year}})
	w.must(err)
	if elsewhere, err := w.LeftOut(w.ctx, exam.Source{Set: set, Year: []int{1}}); err != nil || left != (store.LeftOut{Unapproved: 1}) || elsewhere != (store.LeftOut{}) {
		w.Errorf("left out %+v, %+v: %v", left, elsewhere, err)
	}
	if elsewhere, err := w.LeftOut(w.ctx, exam.Source{Set: set, Tag: []string{"no such tag"}}); err != nil || elsewhere != (store.LeftOut{}) {
		w.Errorf("left out by tag %+v: %v", elsewhere, err)
	}
	w.must(w.revise(w.edits(e.Identity, func(e *store.QuestionEdit) { e.State = store.QuestionApproved })))
	if len(w.pool(set)) != 1 {
		w.Error("an approved question is not drawn")
	}
	w.history(e.Identity, store.QuestionCreated, "approved")
	other := e
	other.Event = uuid.NewString()
	w.is(w.revise(other), store.ErrMoved)
	_, err = w.Question(w.ctx, uuid.NewString())
	w.is(err, store.ErrNotFound)
}

func questionRevised(w *world) {
	_, identity := w.banked()
	w.must(w.revise(w.edits(identity, func(e *store.QuestionEdit) { e.Question.Key.Texts[0].Pattern = "corrected" })))
	w.must(w.revise(w.edits(identity, func(e *store.QuestionEdit) { e.Question.Category, e.Question.Tags = "moved", []string{"new"} })))
	w.must(w.revise(w.edits(identity, func(e *store.QuestionEdit) { e.Question.Question.Stem.Source, e.Note = "rewritten", "clearer" })))
	w.must(w.revise(w.edits(identity, func(*store.QuestionEdit) {}))) // nothing
	versions, err := w.QuestionVersions(w.ctx, identity, 9)
	w.must(err)
	if len(versions) != 2 || versions[0].Question.Stem.Source != "rewritten" || versions[0].Key.Revision != 1 ||
		versions[0].Key.Texts[0].Pattern != "corrected" || versions[1].Key.Revision != 2 || versions[1].Question.Stem.Source != "問題 1" {
		w.Errorf("versions %+v", versions)
	}
	q, err := w.Question(w.ctx, identity)
	w.must(err)
	if q.Category != "moved" || q.Revision != 2 || q.Version != versions[0].Version {
		w.Errorf("stored %+v", q)
	}
	w.history(identity, store.QuestionKeyed, store.QuestionDetailed, store.QuestionEdited)
	if events, err := w.QuestionEvents(w.ctx, identity, 1); err != nil || events[0].Note != "clearer" || events[0].Revision != 2 {
		w.Errorf("events %+v: %v", events, err)
	}
}

func questionMoved(w *world) {
	_, identity := w.banked()
	seen := w.edits(identity, func(e *store.QuestionEdit) { e.Question.Question.Stem.Source = "mine" })
	w.must(w.revise(w.edits(identity, func(e *store.QuestionEdit) { e.Question.Number = "theirs" })))
	w.is(w.revise(seen), store.ErrMoved)
	w.is(w.By(w.act(store.ActReviewQuestion, nil)).MarkQuestion(w.ctx, store.QuestionMark{
		Identity: identity, Base: seen.Base, Event: uuid.NewString(), Kind: store.QuestionRetired, Editor: "cleo",
	}), store.ErrMoved)
	same := seen
	same.Question = w.edits(identity, func(*store.QuestionEdit) {}).Question
	w.must(w.revise(same)) // what is stored is stored, whatever was seen
	w.history(identity, store.QuestionDetailed)
	seen.Identity = uuid.NewString()
	w.is(w.revise(seen), store.ErrNotFound)
}

func questionRaced(w *world) {
	_, identity := w.banked()
	var (
		stored, moved int
		mu            sync.Mutex
		all           sync.WaitGroup
	)
	base := w.edits(identity, func(*store.QuestionEdit) {})
	for range 8 {
		all.Go(func() {
			e := base
			e.Event, e.Question.Question.Stem.Source = uuid.NewString(), name("stem")
			err := w.revise(e)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				stored++
			case errors.Is(err, store.ErrMoved):
				moved++
			default:
				w.Error(err)
			}
		})
	}
	all.Wait()
	if stored != 1 || moved != 7 {
		w.Errorf("%d stored, %d moved", stored, moved)
	}
}

func questionSentAgain(w *world) {
	_, identity := w.banked()
	e := w.edits(identity, func(e *store.QuestionEdit) { e.Question.Number = "1 a" })
	w.must(w.revise(e))
	w.must(w.revise(e))
	w.must(w.revise(w.edits(identity, func(e *store.QuestionEdit) { e.Question.Number = "1 b" })))
	w.is(w.revise(e), store.ErrMoved) // it is not what is stored any more
	act := w.act(store.ActReviewQuestion, nil)
	m := store.QuestionMark{Identity: identity, Event: uuid.NewString(), Kind: store.QuestionCommented, Note: "?", Editor: "cleo"}
	w.must(w.By(act).MarkQuestion(w.ctx, m))
	w.must(w.By(act).MarkQuestion(w.ctx, m))
	w.history(identity, store.QuestionDetailed, store.QuestionDetailed, store.QuestionCommented)
	if n := len(w.recorded(act)); n != 1 {
		w.Errorf("%d entries of the audit log", n)
	}
}

// Back in the browser, a form that was stored can be sent with more in it: it is not said to be stored.
func questionSentChanged(w *world) {
	_, identity := w.banked()
	e := w.edits(identity, func(e *store.QuestionEdit) { e.Question.Question.Stem.Source, e.Note = "first", "why" })
	w.must(w.revise(e))
	created := store.QuestionEdit{
		Identity: uuid.NewString(), Event: uuid.NewString(), Set: name("set"), Question: shortText(1)[0], State: store.QuestionDraft, Editor: "cleo",
	}
	w.must(w.revise(created))
	for i, e := range []store.QuestionEdit{e, created} {
		for what, change := range map[string]func(*store.QuestionEdit){
			"content": func(e *store.QuestionEdit) { e.Question.Question.Stem.Source = "second" },
			"key": func(e *store.QuestionEdit) {
				e.Question.Key.Texts = []exam.TextKey{{Pattern: "second", Weight: exam.FullCredit}}
			},
			"details": func(e *store.QuestionEdit) { e.Question.Category = "second" },
			"note":    func(e *store.QuestionEdit) { e.Note = "second" },
			"state":   func(e *store.QuestionEdit) { e.State = store.QuestionInReview },
		} {
			other := e
			if change(&other); !errors.Is(w.revise(other), store.ErrMoved) {
				w.Errorf("%d: another %s was said to be stored", i, what)
			}
		}
		w.must(w.revise(e))
	}
	state := w.edits(identity, func(e *store.QuestionEdit) { e.State, e.Note = store.QuestionInReview, "ready" })
	w.must(w.revise(state))
	w.must(w.revise(state))
	w.history(identity, store.QuestionEdited, "in_review")
	if events, err := w.QuestionEvents(w.ctx, identity, 1); err != nil || events[0].Note != "ready" {
		w.Errorf("the note is %+v: %v", events, err)
	}
	m := store.QuestionMark{Identity: identity, Event: uuid.NewString(), Kind: store.QuestionCommented, Note: "?", Editor: "cleo"}
	w.must(w.By(w.act(store.ActReviewQuestion, nil)).MarkQuestion(w.ctx, m))
	m.Note = "!"
	w.is(w.By(w.act(store.ActReviewQuestion, nil)).MarkQuestion(w.ctx, m), store.ErrMoved)
}

// mark marks a question as its author sees it.
func (w *world) mark(identity string, kind store.QuestionEventKind) {
	w.Helper()
	q, err := w.Question(w.ctx, identity)
	w.must(err)
	w.must(w.By(w.act(store.ActReviewQuestion, nil)).MarkQuestion(w.ctx, store.QuestionMark{
		Identity: identity, Base: q.Edition, Event: uuid.NewString(), Kind: kind, Editor: "cleo",
	}))
}

func questionMarked(w *world) {
	set, identity := w.banked()
	for _, tt := range []struct {
		kind    store.QuestionEventKind
		drawn   int
		left    store.LeftOut
		summary store.SetSummary
	}{
		{store.QuestionRetired, 0, store.LeftOut{Retired: 1}, store.SetSummary{Retired: 1}},
		{store.QuestionRestored, 1, store.LeftOut{}, store.SetSummary{Questions: 1}},
		{"in_review", 0, store.LeftOut{Unapproved: 1}, store.SetSummary{Drafts: 1}},
		{"draft", 0, store.LeftOut{Unapproved: 1}, store.SetSummary{Drafts: 1}},
		{"approved", 1, store.LeftOut{}, store.SetSummary{Questions: 1}},
	} {
		w.mark(identity, tt.kind)
		left, err := w.LeftOut(w.ctx, exam.Source{Set: set})
		w.must(err)
		sets, err := w.Sets(w.ctx)
		w.must(err)
		i := slices.IndexFunc(sets, func(s store.SetSummary) bool { return s.Name == set })
		sets[i].Name, sets[i].Loaded = "", 0
		facets, err := w.SetFacets(w.ctx, set)
		w.must(err)
		given := 0
		w.must(w.EachQuestion(w.ctx, set, func(store.LoadedQuestion) error { given++; return nil }))
		if n := len(w.pool(set)); n != tt.drawn || left != tt.left || sets[i] != tt.summary || len(facets.Types) != tt.drawn || given != tt.drawn {
			w.Errorf("%s: %d drawn, %d given, left %+v, %+v, facets %+v", tt.kind, n, given, left, sets[i], facets)
		}
	}
}

func questionLoadedOver(w *world) {
	for what, change := range map[string]func(*store.QuestionEdit){
		"content": func(e *store.QuestionEdit) { e.Question.Question.Stem.Source = "mine" },
		"key":     func(e *store.QuestionEdit) { e.Question.Key.Texts[0].Pattern = "mine" },
		"remark":  func(e *store.QuestionEdit) { e.Question.Feedback.Explanation.Source = "mine" },
		"details": func(e *store.QuestionEdit) { e.Question.Category = "mine" },
		"state":   func(e *store.QuestionEdit) { e.State = store.QuestionDraft },
	} {
		set, identity := w.banked()
		loaded, err := w.Question(w.ctx, identity)
		w.must(err)
		w.must(w.revise(w.edits(identity, change)))
		before, err := w.Question(w.ctx, identity)
		w.must(err)
		kept := store.LoadResult{Edited: 1, EditedList: []string{"No. 1"}}
		if plan, err := w.PlanQuestions(w.ctx, store.LoadOf(set, shortText(1))); err != nil || !reflect.DeepEqual(plan.LoadResult, kept) {
			w.Errorf("%s: the plan is %+v: %v", what, plan, err)
		}
		w.load(set, shortText(1), kept)
		w.load(set, shortText(1), kept)
		if after, err := w.Question(w.ctx, identity); err != nil || !reflect.DeepEqual(after, before) {
			w.Errorf("%s: after the load %+v, want %+v: %v", what, after, before, err)
		}
		replacing := store.LoadOf(set, shortText(1))
		replacing.Choice.ReplaceAll = true
		result, err := w.By(w.act(store.ActLoadQuestions, nil)).LoadQuestions(w.ctx, replacing)
		if err != nil || !reflect.DeepEqual(result, store.LoadResult{Changed: 1}) {
			w.Errorf("%s: replaced %+v: %v", what, result, err)
		}
		after, err := w.Question(w.ctx, identity)
		w.must(err)
		if after.State != store.QuestionApproved || after.Category != loaded.Category || after.Edition != before.Edition+1 ||
			!reflect.DeepEqual(after.Question, loaded.Question) || !reflect.DeepEqual(after.Key, loaded.Key) ||
			!reflect.DeepEqual(after.Feedback, loaded.Feedback) {
			w.Errorf("%s: replaced by %+v, want %+v", what, after, loaded)
		}
		if versions, err := w.QuestionVersions(w.ctx, identity, 9); err != nil || what == "key" &&
			(len(versions) != 2 || versions[1].Key.Texts[0].Pattern != "mine") {
			w.Errorf("%s: versions %+v: %v", what, versions, err)
		}
		w.load(set, shortText(1), store.LoadResult{Unchanged: 1})
	}
}

func statesFiltered(w *world) {
	set := w.varied()
	for i, kind := range []store.QuestionEventKind{"draft", "in_review", store.QuestionRetired} {
		list, _, err := w.SetQuestions(w.ctx, store.SetQuery{Set: set, Limit: 9})
		w.must(err)
		w.mark(list[i].Identity, kind)
	}
	all := []string{"No. 1", "No. 2", "No. 3", "No. 4", "No. 5", "No. 6"}
	for _, tt := range []struct {
		q    store.SetQuery
		want []string
	}{
		{store.SetQuery{State: store.QuestionDraft}, all[:1]},
		{store.SetQuery{State: store.QuestionInReview}, all[1:2]},
		{store.SetQuery{State: store.QuestionApproved}, all[3:]},
		{store.SetQuery{Retired: true}, all[2:3]},
		{store.SetQuery{State: store.QuestionApproved, Search: "shared"}, all[4:5]},
	} {
		tt.q.Set = set
		if got := w.numbers(tt.q); !slices.Equal(got, tt.want) {
			w.Errorf("%+v: %v, want %v", tt.q, got, tt.want)
		}
	}
}
