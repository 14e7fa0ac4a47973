package exam_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shiken/exam"
)

// accepts reports whether a pattern takes an answer.
func accepts(pattern, answer string) bool {
	item := itemOf(exam.ShortText)
	key := exam.Key{Texts: []exam.TextKey{{Pattern: pattern, Weight: exam.FullCredit, CaseSensitive: true}}}
	return exam.Grader{}.MarkOne(&item, &key, &exam.Response{Answer: exam.TextAnswer(answer)}) > 0
}

// TestWildcardsAsExpressions compares patterns with the regular expressions that they stand for.
func TestWildcardsAsExpressions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*\\]{1,12}`).Draw(t, "pattern")
		answer := rapid.StringMatching(`[ab*\\]{1,12}`).Draw(t, "answer")
		var b strings.Builder
		for rest := pattern; rest != ""; {
			switch {
			case strings.HasPrefix(rest, `\*`):
				b.WriteString(`\*`)
				rest = rest[2:]
				continue
			case rest[0] == '*':
				b.WriteString(`.*`)
			default:
				b.WriteString(regexp.QuoteMeta(rest[:1]))
			}
			rest = rest[1:]
		}
		want := regexp.MustCompile(`\A(?s:` + b.String() + `)\z`).MatchString(answer)
		if !strings.Contains(pattern, "*") {
			want = pattern == answer
		}
		if got := accepts(pattern, answer); got != want {
			t.Fatalf("%q takes %q: %t, want %t", pattern, answer, got, want)
		}
	})
}

// TestWildcardsTakeLittleTime: neither a pattern of many stars nor an answer that nearly fits takes the
// square of its length.
func TestWildcardsTakeLittleTime(t *testing.T) {
	answer := strings.Repeat("a", 60<<10)
	begun := time.Now()
	for _, pattern := range []string{
		strings.Repeat("*a", 30<<10) + "b", strings.Repeat("*", 60<<10) + "b", "*" + strings.Repeat("a", 30<<10) + "b*", strings.Repeat("*aa", 20<<10) + "*b*",
	} {
		if accepts(pattern, answer) {
			t.Errorf("%.20q… takes it", pattern)
		}
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
