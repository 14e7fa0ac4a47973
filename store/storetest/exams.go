package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var examTests = map[string]func(*world){
	"a definition is read as it was written, the latest": definitionsRoundTrip,
	"loading a file again makes no duplicates":           reloadKeepsIdentity,
	"questions that a file lacks are listed":             absentListed,
	"a changed question becomes a new version":           changedIsNewVersion,
	"content keeps its identity under another key":       movedKeepsIdentity,
	"equal contents keep their identities in order":      equalsKeepOrder,
	"a key is taken over from a question that is gone":   keyTakenOver,
	"a file that names a key twice loads nothing":        keyTwice,
	"loads of one set at once come after each other":     loadsInTurn,
	"pools follow the set's order and the filters":       poolsFiltered,
	"contents and keys are read as they were written":    contentsRoundTrip,
	"release depends on open attempts":                   releaseState,
	"release states of several exams are read at once":   releaseStates,
	"an archived exam is begun by nobody, and stays":     archivedIsClosed,
	"an exam is archived once":                           archivedOnce,
}

func definitionsRoundTrip(w *world) {
	d := w.newExam(1, func(d *exam.Definition) {
		d.Rules.Window = exam.Window{Open: 1, LastStart: 2, Close: 3}
		d.Sections[0].From.Category, d.Sections[0].From.Year = []string{"構造"}, []int{2019}
	})
	got, err := w.Definition(w.ctx, d.Slug)
	w.must(err)
	if string(exam.Canonical(got)) != string(exam.Canonical(d)) {
		w.Errorf("read %+v, wrote %+v", got, d)
	}
	together(w, 6, func(i int) (int, error) {
		own := d
		own.Attempts = i + 1
		return 0, w.PutDefinition(w.ctx, own)
	})
	d.Attempts = 7
	w.must(w.PutDefinition(w.ctx, d))
	w.must(w.PutDefinition(w.ctx, d))
	got, err = w.Definition(w.ctx, d.Slug)
	w.must(err)
	if got.Attempts != 7 {
		w.Errorf("attempts %d, want those of the latest", got.Attempts)
	}
	list, err := w.Definitions(w.ctx)
	w.must(err)
	n := 0
	for _, l := range list {
		if l.Slug == d.Slug {
			n++
		}
	}
	if n != 1 {
		w.Errorf("the exam is listed %d times", n)
	}
	_, err = w.Definition(w.ctx, "no-such-exam")
	w.is(err, store.ErrNotFound)
}

// load puts questions and wants counts.
func (w *world) load(set string, questions []store.LoadedQuestion, want store.LoadResult) {
	w.Helper()
	got, err := w.PutQuestions(w.ctx, set, questions)
	w.must(err)
	if !reflect.DeepEqual(got, want) {
		w.Errorf("loaded %+v, want %+v", got, want)
	}
}

// pool reads a whole set.
func (w *world) pool(set string) []exam.PoolQuestion {
	w.Helper()
	pools, err := w.LoadPools(w.ctx, &exam.Definition{Sections: []exam.SectionDefinition{{From: exam.Source{Set: set}}}})
	w.must(err)
	return pools[0]
}

func identities(pool []exam.PoolQuestion) []string {
	var list []string
	for _, q := range pool {
		list = append(list, q.Identity)
	}
	return list
}

func reloadKeepsIdentity(w *world) {
	set, questions := name("set"), shortText(5)
	w.load(set, questions, store.LoadResult{New: 5})
	before := w.pool(set)
	w.load(set, questions, store.LoadResult{Unchanged: 5})
	questions[2].Category = "moved to another category"
	w.load(set, questions, store.LoadResult{Changed: 1, Unchanged: 4})
	after := w.pool(set)
	for i := range before {
		if before[i].Version != after[i].Version || before[i].Identity != after[i].Identity {
			w.Errorf("question %d: %v became %v", i+1, before[i], after[i])
		}
	}
	w.load(set, questions[:3], store.LoadResult{Unchanged: 3, Absent: 2, AbsentList: []string{"No. 4", "No. 5"}})
	if got := w.pool(set); len(got) != 5 {
		w.Errorf("%d questions left of 5", len(got))
	}
}

// absentListed names what a file lacks by number or key, and not without end.
func absentListed(w *world) {
	const n = store.MaxAbsentListed + 5
	set, questions := name("set"), shortText(n)
	for i := range questions {
		if questions[i].Number = ""; i%2 == 0 {
			questions[i].Number = fmt.Sprintf("Q%d", i)
		}
		questions[i].SourceKey = fmt.Sprintf("key %d", i)
	}
	w.load(set, questions, store.LoadResult{New: n})
	want := store.LoadResult{Unchanged: 1, Absent: n - 1}
	for i := 1; i <= store.MaxAbsentListed; i++ {
		want.AbsentList = append(want.AbsentList, cmp.Or(questions[i].Number, questions[i].SourceKey))
	}
	w.load(set, questions[:1], want)
}

func changedIsNewVersion(w *world) {
	set, questions := name("set"), shortText(3)
	w.load(set, questions, store.LoadResult{New: 3})
	before := w.pool(set)
	questions[1].Question.Stem.Source, questions[1].ContentHash = "corrected", "c"
	w.load(set, questions, store.LoadResult{Changed: 1, Unchanged: 2})
	after := w.pool(set)
	if len(after) != 3 || after[1].Identity != before[1].Identity || after[1].Version == before[1].Version ||
		after[1].Question.Stem.Source != "corrected" {
		w.Errorf("question 2: %+v became %+v", before[1], after[1])
	}
	old, err := w.Questions(w.ctx, []string{before[1].Version})
	w.must(err)
	if q := old[before[1].Version]; q.Stem.Source != before[1].Question.Stem.Source {
		w.Errorf("the old version shows %q", q.Stem.Source)
	}
}

// movedKeepsIdentity swaps two questions in a file whose keys are places.
func movedKeepsIdentity(w *world) {
	set, questions := name("set"), shortText(3)
	w.load(set, questions, store.LoadResult{New: 3})
	before := identities(w.pool(set))
	questions[0], questions[2] = questions[2], questions[0]
	questions[0].SourceKey, questions[2].SourceKey = "1", "3"
	w.load(set, questions, store.LoadResult{Unchanged: 3})
	after := identities(w.pool(set))
	slices.Reverse(after)
	if !slices.Equal(before, after) {
		w.Errorf("identities %v became %v", before, after)
	}
}

// equalsKeepOrder loads questions of one content under new keys: each time the first takes the
// identity of the first, and so on.
func equalsKeepOrder(w *world) {
	const n = 8
	equal := func(prefix string) []store.LoadedQuestion {
		questions := shortText(n)
		for i := range questions {
			questions[i].SourceKey, questions[i].ContentHash = fmt.Sprint(prefix, i), "the same"
		}
		return questions
	}
	set := name("set")
	w.load(set, equal("a"), store.LoadResult{New: n})
	before := identities(w.pool(set))
	for _, prefix := range []string{"b", "c", "d"} {
		w.load(set, equal(prefix), store.LoadResult{Unchanged: n})
		if after := identities(w.pool(set)); !slices.Equal(before, after) {
			w.Errorf("identities %v became %v", before, after)
		}
	}
}

// keyTakenOver removes the first question of such a file, so that every other moves up.
func keyTakenOver(w *world) {
	set, questions := name("set"), shortText(3)
	w.load(set, questions, store.LoadResult{New: 3})
	before := identities(w.pool(set))
	left := questions[1:]
	left[0].SourceKey, left[1].SourceKey = "1", "2"
	w.load(set, left, store.LoadResult{Unchanged: 2, Absent: 1, AbsentList: []string{"No. 1"}})
	want := []string{before[1], before[2], before[0]}
	if got := identities(w.pool(set)); !slices.Equal(got, want) {
		w.Errorf("identities %v, want %v", got, want)
	}
	w.load(set, left, store.LoadResult{Unchanged: 2, Absent: 1, AbsentList: []string{"No. 1"}})
}

func keyTwice(w *world) {
	set, questions := name("set"), shortText(2)
	questions[1].SourceKey = questions[0].SourceKey
	_, err := w.PutQuestions(w.ctx, set, questions)
	w.is(err, store.ErrExists)
	if n := len(w.pool(set)); n != 0 {
		w.Errorf("%d questions were loaded", n)
	}
}

func loadsInTurn(w *world) {
	set := name("set")
	w.load(set, nil, store.LoadResult{})
	results := together(w, 6, func(int) (store.LoadResult, error) {
		return w.PutQuestions(w.ctx, set, shortText(10))
	})
	made := 0
	for _, r := range results {
		made += r.New
	}
	if n := len(w.pool(set)); n != 10 || made != 10 {
		w.Errorf("%d questions, %d made, want 10", n, made)
	}
}

func poolsFiltered(w *world) {
	set := name("set")
	questions := shortText(6)
	questions[1].Tags, questions[3].Tags = []string{"t", "計算"}, []string{"頻出"}
	w.load(set, questions, store.LoadResult{New: 6})
	d := exam.Definition{Sections: []exam.SectionDefinition{
		{From: exam.Source{Set: set}},
		{From: exam.Source{Set: set, Category: []string{"c0", "c2"}}},
		{From: exam.Source{Set: set, Year: []int{2020}}},
		{From: exam.Source{Set: set, Category: []string{"c1"}, Year: []int{2020}}},
		{From: exam.Source{Set: "no-such-set"}},
		{From: exam.Source{Set: set, Tag: []string{"計算", "頻出"}}},
		{From: exam.Source{Set: set, Tag: []string{"t"}, Year: []int{2020}}},
	}}
	pools, err := w.LoadPools(w.ctx, &d)
	w.must(err)
	want := [][]int{{1, 2, 3, 4, 5, 6}, {1, 3, 4, 6}, {2, 4, 6}, {2}, nil, {2, 4}, {2, 6}}
	for i, pool := range pools {
		var got []string
		for _, q := range pool {
			got = append(got, q.Question.Stem.Source)
		}
		var stems []string
		for _, n := range want[i] {
			stems = append(stems, fmt.Sprintf("問題 %d", n))
		}
		if !slices.Equal(got, stems) {
			w.Errorf("section %d draws from %v, want %v", i+1, got, stems)
		}
	}
}

// contentsRoundTrip asks for more versions than one statement takes.
func contentsRoundTrip(w *world) {
	const n = 120
	set, questions := name("set"), shortText(n)
	questions[7].Question = exam.Question{
		Type: exam.Matching, Title: "組合せ", Stem: exam.Text{Format: exam.HTML, Source: "<p>&amp;</p>"},
		Options: []exam.Option{{ID: "z", Text: exam.Text{Source: "Z"}, Fixed: true}, {ID: "a"}},
		Prompts: []exam.Prompt{{ID: "2"}, {ID: "1", Options: []exam.Option{{ID: "x"}}}},
	}
	questions[7].Key = exam.Key{Pairs: map[string]string{"2": "a", "1": "z"}}
	w.load(set, questions, store.LoadResult{New: n})
	var versions []string
	for _, q := range w.pool(set) {
		versions = append(versions, q.Version)
	}
	asked := append(slices.Clone(versions), uuid.NewString(), "no uuid", "")
	for _, from := range []store.Store{w.Store, w.Again(w.T)} {
		contents, err := from.Questions(w.ctx, asked)
		w.must(err)
		keys, err := from.Keys(w.ctx, asked)
		w.must(err)
		if len(contents) != n || len(keys) != n {
			w.Fatalf("%d contents and %d keys of %d", len(contents), len(keys), n)
		}
		for i, v := range versions {
			want := questions[i].Key
			want.Revision = 1
			if string(exam.Canonical(contents[v])) != string(exam.Canonical(questions[i].Question)) ||
				string(exam.Canonical(keys[v].Key)) != string(exam.Canonical(want)) ||
				string(exam.Canonical(keys[v].Feedback)) != string(exam.Canonical(questions[i].Feedback)) {
				w.Errorf("question %d: %+v %+v", i+1, contents[v], keys[v])
			}
		}
	}
}

func releaseState(w *world) {
	s := w.sit(w.newExam(1))
	want := func(open bool) {
		w.Helper()
		got, err := w.ReleaseState(w.ctx, s.d.Slug)
		w.must(err)
		if got != (exam.ReleaseState{OpenAttempts: open}) {
			w.Errorf("release state %+v, want open attempts: %t", got, open)
		}
	}
	want(true)
	s.wants(s.submit(), exam.Applied)
	want(false)
	_, err := w.ReleaseState(w.ctx, "no-such-exam")
	w.is(err, store.ErrNotFound)
}

// releaseStates reads several at once: the batch says what each alone does.
func releaseStates(w *world) {
	open, closed := w.sit(w.newExam(1)), w.sit(w.newExam(1))
	closed.wants(closed.submit(), exam.Applied)
	released := w.newExam(1).Slug
	w.must(w.Exec(w.ctx, `UPDATE exams SET score_released = 1, answers_released = 2, keys_released = 3 WHERE slug = $1`, released))
	want := map[string]exam.ReleaseState{
		open.d.Slug: {OpenAttempts: true}, closed.d.Slug: {}, released: {Score: 1, Answers: 2, Keys: 3},
	}
	before := w.Statements()
	got, err := w.ReleaseStates(w.ctx, append(slices.Collect(maps.Keys(want)), "no-such-exam"))
	w.must(err)
	if n := w.Statements() - before; n != 1 || !maps.Equal(got, want) {
		w.Errorf("%v in %d statements, want %v in one", got, n, want)
	}
	got, err = w.ReleaseStates(w.ctx, nil)
	w.must(err)
	if len(got) != 0 {
		w.Errorf("states of no exams: %v", got)
	}
}
