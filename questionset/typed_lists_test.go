package questionset_test

import (
	"testing"

	"shiken/questionset"
)

// Lists, speakers and names within a stem are no options, and stay as they stand; where nobody can tell, the question
// is refused.
func TestTypedLists(t *testing.T) {
	options := "a) x\nb) y\n"
	for _, tt := range []struct {
		name, data string
		taken      []string
		problems   []string
	}{
		{"a dialogue", "1. Complete:\n- A: How?\n- B: ____\na) Fine\nb) Thanks\nc) Bad\nd) You\nAnswer: B", []string{"Complete:\n- A: How?\n- B: ____:b"}, nil},
		{"a dialogue without dashes", "1. Complete:\nA: How?\nB: Fine.\nA: And?\nB: ____\n" + options + "Answer: B", []string{"Complete:\nA: How?\nB: Fine.\nA: And?\nB: ____:b"}, nil},
		{"statements", "1. Read:\n- A. Everyone\n- B. Nobody\nWhich holds?\n" + options + "Answer: b", []string{"Read:\n- A. Everyone\n- B. Nobody\nWhich holds?:b"}, nil},
		{"statements, stars", "1. Read:\n- A. Everyone\n- B. Nobody\na) x\n*b) y", []string{"Read:\n- A. Everyone\n- B. Nobody:b"}, nil},
		{"a name in bold", "1. S?\n**A. Smith** wrote it\n" + options + "Answer: b", []string{"S?\n**A. Smith** wrote it:b"}, nil},
		{"a name before options in capitals", "1. S?\nA. Smith wrote it\nA) x\nB) y\nAnswer: b", []string{"S?\nA. Smith wrote it:b"}, nil},
		{"a name in a list", "1. S?\n- C. elegans is a worm\n- B: text\n" + options + "Answer: a", []string{"S?\n- C. elegans is a worm\n- B: text:a"}, nil},
		{"a key in a list", "1. S?\n- Key: B\n- Value\n" + options + "Answer: a", []string{"S?\n- Key: B\n- Value:a"}, nil},
		{"a truth in a list", "1. S.\n- Answer: True\n\n2. T?\n" + options + "Answer: a", []string{"S.:true", "T?:a"}, nil},
		{"a name within an option", "1. S?\na) x, says\nB. Smith\nb) y\nAnswer: b", []string{"S?:b"}, []string{"warning prose_option_joined@2"}},
		{"letters of two kinds", "1. S?\na) x\nB) y\nc) z\nAnswer: c", []string{"S?:c"}, nil},
		{"reasons behind options", "1. S?\n" + options + "A: wrong\nB: right\nAnswer: b", nil, []string{"error prose_two_lists@1"}},
		{"two lists alike", "1. S?\n- A. x\n- B. y\nWhich?\n- A. p\n- B. q\nAnswer: b", nil, []string{"error prose_two_lists@1"}},
		{"a list that ends in the other", "1. S?\n- A: x\n- B: y\na) p\nb) q\nC: z\nAnswer: c", nil, []string{"error prose_two_lists@1"}},
		{"a list far before the options", "1. S?\n- A. x\n- B. y\n\nWhich?\n" + options + "Answer: b", nil,
			[]string{"warning prose_unread@5", "error prose_two_lists@1"}},
		{"a question without a number", "1. S?\n" + options + "\nT?\n" + options + "Answer: b", nil, []string{"warning prose_unread@5", "error prose_two_lists@1"}},
		{"bullets, and a question without", "1. S?\n* a) x\n* b) y\n\n2. T?\n* a) x\n* b) y\n\n3. U?\n" + options + "Answer: b\n", []string{"U?:b"},
			[]string{"error prose_bullets@1", "error prose_bullets@5"}},
		{"bullets, and stars elsewhere", "1. S?\n* a) x\n* b) y\nAnswer: a\n\n2. T?\na) x\n*b) y\n", []string{"S?:a", "T?:b"}, nil},
		{"an explanation before the options", "1. S?\nExplanation: x, since\n" + options + "Answer: a\n2. T?\n... because\n" + options + "Answer: b\n",
			[]string{"S?\nExplanation: x, since:a", "T?\n... because:b"}, []string{"warning prose_explains@1", "warning prose_explains@6"}},
		{"every option is starred", "1. S?\n*a) x\n*b) y\n\n2. T?\n" + options + "Answer: b\n", []string{"T?:b"}, []string{"error prose_bullets@1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parseAs(t, "q.txt", tt.data, questionset.Options{Format: questionset.Typed})
			wantProblems(t, f, tt.problems...)
			wantTaken(t, f, tt.taken)
		})
	}
}

// So it is in Aiken, where only a bracket or a full stop makes an option.
func TestAikenLists(t *testing.T) {
	f := parseAs(t, "q.txt", "Complete:\n- A: Hi\n- B: ...\nA. x\nB. y\nANSWER: B\n\n**A. Smith** wrote\nA) x\nB) y\nANSWER: A",
		questionset.Options{Format: questionset.Aiken})
	wantProblems(t, f)
	wantTaken(t, f, []string{"Complete:\n- A: Hi\n- B: ...:b", "**A. Smith** wrote:a"})
}

// A word that only says that a question follows is no part of it.
func TestAikenLabels(t *testing.T) {
	f := parseAs(t, "q.txt", "Question: S?\nA) x\nB) y\nANSWER: B\n\n1. Question: T?\nA) x\nB) y\nANSWER: A\n\nQuestion:\nA) x\nB) y\nANSWER: A",
		questionset.Options{Format: questionset.Aiken})
	wantProblems(t, f)
	wantTaken(t, f, []string{"S?:b", "T?:a", "Question::a"})
}
