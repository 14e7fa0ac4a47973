package questionset

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// proseReader turns plain text, line by line, into choice questions: Aiken, and numbered questions as
// people type them.
type proseReader struct {
	file  *File
	keys  *keyer
	known *known
	lines []string
	at    int            // 0-based line that is read
	open  *proseQuestion // nil between questions
	last  int            // number of the last question that had one
	noted map[Code]bool
	full  bool        // more questions than are read
	marks []typedMark // of each line of typed questions
	stars bool        // some of their options are told from others by stars
}

// proseQuestion is a question that is being gathered.
type proseQuestion struct {
	line        int // 1-based
	number      string
	mark        string // behind its number
	stem        []string
	options     []proseOption
	lower       bool      // options have small letters
	first       typedMark // of the list of options
	refolded    bool      // a list before it went into the stem
	torn        bool      // nobody can tell which list is that of the options
	unsure      bool      // as long as no other list follows
	gap         bool      // a blank line stands before the line that is read
	explains    string    // a line of the stem that looks like an explanation
	joined      bool      // the stem goes on behind a blank line
	key         string
	keyLine     int // 0: none yet
	explanation []string
	explaining  bool // the last line was of the explanation
	nth         int  // its place in the file, from 1, once it is judged
}

// proseOption is one option.
type proseOption struct {
	place int // 0-based, by its letter
	line  int
	right bool // a star marks it
	loose bool // that star stands apart
	text  []string
}

func newProse(f *File, text string) *proseReader {
	return &proseReader{file: f, keys: newKeyer(), known: newKnown(), lines: strings.Split(text, "\n"), noted: map[Code]bool{}}
}

var (
	answerLine = wide(`(?i)^\s*(?:(?:the )?(?:correct )?answers?(?: key)?|ans|key|respuestas?(?: correctas?)?|r[ée]ponses?(?: correctes?)?|` +
		`bonnes? r[ée]ponses?|(?:richtige )?antwort(?:en)?|l[öo]sung|正解|正答|解答|答え|答)\s*[:：]\s*(.*)$`)
	explanationLine = wide(`(?i)^\s*(?:feedback|explanation|rationale|comment|explicaci[óo]n|retroalimentaci[óo]n|erkl[äa]rung|begr[üu]ndung|` +
		`explication|解説|説明)\s*[:：]\s*(.*)$`)
	remarkLine = wide(`(?i)^\s*(?:points?|score|marks?|difficulty|level|category|topic|tags?|reference|type|time|配点|難易度|分野|出典)\s*[:：]\s*\S`)
)

// Marks that word processors and Markdown put before lines: of a list, of a heading, of bold letters.
var (
	listMark = wide(`^\s*(?:([-–•●▪◦])|#{1,6})\s+`)
	boldMark = wide(`^\s*\*\*([^*]+)\*\*\s*(.*)$`)
)

// withoutMarkup takes such marks from a line that begins a question, or is an option or the answer; other lines
// are left alone.
func withoutMarkup(line string) string {
	bare, listed := line, false
	if m := listMark.FindStringSubmatch(line); m != nil {
		bare, listed = line[len(m[0]):], m[1] != ""
	}
	if m := boldMark.FindStringSubmatch(bare); m != nil {
		bare = m[1] + " " + m[2]
	}
	if bare == line {
		return line
	}
	_, _, _, begins := typedStart(bare)
	_, _, _, option := typedChoice(bare)
	if begins && !listed || option || answerLine.MatchString(bare) {
		return strings.TrimSpace(bare)
	}
	return line
}

// p is the place of a question.
func (q *proseQuestion) p() place { return place{line: q.line, question: q.name()} }

// name is the number of the question, else how it begins, else its place in the file.
func (q *proseQuestion) name() string {
	return excerpt(firstOf(q.number, strings.Join(q.stem, " "), "#"+strconv.Itoa(q.nth)))
}

// start begins a question at the line that is read.
func (r *proseReader) start(number string, lines ...string) {
	r.finish()
	r.open = &proseQuestion{line: r.at + 1, number: number, stem: lines}
}

// once tells something of the file where it stands first.
func (r *proseReader) once(s Severity, code Code, args ...any) {
	if !r.noted[code] {
		r.noted[code] = true
		r.file.Report.add(s, place{line: r.at + 1}, code, args...)
	}
}

// unread tells of a line that belongs to no question.
func (r *proseReader) unread(line string) {
	r.file.Report.warning(place{line: r.at + 1}, codeProseUnread, "text", line)
}

// stemLine adds a line to the stem.
func (q *proseQuestion) stemLine(line string) {
	if q.gap && len(q.stem) > 0 {
		q.stem = append(q.stem, "")
		q.joined = true
	}
	q.stem = append(q.stem, line)
	if explanationLine.MatchString(line) || feedbackDots.MatchString(line) {
		q.explains = line
	}
}

// feedbackDots begin lines of feedback in some notations.
var feedbackDots = wide(`^\s*(?:\.\.\.|…)\s+\S`)

// lastOption is the option that was read last.
func (q *proseQuestion) lastOption() *proseOption { return &q.options[len(q.options)-1] }

// addOption begins an option.
func (r *proseReader) addOption(place int, right bool, text string) {
	r.open.options = append(r.open.options, proseOption{place: place, line: r.at + 1, right: right, text: []string{text}})
}

// explain takes a line of the explanation, or a remark that is not read; it reports false for others.
func (r *proseReader) explain(line string) bool {
	q := r.open
	if q == nil || len(q.options) == 0 && q.keyLine == 0 {
		if remarkLine.MatchString(line) && (q == nil || len(q.stem) == 0) {
			r.unread(line)
			return true
		}
		return false
	}
	m := explanationLine.FindStringSubmatch(line)
	switch {
	case m != nil:
		q.explanation, q.explaining = append(q.explanation, m[1]), true
		return true
	case q.explaining && !q.gap:
		q.explanation = append(q.explanation, line)
		return true
	case q.keyLine > 0 && !q.gap && remarkLine.MatchString(line):
		r.unread(line)
		return true
	}
	return false
}

// finish judges the question that was gathered, and takes it or says why not.
func (r *proseReader) finish() {
	q := r.open
	r.open = nil
	if q == nil || r.full {
		return
	}
	report := &r.file.Report
	if !report.mayRead(place{line: q.line}) {
		r.full = true
		return
	}
	report.open()
	defer report.close()
	q.nth = report.Counts.Seen
	out := Question{Line: q.line, Number: q.number}
	if !r.content(q, &out) {
		r.file.refuse(&out, strings.Join(r.lines[q.line-1:r.at], "\n"))
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
	case !report.checkText(p, stem, MaxText) || !report.checkText(p, out.Feedback.Explanation.Source, MaxText):
		return false
	case stem == "":
		report.error(p, codeEmptyStem)
		return false
	case q.torn || q.unsure:
		report.error(p, codeProseTwoLists)
		return false
	case q.joined:
		report.warning(p, codeProseJoined, "text", stem)
	}
	if q.explains != "" {
		report.warning(p, codeProseExplains, "text", q.explains)
	}
	if len(q.options) == 0 && q.keyLine > 0 && r.file.Format == Typed {
		return r.statement(q, out)
	}
	if len(q.options) < 2 {
		report.error(p, codeOneOption, "count", len(q.options))
		return false
	}
	if !r.options(q, out) || !r.right(q, out) {
		return false
	}
	checkOptions(report, p, out.Question.Options)
	return true
}

// statement reads a question without options whose answer says that it is true, or not. Words that may as well be
// what is asked for, as 1, x and T are, say nothing.
func (r *proseReader) statement(q *proseQuestion, out *Question) bool {
	report, p := &r.file.Report, place{line: q.keyLine, question: q.name(), element: "ANSWER"}
	truth, says := statementWord(q.key)
	if says {
		setTruth(out, truth, q.key)
		report.note(p, codeProseStatement, "key", q.key)
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
		p := place{line: o.line, question: q.name(), element: optionID(o.place)}
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
	p := place{line: q.keyLine, question: q.name(), element: "ANSWER"}
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

// letterAndText is an answer that repeats its option: "B) the text".
var letterAndText = regexp.MustCompile(`^([A-Za-zＡ-Ｚａ-ｚ])\s*[).:）．]\s*(\S.*)$`)

// readAnswer reads the letters of an answer, or the text of one option.
func (r *proseReader) readAnswer(p place, q *proseQuestion, options []exam.Option) ([]int, bool) {
	report := &r.file.Report
	key := strings.TrimSpace(q.key)
	meant := optionWithText(options, key)
	for _, marks := range []string{" *_", " `"} {
		if meant == "" {
			key = strings.Trim(key, marks)
			meant = optionWithText(options, key)
		}
	}
	if key == "" {
		report.error(p, codeNoKey)
		return nil, false
	}
	if m := letterAndText.FindStringSubmatch(key); m != nil && meant == "" {
		key = m[1]
		if optionWithText(options, m[2]) != strings.ToLower(norm.NFKC.String(m[1])) {
			report.error(p, codeKeyNotUnderstood, "key", q.key)
			return nil, false
		}
	}
	names, ok := readKey(foldText(key), maxOptions)
	numbers := ok && names.notation == codeKeyNumber && r.file.Format == Aiken
	switch {
	case numbers:
		report.error(p, codeAikenNumber, "key", key)
		return nil, false
	case ok && (names.notation == "" || r.file.Format == Typed) && !(meant != "" && len(key) > 1):
		if len(names.places) > 1 {
			report.note(p, codeProseSeveral, "key", key)
		}
		return names.places, true
	case meant != "":
		report.note(p, codeKeyText, "key", key, "option", strings.ToUpper(meant))
		return []int{markPlace(meant)}, true
	}
	report.error(p, codeKeyNotUnderstood, "key", key)
	return nil, false
}
