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
	found bool
	last  bool // some key names the last option by its number from 1
}

// fromZero reports whether keys seem to count from 0. The table is gone through for that once, when the first
// number is met.
func (t *tableReader) fromZero() bool {
	z := &t.zeros
	if !z.known && z.rows != nil && !t.header.numbered {
		zero, last := false, false
		z.rows(func(rec *textfile.Row) bool {
			isZero, isLast := t.keyNumbers(rec.Cells)
			zero, last = zero || isZero, last || isLast
			return !last && !t.file.Report.late()
		})
		z.found, z.last = zero && !last, last
	}
	z.known = true
	return z.found
}

// keyNumbers reports of the key of a choice whether 0 is among its numbers, and whether that of the last option
// is, counted from 1. A key that reads like an option is none of numbers.
func (t *tableReader) keyNumbers(cells []string) (zero, last bool) {
	h := t.header
	key := h.get(cells, columnAnswer)
	if key == "" || !isIndex(key) {
		return false, false
	}
	kind, known := h.types[strings.ReplaceAll(foldName(h.get(cells, columnType)), "__", "_")]
	if known && kind != rowChoice && kind != rowSingle && kind != rowMultiple {
		return false, false
	}
	options := 0
	for _, text := range h.optionTexts(cells, key) {
		if foldText(text) == foldText(key) {
			return false, false
		}
		options += ternaryInt(text != "")
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
	zero := t.fromZero()
	switch {
	case zero && !t.header.index:
		return codeKeyFromZero
	case t.header.index && !zero && !t.zeros.last:
		return codeKeyIndex
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

// optionTexts are the cells of a row's options.
func (h *tableHeader) optionTexts(cells []string, key string) []string {
	if h.joined {
		parts, _ := cutOptions(h.get(cells, columnOptions), key)
		return parts
	}
	texts := make([]string, len(h.options))
	for place := range h.options {
		texts[place] = h.get(cells, columnOption+placeName(place))
	}
	return texts
}
