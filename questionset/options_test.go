package questionset_test

import (
	"testing"
)

// Marks that authors put beside the right option for themselves are told, and refused where the key surely says otherwise.
func TestMarksInOptions(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		found      []string // without notes
	}{
		{"typed, a tick", "1. Cap?\na) London\nb) Paris ✅\nAnswer: b", []string{"warning marked_option@1"}},
		{"typed, a word", "1. Cap?\na) x\nb) y (correct)\nAnswer: b", []string{"warning marked_option@1"}},
		{"typed, it differs", "1. Cap?\na) x\nb) y (correct)\nAnswer: a", []string{"error marked_other@1"}},
		{"typed, a star behind the letter", "1. Cap?\na) *Rome\nb) Paris\nAnswer: b", []string{"warning marked_other@1"}},
		{"a star of linguists", "1. Which sentence is grammatical?\na) *Him went home\nb) He went home\nAnswer: b", []string{"warning marked_other@1"}},
		{"a star beside a word", "1. Which sentence is grammatical?\na) *Him went\nb) He went (correct)\nc) He goed\nAnswer: b", []string{"warning marked_option@1"}},
		{"a word beside crosses", "1. Which?\na) 2 × 3 = 5\nb) 2 + 3 = 5 (correct)\nAnswer: a", []string{"error marked_other@1"}},
		{"an assignment", "1. Which assigns?\na) x <- correct\nb) x == correct\nAnswer: b", []string{"warning marked_other@1"}},
		{"ticks before and behind", "1. Which?\na) ✓ x\nb) y ✓\nc) z\nAnswer: a, b", []string{"warning marked_option@1"}},
		{"a tick at the end", "1. Which?\na) x ✓\nb) y\nAnswer: b", []string{"error marked_other@1"}},
		{"typed, one of two", "1. Cap?\na) x ✓\nb) y\nc) z\nAnswer: a, b", []string{"error marked_other@1"}},
		{"Aiken", "Cap?\nA) Rome ✓\nB) Paris\nANSWER: A", []string{"warning marked_option@1"}},
		{"Aiken, it differs", "Cap?\nA) ✔ Rome\nB) Paris\nANSWER: B", []string{"warning marked_other@1"}},
		{"Japanese", "問1 首都は？\nア）東京（正解）\nイ）大阪\n正解：イ", []string{"error marked_other@1"}},
		{"a table", "question,option_a,option_b,option_c,answer\nCap?,London,Paris,Rome (correct),C", []string{"warning marked_option@2"}},
		{"GIFT", "Cap? {=Rome ✓ ~Paris}", []string{"warning marked_option@1"}},
		{"ticks are what is asked for", "1. Which is a tick?\na) ✓\nb) ✗\nc) ○\nAnswer: b", nil},
		{"ticks are spoken of", "1. Which is a cross?\na) ✓ is a tick\nb) ✗ is a cross\nAnswer: b", []string{"warning marked_other@1"}},
		{"ticks are shown", "1. Which is a cross?\na) The sign ✓\nb) The sign ✗\nAnswer: b", []string{"warning marked_other@1"}},
		{"ticks in each", "1. Which?\na) x ✓\nb) y ✓\nAnswer: b", nil},
		{"ticks and crosses", "1. Which?\na) x ✓, y ✗\nb) x ✗, y ✓\nAnswer: a", nil},
		{"pointers", "1. Which?\na) *p\nb) p\nc) *Node->next * 2\nAnswer: b", nil},
	} {
		t.Run(tt.name, func(t *testing.T) { wantProblems(t, parse(t, "q.txt", tt.data), tt.found...) })
	}
}
