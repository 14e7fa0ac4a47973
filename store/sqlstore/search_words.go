package sqlstore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// How questions are found (docs/decisions/0016-search.md): an index of tokens says which may hold what is
// searched for, and the text itself whether they do. A token is a word, or, of scripts that write words
// without spaces, each letter and each pair of letters that follow each other. Tokens are made of a-z, 0-9 and _ alone,
// so that no database folds or divides them any further.
const (
	maxWords = 64 << 10 // bytes of a question's text that is searched
	maxToken = 40       // letters of a word that count
	maxAsked = 24       // tokens of what is searched for that are looked up; the text judges the rest
	maxParts = 8        // of what is searched for; more are one part
	minBegun = 3        // letters of a word that stand for longer ones
	partEnd  = "\n"     // between the parts of a question

	// indexVersion stands before the facets that are stored. It changes with what the tokens are, so that what an older
	// program wrote since the index was emptied is indexed anew.
	indexVersion = "__2 "

	facetPrefix   = "__" // begins tokens of facets, as no word does
	facetHashSize = 10   // bytes
)

// folded brings a text into the form in which texts are compared.
func folded(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// wordsOf is what a question is found by, folded.
func wordsOf(number, category string, tags []string, q *exam.Question) string {
	parts := append([]string{number, category, q.Title, q.Stem.Source, q.Stimulus.Source}, tags...)
	for _, o := range q.Options {
		parts = append(parts, o.Text.Source)
	}
	for _, p := range q.Prompts {
		parts = append(parts, p.Text.Source)
		for _, o := range p.Options {
			parts = append(parts, o.Text.Source)
		}
	}
	words := folded(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), partEnd))
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(words, "\x00", ""), "")
}

// gramsOf are the tokens of a folded text, each once, separated by spaces.
func gramsOf(words string) string {
	seen := map[string]bool{}
	var list []string
	add := func(token string, _ bool) {
		if !seen[token] {
			seen[token] = true
			list = append(list, token)
		}
	}
	for _, r := range runsOf(words) {
		r.tokens(false, add)
		if r.pairs {
			for _, letter := range r.text {
				add(encoded([]rune{letter}), false)
			}
		}
	}
	return strings.Join(list, " ")
}

// facetsOf are tokens of what questions are filtered by, of what is not empty.
func facetsOf(set, category string, year int, kind exam.QuestionType, tags ...string) []string {
	var list []string
	add := func(name, value string) {
		if value != "" {
			sum := sha256.Sum256([]byte(name + value))
			list = append(list, facetPrefix+hex.EncodeToString(sum[:facetHashSize]))
		}
	}
	add("set ", set)
	add("category ", category)
	if year != 0 {
		add("year ", strconv.Itoa(year))
	}
	add("type ", string(kind))
	for _, t := range tags {
		add("tag ", t)
	}
	return list
}

// askedToken is a token that is searched for: whole, or as the beginning of one.
type askedToken struct {
	token string
	begun bool
	short bool // letters that may be the beginning of a word, of too many to look them up
}

// askedFor divides a search at its spaces: a question has to hold every part, in whatever order. It returns the
// tokens that such a question has, and those parts that hold more than tokens say. A short beginning at the end is
// looked for in the texts that the other tokens leave; alone it is a word.
func askedFor(search string) (tokens []askedToken, rest []string) {
	parts := strings.Fields(folded(search))
	if len(parts) > maxParts {
		parts = append(parts[:maxParts-1:maxParts-1], strings.Join(parts[maxParts-1:], " "))
	}
	for i, part := range parts {
		list, all := tokensIn(part, i == len(parts)-1)
		if n := len(list) - 1; n >= 0 && list[n].short && len(tokens)+n > 0 {
			list, all = list[:n], false
		}
		if room := maxAsked - len(tokens); len(list) > room {
			list, all = list[:room], false
		}
		tokens = append(tokens, list...)
		if !all {
			rest = append(rest, part)
		}
	}
	return tokens, rest
}

// tokensIn are tokens that every question with a part has. They say all of it when it is one word, or one or
// two letters of another script. The last word may be but the beginning of one.
func tokensIn(part string, last bool) (list []askedToken, all bool) {
	runs := runsOf(part)
	for i, r := range runs {
		open := last && i == len(runs)-1 && strings.HasSuffix(part, r.text)
		short := open && !r.pairs && utf8.RuneCountInString(r.text) < minBegun && !strings.ContainsAny(r.text, "0123456789")
		r.tokens(open, func(token string, begun bool) { list = append(list, askedToken{token, begun, short}) })
	}
	return list, len(runs) == 1 && runs[0].text == part && len(list) == 1 && utf8.RuneCountInString(part) <= maxToken
}

// run is a part of a text whose letters are of one kind.
type run struct {
	text  string
	pairs bool // of a script without spaces between words
}

// runsOf divides a text into words and runs of pairs; what is neither letter nor digit stands between them.
func runsOf(text string) []run {
	var list []run
	start, kind := 0, ' '
	for i, r := range text + " " {
		k := kindOf(r)
		if k == kind {
			continue
		}
		if kind != ' ' {
			list = append(list, run{text[start:i], kind == 'p'})
		}
		start, kind = i, k
	}
	return list
}

// kindOf tells letters of words (w) from those of pairs (p) and from what parts them (a space).
func kindOf(r rune) rune {
	switch {
	case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
		return 'w'
	case r < utf8.RuneSelf:
		return ' '
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r == 'ー' || r == '々' || r == '〆':
		return 'p'
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return 'w'
	}
	return ' '
}

// tokens gives the tokens that say most of a run. An open one is a word, or the beginning of a longer one.
func (r run) tokens(open bool, add func(token string, begun bool)) {
	letters := []rune(r.text)
	switch {
	case !r.pairs:
		long := len(letters) > maxToken
		add(encoded(letters[:min(len(letters), maxToken)]), open && !long && len(letters) >= minBegun)
	case len(letters) == 1:
		add(encoded(letters), false)
	default:
		for i := range letters[1:] {
			add(encoded(letters[i:i+2]), false)
		}
	}
}

// encoded writes letters so that what begins with them begins with the same characters.
func encoded(letters []rune) string {
	var b strings.Builder
	for _, r := range letters {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_%x_", r)
		}
	}
	return b.String()
}
