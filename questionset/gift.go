package questionset

import (
	"regexp"
	"strings"

	"shiken/exam"
	"shiken/internal/textfile"
)

// giftBlock is what stands between two blank lines, with its comments taken out. Comment lines are
// left empty, so that lines can still be counted.
type giftBlock struct {
	line int // of the first line of text
	text string
	id   string   // of a comment
	tags []string // of comments; MaxAnswers+1 at most
}

// giftReader turns the blocks of a GIFT file into questions, after Moodle 4.1's
// question/format/gift/format.php. Where Moodle loses something without a word, it reports.
type giftReader struct {
	file     *File
	keys     *keyer
	known    *known
	category string
	// open is the line of a block whose brace a blank line cut off, 0 when there is none.
	open   int
	joined bool // it was told that blank lines between questions are missing
}

func parseGIFT(f *File, text string) {
	f.reread = rereadGIFT
	g := &giftReader{file: f, keys: newKeyer(), known: newKnown()}
	g.blocks(text)
}

// giftRun is what stands between two blank lines, or a question of it, as far as it was looked at.
type giftRun struct {
	from, line int // offset in the text of its first line, and that line
	// comment and commentLine are those of the first comment right before the line that is looked at; -1 for none.
	comment, commentLine int
	depth                int  // opened braces
	begun                bool // there is more than comments and categories
	answered             bool // it has braces
	told                 bool // of a name inside
}

// blocks reads what stands between blank lines.
func (g *giftReader) blocks(text string) {
	run := giftRun{line: 1, comment: -1}
	for at, line := 0, 1; at < len(text); line++ {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		l, next := text[at:at+end], min(at+end+1, len(text))
		switch {
		case line%lateStep == 0 && g.file.Report.late():
			return
		case strings.TrimSpace(l) != "":
			if !g.apart(&run, text, l, at, line) {
				return
			}
		case !g.block(run.line, text[run.from:at]):
			return
		default:
			run = giftRun{from: next, line: line + 1, comment: -1}
		}
		at = next
	}
	g.block(run.line, text[run.from:])
}

// giftHead begins a category, or what may be a name.
var giftHead = regexp.MustCompile(`^\s*(?:::(?:\\.|:?[^:\\])+::|\$CATEGORY:)`)

// isHead tells such a line. A name of MaxName ends within its beginning.
func isHead(line string) bool {
	trimmed := strings.TrimLeft(line, " \t")
	return (strings.HasPrefix(trimmed, "::") || strings.HasPrefix(trimmed, "$")) && giftHead.MatchString(trimmed[:min(len(trimmed), 4*MaxName)])
}

// apart looks at a line between two blank lines. Named questions without a blank line between them, which Moodle
// takes for one, are read apart where the first has had its answers: what looks like a name before them may be a line of
// code. It reports false when nothing more is read.
func (g *giftReader) apart(run *giftRun, text, l string, at, line int) bool {
	if isComment(l) {
		if run.comment < 0 {
			run.comment, run.commentLine = at, line
		}
		return true
	}
	switch head := run.begun && run.depth <= 0 && isHead(l); {
	case head && !run.answered && !isCategory(l):
		if !run.told {
			g.file.Report.warning(place{line: line}, codeGIFTNameInside, "text", l)
		}
		run.told = true
	case head:
		next := giftRun{from: at, line: line}
		if run.comment >= 0 {
			next.from, next.line = run.comment, run.commentLine
		}
		if !g.block(run.line, text[run.from:next.from]) {
			return false
		}
		g.tellJoined(line)
		*run = next
	}
	if strings.ContainsAny(l, "{}") {
		marked := mark(l)
		opened, closed := strings.Count(marked, "{"), strings.Count(marked, "}")
		run.depth += opened - closed
		run.answered = run.answered || opened+closed > 0
	}
	run.begun = run.begun || !isCategory(l)
	run.comment = -1
	return true
}

func isCategory(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "$CATEGORY:") }

// tellJoined tells once in a file that a blank line is missing.
func (g *giftReader) tellJoined(line int) {
	if !g.joined {
		g.joined = true
		g.file.Report.warning(place{line: line}, codeGIFTJoined)
	}
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "//") }

// block reads one block; it reports false when nothing more is read.
func (g *giftReader) block(line int, text string) bool {
	if text == "" {
		return true
	}
	b := makeBlock(line, text)
	r := &g.file.Report
	if b.text == "" {
		return true
	}
	if strings.HasPrefix(b.text, "$CATEGORY:") {
		b = g.setCategory(b)
		if b.text == "" {
			return true
		}
	}
	if !r.mayRead(place{line: b.line}) {
		return false
	}
	r.open()
	defer r.close()
	q := &giftQuestion{file: g.file, draft: draft{report: r, line: b.line}}
	if !g.begin(q, b) || !q.read() {
		q.Question.Line = b.line
		g.file.refuse(&q.Question, text)
		return true
	}
	q.Question.seal()
	if g.known.admit(r, q.place(), &q.Question) {
		g.file.take(&q.Question)
	}
	return true
}

// makeBlock takes the comments out of a text. One that is much too long stays as it is, and is refused for that.
func makeBlock(line int, text string) giftBlock {
	b := giftBlock{line: line}
	if len(text) > 4*maxBlock {
		b.text = strings.TrimSpace(text)
		return b
	}
	var kept strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		comment := isComment(l)
		switch {
		case comment:
			b.comment(strings.TrimSpace(l)[2:])
			fallthrough
		case l == "":
			if kept.Len() == 0 {
				b.line++
				continue
			}
		default:
			kept.WriteString(l)
		}
		kept.WriteByte('\n')
	}
	b.text = strings.TrimSpace(kept.String())
	return b
}

// comment reads the id and the tags of a comment.
func (b *giftBlock) comment(c string) {
	if m := commentID.FindStringSubmatch(c); m != nil {
		b.id = commentValue(m[1])
	}
	for _, m := range commentTag.FindAllStringSubmatch(c, MaxAnswers+1-len(b.tags)) {
		b.tags = append(b.tags, commentValue(m[1]))
	}
}

// setCategory reads a category line and returns what follows it in the same block, which Moodle
// would take for a part of the category's name.
func (g *giftReader) setCategory(b giftBlock) giftBlock {
	r := &g.file.Report
	first, rest, more := strings.Cut(b.text, "\n")
	p := place{line: b.line, element: "$CATEGORY"}
	path := unmark(mark(strings.TrimSpace(strings.TrimPrefix(first, "$CATEGORY:"))))
	if r.checkText(p, path, MaxName) {
		g.category = categoryOf(path)
	}
	if !more {
		return giftBlock{}
	}
	r.warning(p, codeGIFTCategoryBlock)
	trimmed := strings.TrimLeft(rest, "\n")
	return giftBlock{
		line: b.line + 1 + len(rest) - len(trimmed), text: strings.TrimSpace(trimmed), id: b.id, tags: b.tags,
	}
}

var categoryContext = regexp.MustCompile(`^\$(?:course|system|module|cat\d*)\$/?(?:top(?:/|$))?`)

// categoryOf drops the context ("$course$/top/") of a path; `//` stays a literal slash.
func categoryOf(path string) string { return categoryContext.ReplaceAllString(path, "") }

var (
	commentID  = regexp.MustCompile(`\[id:((?:\\\]|[^\]\[[:cntrl:]])+)\]`)
	commentTag = regexp.MustCompile(`\[tag:((?:\\\]|[^\]\[[:cntrl:]])+)\]`)
)

// begin judges a block's text, finds its id, tags, name and braces, and gives it its source key.
func (g *giftReader) begin(q *giftQuestion, b giftBlock) bool {
	r := q.report
	q.Number, q.Tags = b.id, b.tags
	q.Question.Line, q.Category = b.line, g.category
	if len(q.Tags) > MaxAnswers {
		q.warning("", codeTooManyTags, "limit", MaxAnswers)
		q.Tags = q.Tags[:MaxAnswers]
	}
	q.source = strings.ReplaceAll(b.text[:min(len(b.text), MaxName)], string(textfile.Undecodable), "\uFFFD")
	sound := r.checkText(q.place(), b.text, maxBlock)
	for _, s := range append([]string{q.Number}, q.Tags...) {
		sound = r.checkText(q.place(), s, MaxName) && sound
	}
	if !sound {
		return false
	}
	name, text := giftName(mark(b.text))
	q.text, q.source = text, b.text
	q.textLine = b.line + strings.Count(b.text, "\n") - strings.Count(text, "\n")
	q.name = name
	if !r.checkText(q.place(), name, MaxName) {
		return false
	}
	g.identify(q, text)
	return g.braces(q)
}

// maxBlock bounds one question with all its answers.
const maxBlock = 4 * MaxText

func commentValue(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, `\]`, "]")) }

// giftName splits "::name::text"; a name that does not end belongs to the text.
func giftName(text string) (name, rest string) {
	after, ok := strings.CutPrefix(text, "::")
	if !ok {
		return "", text
	}
	name, rest, ok = strings.Cut(after, "::")
	if !ok {
		return "", after
	}
	return strings.Join(strings.Fields(unmark(name)), " "), strings.TrimSpace(rest)
}

// identify: the id of a comment says which question it is, else the name within the category, else
// the text up to the answer.
func (g *giftReader) identify(q *giftQuestion, text string) {
	switch {
	case q.Number != "":
		q.SourceKey = g.keys.named(q.Category, "id", q.Number)
		if g.keys.repeated(q.Category, "id", q.Number) {
			q.warning("id", codeSameID, "id", q.Number)
		}
	case q.name != "":
		q.SourceKey = g.keys.named(q.Category, "name", q.name)
		q.Number = q.name
	default:
		before, _, _ := strings.Cut(text, "{")
		after := text[strings.LastIndexByte(text, '}')+1:]
		q.SourceKey = g.keys.unnamed(before+"{}"+after, q.Category)
	}
}

// braces finds the faults that a blank line inside the braces makes: it cuts a question in two, or
// in more pieces.
func (g *giftReader) braces(q *giftQuestion) bool {
	opening, closing := strings.IndexByte(q.text, '{'), strings.IndexByte(q.text, '}')
	switch {
	case opening >= 0 && closing < 0:
		g.open = q.line
		q.report.error(q.place(), codeGIFTUnclosed, "end", q.line+strings.Count(q.source, "\n")+1)
		return false
	case closing >= 0 && (opening < 0 || closing < opening) && g.open > 0:
		q.report.error(q.place(), codeGIFTFragment, "line", g.open)
		g.open = 0
		return false
	case closing >= 0 && (opening < 0 || closing < opening):
		q.report.error(q.place(), codeGIFTUnopened)
		return false
	case opening < 0 && g.open > 0:
		q.report.error(q.place(), codeGIFTFragment, "line", g.open)
		return false
	}
	g.open = 0
	return true
}

// giftQuestion is a question under construction. text and its parts are marked: escaped characters
// stand in it as placeholders.
type giftQuestion struct {
	draft
	file       *File
	text       string // marked, without the name
	textLine   int    // on which it begins
	answer     string // marked, inside the braces
	answerLine int
	format     textForm
}

// read parses the question; it reports false when it is refused, which it has then reported.
func (q *giftQuestion) read() bool {
	q.tellLanguages(languagesOf(unmark(q.text)))
	if len(scanCloze(q.text)) > 0 {
		return q.readCloze()
	}
	if m := clozeLike.FindStringIndex(q.text); m != nil {
		q.error("", codeGapBroken, "text", unmark(q.text[m[0]:]))
		return false
	}
	opening, closing := strings.IndexByte(q.text, '{'), strings.IndexByte(q.text, '}')
	if opening < 0 {
		return q.readDescription()
	}
	q.setAnswer(q.text[opening+1:closing], q.textLine+strings.Count(q.text[:opening], "\n"))
	before, after := q.text[:opening], q.text[closing+1:]
	if strings.ContainsAny(q.answer, "{") || strings.ContainsAny(after, "{}") {
		q.error("", codeGIFTSeveralBraces)
		return false
	}
	if i := strings.Index(after, "####"); i >= 0 {
		q.error("", codeGIFTFeedbackOutside, "text", unmark(after[i:]))
		return false
	}
	if after == "" {
		q.setStem(strings.TrimSpace(before))
	} else {
		q.setStem(before + gapMark(formatOf(q.text)) + after)
	}
	if q.Question.Question.Stem.Source == "" {
		q.error("", codeEmptyStem)
		return false
	}
	q.generalFeedback()
	if !q.readAnswer() {
		return false
	}
	q.mergeFeedback()
	return true
}

// setAnswer takes what is left of the answer to be read, which begins on a line.
func (q *giftQuestion) setAnswer(s string, line int) {
	rest := strings.TrimLeft(s, " \t\r\n")
	q.answerLine = line + strings.Count(s[:len(s)-len(rest)], "\n")
	q.answer = strings.TrimSpace(rest)
}

func (q *giftQuestion) readDescription() bool {
	q.setStem(q.text)
	if q.Question.Question.Stem.Source == "" {
		q.error("", codeEmptyStem)
		return false
	}
	q.Question.Question.Type = exam.Description
	q.report.note(q.place(), codeGIFTDescription)
	return true
}

func (q *giftQuestion) setStem(marked string) {
	q.format = formatOf(marked)
	q.Question.Question.Stem = q.makeText(marked, q.format)
	if latexNewline.MatchString(q.source) {
		q.warning("", codeGIFTLatexNewline)
	}
}

// latexNewline finds LaTeX commands that the escape `\n` swallows.
var latexNewline = regexp.MustCompile(`(?:^|[^\\])\\n(?:eq|u|abla|ot|otin|e|eg|i|leq|geq|less|mid|parallel|subseteq)\b`)

// generalFeedback cuts off what follows the last `####`.
func (q *giftQuestion) generalFeedback() {
	i := strings.LastIndex(q.answer, "####")
	if i < 0 {
		return
	}
	q.Feedback.Explanation = q.makeText(q.answer[i+4:], q.format)
	q.answer = strings.TrimSpace(q.answer[:i])
}

// readAnswer tells the type of the answer the way Moodle does.
func (q *giftQuestion) readAnswer() bool {
	a := q.answer
	beforeComment, _, _ := strings.Cut(a, "#")
	switch {
	case a == "":
		q.Question.Question.Type = exam.Essay
		return true
	case a[0] == '#':
		return q.readNumeric()
	case strings.Contains(a, "~"):
		return q.readChoice()
	case strings.Contains(a, "=") && strings.Contains(a, "->"):
		return q.readMatching()
	}
	switch strings.TrimSpace(beforeComment) {
	case "T", "TRUE":
		return q.readTrueFalse(true)
	case "F", "FALSE":
		return q.readTrueFalse(false)
	}
	return q.readShortText()
}
