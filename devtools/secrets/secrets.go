// Package secrets makes strings that stand in everything that R12 keeps from candidates, and finds
// them in what candidates are sent. Simulation and torture put them into keys, explanations, notes for
// markers, names and answers of a run, and look for them in every reply: its page, its headers, its JSON.
// No reply holds one by luck, and no escape changes one.
//
// When which of them may be told is the caller's to know. What depends on a key and does not repeat it
// (a verdict, an order, a length) holds none: see simulate.TestKeysChangeNothing.
package secrets

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Kind says what a secret stands in.
type Kind string

// The kinds of secret.
const (
	Key         Kind = "key"         // an accepted answer
	Explanation Kind = "explanation" // of a question
	Note        Kind = "note"        // on an option
	Guide       Kind = "guide"       // for those who mark; candidates never see it
	Answer      Kind = "answer"      // what a candidate typed
	Name        Kind = "name"        // of a person
)

// Secret is one string that was put somewhere.
type Secret struct {
	Kind Kind
	// Of names the question or the person, by lower-case letters and digits.
	Of string
}

// sign begins every secret.
const sign = "zq7xk9vw"

// String is what stands in the text.
func (s Secret) String() string { return sign + "-" + string(s.Kind) + "-" + s.Of + "-" }

var form = regexp.MustCompile(sign + `-([a-z]+)-([a-z0-9]+)-`)

// In lists the secrets that a text holds, each once. A sign that begins nothing known is an error of who
// put it there, and comes back as a secret of no kind.
func In(text string) []Secret {
	if !strings.Contains(text, sign) {
		return nil
	}
	var out []Secret
	for _, m := range form.FindAllStringSubmatch(text, -1) {
		if s := (Secret{Kind(m[1]), m[2]}); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		out = append(out, Secret{})
	}
	return out
}

// Describe says what a secret is, for a fault.
func (s Secret) Describe() string {
	switch s.Kind {
	case Answer, Name:
		return fmt.Sprintf("the %s of candidate %s", s.Kind, s.Of)
	}
	return fmt.Sprintf("the %s of question %s", s.Kind, s.Of)
}
