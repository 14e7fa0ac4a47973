package storetest

import (
	"reflect"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

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
		{"梁", 1}, {"げ", 1}, {"単純", 1}, {"純梁", 1}, {"曲げモーメント", 1}, {"モーメ", 1}, {"めよ", 1}, {"よ。", 1}, {"梁曲げ", 0}, {"単純梁の曲げモーメントを求めよ。", 1},
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

// olderIndexed takes the words away, as if a program of before had stored the questions.
func olderIndexed(w *world) {
	set, questions := name("set"), shortText(3)
	questions[1].Question.Stem.Source = "鉄骨の家"
	w.load(set, questions, store.LoadResult{New: 3})
	of := ` WHERE question_id IN (SELECT id FROM questions WHERE set_name = $1)`
	for name, statements := range map[string][]string{
		"one without a search":  {`UPDATE question_words SET revision = 0, facets = '', words = ''` + of, `UPDATE questions SET kind = '' WHERE set_name = $1`},
		"one with other tokens": {`UPDATE question_words SET facets = substr(facets, 5), words = ''` + of},
	} {
		for _, sql := range statements {
			w.must(w.Exec(w.ctx, sql, set))
		}
		if got := w.numbers(store.SetQuery{Set: set, Search: "鉄骨の"}); got != nil {
			w.Fatalf("%s: found without words: %v", name, got)
		}
		found := false
		for range 100 {
			_, err := w.Clean(w.ctx)
			w.must(err)
			if found = slices.Equal(w.numbers(store.SetQuery{Set: set, Search: "鉄骨の", Type: exam.ShortText}), []string{questions[1].Number}); found {
				break
			}
		}
		if !found {
			w.Errorf("%s: not found after cleaning", name)
		}
	}
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
	got, err = w.ListedFacets(w.ctx, set)
	want.Categories, want.InCategory["c2"] = []string{"c0", "c1", "c2"}, 1
	want.InYear[2020], want.WithTag["t"] = 3, 5
	if err != nil || !reflect.DeepEqual(got, want) {
		w.Errorf("facets of all that are listed %+v, want %+v, %v", got, want, err)
	}
	got, err = w.SetFacets(w.ctx, name("none"))
	if err != nil || len(got.Categories)+len(got.Years)+len(got.Tags)+len(got.Types) != 0 {
		w.Errorf("facets of no set: %+v, %v", got, err)
	}
}
