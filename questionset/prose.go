package questionset

import (
	"strconv"
	"strings"

	"shiken/exam"
)

// proseReader turns plain text, line by line, into choice questions: Aiken, and numbered questions as
// people type them.
type proseReader struct {
	file  *File
	keys  *keyer
	known *known
	take  func(*proseReader) bool // takes the line that is read; false where it belongs to no question
	lines proseLines
	now   proseLine      // that is read
	seen  int            // lines that are not blank
	stray int            // of these, lines that belong to no question
	open  *proseQuestion // nil between questions
	last  int            // number of the last question that had one
	noted map[Code]bool
	full  bool        // nothing more is read
	stars *bool       // some options of typed questions are told from others by stars; nil: nobody asked
	said  *proseFacts // nil: nobody asked
	list  *keyList    // of answers behind all questions; nil: there is none
	asked int         // questions that ended
	// keyless of these have no answer. answersApart: some answer stood behind a blank line.
	keyless      int
	answersApart bool
	look         func(*proseQuestion) // is given each question, which is neither judged nor taken; nil: they are
}

// proseQuestion is a question that is being gathered.
type proseQuestion struct {
	line        int // 1-based
	from        int // offset in the text of its first byte
	size        int // bytes of its lines
	number      string
	mark        string // behind its number
	stem        []string
	options     []proseOption
	lower       bool     // options have small letters
	first       lineMark // of the list of options
	refolded    bool     // a list before it went into the stem
	torn        bool     // nobody can tell which list is that of the options
	unsure      bool     // as long as no other list follows
	gap         bool     // a blank line stands before the line that is read
	row         rowOf    // the worst of its options
	rowText     string   // one of these
	stemRow     rowOf    // of its stem
	explains    string   // a line of the stem that looks like an explanation
	joined      bool     // the stem goes on behind a blank line
	key         string
	keyLine     int  // 0: none yet
	ofMany      bool // the answer may be that of several questions
	explanation []string
	explaining  bool   // the last line was of the explanation
	title       string // how the report calls it, once it is judged
}

// proseOption is one option.
type proseOption struct {
	place int // 0-based, by its letter
	line  int
	from  int  // offset in the text of its line
	right bool // a star marks it
	loose bool // that star stands apart
	text  []string
}

func newProse(f *File, text string, take func(*proseReader) bool) *proseReader {
	return &proseReader{file: f, keys: newKeyer(), known: newKnown(), take: take, lines: proseLines{text: text}, noted: map[Code]bool{}}
}

// run reads the text.
func (r *proseReader) run() {
	more := true
	for r.now, more = r.lines.next(); more && !r.full; r.now, more = r.lines.next() {
		if r.tired(&r.now) {
			return
		}
		if r.now.gap && r.open != nil {
			r.open.gap, r.open.explaining = true, false
		}
		if r.take(r) && r.open != nil {
			r.open.gap = false // else the blank line stands before the next one, too
		}
	}
	r.finish(r.now.from)
}

// maxLines bounds the lines of a text that are not blank: ten for each of MaxQuestions, which a file of MaxFile hardly has.
const maxLines = 10 * MaxQuestions

// tired reports whether no further line may be read, of which it tells.
func (r *proseReader) tired(line *proseLine) bool {
	r.seen++
	switch {
	case r.seen > maxLines:
		r.file.Report.error(place{line: line.number}, codeTooManyLines, "limit", maxLines)
		r.full = true
	case r.seen%lateStep == 0:
		r.full = r.file.Report.late()
	}
	return r.full
}

// p is the place of a question.
func (q *proseQuestion) p() place { return place{line: q.line, question: q.title} }

// call settles how the report calls a question: by its number, else as it begins, else by its place in the file, from 1.
func (q *proseQuestion) call(nth int) {
	begin := q.stem[:min(len(q.stem), mostTitle)]
	q.title = excerpt(firstOf(q.number, strings.Join(begin, " "), "#"+strconv.Itoa(nth)))
}

// mostTitle is how many lines of a stem its excerpt may need.
const mostTitle = 80

// start begins a question at the line that is read.
func (r *proseReader) start(number string, lines ...string) {
	r.startAt(r.now.number, r.now.from, number, lines...)
}

// startAt begins a question at a line, and the offset of it.
func (r *proseReader) startAt(line, from int, number string, lines ...string) {
	r.finish(from)
	r.open = &proseQuestion{line: line, from: from, number: number}
	for _, l := range lines {
		r.open.stem = r.open.keep(r.open.stem, l)
	}
}

// once tells something of the file where it stands first.
func (r *proseReader) once(s Severity, code Code, args ...any) {
	if !r.noted[code] {
		r.noted[code] = true
		r.file.Report.add(s, place{line: r.now.number}, code, args...)
	}
}

// mostStray is how many lines that belong to no question are listed.
const mostStray = 1_000

// unread tells of a line that belongs to no question.
func (r *proseReader) unread() {
	if r.stray++; r.stray > mostStray {
		r.file.Report.budget.count(codeProseUnread)
		return
	}
	r.file.Report.warning(place{line: r.now.number}, codeProseUnread, "text", r.now.text)
}

// answerOutside tells of an answer that belongs to no question.
func (r *proseReader) answerOutside() {
	p := place{line: r.now.number}
	r.file.Report.error(p, codeProseAnswerOutside, "key", r.now.mark.rest)
	r.full = !r.file.Report.mayRead(p)
}

// keep adds a line to others, as long as the question is not longer than any may be: it is refused, then.
func (q *proseQuestion) keep(lines []string, line string) []string {
	if q.size += len(line) + 1; q.size > maxBlock {
		return lines
	}
	return append(lines, line)
}

// stemLine adds a line to the stem.
func (q *proseQuestion) stemLine(line *proseLine) {
	if q.gap && len(q.stem) > 0 {
		q.stem = q.keep(q.stem, "")
		q.joined = true
	}
	q.stem, q.stemRow = q.keep(q.stem, line.text), max(q.stemRow, line.row)
	if line.mark.word == wordExplanation || feedbackDots(line.text) {
		q.explains = line.text
	}
}

// lastOption is the option that was read last.
func (q *proseQuestion) lastOption() *proseOption { return &q.options[len(q.options)-1] }

// addOption begins an option. A question with too many is refused, and their texts do not matter.
func (r *proseReader) addOption(place int, text string) {
	q := r.open
	if r.now.row > q.row {
		q.row, q.rowText = r.now.row, r.now.text
	}
	if len(q.options) > MaxAnswers {
		q.options = q.options[:MaxAnswers]
	}
	q.options = append(q.options, proseOption{place: place, line: r.now.number, from: r.now.from, text: q.keep(nil, text)})
}

// goOn adds a line to the option before it.
func (q *proseQuestion) goOn(line string) {
	last := q.lastOption()
	last.text = q.keep(last.text, line)
}

// explain takes a line of the explanation, or a remark that is not read; it reports false for others.
func (r *proseReader) explain() bool {
	q, m := r.open, &r.now.mark
	if q == nil || len(q.options) == 0 && q.keyLine == 0 {
		if m.word == wordRemark && (q == nil || len(q.stem) == 0) {
			r.unread()
			return true
		}
		return false
	}
	switch {
	case m.word == wordExplanation:
		q.explanation, q.explaining = q.keep(q.explanation, m.rest), true
		return true
	case q.explaining && !q.gap:
		q.explanation = q.keep(q.explanation, r.now.text)
		return true
	case q.keyLine > 0 && !q.gap && m.word == wordRemark:
		r.unread()
		return true
	}
	return false
}

// finish judges the question that was gathered, which ends before an offset, and takes it or says why not.
func (r *proseReader) finish(end int) {
	q := r.open
	r.open = nil
	if q == nil || r.full {
		return
	}
	r.asked++
	if q.keyLine == 0 && !q.starred() {
		r.keyless++
	}
	if r.look != nil {
		r.look(q)
		return
	}
	report := &r.file.Report
	if !report.mayRead(place{line: q.line}) {
		r.full = true
		return
	}
	report.open()
	defer report.close()
	q.call(report.Counts.Seen)
	out := Question{Line: q.line, Number: q.number}
	if !r.content(q, &out) {
		r.file.refuse(&out, r.lines.between(q.from, end))
		return
	}
	out.SourceKey = r.keys.unnamed(out.Question.Stem.Source)
	out.seal()
	if r.known.admit(report, q.p(), &out) {
		r.file.take(&out)
	}
}

func (r *proseReader) content(q *proseQuestion, out *Question) bool {
	report, p := &r.file.Report, q.p()
	stem := strings.TrimSpace(strings.Join(q.stem, "\n"))
	out.Question.Stem = exam.Text{Source: stem}
	out.Feedback.Explanation = exam.Text{Source: strings.TrimSpace(strings.Join(q.explanation, "\n"))}
	switch {
	case q.size > maxBlock:
		report.error(p, codeTooLong, "length", q.size, "limit", maxBlock)
		return false
	case len(q.options) > MaxAnswers:
		report.error(p, codeTooManyAnswers, "count", len(q.options), "limit", MaxAnswers)
		return false
	case !report.checkText(p, stem, MaxText) || !report.checkText(p, out.Feedback.Explanation.Source, MaxText):
		return false
	case !report.checkText(place{line: q.keyLine, question: q.title, element: "ANSWER"}, q.key, MaxText):
		return false
	case stem == "":
		report.error(p, codeEmptyStem)
		return false
	case q.torn || q.unsure:
		report.error(p, codeProseTwoLists)
		return false
	case q.row == rowTorn || q.stemRow == rowTorn && len(q.options) < 2:
		report.error(p, codeProseRowTorn)
		return false
	case q.joined:
		report.warning(p, codeProseJoined, "text", stem)
	}
	if q.explains != "" {
		report.warning(p, codeProseExplains, "text", q.explains)
	}
	if !r.listed(q) {
		return false
	}
	if len(q.options) == 0 && q.keyLine > 0 && r.file.Format == Typed {
		return r.statement(q, out)
	}
	if len(q.options) < 2 {
		report.error(p, codeOneOption, "count", len(q.options))
		return false
	}
	if !r.options(q, out) || !r.right(q, out) || contradicted(report, p, out) {
		return false
	}
	switch q.row {
	case rowWide:
		r.onceOfKey(Note, p, codeProseRow, "text", q.rowText)
	case rowClose:
		report.warning(p, codeProseRowClose, "text", q.rowText)
	}
	checkOptions(report, p, out.Question.Options)
	return true
}

// statement reads a question without options whose answer says that it is true, or not. Those that
// hardly are what is asked for are told, and those that may as well be, as 1 and x are, say nothing.
func (r *proseReader) statement(q *proseQuestion, out *Question) bool {
	report, p := &r.file.Report, place{line: q.keyLine, question: q.title, element: "ANSWER"}
	truth, says := statementWord(q.key)
	if says {
		setTruth(out, truth, q.key)
		report.note(p, codeProseStatement, "key", q.key)
		return true
	}
	if truth, likely := likelyWords[keyWithoutMarks(q.key)]; likely {
		setTruth(out, truth, q.key)
		report.warning(p, codeProseLikely, "key", q.key)
		return true
	}
	if _, may := truths[keyWithoutMarks(q.key)]; may {
		report.error(p, codeProseTruth, "key", q.key)
	} else {
		report.error(q.p(), codeOneOption, "count", 0)
	}
	return false
}

// statementWord is what an answer says of a statement; false when it is none of the words that answer nothing else.
func statementWord(answer string) (truth, says bool) {
	truth, says = statementWords[keyWithoutMarks(answer)]
	return truth, says
}

// keyWithoutMarks is an answer, folded, without marks of Markdown around it.
func keyWithoutMarks(answer string) string { return foldText(strings.Trim(answer, " *_`")) }

// options makes the options, which bear the letters that the key uses.
func (r *proseReader) options(q *proseQuestion, out *Question) bool {
	report, sound := &r.file.Report, true
	for i, o := range q.options {
		p := place{line: o.line, question: q.title, element: optionID(o.place)}
		text := strings.TrimSpace(strings.Join(o.text, "\n"))
		switch {
		case !report.checkText(p, text, MaxText):
			sound = false
			continue
		case hasOption(out.Question.Options, optionID(o.place)):
			report.error(p, codeProseLetterTwice, "letter", strings.ToUpper(optionID(o.place)))
			sound = false
			continue
		case text == "":
			report.warning(p, codeEmptyOption, "options", strings.ToUpper(optionID(o.place)))
			continue
		}
		if len(o.text) > 1 {
			report.warning(p, codeProseOptionJoined, "text", text)
		}
		if i > 0 && o.place > q.options[i-1].place+1 {
			report.warning(p, codeProseLetterGap, "letter", strings.ToUpper(optionID(o.place)))
		}
		out.Question.Options = append(out.Question.Options, exam.Option{ID: optionID(o.place), Text: exam.Text{Source: text}})
	}
	if sound && len(out.Question.Options) < 2 {
		report.error(q.p(), codeOneOption, "count", len(out.Question.Options))
		return false
	}
	return sound
}

// right reads which options are right: by their stars, or by the line of the answer.
func (r *proseReader) right(q *proseQuestion, out *Question) bool {
	report, bullets := &r.file.Report, r.bulleted(q)
	var places []int
	for _, o := range q.options {
		if o.right && !bullets {
			places = append(places, o.place)
		}
	}
	p := place{line: q.keyLine, question: q.title, element: "ANSWER"}
	switch {
	case q.keyLine == 0 && bullets:
		report.error(q.p(), codeProseBullets)
		return false
	case q.keyLine == 0 && len(places) == 0:
		report.error(q.p(), codeProseNoAnswer)
		return false
	case q.keyLine > 0 && len(places) > 0:
		report.error(p, codeProseTwoKeys, "key", q.key)
		return false
	case q.ofMany:
		report.error(p, codeProseListPlain, "key", q.key)
		return false
	case q.keyLine > 0:
		var ok bool
		if places, ok = r.readAnswer(p, q, out.Question.Options); !ok {
			return false
		}
	}
	out.Key.Options = map[string]int{}
	for _, place := range places {
		if !hasOption(out.Question.Options, optionID(place)) {
			report.error(p, codeKeyNoOption, "option", strings.ToUpper(optionID(place)))
			return false
		}
		out.Key.Options[optionID(place)] = exam.FullCredit
	}
	out.Question.Type = choiceType(out.Question.Options, len(out.Key.Options))
	return true
}
