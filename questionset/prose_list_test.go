package questionset_test

import (
	"testing"

	"shiken/questionset"
)

// A list of answers behind all questions goes to these by their numbers; one without numbers is not guessed.
func TestListOfAnswers(t *testing.T) {
	options := "a) x\nb) y\nc) z\n"
	three := "1. S?\n" + options + "\n2. T?\n" + options + "\n3. U?\n" + options + "\n"
	taken := []string{"S?:b", "T?:a", "U?:c"}
	for _, tt := range []struct {
		name, data string
		taken      []string
		problems   []string
	}{
		{"lines", three + "Answer Key\n1. B\n2. a\n3. C", taken, nil},
		{"lines in another order", three + "**Answers:**\n\n3) C\n1) B\n\n2) A\n", taken, nil},
		{"one line", three + "Answers: 1-B, 2-A, 3-C", taken, nil},
		{"one line of items", three + "Answers: 1. b, 2. a, 3. c", taken, nil},
		{"ExamView", three + "Answer Section\n\n1. ANS: B\tPTS: 1\n2. ANS: A\n3. ANS: C", taken, nil},
		{"ExamView without a heading", three + "1. ANS: B\n2. ANS: A\n3. ANS: C", taken, nil},
		{"several", three + "Key:\n1. A, B\n2. A\n3. C", []string{"S?:ab", "T?:a", "U?:c"}, nil},
		{"Japanese", "問1 S？\nア）甲\nイ）乙\n問2 T？\nア）甲\nイ）乙\n\n【解答】\n問1　イ\n（２）ア\n", []string{"S？:b", "T？:a"}, nil},
		{"one has an answer of its own", "1. S?\n" + options + "Answer: b\n2. T?\n" + options + "Answers: 1-B, 2-A", []string{"S?:b", "T?:a"}, nil},
		{"and another one", "1. S?\n" + options + "Answer: c\n2. T?\n" + options + "Answers: 1-B, 2-A", []string{"T?:a"}, []string{"error prose_list_other@10"}},
		{"a star, too", "1. S?\na) x\n*b) y\n2. T?\n" + options + "Answers: 1-B, 2-A", []string{"T?:a"}, []string{"error prose_two_keys@8"}},
		{"one is missing", three + "Answers: 1-B, 3-C", []string{"S?:b", "U?:c"}, []string{"error prose_no_answer@6"}},
		{"one too many", three + "Answers: 1-B, 2-A, 3-C, 4-A", taken, []string{"error prose_answer_outside@16"}},
		{"twice in the list", three + "Answers: 1-B, 2-A, 3-C, 3-A", []string{"S?:b", "T?:a"}, []string{"error prose_list_twice@16"}},
		{"twice among the questions", three + "1. V?\n" + options + "Answers: 1-B, 2-A, 3-C", []string{"T?:a", "U?:c"},
			[]string{"error prose_list_twice@20", "error prose_list_twice@20"}},
		{"letters alone", three + "Answers: B, A, C", nil, []string{"error prose_no_answer@1", "error prose_no_answer@6", "error prose_list_plain@16"}},
		{"letters alone, and one answer before", "1. S?\n" + options + "Answer: b\n\n2. T?\n" + options + "\nAnswer key: B A", []string{"S?:b"}, []string{"error prose_list_plain@12"}},
		{"several right ones, each behind a blank line", "1. S?\n" + options + "\nAnswers: B\n\n2. T?\n" + options + "\nAnswers: B, C", []string{"S?:b", "T?:bc"}, nil},
		{"several right ones", "1. S?\n" + options + "Answers: B\n2. T?\n" + options + "Answers: B, C", []string{"S?:b", "T?:bc"}, nil},
		{"a list before other questions", "1. S?\n" + options + "Answers: 1-B, 2-A\n2. T?\n" + options + "Answer: a", []string{"T?:a"}, []string{"error prose_list_plain@5"}},
		{"an answer on the next line", "1. S?\n" + options + "Answer:\n2. T?\n" + options + "Answer: a", []string{"T?:a"}, []string{"error no_key@5"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parseAs(t, "q.txt", tt.data, questionset.Options{Format: questionset.Typed})
			wantProblems(t, f, tt.problems...)
			wantTaken(t, f, tt.taken)
		})
	}
}
