package questionset

import (
	"path"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti2Reader reads QTI 2.0 to 2.2: an item, or a package of items with their tests. Elements are told by
// their local names, since files carry many namespaces and some carry none.
type qti2Reader struct {
	file  *File
	pack  *bundle // nil for a single file
	keys  *keyer
	hash  map[digest]string // where a question was first seen, by category and content
	stems map[digest]string // the same, by folded stem
	told  map[string]bool   // what is told once in a file
	name  string            // of the file itself, without the entry that is being read
	steps int               // of work on rules that were done
	// stimulusOf finds a text that an item refers to, and the group of those that share it.
	stimulusOf func(it *qti2Item, href string) (text, group string, ok bool)
}

func newQTI2Reader(f *File) *qti2Reader {
	return &qti2Reader{file: f, keys: newKeyer(), hash: map[digest]string{}, stems: map[digest]string{},
		told: map[string]bool{}, name: f.Report.File, stimulusOf: noStimulus}
}

// noStimulus: a single file holds no texts of other files.
func noStimulus(it *qti2Item, href string) (text, group string, ok bool) {
	it.warning("assessmentStimulusRef", codeQTI2StimulusMissing, "name", href)
	return "", "", false
}

// Roots of QTI documents.
const (
	rootItem     = "assessmentItem"
	rootTest     = "assessmentTest"
	rootSection  = "assessmentSection"
	rootStimulus = "assessmentStimulus"
	rootManifest = "manifest"
)

// parseQTI2 reads a single file. What is more than an item needs its package.
func parseQTI2(f *File, text string) {
	q := newQTI2Reader(f)
	isItem := qti2RootIn(text[:min(len(text), MaxText)]) == rootItem
	if isItem {
		f.Report.expect()
	}
	root, ok := q.document(place{}, text)
	f.Report.close()
	if !ok {
		if isItem {
			q.torn(root, "#1")
		}
		return
	}
	p := place{line: root.Line}
	switch {
	case root.Name == rootItem:
		q.item(&qti2Source{root: root, find: func(string) ([]byte, bool) { return nil, false }})
	case isVersion3(root.Name):
		q.refuseVersion3(p, root)
	case root.Name == rootTest, root.Name == rootSection, root.Name == rootStimulus, root.Name == rootManifest:
		f.Report.error(p, codeQTI2Alone, "root", root.Name, "count", len(root.Find("assessmentItemRef")))
	default:
		f.Report.error(p, codeQTI2Root, "root", root.Name)
	}
}

// document parses XML; it reports false, after telling, when it cannot be read whole: then what was read of it
// may be nil.
func (q *qti2Reader) document(p place, text string) (*xmltree.Node, bool) {
	text, ok := q.file.Report.withoutDoctype(p, strings.TrimPrefix(text, "\uFEFF"))
	if !ok {
		return nil, false
	}
	root, fault := xmltree.Parse(text)
	if fault == nil {
		return root, true
	}
	if root != nil && root.Name == rootItem {
		p.question = excerpt(itemName(root, p.question))
	}
	q.file.Report.xmlFault(p, fault)
	return root, false
}

// itemName is the name of an item.
func itemName(root *xmltree.Node, otherwise string) string {
	return firstOf(root.Attr("title"), root.Attr("identifier"), otherwise)
}

// torn keeps an item whose XML is broken, as far as it was read, for its author to go on from.
func (q *qti2Reader) torn(root *xmltree.Node, name string) {
	q.file.Report.open()
	defer q.file.Report.close()
	piece := Question{Number: name}
	if root != nil {
		piece = Question{Line: root.Line, Number: itemName(root, piece.Number), Question: exam.Question{Stem: bareStem(root.Child("itemBody"))}}
	}
	q.file.refuse(&piece, "")
}

// isVersion3 tells QTI 3.0, whose names are those of 2.2 in kebab case with a prefix.
func isVersion3(name string) bool { return strings.HasPrefix(name, "qti-assessment-") }

// refuseVersion3 names each item of QTI 3.0, which is another format.
func (q *qti2Reader) refuseVersion3(p place, root *xmltree.Node) {
	name := firstOf(root.Attr("title"), root.Attr("identifier"))
	p.question = excerpt(name)
	if root.Name != "qti-assessment-item" {
		q.file.Report.error(p, codeQTI2Version3, "root", root.Name)
		return
	}
	q.file.Report.open()
	defer q.file.Report.close()
	q.file.Report.error(p, codeQTI2Version3, "root", root.Name)
	q.file.refuse(&Question{Line: p.line, Number: p.question, Question: exam.Question{Stem: bareStem(root.Child("qti-item-body"))}}, "")
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

// in makes findings name an entry of the package until the returned function is called.
func (q *qti2Reader) in(entry string) (leave func()) {
	before := q.file.Report.File
	if entry != "" {
		q.file.Report.File = q.name + "/" + entry
	}
	return func() { q.file.Report.File = before }
}

// once reports whether something is to be told, which it is once in a file.
func (q *qti2Reader) once(what string) bool {
	if q.told[what] {
		return false
	}
	q.told[what] = true
	return true
}

// qti2Source is an item with what the package says of it.
type qti2Source struct {
	root     *xmltree.Node
	entry    string // path in the package, "" of a single file
	category string
	tags     []string
	group    string // of the section's text
	stimulus string // HTML, of the section
	find     func(src string) ([]byte, bool)
}

func (s *qti2Source) dir() string {
	if d := path.Dir(s.entry); d != "." {
		return d
	}
	return ""
}

// item reads an assessmentItem and takes the question that it is.
func (q *qti2Reader) item(s *qti2Source) {
	r := &q.file.Report
	at := place{line: s.root.Line}
	if !r.mayRead(at) || !r.mayWork(at, q.steps, maxFileSteps) {
		return
	}
	r.open()
	defer r.close()
	it := newQTI2Item(q, s)
	if !it.read() {
		if it.Question.Question.Stem.Source == "" {
			it.Question.Question.Stem = bareStem(it.body)
		}
		q.file.refuse(&it.Question, "")
		return
	}
	it.seal()
	if q.admit(it) {
		q.file.take(&it.Question)
	}
}

// bareStem is the text of an element without its markup, for a question that could not be read.
func bareStem(n *xmltree.Node) exam.Text {
	text := strings.Join(strings.Fields(n.String()), " ")
	if len(text) > MaxText {
		return exam.Text{}
	}
	return exam.Text{Source: text}
}

// admit reports whether a question is to be taken. An exact copy within its category is left out, since
// it could stand twice on a paper; an equal text is warned of.
func (q *qti2Reader) admit(it *qti2Item) bool {
	here := firstOf(it.source.entry, it.Number)
	content := digestOf(it.Category + "\x00" + it.ContentHash)
	if first, again := q.hash[content]; again {
		it.report.warning(it.place, codeQTI2Identical, "name", first)
		it.report.Counts.Identical++
		return false
	}
	if id := strings.TrimSpace(it.source.root.Attr("identifier")); id != "" && q.keys.repeated("item", id) {
		it.warning("assessmentItem", codeSameID, "id", id)
	}
	q.hash[content] = here
	stem := digestOf(foldText(it.Question.Question.Stem.Source))
	if first, again := q.stems[stem]; again {
		it.report.warning(it.place, codeQTI2SameStem, "name", first)
	} else {
		q.stems[stem] = here
	}
	return true
}

// xmlEscape writes a text into an attribute or an element.
func xmlEscape(s string) string { return xmlEscapes.Replace(s) }

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")
