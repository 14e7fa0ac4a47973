package richtext_test

import (
	"strings"
	"sync"
	"testing"

	"shiken/exam"
	"shiken/richtext"
)

func text(format exam.TextFormat, source string) exam.Text {
	return exam.Text{Format: format, Source: source}
}

func TestRendering(t *testing.T) {
	tests := []struct {
		name                 string
		format               exam.TextFormat
		source               string
		block, inline, plain string
	}{
		{"nothing", exam.Plain, "", "", "", ""},
		{"no format is plain", "", "a < b & \"c\"\r\nd",
			"<p>a &lt; b &amp; &#34;c&#34;<br/>d</p>", "a &lt; b &amp; &#34;c&#34;<br/>d", `a < b & "c" d`},
		{"plain paragraphs", exam.Plain, "一\n\n\n二\n", "<p>一</p><p>二</p>", "一<br/><br/><br/>二", "一 二"},
		{"plain markup stays text", exam.Plain, "<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>", "&lt;b&gt;x&lt;/b&gt;", "<b>x</b>"},
		{"an unknown format is plain", "latex", "<b>", "<p>&lt;b&gt;</p>", "&lt;b&gt;", "<b>"},
		{"markdown", exam.Markdown, "*a* `b<c`\n\nd", "<p><em>a</em> <code>b&lt;c</code></p>\n<p>d</p>\n",
			"<em>a</em> <code>b&lt;c</code><br/>d", "a b<c d"},
		{"markdown omits raw HTML", exam.Markdown, "a<script>alert(1)</script>b", "<p>aalert(1)b</p>\n", "aalert(1)b", "aalert(1)b"},
		{"markdown table", exam.Markdown, "|a|\n|-:|\n|1|",
			"<table>\n<thead>\n<tr>\n<th align=\"right\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"right\">1</td>\n</tr>\n</tbody>\n</table>\n",
			"<table>\n<thead>\n<tr>\n<th align=\"right\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"right\">1</td>\n</tr>\n</tbody>\n</table>",
			"a 1"},
		{"ruby", exam.HTML, "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>",
			"<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>",
			"<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字"},
		{"classes and styles go", exam.HTML, `<p class="x" style="color:red" id="stem" lang="ja">H<sub>2</sub>O</p>`,
			`<p lang="ja">H<sub>2</sub>O</p>`, "H<sub>2</sub>O", "H2O"},
		{"inline paragraphs become lines", exam.HTML, "<p>a</p>\n<div>b</div> c <ul><li>d</li></ul>",
			"<p>a</p>\n<div>b</div> c <ul><li>d</li></ul>", "a<br/>b<br/> c <ul><li>d</li></ul>", "a b c d"},
		{"inline keeps spaces between words", exam.HTML, "<b>a</b>\n<i>b</i>", "<b>a</b>\n<i>b</i>", "<b>a</b>\n<i>b</i>", "a b"},
		{"headings stand below the page's own", exam.HTML, "<h1>a</h1><h4>b</h4>", "<h3>a</h3><h4>b</h4>", "<h3>a</h3><h4>b</h4>", "a b"},
		{"open tags are closed", exam.HTML, "<table><tr><td><b>x", "<table><tbody><tr><td><b>x</b></td></tr></tbody></table>",
			"<table><tbody><tr><td><b>x</b></td></tr></tbody></table>", "x"},
		{"stray end tags go", exam.HTML, "x</div></form></main>y", "xy", "xy", "xy"},
		{"stored pictures", exam.HTML, `<img src="/media/ab12.png" alt="図" width="40" onerror="x()">`,
			`<img src="/media/ab12.png" alt="図" width="40"/>`, `<img src="/media/ab12.png" alt="図" width="40"/>`, "図"},
		{"pictures within the text", exam.HTML, `<img src="data:image/png;base64,iVBORw0KGgo=">`,
			`<img src="data:image/png;base64,iVBORw0KGgo="/>`, `<img src="data:image/png;base64,iVBORw0KGgo="/>`, ""},
		{"links open beside the exam", exam.HTML, `<a href="https://example.org/a?b=1&amp;c">x</a>`,
			`<a href="https://example.org/a?b=1&amp;c" rel="nofollow noreferrer noopener" target="_blank">x</a>`,
			`<a href="https://example.org/a?b=1&amp;c" rel="nofollow noreferrer noopener" target="_blank">x</a>`, "x"},
	}
	r := richtext.New()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := text(tt.format, tt.source)
			if got := string(r.Block(in)); got != tt.block {
				t.Errorf("Block = %q\nwant    %q", got, tt.block)
			}
			if got := string(r.Inline(in)); got != tt.inline {
				t.Errorf("Inline = %q\nwant     %q", got, tt.inline)
			}
			if got := r.Plaintext(in); got != tt.plain {
				t.Errorf("Plaintext = %q, want %q", got, tt.plain)
			}
		})
	}
}

func TestTooDeepOrTooLongIsShownAsText(t *testing.T) {
	r := richtext.New()
	for name, source := range map[string]string{
		"deep": strings.Repeat("<div>", 100_000),
		"long": "<b>" + strings.Repeat("x", richtext.MaxSource),
	} {
		if got := string(r.Block(text(exam.HTML, source))); !strings.HasPrefix(got, "<p>&lt;") {
			t.Errorf("%s: not shown as text: %.40q", name, got)
		}
	}
}

func TestTheSameTextIsRenderedTheSameByEveryone(t *testing.T) {
	r := richtext.New()
	sources := []string{"<b>a</b>", "*b*", "c"}
	formats := []exam.TextFormat{exam.Plain, exam.Markdown, exam.HTML}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				for _, source := range sources {
					for _, format := range formats {
						in := text(format, source)
						if got, want := r.Block(in), richtext.New().Block(in); got != want {
							t.Errorf("Block(%v) = %q, want %q", in, got, want)
							return
						}
					}
				}
			}
		})
	}
	all.Wait()
}

func TestMemoryIsBounded(t *testing.T) {
	r := richtext.New()
	filler := strings.Repeat("x", 1<<20-8)
	first := text(exam.Plain, "first")
	want := r.Block(first)
	for i := range 64 { // twice what is remembered
		r.Block(text(exam.Plain, filler+string(rune('a'+i))))
	}
	if size := r.Remembered(); size > 32<<20 || size < 16<<20 {
		t.Errorf("%d bytes are remembered", size)
	}
	if got := r.Block(first); got != want {
		t.Errorf("a forgotten text is rendered as %q, want %q", got, want)
	}
}

func BenchmarkStem(b *testing.B) {
	in := text(exam.HTML, strings.Repeat("<p>コンクリートの<sub>圧縮</sub>強度 &lt; 24</p>", 20))
	b.Run("remembered", func(b *testing.B) {
		r := richtext.New()
		for b.Loop() {
			r.Block(in)
		}
	})
	b.Run("rendered", func(b *testing.B) {
		for b.Loop() {
			richtext.New().Block(in)
		}
	})
}
