package questionset

import (
	"strings"

	"shiken/exam"
)

var keySeparators = strings.NewReplacer(",", " ", ";", " ", "/", " ", "&", " ", "+", " ", "|", " ",
	"、", " ", "・", " ", "(", " ", ")", " ", ".", " ")

// key reads which options are right: letters ("B", "A,C", "ac"), numbers from 1, or the whole text
// of one option. It returns option IDs in the options' order.
func (c *csvReader) key(p place, source string, options []exam.Option) ([]string, bool) {
	r := &c.file.Report
	p = p.at(columnAnswer)
	if source == "" {
		r.error(p, codeNoKey)
		return nil, false
	}
	letters, numbers, ok := keyLetters(foldText(source))
	ok = ok && (!numbers || c.inColumns(letters))
	meant := optionWithText(options, source)
	single := ok && !numbers && len(letters) == 1
	switch {
	case !ok && meant == "":
		r.error(p, codeKeyNotUnderstood, "key", source)
		return nil, false
	case !ok:
		r.note(p, codeKeyText, "key", source, "option", strings.ToUpper(meant))
		return []string{meant}, true
	case meant != "" && (len(letters) > 1 || meant != optionID(letters[0])):
		r.add(ambiguity(single), p, codeKeyAmbiguous, "key", source, "option", strings.ToUpper(meant))
		if !single {
			return nil, false
		}
	case numbers:
		r.warning(p, codeKeyNumber, "key", source)
	}
	return c.chosen(p, letters, options)
}

// ambiguity: a single letter is the option's letter though another option reads like it; several
// letters, or a number, could as well be that option's text.
func ambiguity(single bool) Severity {
	if single {
		return Warning
	}
	return Error
}

func (c *csvReader) inColumns(letters []int) bool {
	for _, l := range letters {
		if l >= len(c.header.options) {
			return false
		}
	}
	return true
}

// keyLetters returns the 0-based options that a folded key names.
func keyLetters(key string) (letters []int, numbers, ok bool) {
	for _, word := range strings.Fields(keySeparators.Replace(key)) {
		for _, ch := range word {
			switch {
			case ch >= 'a' && ch <= 'z' && (len(word) <= maxOptions):
				letters = append(letters, int(ch-'a'))
			case ch >= '1' && ch <= '9' && len(word) == 1:
				letters = append(letters, int(ch-'1'))
				numbers = true
			default:
				return nil, false, false
			}
		}
	}
	if len(letters) == 0 || len(letters) > 2*maxOptions {
		return nil, false, false
	}
	for _, l := range letters {
		if l >= maxOptions && len(letters) > 1 {
			return nil, false, false
		}
	}
	return letters, numbers, true
}

func optionWithText(options []exam.Option, text string) string {
	found := ""
	for i := range options {
		if foldText(options[i].Text.Source) == foldText(text) {
			if found != "" {
				return ""
			}
			found = options[i].ID
		}
	}
	return found
}

// chosen turns letters into option IDs.
func (c *csvReader) chosen(p place, letters []int, options []exam.Option) ([]string, bool) {
	r := &c.file.Report
	right := map[string]bool{}
	sound := true
	for _, l := range letters {
		id := optionID(l)
		switch {
		case l >= len(c.header.options) || c.header.options[l] < 0:
			r.error(p, codeKeyNoOption, "option", strings.ToUpper(id))
			sound = false
		case !hasOption(options, id):
			r.error(p, codeKeyEmptyOption, "option", strings.ToUpper(id))
			sound = false
		case right[id]:
			r.warning(p, codeKeyRepeated, "option", strings.ToUpper(id))
		}
		right[id] = true
	}
	var out []string
	for i := range options {
		if right[options[i].ID] {
			out = append(out, options[i].ID)
		}
	}
	return out, sound
}

func hasOption(options []exam.Option, id string) bool {
	for i := range options {
		if options[i].ID == id {
			return true
		}
	}
	return false
}
