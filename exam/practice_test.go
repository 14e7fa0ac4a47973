package exam_test

import (
	"reflect"
	"testing"

	"shiken/exam"
)

func TestVerdicts(t *testing.T) {
	tests := []struct {
		points, most int
		want         exam.Verdict
	}{
		{10_000, 10_000, exam.Right},
		{9_999, 10_000, exam.Partly},
		{1, 10_000, exam.Partly},
		{0, 10_000, exam.Wrong},
		{-2_500, 10_000, exam.Wrong},
		{exam.Awaiting, 10_000, exam.NoVerdict},
		{exam.Dropped, 10_000, exam.NoVerdict},
		{0, 0, exam.NoVerdict},
	}
	for _, test := range tests {
		if got := exam.VerdictOf(test.points, test.most); got != test.want {
			t.Errorf("%d of %d: %q, want %q", test.points, test.most, got, test.want)
		}
	}
}

// practised is a paper of six texts, but for the description at 5 and the essay at 6.
func practisedPaper() *exam.Paper {
	p := &exam.Paper{Sections: make([]exam.PaperSection, 1)}
	for _, v := range []string{"v1", "v2", "v3", "v4", "v5", "v6"} {
		p.Items = append(p.Items, exam.Item{Version: v, Type: exam.ShortText, Points: exam.FullCredit})
	}
	p.Items[4].Type, p.Items[4].Points, p.Items[5].Type = exam.Description, 0, exam.Essay
	return p
}

// What counts as tried, and by what it is judged, while a practice goes on and when it has a score.
func TestPractisedItems(t *testing.T) {
	a := exam.Attempt{Started: 100, Responses: map[int]exam.Response{
		1: {Answer: exam.TextAnswer("x"), SavedAt: 110},
		2: {Answer: exam.TextAnswer("x"), SavedAt: 120, Checked: true},
		3: {Checked: true},
		4: {Flagged: true},
		5: {Flagged: true},
		6: {Answer: exam.TextAnswer("x"), SavedAt: 160, Flagged: true, Checked: true},
	}}
	marks, checkedAt := map[int]int{2: exam.FullCredit, 3: 0, 6: exam.Awaiting}, map[int]exam.Instant{2: 125, 3: 130, 6: 165}
	want := []exam.PractisedItem{
		{Position: 1, Version: "v1", Tried: true, At: 110},
		{Position: 2, Version: "v2", Tried: true, Checked: true, Verdict: exam.Right, At: 120},
		{Position: 3, Version: "v3", Tried: true, Checked: true, Verdict: exam.Wrong, At: 130},
		{Position: 4, Version: "v4", Flagged: true, At: 100},
		{Position: 6, Version: "v6", Tried: true, Checked: true, Flagged: true, At: 160},
	}
	if got := exam.PractisedItems(practisedPaper(), &a, marks, checkedAt); !reflect.DeepEqual(got, want) {
		t.Errorf("open:\n%+v, want\n%+v", got, want)
	}
	a.Score = &exam.Score{Items: []int{5_000, 0, exam.FullCredit, 0, 0, exam.Dropped}}
	want[0].Verdict, want[1].Verdict, want[2].Verdict = exam.Partly, exam.Wrong, exam.Right
	if got := exam.PractisedItems(practisedPaper(), &a, nil, checkedAt); !reflect.DeepEqual(got, want) {
		t.Errorf("marked:\n%+v, want\n%+v", got, want)
	}
}

func practised(question, attempt string, at exam.Instant, v exam.Verdict, change ...func(*exam.Practised)) exam.Practised {
	p := exam.Practised{Attempt: attempt, Question: question}
	p.Tried, p.Checked, p.Verdict, p.At = true, true, v, at
	for _, c := range change {
		c(&p)
	}
	return p
}

func unchecked(p *exam.Practised) { p.Checked = false }
func flaggedOnly(p *exam.Practised) {
	p.Tried, p.Checked, p.Flagged, p.Verdict = false, false, true, exam.NoVerdict
}
func alsoFlagged(p *exam.Practised) { p.Flagged = true }

// The last verdict counts, whatever the order in which answers are told; what nobody judged takes nothing
// back; a flag is that of the last time.
func TestHistoryOfQuestions(t *testing.T) {
	h := exam.HistoryOf([]exam.Practised{
		practised("mended", "b", 20, exam.Right), practised("mended", "a", 10, exam.Wrong),
		practised("lost", "a", 10, exam.Right, alsoFlagged), practised("lost", "b", 20, exam.Partly),
		practised("essay", "a", 10, exam.Wrong), practised("essay", "b", 20, exam.NoVerdict),
		practised("marked", "b", 15, exam.NoVerdict, flaggedOnly),
	}, func(string) bool { return true })
	tests := []struct {
		question       string
		missed         bool
		tried, flagged bool
		times, wrong   int
	}{
		{"mended", false, true, false, 2, 1},
		{"lost", true, true, false, 2, 1},
		{"essay", true, true, false, 1, 1},
		{"marked", false, false, true, 0, 0},
		{"other", false, false, false, 0, 0},
	}
	for _, test := range tests {
		q := h.Of(test.question)
		if q.Missed() != test.missed || q.Tried != test.tried || q.Flagged != test.flagged || q.Times != test.times || q.NotRight != test.wrong {
			t.Errorf("%s: %+v", test.question, q)
		}
	}
	if n := len(h.Answers); n != 5 {
		t.Errorf("%d answers have a verdict", n)
	}
	for i := 1; i < len(h.Answers); i++ {
		if h.Answers[i].At < h.Answers[i-1].At {
			t.Errorf("not by time: %+v", h.Answers)
		}
	}
}

// R12: what was not checked is known only when the results of its attempt are released.
func TestHistoryKnowsWhatIsReleased(t *testing.T) {
	list := []exam.Practised{
		practised("q", "unreleased", 10, exam.Wrong, unchecked), practised("r", "released", 10, exam.Wrong, unchecked),
		practised("s", "unreleased", 10, exam.Wrong),
	}
	h := exam.HistoryOf(list, func(attempt string) bool { return attempt == "released" })
	for question, known := range map[string]bool{"q": false, "r": true, "s": true} {
		q := h.Of(question)
		if q.Missed() != known || !q.Tried {
			t.Errorf("%s: %+v", question, q)
		}
	}
	if list[0].Verdict != exam.Wrong {
		t.Error("the list that was given is altered")
	}
}
