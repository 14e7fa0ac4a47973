package questionset

import (
	"cmp"
	"slices"
	"strings"

	"shiken/exam"
)

// Which options are right, where a cell says more of it than the column of the key, or that column holds the right
// options themselves.

// rightOptions are the IDs of the right options of a choice, in the options' order.
func (w *tableRow) rightOptions(options []exam.Option) ([]string, bool) {
	source, list := w.get(columnAnswer), &w.list
	p, plain := w.p.at(columnAnswer), meantKey(source, options)
	right, ok := []string(nil), true
	switch {
	case w.header.rightFirst:
		return w.firstOptions()
	case source == "" && len(list.right) > 0:
		right = idsOf(list.right)
	case list.names != nil && source != "":
		right, ok = w.namedKey(source, options)
	case list.bareAt(source) >= 0:
		right = idsOf([]int{list.bareAt(source)})
		w.file.Report.note(p, codeKeyText, "key", source, "option", strings.ToUpper(right[0]))
	case w.combined(plain, options) != "":
		right = []string{w.combined(plain, options)}
		w.file.Report.warning(p, codeKeyText, "key", plain, "option", strings.ToUpper(right[0]))
	default:
		right, ok = w.key(w.p, source, options)
		ok = ok && w.soundRun(plain, right)
	}
	if ok && list.marked && !slices.Equal(right, idsOf(list.right)) {
		w.file.Report.error(p, codeKeyMarks, "key", source, "options", cmp.Or(strings.ToUpper(strings.Join(idsOf(list.right), ", ")), "–"))
		return nil, false
	}
	return right, ok && w.filled(right, options) && w.agrees(right)
}

// soundRun judges a key of several letters with nothing between them, which may be a word, such as "bad". Letters out
// of their order are refused, and such keys in a table that has texts as keys, or letters of the other case. Where the
// type does not say that several options are right, the report tells what was taken.
func (w *tableRow) soundRun(source string, right []string) bool {
	names, ok := readKey(foldText(source), maxOptions)
	if len(right) < 2 || !ok || !names.run {
		return true
	}
	p, facts, several := w.p.at(columnAnswer), w.facts(), w.kind == rowMultiple
	letters := strings.ToUpper(strings.Join(right, ","))
	ordered := strings.EqualFold(strings.Join(right, ""), strings.Join(idsOf(names.places), ""))
	capitals := strings.ToUpper(source) == source
	others := facts.words || capitals && facts.lower && !facts.upper || !capitals && facts.upper && !facts.lower
	switch {
	case several && (ordered && capitals || !facts.words):
		return true
	case others || !ordered:
		w.file.Report.error(p, codeKeyWord, "key", source, "letters", letters)
		return false
	}
	w.file.Report.warning(p, codeKeyRun, "key", source, "letters", letters)
	return true
}

// meantKey is a key without what says nothing of it, unless it is the text of an option as it stands.
func meantKey(source string, options []exam.Option) string {
	if optionWithText(options, source) != "" {
		return source
	}
	return plainKey(source)
}

// combined is the one option of a cell that reads like a key of several letters or numbers, as "A、B" does among
// "A、B", "B、C" and "C、D".
func (w *tableRow) combined(source string, options []exam.Option) string {
	if names, ok := readKey(foldText(source), maxOptions); !w.header.joined || !ok || len(names.places) < 2 || !areOptions(names.places, options) {
		return ""
	}
	return optionWithText(options, source)
}

// filled refuses a key of options without a text.
func (w *tableRow) filled(right []string, options []exam.Option) bool {
	for _, id := range right {
		if !hasOption(options, id) {
			w.file.Report.error(w.p.at(columnAnswer), codeKeyEmptyOption, "option", strings.ToUpper(id))
			return false
		}
	}
	return true
}

// firstOptions are the right options that stand before the wrong ones.
func (w *tableRow) firstOptions() ([]string, bool) {
	if w.rights == 0 {
		w.file.Report.error(w.p.at(columnAnswer), codeNoKey)
		return nil, false
	}
	var right []string
	for place := range w.rights {
		right = append(right, optionID(place))
	}
	return right, true
}

// idsOf are the options of places.
func idsOf(places []int) []string {
	var ids []string
	for _, place := range places {
		ids = append(ids, optionID(place))
	}
	return ids
}

// namedKey reads a key by what the options' cell calls its options, or by their texts.
func (w *tableRow) namedKey(source string, options []exam.Option) ([]string, bool) {
	p := w.p.at(columnAnswer)
	if w.list.withName(foldText(source)) < 0 {
		source = meantKey(source, options)
	}
	places, ok := w.list.named(source)
	meant := optionWithText(options, source)
	switch {
	case w.header.index:
		w.file.Report.error(p, codeKeyIndex, "key", source)
		return nil, false
	case ok && meant != "" && !slices.Equal(idsOf(places), []string{meant}):
		w.file.Report.error(p, codeKeyAmbiguous, "key", source, "option", strings.ToUpper(meant))
		return nil, false
	case ok:
		w.once(p, codeKeyNamed, "key", source)
		return idsOf(places), true
	case meant != "":
		return []string{meant}, true
	}
	w.file.Report.error(p, codeKeyNames, "key", source)
	return nil, false
}

// unnamedOptions refuses a cell that says more of its options than their texts, where they are no choice.
func (w *tableRow) unnamedOptions() bool {
	if w.list.names == nil && !w.list.marked {
		return true
	}
	w.file.Report.error(w.p.at(columnOptions), codeOptionObjects, "text", w.header.get(w.cells, columnOptions))
	return false
}

// named are the places of the names that a key is, in their order.
func (l *optionList) named(key string) ([]int, bool) {
	if place := l.withName(foldText(key)); place >= 0 {
		return []int{place}, true
	}
	var places []int
	for _, word := range keyWords(key) {
		place := l.withName(word)
		if place < 0 {
			return nil, false
		}
		places = append(places, place)
	}
	slices.Sort(places)
	return slices.Compact(places), len(places) > 0
}

func (l *optionList) withName(name string) int {
	return slices.IndexFunc(l.names, func(names []string) bool { return slices.Contains(names, name) })
}
