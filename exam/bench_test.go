package exam_test

import (
	"fmt"
	"testing"

	"shiken/exam"
)

// benchSitting is an attempt of 100 short texts in which every question was answered once.
func benchSitting(b *testing.B) (exam.Paper, exam.Attempt) {
	b.Helper()
	p := exam.Paper{
		Attempt: "att", Exam: "bench", Candidate: "cand", Seed: "0000000000000001",
		Rules:    exam.Rules{Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 30 * exam.Minute},
		Sections: []exam.PaperSection{{}},
	}
	for i := range 100 {
		p.Items = append(p.Items, exam.Item{Version: fmt.Sprintf("v%d", i), Type: exam.ShortText, Points: exam.FullCredit})
	}
	salt := make(exam.Salt, exam.SaltBytes)
	a, _, err := exam.Begin(&p, "start", "", salt, 1)
	if err != nil {
		b.Fatal(err)
	}
	for i := range 100 {
		a, _, err = exam.Apply(&p, a, benchSave(i+1, "first"), 2)
		if err != nil {
			b.Fatal(err)
		}
	}
	a.Commands = nil // a store loads what is known of one id only
	return p, a
}

func benchSave(position int, text string) exam.Command {
	return exam.Command{
		ID: fmt.Sprintf("c%d%s", position, text), Kind: exam.Save, Salt: make(exam.Salt, exam.SaltBytes), Opening: 1,
		Actor: exam.Actor{Role: exam.Candidate, ID: "cand"}, Position: position,
		Page: fmt.Sprintf("page-%d-%s", position, text), Seq: 1, Rev: 1, Answer: exam.TextAnswer(text), Target: position,
	}
}

// BenchmarkApply is one save on a paper of 100 questions.
func BenchmarkApply(b *testing.B) {
	p, a := benchSitting(b)
	c := benchSave(50, "second")
	b.ReportAllocs()
	for b.Loop() {
		if _, o, err := exam.Apply(&p, a, c, 3); err != nil || o.Result != exam.Applied {
			b.Fatal(o, err)
		}
	}
}

// BenchmarkCanonical is the canonical JSON of one journal entry.
func BenchmarkCanonical(b *testing.B) {
	p, a := benchSitting(b)
	_, o, err := exam.Apply(&p, a, benchSave(50, "second"), 3)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		exam.Canonical(o.Entry)
	}
}

// Nearly every option of a file says something of its own, and is asked.
func BenchmarkReferences(b *testing.B) {
	options := []exam.Option{
		{ID: "a", Text: exam.Text{Source: "A beam that is longer than its supports, and a wall"}}, {ID: "b", Text: exam.Text{Source: "建築基準法に定める構造の安全性"}},
		{ID: "c", Text: exam.Text{Format: exam.HTML, Source: "<p>The temperature rises &amp; falls</p>"}}, {ID: "d", Text: exam.Text{Source: "42 kN"}},
	}
	for b.Loop() {
		exam.References(options)
	}
}
