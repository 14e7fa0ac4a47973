package exam_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

const point = exam.FullCredit

// sheet is a closed and marked attempt of single-choice questions of one point in two sections: what is
// chosen at each position, "" for nothing. The right option is "a".
func sheet(passMark, minimum int, sections []int, chosen ...string) (*exam.Paper, exam.Attempt, map[string]exam.Key) {
	p := &exam.Paper{Attempt: "attempt", Candidate: "c", Rules: exam.Rules{Navigation: exam.Free, PassMark: passMark}}
	for range max(1, len(sections)) {
		p.Sections = append(p.Sections, exam.PaperSection{Minimum: minimum})
	}
	keys := map[string]exam.Key{}
	a := exam.Attempt{ID: "attempt", Candidate: "c", Opening: 1, Status: exam.Submitted, Marking: exam.MarkingDone,
		Cursor: 1, Responses: map[int]exam.Response{}}
	for i, option := range chosen {
		section := 0
		for n := 0; section < len(sections)-1 && i >= n+sections[section]; section++ {
			n += sections[section]
		}
		version := string(rune('A' + i))
		p.Items = append(p.Items, exam.Item{
			Version: version, Type: exam.SingleChoice, Points: point, Section: section, Exact: true,
			Choices: []exam.Choice{{Value: "1", Option: "a"}, {Value: "2", Option: "b"}, {Value: "3", Option: "c"}},
		})
		keys[version] = exam.Key{Revision: 1, Options: map[string]int{"a": point}}
		if option != "" {
			a.Responses[i+1] = exam.Response{Rev: 1, Answer: exam.OneChoice(map[string]string{"a": "1", "b": "2", "c": "3"}[option])}
		}
	}
	score := exam.Grader{}.Mark(p, &a, keys)
	a.Score = &score
	return p, a, keys
}

// TestR13_RegradeByHand holds results of corrections, computed by hand, in 1/10,000 point: ten questions of
// one point, of which the first is corrected, pass mark 60 %.
func TestR13_RegradeByHand(t *testing.T) {
	wrong, right := "b", "a"
	toB := exam.Key{Revision: 2, Options: map[string]int{"b": point}}
	both := exam.Key{Revision: 1, Options: map[string]int{"a": point}}.Accepting(exam.SingleChoice, toB)
	both.Revision = 2
	dropped := exam.Key{Revision: 2, Options: map[string]int{"a": point}, Treatment: exam.Excluded}
	full := exam.Key{Revision: 2, Options: map[string]int{"a": point}, Treatment: exam.FullMarks}
	for name, tt := range map[string]struct {
		first      string // chosen at the corrected question
		others     int    // right among the nine others
		key        exam.Key
		lower      bool
		total, max int // in points
		passed     bool
		kept       bool
	}{
		"corrected, was wrong":             {wrong, 5, toB, false, 6, 10, true, false},
		"corrected, was right: kept":       {right, 5, toB, false, 6, 10, true, true},
		"corrected, was right: may fall":   {right, 5, toB, true, 5, 10, false, false},
		"corrected, unanswered":            {"", 5, toB, false, 5, 10, false, false},
		"both, was wrong":                  {wrong, 5, both, false, 6, 10, true, false},
		"both, was right":                  {right, 5, both, true, 6, 10, true, false},
		"both, another option":             {"c", 5, both, true, 5, 10, false, false},
		"full marks, unanswered":           {"", 5, full, false, 6, 10, true, false},
		"full marks, was right":            {right, 5, full, true, 6, 10, true, false},
		"dropped, was wrong: 5/9 not 60 %": {wrong, 5, dropped, false, 5, 9, false, false},
		"dropped, was wrong: 6/9":          {wrong, 6, dropped, false, 6, 9, true, false},
		// 6 of 10 is 60 %, 5 of 9 is 55.6 %: dropping would fail who had passed.
		"dropped, was right: kept":         {right, 5, dropped, false, 6, 10, true, true},
		"dropped, was right: may fall":     {right, 5, dropped, true, 5, 9, false, false},
		"dropped, all right: 9/9 is 10/10": {right, 9, dropped, false, 9, 9, true, false},
		"dropped, none right: 0/9 is 0/10": {wrong, 0, dropped, false, 0, 9, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			chosen := []string{tt.first}
			for i := range 9 {
				chosen = append(chosen, map[bool]string{true: "a", false: "b"}[i < tt.others])
			}
			p, a, _ := sheet(60, 0, nil, chosen...)
			made := exam.Grader{}.Regrade(p, &a, &tt.key, 1, a.Score.Items[0], tt.lower)
			s := made.Score
			if s.Total != tt.total*point || s.Max != tt.max*point || s.Passed == nil || *s.Passed != tt.passed || (made.Kept != nil) != tt.kept {
				t.Errorf("%d of %d, passed %v, kept %v", s.Total, s.Max, *s.Passed, made.Kept)
			}
			if s.Revisions[0] != 2 || s.Revisions[1] != 1 {
				t.Errorf("revisions %v", s.Revisions)
			}
		})
	}
}

// TestR13_DroppedFromASection: two sections of two questions, each with a minimum of 50 %; a question of the
// first is dropped. By hand: the first section counts one point less, the second what it did.
func TestR13_DroppedFromASection(t *testing.T) {
	dropped := exam.Key{Revision: 2, Treatment: exam.Excluded}
	for name, tt := range map[string]struct {
		chosen  []string
		lower   bool
		first   exam.SectionScore
		total   int
		minimum bool
	}{
		"the other one is right":          {[]string{"b", "a", "a", "a"}, false, exam.SectionScore{Total: point, Max: point}, 3, true},
		"the other one is wrong: kept":    {[]string{"a", "b", "a", "a"}, false, exam.SectionScore{Total: point, Max: 2 * point}, 3, true},
		"the other one is wrong: may not": {[]string{"a", "b", "a", "a"}, true, exam.SectionScore{Max: point}, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, a, _ := sheet(0, 50, []int{2, 2}, tt.chosen...)
			s := exam.Grader{}.Regrade(p, &a, &dropped, 1, a.Score.Items[0], tt.lower).Score
			got := s.Sections[0]
			if got.Total != tt.first.Total || got.Max != tt.first.Max || *got.Passed != tt.minimum || s.Total != tt.total*point {
				t.Errorf("section %d of %d, met %v; total %d", got.Total, got.Max, *got.Passed, s.Total)
			}
			if s.Sections[1].Max != 2*point || s.Max != got.Max+2*point {
				t.Errorf("maximum %d, second section %d", s.Max, s.Sections[1].Max)
			}
		})
	}
	p, a, _ := sheet(60, 50, nil, "b")
	if s := (exam.Grader{}).Regrade(p, &a, &dropped, 1, 0, false).Score; s.Max != 0 || !*s.Passed || !*s.Sections[0].Passed {
		t.Errorf("nothing left: %+v", s)
	}
}

// A mark by hand stays, but for a question that is dropped or full for all; what waits for a marker is kept
// by no regrade.
func TestR13_RegradeAndMarksByHand(t *testing.T) {
	p, a, keys := sheet(60, 0, nil, "a", "a")
	p.Items[0].Type, p.Items[0].Choices = exam.Essay, nil
	half := point / 2
	for name, tt := range map[string]struct {
		points    *int
		treatment exam.Treatment
		item      int
	}{
		"marked":          {&half, exam.ByKey, half},
		"marked, dropped": {&half, exam.Excluded, exam.Dropped},
		"marked, full":    {&half, exam.FullMarks, point},
		"waits":           {nil, exam.ByKey, exam.Awaiting},
		"waits, dropped":  {nil, exam.Excluded, exam.Dropped},
		"waits, full":     {nil, exam.FullMarks, point},
	} {
		a.Responses[1] = exam.Response{Rev: 1, Answer: exam.TextAnswer("essay"), Points: tt.points}
		score := exam.Grader{}.Mark(p, &a, keys)
		a.Score = &score
		key := exam.Key{Revision: 2, Treatment: tt.treatment}
		made := exam.Grader{}.Regrade(p, &a, &key, 1, score.Items[0], true)
		if made.Score.Items[0] != tt.item || made.Kept != nil || made.Score.Awaiting != (tt.item == exam.Awaiting) {
			t.Errorf("%s: %+v", name, made)
		}
	}
}

// A regrade never goes back to an older key than the position is marked by.
func TestR13_RegradeGoesForward(t *testing.T) {
	p, a, keys := sheet(60, 0, nil, "a", "a")
	a.Status, a.Marking = exam.Submitted, exam.MarkingDone
	score := exam.Grader{}.Mark(p, &a, keys)
	score.Revisions[0] = 3
	a.Score = &score
	for revision, want := range map[int]exam.Result{2: exam.Rejected, 3: exam.Applied, 4: exam.Applied} {
		key := exam.Key{Revision: revision, Options: map[string]int{"b": point}}
		made := exam.Grader{}.Regrade(p, &a, &key, 1, score.Items[0], true)
		_, o, err := exam.Apply(p, a, exam.Command{
			ID: "regrade", Kind: exam.Regrade, Actor: exam.Actor{Role: exam.Admin, ID: "officer"}, Salt: make(exam.Salt, exam.SaltBytes),
			Position: 1, Revision: revision, Score: &made.Score, Note: "wrong key",
		}, 5)
		if err != nil || o.Result != want || want == exam.Rejected && o.Reason != exam.Stale {
			t.Errorf("revision %d after 3: %s %s, %v", revision, o.Result, o.Reason, err)
		}
	}
}

// regradeBy gives a regrade as the job does, and reports whether it changed anything.
func regradeBy(t *rapid.T, p *exam.Paper, a exam.Attempt, key exam.Key, position, was int, lower bool, id string) (exam.Attempt, *exam.Record) {
	made := exam.Grader{}.Regrade(p, &a, &key, position, was, lower)
	if bytes.Equal(exam.Canonical(made.Score), exam.Canonical(a.Score)) &&
		bytes.Equal(exam.Canonical(made.Kept), exam.Canonical(a.Responses[position].Kept)) {
		return a, nil
	}
	next, o, err := exam.Apply(p, a, exam.Command{
		ID: id, Kind: exam.Regrade, Actor: exam.Actor{Role: exam.Admin, ID: "officer"}, Salt: make(exam.Salt, exam.SaltBytes),
		Position: position, Revision: key.Revision, Lower: lower, Score: &made.Score, Kept: made.Kept, Note: "wrong key",
	}, 5)
	if err != nil || o.Result != exam.Applied {
		t.Fatalf("%+v, %v", o, err)
	}
	return next, &exam.Record{Entry: *o.Entry, Payload: o.Payload, Salt: o.Salt}
}

// TestR11_R13_Regrading: whatever is corrected in whatever order, a regrade never lowers unless asked, doing
// it again changes nothing, marking anew with the newest keys gives the same, and folding the journal too.
func TestR11_R13_Regrading(t *testing.T) {
	option := rapid.SampledFrom([]string{"", "a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "questions")
		chosen := rapid.SliceOfN(option, n, n).Draw(t, "chosen")
		p, a, keys := sheetOf(t, chosen)
		begun := a
		var records []exam.Record
		for step := range rapid.IntRange(1, 8).Draw(t, "corrections") {
			position := rapid.IntRange(1, n).Draw(t, "position")
			version := p.Items[position-1].Version
			key := exam.Key{
				Revision: keys[version].Revision + 1, Options: map[string]int{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "right"): point},
				Treatment: rapid.SampledFrom([]exam.Treatment{exam.ByKey, exam.FullMarks, exam.Excluded}).Draw(t, "treatment"),
			}
			keys[version] = key
			lower, was, before := rapid.Bool().Draw(t, "lower"), a.Score.Items[position-1], *a.Score
			next, record := regradeBy(t, p, a, key, position, was, lower, string(rune('a'+step)))
			if record != nil {
				records = append(records, *record)
			}
			if !lower && fell(next.Score, &before) {
				t.Fatalf("lowered from %+v to %+v", before, *next.Score)
			}
			if again, record := regradeBy(t, p, next, key, position, was, lower, string(rune('A'+step))); record != nil {
				t.Fatalf("done again it made %+v of %+v", again.Score, next.Score)
			}
			if marked := (exam.Grader{}).Mark(p, &next, keys); !bytes.Equal(exam.Canonical(marked), exam.Canonical(next.Score)) {
				t.Fatalf("marked anew: %+v, regraded: %+v", marked, next.Score)
			}
			a = next
		}
		folded := begun
		for i := range records {
			folded = exam.Fold(p, folded, &records[i])
		}
		if !bytes.Equal(exam.Canonical(folded.Score), exam.Canonical(a.Score)) || !bytes.Equal(exam.Canonical(folded.Responses), exam.Canonical(a.Responses)) {
			t.Fatalf("folded %+v, is %+v", folded, a)
		}
	})
}

func sheetOf(t *rapid.T, chosen []string) (*exam.Paper, exam.Attempt, map[string]exam.Key) {
	sections := []int{(len(chosen) + 1) / 2, len(chosen) / 2}
	if len(chosen) == 1 {
		sections = nil
	}
	return sheet(rapid.SampledFrom([]int{0, 50, 60}).Draw(t, "pass"), rapid.SampledFrom([]int{0, 40}).Draw(t, "minimum"), sections, chosen...)
}

// fell is written apart from the product: in exact fractions, as the design says it.
func fell(is, was *exam.Score) bool {
	part := func(s *exam.Score) (n, d int) {
		if s.Max == 0 {
			return 1, 1
		}
		return s.Total, s.Max
	}
	n1, d1 := part(is)
	n0, d0 := part(was)
	return n1*d0 < n0*d1 || was.Passed != nil && *was.Passed && !*is.Passed
}

// TestMarkBefore: the journal tells the mark by an earlier key, unless the answer or the opening is another.
func TestMarkBefore(t *testing.T) {
	score := func(revision, mark int) exam.Record {
		return exam.Record{Entry: exam.Entry{Kind: exam.Grade, Effect: exam.Effect{Score: &exam.Score{Items: []int{mark}, Revisions: []int{revision}}}}}
	}
	answer := exam.Record{Entry: exam.Entry{Kind: exam.AcceptLate, Effect: exam.Effect{Response: &exam.ResponseEffect{Position: 1, Answer: true}}}}
	reopen := exam.Record{Entry: exam.Entry{Kind: exam.Reopen}}
	for name, tt := range map[string]struct {
		records []exam.Record
		mark    int
		ok      bool
	}{
		"never marked":            {nil, 0, false},
		"by the key before":       {[]exam.Record{score(1, 7), score(2, 3)}, 7, true},
		"the last of them":        {[]exam.Record{score(1, 7), score(2, 5), score(3, 3)}, 7, true},
		"by the new key alone":    {[]exam.Record{score(2, 3)}, 0, false},
		"another answer":          {[]exam.Record{score(1, 7), answer, score(2, 3)}, 0, false},
		"reopened":                {[]exam.Record{score(1, 7), reopen, score(2, 3)}, 0, false},
		"reopened, marked before": {[]exam.Record{reopen, score(1, 7), score(2, 3)}, 7, true},
	} {
		mark, ok := exam.MarkBefore(tt.records, 1, 2)
		if ok != tt.ok || ok && mark != tt.mark {
			t.Errorf("%s: %d, %v", name, mark, ok)
		}
	}
}

// An answer that is right by either key is right, whatever the type; what both say is one key where it can be.
func TestR13_Accepting(t *testing.T) {
	catchAll := []exam.TextKey{{Pattern: "tokyo", Weight: point}, {Pattern: "*", Weight: 0}}
	pair := func(option string) exam.Key { return exam.Key{Pairs: map[string]string{"p": option, "q": "x"}} }
	for name, tt := range map[string]struct {
		it         exam.Item
		old, other exam.Key
		answers    map[string]int // what is said, with the points it earns
		say        func(string) exam.Answer
	}{
		"text before what matches all": {exam.Item{Type: exam.ShortText}, exam.Key{Texts: catchAll},
			exam.Key{Texts: []exam.TextKey{{Pattern: "edo", Weight: point}}}, map[string]int{"tokyo": point, "edo": point, "kyoto": 0}, exam.TextAnswer},
		"number": {exam.Item{Type: exam.Numeric}, exam.Key{Numbers: []exam.NumberKey{{Min: "1", Max: "1", Weight: point}}},
			exam.Key{Numbers: []exam.NumberKey{{Min: "2", Max: "3", Weight: point}}}, map[string]int{"1": point, "2.5": point, "4": 0}, exam.TextAnswer},
		"matching as a whole": {exam.Item{Type: exam.Matching, Prompts: []exam.PaperPrompt{
			{Key: "p", Prompt: "p", Values: []exam.Choice{{Value: "x", Option: "x"}, {Value: "y", Option: "y"}, {Value: "z", Option: "z"}}},
			{Key: "q", Prompt: "q", Values: []exam.Choice{{Value: "x", Option: "x"}}},
		}}, pair("x"), pair("y"), map[string]int{"x": point, "y": point, "z": point / 2}, func(s string) exam.Answer {
			return exam.KeyedAnswer(map[string]string{"p": s, "q": "x"})
		}},
		"multiple choice": {exam.Item{Type: exam.MultipleChoice, Choices: []exam.Choice{{Value: "a", Option: "a"}, {Value: "b", Option: "b"}}},
			exam.Key{Options: map[string]int{"a": point}}, exam.Key{Options: map[string]int{"b": point}},
			map[string]int{"a": point, "b": point}, func(s string) exam.Answer { return exam.ManyChoices(s) }},
		"gap": {exam.Item{Type: exam.Gaps, Prompts: []exam.PaperPrompt{{Key: "g", Prompt: "g"}}},
			exam.Key{Gaps: map[string][]exam.TextKey{"g": catchAll}}, exam.Key{Gaps: map[string][]exam.TextKey{"g": {{Pattern: "edo", Weight: point}}}},
			map[string]int{"tokyo": point, "edo": point, "kyoto": 0}, func(s string) exam.Answer { return exam.KeyedAnswer(map[string]string{"g": s}) }},
	} {
		tt.it.Points = point
		key := tt.old.Accepting(tt.it.Type, tt.other)
		for said, want := range tt.answers {
			if got := (exam.Grader{}).MarkOne(&tt.it, &key, &exam.Response{Answer: tt.say(said)}); got != want {
				t.Errorf("%s: %q earns %d, want %d", name, said, got, want)
			}
		}
	}
}
