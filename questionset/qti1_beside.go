package questionset

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Beside are the elements beside the items that are read.
var qti1Beside = map[string]bool{
	"qtimetadata": true, "presentation_material": true, "bankentry_item": true, "selection_ordering": true, "itemref": true,
	"sectionref": true, "rubric": true, "objectives": true, "assessfeedback": true, "sectionfeedback": true,
}

// qti1Silent are those that hold nothing that candidates read or that scores; time belongs to the exam.
var qti1Silent = map[string]bool{
	"qticomment": true, "duration": true, "assessmentcontrol": true, "sectioncontrol": true, "assessmentmetadata": true, "sectionmetadata": true,
}

// maxLeft is how many kinds of elements that are left out are told.
const maxLeft = 100

// leave tells once of each kind of element that has no place here.
func (q *qti1Reader) leave(p qti1Part) {
	if qti1Silent[p.name] || q.omitted[p.name] || len(q.omitted) == maxLeft {
		return
	}
	q.omitted[p.name] = true
	q.file.Report.note(place{line: p.line, element: p.name}, codeQTI1Left, "name", p.name)
}

// beside reads what stands beside the items: the names of banks, passages, and what is drawn from where.
func (q *qti1Reader) beside(p qti1Part) {
	if len(q.open) == 0 {
		return
	}
	if !qti1Beside[p.name] {
		q.leave(p)
		return
	}
	c := q.open[len(q.open)-1]
	n, fault := xmltree.Parse(p.text)
	if fault != nil {
		q.frame(place{line: p.line + fault.Line - 1, element: p.name})
		return
	}
	r, at := &q.file.Report, place{line: p.line, element: p.name}
	switch p.name {
	case "qtimetadata":
		if title := metadata(n)["bank_title"]; title != "" && c.title == "" {
			c.title = title
		}
	case "presentation_material":
		q.passageOf(c, at, n)
	case "bankentry_item":
		r.warning(at, codeQTI1Bank, "item", n.Attr("item_ref"), "bank", n.Attr("sourcebank_ref"))
	case "selection_ordering":
		q.selection(at, n)
	case "itemref", "sectionref":
		r.warning(at, codeQTI1Reference, "id", n.Attr("linkrefid"))
	case "rubric", "objectives", "assessfeedback", "sectionfeedback":
		if strings.TrimSpace(n.String()) != "" {
			r.note(at, codeQTI1Left, "name", p.name)
		}
	}
}

// passageOf makes the text before the questions of a section one that they share. What stands before a
// whole assessment is for people who take that assessment.
func (q *qti1Reader) passageOf(c *qti1Container, at place, n *xmltree.Node) {
	t := q.text(at, n)
	switch {
	case t.Source == "":
	case c.name == "section" && c.group == "":
		c.passage, c.group = t, "section:"+c.title+":"+excerpt(t.Source)
	default:
		q.file.Report.note(at, codeQTI1Left, "name", "presentation_material")
	}
}

// selection tells that a section draws some of its questions: here exams do that.
func (q *qti1Reader) selection(at place, n *xmltree.Node) {
	for _, s := range n.Find("selection") {
		number := strings.TrimSpace(s.Child("selection_number").String())
		bank := strings.TrimSpace(s.Child("sourcebank_ref").String())
		switch {
		case bank != "":
			q.file.Report.note(at, codeQTI1DrawsBank, "number", number, "bank", bank)
		case number != "":
			q.file.Report.note(at, codeQTI1Draws, "number", number)
		}
	}
}

// metadata gathers what describes an element; of a name the first counts.
func metadata(n *xmltree.Node) map[string]string {
	m := map[string]string{}
	eachField(n, func(name, value string, _ *xmltree.Node) {
		if _, has := m[name]; !has {
			m[name] = value
		}
	})
	return m
}

// eachField visits what describes an element and is not empty: fields with label and entry, and elements of their own,
// as Blackboard writes them. Names are in lower case.
func eachField(n *xmltree.Node, visit func(name, value string, field *xmltree.Node)) {
	tell := func(name, value string, field *xmltree.Node) bool {
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if name != "" && value != "" {
			visit(name, value, field)
		}
		return false
	}
	n.Walk(func(e *xmltree.Node) bool {
		switch {
		case e.Name == "qtimetadatafield" || e.Name == "qti_metadatafield":
			return tell(e.Child("fieldlabel").String(), e.Child("fieldentry").String(), e)
		case strings.HasPrefix(e.Name, "bbmd_") || strings.HasPrefix(e.Name, "qmd_"):
			return tell(e.Name, e.String(), e)
		}
		return e.Name != ""
	})
}

var sharedRef = regexp.MustCompile(
	`parent_stimulus_item_ident(?:\s*=\s*["']|\s*</fieldlabel>\s*<fieldentry>\s*)([^"'<>]{1,200})`)

// findPassages reads the items that others name as their passage, before any item is read.
func (q *qti1Reader) findPassages(text string) {
	q.passages = map[string]*qti1Passage{}
	wanted := map[string]bool{}
	for _, m := range sharedRef.FindAllStringSubmatch(text, -1) {
		wanted[strings.TrimSpace(m[1])] = true
	}
	if len(wanted) == 0 {
		return
	}
	splitQTI1(text, func(p qti1Part) bool {
		if p.name != "item" || len(p.text) > maxItem {
			return true
		}
		n, fault := xmltree.Parse(p.text)
		if fault == nil && wanted[n.Attr("ident")] && len(responsesIn(n.Child("presentation"))) == 0 {
			at := place{line: p.line, question: excerpt(n.Attr("title"))}
			q.passages[n.Attr("ident")] = &qti1Passage{
				text: q.text(at, n.Child("presentation")), title: n.Attr("title"), place: at,
			}
		}
		return true
	})
}

// tellPassages says of each passage with how many questions it is shown.
func (q *qti1Reader) tellPassages() {
	byLine := func(a, b *qti1Passage) int { return a.place.line - b.place.line }
	for _, p := range slices.SortedFunc(maps.Values(q.passages), byLine) {
		q.file.Report.note(p.place, codeQTI1Passage, "count", p.used)
	}
}

// text makes one text of all the material in an element.
func (q *qti1Reader) text(at place, n *xmltree.Node) exam.Text {
	var t qti1Text
	t.read(n, nil)
	return q.link(at, t.render(nil))
}
