package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

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

// varied is a set whose questions differ in whatever they are found by.
func (w *world) varied() string {
	set, questions := name("set"), shortText(6)
	q := &questions[1].Question
	q.Type, q.Title = exam.Matching, "Ｔitle"
	q.Options = []exam.Option{{ID: "o", Text: exam.Text{Source: "100% sure"}}}
	q.Prompts = []exam.Prompt{{ID: "p", Text: exam.Text{Source: `back\slash`}, Options: []exam.Option{{Text: exam.Text{Source: "Äpfel"}}}}}
	questions[2].Question.Stem.Source = `a < b & "c"`
	questions[3].Tags = []string{"ｶﾃｺﾞﾘ"}
	questions[4].Question.Group, questions[4].Question.Stimulus = "g", exam.Text{Source: "A shared passage"}
	w.load(set, questions, store.LoadResult{New: 6})
	return set
}

func setFiltered(w *world) {
	set := w.varied()
	w.load(name("set"), shortText(3), store.LoadResult{New: 3})
	all := []string{"No. 1", "No. 2", "No. 3", "No. 4", "No. 5", "No. 6"}
	for _, tt := range []struct {
		name string
		q    store.SetQuery
		want []string
	}{
		{"nothing", store.SetQuery{}, all},
		{"a page", store.SetQuery{Offset: 2, Limit: 3}, all[2:5]},
		{"beyond the end", store.SetQuery{Offset: 6}, nil},
		{"category", store.SetQuery{Category: "c1"}, []string{all[1], all[4]}},
		{"year", store.SetQuery{Year: 2020}, []string{all[1], all[3], all[5]}},
		{"type", store.SetQuery{Type: exam.Matching}, all[1:2]},
		{"everything at once", store.SetQuery{Category: "c1", Year: 2020, Type: exam.Matching, Search: "sure"}, all[1:2]},
		{"number", store.SetQuery{Search: "no. 4"}, all[3:4]},
		{"a page of a search", store.SetQuery{Search: "no.", Offset: 2, Limit: 3}, all[2:5]},
		{"searched category", store.SetQuery{Search: "C2"}, []string{all[2], all[5]}},
		{"tag in another width", store.SetQuery{Search: "カテゴリ"}, all[3:4]},
		{"tag", store.SetQuery{Tag: "ｶﾃｺﾞﾘ"}, all[3:4]},
		{"part of a tag", store.SetQuery{Tag: "ｶﾃ"}, nil},
		{"tag and text", store.SetQuery{Tag: "ｶﾃｺﾞﾘ", Search: "問題 5"}, nil},
		{"stem", store.SetQuery{Search: "問題 5"}, all[4:5]},
		{"signs that JSON escapes", store.SetQuery{Search: `a < b & "C"`}, all[2:3]},
		{"title", store.SetQuery{Search: "title"}, all[1:2]},
		{"passage", store.SetQuery{Search: "SHARED PASSAGE"}, all[4:5]},
		{"option", store.SetQuery{Search: "100% SURE"}, all[1:2]},
		{"prompt", store.SetQuery{Search: `BACK\`}, all[1:2]},
		{"gap's option in other letters", store.SetQuery{Search: "äPFEL"}, all[1:2]},
		{"a wildcard is a letter", store.SetQuery{Search: "No_ 1"}, nil},
		{"words of the stored form", store.SetQuery{Search: "source"}, nil},
		{"key and explanation", store.SetQuery{Search: "right 1"}, nil},
	} {
		tt.q.Set = set
		if got := w.numbers(tt.q); !slices.Equal(got, tt.want) {
			w.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func allSetsFiltered(w *world) {
	tag := name("tag")
	var want []string
	for range 2 {
		set, questions := name("set"), shortText(3)
		questions[2].Tags = []string{"other", tag}
		w.load(set, questions, store.LoadResult{New: 3})
		want = append(want, set)
	}
	slices.Sort(want)
	for at, set := range want {
		list, total, err := w.SetQuestions(w.ctx, store.SetQuery{Tag: tag, Search: "問題", Offset: at, Limit: 1})
		w.must(err)
		if total != 2 || len(list) != 1 || list[0].Set != set || list[0].Number != "No. 3" {
			w.Errorf("%d: %+v of %d, want one of %s", at, list, total, set)
		}
	}
}

// wordsFound compares every part of some texts, as far as it begins with a word, with what the index says.
func wordsFound(w *world) {
	set, questions := name("set"), shortText(5)
	texts := []string{"単純梁の曲げモーメントを求めよ。", "Wood-based panels (ﾌﾟﾗｲｳｯﾄﾞ) in 2019年", "Café Straße Привет мир", "高炉セメント、𠮷野家 10 kN/m² and x", "∴ ⊥ ∠?"}
	for i, text := range texts {
		questions[i].Question.Stem.Source = text
	}
	questions[4].Number, questions[4].Category, questions[4].Tags = "*", "", nil // no letter, so no word
	w.load(set, questions, store.LoadResult{New: len(questions)})
	for _, tt := range []struct {
		search string
		want   int // number of the question, 0: none
	}{
		{"梁", 1}, {"単純", 1}, {"純梁", 1}, {"曲げモーメント", 1}, {"モーメ", 1}, {"めよ", 1}, {"よ。", 1}, {"梁曲げ", 0}, {"単純梁の曲げモーメントを求めよ。", 1},
		{"プライウッド", 2}, {"ﾌﾟﾗｲ", 2}, {"ウッド)", 2}, {"2019", 2}, {"2019年", 2}, {"201", 2}, {"19年", 0}, {"年", 2}, {"wood-b", 2}, {"WOOD", 2}, {"anels", 0},
		{"ｐａｎｅｌｓ", 2}, {"panels in", 2}, {"in panels", 2}, {"panels wood", 2}, {"panels out", 0}, {"pan", 2}, {"pa", 0}, {"梁　単純", 1}, {"梁 年", 0}, {"panel (", 0}, {"CAFÉ", 3}, {"caf", 3}, {"straße", 3}, {"прив", 3}, {"привет м", 3}, {"𠮷", 4}, {"𠮷野", 4}, {"吉野", 0},
		{"10 kn", 4}, {"kN/m2", 4}, {"and x", 4}, {"セメント、", 4}, {"メント、𠮷", 4}, {"()", 0}, {"(", 2}, {"⊥ ∠", 5}, {"∥", 0},
	} {
		var want []string
		if tt.want > 0 {
			want = []string{questions[tt.want-1].Number}
		}
		if got := w.numbers(store.SetQuery{Set: set, Search: tt.search}); !slices.Equal(got, want) {
			w.Errorf("%q: %v, want %v", tt.search, got, want)
		}
	}
}

func searchFollows(w *world) {
	set, questions := name("set"), shortText(2)
	w.load(set, questions, store.LoadResult{New: 2})
	finds := func(q store.SetQuery, want ...string) {
		w.Helper()
		q.Set = set
		if got := w.numbers(q); !slices.Equal(got, want) {
			w.Errorf("%+v: %v, want %v", q, got, want)
		}
	}
	questions[0].Question.Stem.Source, questions[0].ContentHash = "鉄筋", "changed"
	questions[1].Tags, questions[1].Category = []string{"新しい札"}, "鋼構造"
	w.load(set, questions, store.LoadResult{Changed: 2})
	finds(store.SetQuery{Search: "鉄筋"}, questions[0].Number)
	finds(store.SetQuery{Search: "問題 1"})
	finds(store.SetQuery{Search: "鋼構"}, questions[1].Number)
	finds(store.SetQuery{Tag: "新しい札"}, questions[1].Number)
	list, _, err := w.SetQuestions(w.ctx, store.SetQuery{Set: set, Limit: 1})
	w.must(err)
	edit := store.QuestionEdit{
		Identity: list[0].Identity, Base: list[0].Edition, KeyBase: list[0].Key.Revision, Event: uuid.NewString(), Question: questions[0],
		State: store.QuestionDraft, Editor: "e",
	}
	edit.Question.Question.Stem.Source, edit.Question.Question.Type = "木造", exam.Essay
	w.must(w.By(w.act(store.ActEditQuestion, nil)).ReviseQuestion(w.ctx, edit))
	finds(store.SetQuery{Search: "鉄筋"})
	finds(store.SetQuery{Search: "木造"}, questions[0].Number)
	finds(store.SetQuery{Search: "木造", Type: exam.Essay, State: store.QuestionDraft}, questions[0].Number)
	finds(store.SetQuery{Type: exam.Essay}, questions[0].Number)
	edit.Identity, edit.Base, edit.Event, edit.Set, edit.Question.Number = uuid.NewString(), 0, uuid.NewString(), set, "new"
	edit.Question.Question.Stem.Source = "煉瓦"
	w.must(w.By(w.act(store.ActEditQuestion, nil)).ReviseQuestion(w.ctx, edit))
	finds(store.SetQuery{Search: "煉瓦", Type: exam.Essay}, "new")
}

// olderIndexed takes the words away, as if a program without search had stored the questions.
func olderIndexed(w *world) {
	set, questions := name("set"), shortText(3)
	questions[1].Question.Stem.Source = "鉄骨の家"
	w.load(set, questions, store.LoadResult{New: 3})
	for _, sql := range []string{
		`UPDATE question_words SET revision = 0, facets = '', words = '' WHERE question_id IN (SELECT id FROM questions WHERE set_name = $1)`,
		`UPDATE questions SET kind = '' WHERE set_name = $1`,
	} {
		w.must(w.Exec(w.ctx, sql, set))
	}
	if got := w.numbers(store.SetQuery{Set: set, Search: "鉄骨の"}); got != nil {
		w.Fatalf("found without words: %v", got)
	}
	for range 100 {
		_, err := w.Clean(w.ctx)
		w.must(err)
		if slices.Equal(w.numbers(store.SetQuery{Set: set, Search: "鉄骨の", Type: exam.ShortText}), []string{questions[1].Number}) {
			return
		}
	}
	w.Error("not found after cleaning")
}

func searchBounded(w *world) {
	set, questions := name("set"), shortText(store.MaxFound+5)
	var told []int
	_, err := w.PutQuestions(store.WithProgress(w.ctx, func(n int) { told = append(told, n) }), set, questions)
	w.must(err)
	if !slices.Equal(told, []int{0, 500}) {
		w.Errorf("progress %v", told)
	}
	var total int
	_, total, err = w.SetQuestions(w.ctx, store.SetQuery{Set: set, Search: "問題", Limit: 5})
	w.must(err)
	last, _, err := w.SetQuestions(w.ctx, store.SetQuery{Set: set, Search: "問題", Offset: store.MaxFound - 2, Limit: 5})
	w.must(err)
	if total != store.MaxFound || len(last) != 2 {
		w.Errorf("found %d, %d on the last page", total, len(last))
	}
	if _, total, err = w.SetQuestions(w.ctx, store.SetQuery{Set: set, Limit: 5}); err != nil || total != len(questions) {
		w.Errorf("the set has %d, %v", total, err)
	}
}

func facetsRead(w *world) {
	set := w.varied()
	w.must(w.Exec(w.ctx, `UPDATE questions SET category = '', year = 0 WHERE set_name = $1 AND place = 3`, set))
	w.must(w.Exec(w.ctx, `UPDATE questions SET retired = TRUE WHERE set_name = $1 AND place = 6`, set))
	got, err := w.SetFacets(w.ctx, set)
	w.must(err)
	want := store.SetFacets{Categories: []string{"c0", "c1"}, Years: []int{2019, 2020},
		Tags: []string{"t", "ｶﾃｺﾞﾘ"}, Types: []exam.QuestionType{exam.ShortText, exam.Matching},
		InCategory: map[string]int{"c0": 2, "c1": 2}, InYear: map[int]int{2019: 2, 2020: 2}, WithTag: map[string]int{"t": 4, "ｶﾃｺﾞﾘ": 1}}
	if !reflect.DeepEqual(got, want) {
		w.Errorf("facets %+v, want %+v", got, want)
	}
	got, err = w.SetFacets(w.ctx, name("none"))
	if err != nil || len(got.Categories)+len(got.Years)+len(got.Tags)+len(got.Types) != 0 {
		w.Errorf("facets of no set: %+v, %v", got, err)
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

func uploadKept(w *world) {
	owner, other := w.newUser(), w.newUser()
	up := store.Upload{ID: uuid.NewString(), Owner: owner.ID, Kind: store.UploadRoster, Name: "名簿.csv",
		Data: bytes.Repeat([]byte("\x00\xffline\n"), 10_000)}
	empty := store.Upload{ID: uuid.NewString(), Owner: owner.ID, Kind: store.UploadQuestions}
	w.must(w.PutUpload(w.ctx, up))
	w.must(w.PutUpload(w.ctx, empty))
	got, err := w.Upload(w.ctx, up.ID, owner.ID)
	w.must(err)
	up.Created = got.Created
	if !reflect.DeepEqual(got, up) || got.Created == 0 {
		w.Errorf("read %s %q, %d bytes at %d", got.Kind, got.Name, len(got.Data), got.Created)
	}
	if got, err := w.Upload(w.ctx, empty.ID, owner.ID); err != nil || len(got.Data) != 0 {
		w.Errorf("the empty file has %d bytes, %v", len(got.Data), err)
	}
	w.is(w.PutUpload(w.ctx, up), store.ErrExists)
	w.is(w.PutUpload(w.ctx, store.Upload{ID: uuid.NewString(), Owner: uuid.NewString()}), store.ErrNotFound)
	for _, who := range []string{other.ID, "", "no id"} {
		_, err := w.Upload(w.ctx, up.ID, who)
		w.is(err, store.ErrNotFound)
		w.must(w.DropUpload(w.ctx, up.ID, who))
	}
	for range 2 {
		w.must(w.DropUpload(w.ctx, strings.ToUpper(up.ID), owner.ID))
		_, err = w.Upload(w.ctx, up.ID, owner.ID)
		w.is(err, store.ErrNotFound)
	}
	w.must(w.Exec(w.ctx, `UPDATE uploads SET created = $2 WHERE id = $1`, empty.ID, int64(ago(1))))
	_, err = w.Upload(w.ctx, empty.ID, owner.ID)
	w.is(err, store.ErrNotFound)
}

func uploadsTrimmed(w *world) {
	const uploads = 8
	owner, other := w.newUser().ID, w.newUser().ID
	kept, slips := uuid.NewString(), uuid.NewString()
	var day []string // the slips of a day on which many rosters are imported
	w.must(w.PutUpload(w.ctx, store.Upload{ID: kept, Owner: other}))
	w.must(w.PutUpload(w.ctx, store.Upload{ID: slips, Owner: owner, Kind: store.UploadSlips}))
	for range 2 * store.MaxUploads {
		id := uuid.NewString()
		w.must(w.PutUpload(w.ctx, store.Upload{ID: id, Owner: owner, Kind: store.UploadSlips}))
		day = append(day, id)
	}
	ids := together(w, uploads, func(i int) (string, error) {
		id := uuid.NewString()
		return id, w.PutUpload(w.ctx, store.Upload{ID: id, Owner: owner, Name: fmt.Sprint(i)})
	})
	last := uuid.NewString()
	w.must(w.PutUpload(w.ctx, store.Upload{ID: last, Owner: owner}))
	left := 0
	for _, id := range append(ids, last) {
		if _, err := w.Upload(w.ctx, id, owner); err == nil {
			left++
		}
	}
	if left != store.MaxUploads {
		w.Errorf("%d of %d uploads are left, want %d", left, uploads+1, store.MaxUploads)
	}
	for id, who := range map[string]string{last: owner, kept: other, slips: owner, day[0]: owner} {
		if _, err := w.Upload(w.ctx, id, who); err != nil {
			w.Errorf("an upload of a kind of which few are there, of %s: %v", who, err)
		}
	}
}
