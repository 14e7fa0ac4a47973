package richtext_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/richtext"
)

// joined writes pieces with [n] for a gap.
func joined(pieces []richtext.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(string(p.HTML))
		if p.Gap > 0 {
			b.WriteString("[" + strconv.Itoa(p.Gap) + "]")
		}
	}
	return b.String()
}

func TestGapped(t *testing.T) {
	r := richtext.New()
	for _, test := range []struct {
		name   string
		format exam.TextFormat
		source string
		n      int
		want   string
	}{
		{"plain", exam.Plain, "a _____(1) b & _____(2).", 2, "<p>a [1] b &amp; [2].</p>"},
		{"markdown, escaped", exam.Markdown, `*a* \_\_\_\_\_(1) b`, 1, "<p><em>a</em> [1] b</p>\n"},
		{"in a table", exam.HTML, "<table><tr><td>_____(1)</td></tr></table>", 1,
			"<table><tbody><tr><td>[1]</td></tr></tbody></table>"},
		{"in any order, once each", exam.HTML, "<p>_____(2)_____(1)_____(2)</p>", 2, "<p>[2][1]_____(2)</p>"},
		{"more underscores", exam.HTML, "_______(1)", 1, "[1]"},
		{"fewer underscores", exam.HTML, "____(1)", 1, "____(1)"},
		{"no such gap", exam.HTML, "_____(0) _____(3) _____(01) _____(99999)", 2, "_____(0) _____(3) _____(01) _____(99999)"},
		{"no mark", exam.HTML, "<p>a</p>", 3, "<p>a</p>"},
		{"in a link", exam.HTML, `<a href="https://e.example/">_____(1)</a>_____(1)`, 1,
			`<a href="https://e.example/" rel="nofollow noreferrer noopener" target="_blank">_____(1)</a>[1]`},
		{"in code", exam.HTML, "<pre>for _____(1) {\n}</pre>", 1, "<pre>for [1] {\n}</pre>"},
		{"in an attribute", exam.HTML, `<img src="/media/a.png" alt="_____(1)"/> _____(1)`, 1, `<img src="/media/a.png" alt="_____(1)"/> [1]`},
		{"in a script", exam.HTML, "<script>_____(1)</script><p>_____(1)</p>", 1, "<p>[1]</p>"},
		{"nothing", exam.HTML, "", 1, ""},
	} {
		if got := joined(r.Gapped(exam.Text{Format: test.format, Source: test.source}, test.n)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// FuzzGapped: whatever the text, the pieces with the marks put back are what Block gives, so that
// parting neither adds nor loses markup; no gap comes twice.
func FuzzGapped(f *testing.F) {
	f.Add("html", "<p>a _____(1) <b>_____(2)</b> <a href='https://e.example'>_____(3)</a>")
	f.Add("markdown", "\\_\\_\\_\\_\\_(1) <!-- _____(2) --> `_____(3)`")
	f.Add("plain", "< _____(1) &amp; _____(1)")
	f.Fuzz(func(t *testing.T, format, source string) {
		text := exam.Text{Format: exam.TextFormat(format), Source: source}
		r := richtext.New()
		whole := string(r.Block(text))
		rest := whole
		var seen []int
		for _, p := range r.Gapped(text, 3) {
			var ok bool
			if rest, ok = strings.CutPrefix(rest, string(p.HTML)); !ok {
				t.Fatalf("%q is not where %q goes on", p.HTML, rest)
			}
			if p.Gap == 0 {
				continue
			}
			if slices.Contains(seen, p.Gap) {
				t.Fatalf("gap %d twice", p.Gap)
			}
			seen = append(seen, p.Gap)
			mark := strings.TrimLeft(rest, "_")
			if rest, ok = strings.CutPrefix(mark, "("+strconv.Itoa(p.Gap)+")"); !ok {
				t.Fatalf("no mark at %q", mark)
			}
		}
		if rest != "" {
			t.Fatalf("%q is lost of %q", rest, whole)
		}
	})
}
