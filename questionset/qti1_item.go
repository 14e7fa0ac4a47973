package questionset

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// qti1Item is an item on its way to a question.
type qti1Item struct {
	Question
	reader *qti1Reader
	report *Report
	node   *xmltree.Node
	above  int    // lines of the document above the item
	name   string // for findings
	meta   map[string]string
	kind   qti1Kind
	stem   qti1Text
	parts  []*qti1Response
	rights []exam.Text // Blackboard: the right sides of a matching question
	rules  []*qti1Rule
	paired map[string]bool          // responses of which rules want pairs; nil before it is asked for
	wanted map[string]*xmltree.Node // what the one rule for all responses wants of each; nil before it is asked for
	base   float64                  // of the score
	saids  qti1Saids
	steps  int // of work on rules
	// negative: the warning about points taken off stands in the report
	negative bool
	byExam   bool               // how several right options are scored
	eitherOr bool               // it is one of Blackboard's pairs such as yes and no
	counted  bool               // the rules count right and wrong choices
	shares   map[string]float64 // what options earn by themselves, in percent; nil: nothing is said of it
	again    bool               // an item before it has its ident
}

// qti1Kind is what an item says that it is; kindOpen leaves it to what it is made of.
type qti1Kind string

const (
	kindOpen        qti1Kind = ""
	kindChoice      qti1Kind = "choice"
	kindMultiple    qti1Kind = "multiple"
	kindText        qti1Kind = "text"
	kindBlanks      qti1Kind = "blanks"
	kindDropdowns   qti1Kind = "dropdowns"
	kindMatching    qti1Kind = "matching"
	kindNumeric     qti1Kind = "numeric"
	kindEssay       qti1Kind = "essay"
	kindDescription qti1Kind = "description"
	kindOrdering    qti1Kind = "ordering"
	kindPairs       qti1Kind = "pairs"
	kindUnsupported qti1Kind = "unsupported"
)

// qti1Kinds are the types by the names that Canvas, Common Cartridge, Blackboard and others give them,
// without the "_question" of Canvas and the "cc." and version of Common Cartridge.
var qti1Kinds = map[string]qti1Kind{
	"multiple_choice": kindChoice, "multiple choice": kindChoice, "true_false": kindChoice, "true/false": kindChoice,
	"either/or": kindChoice, "missing_word": kindChoice, "true false": kindChoice,
	"multiple_answers": kindMultiple, "multiple_response": kindMultiple, "multiple answer": kindMultiple,
	"multiple response": kindMultiple, "multi-select": kindMultiple, "multiple correct": kindMultiple,
	"multiple correct answer": kindMultiple,
	"short_answer":            kindText, "fib": kindText, "pattern_match": kindText, "fill in the blank": kindText,
	"fill in the blanks": kindText, "short answer": kindText,
	"fill_in_multiple_blanks": kindBlanks, "fill in the blank plus": kindBlanks,
	"multiple_dropdowns": kindDropdowns, "jumbled sentence": kindDropdowns,
	"matching": kindMatching, "numerical": kindNumeric, "numeric": kindNumeric, "arithmetic": kindNumeric,
	"numeric response": kindNumeric,
	"essay":            kindEssay, "long answer": kindEssay, "short response": kindEssay,
	"text_only": kindDescription, "ordering": kindOrdering,
	"calculated": kindUnsupported, "calculated formula": kindUnsupported, "file_upload": kindUnsupported,
	"file upload": kindUnsupported, "hot_spot": kindUnsupported, "hot spot": kindUnsupported,
	"audio recording": kindUnsupported, "categorization": kindUnsupported, "quiz bowl": kindUnsupported, "opinion scale": kindUnsupported,
}

// qti1TypeFields are the fields of the metadata that say what an item is, the first that is there counts.
var qti1TypeFields = []string{"question_type", "cc_profile", "bbmd_questiontype", "qmd_questiontype", "qmd_itemtype", "questiontype"}

// typeField is the field that says what the item is, "" where none does.
func (it *qti1Item) typeField() string {
	for _, name := range qti1TypeFields {
		if it.meta[name] != "" {
			return name
		}
	}
	return ""
}

// statedType is what the item says that it is, as written and as we know it.
func (it *qti1Item) statedType() (string, qti1Kind) {
	stated := it.meta[it.typeField()]
	return stated, kindNamed(stated)
}

// kindNamed is a kind by what an item calls it.
func kindNamed(stated string) qti1Kind {
	name, ofCanvas := strings.CutSuffix(strings.ToLower(stated), "_question")
	if rest, ok := strings.CutPrefix(name, "cc."); ok {
		name, _, _ = strings.Cut(rest, ".")
	}
	kind, known := qti1Kinds[name]
	if !known && ofCanvas {
		return kindUnsupported
	}
	return kind
}

// maxItem bounds one item with pictures that are written into it, in bytes.
const maxItem = 4 << 20

// item reads one item.
func (q *qti1Reader) item(p qti1Part) {
	r := &q.file.Report
	it := &qti1Item{reader: q, report: r, above: p.line - 1, saids: qti1Saids{}}
	it.Line = p.line
	defer r.close()
	if len(p.text) > maxItem {
		r.open()
		r.error(place{line: p.line, question: q.nameOf(nil)}, codeTooLong, "length", len(p.text), "limit", maxItem)
		return
	}
	n, fault := xmltree.Parse(p.text)
	it.node, it.name = n, q.nameOf(n)
	if n != nil && fault == nil && q.passages[n.Attr("ident")] != nil {
		return // told by tellPassages
	}
	r.open()
	at := place{line: p.line, question: it.name}
	switch {
	case fault != nil && fault.Reason == xmltree.Malformed:
		q.torn++
		at.line = it.above + fault.Line
		r.error(at, codeQTI1Item, "detail", fault.Detail)
		q.file.refuse(&Question{Line: p.line, Number: it.name, Category: q.category()}, p.text)
		return
	case fault != nil:
		fault.Line += it.above
		r.xmlFault(at, fault)
		return
	}
	if it.begin() && it.read() {
		q.admit(it)
		return
	}
	it.salvage()
	q.file.refuse(&it.Question, "")
}

// salvage fills in what was not reached of an item that is refused, for its author to go on from.
func (it *qti1Item) salvage() {
	q := &it.Question.Question
	if q.Stem.Source == "" {
		q.Stem = exam.Text{Source: qti1Plain(it.stem.render(nil))}
	}
	if q.Stem.Source == "" {
		q.Stem = bareStem(it.node.Child("presentation"))
	}
	if len(q.Options) > 0 || len(q.Prompts) > 0 || len(it.parts) != 1 {
		return
	}
	for i, l := range it.parts[0].labels {
		if l.text.Source != "" {
			q.Options = append(q.Options, exam.Option{ID: optionID(i), Text: l.text})
		}
	}
}

// nameOf is how findings call an item: many files call every item alike, or have all on one line.
func (q *qti1Reader) nameOf(n *xmltree.Node) string {
	q.count++
	number := "#" + strconv.Itoa(q.count)
	if n == nil {
		return number
	}
	ident := excerpt(n.Attr("ident"))
	name := cmp.Or(excerpt(n.Attr("title")), ident, number)
	for _, more := range []string{" (" + ident + ")", " " + number} {
		if q.names[name] {
			name += more
		}
	}
	q.names[name] = true
	return name
}

// admit takes a question, unless it was taken before.
func (q *qti1Reader) admit(it *qti1Item) {
	it.share()
	it.Question.seal()
	ref, ident := it.meta["assessment_question_identifierref"], it.node.Attr("ident")
	for _, id := range []string{ref, ident} {
		if hash := q.items[id]; id != "" && hash == it.ContentHash {
			it.report.warning(it.place(), codeQTI1Same, "id", id)
			it.report.Counts.Identical++
			return
		}
	}
	if it.again {
		it.warning(it.node, codeSameID, "id", ident)
	}
	for _, id := range []string{ref, ident} {
		q.items[id] = it.ContentHash
	}
	if q.known.admit(it.report, it.place(), &it.Question) {
		q.file.take(&it.Question)
	}
}

// share gives the question the passage that it stands under.
func (it *qti1Item) share() {
	if id := it.meta["parent_stimulus_item_ident"]; it.reader.passages[id] != nil {
		it.Question.Question.Stimulus, it.Question.Question.Group = it.reader.passages[id].text, id
		it.reader.passages[id].used++
		return
	}
	for _, c := range it.reader.open {
		if c.group != "" {
			it.Question.Question.Stimulus, it.Question.Question.Group = c.passage, c.group
		}
	}
}

// begin judges the item's texts and names it.
func (it *qti1Item) begin() bool {
	it.meta = metadata(it.node)
	it.Number = strings.TrimSpace(it.node.Attr("title"))
	it.Category = it.reader.category()
	ident := it.node.Attr("ident")
	sound := true
	for _, s := range []string{it.Number, it.Category, ident} {
		sound = it.report.checkText(it.place(), s, MaxName) && sound
	}
	if !sound {
		return false
	}
	if ident != "" {
		it.SourceKey = it.reader.keys.named(it.Category, "id", ident)
		it.again = it.reader.keys.repeated(it.Category, "id", ident)
	} else {
		it.SourceKey = it.reader.keys.unnamed(it.node.Child("presentation").String(), it.Category)
	}
	if points, err := strconv.ParseFloat(it.meta["points_possible"], 64); err == nil && points != 1 && points != 0 {
		it.reader.points++
	}
	return true
}

func (it *qti1Item) place() place { return place{line: it.Line, question: it.name} }

// at is the place of something in the item.
func (it *qti1Item) at(n *xmltree.Node) place {
	p := it.place()
	if n != nil {
		p.line, p.element = it.above+n.Line, n.Name
		if ident := firstOf(n.Attr("ident"), n.Attr("respident")); ident != "" {
			p.element += "[" + excerpt(ident) + "]"
		}
	}
	return p
}

// rulesNode is what says how the item is scored, the item itself where nothing does.
func (it *qti1Item) rulesNode() *xmltree.Node { return it.part("resprocessing") }

// part is a part of the item, the item itself where it has none of the name.
func (it *qti1Item) part(name string) *xmltree.Node {
	if n := it.node.Child(name); n != nil {
		return n
	}
	return it.node
}

func (it *qti1Item) error(n *xmltree.Node, code Code, args ...any) bool {
	it.report.error(it.at(n), code, args...)
	return false
}

func (it *qti1Item) warning(n *xmltree.Node, code Code, args ...any) {
	it.report.warning(it.at(n), code, args...)
}

// text links and judges one text of the question.
func (it *qti1Item) text(n *xmltree.Node, t exam.Text) (exam.Text, bool) {
	t = it.reader.link(it.at(n), t)
	return t, it.report.checkText(it.at(n), t.Source, MaxText)
}

// read makes the question; it reports false when it is refused, which it has then reported.
func (it *qti1Item) read() bool {
	stated, kind := it.statedType()
	if len(it.node.Find("calculated")) > 0 {
		stated, kind = cmp.Or(stated, "calculated"), kindUnsupported
	}
	if kind == kindUnsupported {
		return it.error(it.part("itemmetadata"), codeQTI1Type, "type", stated)
	}
	it.kind = kind
	processing := it.node.Child("resprocessing")
	if n := elements(processing); n > maxRuleElements {
		return it.error(processing, codeQTI1ManyRules, "count", n, "limit", maxRuleElements)
	}
	if n := it.second(); n != nil {
		return it.error(n, codeXMLTwice, "name", firstOf(n.Child("fieldlabel").String(), n.Name))
	}
	if !it.spreadFields() || !it.readPresentation() || !it.readRules() {
		return false
	}
	if len(it.parts) == 0 && kind != kindOpen && kind != kindEssay && kind != kindDescription {
		return it.error(it.part("presentation"), codeQTI1NoResponse, "type", stated)
	}
	if len(it.parts) == 0 && kind == kindOpen {
		switch {
		case stated != "":
			return it.error(it.part("itemmetadata"), codeQTI1Type, "type", stated)
		case it.hasPoints():
			return it.error(it.part("presentation"), codeQTI1Bare)
		}
	}
	if !it.settleKind() {
		return false
	}
	read := map[qti1Kind]func() bool{
		kindChoice: it.readChoice, kindMultiple: it.readMultiple, kindText: it.readShortText,
		kindNumeric: it.readNumeric, kindBlanks: it.readGaps, kindDropdowns: it.readGaps, kindMatching: it.readMatching,
		kindOrdering: it.readOrdering, kindPairs: it.readPairs, kindEssay: it.readEssay, kindDescription: it.readDescription,
	}[it.kind]
	told := len(it.report.Findings)
	sound := read()
	it.reader.steps += it.steps
	if it.steps > maxQTI1Steps {
		it.report.Findings = it.report.Findings[:told] // what was said of scores that were not worked out
		return it.error(processing, codeQTI1Work)
	}
	if !sound || !it.readFeedback() {
		return false
	}
	if it.Question.Question.Stem.Source == "" {
		return it.error(it.part("presentation"), codeEmptyStem)
	}
	return true
}

// hasPoints reports whether the item says that there are points for it, or changes the score by rules.
func (it *qti1Item) hasPoints() bool {
	points, ok := qti1Number(it.meta["points_possible"])
	return ok && points > 0 || slices.ContainsFunc(it.rules, func(r *qti1Rule) bool { return r.score })
}

// second is the second of two parts of the item that differ, though one of them would have to count alone; nil where
// there is none.
func (it *qti1Item) second() *xmltree.Node {
	if n := secondOf(it.node, "presentation", "resprocessing"); n != nil {
		return n
	}
	if n := it.secondField(); n != nil {
		return n
	}
	processing := it.node.Child("resprocessing")
	for _, n := range processing.Elements("respcondition") {
		if again := secondOf(n, "conditionvar"); again != nil {
			return again
		}
	}
	if n := secondOf(processing, "outcomes"); n != nil {
		return n
	}
	first := map[string]*xmltree.Node{}
	for _, n := range responsesIn(it.node.Child("presentation")) {
		ident := n.Attr("ident")
		if before := first[ident]; ident != "" && before != nil && !sameXML(before, n) {
			return n
		}
		first[ident] = n
	}
	return nil
}

// secondField is a field of the metadata that says something else than the first of its name, of those that count but
// for the type, which otherKind judges; nil where there is none.
func (it *qti1Item) secondField() *xmltree.Node {
	var second *xmltree.Node
	eachField(it.node, func(name, value string, field *xmltree.Node) {
		if (name == "scoring_algorithm" || name == "parent_stimulus_item_ident") && value != it.meta[name] {
			second = field
		}
	})
	return second
}

func (it *qti1Item) readEssay() bool {
	it.Question.Question.Type = exam.Essay
	return it.setStem(nil) && (len(it.parts) != 1 || it.addPrompt(it.parts[0]))
}

func (it *qti1Item) readDescription() bool {
	it.Question.Question.Type = exam.Description
	return it.setStem(nil)
}

// setStem makes the text of the question; mark gives what stands at the place of a response.
func (it *qti1Item) setStem(mark func(int) string) bool {
	for _, name := range it.stem.left {
		it.report.note(it.place(), codeQTI1Left, "name", name)
	}
	t, ok := it.text(nil, it.stem.render(mark))
	it.Question.Question.Stem = t
	return ok
}

// askMarker makes an essay of a question that cannot be scored as the file says.
func (it *qti1Item) askMarker(reason string) bool {
	it.warning(nil, codeQTI1NeedsMarker, "text", reason)
	it.Key = exam.Key{}
	it.Question.Question = exam.Question{Type: exam.Essay}
	mark := gapMarks(len(it.parts))
	return it.setStem(mark)
}

// gapMarks are what stands for each of several gaps; a gap alone has no number.
func gapMarks(parts int) func(int) string {
	return func(n int) string {
		if parts < 2 {
			return gapMark(formatHTML)
		}
		return gapMark(formatHTML) + "(" + strconv.Itoa(n) + ")"
	}
}
