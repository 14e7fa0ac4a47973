package questionset

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Typed questions are numbered, with options that letters begin; a star before the right ones, or a line
// of the answer:
//
//	1. What holds the roof?      問1 屋根を支えるのは？
//	a) a wall                    ア）壁
//	*b) a beam                   イ）梁
//	                             正解: イ

// typedLike tells numbered questions with options.
func typedLike(head string) bool {
	numbered, options := false, 0
	lines := proseLines{text: head}
	for line, ok := lines.next(); ok; line, ok = lines.next() {
		if line.mark.head.number >= 0 {
			numbered, options = true, 0
		} else if numbered && line.mark.option.place == options {
			if options++; options == 2 {
				return true
			}
		}
	}
	return false
}

func parseTyped(f *File, text string) {
	f.reread = func(into *File, _ *Piece, text string) { parseTyped(into, text) }
	list := cutAnswers(text)
	if list != nil {
		text = text[:list.from]
	}
	r := newProse(f, text, (*proseReader).typedLine)
	if r.list = list; list != nil {
		list.ask(r)
	}
	if r.run(); list != nil && !r.full {
		r.unasked()
	}
}

// typedLine takes the line that is read; it reports false where the line belongs to no question.
func (r *proseReader) typedLine() bool {
	return r.typedQuestion() || r.typedAnswer() || r.explain() || r.takeTypedOption() || r.typedText()
}

// typedQuestion begins a question. To the stem before it belongs a number out of its turn, or with another mark on
// the next line: of lines of code, or of a list.
func (r *proseReader) typedQuestion() bool {
	head, q := r.now.mark.head, r.open
	if head.number < 0 {
		return false
	}
	if q != nil && len(q.options) == 0 && q.keyLine == 0 && (head.number != r.last+1 || !q.gap && head.mark != q.mark) {
		return false
	}
	r.start(strconv.Itoa(head.number))
	r.open.mark = head.mark
	if r.last = head.number; head.text != "" {
		r.open.stem = r.open.keep(nil, head.text)
	}
	return true
}

// typedAnswer reads the line of the answer. In a list before the options it is a part of the text, unless it says what
// is true.
func (r *proseReader) typedAnswer() bool {
	m, q := &r.now.mark, r.open
	if m.word != wordAnswer {
		return false
	}
	_, says := statementWord(m.rest)
	switch {
	case q != nil && len(q.options) == 0 && q.keyLine == 0 && m.listed && !says:
		return false
	case q == nil || q.keyLine > 0 || len(q.stem) == 0:
		r.answerOutside()
		return true
	}
	q.key, q.keyLine, q.explaining, q.ofMany = m.rest, r.now.number, false, r.answersMany()
	return true
}

// typedText takes a line that begins nothing; it reports false where the line belongs to no question.
func (r *proseReader) typedText() bool {
	q := r.open
	switch {
	case q == nil || q.keyLine > 0 || len(q.options) > 0 && q.gap:
		r.unread()
		return false
	case len(q.options) == 0:
		q.stemLine(&r.now)
	default:
		q.goOn(r.now.text)
	}
	return true
}

// typedHead is how a line begins a question.
type typedHead struct {
	number int
	mark   string // behind it
	text   string
}

// numberWords stand before the number of a question, longer ones first. "No" needs a mark behind the number.
var numberWords = []string{"question", "q", "no", "frage", "aufgabe", "pregunta", "問題", "問", "設問", "第"}

// typedStart splits a trimmed line that begins a question: "1. text", "Q1) text", "問1　text", "【問1】text".
func typedStart(line string) (typedHead, bool) {
	word, rest := "", line
	if bracket, ok := strings.CutPrefix(line, "【"); ok {
		inner, _, closed := strings.Cut(bracket[:min(len(bracket), mostWord)], "】")
		if !closed || strings.HasPrefix(inner, "【") {
			return typedHead{}, false
		}
		h, begins := typedStart(inner)
		h.mark, h.text = "】", strings.TrimSpace(bracket[len(inner)+len("】"):])
		return h, begins
	}
	if line == "" {
		return typedHead{}, false
	}
	if c := line[0]; c < utf8.RuneSelf && (c < '0' || c > '9') && !strings.ContainsRune("QqNnFfPpAa", rune(c)) {
		return typedHead{}, false // as most lines are
	}
	for _, w := range numberWords {
		if len(line) > len(w) && strings.EqualFold(line[:len(w)], w) {
			word, rest = w, trimLeft(line[len(w):])
			break
		}
	}
	dotted := word != "" && strings.HasPrefix(rest, ".")
	if dotted {
		rest = trimLeft(rest[1:])
	}
	digits, rest := cutDigits(rest)
	if digits == "" {
		return typedHead{}, false
	}
	number, err := strconv.Atoi(norm.NFKC.String(digits))
	if err != nil {
		return typedHead{}, false
	}
	tail := trimLeft(rest)
	body, asks := strings.CutPrefix(tail, "問")
	text := trimLeft(body)
	mark, size := utf8.DecodeRuneInString(text)
	switch {
	case strings.ContainsRune(".)．）:：、", mark):
		return typedHead{number, norm.NFKC.String(string(mark)), strings.TrimSpace(text[size:])}, true
	case word == "" || word == "no" || dotted:
		return typedHead{}, false
	case asks && (body == "" || text != body):
		return typedHead{number, "問", text}, true
	}
	return typedHead{number, "", tail}, tail == "" || tail != rest
}

// cutDigits cuts off the digits before a text, four at most.
func cutDigits(s string) (digits, rest string) {
	end, count := 0, 0
	for i, r := range s {
		if count == 4 || (r < '0' || r > '9') && (r < '０' || r > '９') {
			break
		}
		end, count = i+utf8.RuneLen(r), count+1
	}
	return s[:end], s[end:]
}

// typedOption is how a line may begin an option.
type typedOption struct {
	place  int  // 0-based, by its letter
	kind   byte // of letters: A, a, ア as k, ① as 1
	behind byte // the letter, as a full stop or a bracket; 0 for nothing
	star   bool // before the letter
	loose  bool // the star stands apart from it
	text   string
}

// typedChoice splits a trimmed line that may be an option: "a) text", "*(b) text", "ア）text", "② text".
func typedChoice(line string) (typedOption, bool) {
	rest, star := strings.CutPrefix(line, "*")
	bare := trimLeft(rest)
	o := typedOption{star: star, loose: star && bare != rest}
	letter, size := utf8.DecodeRuneInString(bare)
	if letter >= '①' && letter <= '⑩' {
		o.place, o.kind, o.text = int(letter-'①'), '1', trimLeft(bare[size:])
		return o, true
	}
	if letter == '(' || letter == '（' {
		bare = bare[size:]
		letter, size = utf8.DecodeRuneInString(bare)
	}
	behind, width := utf8.DecodeRuneInString(bare[size:])
	o.kind = kindOfLetter(letter)
	if o.kind == 'k' && behind == '\u3000' { // as examinations print them: "ア　text"
		o.place, o.behind, o.text = placeOfLetter(letter), ' ', trimLeft(bare[size:])
		return o, o.place >= 0
	}
	if o.kind == 0 || !strings.ContainsRune(").．、）:：", behind) {
		return o, false
	}
	if o.place, o.behind = placeOfLetter(letter), byte(behind); width > 1 {
		o.behind = norm.NFKC.String(bare[size : size+width])[0]
	}
	o.text = trimLeft(bare[size+width:])
	return o, o.place >= 0
}

// placeOfLetter is the place of the option that a letter begins, from 0; -1 for others.
func placeOfLetter(r rune) int {
	if r < utf8.RuneSelf {
		return int(unicode.ToLower(r) - 'a')
	}
	return markPlace(strings.ToLower(norm.NFKC.String(string(r))))
}

// kindOfLetter is the kind of a letter that may begin an option, 0 for others.
func kindOfLetter(r rune) byte {
	switch {
	case r >= 'A' && r <= 'Z', r >= 'Ａ' && r <= 'Ｚ':
		return 'A'
	case r >= 'a' && r <= 'z', r >= 'ａ' && r <= 'ｚ':
		return 'a'
	case r >= 'ア' && r <= 'コ', r >= 'ｱ' && r <= 'ｺ':
		return 'k'
	}
	return 0
}
