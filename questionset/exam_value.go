package questionset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"shiken/exam"
	"shiken/internal/textfile"
)

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// mapping reads the fields of a mapping. Fields that are unknown, empty or written twice are
// faults; nil means that n is no mapping.
func (e *examReader) mapping(n *yaml.Node, path string, fields []string) map[string]*yaml.Node {
	if n.Kind != yaml.MappingNode {
		e.fault(n, path, codeNotMapping, "fields", strings.Join(fields, ", "))
		return nil
	}
	out := make(map[string]*yaml.Node, len(fields))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		element := join(path, key.Value)
		switch {
		case !slices.Contains(fields, key.Value):
			e.unknown(key, path, fields)
		case out[key.Value] != nil:
			e.fault(key, element, codeFieldTwice)
		case isNull(value):
			e.fault(key, element, codeFieldEmpty)
			out[key.Value] = nil
		default:
			out[key.Value] = value
		}
	}
	return out
}

func join(path, field string) string {
	if path == "" {
		return excerpt(field)
	}
	return path + "." + excerpt(field)
}

// unknown reports an unknown field, with the known field that it resembles.
func (e *examReader) unknown(key *yaml.Node, path string, fields []string) {
	best, least := "", 3
	for _, f := range fields {
		if d := editDistance(strings.ToLower(excerpt(key.Value)), f); d < least {
			best, least = f, d
		}
	}
	if best != "" {
		e.fault(key, join(path, key.Value), codeFieldUnknownLike, "like", best)
		return
	}
	e.fault(key, join(path, key.Value), codeFieldUnknown, "fields", strings.Join(fields, ", "))
}

// editDistance is Levenshtein's distance of two short texts, in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func (e *examReader) need(n *yaml.Node, m map[string]*yaml.Node, field string) bool {
	return e.needAt(n, m, field, field)
}

// needAt reports whether a required field is there. An empty one was reported before.
func (e *examReader) needAt(n *yaml.Node, m map[string]*yaml.Node, path, field string) bool {
	value, written := m[field]
	if !written && m != nil {
		e.fault(n, path, codeFieldMissing, "field", field)
	}
	return value != nil
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)

// maxSlug is the length of an exam's slug in characters.
const maxSlug = 64

func (e *examReader) slug(n *yaml.Node, path string) string {
	if n.Kind != yaml.ScalarNode || len(n.Value) > maxSlug || !slugForm.MatchString(n.Value) {
		e.fault(n, path, codeSlug, "value", n.Value, "limit", maxSlug)
		return ""
	}
	return n.Value
}

// maxTitle is the length of a title or a name in characters.
const maxTitle = 200

func (e *examReader) name(n *yaml.Node, path string) string {
	s := strings.TrimSpace(n.Value)
	if n.Kind != yaml.ScalarNode || s == "" || utf8.RuneCountInString(s) > maxTitle || strings.ContainsAny(s, "\n\x00") {
		e.fault(n, path, codeName, "limit", maxTitle)
		return ""
	}
	return s
}

// line is a name that everybody reads: none is shown as another one.
func (e *examReader) line(n *yaml.Node, path string) string {
	s := e.name(n, path)
	if strings.ContainsFunc(s, textfile.IsControl) {
		e.fault(n, path, codeName, "limit", maxTitle)
		return ""
	}
	return s
}

// items returns the entries of a list; a single value is a list of one.
func (e *examReader) items(n *yaml.Node, path string) []*yaml.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode && len(n.Content) > exam.MaxQuestions:
		e.fault(n, path, codeTooManyAnswers, "count", len(n.Content), "limit", exam.MaxQuestions)
		return nil
	case n.Kind == yaml.SequenceNode:
		return n.Content
	}
	return []*yaml.Node{n}
}

func (e *examReader) names(n *yaml.Node, path string) []string {
	var out []string
	for _, c := range e.items(n, path) {
		if s := e.name(c, path); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)

// title reads a text, or a mapping from languages to texts.
func (e *examReader) title(n *yaml.Node, path string) exam.Title {
	if n.Kind == yaml.ScalarNode {
		return exam.Title{"": e.line(n, path)}
	}
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		e.fault(n, path, codeTitle)
		return nil
	}
	out := exam.Title{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		lang := n.Content[i]
		_, again := out[lang.Value]
		switch {
		case !languageForm.MatchString(lang.Value):
			e.fault(lang, join(path, lang.Value), codeLanguage, "value", lang.Value)
		case again:
			e.fault(lang, join(path, lang.Value), codeFieldTwice)
		default:
			out[lang.Value] = e.line(n.Content[i+1], join(path, lang.Value))
		}
	}
	return out
}

// word reads one of some words; the first is the default.
func (e *examReader) word(n *yaml.Node, path string, words ...string) string {
	if n == nil {
		return words[0]
	}
	if n.Kind == yaml.ScalarNode && slices.Contains(words, n.Value) {
		return n.Value
	}
	e.fault(n, path, codeWord, "value", n.Value, "words", strings.Join(words, ", "))
	return words[0]
}

// wordOrNone is word, with "" for the first of the words, as what is left out is stored.
func (e *examReader) wordOrNone(n *yaml.Node, path string, words ...string) string {
	if w := e.word(n, path, words...); w != words[0] {
		return w
	}
	return ""
}

func (e *examReader) boolean(n *yaml.Node, path string) bool {
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		e.fault(n, path, codeBoolean, "value", n.Value)
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

var integerForm = regexp.MustCompile(`^\d{1,9}$`)

func (e *examReader) integer(n *yaml.Node, path string, byDefault, least, most int) int {
	if n == nil {
		return byDefault
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || !integerForm.MatchString(n.Value) || err != nil || v < least || v > most {
		e.fault(n, path, codeInteger, "value", n.Value, "least", least, "most", most)
		return byDefault
	}
	return v
}

var pointsForm = regexp.MustCompile(`^(\d{1,4})(?:\.(\d{1,4}))?$`)

// points reads a decimal number of points with at most four places, 1 when left out.
func (e *examReader) points(n *yaml.Node, path string) int {
	if n == nil {
		return exam.FullCredit
	}
	v, ok := pointsOf(n)
	if !ok || v < 1 || v > exam.MaxPoints {
		e.fault(n, path, codePoints, "value", n.Value)
	}
	return v
}

// wrong reads what a wrong answer takes off, 0 when left out: no more than a question is worth.
func (e *examReader) wrong(n *yaml.Node, path string, points int) int {
	if n == nil {
		return 0
	}
	v, ok := pointsOf(n)
	if !ok || v > points || v != 0 && v < exam.MinWrong {
		e.fault(n, path, codeWrong, "value", n.Value, "least", pointsText(exam.MinWrong), "most", pointsText(points))
		return 0
	}
	return v
}

// pointsOf reads a decimal number that is no text, as 1/10,000 point.
func pointsOf(n *yaml.Node) (int, bool) {
	m := pointsForm.FindStringSubmatch(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag == "!!str" || m == nil {
		return 0, false
	}
	whole, _ := strconv.Atoi(m[1]) // digits only
	parts, _ := strconv.Atoi((m[2] + "0000")[:4])
	return whole*exam.FullCredit + parts, true
}

var durationForm = regexp.MustCompile(`^(?:\d{1,4}h)?(?:\d{1,6}m)?(?:\d{1,7}s)?$`)

// duration reads "30m", "1h30m" or "90s"; 0 when left out.
func (e *examReader) duration(n *yaml.Node, path string, least, most exam.Micros) exam.Micros {
	if n == nil {
		return 0
	}
	d, err := time.ParseDuration(n.Value)
	switch v := exam.Micros(d.Microseconds()); {
	case n.Kind != yaml.ScalarNode || !durationForm.MatchString(n.Value) || err != nil:
		e.fault(n, path, codeDuration, "value", n.Value)
	case v < least || v > most:
		e.fault(n, path, codeDurationRange, "value", n.Value, "least", seconds(least), "most", seconds(most))
	default:
		return v
	}
	return 0
}

func seconds(m exam.Micros) string { return (time.Duration(m) * time.Microsecond).String() }

// The years in which an exam may be held.
const (
	firstYear = 2000
	lastYear  = 2200
)

func parseInstant(s string) (exam.Instant, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, false
	}
	return exam.Instant(t.UnixMicro()), true
}

// wrongInstant stands for a time that was written but cannot be read.
const wrongInstant exam.Instant = -1

// instant reads a time; 0 when left out.
func (e *examReader) instant(n *yaml.Node, path string) exam.Instant {
	if n == nil {
		return 0
	}
	at, ok := parseInstant(n.Value)
	if n.Kind != yaml.ScalarNode || !ok {
		e.fault(n, path, codeTime, "value", n.Value)
		return wrongInstant
	}
	return at
}
