package worddiff_test

import (
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shiken/internal/worddiff"
)

// marked writes a difference on one line.
func marked(list []worddiff.Span) string {
	var b strings.Builder
	for _, s := range list {
		switch s.Op {
		case worddiff.Deleted:
			b.WriteString("[-" + s.Text + "-]")
		case worddiff.Added:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct{ before, after, want string }{
		{"", "", ""},
		{"same text", "same text", "same text"},
		{"", "new", "{+new+}"},
		{"old", "", "[-old-]"},
		{"a red door", "a blue door", "a [-red-]{+blue+} door"},
		{"a red old door", "a blue new door", "a [-red old-]{+blue new+} door"},
		{"one two three", "one three", "one [-two -]three"},
		{"one three", "one two three", "one {+two +}three"},
		{"water boils at 90 degrees.", "water boils at 100 degrees!", "water boils at [-90-]{+100+} degrees[-.-]{+!+}"},
		{"梁の役割は何ですか", "柱の役割は何ですか", "[-梁-]{+柱+}の役割は何ですか"},
		{"naïve idea", "naive idea", "[-naïve-]{+naive+} idea"},
	} {
		if got := marked(worddiff.Diff(tt.before, tt.after)); got != tt.want {
			t.Errorf("%q → %q: %s, want %s", tt.before, tt.after, got, tt.want)
		}
	}
}

// whole gives the texts that a difference is of.
func whole(list []worddiff.Span) (before, after string) {
	for _, s := range list {
		if s.Op != worddiff.Added {
			before += s.Text
		}
		if s.Op != worddiff.Deleted {
			after += s.Text
		}
	}
	return before, after
}

func TestADifferenceHoldsBothTexts(t *testing.T) {
	text := rapid.StringMatching(`[ab 梁柱.]{0,40}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "before"), text.Draw(t, "after")
		list := worddiff.Diff(a, b)
		if before, after := whole(list); before != a || after != b {
			t.Fatalf("%q → %q gives %s", a, b, marked(list))
		}
		for i := range list {
			if list[i].Text == "" || i > 0 && list[i].Op == list[i-1].Op {
				t.Fatalf("%q → %q: spans %+v", a, b, list)
			}
		}
	})
}

// Texts that have little in common, and long ones, are compared in a moment, and whole all the same.
func TestDiffIsBounded(t *testing.T) {
	for name, texts := range map[string][2]string{
		"nothing in common": {strings.Repeat("a b c d ", 1_000), strings.Repeat("e f g h ", 1_000)},
		"long":              {strings.Repeat("a b ", 30_000), strings.Repeat("b a ", 30_000)},
	} {
		if before, after := whole(worddiff.Diff(texts[0], texts[1])); before != texts[0] || after != texts[1] {
			t.Errorf("%s: not the texts that were given", name)
		}
	}
}

// Long texts whose words are nearly all equal, between two that are not, cost in proportion to their length.
func TestDiffOfLongTexts(t *testing.T) {
	allocated := func(words int) float64 {
		middle := strings.Repeat("長い言葉の言葉 ", words)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		list := worddiff.Diff("a "+middle+"b", "c "+middle+"d")
		runtime.ReadMemStats(&after)
		if was, is := whole(list); was != "a "+middle+"b" || is != "c "+middle+"d" || len(list) > 6 {
			t.Errorf("%d spans of other texts", len(list))
		}
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	if short, long := allocated(300), allocated(1200); long > 8*short {
		t.Errorf("four times the words take %.1f times the memory", long/short)
	}
}
