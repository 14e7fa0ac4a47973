package questionset

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

var keySeparators = strings.NewReplacer(",", " ", ";", " ", "/", " ", "&", " ", "+", " ", "|", " ",
	"、", " ", "・", " ", "(", " ", ")", " ", ".", " ")

// keyJoiners are words between the letters of a key, in the folded form.
var keyJoiners = strings.NewReplacer(" and ", " , ", " und ", " , ", " u. ", " , ", " et ", " , ", " y ", " , ", " og ", " , ",
	" och ", " , ", " ve ", " , ", " dan ", " , ", " và ", " , ", "和", ",", "と", ",", "及び", ",", "および", ",")

// keyNames are the options that a key names, 0-based, and how: with letters, or with the notation of
// which the report tells.
type keyNames struct {
	places   []int
	notation Code // empty: letters
	joined   bool // with a word between them
	run      bool // with nothing between some of them
}

// key reads which options are right: letters ("B", "A,C", "ac", "A and C"), numbers from 1, kana
// from ア, or the whole text of one option. It returns option IDs in the options' order.
func (t *tableReader) key(p place, source string, options []exam.Option) ([]string, bool) {
	r := &t.file.Report
	p = p.at(columnAnswer)
	if source == "" {
		r.error(p, codeNoKey)
		return nil, false
	}
	source = meantKey(source, options)
	meant := optionWithText(options, source)
	if (t.header.numbered || t.header.index) && isIndex(source) {
		meant = ""
	}
	names, ok := t.readKey(source, options)
	if meant == "" && !isIndex(source) && (!ok || !areOptions(names.places, options)) {
		if ids := otherKey(source, options); ids != nil {
			r.note(p, codeKeyText, "key", source, "option", strings.ToUpper(strings.Join(ids, ", ")))
			return ids, true
		}
	}
	if meant == "" && (ok && names.notation == codeKeyNumber || namesZero(source)) {
		if unclear := t.counting(); unclear != "" {
			r.error(p, unclear, "key", source)
			return nil, false
		}
		if t.header.index && t.facts().zero {
			names, ok = placesFromZero(source)
		}
	}
	ok = ok && (names.notation == "" || t.inColumns(names.places)) && (meant == "" || !names.joined && areOptions(names.places, options))
	single := ok && names.notation == "" && len(names.places) == 1
	switch {
	case !ok && meant == "":
		r.error(p, codeKeyNotUnderstood, "key", source)
		return nil, false
	case !ok:
		r.note(p, codeKeyText, "key", source, "option", strings.ToUpper(meant))
		return []string{meant}, true
	case meant != "" && (len(names.places) > 1 || meant != optionID(names.places[0])) && t.facts().texts:
		t.warnOnce(p, codeKeyTexts, "key", source, "option", strings.ToUpper(meant))
		return []string{meant}, true
	case meant != "" && (len(names.places) > 1 || meant != optionID(names.places[0])):
		r.add(ambiguity(single), p, codeKeyAmbiguous, "key", source, "option", strings.ToUpper(meant))
		if !single {
			return nil, false
		}
	}
	if !t.labelsAgree(p, source, names, options) {
		return nil, false
	}
	t.noteNotation(p, source, names.notation)
	return t.chosen(p, names.places, options)
}

// readKey reads the places that a key names: also by the name of an option's column, and by a letter before the
// option's own text.
func (t *tableReader) readKey(source string, options []exam.Option) (keyNames, bool) {
	if place := optionPlace(knownColumn(foldName(source))); place >= 0 {
		return keyNames{places: []int{place}, notation: codeKeyColumn}, true
	}
	if m := letterAndText.FindStringSubmatch(source); m != nil {
		letter, meant := strings.ToLower(norm.NFKC.String(m[1])), optionWithText(options, m[2])
		if meant != "" || keyWord.MatchString(m[2]) {
			return keyNames{places: []int{markPlace(letter)}}, meant == letter
		}
		if len([]rune(m[2])) == 1 && strings.ContainsAny(source, " \u3000") {
			return keyNames{}, false // "A. b" is two letters, or a letter and the text of an option that is not there
		}
	}
	return readKey(foldText(source), max(keyLetters, len(t.header.options)))
}

// keyWord is what no list of single letters holds.
var keyWord = regexp.MustCompile(`\pL{2}`)

// isIndex tells a key of numbers alone.
func isIndex(source string) bool {
	return strings.Trim(norm.NFKC.String(source), "0123456789 ,;") == ""
}

// noteNotation tells once in a file of numbers or kana.
func (t *tableReader) noteNotation(p place, source string, notation Code) {
	if notation != "" {
		t.once(p, notation, "key", source)
	}
}

// ambiguity: a single letter is the option's letter though another option reads like it; several
// letters, or a number, could as well be that option's text.
func ambiguity(single bool) Severity {
	if single {
		return Warning
	}
	return Error
}

func (t *tableReader) inColumns(letters []int) bool {
	for _, l := range letters {
		if l >= len(t.header.options) {
			return false
		}
	}
	return true
}

// readKey returns the options that a folded key names, of at most so many. Letters may be run together,
// numbers and kana may not; all are of one notation.
func readKey(key string, most int) (names keyNames, ok bool) {
	plain := keyJoiners.Replace(key)
	names.joined = plain != key
	for i, word := range strings.Fields(keySeparators.Replace(plain)) {
		places, notation := wordPlaces(word)
		if places == nil || i > 0 && notation != names.notation {
			return keyNames{}, false
		}
		names.places, names.notation = append(names.places, places...), notation
		names.run = names.run || len(places) > 1
	}
	if len(names.places) == 0 || len(names.places) > 2*maxOptions {
		return keyNames{}, false
	}
	for _, place := range names.places {
		if place >= most && len(names.places) > 1 {
			return keyNames{}, false
		}
	}
	return names, true
}

// keyLetters are the letters that may be run together, from a: longer words are words.
const keyLetters = 8

// wordPlaces returns the 0-based options of one word of a key, and its notation; nil when it has none.
func wordPlaces(word string) (places []int, notation Code) {
	runes := []rune(word)
	for _, ch := range runes {
		place := markPlace(string(ch))
		switch {
		case place < 0 || len(runes) > keyLetters || len(runes) > 1 && place >= keyLetters:
			return nil, ""
		case ch >= '1' && ch <= '9':
			notation = codeKeyNumber
		case ch > 'z':
			notation = codeKeyKana
		}
		places = append(places, place)
	}
	if notation != "" && len(places) > 1 {
		return nil, ""
	}
	return places, notation
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
func (t *tableReader) chosen(p place, letters []int, options []exam.Option) ([]string, bool) {
	r := &t.file.Report
	right := map[string]bool{}
	sound := true
	for _, l := range letters {
		id := optionID(l)
		switch {
		case l >= len(t.header.options) || t.header.options[l] < 0:
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

// areOptions reports whether all places have an option.
func areOptions(places []int, options []exam.Option) bool {
	return !slices.ContainsFunc(places, func(place int) bool { return !hasOption(options, optionID(place)) })
}

func hasOption(options []exam.Option, id string) bool {
	return slices.ContainsFunc(options, func(o exam.Option) bool { return o.ID == id })
}

// keyWords are the words of a key.
func keyWords(key string) []string { return strings.Fields(keySeparators.Replace(foldText(key))) }

// optionsOf are the options of a row.
func (h *tableHeader) optionsOf(cells []string, key string) optionList {
	if h.joined {
		list, _ := cutOptions(h.get(cells, columnOptions), key)
		return list
	}
	var list optionList
	for place := range h.options {
		list.parts = append(list.parts, h.get(cells, columnOption+placeName(place)))
	}
	return list
}
