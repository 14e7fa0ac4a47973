package questionset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// keyList are the answers that stand in a list behind all questions, by the numbers of these:
//
//	Answer key          Answers: 1-B, 2-C          1. ANS: B
//	1. B                                           2. ANS: C
//	2. C
type keyList struct {
	from    int // offset in the text of its first line
	answers map[string]*listedAnswer
	numbers []string // in its order
	asked   map[string]int
	// unnamed: its first line may as well be the answer of the last question; doubtful: others have answers of their own.
	unnamed, doubtful bool
}

// listedAnswer is one of them.
type listedAnswer struct {
	text  string // as it stands
	key   string
	line  int // 1-based
	twice bool
}

// listEntries are those on one line, with their keys; listRest is what ExamView puts behind one.
var (
	listEntry = regexp.MustCompile(`^(?:(?i:q|no\.?)|問題?|第)?[\s\x{3000}]*[(（]?([0-9０-９]{1,4})[\s\x{3000}]*(?:問[\s\x{3000}]*)?(?:[.):=．）：、–-][\s\x{3000}]*)?` +
		`(?:(?i:ans(?:wer)?)\s*:\s*)?[(（]?((?i:true|false)|[○×①-⑩]|正しい|誤り|` + listMark + `(?:\s*[,&、・]\s*` + listMark + `)*)[)）]?` +
		`(?:[\s\x{3000},;、，；]+|$)`)
	listRest     = regexp.MustCompile(`^[A-Z]{3}:.*$`)
	examViewLine = regexp.MustCompile(`^[0-9]{1,4}\.\s*ANS:`)
)

// listMark is a letter of an option by itself.
const listMark = `(?:[A-Za-z]\b|[Ａ-Ｚａ-ｚア-コ])`

// listHeadings are lines that only a list follows, without the marks around them; so are the words of an answer.
var listHeadings = map[string]bool{"answer section": true, "losungen": true, "soluciones": true, "corriges": true, "解答一覧": true,
	"正解一覧": true, "解答表": true, "正解表": true}

// cutAnswers cuts a list of answers at the end of a text; nil where there is none. Only the lines of the list are looked
// at, and the one before it.
func cutAnswers(text string) *keyList {
	var lines []string // of answers, the last one first
	end, examView := len(text), true
	for end > 0 && len(lines) <= MaxQuestions {
		from := strings.LastIndexByte(text[:end], '\n') + 1
		line := strings.TrimSpace(text[from:end])
		switch bare, _ := withoutMarkup(line[:min(len(line), maxBlock)]); {
		case isEntries(line):
			examView = examView && (line == "" || examViewLine.MatchString(line))
			lines = append(lines, line)
			end = from - 1
			continue
		case listHeading(line):
			return listOf(text, from, append(lines, ""))
		case countEntries(bare) > 1:
			_, rest := leadingWord(bare)
			l := listOf(text, from, append(lines, rest))
			l.unnamed = !ofMany(bare)
			return l
		case examView:
			return listOf(text, end+1, lines)
		}
		return nil
	}
	return nil
}

// listOf makes a list of lines, the last one first, which begin at an offset; nil where there is no answer.
func listOf(text string, from int, lines []string) *keyList {
	l := &keyList{from: min(from, len(text)), answers: map[string]*listedAnswer{}}
	number := strings.Count(text[:l.from], "\n")
	for _, line := range slices.Backward(lines) {
		number++
		l.add(line, number)
	}
	if len(l.numbers) == 0 {
		return nil
	}
	return l
}

// isEntries tells a line of answers alone, or a blank one.
func isEntries(line string) bool {
	return len(line) <= MaxText && (line == "" || restOfEntries(line, func([]string) {}) == "")
}

// restOfEntries gives the parts of each answer at the beginning of a line, and what follows these.
func restOfEntries(line string, each func(entry []string)) string {
	for line != "" {
		m := listEntry.FindStringSubmatch(line)
		if m == nil {
			return line
		}
		each(m)
		line = listRest.ReplaceAllString(line[len(m[0]):], "")
	}
	return ""
}

// listHeading tells a line that says that answers follow, and has none itself.
func listHeading(line string) bool {
	if len(line) > mostWord {
		return false
	}
	word := unaccented.Replace(strings.ToLower(strings.Trim(line, " \t\u3000*_#:：【】[]")))
	return lineWords[word] == wordAnswer || listHeadings[word]
}

// countEntries is how many answers of a list a line of an answer holds, 0 where it is none.
func countEntries(bare string) int {
	word, rest := leadingWord(bare)
	if word != wordAnswer || len(rest) > MaxText {
		return 0
	}
	count := 0
	if restOfEntries(rest, func([]string) { count++ }) != "" {
		return 0
	}
	return count
}

// add takes the answers of a line.
func (l *keyList) add(line string, number int) {
	restOfEntries(line, func(m []string) {
		nth, _ := strconv.Atoi(norm.NFKC.String(m[1]))
		name := strconv.Itoa(nth)
		if was := l.answers[name]; was != nil {
			was.twice = true
			return
		}
		l.answers[name] = &listedAnswer{text: strings.TrimRight(m[0], " ,;\t"), key: m[2], line: number}
		l.numbers = append(l.numbers, name)
	})
}

// ask counts the questions of each number.
func (l *keyList) ask(r *proseReader) {
	l.asked = map[string]int{}
	r.apart(func(q *proseQuestion) {
		l.asked[q.number]++
		l.doubtful = l.doubtful || l.unnamed && q.keyLine > 0
	})
}

// listed gives a question its answer in the list behind all questions. It reports false where nobody can tell which that
// is.
func (r *proseReader) listed(q *proseQuestion) bool {
	if r.list == nil || r.list.answers[q.number] == nil || r.list.doubtful && q.keyLine > 0 {
		return true
	}
	answer := r.list.answers[q.number]
	p := place{line: answer.line, question: q.title, element: "ANSWER"}
	switch {
	case r.list.doubtful:
		r.file.Report.error(p, codeProseListPlain, "key", answer.text)
		return false
	case answer.twice || r.list.asked[q.number] > 1:
		r.file.Report.error(p, codeProseListTwice, "number", q.number)
		return false
	case q.keyLine > 0 && foldText(q.key) != foldText(answer.key):
		r.file.Report.error(p, codeProseListOther, "key", answer.key, "other", q.key)
		return false
	case q.keyLine == 0:
		r.onceOfKey(Note, p, codeProseList, "text", answer.text)
		q.key, q.keyLine = answer.key, answer.line
	}
	return true
}

// unasked tells of answers in the list to which there is no question.
func (r *proseReader) unasked() {
	for _, number := range r.list.numbers {
		if answer := r.list.answers[number]; r.list.asked[number] == 0 {
			r.file.Report.error(place{line: answer.line}, codeProseAnswerOutside, "key", answer.text)
		}
	}
}

// answersMany reports whether the line of an answer may be that of several questions.
func (r *proseReader) answersMany() bool {
	bare, gap := r.now.mark.bare, r.open.gap
	usual := r.answersApart
	r.answersApart = usual || gap
	if countEntries(bare) > 1 {
		return true
	}
	names, ok := readKey(keyWithoutMarks(r.now.mark.rest), maxOptions)
	if count := len(names.places); ok && count > 1 {
		many := ofMany(bare)
		return count == r.keyless+1 && (many || gap) || gap && !usual && (r.keyless > 0 || many && count == r.asked+1)
	}
	return false
}

// ofMany tells the words of an answer that may stand before those of several questions.
func ofMany(bare string) bool {
	head := strings.ToLower(bare[:min(len(bare), mostWord)])
	for _, word := range []string{"answers", "key", "antworten", "respuestas", "réponses", "reponses"} {
		if strings.Contains(head, word) {
			return true
		}
	}
	return false
}
