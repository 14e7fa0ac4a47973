package storetest

import (
	"reflect"

	"shiken/exam"
	"shiken/store"
)

var deskTests = map[string]func(*world){
	"exams are listed with their attempts and releases":  examsSummed,
	"a definition is read with its revision":             revisionRead,
	"sets are listed with their questions":               setsListed,
	"questions of a set are read as they were loaded":    setRead,
	"questions of a set are filtered and searched":       setFiltered,
	"Japanese and foreign words are found":               wordsFound,
	"what is found follows loads and edits":              searchFollows,
	"questions of an older program are indexed":          olderIndexed,
	"a search finds so many and no more":                 searchBounded,
	"questions of all sets are filtered":                 allSetsFiltered,
	"a set shows what its questions can be chosen by":    facetsRead,
	"questions of all sets show what they are found by":  anyFacetsRead,
	"a plan says what loading does, and writes nothing":  planIsLoad,
	"questions come one by one, as announced":            loadedOneByOne,
	"a set is given back whole":                          setGivenBack,
	"an upload is its owner's and is kept until dropped": uploadKept,
	"the newest uploads of an owner are kept":            uploadsTrimmed,
}

// summary finds an exam in the list.
func (w *world) summary(slug string) store.ExamSummary {
	w.Helper()
	list, now, err := w.ExamSummaries(w.ctx)
	w.must(err)
	for _, x := range list {
		if x.Definition.Slug != slug {
			continue
		}
		if x.Saved <= 0 || x.Saved > now {
			w.Errorf("saved at %d, now %d", x.Saved, now)
		}
		return x
	}
	w.Fatalf("%s is not among %d exams", slug, len(list))
	return store.ExamSummary{}
}

func examsSummed(w *world) {
	d := w.newExam(1)
	wants := func(open, closed, voided int, r exam.ReleaseState) {
		w.Helper()
		got := w.summary(d.Slug)
		want := store.ExamSummary{Revised: store.Revised{Definition: d, Revision: 1, Saved: got.Saved},
			Open: open, Closed: closed, Voided: voided, Released: r}
		if string(exam.Canonical(got)) != string(exam.Canonical(want)) {
			w.Errorf("read %+v, want %+v", got, want)
		}
	}
	wants(0, 0, 0, exam.ReleaseState{})
	sittings := []*sitting{w.sit(d), w.sit(d), w.sit(d), w.sit(d)}
	sittings[0].wants(sittings[0].submit(), exam.Applied)
	sittings[1].wants(by(exam.Admin, exam.Void), exam.Applied)
	sittings[2].wants(by(exam.Admin, exam.Pause), exam.Applied)
	w.must(w.By(w.act(store.ActReleaseResults, nil)).SetReleased(w.ctx, d.Slug, store.ByHand{Score: 5}))
	wants(2, 1, 1, exam.ReleaseState{OpenAttempts: true, Score: 5})
}

func revisionRead(w *world) {
	d := w.newExam(1)
	first, err := w.Revised(w.ctx, d.Slug)
	w.must(err)
	d.Attempts = 9
	revision, err := w.By(w.act(store.ActSaveExam, nil)).ReviseDefinition(w.ctx, d, first.Revision)
	w.must(err)
	second, err := w.Revised(w.ctx, d.Slug)
	w.must(err)
	want := store.Revised{Definition: d, Revision: 2, Saved: second.Saved}
	if revision != 2 || string(exam.Canonical(second)) != string(exam.Canonical(want)) || second.Saved < first.Saved {
		w.Errorf("revision %d: read %+v after %+v", revision, second, first)
	}
	_, err = w.Revised(w.ctx, "no-such-exam")
	w.is(err, store.ErrNotFound)
}

func setsListed(w *world) {
	full, empty := name("set"), name("set")
	w.load(full, shortText(5), store.LoadResult{New: 5})
	w.load(empty, nil, store.LoadResult{})
	w.must(w.Exec(w.ctx, `UPDATE questions SET retired = TRUE WHERE set_name = $1 AND place <= 2`, full))
	list, err := w.Sets(w.ctx)
	w.must(err)
	found := map[string]store.SetSummary{}
	for _, s := range list {
		if s.Loaded == 0 {
			w.Errorf("%s was never loaded", s.Name)
		}
		s.Loaded = 0
		found[s.Name] = s
	}
	if found[full] != (store.SetSummary{Name: full, Questions: 3, Retired: 2}) || found[empty] != (store.SetSummary{Name: empty}) {
		w.Errorf("sets %+v", list)
	}
}

// numbers lists those of the questions that a query gives.
func (w *world) numbers(q store.SetQuery) []string {
	w.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	list, total, err := w.SetQuestions(w.ctx, q)
	w.must(err)
	var numbers []string
	for i := range list {
		numbers = append(numbers, list[i].Number)
	}
	if len(numbers) > q.Limit || q.Offset == 0 && len(numbers) != min(total, q.Limit) {
		w.Errorf("%d questions of %d", len(numbers), total)
	}
	return numbers
}

func setRead(w *world) {
	set, questions := name("set"), shortText(60)
	w.load(set, questions, store.LoadResult{New: 60})
	questions[3].Question.Stem.Source, questions[3].ContentHash = "corrected", "c"
	questions[3].Reference, questions[3].Difficulty, questions[3].Tags = "p. 3", "hard", []string{"a b", "漢字"}
	w.load(set, questions, store.LoadResult{Changed: 1, Unchanged: 59})
	pool := w.pool(set)
	list, total, err := w.SetQuestions(w.ctx, store.SetQuery{Set: set, Limit: 60})
	w.must(err)
	if total != 60 || len(list) != 60 {
		w.Fatalf("%d questions of %d", len(list), total)
	}
	for i, q := range questions {
		want := store.StoredQuestion{
			Identity: pool[i].Identity, Version: pool[i].Version, Revision: 1, Number: q.Number, Category: q.Category,
			Year: q.Year, Reference: q.Reference, Difficulty: q.Difficulty, Tags: q.Tags, Question: q.Question,
			Key: q.Key, Feedback: q.Feedback, Set: set, State: store.QuestionApproved, Edition: 1,
		}
		want.Key.Revision = 1
		if i == 3 {
			want.Revision, want.Edition = 2, 2
		}
		if !reflect.DeepEqual(list[i], want) {
			w.Errorf("question %d: read %+v, want %+v", i+1, list[i], want)
		}
	}
	_, _, err = w.SetQuestions(w.ctx, store.SetQuery{Set: name("none"), Limit: 1})
	w.is(err, store.ErrNotFound)
}
