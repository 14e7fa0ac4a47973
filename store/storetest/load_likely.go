package storetest

import (
	"slices"
	"strings"

	"shiken/exam"
	"shiken/store"
)

func init() {
	loadTests["a question whose text was corrected is the same one where no other fits"] = correctedTextIsKnown
}

// told are questions that only their texts tell, as files without ids and names have them. "stem|options|right", and
// a number where one is given.
func told(questions ...string) []store.LoadedQuestion {
	list := make([]store.LoadedQuestion, len(questions))
	for i, line := range questions {
		part := strings.Split(line, "|")
		q := &list[i]
		q.SourceKey, q.ContentHash = store.UnnamedKey+part[0], line
		q.Question = exam.Question{Type: exam.SingleChoice, Stem: exam.Text{Source: part[0]}}
		for j, text := range strings.Split(part[1], ",") {
			q.Question.Options = append(q.Question.Options, exam.Option{ID: string(rune('a' + j)), Text: exam.Text{Source: text}})
		}
		if len(part) > 3 {
			q.Number = part[3]
		}
		q.Key = exam.Key{Revision: 1, Options: map[string]int{part[2]: exam.FullCredit}}
	}
	return list
}

func correctedTextIsKnown(w *world) {
	const (
		one, two, three = "What holds the roof up?|a wall,a beam|b", "How long is the bridge over the bay?|10 m,20 m|a", "What is the load on the floor?|2 kN,3 kN|a"
		twin            = "What is the load on the wall?|2 kN,3 kN|a"
	)
	for name1, tt := range map[string]struct {
		before, after []string
		want          string // of each question of the file: the place, from 1, that it has in the set; 0: new
	}{
		"a word":                        {[]string{one, two, three}, []string{one, "How long is the brigde over the bay?|10 m,20 m|a", three}, "123"},
		"a word and an option":          {[]string{one, two, three}, []string{one, "How long is the bridge over a bay?|10 m,21 m|a", three}, "123"},
		"another place":                 {[]string{one, two, three}, []string{three, one, "How long is a bridge over the bay?|10 m,20 m|a"}, "312"},
		"the first":                     {[]string{one, two}, []string{"What holds a roof up?|a wall,a beam|a", two}, "12"},
		"the last":                      {[]string{one, two}, []string{one, "How long is a bridge over the bay?|1 m,2 m|b"}, "12"},
		"another question":              {[]string{one, two, three}, []string{one, "Who paid?|10 m,20 m|a", three}, "103"},
		"two that fit":                  {[]string{one, three, twin}, []string{one, "What is the load on a roof?|2 kN,3 kN|a"}, "10"},
		"two with the same answers":     {[]string{three, one, twin}, []string{"What is the load on a floor?|2 kN,3 kN|a", one, "What is the load on a wall?|2 kN,3 kN|a"}, "123"},
		"two side by side":              {[]string{one, three, twin, two}, []string{one, "What is the load on a floor?|2 kN,3 kN|a", "What is the load on a wall?|2 kN,3 kN|a", two}, "1004"},
		"one gone, one that is like it": {[]string{one, two, three}, []string{one, three, "How long is the bridge over the river?|1 km,2 km|a"}, "130"},
		"side by side with their numbers": {[]string{one + "|1", three + "|2", twin + "|3"},
			[]string{one + "|1", "What is the load on a floor?|1 kN,3 kN|a|2", "What is the load on a wall?|1 kN,3 kN|a|3"}, "123"},
		"other questions with the same numbers": {[]string{one + "|1", three + "|2"}, []string{"Who paid?|x,y|a|1", "Which river is the longest?|x,y|b|2"}, "00"},
		"nothing but another one":               {[]string{one}, []string{"What holds the roof?|a wall,a pole|b"}, "0"},
		"nothing but one with its words":        {[]string{one}, []string{"What holds a roof up?|a wall,a beam|b"}, "1"},
	} {
		set := name("set")
		w.load(set, told(tt.before...), store.LoadResult{New: len(tt.before)})
		ids := w.identities(set)
		file := told(tt.after...)
		plan, err := w.PlanQuestions(w.ctx, store.LoadOf(set, file))
		w.must(err)
		got := ""
		for _, q := range plan.Questions {
			got += string(rune('1' + slices.Index(ids, q.Identity)))
		}
		if got != tt.want {
			w.Errorf("%s: planned %s, want %s", name1, got, tt.want)
		}
		result, err := w.PutQuestions(w.ctx, set, file)
		if w.must(err); result.New != strings.Count(tt.want, "0") || result.New != plan.New || result.Changed != plan.Changed || result.Absent != plan.Absent {
			w.Errorf("%s: loaded %+v, planned %+v", name1, result, plan.LoadResult)
		}
		w.load(set, file, store.LoadResult{Unchanged: len(file), Absent: result.Absent, AbsentList: result.AbsentList})
	}
	named := shortText(2)
	set := name("set")
	w.load(set, named, store.LoadResult{New: 2})
	named[1].SourceKey, named[1].ContentHash, named[1].Number = "another", name("hash"), "No. 2"
	w.load(set, named, store.LoadResult{New: 1, Unchanged: 1, Absent: 1, AbsentList: []string{"No. 2"}})
}
