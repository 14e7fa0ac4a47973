package exam

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ownLabelForm is a label with what stands behind it, in half width and lower case: "a) ", "(ア)", "3.", "②".
var ownLabelForm = regexp.MustCompile(`^\s*(?:[(\[]?([a-z]|[1-9][0-9]?|[ア-ヲあ-を])[)\].:、]|([①-⑳]))[\s\x{3000}]*(.)`)

// maxLabelled is how much of a text is looked at for its label, in bytes.
const maxLabelled = 400

// OwnLabels reports whether every option of a choice question begins with the label of its place, all of one
// kind, as options have that were copied with their letters: "a) …", "ア．…", "① …". Shuffled they would
// contradict their places, and labels of the exam's would stand before labels.
func OwnLabels(options []Option) bool {
	names := LabelNames(options)
	return len(names) > 1 && inTurn(names)
}

// LabelNames are what the labels are called with which the texts of all options begin, in half width and lower case;
// nil where an option has none, or one of another alphabet.
func LabelNames(options []Option) []string {
	names := make([]string, len(options))
	for i := range options {
		if names[i] = ownLabelName(&options[i].Text); names[i] == "" {
			return nil
		}
	}
	if !alike(names) {
		return nil
	}
	return names
}

// alike reports whether names are numbers, or letters of one alphabet.
func alike(names []string) bool {
	return slices.ContainsFunc(alphabets, func(alphabet []rune) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return strings.Trim(name, string(alphabet)+"0") != "" })
	})
}

// ownLabelName is what the label is called that an option's text begins with; "" for none, and for one behind
// which nothing stands. A number and a point before a digit are a decimal.
func ownLabelName(t *Text) string {
	text := t.Source[:min(len(t.Source), maxLabelled)]
	if t.Format == HTML || t.Format == Markdown {
		text = tagForm.ReplaceAllString(text, "")
	}
	text = strings.ToLower(strings.Map(halfWidth, emphasised.Replace(text)))
	m := ownLabelForm.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	behind, _ := utf8.DecodeRuneInString(m[3])
	if m[1] != "" && m[1][0] <= '9' && unicode.IsDigit(behind) {
		return ""
	}
	if m[2] != "" {
		circle, _ := utf8.DecodeRuneInString(m[2])
		return strconv.Itoa(int(circle-'①') + 1)
	}
	return m[1]
}

// inTurn reports whether names are 1, 2, 3 … or the first ones of an alphabet, in order.
func inTurn(names []string) bool {
	numbered := true
	for i, name := range names {
		numbered = numbered && name == strconv.Itoa(i+1)
	}
	return numbered || slices.ContainsFunc(alphabets, func(alphabet []rune) bool {
		return len(names) <= len(alphabet) && strings.Join(names, "") == string(alphabet[:len(names)])
	})
}
