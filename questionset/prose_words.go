package questionset

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineWord is what a word and a colon at the beginning of a line say of what follows.
type lineWord byte

// The words. No line is wordNone: it begins otherwise.
const (
	wordNone lineWord = iota
	wordAnswer
	wordExplanation
	wordRemark   // it is not read
	wordQuestion // it only says what follows
)

// lineWords are the words, in lower case and without accents.
var lineWords = func() map[string]lineWord {
	words := map[string]lineWord{}
	for word, list := range map[lineWord]string{
		wordAnswer: "ans|key|respuesta|respuestas|respuesta correcta|respuesta correctas|respuestas correcta|respuestas correctas|reponse|reponses|" +
			"reponse correcte|reponse correctes|reponses correcte|reponses correctes|bonne reponse|bonne reponses|bonnes reponse|bonnes reponses|" +
			"antwort|antworten|richtige antwort|richtige antworten|losung|正解|正答|解答|答え|答|答案",
		wordExplanation: "feedback|explanation|rationale|comment|explicacion|retroalimentacion|erklarung|begrundung|explication|解説|説明",
		wordRemark:      "point|points|score|mark|marks|difficulty|level|category|topic|tag|tags|reference|type|time|配点|難易度|分野|出典",
		wordQuestion:    "question|frage|pregunta|問題|問",
	} {
		for _, w := range strings.Split(list, "|") {
			words[w] = word
		}
	}
	for _, the := range []string{"", "the "} {
		for _, correct := range []string{"", "correct "} {
			for _, answer := range []string{"answer", "answers", "answer key", "answers key"} {
				words[the+correct+answer] = wordAnswer
			}
		}
	}
	return words
}()

// mostWord bounds such a word with the colon behind it, in bytes.
const mostWord = 48

var unaccented = strings.NewReplacer("á", "a", "ä", "a", "é", "e", "ó", "o", "ö", "o", "ü", "u")

// leadingWord tells the word before the first colon of a line, and gives what follows. A remark or a label of nothing
// is none.
func leadingWord(line string) (word lineWord, rest string) {
	head := line[:min(len(line), mostWord)]
	colon := strings.IndexByte(head, ':')
	width := 1
	if wide := strings.Index(head, "："); wide >= 0 && (colon < 0 || wide < colon) {
		colon, width = wide, len("：")
	}
	if colon <= 0 {
		return answerWithoutColon(line)
	}
	word = lineWords[unaccented.Replace(strings.ToLower(strings.TrimSpace(head[:colon])))]
	rest = strings.TrimSpace(line[colon+width:])
	if word == wordNone {
		return answerWithoutColon(line)
	}
	if rest == "" && (word == wordRemark || word == wordQuestion) {
		return wordNone, ""
	}
	return word, rest
}

// answerWithoutColon tells the line of an answer whose word stands in brackets, or before a full stop, a sign of equality
// or a space: "【正解】イ", "Ans. b", "解答　イ". Only what names options by their marks follows, else it may be any text.
func answerWithoutColon(line string) (word lineWord, rest string) {
	if len(line) < 3 || len(line) > mostWord || line[0] < utf8.RuneSelf && line[0] != '[' && !strings.EqualFold(line[:3], "ans") {
		return wordNone, "" // as most lines are
	}
	m := answerBeside.FindStringSubmatch(line)
	if m == nil || lineWords[strings.ToLower(m[1]+m[2]+m[3])] != wordAnswer {
		return wordNone, ""
	}
	_, says := statementWord(m[4])
	if _, ok := readKey(keyWithoutMarks(m[4]), maxOptions); !ok && !says {
		return wordNone, ""
	}
	return wordAnswer, m[4]
}

// answerBeside are a word and what follows it.
var answerBeside = regexp.MustCompile(`^(?:[【\[]([^】\]]+)[】\]]|(?:((?i:ans|answer))[ \t]*[.=]|(正解|正答|解答|答え|答)[ \t\x{3000}]))[ \t\x{3000}]*(\S.*)$`)

// withoutMarkup takes marks that word processors and Markdown put before lines, of a list, of a heading, of bold letters,
// from a line that begins a question, or is an option or the answer; other lines are left alone. listed tells the mark
// of a list.
func withoutMarkup(line string) (bare string, listed bool) {
	bare, listed = withoutListMark(strings.TrimSpace(line))
	if inner, ok := strings.CutPrefix(bare, "**"); ok {
		if end := strings.IndexByte(inner, '*'); end > 0 && strings.HasPrefix(inner[end:], "**") {
			bare = inner[:end] + " " + strings.TrimSpace(inner[end+2:])
		}
	}
	if bare == line {
		return line, listed
	}
	_, begins := typedStart(bare)
	_, option := typedChoice(bare)
	word, _ := leadingWord(bare)
	if begins && !listed || option || word == wordAnswer {
		return strings.TrimSpace(bare), listed
	}
	return line, listed
}

// withoutListMark cuts off the mark of a list, or that of a heading.
func withoutListMark(line string) (rest string, listed bool) {
	r, size := utf8.DecodeRuneInString(line)
	switch {
	case strings.ContainsRune("-–•●▪◦", r):
		rest, listed = line[size:], true
	case r == '#':
		rest = strings.TrimLeft(line, "#")
		if len(line)-len(rest) > 6 {
			return line, false
		}
	default:
		return line, false
	}
	if spaced := trimLeft(rest); spaced != rest {
		return spaced, listed
	}
	return line, false
}

// feedbackDots tells a line of feedback in some notations.
func feedbackDots(line string) bool {
	rest, ok := strings.CutPrefix(line, "...")
	if !ok {
		rest, ok = strings.CutPrefix(line, "…")
	}
	spaced := trimLeft(rest)
	return ok && spaced != rest && spaced != ""
}

func trimLeft(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }
