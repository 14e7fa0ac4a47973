package exam_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// TestCanonicalAnswers: the one form in which an answer is stored and compared.
func TestCanonicalAnswers(t *testing.T) {
	t.Parallel()
	keyed := func(k, l string) exam.Answer { return exam.KeyedAnswer(map[string]string{"k": k, "l": l}) }
	none := exam.Answer{}
	for _, test := range []struct {
		name  string
		typ   exam.QuestionType
		given exam.Answer
		want  exam.Answer // valid unless bad
		bad   bool
	}{
		{"unanswered", exam.SingleChoice, none, none, false},
		{"one choice", exam.SingleChoice, exam.OneChoice("p"), exam.OneChoice("p"), false},
		{"unknown choice", exam.SingleChoice, exam.OneChoice("P"), none, true},
		{"one choice as many", exam.SingleChoice, exam.ManyChoices("p"), none, true},
		{"one choice as map", exam.TrueFalse, keyed("p", ""), none, true},
		{"many, in paper order, once", exam.MultipleChoice, exam.ManyChoices("r", "p", "r"), exam.ManyChoices("p", "r"), false},
		{"many, one unknown", exam.MultipleChoice, exam.ManyChoices("p", "x"), none, true},
		{"many, an empty one", exam.MultipleChoice, exam.ManyChoices(""), none, true},
		{"many as one", exam.MultipleChoice, exam.OneChoice("p"), none, true},
		{"none of many", exam.MultipleChoice, exam.ManyChoices(), none, false},
		{"text to the letter", exam.ShortText, exam.TextAnswer(" Ａ  b "), exam.TextAnswer(" Ａ  b "), false},
		{"line ends", exam.Essay, exam.TextAnswer("a\r\nb\rc\nd\r\n\r\n"), exam.TextAnswer("a\nb\nc\nd\n\n"), false},
		{"broken UTF-8", exam.Essay, exam.TextAnswer("a\xffb"), exam.TextAnswer("a\uFFFDb"), false},
		{"a number is kept as typed", exam.Numeric, exam.TextAnswer("about 5"), exam.TextAnswer("about 5"), false},
		{"text as list", exam.ShortText, exam.ManyChoices("a"), none, true},
		{"text as map", exam.Numeric, keyed("a", "b"), none, true},
		{"pairs", exam.Matching, keyed("p", "q"), keyed("p", "q"), false},
		{"pairs, one blank", exam.Matching, keyed("p", ""), exam.KeyedAnswer(map[string]string{"k": "p"}), false},
		{"pairs, all blank", exam.Matching, keyed("", ""), none, false},
		{"unknown value", exam.Matching, keyed("x", ""), none, true},
		{"unknown key", exam.Matching, exam.KeyedAnswer(map[string]string{"x": "p"}), none, true},
		{"unknown key, blank", exam.Matching, exam.KeyedAnswer(map[string]string{"x": ""}), none, true},
		{"pairs as text", exam.Matching, exam.TextAnswer("p"), none, true},
		{"pairs as list", exam.Matching, exam.ManyChoices("p"), none, true},
		{"places", exam.Ordering, keyed("2", "1"), keyed("2", "1"), false},
		{"place 0", exam.Ordering, keyed("0", "1"), none, true},
		{"place n + 1", exam.Ordering, keyed("3", "1"), none, true},
		{"gaps", exam.Gaps, keyed("free\r\ntext", "q"), keyed("free\ntext", "q"), false},
		{"gap with unknown value", exam.Gaps, keyed("free", "free"), none, true},
		{"description", exam.Description, none, none, false},
		{"answered description", exam.Description, exam.TextAnswer("x"), none, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			it := itemOf(test.typ)
			got, err := it.Canonical(test.given)
			if test.bad != errors.Is(err, exam.ErrInvalidAnswer) || !got.Equal(test.want) {
				t.Errorf("%+v, error %v; want %+v, bad %t", got, err, test.want, test.bad)
			}
			if again, err := it.Canonical(got); err != nil || !again.Equal(got) {
				t.Errorf("canonical again: %+v, error %v", again, err)
			}
		})
	}
}

// TestAnswerJSON: null, string, array, object; numbers are strings.
func TestAnswerJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]exam.Answer{
		`null`:             {},
		`""`:               {},
		`"a\"<b>"`:         exam.TextAnswer(`a"<b>`),
		`["p","q"]`:        exam.ManyChoices("p", "q"),
		` {"k":"1"} `:      exam.KeyedAnswer(map[string]string{"k": "1"}),
		`{"k":"1","l":""}`: exam.KeyedAnswer(map[string]string{"k": "1", "l": ""}),
	} {
		var got exam.Answer
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %+v, error %v", text, got, err)
		}
		back, err := json.Marshal(got)
		var again exam.Answer
		if err != nil || json.Unmarshal(back, &again) != nil || !again.Equal(got) {
			t.Errorf("%s: written as %s, error %v", text, back, err)
		}
	}
	for _, text := range []string{`5`, `true`, `[1]`, `{"k":1}`, `[["p"]]`, `"`, `{`} {
		var got exam.Answer
		if json.Unmarshal([]byte(text), &got) == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
}

// TestAnswerForgetsWhatItWas: reading over an answer leaves nothing of it.
func TestAnswerForgetsWhatItWas(t *testing.T) {
	t.Parallel()
	got := exam.Answer{Text: "x", Choices: []string{"p"}, Keyed: map[string]string{"k": "v"}}
	if err := json.Unmarshal([]byte("null"), &got); err != nil || !reflect.DeepEqual(got, exam.Answer{}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestR11_AnyAnswerSurvivesStoring: a canonical answer, written as JSON and read back, is the same.
func TestR11_AnyAnswerSurvivesStoring(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		it := itemOf(exam.Gaps)
		bytes := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		canonical, err := it.Canonical(exam.KeyedAnswer(map[string]string{"k": string(bytes)}))
		if err != nil {
			t.Fatal(err)
		}
		var back exam.Answer
		if err := json.Unmarshal(exam.Canonical(canonical), &back); err != nil || !back.Equal(canonical) {
			t.Fatalf("%q became %q, %v", canonical.Keyed["k"], back.Keyed["k"], err)
		}
		if strings.Contains(canonical.Keyed["k"], "\r") {
			t.Fatal("a carriage return was kept")
		}
	})
}
