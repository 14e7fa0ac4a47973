package questionset

import (
	"slices"
	"strconv"
)

// namesZero tells a key of numbers with a 0 among them.
func namesZero(key string) bool { return isIndex(key) && slices.Contains(keyWords(key), "0") }

// counting says what is unclear about where the numbers of the keys begin, "" where it is clear. In a column that
// is called an index they are taken as they count; in others one that counts from 0 may be a mistake.
func (t *tableReader) counting() Code {
	switch f := t.facts(); {
	case t.header.index && f.zero == f.last:
		return codeKeyIndex
	case !t.header.index && f.zero:
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
