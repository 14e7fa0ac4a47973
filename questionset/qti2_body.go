package questionset

import (
	"html"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// prepareBody tells what of the body is not for candidates, and keeps feedback out of the texts.
func (it *qti2Item) prepareBody() {
	it.collectFeedback()
	root := it.source.root
	if root.Child("stylesheet") != nil && it.reader.once("stylesheet") {
		it.note("stylesheet", codeQTI2Ignored, "name", "stylesheet")
	}
	for _, n := range root.Elements() {
		if strings.HasPrefix(strings.ToLower(n.Name), "apip") && it.reader.once(n.Name) {
			it.note(n.Name, codeQTI2Ignored, "name", n.Name)
		}
	}
	it.body.Walk(func(n *xmltree.Node) bool {
		switch {
		case n.Name == "rubricBlock" && !forCandidates(n):
			it.rubrics = append(it.rubrics, n)
			it.inline[n] = ""
			return false
		case n.Name == "printedVariable", n.Name == "include":
			it.warning(n.Name, codeQTI2LeftOut, "name", n.Name)
			it.inline[n] = ""
			return false
		case n.Name == "templateBlock", n.Name == "templateInline":
			it.warning(n.Name, codeQTI2LeftOut, "name", n.Name)
			it.inline[n] = ""
			return false
		}
		return true
	})
}

// guide keeps what is meant for others than candidates: for who marks an essay. Else it is told.
func (it *qti2Item) guide(right string) {
	var texts []exam.Text
	if right != "" {
		texts = append(texts, exam.Text{Format: exam.HTML, Source: "<p>" + html.EscapeString(right) + "</p>"})
	}
	for _, n := range it.rubrics {
		if it.Question.Question.Type != exam.Essay {
			it.warning("rubricBlock", codeQTI2Rubric, "view", n.Attr("view"), "text", n.String())
		} else if t := it.textOf("rubricBlock", n); t.Source != "" {
			texts = append(texts, t)
		}
	}
	if len(texts) > 0 {
		it.Key.Guide = joinTexts(texts)
	}
}

// forCandidates reports whether a rubric is shown to candidates.
func forCandidates(n *xmltree.Node) bool {
	view := n.Attr("view")
	return view == "" || slices.Contains(strings.Fields(view), "candidate")
}

// textOf is what is in elements as HTML, with pictures and sounds taken into the set.
func (it *qti2Item) textOf(element string, nodes ...*xmltree.Node) exam.Text {
	return it.linkedText(element, it.htmlOf(nodes...))
}

// linkedText is HTML as a text, with pictures and sounds taken into the set.
func (it *qti2Item) linkedText(element, s string) exam.Text {
	if s == "" {
		return exam.Text{}
	}
	s = it.reader.file.linkMedia(it.at(element), s, it.source.find)
	return exam.Text{Format: exam.HTML, Source: s}
}

func (it *qti2Item) htmlOf(nodes ...*xmltree.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.InnerHTML(it.replace))
	}
	s := strings.TrimSpace(b.String())
	if !strings.Contains(s, "<") {
		s = strings.Join(strings.FieldsFunc(s, isXMLSpace), " ")
	}
	return s
}

func isXMLSpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }

// stem is the text of the body.
func (it *qti2Item) stem() exam.Text { return it.textOf("itemBody", it.body) }

// plainStem is the text of the body with what could be chosen written out.
func (it *qti2Item) plainStem() exam.Text {
	for _, n := range it.interactions() {
		it.inline[n] = it.listing(n)
	}
	return it.stem()
}

// replace says what stands for an element in a text.
func (it *qti2Item) replace(n *xmltree.Node) (string, bool) {
	if s, set := it.inline[n]; set {
		return s, true
	}
	switch {
	case it.isFeedback(n):
		return "", true
	case n.Name == "object":
		return it.object(n), true
	case n.Name == "rubricBlock", n.Name == "hottext", n.Name == "prompt":
		return n.InnerHTML(it.replace), true
	case it.emptied(n):
		return "", true
	}
	return "", false
}

var blocks = []string{"p", "div", "blockquote", "li", "ul", "ol", "td", "tr", "table", "tbody", "section", "span"}

// emptied reports whether an element holds something that was taken out, and nothing else.
func (it *qti2Item) emptied(n *xmltree.Node) bool {
	if !slices.Contains(blocks, n.Name) {
		return false
	}
	taken, left := false, false
	n.Walk(func(e *xmltree.Node) bool {
		switch s, set := it.inline[e]; {
		case set:
			taken, left = taken || s == "", left || s != ""
			return false
		case it.isFeedback(e):
			taken = true
			return false
		case e.Name == "" && strings.TrimSpace(e.Text) != "":
			left = true
		case e.Name != "" && !slices.Contains(blocks, e.Name) && e.Name != "br":
			left = true
		}
		return !left
	})
	return taken && !left
}

// object makes a picture or a sound of an object element; what else it may be stays as the text that
// stands in for it.
func (it *qti2Item) object(n *xmltree.Node) string {
	data, kind := n.Attr("data"), strings.ToLower(n.Attr("type"))
	switch {
	case data == "":
	case strings.HasPrefix(kind, "image/"):
		alt := strings.Join(strings.Fields(n.String()), " ")
		return `<img src="` + html.EscapeString(data) + `" alt="` + html.EscapeString(alt) + `">`
	case strings.HasPrefix(kind, "audio/"):
		return `<audio controls src="` + html.EscapeString(data) + `">` + n.InnerHTML(it.replace) + `</audio>`
	default:
		it.warning("object", codeQTI2Object, "name", data, "type", kind)
	}
	return n.InnerHTML(it.replace)
}

// prompt puts an interaction's prompt where the interaction stands, and nothing else of it.
func (it *qti2Item) prompt(n *xmltree.Node) { it.inline[n] = it.promptOf(n) }

func (it *qti2Item) promptOf(n *xmltree.Node) string {
	s := it.htmlOf(n.Elements("prompt")...)
	if s == "" || strings.HasPrefix(s, "<p") || strings.HasPrefix(s, "<div") {
		return s
	}
	return "<p>" + s + "</p>"
}

// gapText is what stands in a stem for a missing word; n counts the gaps from 1, 0 where there is one.
func gapText(n int) string {
	mark := gapMark(formatHTML)
	if n == 0 {
		return mark
	}
	return mark + gapName(n)
}

// listing writes out what an interaction offers.
func (it *qti2Item) listing(n *xmltree.Node) string {
	prompt := it.promptOf(n)
	switch n.Name {
	case "textEntryInteraction":
		return gapText(0)
	case "inlineChoiceInteraction":
		var words []string
		for _, c := range n.Elements("inlineChoice") {
			words = append(words, it.htmlOf(c))
		}
		return gapText(0) + " (" + strings.Join(words, " / ") + ")"
	case "choiceInteraction", "orderInteraction":
		return prompt + it.list(n.Elements("simpleChoice"))
	case "associateInteraction":
		return prompt + it.list(n.Elements("simpleAssociableChoice"))
	case "matchInteraction":
		for _, set := range n.Elements("simpleMatchSet") {
			prompt += it.list(set.Elements("simpleAssociableChoice"))
		}
		return prompt
	case "gapMatchInteraction":
		it.markGaps(n)
		return prompt + it.list(n.Elements("gapText", "gapImg")) + it.contentOf(n)
	case "hottextInteraction":
		it.markHottext(n)
		return prompt + it.contentOf(n)
	case "sliderInteraction":
		return prompt + sliderRange(n)
	}
	return prompt
}

func (it *qti2Item) list(nodes []*xmltree.Node) string {
	var b strings.Builder
	b.WriteString("<ul>")
	for _, n := range nodes {
		b.WriteString("<li>" + it.htmlOf(n) + "</li>")
	}
	return b.String() + "</ul>"
}

// contentOf is the passage in an interaction, without its prompt and what can be put into it.
func (it *qti2Item) contentOf(n *xmltree.Node) string {
	passage := &xmltree.Node{Name: n.Name}
	for _, c := range n.Children {
		if c.Name != "prompt" && c.Name != "gapText" && c.Name != "gapImg" {
			passage.Children = append(passage.Children, c)
		}
	}
	return it.htmlOf(passage)
}

// alone reports whether nothing else that can be seen stands in the innermost block around a node; in the body itself,
// where blocks stand beside it, no text.
func (it *qti2Item) alone(n *xmltree.Node) bool {
	var around *xmltree.Node
	it.body.Walk(func(e *xmltree.Node) bool {
		if (e == it.body || slices.Contains(blocks, e.Name)) && slices.Contains(e.Elements(), n) {
			around = e
		}
		return around == nil
	})
	if around == nil {
		return false
	}
	return !slices.ContainsFunc(around.Children, func(c *xmltree.Node) bool {
		seen := c.Name != "" && c.Name != "br" && !it.isFeedback(c) && around != it.body
		return c != n && (seen || c.Name == "" && strings.TrimSpace(c.Text) != "")
	})
}

// addStimulus gives the question the text that it shares with others: that of its section, and those
// that the item refers to. It reports false, after telling, when that is too long.
func (it *qti2Item) addStimulus() bool {
	var texts, groups []string
	if it.source.stimulus != "" {
		texts, groups = append(texts, it.source.stimulus), append(groups, it.source.group)
	}
	for _, ref := range it.source.root.Elements("assessmentStimulusRef") {
		text, group, ok := it.reader.stimulusOf(it, ref.Attr("href"))
		if !ok {
			continue
		}
		texts, groups = append(texts, text), append(groups, group)
	}
	group, text := strings.Join(groups, " "), strings.Join(texts, "\n")
	if text == "" {
		return true
	}
	if !it.report.checkText(it.place, text, MaxText) || !it.report.checkText(it.place, group, MaxName) {
		return false
	}
	it.Question.Question.Stimulus = exam.Text{Format: exam.HTML, Source: text}
	it.Question.Question.Group = group
	return true
}
