package questionset

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// foldText brings texts into one form for comparison: NFKC, lower case, white space collapsed.
func foldText(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), " "))
}

var (
	aboveForms = regexp.MustCompile(`上記|前述|以上の(?:すべて|全て|いずれ|どれ)|上の(?:すべて|全て|いずれ|どれ)|` +
		`\b(?:all|none|both|any|either|neither) (?:of )?(?:the )?(?:above|preceding|previous)\b|` +
		`\b(?:todas|todos|ninguna|ninguno|cualquiera) (?:de )?(?:las|los)? ?anteriores\b`)
	letterForms = regexp.MustCompile(`(?:^|[^a-z0-9])[(\[]?([a-h])[)\]]?` +
		`(?:\s+(?:and|or|y|o)\s+|\s*(?:&|と|か|又は|または|および|及び|、|・)\s*)` +
		`[(\[]?([a-h])[)\]]?(?:$|[^a-z0-9+])`)
	ownLetter = regexp.MustCompile(`^\s*\(?([a-hA-H])[).．、]\s*\S`)
)

// maxReference is within how many bytes an option says that it refers to others: the patterns take time.
const maxReference = 2 << 10

// checkOptions warns of equal options, and of options that shuffling would break: those keep their
// places.
func checkOptions(r *Report, p place, options []exam.Option) {
	seen := map[string]int{}
	prefixed := 0
	for i := range options {
		folded := foldText(options[i].Text.Source)
		if first, again := seen[folded]; again {
			r.warning(p.at(options[i].ID), codeDuplicateOption, "first", options[first].ID, "text", options[i].Text.Source)
		} else {
			seen[folded] = i
		}
		folded = folded[:min(len(folded), maxReference)]
		switch {
		case refersToLetters(folded, len(options)):
			r.warning(p.at(options[i].ID), codeRefersToLetters, "text", options[i].Text.Source)
			fix(options)
		case aboveForms.MatchString(folded):
			r.warning(p.at(options[i].ID), codeRefersToAbove, "text", options[i].Text.Source)
			fixAbove(options, i)
		}
		if m := ownLetter.FindStringSubmatch(options[i].Text.Source); m != nil && strings.EqualFold(m[1], optionID(i)) {
			prefixed++
		}
	}
	if prefixed == len(options) && prefixed > 1 {
		r.warning(p, codeOwnLetter)
		fix(options)
	}
}

// refersToLetters tells "B and C", "B y C", "BとC" where the question has both options.
func refersToLetters(folded string, options int) bool {
	for _, m := range letterForms.FindAllStringSubmatch(folded, -1) {
		if last := 'a' + byte(options) - 1; m[1] != m[2] && m[1][0] <= last && m[2][0] <= last {
			return true
		}
	}
	return false
}

func fix(options []exam.Option) {
	for i := range options {
		options[i].Fixed = true
	}
}

// fixAbove keeps "all of the above" last; where it is not last, what is above it must stay there.
func fixAbove(options []exam.Option, i int) {
	if i == len(options)-1 {
		options[i].Fixed = true
		return
	}
	fix(options[:i+1])
}

var truthPairs = map[string]string{
	"○": "×", "◯": "×", "〇": "×", "o": "x", "正": "誤", "正しい": "誤り", "真": "偽", "true": "false", "t": "f",
	"はい": "いいえ", "yes": "no", "verdadero": "falso",
}

// isTruthPair tells two options that say right and wrong, in either order.
func isTruthPair(options []exam.Option) bool {
	if len(options) != 2 {
		return false
	}
	a, b := foldText(options[0].Text.Source), foldText(options[1].Text.Source)
	return truthPairs[a] == b && b != "" || truthPairs[b] == a && a != ""
}
