package mathml_test

import (
	"strings"
	"testing"
	"time"

	"shiken/internal/mathml"
)

func lift(source string) (rest string, found []*mathml.Node) {
	rest = mathml.Lift(source, func(n *mathml.Node) string {
		found = append(found, n)
		return "¤"
	})
	return rest, found
}

func TestMarkup(t *testing.T) {
	for _, tt := range []struct{ name, inner, markup, text string }{
		{"presentation", `<mfrac><mi>a</mi><mn>2</mn></mfrac>`, `<mfrac><mi>a</mi><mn>2</mn></mfrac>`, "a/2"},
		{"white space", "\n <mrow>\n <mi> a\n b </mi>\n </mrow>\n", `<mrow><mi>a b</mi></mrow>`, "a b"},
		{"entities", `<mi>&alpha;</mi><mo>&lt;</mo>`, `<mi>α</mi><mo>&lt;</mo>`, "α <"},
		{"variants", `<mi mathvariant="bold">x</mi><mi mathvariant="double-struck">R</mi><mi mathvariant="normal">d</mi>`, `<mi>𝐱</mi><mi>ℝ</mi><mi mathvariant="normal">d</mi>`, "𝐱ℝd"},
		{"fences", `<mfenced open="["><mi>a</mi><mi>b</mi></mfenced>`, `<mrow><mo fence="true" stretchy="true">[</mo><mi>a</mi><mo separator="true">,</mo><mi>b</mi><mo fence="true" stretchy="true">)</mo></mrow>`, "[a, b)"},
		{"alignment", `<mtable columnalign="right left"><mtr><mtd><mi>a</mi></mtd><mtd columnalign="right"><mi>b</mi></mtd></mtr></mtable>`, `<mtable><mtr><mtd class="math-right"><mi>a</mi></mtd><mtd class="math-right"><mi>b</mi></mtd></mtr></mtable>`, "a, b"},
		{"semantics", `<semantics><mi>a</mi><annotation encoding="application/x-tex">a</annotation><annotation-xml encoding="text/html"><p>b</p></annotation-xml></semantics>`, `<mi>a</mi>`, "a"},
		{"actions", `<maction actiontype="toggle"><mi>a</mi><mi>b</mi></maction>`, `<mi>a</mi>`, "a"},
		{"markup in text", `<mtext>a <b>b <i>c</i></b><script>d</script></mtext>`, `<mtext>a b c</mtext>`, "a b c"},
		{"text where none stands", `<mrow>a<mi>b</mi><p>c</p></mrow>`, `<mrow><mtext>a</mtext><mi>b</mi><mtext>c</mtext></mrow>`, "abc"},
		{"attributes", `<mi href="javascript:x()" xlink:href="y" onclick="z()" style="color:red" class="k" id="i" mathcolor="red">a</mi>`, `<mi>a</mi>`, "a"},
		{"classes of ours", `<mtable><mtr><mtd class="math-left"><mi>a</mi></mtd></mtr></mtable>`, `<mtable><mtr><mtd><mi>a</mi></mtd></mtr></mtable>`, "a"},
		{"lengths", `<mspace width="2em"/><mspace width="-99em"/><mspace width="9999px"/><mi>a</mi>`, `<mspace width="2em"></mspace><mspace></mspace><mspace></mspace><mi>a</mi>`, "a"},
		{"open elements", `<mrow><mi>a`, `<mrow><mi>a</mi></mrow>`, "a"},
		{"stray ends", `</p></mrow><mi>a</mi>`, `<mi>a</mi>`, "a"},
		{"formulas in formulas", `<mtext>a</mtext><math><mi>b</mi></math>`, `<mtext>a</mtext><mi>b</mi>`, "ab"},
		{"scripts on both sides", `<mmultiscripts><mi>C</mi><mprescripts/><mn>6</mn><none/></mmultiscripts>`, `<mmultiscripts><mi>C</mi><mprescripts></mprescripts><mn>6</mn><none></none></mmultiscripts>`, "C6"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rest, found := lift("a<math>" + tt.inner + "</math>b")
			if rest != "a¤b" || len(found) != 1 {
				t.Fatalf("%d formulas in %s", len(found), rest)
			}
			if got, want := found[0].String(), "<math>"+tt.markup+"</math>"; got != want {
				t.Errorf("read %s\nwant %s", got, want)
			}
			if got := found[0].Text(); got != tt.text {
				t.Errorf("reads %q, want %q", got, tt.text)
			}
			wantSame(t, found[0])
		})
	}
}

// What is no formula stays as it is, and prefixes of namespaces do not matter.
func TestLift(t *testing.T) {
	for _, tt := range []struct {
		source, rest string
		found        int
	}{
		{`<p>a</p>`, `<p>a</p>`, 0},
		{`<img alt="<math><mi>a</mi></math>"><math><mi>b</mi></math>`, `<img alt="<math><mi>a</mi></math>">¤`, 1},
		{`<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>a</m:mi></m:math>`, `¤`, 1},
		{`<MATH DISPLAY=block><MI>a</MI></MATH>`, `¤`, 1},
		{`<math></math>`, `<math></math>`, 0},
		{`a<math><mi>b</mi>`, `a<math><mi>b</mi>`, 0},
		{`<math/>a`, `<math/>a`, 0},
		{`<script><math><mi>a</mi></math></script>`, `<script><math><mi>a</mi></math></script>`, 0},
		{`<!-- <math><mi>a</mi></math> -->`, `<!-- <math><mi>a</mi></math> -->`, 0},
	} {
		rest, found := lift(tt.source)
		if rest != tt.rest || len(found) != tt.found {
			t.Errorf("%s: %d formulas in %s, want %d in %s", tt.source, len(found), rest, tt.found, tt.rest)
		}
	}
}

// However it is written, reading takes little time, and nothing comes of what is nested too deep.
func TestMarkupIsBounded(t *testing.T) {
	for _, part := range []string{strings.Repeat("<mover>", 40) + "<mi>x</mi>" + strings.Repeat("<mo>^</mo></mover>", 40), `<math>`, `<mrow>`, `<math><mi>`, `<mtext><b>`, `<math></math>`, `</mi>`, `<mfenced>`, `<mspace/>`} {
		began := time.Now()
		_, found := lift("<math>" + strings.Repeat(part, 64<<10/len(part)) + "</math>")
		for _, n := range found {
			wantFlat(t, n.String())
			_ = n.Text()
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%.60s: %v", part, took)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	f.Add(`<mfrac><mi>a</mi><mn>2</mn></mfrac>`)
	f.Add(`<mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`)
	f.Add(`<annotation-xml encoding="text/html"><svg><script>x</script></svg></annotation-xml><mi>a</mi>`)
	f.Fuzz(func(t *testing.T, inner string) {
		_, found := lift("<math>" + inner + "</math>")
		for _, n := range found {
			wantSame(t, n)
			_ = n.Text()
		}
	})
}
