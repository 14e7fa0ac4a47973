package questionset

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"shiken/exam"
)

// qti2Writer writes a set as a QTI 2.1 package: one item for each question, a test that names them by
// category, the media, and the manifest.
type qti2Writer struct {
	set    *Set
	report *Report
	zip    *zip.Writer
	used   map[string]bool // identifiers
	refs   []qti2Ref
}

// qti2Ref is a question that was written, as far as test and manifest speak of it.
type qti2Ref struct {
	id, file        string
	category, group string
	stimulus        exam.Text
	tags            []string
}

const (
	qti21   = "http://www.imsglobal.org/xsd/imsqti_v2p1"
	xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
)

func writeQTI2(w io.Writer, set *Set, r *Report) error {
	q := &qti2Writer{set: set, report: r, zip: zip.NewWriter(w), used: map[string]bool{}}
	others, plain := 0, 0
	err := set.each(func(at int, question *Question) error {
		r.Counts.Seen++
		plain += ternaryInt(hasOtherThanHTML(question))
		if question.Year != 0 || question.Reference != "" || question.Difficulty != "" {
			others++
		}
		return q.question(at, question)
	})
	if err != nil {
		return err
	}
	if others > 0 {
		r.warning(place{}, codeQTI2OutFields, "count", others)
	}
	if plain > 0 {
		r.note(place{}, codeQTI2OutHTML, "count", plain)
	}
	if err := q.entry("test.xml", q.test()); err != nil {
		return err
	}
	for _, hash := range slices.Sorted(maps.Keys(set.Media)) {
		m := set.Media[hash]
		if err := q.entry("media/"+path.Base(m.Ref()), string(m.Data)); err != nil {
			return err
		}
	}
	if err := q.entry(manifestName, q.manifest()); err != nil {
		return err
	}
	return q.zip.Close()
}

// hasOtherThanHTML reports whether a text of the question is in another format, which it does not have when the
// file is read again.
func hasOtherThanHTML(q *Question) bool {
	other := false
	eachText(&q.Question, &q.Key, &q.Feedback, func(t exam.Text) { other = other || t.Source != "" && t.Format != exam.HTML })
	return other
}

func (q *qti2Writer) entry(name, content string) error {
	w, err := q.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err != nil {
		return fmt.Errorf("questionset: write %s: %w", name, err)
	}
	return nil
}

// question writes one item; one that the format has no words for is told, and left out.
func (q *qti2Writer) question(at int, question *Question) error {
	w := &qti2ItemWriter{Question: question, report: q.report, place: place{question: excerpt(firstOf(question.Number, question.SourceKey))}}
	body, ok := w.body()
	if !ok {
		q.report.Counts.Refused++
		return nil
	}
	id := q.identifier(question)
	file := fmt.Sprintf("items/%05d.xml", at)
	q.refs = append(q.refs, qti2Ref{
		id: id, file: file, category: question.Category, group: question.Question.Group, tags: question.Tags,
		stimulus: question.Question.Stimulus,
	})
	item := fmt.Sprintf(`%s<assessmentItem xmlns="%s" identifier="%s" title="%s" label="%s" adaptive="false" timeDependent="false" toolName="%s">`+"\n%s\n</assessmentItem>\n",
		xmlHead, qti21, id, xmlEscape(firstOf(question.Question.Title, question.Number, id)), xmlEscape(question.Number), qtiToolName, body)
	q.again(w, item, file)
	return q.entry(file, item)
}

var identifierForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,199}$`)

// qtiID makes an ID of ours an identifier.
func qtiID(id string) string {
	if identifierForm.MatchString(id) {
		return id
	}
	var b strings.Builder
	b.WriteString("_")
	for _, r := range id {
		if r < 0x80 && identifierForm.MatchString("_"+string(r)) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_%X_", r)
		}
	}
	return b.String()
}

func qtiIDs(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = qtiID(id)
	}
	return out
}

// identifier keeps the one that a question had in QTI, so that it is the same question when it is loaded
// again; else it is made of the source key.
func (q *qti2Writer) identifier(question *Question) string {
	id, own := strings.CutPrefix(question.SourceKey, "item/")
	if !own || !identifierForm.MatchString(id) || q.used[id] {
		sum := sha256.Sum256([]byte(question.SourceKey))
		id = "q" + hex.EncodeToString(sum[:12])
	}
	q.used[id] = true
	return id
}

// test names the questions in sections, one for each category and shared text, nested as the category is.
func (q *qti2Writer) test() string {
	type key struct{ category, group string }
	var order []key
	refs := map[key][]qti2Ref{}
	for _, r := range q.refs {
		k := key{r.category, r.group}
		if refs[k] == nil {
			order = append(order, k)
		}
		refs[k] = append(refs[k], r)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `%s<assessmentTest xmlns="%s" identifier="test" title="%s">`+"\n"+
		`<testPart identifier="part" navigationMode="nonlinear" submissionMode="simultaneous">`+"\n", xmlHead, qti21, xmlEscape(q.set.Name))
	for n, k := range order {
		titles := strings.Split(k.category, "/")
		for depth, title := range titles {
			fmt.Fprintf(&b, `<assessmentSection identifier="section-%d-%d" title="%s" visible="true">`, n+1, depth+1, xmlEscape(title))
		}
		if s := refs[k][0].stimulus; s.Source != "" {
			b.WriteString(`<rubricBlock view="candidate">` + blockXML(s, "") + "</rubricBlock>\n")
		}
		for _, r := range refs[k] {
			fmt.Fprintf(&b, `<assessmentItemRef identifier="%s" href="%s"/>`+"\n", r.id, r.file)
		}
		b.WriteString(strings.Repeat("</assessmentSection>", len(titles)) + "\n")
	}
	return b.String() + "</testPart>\n</assessmentTest>\n"
}

// manifest lists the files; tags are keywords.
func (q *qti2Writer) manifest() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="manifest">` +
		"<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata><organizations/>\n<resources>\n" +
		`<resource identifier="test" type="imsqti_test_xmlv2p1" href="test.xml"><file href="test.xml"/></resource>` + "\n")
	for _, r := range q.refs {
		fmt.Fprintf(&b, `<resource identifier="%s" type="imsqti_item_xmlv2p1" href="%s">`, "item-"+r.id, r.file)
		if len(r.tags) > 0 {
			b.WriteString(`<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>`)
			for _, t := range r.tags {
				b.WriteString("<keyword><string>" + xmlEscape(t) + "</string></keyword>")
			}
			b.WriteString("</general></lom></metadata>")
		}
		fmt.Fprintf(&b, `<file href="%s"/></resource>`+"\n", r.file)
	}
	return b.String() + "</resources>\n</manifest>\n"
}

// qti2ItemWriter writes one question as an item.
type qti2ItemWriter struct {
	*Question
	report *Report
	place  place
	// declarations and rules of the item, and what each option shows
	declarations, rules strings.Builder
	template            string            // the response processing template, "" for rules of its own
	forget              []func(*Question) // what was told to be lost
}

// warning tells of a loss, and forgets what was lost.
func (w *qti2ItemWriter) warning(forget func(*Question), code Code, args ...any) {
	w.forget = append(w.forget, forget)
	w.report.warning(w.place, code, args...)
}

// body is everything within the item.
func (w *qti2ItemWriter) body() (string, bool) {
	content, ok := w.interaction()
	if !ok {
		return "", false
	}
	w.declarations.WriteString(`<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"><defaultValue><value>0</value></defaultValue></outcomeDeclaration>` + "\n")
	var b strings.Builder
	feedback := ""
	if w.Feedback.Explanation.Source != "" {
		w.declarations.WriteString(`<outcomeDeclaration identifier="EXPLANATION" cardinality="single" baseType="identifier"/>` + "\n")
		feedback = `<modalFeedback outcomeIdentifier="EXPLANATION" identifier="never" showHide="hide">` + flowXML(w.Feedback.Explanation, "../") + "</modalFeedback>"
	}
	b.WriteString(w.declarations.String() + "<itemBody>" + content + "</itemBody>\n")
	switch {
	case w.rules.Len() > 0:
		b.WriteString("<responseProcessing>" + w.rules.String() + "</responseProcessing>\n")
	case w.template != "":
		b.WriteString(`<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/` + w.template + `"/>` + "\n")
	}
	return b.String() + feedback, true
}

func (w *qti2ItemWriter) interaction() (string, bool) {
	q := &w.Question.Question
	stem := func() string { return blockXML(q.Stem, "../") }
	switch q.Type {
	case exam.SingleChoice, exam.TrueFalse, exam.MultipleChoice:
		return stem() + w.choices(), true
	case exam.ShortText:
		return w.shortText(stem())
	case exam.Numeric:
		return w.number(stem()), true
	case exam.Matching:
		return stem() + w.matching(), true
	case exam.Ordering:
		return stem() + w.ordering(), true
	case exam.Gaps:
		return w.gaps()
	case exam.Essay:
		w.declare("RESPONSE", "single", "string", "")
		guide := ""
		if w.Key.Guide.Source != "" {
			guide = `<rubricBlock view="scorer">` + blockXML(w.Key.Guide, "../") + "</rubricBlock>"
		}
		return stem() + `<extendedTextInteraction responseIdentifier="RESPONSE"/>` + guide, true
	}
	return stem(), true
}

func (w *qti2ItemWriter) declare(id, cardinality, base, inside string) {
	fmt.Fprintf(&w.declarations, `<responseDeclaration identifier="%s" cardinality="%s" baseType="%s">%s</responseDeclaration>`+"\n", id, cardinality, base, inside)
}
