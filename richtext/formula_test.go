package richtext_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"shiken/exam"
	"shiken/richtext"
)

// x is the formula x, by itself.
const x = "<math><mi>x</mi></math>"

func TestFormulas(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		block, plain string
	}{
		{"dollars", `a $x$ b`, "a " + x + " b", "a x b"},
		{"brackets", `a \(x\) b`, "a " + x + " b", "a x b"},
		{"displayed", `$$x$$ \[x\]`, `<math display="block"><mi>x</mi></math> <math display="block"><mi>x</mi></math>`, "x x"},
		{"Japanese around", `関数$x$の値`, "関数" + x + "の値", "関数xの値"},
		{"a script at a word", `10$^{-3}$, CO$_2$`, `10<math><msup><mrow></mrow><mrow><mo form="prefix">−</mo><mn>3</mn></mrow></msup></math>, CO<math><msub><mrow></mrow><mn>2</mn></msub></math>`, "10^(−3), CO_2"},
		{"the n-th", `$x$th`, x + "th", "xth"},
		{"an inequality", `$a<b$`, `<math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>`, "a < b"},
		{"prices", `$5 and $6 or US$10/US$20, 10$と20$`, "", ""},
		{"a price behind", `$x$5`, "", ""},
		{"variables", `$a, $b, $a+$b and ${x}[$i] or $HOME/bin:$PATH`, "", ""},
		{"escaped", `\$x\$ \\(x\\)`, "", ""},
		{"alone", `$ $$ \( \[ $x`, "", ""},
		{"nothing in it", `$$ $$ \( \)`, "", ""},
		{"a paragraph between", "$x\n\ny$", "", ""},
		{"what cannot be read", `$\ce{H2O}$ and \(\foo\) and $$\foo$$`, "", ""},
		{"what cannot be read beside what can", `$\foo$ $x$`, `$\foo$ ` + x, `$\foo$ x`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := richtext.New()
			want, plain := tt.block, tt.plain
			if want == "" {
				want, plain = escaped(tt.source), strings.Join(strings.Fields(tt.source), " ")
			}
			plainText := text(exam.Plain, tt.source)
			if got := string(r.Inline(plainText)); strings.TrimSpace(got) != strings.TrimSpace(strings.ReplaceAll(want, "\n", "<br/>")) {
				t.Errorf("plain: %s\nwant   %s", got, want)
			}
			if got := r.Plaintext(plainText); got != plain {
				t.Errorf("plain reads %q, want %q", got, plain)
			}
			in := text(exam.HTML, "<p>"+escaped(tt.source)+"</p>")
			if got := string(r.Block(in)); got != "<p>"+want+"</p>" {
				t.Errorf("html: %s\nwant  <p>%s</p>", got, want)
			}
			if got := r.Plaintext(in); got != plain {
				t.Errorf("html reads %q, want %q", got, plain)
			}
		})
	}
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// In Markdown nothing within a formula is Markdown's, and code is no formula.
func TestFormulasInMarkdown(t *testing.T) {
	for _, tt := range []struct{ source, block, plain string }{
		{`$a_1*b_2$ *c*`, `<p><math><msub><mi>a</mi><mn>1</mn></msub><mo>∗</mo><msub><mi>b</mi><mn>2</mn></msub></math> <em>c</em></p>`, "a_1 ∗ b_2 c"},
		{`\(x\) \[x\]`, "<p>" + x + ` <math display="block"><mi>x</mi></math></p>`, "x x"},
		{"$$\nx\n$$", `<p><math display="block"><mi>x</mi></math></p>`, "x"},
		{`\$x\$ $5 and $6`, `<p>$x$ $5 and $6</p>`, "$x$ $5 and $6"},
		{"`$x$` $x$", `<p><code>$x$</code> ` + x + `</p>`, "$x$ x"},
		{"```\n$x$ \\(x\\)\n```", "<pre><code>$x$ \\(x\\)\n</code></pre>", `$x$ \(x\)`},
		{`$\foo_1$ and *$y_1$*`, `<p>$\foo_1$ and <em><math><msub><mi>y</mi><mn>1</mn></msub></math></em></p>`, `$\foo_1$ and y_1`},
		{`![a $x$ b](/media/a.png)`, `<p><img src="/media/a.png" alt="a x b"/></p>`, "a x b"},
		{"|a|\n|-|\n|$x$|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>" + x + "</td>\n</tr>\n</tbody>\n</table>", "a x"},
		{`$a<b$ & c`, `<p><math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math> &amp; c</p>`, "a < b & c"},
	} {
		r := richtext.New()
		in := text(exam.Markdown, tt.source)
		if got := strings.TrimSpace(string(r.Block(in))); got != tt.block {
			t.Errorf("%q\n is   %s\n want %s", tt.source, got, tt.block)
		}
		if got := r.Plaintext(in); got != tt.plain {
			t.Errorf("%q reads %q, want %q", tt.source, got, tt.plain)
		}
	}
}

// MathML of files comes out where it stood, and code is left as it is.
func TestFormulasInHTML(t *testing.T) {
	for _, tt := range []struct{ source, block, plain string }{
		{`<p>a <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math> b</p>`, "<p>a " + x + " b</p>", "a x b"},
		{`<table><tr><td><math><mi>x</mi></math></td></tr></table>`, "<table><tbody><tr><td>" + x + "</td></tr></tbody></table>", "x"},
		{`<ruby><math><mi>x</mi></math><rt>えっくす</rt></ruby>`, "<ruby>" + x + "<rt>えっくす</rt></ruby>", "x"},
		{`<code>$x$</code><pre>\(x\)</pre><kbd>$x$</kbd>`, `<code>$x$</code><pre>\(x\)</pre><kbd>$x$</kbd>`, `$x$\(x\) $x$`},
		{`<code><math><mi>x</mi></math></code>`, "<code>x</code>", "x"},
		{`<img src="/media/a.png" alt="$x$">`, `<img src="/media/a.png" alt="$x$"/>`, "$x$"},
		{`<math><mi>x</mi></math>&#xFDD0;m0&#xFDD1;`, x, "x"},
		{`<math>`, "", ""},
		{`a<math></math>b`, "ab", "ab"},
	} {
		r := richtext.New()
		in := text(exam.HTML, tt.source)
		if got := string(r.Block(in)); got != tt.block {
			t.Errorf("%q\n is   %s\n want %s", tt.source, got, tt.block)
		}
		if got := r.Plaintext(in); got != tt.plain {
			t.Errorf("%q reads %q, want %q", tt.source, got, tt.plain)
		}
	}
}

func TestSounds(t *testing.T) {
	src := "/media/" + strings.Repeat("0a", 32) + ".mp3"
	player := `<audio controls="" preload="none" src="` + src + `"></audio>`
	for _, tt := range []struct{ source, block, plain string }{
		{`<audio src="` + src + `" autoplay loop></audio>`, player, "♪"},
		{`<p>a <audio controls><source src="` + src + `" type="audio/mpeg">Not here</audio> b</p>`, "<p>a " + player + " b</p>", "a ♪ b"},
		{`<video src="` + src + `" poster="/media/a.png"></video>`, player, "♪"},
		{`<audio src="https://a.example/a.mp3">words <b>for it</b></audio>`, "words <b>for it</b>", "words for it"},
		{`<audio src="/media/a.mp3"></audio><source src="` + src + `">`, "", ""},
	} {
		r := richtext.New()
		in := text(exam.HTML, tt.source)
		if got := string(r.Block(in)); got != tt.block {
			t.Errorf("%q\n is   %s\n want %s", tt.source, got, tt.block)
		}
		if got := r.Plaintext(in); got != tt.plain {
			t.Errorf("%q reads %q, want %q", tt.source, got, tt.plain)
		}
	}
}

// processorTime is what this process has used so far; what else runs on the machine does not count.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// However a text is written, its formulas take little time.
func TestFormulasAreBounded(t *testing.T) {
	r := richtext.New()
	for _, part := range []string{"$", "$a ", "$$a", `\(`, `\(a`, "$x$ ", "<math>", "<math><mi>x</mi></math>", "&#xFDD0;m0&#xFDD1;", `\$`, `$\foo$ `} {
		for _, format := range []exam.TextFormat{exam.Plain, exam.Markdown, exam.HTML} {
			began := processorTime(t)
			out := r.Block(text(format, "<math><mi>x</mi></math>"+strings.Repeat(part, 64<<10/len(part))))
			if took := processorTime(t) - began; took > 5*time.Second || len(out) > 4<<20 {
				t.Errorf("%s %q: %v, %d bytes", format, part, took, len(out))
			}
		}
	}
}
