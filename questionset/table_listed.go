package questionset

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// listedOptions reads ["a", "b"], ['a', 'b'], {"A": "a", "B": "b"}, or objects with a text each. The code is why a
// list is refused.
func listedOptions(cell string) (optionList, Code) {
	raw := []byte(cell)
	switch {
	case !json.Valid(raw):
		parts, ok := pythonList(cell)
		if !ok {
			return optionList{}, codeOptionsCell
		}
		return optionList{parts: parts}, ""
	case raw[0] == '{':
		return letteredOptions(raw)
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || len(items) == 0 {
		return optionList{}, codeOptionsCell
	}
	if items[0][0] == '{' {
		return objectOptions(items)
	}
	var list optionList
	for _, item := range items {
		text, ok := jsonText(item)
		if !ok {
			return optionList{}, codeOptionsCell
		}
		list.parts = append(list.parts, text)
	}
	return list, ""
}

// jsonText is a text, a number, true or false.
func jsonText(raw []byte) (string, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	value, err := d.Token()
	if err != nil {
		return "", false
	}
	return plainValue(value)
}

func plainValue(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// jsonField is a field of an object.
type jsonField struct {
	name  string
	value any // a string, a json.Number, a bool, or nil
}

// flatFields reads an object that holds no others; false for one that does, or in which a name stands twice.
func flatFields(raw []byte) (fields []jsonField, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return nil, false
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, false
		}
		value, err := d.Token()
		name, _ := key.(string)
		if _, nested := value.(json.Delim); err != nil || nested || seen[foldName(name)] {
			return nil, false
		}
		seen[foldName(name)] = true
		fields = append(fields, jsonField{name, value})
	}
	return fields, true
}

// letteredOptions are the values of letters from a, in their order.
func letteredOptions(raw []byte) (optionList, Code) {
	fields, ok := flatFields(raw)
	list := optionList{parts: make([]string, len(fields))}
	seen := map[int]bool{}
	for _, field := range fields {
		place := markPlace(foldText(field.name))
		text, plain := plainValue(field.value)
		if !plain || place < 0 || place >= len(fields) || seen[place] {
			ok = false
			break
		}
		list.parts[place], seen[place] = text, true
	}
	if !ok {
		return optionList{}, codeOptionsCell
	}
	return list, ""
}

// optionField is what a field of an option's object says.
type optionField int

const (
	optionText optionField = iota + 1
	optionName
	optionRight
)

// optionFields are the fields that are read, by folded name.
var optionFields = map[string]optionField{
	"text": optionText, "option_text": optionText, "answer_text": optionText,
	"id": optionName, "option_id": optionName, "label": optionName, "letter": optionName, "key": optionName,
	"is_correct": optionRight, "iscorrect": optionRight, "correct": optionRight, "is_answer": optionRight, "is_right": optionRight,
}

// objectOptions reads a list of objects: the text of an option each, what it is called, and whether it is right. An
// object with anything else is refused: it may say what is right in a way of its own.
func objectOptions(items []json.RawMessage) (optionList, Code) {
	var list optionList
	for place, item := range items {
		fields, ok := flatFields(item)
		if !ok || !list.addObject(place, fields) {
			return optionList{}, codeOptionObjects
		}
	}
	if !list.soundNames() {
		return optionList{}, codeOptionObjects
	}
	return list, ""
}

// addObject takes in the option of one object.
func (l *optionList) addObject(place int, fields []jsonField) bool {
	texts, names := 0, []string{}
	for _, field := range fields {
		value, plain := plainValue(field.value)
		right, isTruth := field.value.(bool)
		switch optionFields[foldName(field.name)] {
		case optionText:
			l.parts, texts = append(l.parts, value), texts+1
		case optionName:
			names = append(names, foldText(value))
		case optionRight:
			if plain = isTruth; right && !slices.Contains(l.right, place) {
				l.right = append(l.right, place)
			}
			l.marked = true
		default:
			return false
		}
		if !plain {
			return false
		}
	}
	l.names = append(l.names, names)
	return texts == 1
}

// soundNames reports whether no two options have one name, and all have one or none has. Names that say what the
// places say are dropped.
func (l *optionList) soundNames() bool {
	places, named, plain := map[string]int{}, 0, true
	for place, names := range l.names {
		for _, name := range names {
			if other, again := places[name]; again && other != place {
				return false
			}
			places[name] = place
			plain = plain && markPlace(name) == place
		}
		named += ternaryInt(len(names) > 0)
	}
	if plain {
		l.names = nil
	}
	return named == 0 || named == len(l.parts)
}

var (
	// pythonQuoted is a text in quotation marks, pythonBetween what may stand before it in a list.
	pythonQuoted  = regexp.MustCompile(`^(?:'((?:[^'\\]|\\(?s:.))*)'|"((?:[^"\\]|\\(?s:.))*)")`)
	pythonBetween = regexp.MustCompile(`^\s*,?\s*`)
	// pythonEscape is an escape within a text, or a backslash of none that is known.
	pythonEscape = regexp.MustCompile(`\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?s:.)|$)`)
)

// pythonList reads a list of texts as Python writes it, or with nothing but spaces between them, as NumPy does.
func pythonList(cell string) (parts []string, ok bool) {
	rest, opened := strings.CutPrefix(cell, "[")
	rest, closed := strings.CutSuffix(rest, "]")
	if rest = strings.TrimSpace(rest); !opened || !closed {
		return nil, false
	}
	var between []string
	for rest != "" {
		m := pythonQuoted.FindStringSubmatch(rest)
		if m == nil {
			return nil, false
		}
		text, known := pythonText(m[1] + m[2])
		if !known {
			return nil, false
		}
		parts = append(parts, strings.TrimSpace(text))
		rest = rest[len(m[0]):]
		gap := pythonBetween.FindString(rest)
		if rest = rest[len(gap):]; rest != "" {
			between = append(between, gap)
		}
	}
	return parts, len(parts) > 0 && partedAlike(between)
}

// partedAlike reports whether there is a comma in all gaps, or spaces alone.
func partedAlike(gaps []string) bool {
	commas := 0
	for _, gap := range gaps {
		if gap == "" {
			return false
		}
		commas += ternaryInt(strings.Contains(gap, ","))
	}
	return commas == 0 || commas == len(gaps)
}

// pythonSigns are the escapes of one letter.
var pythonSigns = map[string]string{`\\`: `\`, `\'`: `'`, `\"`: `"`, `\n`: "\n", `\t`: "\t", "\\\n": ""}

// pythonText reads the escapes of a text; false where one is not known.
func pythonText(source string) (text string, ok bool) {
	ok = true
	text = pythonEscape.ReplaceAllStringFunc(source, func(escape string) string {
		if sign, known := pythonSigns[escape]; known {
			return sign
		}
		if len(escape) > 2 {
			n, err := strconv.ParseInt(escape[2:], 16, 32)
			ok = ok && err == nil && utf8.ValidRune(rune(n))
			return string(rune(n))
		}
		ok = false
		return escape
	})
	return text, ok
}
