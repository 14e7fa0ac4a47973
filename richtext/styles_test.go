package richtext_test

import (
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/richtext"
)

func TestStylesAsElements(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"underlined":          {`the <span style="text-decoration: underline;">word</span>`, `the <span><u>word</u></span>`},
		"underlined, newer":   {`<SPAN STYLE="Text-Decoration-Line:underline">word</SPAN>`, `<span><u>word</u></span>`},
		"struck out":          {`<span style="color:red;text-decoration:line-through !important">x</span>`, `<span><s>x</s></span>`},
		"bold and slanting":   {`<span style="font-weight:700;font-style:italic">x</span>`, `<span><b><i>x</i></b></span>`},
		"raised":              {`10<span style="vertical-align:super">2</span>`, `10<span><sup>2</sup></span>`},
		"lowered":             {`x<span style="vertical-align: sub">1</span>`, `x<span><sub>1</sub></span>`},
		"within each other":   {`<span style="font-weight:bold">a<span>b</span>c</span>d`, `<span><b>a<span>b</span>c</b></span>d`},
		"a line break within": {`<p style="font-style:italic">a<br>b</p>c`, `<p><i>a<br/>b</i></p>c`},
		"never ended":         {`<p style="font-weight:bold">a<p>b`, `<p><b>a</b></p><p><b>b</b></p>`},
		"capital letters":     {`<ol style="list-style-type: upper-alpha"><li>x</li></ol>`, `<ol type="A"><li>x</li></ol>`},
		"Roman numerals":      {`<ol type="1" style="list-style:lower-roman inside"><li>x</li></ol>`, `<ol type="i"><li>x</li></ol>`},
		"older names":         {`<strike>a</strike> <tt>b</tt>`, `<s>a</s> <code>b</code>`},
		"nothing to say":      {`<p style="margin:0">x</p>`, `<p>x</p>`},
		"already so":          {`<u style="text-decoration:underline">x</u>`, `<u>x</u>`},
		"tables stay tables":  {`<table style="font-weight:bold"><tr style="font-style:italic"><td>x</td></tr></table>`, `<table><tbody><tr><td>x</td></tr></tbody></table>`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := richtext.New().Block(text(exam.HTML, test.source)); string(got) != test.want {
				t.Errorf("%s\nbecame %s\nwant   %s", test.source, got, test.want)
			}
		})
	}
}

// What nests without end costs no more than it is long.
func TestStylesOfHostileText(t *testing.T) {
	source := strings.Repeat(`<span style="font-weight:bold">`, 20_000) + strings.Repeat(`</i></span>`, 20_000)
	if got := richtext.New().Plaintext(text(exam.HTML, source+"x")); !strings.HasSuffix(got, "x") {
		t.Errorf("%.80q", got)
	}
}

func TestLeftOut(t *testing.T) {
	for name, test := range map[string]struct {
		format exam.TextFormat
		source string
		want   richtext.LeftOut
	}{
		"nothing":              {exam.HTML, `<p style="color:#000; display:block">a <b>b</b></p>`, richtext.LeftOut{}},
		"a film and a script":  {exam.HTML, `<iframe src="https://films.example/1"></iframe><SCRIPT>x</SCRIPT>`, richtext.LeftOut{Elements: []string{"iframe", "script"}}},
		"a script in a link":   {exam.HTML, `<a href=" JavaScript:x()">a</a>`, richtext.LeftOut{Elements: []string{"script"}}},
		"a script on an image": {exam.HTML, `<img src="x.png" onerror="x()">`, richtext.LeftOut{Elements: []string{"script"}}},
		"red words":            {exam.HTML, `<span style="COLOR: rgb(230, 0, 10)">a</span>`, richtext.LeftOut{Colours: true}},
		"a marked word":        {exam.HTML, `<span style="background-color:#ff0">a</span>`, richtext.LeftOut{Colours: true}},
		"an old font":          {exam.HTML, `<font color="#00CC00">a</font>`, richtext.LeftOut{Colours: true}},
		"nearly black":         {exam.HTML, `<span style="color:#2d3b45">a</span>`, richtext.LeftOut{}},
		"hidden":               {exam.HTML, `<div style="display:none">42</div>`, richtext.LeftOut{Hidden: true}},
		"hidden, newer":        {exam.HTML, `<div hidden>42</div>`, richtext.LeftOut{Hidden: true}},
		"as text":              {exam.Plain, `<script>`, richtext.LeftOut{}},
		"Markdown":             {exam.Markdown, "a < b, <u>c</u>\n\n<div>\nd\n</div>", richtext.LeftOut{Elements: []string{"div", "u"}}},
		"code in Markdown":     {exam.Markdown, "`<u>` and\n\n    <div>\n\n<https://shiken.example>", richtext.LeftOut{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := richtext.LeftOutOf(text(test.format, test.source))
			if !slices.Equal(got.Elements, test.want.Elements) || got.Colours != test.want.Colours || got.Hidden != test.want.Hidden {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}
