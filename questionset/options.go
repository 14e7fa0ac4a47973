package questionset

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// foldText brings texts into one form for comparison: NFKC, lower case, white space collapsed.
func foldText(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), " "))
}

// ownLetter is a label that is kept in its place by what is stored, as it was before exam.KeptPlaces knew labels.
var ownLetter = regexp.MustCompile(`^\s*\(?([a-hA-H])[).．、]\s*\S`)

// checkOptions warns of equal options, and of options that shuffling would break. Papers keep the places of all
// of them (exam.KeptPlaces); what is stored says so only where it always did, so that a file that was loaded
// before stays the same.
func checkOptions(r *Report, p place, options []exam.Option) {
	seen := map[string]int{}
	prefixed := 0
	references := exam.References(options)
	kept := exam.KeptFor(options, references)
	for i := range options {
		folded := foldText(options[i].Text.Source)
		if first, again := seen[folded]; again {
			r.warning(p.at(options[i].ID), codeDuplicateOption, "first", options[first].ID, "text", options[i].Text.Source)
		} else {
			seen[folded] = i
		}
		switch references[i] {
		case exam.ToPlaces:
			r.warning(p.at(options[i].ID), codeRefersToLetters, "text", options[i].Text.Source)
		case exam.ToAbove, exam.ToAll:
			r.warning(p.at(options[i].ID), codeRefersToAbove, "text", options[i].Text.Source)
		}
		if m := ownLetter.FindStringSubmatch(options[i].Text.Source); m != nil && strings.EqualFold(m[1], optionID(i)) {
			prefixed++
		}
	}
	for i := range options {
		options[i].Fixed = options[i].Fixed || kept[i] && references[i] != exam.ToAll
	}
	lettered := prefixed == len(options) && prefixed > 1
	if lettered {
		fix(options)
	}
	if (lettered || exam.OwnLabels(options)) && !combinations(options) {
		r.warning(p, codeOwnLetter)
	}
	if labels := otherLabels(options); permuted(labels) {
		r.warning(p, codeOtherLabels, "labels", strings.ToUpper(strings.Join(labels, ", ")))
	}
}

// combination lists letters of one kind, as in "A、B" and "ア、イ及びウ", in the form of foldText.
var combination = combinationOf(`[a-z]`, `[ア-ヲ]`, `[あ-を]`)

// combinationOf joins letters of each of some kinds.
func combinationOf(kinds ...string) *regexp.Regexp {
	for i, letter := range kinds {
		name := `\(?` + letter + `\)?`
		kinds[i] = name + `(?: ?(?:[、,・&]|と|及び|および) ?` + name + `)+`
	}
	return regexp.MustCompile(`^(?:` + strings.Join(kinds, "|") + `)$`)
}

// combinations reports whether every option combines letters that the question speaks of: such an option has no
// label, though a letter and a comma begin it.
func combinations(options []exam.Option) bool {
	return !slices.ContainsFunc(options, func(o exam.Option) bool { return !combination.MatchString(foldText(o.Text.Source)) })
}

// rightWords say in brackets that an option is right.
const rightWords = `(?i:correct(?: answer)?|right answer|richtig|richtige antwort|respuesta correcta|correcta|bonne réponse)|` +
	`正解|正答|正确|正确答案|正確`

// Marks that authors put before or behind the option that is right, for themselves.
const (
	tick          = `[✓✔✅☑]\x{FE0F}?`
	bracketedWord = `[(\[（［【](?:` + rightWords + `)[)\]）］】]`
)

var (
	// rightMark is any of them.
	rightMark = regexp.MustCompile(`^\s*(?:` + tick + `|` + bracketedWord + `|\[[xX✓]\]\s)|` +
		`(?:` + tick + `|` + bracketedWord + `|(?:<-+|←)[\s\x{3000}]*(?:` + rightWords + `))\s*$`)
	// wordMark and lastTick are those that say nothing else: a tick before an option may be what it speaks of,
	// and an arrow may assign a value.
	wordMark = regexp.MustCompile(`^\s*` + bracketedWord + `|` + bracketedWord + `\s*$`)
	lastTick = regexp.MustCompile(tick + `\s*$`)
	// rightStar is a star that may stand for such a mark, and hardly for a pointer or a product. In linguistics it
	// marks what is wrong.
	rightStar = regexp.MustCompile(`^\s*\*(?:\p{Lu}\p{Ll}|[^\x00-\x7F])[^*]*$`)
	// anyMark is found in a text that speaks of such marks.
	anyMark = regexp.MustCompile(`[✓✔✅☑✗✘❌×]`)
)

// sureness is how surely an option's text shows that it is right.
type sureness int

const (
	markNone sureness = iota
	markLikely
	markSure
)

// optionMarks reads the marks of all options, in their order.
func optionMarks(options []exam.Option) []sureness {
	marks, rests := make([]sureness, len(options)), make([]string, len(options))
	for i := range options {
		rests[i] = rightMark.ReplaceAllString(options[i].Text.Source, "")
	}
	ofMarks := slices.ContainsFunc(rests, anyMark.MatchString)
	for i, rest := range rests {
		text := options[i].Text.Source
		switch {
		case rest == text || strings.TrimSpace(rest) == "" || anyMark.MatchString(rest):
			if rightStar.MatchString(text) {
				marks[i] = markLikely
			}
		case wordMark.MatchString(text) || lastTick.MatchString(text) && !ofMarks:
			marks[i] = markSure
		default:
			marks[i] = markLikely
		}
	}
	return marks
}

// markedOption is the first option whose text shows that it is right, where some do and others do not; nil for none.
// differs is how surely the key does not say the same of all: it does when it agrees with the sure marks, or with all.
func markedOption(q *Question) (first *exam.Option, differs sureness) {
	options := q.Question.Options
	if len(q.Key.Options) == 0 {
		return nil, markNone
	}
	marks := optionMarks(options)
	for _, least := range []sureness{markSure, markLikely} {
		option, same := markedAtLeast(q, marks, least)
		switch {
		case option == nil:
		case same:
			return option, markNone
		case first == nil:
			first, differs = option, least
		}
	}
	return first, differs
}

// markedAtLeast is the first option with such a mark, nil where none or all have one; same: the key says the same of all.
func markedAtLeast(q *Question, marks []sureness, least sureness) (first *exam.Option, same bool) {
	options, count := q.Question.Options, 0
	same = true
	for i := range options {
		is := marks[i] >= least
		if is {
			if count++; first == nil {
				first = &options[i]
			}
		}
		same = same && is == (q.Key.Options[options[i].ID] > 0)
	}
	if count == len(options) {
		return nil, false
	}
	return first, same
}

// contradicted tells of a mark in an option that surely contradicts the key.
func contradicted(r *Report, p place, q *Question) bool {
	option, differs := markedOption(q)
	if differs == markSure {
		r.error(p.at(option.ID), codeMarkedOther, "text", option.Text.Source)
	}
	return differs == markSure
}

func fix(options []exam.Option) {
	for i := range options {
		options[i].Fixed = true
	}
}
