package questionset

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// optionList is what one cell says of all options of a question.
type optionList struct {
	parts     []string // texts by place, "" where one is empty
	separator string   // that stands between them; "" in a list
	// names are what the cell calls the options, folded, by place: ids and labels. nil: nothing, or what their
	// places say as well. A key is then one of them, and no place.
	names [][]string
	// marked: the cell says by itself which options are right, those of the places in right.
	marked bool
	right  []int
	// stripped: labels before the texts were taken off. bare are the texts without what may be labels, where
	// that is not sure and they stayed.
	stripped bool
	bare     []string
}

// noOptions are cells that say that there are none.
var noOptions = map[string]bool{"": true, "-": true, "–": true, "[]": true, "null": true, "none": true, "nan": true, "n/a": true}

// cutOptions are the options of a cell that holds all of them: a list as JSON or Python writes it, or texts with a
// line end, a bar or a semicolon between them. Where several of these would do, the one is taken in which the key
// names an option. The code is why a cell is refused: that does not decide it, or there is one text only.
func cutOptions(cell, key string) (optionList, Code) {
	if noOptions[foldText(cell)] {
		return optionList{}, ""
	}
	if listLike(cell) {
		list, code := listedOptions(cell)
		if code == "" && (len(list.parts) < 2 || len(list.parts) > maxOptions) {
			code = codeOptionsCell
		}
		return list.withoutLabels(key), code
	}
	var all, named []optionList
	for _, separator := range optionSeparators {
		list := optionList{parts: cutAt(cell, separator), separator: separator}
		if len(list.parts) < 2 || len(list.parts) > maxOptions {
			continue
		}
		list = list.withoutLabels(key)
		all = append(all, list)
		if list.holds(key) {
			named = append(named, list)
		}
	}
	if key == "" || len(named) == 0 {
		named = all
	}
	return onlyReading(named)
}

// onlyReading is what all readings of a cell have in common, if they are the same.
func onlyReading(lists []optionList) (optionList, Code) {
	if len(lists) == 0 {
		return optionList{}, codeOptionsCell
	}
	for _, other := range lists[1:] {
		if !slices.Equal(other.parts, lists[0].parts) {
			return optionList{}, codeOptionsCell
		}
	}
	return lists[0], ""
}

// optionSeparators are what may stand between the options of a cell.
var optionSeparators = []string{"\n", "||", "|", ";", "；"}

// listLike tells a cell that is a list of JSON or Python, or is meant to be one.
func listLike(cell string) bool {
	return cell != "" && strings.ContainsAny(cell[:1], "[{") && strings.ContainsAny(cell[len(cell)-1:], "]}")
}

// cutAt cuts a cell at a separator. What is empty at the end is no part. Where something else is empty, letters
// might mean other options than their author counted: then there are no parts, unless all lines have as many empty
// ones between them.
func cutAt(cell, separator string) []string {
	parts := strings.Split(cell, separator)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	switch {
	case separator == "\n":
		parts = everyNth(parts)
	case separator == "||" && slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(p, "|") }):
		return nil
	}
	if slices.Contains(parts, "") {
		return nil
	}
	return parts
}

// everyNth leaves out what is empty between the parts where that is as much everywhere.
func everyNth(parts []string) []string {
	step := 1 + slices.IndexFunc(parts[min(1, len(parts)):], func(p string) bool { return p != "" })
	if step < 2 {
		return parts
	}
	var out []string
	for i, part := range parts {
		if (part == "") != (i%step != 0) {
			return parts
		}
		if part != "" {
			out = append(out, part)
		}
	}
	return out
}

// at is the text of a place, "" where there is none.
func (l *optionList) at(place int) string {
	if place < len(l.parts) {
		return l.parts[place]
	}
	return ""
}

// holds reports whether a key is one of the options, or names some.
func (l *optionList) holds(key string) bool {
	if l.hasText(key) || l.bareAt(key) >= 0 {
		return true
	}
	names, ok := readKey(foldText(key), maxOptions)
	return ok && !slices.ContainsFunc(names.places, func(place int) bool { return place >= len(l.parts) })
}

func (l *optionList) hasText(key string) bool {
	return slices.ContainsFunc(l.parts, func(p string) bool { return foldText(p) == foldText(key) })
}

// bareAt is the place of the one option whose text without what may be a label is the key, or -1. A key that may be
// letters or numbers is none.
func (l *optionList) bareAt(key string) int {
	if _, names := readKey(foldText(key), maxOptions); names || len(l.bare) == 0 || !keyWord.MatchString(key) {
		return -1
	}
	found := -1
	for i, bare := range l.bare {
		if foldText(bare) != foldText(key) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// ownLabel is a letter or number that an option begins with, what stands behind it, and the text.
var ownLabel = regexp.MustCompile(`(?s)^[(（]?([A-Za-zＡ-Ｚａ-ｚ0-9０-９])(\s*(?:[)）、．：]|->)\s*|[.:]\s+)(\S.*)$`)

// withoutLabels takes labels off where every option has one, in their order from the first, and none may be a part
// of a text: a pair such as "A、B" or "1：2", or the initial of a name. The key shows that they are parts where it
// is an option with its label.
func (l optionList) withoutLabels(key string) optionList {
	if len(l.parts) == 0 || l.names != nil || l.hasText(key) {
		return l
	}
	bare, sure := make([]string, len(l.parts)), true
	for i, part := range l.parts {
		m := ownLabel.FindStringSubmatch(part)
		if m == nil || markPlace(foldText(m[1])) != i {
			return l
		}
		bare[i] = strings.TrimSpace(m[3])
		sure = sure && isLabel(m[1], m[2], bare[i])
	}
	if !sure {
		l.bare = bare
		return l
	}
	l.parts, l.stripped = bare, true
	return l
}

// markAgain is a text that itself begins with what may be a label.
var markAgain = regexp.MustCompile(`^[(（]?[A-Za-zＡ-Ｚａ-ｚ0-9０-９]\s*(?:[)）、，,．.：:;；=<>+*/-]|$)`)

// wordFirst is a text that begins with a word.
var wordFirst = regexp.MustCompile(`^\pL{2}`)

// isLabel reports whether a letter or number, with what stands behind it, can be nothing but the label of a text.
func isLabel(letter, mark, text string) bool {
	letters := 0
	for _, r := range text {
		letters += ternaryInt(unicode.IsLetter(r))
	}
	if letters < 2 || markAgain.MatchString(text) {
		return false
	}
	if strings.ContainsAny(mark, "、：:") || unicode.IsDigit([]rune(letter)[0]) {
		return strings.TrimSpace(mark) != mark && wordFirst.MatchString(text)
	}
	return !strings.Contains(mark, ".") || !nameLike(letter, text)
}

// nameLike tells what may be a surname behind an initial: at most three words, each with a capital letter.
func nameLike(letter, text string) bool {
	words := strings.Fields(text)
	return letter == strings.ToUpper(letter) && len(words) <= 3 && !slices.ContainsFunc(words, func(word string) bool {
		return !unicode.IsUpper([]rune(word)[0])
	})
}

// cutWrong are the wrong answers of a cell, which may be one: without a comma, which may stand between several.
func cutWrong(cell string) (optionList, bool) {
	if noOptions[foldText(cell)] {
		return optionList{}, true
	}
	if listLike(cell) {
		return plainList(cell)
	}
	if list, code := cutOptions(cell, cell); code == "" {
		return list, true
	}
	for _, separator := range optionSeparators {
		if parts(cell, separator) {
			return optionList{}, false
		}
	}
	return optionList{parts: []string{cell}}, !strings.ContainsAny(cell, ",、，")
}

// plainList is a list of texts, of which nothing is said.
func plainList(cell string) (optionList, bool) {
	list, code := listedOptions(cell)
	return list, code == "" && list.names == nil && !list.marked
}

// rightTexts are the right options of a cell: those of a list, or those between which the same stands as between the
// wrong ones. What stands within wrong ones too is a part of the text; false where it is not clear what it is.
func rightTexts(cell string, wrong *optionList) ([]string, bool) {
	if listLike(cell) {
		list, ok := plainList(cell)
		return list.parts, ok
	}
	for _, separator := range optionSeparators {
		switch {
		case !parts(cell, separator):
		case separator == wrong.separator:
			texts := cutAt(cell, separator)
			return texts, len(texts) > 1
		case !slices.ContainsFunc(wrong.parts, func(p string) bool { return strings.Contains(p, separator) }):
			return nil, false
		}
	}
	return []string{cell}, true
}

// htmlEntity is a sign of HTML, whose semicolon parts nothing.
var htmlEntity = regexp.MustCompile(`&(?:[A-Za-z]{2,8}|#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6});`)

// parts reports whether a separator stands before the end of a cell.
func parts(cell, separator string) bool {
	return strings.Contains(strings.TrimRight(htmlEntity.ReplaceAllString(cell, ""), separator+" \t"), separator)
}
