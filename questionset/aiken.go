package questionset

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Aiken, after Moodle 4.1's question/format/aiken/format.php: a stem, options "A) text" or "A. text",
// and "ANSWER: B". Where Moodle takes each line of a stem for a question of its own, and lets a key pass
// that names no option, this reader joins the lines and refuses the question.

// aikenLike tells Aiken by a line of options and the word that it has for answers.
func aikenLike(head string) bool {
	return aikenSure.MatchString(head) && aikenOptions.MatchString(head)
}

// aikenDialect tells what is written like Aiken with other words for the answer.
func aikenDialect(head string) bool {
	if !aikenOptions.MatchString(head) {
		return false
	}
	for line := range strings.SplitSeq(head, "\n") {
		bare, _ := withoutMarkup(strings.TrimSpace(line))
		if word, key := leadingWord(bare); word == wordAnswer {
			if _, ok := readKey(keyWithoutMarks(key), maxOptions); ok {
				return true
			}
		}
	}
	return false
}

var (
	aikenSure    = regexp.MustCompile(`(?m)^ANSWER:[ \t]*[A-Za-z0-9]`)
	aikenOptions = regexp.MustCompile(`(?m)^[ \t]*[Aa][).][ \t]*\S.*(?:\n(?:.*\n){0,9}?|[ \t])[ \t]*[Bb][).][ \t]*\S`)
)

func parseAiken(f *File, text string) {
	f.reread = func(into *File, _ *Piece, text string) { parseAiken(into, text) }
	newProse(f, text, (*proseReader).aikenLine).run()
}

// aikenLine takes the line that is read.
func (r *proseReader) aikenLine() bool {
	if !r.takeAnswer() && !r.explain() && !r.takeAikenOption() {
		r.aikenText()
	}
	return true
}

// aikenAnswer tells the line of an answer as Aiken writes it.
func aikenAnswer(m *lineMark) bool {
	return m.word == wordAnswer && strings.HasPrefix(m.bare, "ANSWER:")
}

// aikenOption tells a line that looks like an option of Aiken: "A) text" or "A. text".
func aikenOption(m *lineMark) bool {
	return m.option.place >= 0 && len(m.bare) > 1 && m.bare[0] < utf8.RuneSelf && (m.bare[1] == ')' || m.bare[1] == '.')
}

// takeAnswer reads the line of the answer.
func (r *proseReader) takeAnswer() bool {
	m, q := &r.now.mark, r.open
	sure := aikenAnswer(m)
	begun := q != nil && len(q.options) > 0 && q.keyLine == 0
	switch {
	case m.word != wordAnswer || !begun && !sure:
		return false
	case !begun && (q == nil || q.keyLine > 0 || len(q.stem) == 0):
		r.answerOutside()
		return true
	case !sure:
		r.once(Note, codeAikenWord, "text", m.bare)
	}
	q.key, q.keyLine, q.explaining, q.ofMany = m.rest, r.now.number, false, r.answersMany()
	return true
}

// takeAikenOption reads a line that is an option where it stands; one that only looks like an option, as
// "A. Smith wrote", belongs to the text.
func (r *proseReader) takeAikenOption() bool {
	m := &r.now.mark
	if !aikenOption(m) {
		return false
	}
	place, lower := m.option.place, m.option.kind == 'a'
	q := r.open
	begun := q != nil && q.keyLine == 0
	if !begun || len(q.options) == 0 {
		if place != 0 || r.nextOption(lower) == 0 {
			return false
		}
		if !begun {
			r.start("")
		}
		r.open.lower = lower
		if lower {
			r.once(Note, codeAikenLower)
		}
		r.addOption(0, m.option.text)
		return true
	}
	return r.furtherOption(q, place, lower)
}

// furtherOption reads what looks like an option behind another one.
func (r *proseReader) furtherOption(q *proseQuestion, place int, lower bool) bool {
	last := q.lastOption()
	switch {
	case lower != q.lower || lower && place != last.place+1 && place != 0:
		return false
	case place == 0 && r.nextOption(lower) == 1: // the next question, without a line of its own between
		stem := last.text[min(1, len(last.text)):]
		last.text = last.text[:len(last.text)-len(stem)]
		r.startAt(r.now.number-len(stem), r.lines.back(r.now.from, len(stem)), "", stem...)
		r.open.lower = lower
	case q.gap && place <= last.place:
		return false
	}
	r.addOption(place, r.now.mark.option.text)
	return true
}

// nextOption is the place of the next line that looks like an option, before the question's answer; -1
// for none. Lines with marks of Markdown are passed over: a list within a stem may have them.
func (r *proseReader) nextOption(lower bool) int {
	for n := range mostAhead {
		line, ok := r.lines.peek(n)
		if !ok || strings.HasPrefix(line.text, "ANSWER:") {
			return -1
		}
		if line.mark.bare == line.text && aikenOption(&line.mark) && (line.mark.option.kind == 'a') == lower {
			return line.mark.option.place
		}
	}
	return -1
}

// aikenText takes a line that is no option and no answer: it begins a question, or belongs to the stem or
// the option before it.
func (r *proseReader) aikenText() {
	q := r.open
	switch {
	case q == nil || q.keyLine > 0 || len(q.options) > 0 && q.gap:
		number, text := r.numbered()
		r.start(number, r.unlabelled(text))
	case len(q.options) == 0:
		q.stemLine(&r.now)
	default:
		q.goOn(r.now.text)
	}
}

// unlabelled cuts off a word before a stem that only says what it is.
func (r *proseReader) unlabelled(text string) string {
	word, rest := leadingWord(text)
	if word != wordQuestion {
		return text
	}
	r.once(Note, codeProseLabel, "text", text)
	return rest
}

// numbered cuts the number before a stem, where the questions are numbered one after the other.
func (r *proseReader) numbered() (number, text string) {
	digits, rest := cutDigits(r.now.mark.bare)
	n, err := strconv.Atoi(digits)
	if err != nil || n != r.last+1 || rest == "" || rest[0] != '.' && rest[0] != ')' {
		return "", r.now.text
	}
	if text = trimLeft(rest[1:]); text == "" || text == rest[1:] {
		return "", r.now.text
	}
	r.last = n
	r.once(Note, codeProseNumbers, "text", r.now.mark.bare)
	return digits, text
}
