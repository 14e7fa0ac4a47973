package questionset_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

// sampleQuestions are all questions of the test data.
func sampleQuestions(t *testing.T) []questionset.Question {
	t.Helper()
	var out []questionset.Question
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if f, err := questionset.Parse(t.Context(), d.Name(), bytes.NewReader(data), questionset.Options{}); err == nil {
			out = append(out, f.Questions...)
		}
		return nil
	})
	if err != nil || len(out) < 500 {
		t.Fatalf("%d questions: %v", len(out), err)
	}
	return out
}

// A form that nobody changed gives the question that it was made of, whatever file that came from.
func TestAFormSaysTheWholeQuestion(t *testing.T) {
	seen := map[exam.QuestionType]int{}
	for _, q := range sampleQuestions(t) {
		fields := questionset.QuestionFields(&q)
		got, _, report := questionset.ReadForm(fields, &q)
		seen[q.Question.Type]++
		if !report.Sound() {
			what, _ := report.Findings[0].Text("en")
			t.Errorf("%s %q: %s %s", q.Question.Type, q.Question.Stem.Source, report.Findings[0].Element, what)
		}
		tidy(&q)
		for what, parts := range map[string][2]any{
			"content": {got.Question, q.Question}, "feedback": {got.Feedback, q.Feedback}, "group": {got.Question.Group, q.Question.Group},
		} {
			if was, is := exam.Canonical(parts[1]), exam.Canonical(parts[0]); what != "content" && !bytes.Equal(was, is) ||
				what == "content" && !questionset.SameContent(&got, &q) {
				t.Errorf("%s of %s %.80q:\n%.900s\n%.900s\n%.900s\n%.900s", what, q.Question.Type, q.Question.Stem.Source, is, was, exam.Canonical(got.Key), exam.Canonical(q.Key))
			}
		}
	}
	for _, typ := range questionset.EditTypes() {
		if seen[typ] == 0 {
			t.Errorf("no question of type %s", typ)
		}
	}
	t.Logf("%v", seen)
}

// What a correction said of the whole question stays when its wording, its key or its explanation is edited.
func TestAnEditKeepsWhatACorrectionSaid(t *testing.T) {
	for _, treatment := range []exam.Treatment{exam.ByKey, exam.FullMarks, exam.Excluded} {
		base := questionset.Question{
			Question: exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: "Capital?"}},
			Key: exam.Key{Revision: 3, Treatment: treatment, Texts: []exam.TextKey{{Pattern: "Edo", Weight: exam.FullCredit}},
				Either: []exam.Key{{Texts: []exam.TextKey{{Pattern: "Tokyo", Weight: exam.FullCredit}}}}},
		}
		for field, value := range map[string]string{"stem": "Which capital?", "explanation": "It moved.", "rows[1].text": "Kyoto", "tags": "towns"} {
			fields := questionset.QuestionFields(&base)
			fields[field] = []string{value}
			got, _, report := questionset.ReadQuestion(fields, &base)
			if !report.Sound() || got.Key.Treatment != treatment || len(got.Key.Either) != 1 || got.Key.Either[0].Texts[0].Pattern != "Tokyo" {
				t.Errorf("%q, %s: %+v, findings %v", treatment, field, got.Key, report.Findings)
			}
			if !slices.ContainsFunc(report.Findings, func(f questionset.Finding) bool { return f.Code == "edit_treated" }) {
				t.Errorf("%q, %s: the author is not told", treatment, field)
			}
		}
		fields := questionset.QuestionFields(&base)
		fields["type"] = []string{string(exam.Essay)}
		if got, _, _ := questionset.ReadQuestion(fields, &base); got.Key.Treatment != exam.ByKey || got.Key.Either != nil {
			t.Errorf("%q: of another type it keeps %+v", treatment, got.Key)
		}
	}
}

// tidy gives the texts of a question as a form does: without spaces around them.
func tidy(q *questionset.Question) {
	texts := []*exam.Text{&q.Question.Stem, &q.Question.Stimulus, &q.Feedback.Explanation, &q.Key.Guide}
	q.Question.Options, q.Question.Prompts = slices.Clone(q.Question.Options), slices.Clone(q.Question.Prompts)
	for i := range q.Question.Options {
		texts = append(texts, &q.Question.Options[i].Text)
	}
	for i := range q.Question.Prompts {
		texts = append(texts, &q.Question.Prompts[i].Text)
	}
	for _, text := range texts {
		tidyText(text)
	}
	notes := map[string]exam.Text{}
	for id, note := range q.Feedback.Options {
		if tidyText(&note); note.Source != "" {
			notes[id] = note
		}
	}
	q.Feedback.Options = notes
}

func tidyText(t *exam.Text) {
	t.Source = strings.TrimSpace(strings.ReplaceAll(t.Source, "\r\n", "\n"))
	if t.Format == exam.Plain || t.Source == "" {
		t.Format = ""
	}
}
