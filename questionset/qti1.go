package questionset

import (
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Reader turns the items of QTI 1.2 documents into questions: those of one file, or of all files
// of a package. What Canvas, Common Cartridge, Blackboard, Respondus and others write differs; the rules
// for the score in the file decide, read as docs/formats.md says.
type qti1Reader struct {
	file     *File
	keys     *keyer
	known    *known
	find     func(src string) ([]byte, bool) // media that a text of the present document refers to
	open     []*qti1Container
	passages map[string]*qti1Passage // texts of the present document that others share, by ident
	items    map[string]string       // content hash of items read before, by ident
	names    map[string]bool         // of items, as findings call them
	omitted  map[string]bool         // kinds of elements beside the items that were told to be left out
	count    int                     // items so far
	points   int                     // items whose points are not 1
	torn     int                     // items whose XML is broken
	steps    int                     // of work on rules that were done
	left     int64                   // bytes of documents of a package that may still be read
	ruled    bool                    // the note about Canvas's rule stands in the report
	broken   bool                    // so does the warning about a broken frame
}

// qti1Container is an assessment, a section or a bank that is open.
type qti1Container struct {
	name    string
	title   string
	group   string    // names the passage, for the questions that share it
	passage exam.Text // shown before its questions
}

// qti1Passage is an item without a question that other items refer to.
type qti1Passage struct {
	text  exam.Text
	title string
	place place
	used  int
}

func newQTI1Reader(f *File) *qti1Reader {
	return &qti1Reader{
		file: f, keys: newKeyer(), known: newKnown(), items: map[string]string{}, names: map[string]bool{}, left: MaxFile, omitted: map[string]bool{},
		find: func(string) ([]byte, bool) { return nil, false },
	}
}

func parseQTI1(f *File, text string) {
	f.reread = rereadQTI1
	q := newQTI1Reader(f)
	q.document(text)
	q.finish()
}

// finish tells what concerns the whole file.
func (q *qti1Reader) finish() {
	if q.points > 0 {
		q.file.Report.note(place{}, codeQTI1Points, "count", q.points)
	}
}

// document reads one document.
func (q *qti1Reader) document(text string) {
	text, ok := q.file.Report.withoutDoctype(place{}, text)
	if !ok {
		return
	}
	q.open, q.broken = nil, false
	q.findPassages(text)
	splitQTI1(text, q.part)
	q.tellPassages()
	if len(q.open) > 0 {
		q.frame(place{line: 1 + strings.Count(text, "\n"), element: q.open[len(q.open)-1].name})
	}
}

// maxTorn is how many broken items are named; a file with more is none to be saved item by item.
const maxTorn = 1_000

// part reads one part of a document; it reports false when nothing more is read.
func (q *qti1Reader) part(p qti1Part) bool {
	r := &q.file.Report
	switch {
	case p.end:
		q.close(p)
	case qti1Containers[p.name]:
		if len(q.open) == xmltree.MaxDepth {
			r.error(place{line: p.line}, codeXMLTooDeep)
			return false
		}
		q.begin(p)
	case p.name == "item" && q.torn == maxTorn:
		r.error(place{line: p.line}, codeQTI1Torn, "limit", maxTorn)
		return false
	case p.name == "item":
		if !r.mayRead(place{line: p.line}) || !r.mayWork(place{line: p.line}, q.steps, maxQTI1FileSteps) {
			return false
		}
		q.item(p)
	default:
		q.beside(p)
	}
	return true
}

// begin opens a container.
func (q *qti1Reader) begin(p qti1Part) {
	c := &qti1Container{name: p.name}
	if n := startTag(p.text); n != nil {
		c.title = strings.TrimSpace(n.Attr("title"))
		if shared := q.passages[n.Attr("parent_stimulus_item_ident")]; shared != nil {
			c.group, c.passage = n.Attr("parent_stimulus_item_ident"), shared.text
			shared.used++
		}
	}
	if !strings.HasSuffix(p.text, "/>") {
		q.open = append(q.open, c)
	}
}

// close ends a container, and those in it that were left open.
func (q *qti1Reader) close(p qti1Part) {
	for i := len(q.open) - 1; i >= 0; i-- {
		if q.open[i].name == p.name {
			if i != len(q.open)-1 {
				q.frame(place{line: p.line, element: q.open[len(q.open)-1].name})
			}
			q.open = q.open[:i]
			return
		}
	}
	q.frame(place{line: p.line, element: p.name})
}

// frame warns once of start and end tags around the items that do not match.
func (q *qti1Reader) frame(p place) {
	if !q.broken {
		q.broken = true
		q.file.Report.warning(p, codeQTI1Frame)
	}
}

// category is the path of the titles of what is open.
func (q *qti1Reader) category() string {
	var path []string
	for _, c := range q.open {
		if c.title != "" {
			path = append(path, strings.ReplaceAll(c.title, "/", "//"))
		}
	}
	return strings.Join(path, "/")
}

// startTag reads a start tag by itself; nil when it is none.
func startTag(s string) *xmltree.Node {
	if s == "" {
		return nil
	}
	if !strings.HasSuffix(s, "/>") {
		name := s[1 : 1+strings.IndexAny(s[1:]+" ", " \t\r\n/>")]
		s += "</" + name + ">"
	}
	n, fault := xmltree.Parse(s)
	if fault != nil {
		return nil
	}
	return n
}
