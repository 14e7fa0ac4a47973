package mathml_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"shiken/internal/mathml"
)

func TestTeX(t *testing.T) {
	for _, tt := range []struct{ tex, markup, text string }{
		{`x`, `<mi>x</mi>`, "x"},
		{`3.14`, `<mn>3.14</mn>`, "3.14"},
		{`x^2+y_1'`, `<msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msubsup><mi>y</mi><mn>1</mn><mo>′</mo></msubsup>`, "x^2 + y_1′"},
		{`x^23`, `<msup><mi>x</mi><mn>2</mn></msup><mn>3</mn>`, "x^23"},
		{`-b\pm a`, `<mo form="prefix">−</mo><mi>b</mi><mo>±</mo><mi>a</mi>`, "−b ± a"},
		{`\frac{a+b}{2}`, `<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>`, "(a + b)/2"},
		{`\frac12`, `<mfrac><mn>1</mn><mn>2</mn></mfrac>`, "1/2"},
		{`a \over b`, `<mfrac><mi>a</mi><mi>b</mi></mfrac>`, "a/b"},
		{`\sqrt{2}\sqrt[3]x`, `<msqrt><mn>2</mn></msqrt><mroot><mi>x</mi><mn>3</mn></mroot>`, "√2√[3]x"},
		{`\sum_{i=1}^n i`, `<munderover><mo movablelimits="true">∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>`, "∑_(i = 1)^n i"},
		{`\int\limits_0^1`, `<munderover><mo>∫</mo><mn>0</mn><mn>1</mn></munderover>`, "∫_0^1"},
		{`\sin x`, `<mi>sin</mi><mo>` + "\u2061" + `</mo><mspace width="0.1667em"></mspace><mi>x</mi>`, "sin x"},
		{`\left(\frac12\right]`, `<mrow><mo fence="true" stretchy="true">(</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><mo fence="true" stretchy="true">]</mo></mrow>`, "(1/2]"},
		{`\begin{pmatrix}a&b\\c&d\\\end{pmatrix}`, `<mrow><mo fence="true" stretchy="true">(</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable><mo fence="true" stretchy="true">)</mo></mrow>`, "(a, b; c, d)"},
		{`\begin{array}{l|r}a&b\end{array}`, `<mrow><mtable><mtr><mtd class="math-left"><mi>a</mi></mtd><mtd class="math-right math-bar"><mi>b</mi></mtd></mtr></mtable></mrow>`, "a, b"},
		{`\begin{cases}1&\text{if $x$}\end{cases}`, `<mrow><mo fence="true" stretchy="true">{</mo><mtable><mtr><mtd class="math-left"><mn>1</mn></mtd><mtd class="math-left"><mrow><mtext>if` + "\u00a0" + `</mtext><mi>x</mi></mrow></mtd></mtr></mtable></mrow>`, "{1, if x"},
		{`a&=b`, `<mtable displaystyle="true"><mtr><mtd class="math-right math-tight"><mi>a</mi></mtd><mtd class="math-left math-tight"><mo>=</mo><mi>b</mi></mtd></mtr></mtable>`, "a, = b"},
		{`\mathbb{R}\mathbf{v}\mathrm{km}\mathcal{L}\mathit{h}`, `<mi>ℝ</mi><mi>𝐯</mi><mi>km</mi><mi>ℒ</mi><mi>ℎ</mi>`, "ℝ𝐯kmℒℎ"},
		{`\mathrm d x`, `<mi mathvariant="normal">d</mi><mi>x</mi>`, "dx"},
		{`{\rm ab}c`, `<mi>ab</mi><mi>c</mi>`, "abc"},
		{`\vec v\cdot\overline{AB}`, `<mover accent="true"><mi>v</mi><mo stretchy="false">→</mo></mover><mo>⋅</mo><mover accent="true"><mrow><mi>A</mi><mi>B</mi></mrow><mo stretchy="true">‾</mo></mover>`, "v⃗ ⋅ AB^‾"},
		{`\overbrace{a+b}^n`, `<mover><mover><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mo stretchy="true">⏞</mo></mover><mi>n</mi></mover>`, "a + b^n"},
		{`\binom nk`, `<mrow><mo fence="true" stretchy="true">(</mo><mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac><mo fence="true" stretchy="true">)</mo></mrow>`, "(n; k)"},
		{`|x|\ne 5\%`, `<mo stretchy="false" lspace="0" rspace="0">|</mo><mi>x</mi><mo stretchy="false" lspace="0" rspace="0">|</mo><mo>≠</mo><mn>5</mn><mi mathvariant="normal">%</mi>`, "|x| ≠ 5%"},
		{`\not\subset\not=`, "<mo>⊂\u0338</mo><mo>≠</mo>", "⊂\u0338 ≠"},
		{`面積=5\,\text{m}^2`, `<mtext>面積</mtext><mo>=</mo><mn>5</mn><mspace width="0.1667em"></mspace><msup><mtext>m</mtext><mn>2</mn></msup>`, "面積 = 5 m^2"},
		{`\xrightarrow[b]{a}`, `<munderover><mo stretchy="true">→</mo><mi>b</mi><mi>a</mi></munderover>`, "→_b^a"},
		{`\operatorname{rank}A`, `<mi>rank</mi><mo>` + "\u2061" + `</mo><mspace width="0.1667em"></mspace><mi>A</mi>`, "rank A"},
		{`7\bmod 3`, `<mn>7</mn><mo>mod</mo><mn>3</mn>`, "7 mod 3"},
		{`\boxed{x}`, `<menclose notation="box"><mi>x</mi></menclose>`, "x"},
		{`\displaystyle x`, `<mstyle displaystyle="true" scriptlevel="0"><mi>x</mi></mstyle>`, "x"},
		{`a<b \& c>"d"`, `<mi>a</mi><mo>&lt;</mo><mi>b</mi><mi mathvariant="normal">&amp;</mi><mi>c</mi><mo>&gt;</mo><mi mathvariant="normal">&#34;</mi><mi>d</mi><mi mathvariant="normal">&#34;</mi>`, `a < b&c > "d"`},
	} {
		n, ok := mathml.TeX(tt.tex, false)
		if !ok {
			t.Errorf("%s is not read", tt.tex)
			continue
		}
		if got, want := n.String(), "<math>"+tt.markup+"</math>"; got != want {
			t.Errorf("%s\n is   %s\n want %s", tt.tex, got, want)
		}
		if got := n.Text(); got != tt.text {
			t.Errorf("%s reads %q, want %q", tt.tex, got, tt.text)
		}
	}
	if n, _ := mathml.TeX("x", true); n.String() != `<math display="block"><mi>x</mi></math>` {
		t.Errorf("displayed: %s", n)
	}
}

// What cannot be read whole is not read at all.
func TestTeXThatIsNotRead(t *testing.T) {
	for _, tex := range []string{
		``, ` `, `\ce{H2O}`, `\def\x{y}\x`, `\newcommand{\x}{y}`, `\input{/etc/passwd}`, `\href{javascript:alert(1)}{x}`, `x^2^3`, `x_1_2`, `{a`, `a}`,
		`\frac{1}`, `\frac`, `\sqrt[3`, `\left(x`, `x\right)`, `\left x y\right)`, `\begin{matrix}a`, `\begin{matrix}a\end{pmatrix}`, `\begin{tikzpicture}\end{tikzpicture}`,
		`\begin{array}{p{2cm}}a\end{array}`, `\text{a $x}`, `\text{\cite{x}}`, `a $ b`, `#1`, "a\x00b", "\xff", `\`, `x^`, `_`, `\not{ab}`, `\big x`, `\hspace{99em}`, `\operatorname{a_b}`,
		"a\u202eb", strings.Repeat("x", mathml.MaxSource+1),
	} {
		if n, ok := mathml.TeX(tex, false); ok {
			t.Errorf("%q is read as %s", tex, n)
		}
	}
}

// However it is written, a formula takes little time, and is not nested deeper than parsers go.
func TestTeXIsBounded(t *testing.T) {
	deep := func(command string) string { return strings.Repeat(command, 30) + "x" }
	for _, part := range []string{deep(`\hat`), deep(`\frac1`), deep(`\overset a`), deep(`x^\sqrt`), `{`, `\hat`, `\sqrt`, `\left(`, `\begin{matrix}`, `\over`, `\displaystyle `, `^`, `x^{`, `\text{$`, `&`, `\\`, `[`, `\frac{a}`, `\sqrt[`, `\left.a\middle`, `\rm `, `'`} {
		source := strings.Repeat(part, mathml.MaxSource/len(part))
		began := time.Now()
		if n, ok := mathml.TeX(source, true); ok {
			wantFlat(t, n.String())
			_ = n.Text()
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: %v", part, took)
		}
	}
}

// wantFlat wants markup that a parser with a bound reads.
func wantFlat(t *testing.T, markup string) {
	t.Helper()
	if _, err := html.Parse(strings.NewReader(markup)); err != nil {
		t.Errorf("%.60s…: %v", markup, err)
	}
}

func FuzzTeX(f *testing.F) {
	for _, seed := range []string{`x^2`, `\frac{a}{b}`, `\begin{cases}a&b\\c\end{cases}`, `\left\{\text{a $b$}\right.`, `\sqrt[3]{x}`, `\not=`, `\overbrace{x}^{y}`, `a\over b`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		n, ok := mathml.TeX(tex, true)
		if ok {
			wantSame(t, n)
			_ = n.Text()
		}
	})
}

// wantSame wants a formula that a parser reads as it was meant.
func wantSame(t *testing.T, n *mathml.Node) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader("<!doctype html><body>" + n.String()))
	if err != nil {
		t.Fatalf("%s: %v", n, err)
	}
	var again strings.Builder
	for d := range doc.Descendants() {
		if d.Type == html.ElementNode && d.Data == "body" {
			for child := range d.ChildNodes() {
				if err := html.Render(&again, child); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if again.String() != n.String() {
		t.Fatalf("written %s\nread    %s", n, again.String())
	}
}
