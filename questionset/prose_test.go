package questionset_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
	"shiken/questionset"
)

func TestAiken(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		taken      []string // stem and key of each
		problems   []string
	}{
		{"as Moodle has it", "S\nA) p\nB) q\nANSWER: B\n\nT\nA. p\nB.q\nANSWER: A", []string{"S:b", "T:a"}, nil},
		{"no blank lines", "S\nA) p\nB) q\nANSWER: B\nT\nA) p\nB) q\nANSWER: A", []string{"S:b", "T:a"}, nil},
		{"stem of two lines", "S\nmore\nA) p\nB) q\nANSWER: B", []string{"S\nmore:b"}, nil},
		{"stem with a blank line", "S\n\nmore\nA) p\nB) q\nANSWER: B", []string{"S\n\nmore:b"}, []string{"warning prose_joined@1"}},
		{"key of a number", "S\nA) p\nB) q\nANSWER: 2", nil, []string{"error aiken_number@4"}},
		{"key of zero", "S\nA) p\nB) q\nANSWER: 0", nil, []string{"error aiken_number@4"}},
		{"key beyond the options", "S\nA) p\nB) q\nANSWER: E", nil, []string{"error csv_key_no_option@4"}},
		{"empty key", "S\nA) p\nB) q\nANSWER:", nil, []string{"error no_key@4"}},
		{"key with its text", "S\nA) p\nB) q\nANSWER: B) q", []string{"S:b"}, nil},
		{"key with another text", "S\nA) p\nB) q\nANSWER: B) p", nil, []string{"error csv_key_not_understood@4"}},
		{"key as text", "S\nA) cat\nB) dog\nANSWER: Dog", []string{"S:b"}, nil},
		{"several keys", "S\nA) p\nB) q\nC) r\nAnswer: C, A", []string{"S:ac"}, nil},
		{"small letters", "S\na) p\nb) q\nanswer: b", []string{"S:b"}, nil},
		{"stem that reads as an option", "A. Smith wrote\nA) p\nB) q\nANSWER: B", []string{"A. Smith wrote:b"}, nil},
		{"stem that reads as another option", "C. Darwin wrote\nA) p\nB) q\nANSWER: B", []string{"C. Darwin wrote:b"}, nil},
		{"second line that reads as an option", "Who?\nE. coli is\nA) p\nB) q\nANSWER: B", []string{"Who?\nE. coli is:b"}, nil},
		{"a list in Markdown", "**S**\n- A) p\n- B) q\n\n**Answer: B**", []string{"**S**:b"}, nil},
		{"small letters in an option", "S\nA) p\ne.g. this\nB) q\nANSWER: B", []string{"S:b"}, []string{"warning prose_option_joined@2"}},
		{"one option", "S\nA) p\nANSWER: A", nil, []string{"error one_option@1"}},
		{"no options", "S\nANSWER: A", nil, []string{"error one_option@1"}},
		{"no answer", "S\nA) p\nB) q\n\nT\nA) p\nB) q\nANSWER: A", []string{"T:a"}, []string{"error prose_no_answer@1"}},
		{"no answer, no blank line", "S\nA) p\nB) q\nT\nA) p\nB) q\nANSWER: A", []string{"T:a"}, []string{"error prose_no_answer@1"}},
		{"answer alone", "ANSWER: A\nS\nA) p\nB) q\nANSWER: A", []string{"S:a"}, []string{"error prose_answer_outside@1"}},
		{"two answers", "S\nA) p\nB) q\nANSWER: A\nANSWER: B", []string{"S:a"}, []string{"error prose_answer_outside@5"}},
		{"letter twice", "S\nA) p\nB) q\nB) r\nANSWER: A", nil, []string{"error prose_letter_twice@4"}},
		{"letter left out", "S\nA) p\nC) q\nANSWER: C", []string{"S:c"}, []string{"warning prose_letter_gap@3"}},
		{"feedback", "S\nA) p\nB) q\nANSWER: A\nFeedback: because\nof this\n\nT\nA) p\nB) q\nANSWER: A", []string{"S:a", "T:a"}, nil},
		{"remarks", "Type: MC\nS\nA) p\nB) q\nANSWER: A\nPoints: 2\nT\nA) p\nB) q\nANSWER: A", []string{"S:a", "T:a"},
			[]string{"warning prose_unread@1", "warning prose_unread@6"}},
		{"numbered", "1. S\nA) p\nB) q\nANSWER: A\n2. T\nA) p\nB) q\nANSWER: B\n1914. U\nA) p\nB) q\nANSWER: B", []string{"S:a", "T:b", "1914. U:b"}, nil},
		{"NUL", "S\x00\nA) p\nB) q\nANSWER: A", nil, []string{"error control_character@1"}},
		{"option too long", "S\nA) " + strings.Repeat("x", questionset.MaxText+1) + "\nB) q\nANSWER: A", nil, []string{"error too_long@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parseAs(t, "q.txt", tt.data, questionset.Options{Format: questionset.Aiken})
			wantProblems(t, f, tt.problems...)
			wantTaken(t, f, tt.taken)
		})
	}
}

func wantTaken(t *testing.T, f *questionset.File, want []string) {
	t.Helper()
	var got []string
	for _, q := range f.Questions {
		got = append(got, q.Question.Stem.Source+":"+right(q))
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("taken %q, want %q", got, want)
	}
}

func TestTyped(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		taken      []string
		problems   []string
	}{
		{"stars", "1. S?\na) p\n*b) q\n\n2. T?\n*a) p\nb) q\n*c) r\n", []string{"S?:b", "T?:ac"}, nil},
		{"answers", "1) S?\n(A) p\n(B) q\nAnswer: B\n2) T?\n(A) p\n(B) q\nAnswer: A\nExplanation: why\n", []string{"S?:b", "T?:a"}, nil},
		{"Japanese", "問1　S？\nア）甲\nイ）乙\n正解：イ\n解説：なぜなら\n\n問2　T？\n①甲\n*②乙\n", []string{"S？:b", "T？:b"}, nil},
		{"truth", "1. Sky is blue.\na) p\n*b) q\n2. T.\nAnswer: True\n", []string{"Sky is blue.:b", "T.:true"}, nil},
		{"numbered lines of code", "3. What?\n1: class A {\n4:   b();\n5: }\na) p\n*b) q\n\n4: Next?\na) p\n*b) q", []string{"What?\n1: class A {\n4:   b();\n5: }:b", "Next?:b"}, nil},
		{"list within a stem", "1. Which?\n10) x\n12) y\na) p\n*b) q", []string{"Which?\n10) x\n12) y:b"}, nil},
		{"no answer", "1. S?\na) p\nb) q\n2. T?\na) p\n*b) q", []string{"T?:b"}, []string{"error prose_no_answer@1"}},
		{"both", "1. S?\na) p\n*b) q\nAnswer: b", nil, []string{"error prose_two_keys@4"}},
		{"bullets", "1. S?\n * (a) p\n * (b) q\n\n2. T?\ns.t()\n * (a) p\n * (b) q\n * (c) r\nAnswer: c\n", []string{"T?\ns.t():c"}, []string{"error prose_bullets@1"}},
		{"bullets and stars", "1. S?\n- a) p\n- *b) q\n2. T?\n*a) p\n*b) q\n", []string{"S?:b", "T?:ab"}, nil},
		{"Markdown", "## 1. S?\n\n- A) p\n- B) q\n- **Answer:** B\n\n**2. T?**\n\nA) p\nB) q\n\n**Correct answer: A**\n\n### Question 3\nU?\n• a) p\n• b) `q`\nAnswer: **`q`**",
			[]string{"S?:b", "T?:a", "U?:b"}, nil},
		{"a list that holds no options", "1. S?\n- 2. x\n- y\na) p\n*b) q", []string{"S?\n- 2. x\n- y:b"}, nil},
		{"heading", "Chapter 1\n\n1. S?\na) p\n*b) q\n\nChapter 2\n\n2. T?\na) p\n*b) q", []string{"S?:b", "T?:b"},
			[]string{"warning prose_unread@1", "warning prose_unread@7"}},
		{"heading of two lines", "1. S?\na) p\n*b) q\n\nChapter 2\nPoints: 1\n2. T?\na) p\n*b) q", []string{"S?:b", "T?:b"},
			[]string{"warning prose_unread@5", "warning prose_unread@6"}},
		{"option over two lines", "1. S?\na) p\nmore\n*b) q", []string{"S?:b"}, []string{"warning prose_option_joined@2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, "pasted.txt", tt.data)
			if f.Format != questionset.Typed {
				t.Errorf("format %q", f.Format)
			}
			wantProblems(t, f, tt.problems...)
			wantTaken(t, f, tt.taken)
		})
	}
	q := one(t, parse(t, "pasted.txt", "3. S?\na) p\n*b) q\nExplanation: why\nso\n"))
	if q.Number != "3" || q.Feedback.Explanation.Source != "why\nso" || q.Question.Type != exam.SingleChoice {
		t.Errorf("%+v", q)
	}
}

// A question without options is a statement where its answer can mean nothing else; what may be asked for is refused.
func TestTypedStatements(t *testing.T) {
	typed := func(data string) *questionset.File {
		return parseAs(t, "pasted.txt", data, questionset.Options{Format: questionset.Typed})
	}
	f := typed("1. S.\nAnswer: **False**\n\n問2 T。\n正解：○\n")
	wantFound(t, f, "note prose_statement@2", "note prose_statement@5")
	wantTaken(t, f, []string{"S.:false", "T。:true"})
	f = typed("1. How many moons?\nAnswer: 1\n2. Which is neutral?\nAnswer: 0\n3. What marks the unknown?\nAnswer: x\n4. And time?\nAnswer: T\n" +
		"5. Which hand?\nAnswer: right\n6. Which town?\nAnswer: Rome\n")
	wantFound(t, f, "error prose_truth@2", "error prose_truth@4", "error prose_truth@6", "warning prose_likely@8", "error prose_truth@10", "error one_option@11")
	wantTaken(t, f, []string{"And time?:true"})
	q := one(t, typed("1. 地球是行星。\n答：错"))
	if labels := q.Question.Options[0].Text.Source + q.Question.Options[1].Text.Source; labels != "正确错误" || right(q) != "false" {
		t.Errorf("%s, right is %s", labels, right(q))
	}
}

// An answer that may be a letter or a number of an option, or the text of another one, is not guessed.
func TestProseKeys(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		taken      []string
		found      []string
	}{
		{"a number that is an option", "1. S\na) 3\nb) 2\nc) 1\nAnswer: 3", nil, []string{"error csv_key_ambiguous@5"}},
		{"a letter that is an option", "1. S\na) B\nb) A\nAnswer: A", []string{"S:a"}, []string{"warning csv_key_ambiguous@4"}},
		{"a number that can be nothing else", "1. S\na) 30\nb) 20\nAnswer: 20", []string{"S:b"}, []string{"note csv_key_text@4"}},
		{"numbers from 1", "1. S\na) x\nb) y\nAnswer: 2\n2. T\na) x\nb) y\nAnswer: 1", []string{"S:b", "T:a"}, []string{"note csv_key_number@4"}},
		{"numbers from 0", "1. S\na) x\nb) y\nc) z\nAnswer: 2\n2. T\na) x\nb) y\nAnswer: 0\n3. U\na) x\nb) y\nAnswer: b", []string{"U:b"},
			[]string{"error csv_key_from_zero@5", "error csv_key_from_zero@9"}},
		{"a zero that is an option", "1. S\na) x\nb) y\nAnswer: 2\n2. T\na) 0\nb) 5\nAnswer: 0", []string{"S:b", "T:a"},
			[]string{"note csv_key_number@4", "note csv_key_text@8"}},
		{"texts everywhere", "1. S\na) B\nb) A\nAnswer: A\n2. T\na) cat\nb) dog\nAnswer: dog", []string{"S:b", "T:b"},
			[]string{"warning table_key_texts@4", "note csv_key_text@8"}},
		{"circled", "1. S\n①3\n②2\n③1\n正解：③\n2. T\n①3\n②2\n③1\n正解：3", []string{"S:c", "T:c"}, []string{"warning csv_key_ambiguous@10"}},
		{"kana", "1. S\nア）x\nイ）y\n正解：B", []string{"S:b"}, []string{"note prose_letter@4"}},
		{"a word of letters", "1. S\na) good\nb) poor\nc) fair\nd) ugly\nAnswer: bad", nil, []string{"error table_key_word@6"}},
		{"letters beside texts", "1. S\na) x\nb) y\nAnswer: ab\n2. T\na) cat\nb) dog\nAnswer: dog", []string{"T:b"},
			[]string{"error table_key_word@4", "note csv_key_text@8"}},
		{"letters in a row", "1. S\na) x\nb) y\nc) z\nAnswer: AC", []string{"S:ac"}, []string{"warning prose_run@5"}},
		{"letters that are an option", "1. S\na) A\nb) B\nc) AB\nd) O\nAnswer: AB", nil, []string{"error csv_key_ambiguous@6"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parseAs(t, "q.txt", tt.data, questionset.Options{Format: questionset.Typed})
			wantFound(t, f, tt.found...)
			wantTaken(t, f, tt.taken)
		})
	}
	f := parseAs(t, "q.txt", "S\nA) B\nB) A\nANSWER: A", questionset.Options{Format: questionset.Aiken})
	wantFound(t, f, "warning csv_key_ambiguous@4")
	wantTaken(t, f, []string{"S:a"})
}

// What no question needs is refused without keeping all of it, and those behind it are read.
func TestProseBounds(t *testing.T) {
	long := strings.Repeat("x\n", 4*questionset.MaxText)
	for format, data := range map[questionset.Format]string{
		questionset.Typed: "1. S\na) p\n" + long + "*b) q\n\n2. T\na) p\n*b) q\n\n3. " + long,
		questionset.Aiken: "S\nA) p\nB) q\n" + long + "ANSWER: A\n\nT\nA) p\nB) q\nANSWER: B\n\n" + long,
		questionset.GIFT:  "S{=p\n" + long + "=q}\n\n// [id:t]\nT{~a =b}\n\n" + long,
	} {
		f := parseAs(t, "q.txt", data, questionset.Options{Format: format})
		wantTaken(t, f, []string{"T:b"})
		if n := f.Report.Counts; n.Seen != 3 || codesOf(f)[0] != "too_long" || lines(f, questionset.Error) != 2 {
			t.Errorf("%s: %+v %q", format, n, found(f))
		}
	}
	f := parseAs(t, "q.txt", "S\nA) p\n"+strings.Repeat("B) q\n", questionset.MaxAnswers)+"ANSWER: A", questionset.Options{Format: questionset.Aiken})
	wantFound(t, f, "error too_many_answers@1")
	f = parseAs(t, "q.txt", "1. S\na) p\n*b) q\n\n"+strings.Repeat("x\n", 2_000), questionset.Options{Format: questionset.Typed})
	if codes := codesOf(f); len(codes) != 1_001 || codes[1_000] != "not_listed" || f.Report.Counts.Taken != 1 {
		t.Errorf("%d findings, %+v", len(codes), f.Report.Counts)
	}
	f = parseAs(t, "q.txt", "1. S\na) p\n*b) q\n2. T\n"+strings.Repeat("x\n\n", 10*questionset.MaxQuestions), questionset.Options{Format: questionset.Typed})
	wantFound(t, f, "error too_many_lines@1999997")
	wantTaken(t, f, []string{"S:b"})
}

// A list in the last line is one of all questions only where these have no answers of their own.
func TestAnswerThatLooksLikeAList(t *testing.T) {
	const two = "1. S\na) x\nb) y\nAnswer: a\n2. T\na) x\nb) y\nAnswer: a\n"
	f := parseAs(t, "q.txt", two+"3. Match 1 to 3.\na) x\nb) y\nc) z\nAnswer: 1-B, 2-C, 3-A\n", questionset.Options{Format: questionset.Typed})
	wantFound(t, f, "error prose_list_plain@13")
	wantTaken(t, f, []string{"S:a", "T:a"})
}

// Files of text are told apart by what they hold, whatever they are called.
func TestTextFormatsAreToldApart(t *testing.T) {
	for want, data := range map[questionset.Format]string{
		questionset.Aiken: "Who wrote {it}?\nA) p\nB) q\nANSWER: B",
		questionset.GIFT:  "::Q::Who? {=p ~q}\n\nWhat is A) here? {T}",
		questionset.Typed: "1. Who wrote {it}?\na) p\n*b) q",
		questionset.CSV:   "question,option_a,option_b,correct_answer\n\"1. S\na) p\nb) q\",1,2,A\n",
		questionset.Exam:  "exam: a\ntitle: b\n",
	} {
		if f := parse(t, "x.txt", data); f.Format != want {
			t.Errorf("%s read as %q", want, f.Format)
		}
	}
	if f := parse(t, "x.txt", "S\na. p\nb. q\nAnswer: b"); f.Format != questionset.Aiken {
		t.Errorf("dialect read as %q", f.Format)
	}
	q := one(t, parse(t, "x.txt", cp932(t, "問い？\nA) 甲\nB) 乙のほう\nANSWER: B")))
	if q.Question.Stem.Source != "問い？" {
		t.Errorf("%+v", q)
	}
}

// TestAnyLinesAreTakenOrNamed puts lines together that matter.
func TestAnyLinesAreTakenOrNamed(t *testing.T) {
	pieces := []string{"", "S", "A) p", "B) q", "B. r", "C) s", "a) p", "*b) q", "ANSWER: B", "ANSWER: 3", "Answer: a, b", "Feedback: f", "Points: 1",
		"1. S", "2) T", "問3 U", "ア）甲", "①乙", "\x00", "answer: true", "A. Smith", "3"}
	rapid.Check(t, func(rt *rapid.T) {
		data := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 30).Draw(rt, "lines"), "\n")
		for _, format := range []questionset.Format{questionset.Aiken, questionset.Typed} {
			f := parseAs(t, "q.txt", data, questionset.Options{Format: format})
			n := f.Report.Counts
			if n.Seen != n.Taken+n.Refused+n.Identical || n.Refused < 0 || lines(f, questionset.Error) < n.Refused {
				rt.Fatalf("%s: %+v %q", format, n, found(f))
			}
			for i := range f.Questions {
				checkQuestion(t, &f.Questions[i])
			}
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add([]byte("S\nA) p\nB) q\nANSWER: B\nFeedback: x\n"))
	f.Add([]byte("1. S\na) p\n*b) q\n\n問2 T\nア）甲\nイ）乙\n正解：ア"))
	f.Add([]byte("S\n\nA) p\nB) q\nANSWER: C\nANSWER: A\n1. T\na. p\n答え：イ\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []questionset.Format{questionset.Aiken, questionset.Typed} {
			checkFileAs(t, "f.txt", string(data), questionset.Options{Format: format})
		}
	})
}
