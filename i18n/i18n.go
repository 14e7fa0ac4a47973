// Package i18n holds every text that a user reads, in Japanese and English,
// and writes numbers, dates and durations the way each language does.
// It knows nothing of pages or storage.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// The catalogue: one file for each language of what every page needs (ja.json), and one for each
// area of the program and language (desk.ja.json), whose keys begin with the area's name.
//
//go:embed messages/*.json
var files embed.FS

// The languages, in the order of the language switch.
const (
	Japanese = "ja"
	English  = "en"
)

// Tags lists the languages of the catalogue in the order of the switch.
func Tags() []string { return []string{Japanese, English} }

// Locale is a language and a time zone. The zero value speaks English in UTC.
// It is immutable and safe for concurrent use.
type Locale struct {
	tag  string
	zone *time.Location
}

var catalogue = mustRead(files)

// Message is one entry of the catalogue. One differs from Other only in
// languages that have a singular.
type Message struct {
	One, Other string
}

// UnmarshalJSON accepts a string, or an object with "one" and "other".
func (m *Message) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &m.Other)
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	if forms.Other == "" {
		return fmt.Errorf("i18n: plural message without %q", "other")
	}
	m.One, m.Other = forms.One, forms.Other
	return nil
}

// mustRead panics on a broken catalogue, which only a broken build can hold.
func mustRead(source fs.FS) map[string]map[string]Message {
	read, err := merge(source)
	if err != nil {
		panic(err)
	}
	return read
}

// merge reads every file of the catalogue into one map for each language. A file in a language that
// there is not, and a key that two files hold, are errors.
func merge(source fs.FS) (map[string]map[string]Message, error) {
	merged := map[string]map[string]Message{Japanese: {}, English: {}}
	paths, err := fs.Glob(source, "messages/*.json")
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		parts := strings.Split(path, ".")
		known, ok := merged[strings.TrimPrefix(parts[len(parts)-2], "messages/")]
		if !ok {
			return nil, fmt.Errorf("i18n: %s: no such language", path)
		}
		if err := addFile(known, source, path); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", path, err)
		}
	}
	return merged, nil
}

func addFile(known map[string]Message, source fs.FS, path string) error {
	data, err := fs.ReadFile(source, path)
	if err != nil {
		return err
	}
	var messages map[string]Message
	if err := json.Unmarshal(data, &messages); err != nil {
		return err
	}
	for key, message := range messages {
		if _, twice := known[key]; twice {
			return fmt.Errorf("another file holds %s too", key)
		}
		known[key] = message
	}
	return nil
}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Japanese})

// Lookup chooses the language: the hint (a session's or cookie's choice) when
// it names one, else the best match of an Accept-Language header, else
// English. It never fails, whatever it is given.
func Lookup(acceptLanguage, hint string) Locale {
	if slices.Contains(Tags(), hint) {
		return Locale{tag: hint}
	}
	// RFC 9110 puts no bound on the header; nobody's real one is this long.
	const longest = 512
	if len(acceptLanguage) > longest {
		return Locale{tag: English}
	}
	if tag, _ := language.MatchStrings(matcher, acceptLanguage); strings.HasPrefix(tag.String(), Japanese) {
		return Locale{tag: Japanese}
	}
	return Locale{tag: English}
}

// In gives the same language in another time zone.
func (l Locale) In(zone *time.Location) Locale {
	l.zone = zone
	return l
}

// Tag is the BCP 47 tag: "ja" or "en".
func (l Locale) Tag() string {
	if l.tag == "" {
		return English
	}
	return l.tag
}

// T gives the message of a key. args are pairs of a placeholder's name and its
// value: T("question.heading", "n", 3, "total", 10) fills {n} and {total}.
// Integers are grouped by Number, durations written by Duration, everything
// else as fmt prints it. What stands for {n} chooses singular or plural, a number or
// one already written as text. An unknown key is given back as it is.
func (l Locale) T(key string, args ...any) string {
	message, ok := catalogue[l.source()][key]
	if !ok {
		return key
	}
	text := message.Other
	if message.One != "" && isOne(args) {
		text = message.One
	}
	if l.tag == mirroredTag {
		text = inMirror(text)
	}
	if len(args) == 0 {
		return text
	}
	return strings.NewReplacer(l.pairs(args)...).Replace(text)
}

func isOne(args []any) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" {
			return args[i+1] == 1 || args[i+1] == "1"
		}
	}
	return false
}

func (l Locale) pairs(args []any) []string {
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), l.format(args[i+1]))
	}
	return pairs
}

func (l Locale) format(value any) string {
	switch v := value.(type) {
	case int:
		return l.Number(v)
	case time.Duration:
		return l.Duration(v)
	default:
		return fmt.Sprint(v)
	}
}

// Messages gives the catalogue of a language, for tests and tools; nil for an
// unknown tag. The map must not be changed.
func Messages(tag string) map[string]Message { return catalogue[tag] }
