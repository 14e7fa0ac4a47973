package sqlstore_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store/sqlstore"
)

// What is read of papers, scores and answers is what encoding/json reads there, however the database writes the
// documents.
func TestReadMarked(t *testing.T) {
	paper := exam.Paper{
		Title: exam.Title{"ja": `"試験" \ {[`}, Seed: "1",
		Items: []exam.Item{
			{Version: "v1", Type: exam.SingleChoice, Points: 10_000, Choices: []exam.Choice{{Value: `a"b\`, Option: "a"}, {Value: "é\n", Option: "b"}}},
			{Version: "v2", Type: exam.Matching, Points: 5, Prompts: []exam.PaperPrompt{{Key: "k"}}},
			{Version: "v1", Type: exam.Essay},
		},
	}
	score := exam.Score{Items: []int{10_000, exam.Dropped, 0}, Total: 10_000, Max: 10_005, Awaiting: true, Revisions: []int{1, 2, 3}}
	answers := map[int]exam.Answer{
		1: exam.OneChoice(`a"b\`), 2: exam.KeyedAnswer(map[string]string{"k": "x, [y]"}), 3: exam.ManyChoices("p", "é\n"), 4: {},
	}
	var list []string
	for position, answer := range answers {
		list = append(list, encoded(t, map[string]any{"position": position, "answer": answer}))
	}
	for _, write := range []func(*testing.T, any) string{encoded, indented} {
		p, a := sqlstore.ReadMarked(write(t, paper), write(t, score), strings.Join(list, ","))
		for i, it := range paper.Items {
			got := p.Items[i]
			if got.Version != it.Version || got.Type != it.Type || got.Points != it.Points || len(p.Items) != 3 || len(got.Choices) != len(it.Choices) {
				t.Errorf("item %d: %+v", i, got)
			}
			for k, c := range it.Choices {
				if got.Choices[k] != c {
					t.Errorf("choice %q, want %q", got.Choices[k], c)
				}
			}
		}
		if !reflect.DeepEqual(a.Score.Items, score.Items) || a.Score.Total != score.Total || a.Score.Max != score.Max || !a.Score.Awaiting {
			t.Errorf("score %+v", a.Score)
		}
		for position, want := range answers {
			if got := a.Responses[position].Answer; !got.Equal(want) || len(a.Responses) != len(answers) {
				t.Errorf("answer %d: %+v, want %+v", position, got, want)
			}
		}
	}
}

// What is cut off or no JSON at all is read to its end and no further.
func TestReadMarkedOfBrokenDocuments(t *testing.T) {
	whole := `{"items":[{"version":"v","type":"essay","points":1,"choices":[{"value":"a","option":"b"}]}],"total":1}`
	for n := range len(whole) {
		sqlstore.ReadMarked(whole[:n], whole[n:], whole[:n])
	}
	for _, text := range []string{"]", "}{", `{"items":`, `{"items":[}]`, `{1:2}`, `"\`, "[[[[", "nul"} {
		if p, _ := sqlstore.ReadMarked(text, text, text); len(p.Items) > 1 {
			t.Errorf("%s: %+v", text, p)
		}
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func indented(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, " ", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
