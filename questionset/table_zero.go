package questionset

import (
	"slices"
	"strconv"
	"strings"

	"shiken/internal/textfile"
)

// zeroKeys finds out whether the keys of a table count options from 0, as programs do: then 1 is not the first
// option. That is so where some key is 0, and none names the last option by its number from 1.
type zeroKeys struct {
	rows  func(row func(*textfile.Row) bool) // gives all rows of the table once more; nil: it has no others
	known bool
	zero  bool // some key is 0
	last  bool // some key names the last option by its number from 1
}

// lookForZero goes once through the whole table, when the first number is met.
func (t *tableReader) lookForZero() {
	z := &t.zeros
	if !z.known && z.rows != nil && !t.header.numbered {
		z.rows(func(rec *textfile.Row) bool {
			zero, last := t.keyNumbers(rec.Cells)
			z.zero, z.last = z.zero || zero, z.last || last
			return !(z.zero && z.last) && !t.file.Report.late()
		})
	}
	z.known = true
}

// keyNumbers reports of the key of a choice whether 0 is among its numbers, and whether that of the last option
// is, counted from 1. A key that reads like an option is none of numbers, unless its column is called an index.
func (t *tableReader) keyNumbers(cells []string) (zero, last bool) {
	h := t.header
	key := h.get(cells, columnAnswer)
	if key == "" || !isIndex(key) {
		return false, false
	}
	if kind, known := h.kindOf(cells); known && kind != rowChoice && kind != rowSingle && kind != rowMultiple {
		return false, false
	}
	list := h.optionsOf(cells, key)
	if list.names != nil || list.hasText(key) && !h.index {
		return false, false
	}
	options := 0 // as far as the last that has a text
	for place, text := range list.parts {
		if text != "" {
			options = place + 1
		}
	}
	numbers := keyWords(key)
	return options > 1 && slices.Contains(numbers, "0"), options > 1 && slices.Contains(numbers, strconv.Itoa(options))
}

// keyWords are the words of a key.
func keyWords(key string) []string { return strings.Fields(keySeparators.Replace(foldText(key))) }

// namesZero tells a key of numbers with a 0 among them.
func namesZero(key string) bool { return isIndex(key) && slices.Contains(keyWords(key), "0") }

// counting says what is unclear about where the numbers of the keys begin, "" where it is clear. In a column that
// is called an index they are taken as they count; in others one that counts from 0 may be a mistake.
func (t *tableReader) counting() Code {
	t.lookForZero()
	switch z := &t.zeros; {
	case t.header.index && z.zero == z.last:
		return codeKeyIndex
	case !t.header.index && z.zero:
		return codeKeyFromZero
	}
	return ""
}

// placesFromZero are the places that a key of numbers from 0 names.
func placesFromZero(key string) (keyNames, bool) {
	names := keyNames{notation: codeKeyZero}
	for _, word := range keyWords(key) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 || n >= maxOptions {
			return keyNames{}, false
		}
		names.places = append(names.places, n)
	}
	return names, len(names.places) > 0
}

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
