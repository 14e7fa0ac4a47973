package printable_test

import (
	"testing"

	"shiken/internal/printable"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"鍵 → B\n\tline": "鍵 → B\n\tline", "a\x1b[2Kb": "a\uFFFD[2Kb", "a\u009b2Kb\r": "a\uFFFD2Kb\uFFFD",
		"\x00\x7f": "\uFFFD\uFFFD", "a\u202eb\u2066": "a\uFFFDb\uFFFD", "👩\u200d🔬": "👩\u200d🔬", "": "",
	} {
		if got := printable.Text(in); got != want {
			t.Errorf("%q prints as %q", in, got)
		}
	}
}
