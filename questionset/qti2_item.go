package questionset

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti2Item is an item under construction.
type qti2Item struct {
	Question
	reader      *qti2Reader
	source      *qti2Source
	report      *Report
	place       place
	lines       map[string]int // of elements, for findings; nil: not asked for yet
	version     int            // 20, 21, 22
	body        *xmltree.Node
	responseIDs []string // in the order of their declarations
	program     *qtiProgram
	whole       []qtiRule // every step, those that SCORE does not need, too
	feedback    []qtiFeedback
	inline      map[*xmltree.Node]string // what stands for a node of the body in texts
	noRule      Code                     // why there is no rule, with its argument
	noRuleName  string
	cases       []qtiCase       // the answers that were gone through, with their scores
	told        int             // findings before the item
	rubrics     []*xmltree.Node // for others than candidates
	right       string          // what the item says is right, for who marks it
	ours        bool            // it was written here
}

func newQTI2Item(q *qti2Reader, s *qti2Source) *qti2Item {
	it := &qti2Item{reader: q, source: s, report: &q.file.Report, version: versionOf(s.root),
		inline: map[*xmltree.Node]string{}, told: len(q.file.Report.Findings), body: s.root.Child("itemBody")}
	id := strings.TrimSpace(s.root.Attr("identifier"))
	it.Number = firstOf(s.root.Attr("title"), id, s.entry)
	it.Category, it.Tags, it.Line = s.category, s.tags, s.root.Line
	it.place = place{line: s.root.Line, question: excerpt(it.Number)}
	if it.ours = s.root.Attr("toolName") == qtiToolName; it.ours {
		title := it.Number
		if it.Number = strings.TrimSpace(s.root.Attr("label")); title != it.Number && title != id {
			it.Question.Question.Title = title
		}
	}
	switch {
	case id != "":
		it.SourceKey = q.keys.named("item", id)
	case s.entry != "":
		it.SourceKey = q.keys.named("file", s.entry)
	default:
		it.SourceKey = q.keys.unnamed(it.body.String(), "item")
	}
	return it
}

// versionOf tells 2.0, 2.1 and 2.2 by the namespace; without one it is 2.1. Accessible QTI (aQTI) is 2.2.
func versionOf(root *xmltree.Node) int {
	space := root.Space
	switch {
	case strings.Contains(space, "v2p0"):
		return 20
	case strings.Contains(space, "v2p2"), strings.Contains(strings.ToLower(space), "aqti"):
		return 22
	}
	return 21
}

func (it *qti2Item) error(element string, code Code, args ...any) bool {
	it.report.error(it.at(element), code, args...)
	return false
}

func (it *qti2Item) warning(element string, code Code, args ...any) {
	it.report.warning(it.at(element), code, args...)
}

func (it *qti2Item) note(element string, code Code, args ...any) {
	it.report.note(it.at(element), code, args...)
}

// at is the place of the first element of a name or an identifier, that of the item where there is none.
func (it *qti2Item) at(element string) place {
	p := it.place.at(element)
	if it.source == nil || element == "" {
		return p
	}
	if it.lines == nil {
		it.lines = linesIn(it.source.root)
	}
	if line, known := it.lines[element]; known {
		p.line = line
	}
	return p
}

// linesIn are the lines of elements by name and by identifier.
func linesIn(root *xmltree.Node) map[string]int {
	lines := map[string]int{}
	root.Walk(func(n *xmltree.Node) bool {
		for _, name := range []string{n.Name, strings.TrimSpace(n.Attr("identifier"))} {
			if _, known := lines[name]; !known && name != "" {
				lines[name] = n.Line
			}
		}
		return true
	})
	return lines
}

// read makes the question; it reports false when the item is refused, which it has then told.
func (it *qti2Item) read() bool {
	root := it.source.root
	switch {
	case !it.report.checkText(it.place, it.Question.Question.Title, MaxName), !it.report.checkText(it.place, it.Number, MaxName) || !it.report.checkText(it.place, it.Category, MaxName):
		return false
	case root.Attr("adaptive") == "true":
		return it.error("", codeQTI2Adaptive)
	case root.Child("templateDeclaration") != nil || root.Child("templateProcessing") != nil:
		return it.error("", codeQTI2Template)
	case it.body == nil:
		return it.error("itemBody", codeEmptyStem)
	}
	it.tags()
	if n := declaredValues(root); n > maxDeclared {
		return it.error("responseDeclaration", codeTooManyAnswers, "count", n, "limit", maxDeclared)
	}
	if !it.saysOnce() {
		return false
	}
	it.readCDATA(it.source.find, append(root.Elements("modalFeedback"), it.body)...)
	it.declarations()
	it.findRules()
	it.prepareBody()
	if !it.build() || !it.sound() {
		return false
	}
	return it.addStimulus()
}

// Bounds of what is looked at together: comparing and slicing take the square of it.
const (
	maxDeclared     = 2_000 // values and map entries of one item
	maxRuleElements = 5_000 // of its response processing
)

// declaredValues counts what the declarations of an item list.
func declaredValues(root *xmltree.Node) (n int) {
	for _, d := range root.Elements("responseDeclaration", "outcomeDeclaration") {
		for _, list := range d.Elements("correctResponse", "defaultValue", "mapping") {
			n += len(list.Elements())
		}
	}
	return n
}

func elements(n *xmltree.Node) (count int) {
	n.Walk(func(e *xmltree.Node) bool {
		if e.Name != "" {
			count++
		}
		return true
	})
	return count
}

func (it *qti2Item) tags() {
	kept := it.Tags[:0:0]
	for _, t := range it.Tags {
		if t = strings.Join(strings.Fields(t), " "); t == "" || slices.Contains(kept, t) || !it.report.checkText(it.place, t, MaxName) {
			continue
		}
		kept = append(kept, t)
	}
	if it.Tags = kept; len(kept) > MaxAnswers {
		it.warning("", codeTooManyTags, "limit", MaxAnswers)
		it.Tags = kept[:MaxAnswers]
	}
}

func (it *qti2Item) declarations() {
	it.program = &qtiProgram{responses: map[string]*qtiDeclaration{}, outcomes: map[string]*qtiDeclaration{},
		all: &it.reader.steps}
	for _, n := range it.source.root.Elements("responseDeclaration") {
		d := it.declared(n)
		if _, twice := it.program.responses[d.id]; !twice {
			it.responseIDs = append(it.responseIDs, d.id)
		}
		it.program.responses[d.id] = d
	}
	for _, n := range it.source.root.Elements("outcomeDeclaration") {
		d := it.declared(n)
		it.program.outcomes[d.id] = d
	}
}

// findRules reads response processing, or finds its template. Without a rule that scores, noRule says why.
func (it *qti2Item) findRules() {
	n := it.source.root.Child("responseProcessing")
	switch {
	case n == nil:
		it.noRule = codeQTI2NoRule
		return
	case elements(n) > maxRuleElements:
		it.noRule = codeQTI2Work
		return
	case len(n.Elements()) > 0:
		it.whole = readRules(n.Elements())
	case n.Attr("template") != "" || n.Attr("templateLocation") != "":
		uri := firstOf(n.Attr("template"), n.Attr("templateLocation"))
		rules, known := it.template(uri)
		if !known {
			it.noRule, it.noRuleName = codeQTI2RuleTemplate, uri
			return
		}
		it.whole = rules
	default:
		it.noRule = codeQTI2NoRule
		return
	}
	if d := it.program.outcomes[scoreOutcome]; d != nil && d.byHuman {
		it.noRule = codeQTI2ByHuman
		return
	}
	it.program.rules = sliced(it.whole, scoreOutcome)
	if !sets(it.program.rules, scoreOutcome) {
		it.noRule = codeQTI2NoScore
	}
}

// sound judges the finished question. Where the body says nothing, the title does.
func (it *qti2Item) sound() bool {
	q := &it.Question.Question
	if q.Type != exam.Gaps && saysNothing(q.Stem.Source) {
		title := strings.TrimSpace(it.source.root.Attr("title"))
		if title == "" {
			return it.error("itemBody", codeEmptyStem)
		}
		q.Stem = exam.Text{Format: exam.HTML, Source: "<p>" + html.EscapeString(title) + "</p>"}
		it.warning("itemBody", codeQTI2TitleAsStem, "title", title)
	}
	it.guide(it.right)
	if !it.report.checkText(it.place, q.Stem.Source, MaxText) || !it.report.checkText(it.place, it.Key.Guide.Source, MaxText) {
		return false
	}
	options := q.Options
	for _, p := range q.Prompts {
		if !it.report.checkText(it.at(p.ID), p.Text.Source, MaxText) {
			return false
		}
		options = append(options[:len(options):len(options)], p.Options...)
	}
	for _, o := range options {
		if !it.report.checkText(it.at(o.ID), o.Text.Source, MaxText) {
			return false
		}
	}
	return it.soundFeedback()
}

var showing = regexp.MustCompile(`<(?:img|audio|video|math|li)\b`)

// saysNothing tells HTML in which there is nothing to read, see or hear but the mark of a gap.
func saysNothing(s string) bool {
	return !showing.MatchString(s) && strings.Trim(anyTag.ReplaceAllString(s, ""), "_ \n\t\r") == ""
}

func (it *qti2Item) soundFeedback() bool {
	for _, id := range slices.Sorted(maps.Keys(it.Feedback.Options)) {
		if !it.report.checkText(it.at(id), it.Feedback.Options[id].Source, MaxText) {
			return false
		}
	}
	return it.report.checkText(it.place, it.Feedback.Explanation.Source, MaxText)
}
