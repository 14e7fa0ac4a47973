package questionset

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// A key may be written in more ways than by letters or one text. These are tried where it is nothing else: they say
// one thing, or nothing.

var (
	// keyIntroduced is a key behind the name of its column: "正解：エ", "Answer: B".
	keyIntroduced = regexp.MustCompile(`(?is)^(?:正解|正答|解答|答え?|correct answer|answer|ans|lösung|antwort|réponse|respuesta|risposta)\s*[:：]\s*(\S.*)$`)
	// keyCounted is a number as "2番" and "3.0".
	keyCounted = regexp.MustCompile(`^([0-9０-９]{1,2})(?:番|\.0)$`)
	// keyWithText is a letter or number with the text of its option: "ウ　石", "B - x", "A (x)".
	keyWithText = regexp.MustCompile(`^[(（]?([A-Za-zＡ-Ｚａ-ｚ0-9０-９ア-コ])(?:[)）]?\s*[-–—:：．.、]\s*|[)）]\s*|\s*[(（]|[\s　]+)(\S.*?)[)）]?$`)
	// textLabel is a label before the text of an option.
	textLabel = regexp.MustCompile(`^\s*[(（\[]?(?:[A-Za-zＡ-Ｚａ-ｚ]|[0-9０-９]{1,2}|[ア-ヲあ-を])[)）\]．.、:：]\s*|^\s*[①-⑳]\s*`)
)

// plainKey takes off a key what says nothing of it.
func plainKey(key string) string {
	if m := keyIntroduced.FindStringSubmatch(key); m != nil {
		key = m[1]
	}
	if m := keyCounted.FindStringSubmatch(key); m != nil {
		key = m[1]
	}
	return key
}

// otherKey reads a key that is no letters, no number and no text of one option; nil where it is none of these either.
func otherKey(source string, options []exam.Option) []string {
	for _, read := range []func(string, []exam.Option) []string{truthKey, repeatedKey, unlabelledKey, keyOfTexts} {
		if ids := read(source, options); len(ids) > 0 {
			return ids
		}
	}
	return nil
}

// truthKey reads a word for true or false, of two options that say so in other words.
func truthKey(source string, options []exam.Option) []string {
	word := foldText(source)
	truth, known := truths[word]
	if !known || isIndex(source) || word == "o" || word == cross || len(options) != 2 {
		return nil
	}
	a, b := options[0].Text.Source, options[1].Text.Source
	switch {
	case saysTrue(a, b) == saysTrue(b, a):
		return nil
	case saysTrue(a, b) == truth:
		return []string{options[0].ID}
	}
	return []string{options[1].ID}
}

// repeatedKey reads a letter or number with the text of the option that it names.
func repeatedKey(source string, options []exam.Option) []string {
	m := keyWithText.FindStringSubmatch(source)
	if m == nil {
		return nil
	}
	id := optionWithText(options, m[2])
	if place := markPlace(foldText(norm.NFKC.String(m[1]))); id == "" || place < 0 || optionID(place) != id {
		return nil
	}
	return []string{id}
}

// unlabelledKey reads a text without the label that stands before it in the option, as all options have one.
func unlabelledKey(source string, options []exam.Option) []string {
	if exam.LabelNames(options) == nil || !keyWord.MatchString(source) {
		return nil
	}
	bare := slices.Clone(options)
	for i := range bare {
		bare[i].Text.Source = textLabel.ReplaceAllString(bare[i].Text.Source, "")
	}
	if id := optionWithText(bare, source); id != "" {
		return []string{id}
	}
	return nil
}

// keyOfTexts reads the texts of several options, or the names of their columns, with one sign between them.
func keyOfTexts(source string, options []exam.Option) []string {
	for _, sign := range []string{"\n", "|", ";", "；", "、", "，", ",", "/"} {
		right := map[string]bool{}
		for part := range strings.SplitSeq(source, sign) {
			right[optionMeant(strings.TrimSpace(part), options)] = true
		}
		if right[""] || len(right) < 2 {
			continue
		}
		var ids []string
		for i := range options {
			if right[options[i].ID] {
				ids = append(ids, options[i].ID)
			}
		}
		return ids
	}
	return nil
}

// optionMeant is the option with a text, or of a column's name; "" where these differ or there is none.
func optionMeant(text string, options []exam.Option) string {
	id, place := optionWithText(options, text), optionPlace(knownColumn(foldName(text)))
	switch {
	case place < 0:
		return id
	case !hasOption(options, optionID(place)), id != "" && id != optionID(place):
		return ""
	}
	return optionID(place)
}
