// Package richtext turns the texts of questions into HTML that may stand on a page. Everything from
// files is untrusted: whatever the format, what comes out holds only the elements and attributes of
// one policy, its tags are balanced, and no script, style, form or foreign resource survives.
//
//	plain    ─ escape ──────────────────────────────────────────┐
//	markdown ─ goldmark, raw HTML omitted ─┐                    ▼
//	html ─ styles as elements ─────────────┴► policy ► tree ──► HTML, inline HTML, or plain text
//	formulas ─ mathml ► mark ───────────────────────► math ─┘
//
// The policy goes first and the parser second, so that tags which the policy took away leave no
// end tag behind that would close an element of the page. The policy admits no element that is
// parsed as anything else than HTML (math, svg, template, noscript, title, textarea), so parsing
// again cannot bring back what it removed.
//
// Formulas go another way: TeX ($…$, $$…$$, \(…\), \[…\]) and MathML are read by package mathml, and stand in
// the text as a mark of two characters while the policy and the parser work on it. Only in the tree that
// came of this a mark is replaced by the formula, built of the elements and attributes of that package's
// own list. In code nothing is a formula, and what cannot be read as one is shown as it was typed.
//
// The package knows the words of package exam and nothing of pages.
package richtext

import (
	"bytes"
	"html"
	"strings"

	xhtml "golang.org/x/net/html"

	"shiken/exam"
	"shiken/internal/mathml"
)

// HTML is markup that may be written to a page as it is.
type HTML string

// MaxSource is how many bytes of a text are read as Markdown or HTML; a longer one is shown as
// plain text. Loading bounds texts far below.
const MaxSource = 1 << 20

// Renderer renders texts and remembers what it rendered, because thousands of pages show the same
// stems. It is safe for concurrent use. Make one with New.
type Renderer struct{ cache *cache }

// New returns a renderer whose memory takes at most 32 MiB.
func New() *Renderer { return &Renderer{cache: newCache(maxCacheBytes)} }

// Block renders a text that stands for itself: a stem, an explanation.
func (r *Renderer) Block(t exam.Text) HTML { return HTML(r.cache.get('b', t, block)) }

// Inline renders a text that stands in a line, such as an option: paragraphs become line breaks.
// Lists, tables and the like stay what they are.
func (r *Renderer) Inline(t exam.Text) HTML { return HTML(r.cache.get('i', t, inline)) }

// Plaintext renders a text without markup, on one line: for titles, select boxes, alternatives.
// Images are read by their alternative text, and what stands above characters (ruby) is left out.
// The result is not escaped.
func (r *Renderer) Plaintext(t exam.Text) string { return r.cache.get('t', t, plaintext) }

func block(t exam.Text) string {
	if nodes, ok := tree(t, &marks{tries: maxFormulas}); ok {
		return write(nodes)
	}
	var b strings.Builder
	for _, paragraph := range strings.Split(unixLines(t.Source), "\n\n") {
		if paragraph = strings.Trim(paragraph, "\n"); strings.TrimSpace(paragraph) != "" {
			b.WriteString("<p>" + lines(paragraph) + "</p>")
		}
	}
	return b.String()
}

func inline(t exam.Text) string {
	if nodes, ok := tree(t, &marks{tries: maxFormulas}); ok {
		return strings.TrimSpace(write(unwrap(nodes)))
	}
	return lines(strings.TrimSpace(unixLines(t.Source)))
}

func plaintext(t exam.Text) string {
	text := t.Source
	if nodes, ok := tree(t, &marks{tries: maxFormulas, read: true}); ok {
		var b strings.Builder
		for _, n := range nodes {
			read(&b, n)
		}
		text = b.String()
	} else if mayHoldFormula(text) {
		var b strings.Builder
		tries := maxFormulas
		eachFormula(text, &tries, func(s string) { b.WriteString(s) }, func(n *mathml.Node) { b.WriteString(n.Text()) })
		text = b.String()
	}
	return strings.Join(strings.Fields(text), " ")
}

// tree renders Markdown and HTML to sanitised nodes, with their formulas. It reports false for texts that are to be
// shown as plain: those whose format says so, those too long, and those nested too deep to parse.
func tree(t exam.Text, m *marks) ([]*xhtml.Node, bool) {
	if len(t.Source) > MaxSource {
		return nil, false
	}
	switch t.Format {
	case exam.Markdown:
		var b bytes.Buffer
		if err := markdown.Convert([]byte(noMarks.Replace(t.Source)), &b); err != nil {
			return nil, false
		}
		return parse(policy.Sanitize(b.String()), m)
	case exam.HTML:
		m.signs = true
		return parse(policy.Sanitize(m.lift(withStyles(t.Source))), m)
	}
	return nil, false
}

func unixLines(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

// lines writes plain text as HTML, with its formulas.
func lines(s string) string {
	if !mayHoldFormula(s) {
		return escape(s)
	}
	var b strings.Builder
	tries := maxFormulas
	eachFormula(s, &tries, func(s string) { b.WriteString(escape(s)) }, func(n *mathml.Node) { b.WriteString(n.String()) })
	return b.String()
}

// escape writes plain text as HTML, with its line breaks.
func escape(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br/>")
}
