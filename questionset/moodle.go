package questionset

import (
	"cmp"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/internal/xmltree"
)

// moodleReader turns the entries of a Moodle XML file into questions, after Moodle 4.1's
// question/format/xml/format.php and the readers of its question types.
type moodleReader struct {
	file     *File
	keys     *keyer
	known    *known
	category string
	base     int // lines before the part of the file that is being read
	entries  int // elements "question" met so far, categories included
	line     int // of the question before
	broken   int // parts of a broken document that could not be read
	tally    *tally
}

func parseMoodle(f *File, text string) {
	f.reread = rereadMoodle
	m := &moodleReader{file: f, keys: newKeyer(), known: newKnown(), tally: newTally(&f.Report)}
	root, fault := (*xmltree.Node)(nil), openCDATA(text)
	if fault == nil {
		root, fault = xmltree.Each(text, m.visit)
	}
	switch {
	case fault != nil:
		m.salvage(text, fault)
	case root.Name != moodleRootName:
		f.Report.error(place{line: root.Line}, codeMoodleRoot, "name", root.Name)
	}
	m.tally.report(&f.Report)
}

const (
	moodleRootName  = "quiz"
	moodleEntryName = "question"
)

// visit reads one entry of the document; it reports false when nothing more is read.
func (m *moodleReader) visit(root, child *xmltree.Node) bool {
	if root.Name != moodleRootName {
		return false
	}
	if child.Name != moodleEntryName {
		m.tally.add(Warning, codeMoodleElement, m.base+child.Line)
		return true
	}
	return m.entry(child)
}

// entry reads a question or a category, and questions that stand in it because an end tag is misplaced.
func (m *moodleReader) entry(n *xmltree.Node) bool {
	m.entries++
	if moodleType(n) == "category" {
		m.setCategory(n)
	} else if !m.question(n) {
		return false
	}
	for _, c := range n.Elements(moodleEntryName) {
		if !m.entry(c) {
			return false
		}
	}
	return true
}

func moodleType(n *xmltree.Node) string { return strings.TrimSpace(n.Attr("type")) }

// setCategory changes the category of what follows. What else is known of a category is not kept.
func (m *moodleReader) setCategory(n *xmltree.Node) {
	r := &m.file.Report
	p := place{line: m.base + n.Line, element: "category"}
	path := oneLine(n.Child("category").String())
	m.category = ""
	if r.checkText(p, path, MaxName) {
		m.category = categoryOf(path)
	}
	if strings.TrimSpace(n.Child("info").String()) != "" {
		m.tally.add(Note, codeMoodleCategoryInfo, p.line)
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// question reads one question; it reports false when nothing more is read.
func (m *moodleReader) question(n *xmltree.Node) bool {
	r := &m.file.Report
	line := m.base + n.Line
	if !r.mayRead(place{line: line}) {
		return false
	}
	r.open()
	defer r.close()
	q := &moodleQuestion{
		draft: draft{report: r, line: line}, file: m.file, tally: m.tally, node: n, form: formatHTML,
	}
	q.Question.Line, q.Category = line, m.category
	q.begin(m)
	if !q.read() || q.broken {
		m.file.refuse(&q.Question, "")
		return true
	}
	q.Question.seal()
	if m.known.admit(r, q.place(), &q.Question) {
		m.file.take(&q.Question)
	}
	return true
}

// moodleQuestion is a question under construction.
type moodleQuestion struct {
	draft
	file  *File
	tally *tally
	node  *xmltree.Node
	paths map[*xmltree.Node]string // of the elements in it, for findings; nil: not asked for yet
	files *fileSet                 // that stand beside its texts; nil: not looked for
	form  textForm                 // of the question's text; other texts have it, too, unless they say another
	// broken says that something of the question was refused, which was then reported.
	broken bool
}

// begin reads what every question has: names, tags and the text. Then it gives it its source key.
func (q *moodleQuestion) begin(m *moodleReader) {
	q.judgeElements()
	q.name = q.label(q.node.Child("name"))
	id := q.label(q.node.Child("idnumber"))
	q.Number = cmp.Or(q.name, id)
	m.nameApart(&q.draft)
	q.readTags()
	text := q.node.Child("questiontext")
	q.form, _ = formOf(text, formatHTML)
	q.Question.Question.Stem = q.withOldImage(q.text(text))
	q.Feedback.Explanation = q.text(q.node.Child("generalfeedback"))
	q.readLeftovers()
	q.tellLanguages(languagesIn(q.node))
	switch {
	case id != "":
		q.SourceKey = m.keys.named(q.Category, "id", id)
		if m.keys.repeated(q.Category, "id", id) {
			q.warning("idnumber", codeSameID, "id", id)
		}
	case q.Number != "":
		q.SourceKey = m.keys.named(q.Category, "name", q.Number)
	default:
		q.SourceKey = m.keys.unnamed(q.Question.Question.Stem.Source, q.Category)
	}
}

// nameApart gives a question without a name, or on the line of another one, its number in the file, so that
// findings tell them apart.
func (m *moodleReader) nameApart(d *draft) {
	if d.name == "" && d.Number == "" || d.line == m.line {
		d.name = strings.TrimSpace(d.name + " #" + strconv.Itoa(d.report.Counts.Seen))
	}
	m.line = d.line
}

// label reads a short text, on one line.
func (q *moodleQuestion) label(n *xmltree.Node) string {
	s := oneLine(n.String())
	if n != nil && !q.report.checkText(q.at(n), s, MaxName) {
		q.broken = true
		return ""
	}
	return s
}

func (q *moodleQuestion) readTags() {
	for _, list := range q.node.Elements("tags", "coursetags") {
		for _, n := range list.Elements("tag") {
			if tag := q.label(n); tag != "" {
				q.Tags = append(q.Tags, tag)
			}
		}
	}
	if len(q.Tags) > MaxAnswers {
		q.warning("tags", codeTooManyTags, "limit", MaxAnswers)
		q.Tags = q.Tags[:MaxAnswers]
	}
}

// readLeftovers reports what a question says and an exam has no place for: points belong to the exam's
// sections, penalties and hints to several tries.
func (q *moodleQuestion) readLeftovers() {
	if q.isOn("hidden", false) {
		q.warning("hidden", codeMoodleHidden)
	}
	if g := q.value("defaultgrade"); g != "" && !isOne(g) && moodleType(q.node) != "description" {
		q.tally.add(Note, codeMoodleGrade, q.line)
	}
	if p, ok := number(q.value("penalty")); ok && p.Sign() != 0 {
		q.tally.add(Note, codeMoodlePenalty, q.line)
	}
	if len(q.node.Elements("hint")) > 0 {
		q.tally.add(Warning, codeMoodleHints, q.line)
	}
	for _, n := range q.node.Elements("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback") {
		if s := oneLine(n.Child("text").String()); s != "" && !moodleStandard[s] {
			q.tally.add(Warning, codeMoodleCombined, q.line)
			break
		}
	}
}

// moodleStandard are the texts that Moodle itself puts into every question; pages say it by themselves.
var moodleStandard = map[string]bool{
	"Your answer is correct.": true, "Your answer is partially correct.": true, "Your answer is incorrect.": true,
	"<p>Your answer is correct.</p>": true, "<p>Your answer is partially correct.</p>": true,
	"<p>Your answer is incorrect.</p>": true,
}

// value is the trimmed text of an element of the question.
func (q *moodleQuestion) value(name string) string {
	return strings.TrimSpace(q.node.Child(name).String())
}

// at is the place of an element of the question: its line and its path.
func (q *moodleQuestion) at(n *xmltree.Node) place {
	if q.paths == nil {
		q.paths = pathsIn(q.node)
	}
	p := q.place().at(cmp.Or(q.paths[n], n.Name))
	p.line = q.line - q.node.Line + n.Line
	return p
}

// pathsIn names the elements in an element, and those in them; of several that are called alike, by their numbers
// from 1.
func pathsIn(node *xmltree.Node) map[*xmltree.Node]string {
	count, number := map[string]int{}, map[string]int{}
	for _, n := range node.Elements() {
		count[n.Name]++
	}
	paths := map[*xmltree.Node]string{}
	for _, n := range node.Elements() {
		path := n.Name
		if number[n.Name]++; count[n.Name] > 1 {
			path += "[" + strconv.Itoa(number[n.Name]) + "]"
		}
		paths[n] = path
		for _, in := range n.Elements() {
			paths[in] = path + "/" + in.Name
		}
	}
	return paths
}

// wrong reports a fault of an element of the question. It reports false.
func (q *moodleQuestion) wrong(n *xmltree.Node, code Code, args ...any) bool {
	q.report.error(q.at(n), code, args...)
	return false
}

// find is the place of the first element of a name, of the whole question where there is none.
func (q *moodleQuestion) find(name string) place {
	if n := q.node.Child(name); n != nil {
		return q.at(n)
	}
	return q.place().at(name)
}

// error reports a fault, in the first element of a name.
func (q *moodleQuestion) error(element string, code Code, args ...any) {
	q.report.error(q.find(element), code, args...)
}

// warning reports what wants a look, in the first element of a name.
func (q *moodleQuestion) warning(element string, code Code, args ...any) {
	q.report.warning(q.find(element), code, args...)
}

// moodleOnce are the elements of a question that stand once in it, and those that stand once in each of its elements.
var moodleOnce, moodleOnceInside = []string{
	"name", "questiontext", "generalfeedback", "idnumber", "gradingtype", "selecttype", "selectcount", "scoringmethod",
	"unitgradingtype", "responseformat", "graderinfo", "attachmentsrequired", "units", "delimitchars", "answerdisplay",
}, []string{"text", "feedback", "fraction", "tolerance", "group", "optiontext", "responsetext", "feedbacktext", "value"}

// moodleSwitches are elements that say yes or no.
var moodleSwitches = []string{"hidden", "single", "shuffleanswers", "usecase", "disableregex", "noduplicates", "casesensitive"}

// judgeElements refuses what says two things at once.
func (q *moodleQuestion) judgeElements() {
	if n := secondOf(q.node, moodleOnce...); n != nil {
		q.broken = !q.wrong(n, codeXMLTwice, "name", n.Name)
	}
	for _, in := range q.node.Elements() {
		if n := secondOf(in, moodleOnceInside...); n != nil && in.Name != moodleEntryName {
			q.broken = !q.wrong(in, codeXMLTwice, "name", n.Name)
		}
	}
	for _, name := range moodleSwitches {
		q.judgeSwitch(name)
	}
}

// judgeSwitch refuses a switch that is neither on nor off, or both. Moodle itself writes some of them twice, in other
// words.
func (q *moodleQuestion) judgeSwitch(name string) {
	said := map[bool]bool{}
	for _, n := range q.node.Elements(name) {
		value := strings.TrimSpace(n.String())
		on, known := switchWords[strings.ToLower(value)]
		switch {
		case value == "":
			continue
		case !known:
			q.broken = !q.wrong(n, codeMoodleSwitch, "value", value)
			return
		}
		if said[on] = true; said[!on] {
			q.broken = !q.wrong(n, codeXMLTwice, "name", name)
			return
		}
	}
}

// switchWords are what a switch may say: Moodle writes true, 1, false or 0.
var switchWords = map[string]bool{"true": true, "1": true, "yes": true, "false": false, "0": false, "no": false}

// isOn reads a switch.
func (q *moodleQuestion) isOn(name string, absent bool) bool {
	if on, known := switchWords[strings.ToLower(q.value(name))]; known {
		return on
	}
	return absent
}

func isOne(s string) bool {
	v, ok := number(s)
	return ok && v.IsInt() && v.Num().IsInt64() && v.Num().Int64() == 1
}

// moodleTypes read the types of questions. Each reports false when the question is refused, which it has
// then reported.
var moodleTypes = map[string]func(*moodleQuestion) bool{
	"multichoice":     (*moodleQuestion).readChoice,
	"multichoiceset":  (*moodleQuestion).readChoiceSet,
	"oumultiresponse": (*moodleQuestion).readOUChoice,
	"truefalse":       (*moodleQuestion).readTrueFalse,
	"mtf":             (*moodleQuestion).readMatrix,
	"kprime":          (*moodleQuestion).readMatrix,
	"shortanswer":     (*moodleQuestion).readShortAnswer,
	"numerical":       (*moodleQuestion).readNumerical,
	"matching":        (*moodleQuestion).readMatching,
	"match":           (*moodleQuestion).readMatching,
	"ddmatch":         (*moodleQuestion).readDragMatching,
	"ordering":        (*moodleQuestion).readOrdering,
	"essay":           (*moodleQuestion).readEssay,
	"description":     (*moodleQuestion).readDescription,
	"cloze":           (*moodleQuestion).readCloze,
	"multianswer":     (*moodleQuestion).readCloze,
	"gapselect":       (*moodleQuestion).readPlaces,
	"ddwtos":          (*moodleQuestion).readPlaces,
	"gapfill":         (*moodleQuestion).readGapfill,
}

// moodleRefused are types that are known and cannot be taken, with what to do.
var moodleRefused = map[string]Code{
	"calculated": codeMoodleCalculated, "calculatedsimple": codeMoodleCalculated, "calculatedmulti": codeMoodleCalculated,
	"formulas": codeMoodleCalculated, "stack": codeMoodleCalculated, "varnumeric": codeMoodleCalculated,
	"varnumericset": codeMoodleCalculated, "wiris": codeMoodleCalculated, "shortanswerwiris": codeMoodleCalculated,
	"multichoicewiris": codeMoodleCalculated, "truefalsewiris": codeMoodleCalculated,
	"random": codeMoodleRandom, "randomsamatch": codeMoodleRandom,
	"ddmarker": codeMoodlePicture, "ddimageortext": codeMoodlePicture, "imagetarget": codeMoodlePicture,
	"drawing": codeMoodlePicture, "freehanddrawing": codeMoodlePicture,
	"coderunner": codeMoodleProgram, "vplquestion": codeMoodleProgram, "sqlquestion": codeMoodleProgram,
}

func (q *moodleQuestion) read() bool {
	kind := moodleType(q.node)
	read := moodleTypes[kind]
	switch {
	case kind == "":
		q.error("type", codeMoodleNoType)
		return false
	case read == nil:
		q.error("type", cmp.Or(moodleRefused[kind], codeMoodleType), "type", kind)
		return false
	case q.Question.Question.Stem.Source == "":
		q.error("questiontext", codeEmptyStem)
		return false
	}
	if !read(q) {
		return false
	}
	q.mergeFeedback()
	return true
}

// readDescription reads a text that asks nothing.
func (q *moodleQuestion) readDescription() bool {
	q.Question.Question.Type = exam.Description
	return true
}
