package questionset

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// proseFacts are what all answers of a text say together of how each is meant.
type proseFacts struct {
	zero  bool // some answer is the number 0
	words bool // some answer is the text of one option, and can be nothing else
	texts bool // so it is, and every answer is such a text
}

// facts goes through the text once more when something of it is asked first.
func (r *proseReader) facts() *proseFacts {
	if r.said == nil {
		every, f := true, &proseFacts{}
		r.apart(func(q *proseQuestion) {
			if q.keyLine == 0 || len(q.options) < 2 || len(q.key) > MaxText || q.size > maxBlock {
				return // it says nothing, or is refused
			}
			list := q.texts()
			key, _ := answerOf(q.key, list)
			parts := make([]string, len(list))
			for i := range list {
				parts[i] = list[i].Text.Source
			}
			text, only := (&optionList{parts: parts}).keyText(key)
			every, f.words = every && text, f.words || only
			f.zero = f.zero || !text && namesZero(key)
		})
		f.texts, r.said = every && f.words, f
	}
	return r.said
}

// apart gives each question of the text, as it is gathered, to a function, and judges none.
func (r *proseReader) apart(look func(*proseQuestion)) {
	file := &File{Format: r.file.Format, Report: Report{budget: budget{ctx: r.file.Report.budget.ctx, silent: true}}}
	again := newProse(file, r.lines.text, r.take)
	again.look = look
	again.run()
}

// texts are the options as they stand.
func (q *proseQuestion) texts() []exam.Option {
	var list []exam.Option
	for _, o := range q.options {
		list = append(list, exam.Option{ID: optionID(o.place), Text: exam.Text{Source: strings.TrimSpace(strings.Join(o.text, "\n"))}})
	}
	return list
}

// letterAndText is an answer that repeats its option: "B) the text".
var letterAndText = regexp.MustCompile(`^([A-Za-zＡ-Ｚａ-ｚ])\s*[).:）．]\s*(\S.*)$`)

// letterBeside is an answer that repeats its option without a mark behind the letter, or has a word before it: "B (the
// text)", "ア　文", "Option B".
var letterBeside = regexp.MustCompile(`^(?:(?i:option|choice)\s+|選択肢\s*)?([A-Za-zＡ-Ｚａ-ｚア-コ])(?:[\s\x{3000}]*[(（](.+)[)）]|[\s\x{3000}]+(\S.*))?$`)

// answerOf takes marks of Markdown from an answer, and gives the one option whose text it is.
func answerOf(source string, options []exam.Option) (key, meant string) {
	key = strings.TrimSpace(source)
	meant = optionWithText(options, key)
	for _, marks := range []string{" *_", " `"} {
		if meant == "" {
			key = strings.Trim(key, marks)
			meant = optionWithText(options, key)
		}
	}
	return key, meant
}

// readAnswer reads the letters of an answer, or the text of one option. What may be either is refused, but for one
// letter, which is what the options have.
func (r *proseReader) readAnswer(p place, q *proseQuestion, options []exam.Option) ([]int, bool) {
	report := &r.file.Report
	key, meant := answerOf(q.key, options)
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
	if m := letterBeside.FindStringSubmatch(key); m != nil && meant == "" {
		letter := foldText(m[1])
		switch text := optionWithText(options, m[2]+m[3]); {
		case m[2]+m[3] == "", text != "" && text == optionID(markPlace(letter)):
			key = letter
		case m[2] != "":
			report.error(p, codeKeyNotUnderstood, "key", q.key)
			return nil, false
		}
	}
	names, ok := readKey(foldText(key), maxOptions)
	labels := ok && names.notation == q.notation()
	if labels && isCircled(key) {
		meant = "" // it is written as the options' own marks are
	}
	switch {
	case r.file.Format == Aiken && (ok && names.notation == codeKeyNumber || meant == "" && namesZero(key)):
		report.error(p, codeAikenNumber, "key", key)
		return nil, false
	case meant == "" && !labels && (ok && names.notation == codeKeyNumber || namesZero(key)) && r.facts().zero:
		report.error(p, codeKeyFromZero, "key", key)
		return nil, false
	}
	ok = ok && (names.notation == "" || r.file.Format == Typed) && (meant == "" || !names.joined && areOptions(names.places, options))
	switch {
	case !ok && meant == "":
		report.error(p, codeKeyNotUnderstood, "key", key)
		return nil, false
	case !ok:
		report.note(p, codeKeyText, "key", key, "option", strings.ToUpper(meant))
		return []int{markPlace(meant)}, true
	case meant != "" && (len(names.places) > 1 || meant != optionID(names.places[0])):
		single := labels && len(names.places) == 1
		if r.facts().texts {
			r.onceOfKey(Warning, p, codeKeyTexts, "key", key, "option", strings.ToUpper(meant))
			return []int{markPlace(meant)}, true
		}
		if report.add(ambiguity(single), p, codeKeyAmbiguous, "key", key, "option", strings.ToUpper(meant)); !single {
			return nil, false
		}
	}
	if names.run && !r.soundRun(p, key, &names) {
		return nil, false
	}
	if !labels {
		r.onceOfKey(Note, p, cmp.Or(names.notation, codeProseLetter), "key", key)
	}
	if len(names.places) > 1 && !names.run {
		report.note(p, codeProseSeveral, "key", key)
	}
	return names.places, true
}

// soundRun judges several letters with nothing between them, which may be a word, such as "bad".
func (r *proseReader) soundRun(p place, key string, names *keyNames) bool {
	letters := strings.ToUpper(strings.Join(idsOf(names.places), ","))
	if r.facts().words || !slices.IsSorted(names.places) {
		r.file.Report.error(p, codeKeyWord, "key", key, "letters", letters)
		return false
	}
	r.file.Report.warning(p, codeProseRun, "key", key, "letters", letters)
	return true
}

// onceOfKey tells something of the answers of the file where it stands first.
func (r *proseReader) onceOfKey(s Severity, p place, code Code, args ...any) {
	if !r.noted[code] {
		r.noted[code] = true
		r.file.Report.add(s, p, code, args...)
	}
}

// notation is how an answer names options by their own marks.
func (q *proseQuestion) notation() Code {
	switch q.first.option.kind {
	case '1':
		return codeKeyNumber
	case 'k':
		return codeKeyKana
	}
	return ""
}

// isCircled tells an answer of circled numbers alone.
func isCircled(key string) bool {
	return strings.Trim(key, "①②③④⑤⑥⑦⑧⑨⑩ ,、") == ""
}
