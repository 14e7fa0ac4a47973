package questionset

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"shiken/exam"
)

// Marks of items that were written here, by which reading them is sure of what QTI has no words for: toolName says
// who wrote it, the label is the question's number, and classes mark true and false, an option that keeps its place for
// what it says, and a gap that is the only one.
const (
	qtiToolName   = "Shiken"
	qtiTruthClass = "true-false"
	qtiKeptClass  = "kept-for-text"
	qtiGapClass   = "gap"
)

// again reads an item that was written, and tells what reads differently, but for what was told to be lost.
func (q *qti2Writer) again(w *qti2ItemWriter, document, entry string) {
	f := &File{Name: q.set.Name, Format: QTI2, Report: Report{File: q.set.Name, Format: QTI2}}
	r := newQTI2Reader(f)
	root, ok := r.document(place{}, document)
	if ok {
		r.item(&qti2Source{root: root, entry: entry, category: w.Category, tags: w.Tags, find: q.medium})
	}
	if len(f.Questions) != 1 {
		q.report.tellDiffering(w.place, []string{"part.type"})
		return
	}
	q.report.tellDiffering(w.place, differing(w.Question, &f.Questions[0], append(w.forget, forgetFormats)))
}

// medium is what an item's address of one of the set's media names.
func (q *qti2Writer) medium(src string) ([]byte, bool) {
	name := path.Base(src)
	m, ok := q.set.Media[strings.TrimSuffix(name, path.Ext(name))]
	return m.Data, ok
}

// forgetFormats leaves of texts what they look like: any format is written as HTML, which has many spellings.
func forgetFormats(q *Question) {
	eachTextOf(q, func(t *exam.Text) {
		if t.Source != "" {
			*t = exam.Text{Format: exam.HTML, Source: looks(*t)}
		}
	})
}

// looks is a text as HTML in one spelling.
func looks(t exam.Text) string {
	nodes := nodesOf(t)
	if len(nodes) == 1 && nodes[0].DataAtom == atom.Div && len(nodes[0].Attr) == 0 {
		nodes = slices.Collect(nodes[0].ChildNodes())
	}
	var b strings.Builder
	for _, n := range nodes {
		writeLooks(&b, n)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func writeLooks(b *strings.Builder, n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(html.EscapeString(strings.Map(xmlRune, n.Data)))
	case n.Type != html.ElementNode || n.DataAtom == atom.Script || n.DataAtom == atom.Style:
	default:
		b.WriteString("<" + n.Data)
		list := slices.Clone(n.Attr)
		slices.SortStableFunc(list, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
		for _, a := range list {
			if a.Namespace == "" && xmlName.MatchString(a.Key) && !strings.HasPrefix(a.Key, "xmlns") {
				b.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
			}
		}
		b.WriteString(">")
		for c := range n.ChildNodes() {
			writeLooks(b, c)
		}
		b.WriteString("</" + n.Data + ">")
	}
}

// What QTI loses of questions, and tells.

// forgetBest leaves which answers earn anything, where the best does not earn all.
func forgetBest(q *Question) {
	for id, w := range q.Key.Options {
		q.Key.Options[id] = exam.FullCredit * max(min(w, 1), -1)
	}
}

func forgetOrder(q *Question) { q.Key.Rule = exam.Whole }

// forgetWildcards leaves texts that say all of what is accepted.
func forgetWildcards(q *Question) {
	wild := func(k exam.TextKey) bool { return k.Pattern != "*" && hasWildcard(k.Pattern) }
	q.Key.Texts = slices.DeleteFunc(q.Key.Texts, wild)
	for id, keys := range q.Key.Gaps {
		q.Key.Gaps[id] = slices.DeleteFunc(keys, wild)
	}
}

func hasWildcard(pattern string) bool {
	return strings.Contains(strings.ReplaceAll(pattern, `\*`, ""), "*")
}

// forgetTexts leaves the numbers of a gap that takes texts, too.
func forgetTexts(gap string) func(*Question) {
	return func(q *Question) { delete(q.Key.Gaps, gap) }
}
