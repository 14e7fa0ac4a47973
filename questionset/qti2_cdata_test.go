package questionset_test

import (
	"strings"
	"testing"

	"shiken/exam"
	"shiken/questionset"
)

func cdata(s string) string { return "<![CDATA[" + s + "]]>" }

// cdataItem is a choice item; prompt and choices are written as they are given.
func cdataItem(prompt string, choices ...string) string {
	item := qtiItem(qtiDeclare("RESPONSE", "single", "identifier", qtiCorrect("A")), qtiChoices("", choices...), matchCorrect)
	return strings.Replace(item, "<prompt>Which?</prompt>", "<prompt>"+prompt+"</prompt>", 1)
}

// TestQTI2CDATA: HTML in CDATA sections is HTML where nothing speaks against it; tags that a question asks about stay
// what is read, and so does everything that is no CDATA.
func TestQTI2CDATA(t *testing.T) {
	x, y := "x", "y"
	html, text := "note qti2_cdata_html@5", "warning qti2_cdata_text@5"
	for name, tt := range map[string]struct {
		item          string
		stem, options string
		codes         []string
	}{
		"a prompt":             {cdataItem(cdata("<p>What is <b>2&nbsp;&lt; 3</b>?</p>"), x, y), "<p>What is <b>2\u00a0&lt; 3</b>?</p>", "x|y", []string{html}},
		"with white space":     {cdataItem("\n"+cdata("a<br/>b")+" ", x, y), "<p>a<br>b</p>", "x|y", []string{html}},
		"in two sections":      {cdataItem(cdata("<i>]]")+cdata("></i>"), x, y), "<p><i>]]&gt;</i></p>", "x|y", []string{html}},
		"in a paragraph":       {cdataItem("<p>"+cdata("<ul><li>a</li></ul>")+"</p>", x, y), "<div><ul><li>a</li></ul></div>", "x|y", []string{html}},
		"a formula":            {cdataItem(cdata("<math xmlns='m'><mi>x</mi></math>"), x, y), "<p><math><mi>x</mi></math></p>", "x|y", []string{html}},
		"choices":              {cdataItem("Q", cdata("<p>a</p>"), cdata("R&amp;D"), cdata("c <sup>2</sup>"), cdata("c <sub>2</sub>")), "<p>Q</p>", "<p>a</p>|R&amp;D|c <sup>2</sup>|c <sub>2</sub>", []string{html}},
		"no tags":              {cdataItem(cdata("a < b &amp; c > d"), x, y), "<p>a &lt; b &amp;amp; c &gt; d</p>", "x|y", nil},
		"no CDATA":             {cdataItem("Q", "&lt;b&gt;x&lt;/b&gt;", y), "<p>Q</p>", "&lt;b&gt;x&lt;/b&gt;|y", nil},
		"a tag that is open":   {cdataItem(cdata("What is <p>?"), x, y), "<p>What is &lt;p&gt;?</p>", "x|y", []string{text}},
		"a tag of a page":      {cdataItem(cdata("<p>a</p><canvas></canvas>"), x, y), "<p>&lt;p&gt;a&lt;/p&gt;&lt;canvas&gt;&lt;/canvas&gt;</p>", "x|y", []string{text}},
		"a tag that is torn":   {cdataItem(cdata("<p>a</p><b"), x, y), "<p>&lt;p&gt;a&lt;/p&gt;&lt;b</p>", "x|y", []string{text}},
		"no tag of HTML":       {cdataItem(cdata("<p>a</p><?php 1 ?>"), x, y), "<p>&lt;p&gt;a&lt;/p&gt;&lt;?php 1 ?&gt;</p>", "x|y", []string{text}},
		"choices of tags":      {cdataItem("Q", cdata("<b>a</b>"), cdata("<bold>a</bold>")), "<p>Q</p>", "&lt;b&gt;a&lt;/b&gt;|&lt;bold&gt;a&lt;/bold&gt;", []string{text}},
		"choices of links":     {cdataItem("Q", cdata(`<a href="u">a</a>`), cdata(`<a name="u">a</a>`)), "<p>Q</p>", `&lt;a href=&#34;u&#34;&gt;a&lt;/a&gt;|&lt;a name=&#34;u&#34;&gt;a&lt;/a&gt;`, []string{text}},
		"choices of breaks":    {cdataItem("Q", cdata("<br/>"), cdata("<i>break</i>")), "<p>Q</p>", "&lt;br/&gt;|&lt;i&gt;break&lt;/i&gt;", []string{text}},
		"a picture that lacks": {cdataItem("Q", cdata(`<img src="a.gif" alt="A"/>`), y), "<p>Q</p>", `&lt;img src=&#34;a.gif&#34; alt=&#34;A&#34;/&gt;|y`, []string{text}},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, "item.xml", tt.item)
			q := one(t, f)
			var options []string
			for _, o := range q.Question.Options {
				options = append(options, o.Text.Source)
			}
			if got := strings.Join(options, "|"); q.Question.Stem.Source != tt.stem || got != tt.options {
				t.Errorf("stem %q, options %q", q.Question.Stem.Source, got)
			}
			wantFound(t, f, tt.codes...)
		})
	}
}

// TestQTI2CDATAElsewhere: words to be put into gaps have no tags; media of texts, of feedback and of what several
// questions share are found in the package.
func TestQTI2CDATAElsewhere(t *testing.T) {
	picture := func(alt string) string { return cdata(`<p><img src="../m/p.png" alt="` + alt + `"></p>`) }
	item := strings.Replace(qtiSoundItem("a", "stem"), "<p>stem</p>", cdata(`<img src="../m/p.png" alt="stem">`), 1)
	item = strings.Replace(item, "</assessmentItem>", `<modalFeedback outcomeIdentifier="F" identifier="f" showHide="show">`+picture("feedback")+`</modalFeedback></assessmentItem>`, 1)
	item = strings.Replace(item, "<itemBody>", `<outcomeDeclaration identifier="F" cardinality="single" baseType="identifier"><defaultValue><value>f</value></defaultValue></outcomeDeclaration><itemBody>`, 1)
	f := parse(t, "p.zip", zipped(t, map[string]string{
		"imsmanifest.xml": qtiManifest("test t.xml"), "i/a.xml": item, "m/p.png": onePixel,
		"t.xml": qtiTest(qtiSection("S", `<rubricBlock view="candidate">`+strings.ReplaceAll(picture("rubric"), "../", "")+`</rubricBlock>`+qtiRef("i/a.xml"))),
	}))
	q := one(t, f)
	for alt, text := range map[string]exam.Text{"stem": q.Question.Stem, "feedback": q.Feedback.Explanation, "rubric": q.Question.Stimulus} {
		if !strings.Contains(text.Source, `<img alt="`+alt+`" src="`+questionset.MediaPrefix) {
			t.Errorf("%s: %q; %q", alt, text.Source, found(f))
		}
	}
	gaps := `<gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="A" matchMax="1">` + cdata("<b>one</b>") +
		`</gapText><gapText identifier="B" matchMax="1">` + cdata("two") + `</gapText><p>It is <gap identifier="G"/></p></gapMatchInteraction>`
	g := one(t, parse(t, "item.xml", qtiItem(qtiDeclare("RESPONSE", "multiple", "directedPair", qtiCorrect("A G")), gaps, matchCorrect)))
	if o := g.Question.Prompts[0].Options; len(o) != 2 || o[0].Text.Source != "one" || o[1].Text.Source != "two" {
		t.Errorf("%+v", o)
	}
}

// TestQTI2CDATABounds: what is nested too deep or holds too many tags stays a text.
func TestQTI2CDATABounds(t *testing.T) {
	for name, inside := range map[string]string{
		"deep": strings.Repeat("<b>", 300) + "x" + strings.Repeat("</b>", 300), "many": strings.Repeat("<b>x</b>", 150_000),
	} {
		f := parse(t, "item.xml", cdataItem(cdata(inside), "x", "y"))
		if codes := qtiCodesOf(f); len(codes) == 0 || codes[0] != "qti2_cdata_text" {
			t.Errorf("%s: %q", name, codes)
		}
	}
}
