package exam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Answer is what a candidate gave at one position. Exactly one of the fields is in use, by question
// type: Text (short text, numeric, essay; the one value of single choice and true/false), Choices
// (multiple choice), Keyed (matching, ordering, gaps: prompt key to value). The zero Answer means
// "unanswered". As JSON it is null, a string, an array or an object.
type Answer struct {
	Text    string
	Choices []string
	Keyed   map[string]string
}

// TextAnswer returns an answer of free text; "" is unanswered.
func TextAnswer(s string) Answer { return Answer{Text: s} }

// OneChoice returns the answer of a single-choice question; "" is unanswered.
func OneChoice(v string) Answer { return Answer{Text: v} }

// ManyChoices returns the answer of a multiple-choice question.
func ManyChoices(v ...string) Answer { return Answer{Choices: v} }

// KeyedAnswer returns the answer of a matching, ordering or gap question.
func KeyedAnswer(m map[string]string) Answer { return Answer{Keyed: m} }

// IsZero reports whether the answer is "unanswered".
func (a Answer) IsZero() bool { return a.Text == "" && len(a.Choices) == 0 && len(a.Keyed) == 0 }

// Equal compares canonical answers.
func (a Answer) Equal(b Answer) bool {
	return a.Text == b.Text && slices.Equal(a.Choices, b.Choices) && maps.Equal(a.Keyed, b.Keyed)
}

// MarshalJSON gives null, a string, an array or an object.
func (a Answer) MarshalJSON() ([]byte, error) {
	switch {
	case a.Text != "":
		return json.Marshal(a.Text)
	case len(a.Choices) > 0:
		return json.Marshal(a.Choices)
	case len(a.Keyed) > 0:
		return json.Marshal(a.Keyed)
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads null, a string, an array of strings or an object of strings.
func (a *Answer) UnmarshalJSON(b []byte) error {
	*a = Answer{}
	switch b = bytes.TrimSpace(b); {
	case len(b) == 0 || bytes.Equal(b, []byte("null")):
		return nil
	case b[0] == '"':
		return json.Unmarshal(b, &a.Text)
	case b[0] == '[':
		return json.Unmarshal(b, &a.Choices)
	case b[0] == '{':
		return json.Unmarshal(b, &a.Keyed)
	}
	return fmt.Errorf("exam: an answer is a string, an array, an object or null")
}

// Canonical returns the answer in the one form that is stored and compared: unknown shapes and
// values that are not on the paper are ErrInvalidAnswer; choices are sorted in paper order without
// repetition; CRLF and CR become LF, bytes that are not UTF-8 U+FFFD; keyed answers keep only keys
// with a value.
// Free text is otherwise kept to the letter, numbers too.
func (it *Item) Canonical(a Answer) (Answer, error) {
	switch {
	case a.IsZero():
		return Answer{}, nil
	case it.Type == Description:
		return Answer{}, ErrInvalidAnswer
	case it.Type == MultipleChoice:
		return it.canonicalMany(a)
	case it.Type.IsChoice():
		return it.canonicalOne(a)
	case it.Type.IsKeyed():
		return it.canonicalKeyed(a)
	case a.Choices != nil || a.Keyed != nil:
		return Answer{}, ErrInvalidAnswer
	}
	return Answer{Text: canonicalText(a.Text)}, nil
}

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// canonicalText is what storing and loading as JSON leaves as it is: valid UTF-8.
func canonicalText(s string) string {
	return newlines.Replace(strings.ToValidUTF8(s, "\uFFFD"))
}

func (it *Item) canonicalOne(a Answer) (Answer, error) {
	if a.Keyed != nil || a.Choices != nil || it.choice(a.Text) < 0 {
		return Answer{}, ErrInvalidAnswer
	}
	return Answer{Text: a.Text}, nil
}

func (it *Item) canonicalMany(a Answer) (Answer, error) {
	if a.Keyed != nil || a.Text != "" {
		return Answer{}, ErrInvalidAnswer
	}
	out := make([]string, 0, len(a.Choices))
	for _, c := range it.Choices {
		if slices.Contains(a.Choices, c.Value) {
			out = append(out, c.Value)
		}
	}
	for _, v := range a.Choices {
		if it.choice(v) < 0 {
			return Answer{}, ErrInvalidAnswer
		}
	}
	return Answer{Choices: out}, nil
}

func (it *Item) canonicalKeyed(a Answer) (Answer, error) {
	if a.Text != "" || a.Choices != nil {
		return Answer{}, ErrInvalidAnswer
	}
	out := make(map[string]string, len(a.Keyed))
	for k, v := range a.Keyed {
		p := it.prompt(k)
		if p == nil {
			return Answer{}, ErrInvalidAnswer
		}
		if v = canonicalText(v); v == "" {
			continue
		}
		if !p.allows(v) {
			return Answer{}, ErrInvalidAnswer
		}
		out[k] = v
	}
	if len(out) == 0 {
		return Answer{}, nil
	}
	return Answer{Keyed: out}, nil
}
