package questionset

import (
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"shiken/internal/textfile"
)

// tableFacts are what all rows of a table say together of how each is meant.
type tableFacts struct {
	// zero: some key is 0. last: some key names the last option by its number from 1.
	zero, last bool
	// texts: every key is the text of one option, and some can be nothing else. Then a key that might be a letter or a
	// number is a text, too.
	texts bool
	// words: some key can be nothing but the text of an option. upper and lower: some is one letter of that case.
	words, upper, lower bool
	// places: all answers of a table without options are letters or numbers. Then they name options that stand
	// somewhere else.
	places bool
	// listed: some cell of a column that is not known may hold several options.
	listed bool
	// stacked: some row has no question, and something in a column that is not known.
	stacked bool
	// circles: some answer to a question of right or wrong is a circle or a tick. Then a letter x is a cross.
	circles bool
	// from is where the places of a column beside the keys count from, 0 or 1; sure: the rows show it.
	from int
	sure bool
}

// facts goes through the table once more when something of it is asked first.
func (t *tableReader) facts() *tableFacts {
	if t.said == nil {
		s := tableSurvey{t: t, everyText: true, everyPlace: true, agree: [2]bool{true, true}}
		if t.rows != nil {
			t.rows(func(rec *textfile.Row) bool {
				if rec.Line > t.file.Table.HeaderLine && rec.Fault == "" {
					s.row(rec.Cells)
				}
				return !t.file.Report.late()
			})
		}
		t.said = s.facts()
	}
	return t.said
}

// tableSurvey gathers facts, row by row.
type tableSurvey struct {
	t          *tableReader
	zero, last bool // see tableFacts
	everyText  bool // every key is the text of one option
	someText   bool // some can be nothing else
	everyPlace bool // every answer may name an option
	somePlace  bool // there is one
	listed     bool // see tableFacts, as of the next
	stacked    bool
	circles    bool
	upper      bool
	lower      bool
	// agree: all places beside a key name its options, counted from 0, and from 1. indexZero: one of them is 0;
	// indexLast: one is as much as there are options.
	agree                [2]bool
	indexZero, indexLast bool
}

// row takes in the key of a choice, or of a question of right or wrong.
func (s *tableSurvey) row(cells []string) {
	h := s.t.header
	key := h.get(cells, columnAnswer)
	kind, known := h.kindOf(cells)
	for _, cell := range h.strange {
		s.listed = s.listed || mayList(cellOf(cells, cell))
		s.stacked = s.stacked || h.get(cells, columnQuestion) == "" && h.get(cells, columnImage) == "" && cellOf(cells, cell) != ""
	}
	s.circles = s.circles || kind == rowTrueFalse && circles[foldText(key)]
	if key == "" || known && !kind.isChoice() {
		return
	}
	if h.open() {
		key = plainKey(key)
		s.everyPlace, s.somePlace = s.everyPlace && namesPlace(key), true
		return
	}
	list := h.optionsOf(cells, key)
	if !list.hasText(key) {
		key = plainKey(key)
	}
	s.numbers(key, &list)
	text, only := list.keyText(key)
	s.everyText, s.someText = s.everyText && text, s.someText || only
	if letter := norm.NFKC.String(key); len(letter) == 1 {
		s.upper, s.lower = s.upper || letter[0] >= 'A' && letter[0] <= 'Z', s.lower || letter[0] >= 'a' && letter[0] <= 'z'
	}
	if h.has(columnKeyIndex) {
		s.beside(h.get(cells, columnKeyIndex), key, &list)
	}
}

// numbers takes in a key of numbers. One that reads like an option is none, unless its column is called an index.
func (s *tableSurvey) numbers(key string, list *optionList) {
	options := list.last()
	if !isIndex(key) || options < 2 || list.names != nil || list.hasText(key) && !s.t.header.index {
		return
	}
	numbers := keyWords(key)
	s.zero = s.zero || slices.Contains(numbers, "0")
	s.last = s.last || slices.Contains(numbers, strconv.Itoa(options))
}

// beside takes in the places beside a key.
func (s *tableSurvey) beside(source, key string, list *optionList) {
	names, _ := placesFromZero(source)
	index, right := sortedPlaces(names.places), list.placesOf(key)
	if len(index) == 0 || len(right) == 0 {
		return
	}
	for base := range s.agree {
		s.agree[base] = s.agree[base] && slices.Equal(index, shifted(right, base))
	}
	s.indexZero = s.indexZero || slices.Contains(index, 0)
	s.indexLast = s.indexLast || slices.Contains(index, list.last())
}

// facts are what the rows say together.
func (s *tableSurvey) facts() *tableFacts {
	f := &tableFacts{
		zero: s.zero && !s.t.header.numbered, last: s.last && !s.t.header.numbered,
		texts:  s.everyText && s.someText && !s.t.header.numbered,
		places: s.everyPlace && s.somePlace, circles: s.circles, listed: s.listed, stacked: s.stacked,
		words: s.someText, upper: s.upper, lower: s.lower,
	}
	switch {
	case s.agree[0] != s.agree[1]:
		f.from, f.sure = ternaryInt(s.agree[1]), true
	case s.indexZero != s.indexLast:
		f.from, f.sure = ternaryInt(s.indexLast), true
	}
	return f
}

// keyText reports whether a key is the text of one option, and whether it can be nothing else. Where there is no
// choice it says nothing.
func (l *optionList) keyText(key string) (text, only bool) {
	key = foldText(key)
	found, options := 0, 0
	for _, option := range l.parts {
		found += ternaryInt(foldText(option) == key)
		options += ternaryInt(option != "")
	}
	if options < 2 {
		return true, false // it is refused, or no choice
	}
	names, ok := readKey(key, maxOptions)
	beyond := slices.ContainsFunc(names.places, func(place int) bool { return place >= options })
	column := optionPlace(knownColumn(foldName(key))) >= 0
	return found == 1, found == 1 && !column && (!ok || beyond)
}

// placesOf are the places of the options that a key names, by their text or by letters and numbers, sorted.
func (l *optionList) placesOf(key string) []int {
	var out []int
	for place, text := range l.parts {
		if foldText(text) == foldText(key) {
			out = append(out, place)
		}
	}
	if names, ok := readKey(foldText(key), maxOptions); ok && len(out) == 0 {
		out = names.places
	}
	return sortedPlaces(out)
}

// last is the number of options as far as the last that has a text.
func (l *optionList) last() int {
	for place := len(l.parts); place > 0; place-- {
		if l.parts[place-1] != "" {
			return place
		}
	}
	return 0
}
