package questionset

import (
	"regexp"
	"strconv"
	"strings"
)

// Aiken, after Moodle 4.1's question/format/aiken/format.php: a stem, options "A) text" or "A. text",
// and "ANSWER: B". Where Moodle takes each line of a stem for a question of its own, and lets a key pass
// that names no option, this reader joins the lines and refuses the question.

var (
	aikenOption   = regexp.MustCompile(`^([A-Za-z])[).][ \t]*(.*)$`)
	aikenAnswer   = regexp.MustCompile(`^ANSWER:\s*(.*)$`)
	leadingNumber = regexp.MustCompile(`^([0-9]{1,4})[.)]\s+(\S.*)$`)
)

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
		if m := answerLine.FindStringSubmatch(withoutMarkup(line)); m != nil {
			if _, ok := readKey(foldText(strings.Trim(m[1], "*_`")), maxOptions); ok {
				return true
			}
		}
	}
	return false
}

var (
	aikenSure    = regexp.MustCompile(`(?m)^ANSWER:[ \t]*[A-Za-z0-9]`)
	aikenOptions = regexp.MustCompile(`(?m)^[ \t]*[Aa][).][ \t]*\S.*\n(?:.*\n){0,9}?[ \t]*[Bb][).][ \t]*\S`)
)

func parseAiken(f *File, text string) {
	f.reread = func(into *File, _ *Piece, text string) { parseAiken(into, text) }
	r := newProse(f, text)
	for r.at = 0; r.at < len(r.lines) && !r.full; r.at++ {
		r.aikenLine(strings.TrimSpace(r.lines[r.at]))
	}
	r.finish()
}

// aikenLine takes one line.
func (r *proseReader) aikenLine(line string) {
	q := r.open
	if line == "" {
		if q != nil {
			q.gap, q.explaining = true, false
		}
		return
	}
	bare := withoutMarkup(line)
	switch {
	case r.takeAnswer(bare):
	case r.explain(line):
	case r.takeAikenOption(bare):
	default:
		r.aikenText(line)
	}
	if r.open != nil {
		r.open.gap = false
	}
}

// takeAnswer reads the line of the answer.
func (r *proseReader) takeAnswer(line string) bool {
	m, q := aikenAnswer.FindStringSubmatch(line), r.open
	sure := m != nil
	if !sure {
		m = answerLine.FindStringSubmatch(line)
	}
	begun := q != nil && len(q.options) > 0 && q.keyLine == 0
	switch {
	case m == nil || !begun && !sure:
		return false
	case !begun && (q == nil || q.keyLine > 0 || len(q.stem) == 0):
		r.file.Report.error(place{line: r.at + 1}, codeProseAnswerOutside, "key", m[1])
		return true
	case !sure:
		r.once(Note, codeAikenWord, "text", line)
	}
	q.key, q.keyLine, q.explaining = m[1], r.at+1, false
	return true
}

// takeAikenOption reads a line that is an option where it stands; one that only looks like an option, as
// "A. Smith wrote", belongs to the text.
func (r *proseReader) takeAikenOption(line string) bool {
	m := aikenOption.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	lower := m[1] >= "a"
	place := markPlace(strings.ToLower(m[1]))
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
		r.addOption(0, false, m[2])
		return true
	}
	return r.furtherOption(q, line, place, lower, m[2])
}

// furtherOption reads what looks like an option behind another one.
func (r *proseReader) furtherOption(q *proseQuestion, line string, place int, lower bool, text string) bool {
	last := q.lastOption()
	switch {
	case lower != q.lower || lower && place != last.place+1 && place != 0:
		return false
	case place == 0 && r.nextOption(lower) == 1: // the next question, without a line of its own between
		stem := last.text[1:]
		last.text = last.text[:1]
		from := r.at + 1 - len(stem)
		r.start("", stem...)
		r.open.line, r.open.lower = from, lower
	case q.gap && place <= last.place:
		return false
	}
	r.addOption(place, false, text)
	return true
}

// nextOption is the place of the next line that looks like an option, before the question's answer; -1
// for none.
func (r *proseReader) nextOption(lower bool) int {
	const most = 50
	for _, l := range r.lines[r.at+1 : min(r.at+1+most, len(r.lines))] {
		l = strings.TrimSpace(l)
		if aikenAnswer.MatchString(l) {
			return -1
		}
		if m := aikenOption.FindStringSubmatch(l); m != nil && (m[1] >= "a") == lower {
			return markPlace(strings.ToLower(m[1]))
		}
	}
	return -1
}

// aikenText takes a line that is no option and no answer: it begins a question, or belongs to the stem or
// the option before it.
func (r *proseReader) aikenText(line string) {
	q := r.open
	switch {
	case q == nil || q.keyLine > 0 || len(q.options) > 0 && q.gap:
		number, text := r.numbered(withoutMarkup(line))
		if number == "" {
			text = line
		}
		r.start(number, r.unlabelled(text))
	case len(q.options) == 0:
		q.stemLine(line)
	default:
		last := q.lastOption()
		last.text = append(last.text, line)
	}
}

// questionLabel is a word before a stem that only says what it is.
var questionLabel = wide(`(?i)^(?:question|frage|pregunta|問題|問)\s*[:：]\s*(\S.*)$`)

// unlabelled cuts such a word off.
func (r *proseReader) unlabelled(line string) string {
	m := questionLabel.FindStringSubmatch(line)
	if m == nil {
		return line
	}
	r.once(Note, codeProseLabel, "text", line)
	return m[1]
}

// numbered cuts the number before a stem, where the questions are numbered one after the other.
func (r *proseReader) numbered(line string) (number, text string) {
	m := leadingNumber.FindStringSubmatch(line)
	if m == nil {
		return "", line
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n != r.last+1 {
		return "", line
	}
	r.last = n
	r.once(Note, codeProseNumbers, "text", line)
	return m[1], m[2]
}
