package questionset

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// alternatives are the answers of a key: of a list, or with bars or line ends between them; `\|` is a bar in an answer.
func alternatives(source string) []string {
	if list, ok := plainList(source); ok && listLike(source) {
		return slices.DeleteFunc(list.parts, func(part string) bool { return part == "" })
	}
	const bar = "\uFDD0" // checkText lets no text have it
	var out []string
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(source, `\|`, bar), func(r rune) bool { return r == '|' || r == '\n' }) {
		if part = strings.TrimSpace(strings.ReplaceAll(part, bar, "|")); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// answers are the alternatives of the key; false when there are none, or too many.
func (w *tableRow) answers() ([]string, bool) {
	list := alternatives(w.get(columnAnswer))
	p := w.p.at(columnAnswer)
	w.noteOptions()
	switch {
	case len(list) == 0:
		w.file.Report.error(p, codeNoKey)
		return nil, false
	case len(list) > MaxAnswers:
		w.file.Report.error(p, codeTooManyAnswers, "count", len(list), "limit", MaxAnswers)
		return nil, false
	}
	return list, true
}

// noteOptions tells that a row has options though its type has none.
func (w *tableRow) noteOptions() {
	for _, c := range w.optionCells() {
		w.file.Report.warning(w.p.at(columnOption+placeName(c.place)), codeOptionUnused, "text", c.text, "type", w.get(columnType))
	}
}

// shortText reads answers to be typed; a star in them stands for anything.
func (w *tableRow) shortText() bool {
	list, ok := w.answers()
	if !ok {
		return false
	}
	if !w.fits(list) {
		return false
	}
	w.q.Question.Type = exam.ShortText
	for _, pattern := range list {
		bare := strings.ReplaceAll(pattern, `\*`, "")
		if strings.Trim(bare, "* ") == "" && strings.Contains(bare, "*") {
			w.file.Report.error(w.p.at(columnAnswer), codeAcceptsAll, "text", pattern)
			return false
		}
		if strings.Contains(bare, "*") {
			w.file.Report.note(w.p.at(columnAnswer), codeWildcard, "text", pattern)
		}
		w.q.Key.Texts = append(w.q.Key.Texts, exam.TextKey{Pattern: pattern, Weight: exam.FullCredit})
	}
	return true
}

// severalAnswers finds what people write between answers, beside bars.
var severalAnswers = regexp.MustCompile(`(?i)\S\s*[;；、，]\s*\S|\PN,\s*\S|\S,\s*\PN|\pL\s*[/／]\s*\pL|\S\s(?:or|oder|ou|oppure)\s\S|\S(?:または|又は|もしくは)\S`)

// fits judges answers to be typed: one may look like several, and one field cannot take the texts of two gaps.
func (w *tableRow) fits(list []string) bool {
	p := w.p.at(columnAnswer)
	gaps := len(gapSigns.FindAllString(w.get(columnQuestion), MaxAnswers))
	switch {
	case gaps > 1 && len(list) > 1:
		w.file.Report.error(p, codeGaps, "count", gaps, "key", w.get(columnAnswer))
		return false
	case gaps > 1:
		w.file.Report.warning(p, codeGapsOne, "count", gaps, "key", list[0])
	case len(list) == 1 && severalAnswers.MatchString(list[0]):
		w.file.Report.warning(p, codeOneAnswer, "text", list[0])
	}
	return true
}

// gapSigns are the gaps of a text: lines, and brackets with nothing between them.
var gapSigns = regexp.MustCompile(`_{3,}|＿{2,}|[(（][\s　]+[)）]|[\[［][\s　_]+[\]］]`)

// numeric reads "3.14", "3.14±0.01" or "3..4", or a value and a tolerance.
func (w *tableRow) numeric() bool {
	list, ok := w.answers()
	if !ok {
		return false
	}
	w.q.Question.Type, w.q.Question.Unit = exam.Numeric, w.get(columnUnit)
	tolerance := strings.TrimLeft(tableNumber(w.get(columnTolerance)), ":")
	used := false
	for _, source := range list {
		if (w.header.pointed || w.comma == ';') && pointedThousands.MatchString(source) {
			w.file.Report.error(w.p.at(columnAnswer), codeThousands, "text", source)
			return false
		}
		plain, own := tableNumber(source), tolerance == ""
		if !own {
			plain, own = tolerated(plain, tolerance)
		}
		used = used || own
		low, high, ok := numericRange(plain)
		if !ok {
			w.file.Report.error(w.p.at(columnAnswer), codeTableNumber, "text", source, "tolerance", w.get(columnTolerance))
			return false
		}
		w.q.Key.Numbers = append(w.q.Key.Numbers, exam.NumberKey{Min: low, Max: high, Weight: exam.FullCredit})
	}
	if !used {
		w.file.Report.error(w.p.at(columnTolerance), codeTolerances, "tolerance", w.get(columnTolerance), "text", w.get(columnAnswer))
	}
	return used
}

// pointedThousands finds a number that has three digits behind a point, and is a thousand or more where points part
// thousands.
var pointedThousands = regexp.MustCompile(`(?:^|[^0-9.])[1-9][0-9]{0,2}\.[0-9]{3}(?:$|[^0-9.]|\.\.)`)

// tolerated is a number with the tolerance that stands beside it, unless it is a range or has its own; false where
// that says something else.
func tolerated(plain, tolerance string) (string, bool) {
	own, isRange := "0", strings.Contains(plain, "..")
	if !isRange {
		value, its, has := strings.Cut(plain, ":")
		if !has {
			return value + ":" + tolerance, true
		}
		own = its
	}
	a, okA := number(own)
	b, okB := number(tolerance)
	return plain, okA && okB && a.Cmp(b) == 0
}

var (
	plusMinus = strings.NewReplacer("±", ":", "+-", ":", "+/-", ":", "\u2212", "-")
	rangeSign = strings.NewReplacer("~", "..", "〜", "..")
	// spacedNumber has spaces where they say nothing: behind the sign, and between groups of three digits.
	spacedNumber = regexp.MustCompile(`^[+-]? ?(?:\d+|\d{1,3}(?: \d{3})+)(?:\.\d*)?$`)
)

// tableNumber writes a number, a range or a number with a tolerance in the signs of numericRange. What cannot be one
// of these stays what is none.
func tableNumber(source string) string {
	if strings.ContainsFunc(source, changedSign) || strings.Contains(source, "...") {
		return source + "?"
	}
	s := rangeSign.Replace(plusMinus.Replace(norm.NFKC.String(strings.ReplaceAll(source, "…", ".."))))
	for _, sign := range []string{"..", ":"} {
		if a, b, found := strings.Cut(s, sign); found {
			return withoutSpaces(a) + sign + withoutSpaces(b)
		}
	}
	return withoutSpaces(s)
}

// changedSign tells a sign that would read as another number without its place or its form, such as "²" and "½".
func changedSign(r rune) bool {
	wide := r >= '！' && r <= '～'
	return !wide && !unicode.IsSpace(r) && r != '…' && norm.NFKC.String(string(r)) != string(r)
}

func withoutSpaces(number string) string {
	if number = strings.TrimSpace(number); spacedNumber.MatchString(number) {
		return strings.ReplaceAll(number, " ", "")
	}
	return number
}

// open reads what nobody marks by machine. The model answer of an essay is for who marks it.
func (w *tableRow) open(kind rowKind) bool {
	w.noteOptions()
	w.q.Question.Type = exam.Description
	if kind == rowEssay {
		w.q.Question.Type = exam.Essay
	}
	model := w.get(columnAnswer)
	switch {
	case model == "":
	case kind == rowEssay:
		w.q.Key.Guide = w.text(columnAnswer, model)
		w.once(w.p.at(columnAnswer), codeModelAnswer)
	default:
		w.file.Report.warning(w.p.at(columnAnswer), codeOptionUnused, "text", model, "type", w.get(columnType))
	}
	return true
}
