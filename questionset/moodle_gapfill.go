package questionset

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"

	"shiken/exam"
)

// readGapfill reads a text of the plug-in gapfill, in which delimiters hold what is right: to be typed, or to be chosen
// out of the words of all gaps and some wrong ones.
func (q *moodleQuestion) readGapfill() bool {
	q.Question.Question.Type = exam.Gaps
	stem := &q.Question.Question.Stem
	delimiters := cmp.Or(html.UnescapeString(q.value("delimitchars")), "[]")
	if utf8.RuneCountInString(delimiters) != 2 {
		q.error("delimitchars", codeMoodleGapfill, "text", delimiters)
		return false
	}
	opening, size := utf8.DecodeRuneInString(delimiters)
	gaps := regexp.MustCompile(regexp.QuoteMeta(string(opening))+`(.*?)`+regexp.QuoteMeta(delimiters[size:])).
		FindAllStringSubmatchIndex(stem.Source, MaxAnswers+1)
	switch tagged := inMarkup(stem.Source, gaps); {
	case len(gaps) == 0 || len(gaps) > MaxAnswers:
		q.error("questiontext", codeMoodlePlaces, "count", len(gaps), "limit", MaxAnswers)
		return false
	case tagged != "":
		q.error("questiontext", codeMoodleGapTag, "text", tagged)
		return false
	}
	form := formatHTML
	if stem.Format == exam.Markdown {
		form = formatMarkdown
	}
	var b strings.Builder
	var rights [][]string
	end := 0
	for i, m := range gaps {
		b.WriteString(stem.Source[end:m[0]] + gapPlace(form, i+1))
		end = m[1]
		words, ok := q.gapWords(stem.Source[m[2]:m[3]])
		if !ok {
			return false
		}
		rights = append(rights, words)
	}
	stem.Source = b.String() + stem.Source[end:]
	if q.value("answerdisplay") == "gapfill" {
		return q.typedGaps(rights)
	}
	return q.chosenGaps(rights)
}

// inMarkup is the first of some places that begins or ends within a tag of HTML, "" when none does.
func inMarkup(source string, places [][]int) string {
	z := nethtml.NewTokenizer(strings.NewReader(source))
	for from, at := 0, 0; ; from = at {
		kind := z.Next()
		at += len(z.Raw())
		for len(places) > 0 && (places[0][1] <= from || kind == nethtml.TextToken && places[0][1] <= at) {
			places = places[1:]
		}
		switch {
		case kind == nethtml.ErrorToken || len(places) == 0:
			return ""
		case kind == nethtml.TextToken || places[0][0] >= at || places[0][0] <= from && places[0][1] >= at:
		default:
			return source[places[0][0]:places[0][1]]
		}
	}
}

// gapPattern finds what regular expressions are made of, but for the bar between alternatives, and for the full stop: of
// words it is a part.
var gapPattern = regexp.MustCompile(`[*+?()\[\]{}^$\\]`)

// gapWords are the answers that a gap takes: one, or, where answers are patterns, those between bars.
func (q *moodleQuestion) gapWords(written string) ([]string, bool) {
	if anyTag.MatchString(written) {
		q.error("questiontext", codeGapMarkup, "text", written)
		return nil, false
	}
	answer := strings.TrimSpace(html.UnescapeString(written))
	words := []string{answer}
	if !q.isOn("disableregex", false) {
		if words = strings.Split(answer, "|"); gapPattern.MatchString(answer) {
			q.error("questiontext", codeMoodleGapfill, "text", answer)
			return nil, false
		}
	}
	if len(words) > MaxAnswers {
		q.error("questiontext", codeTooManyAnswers, "count", len(words), "limit", MaxAnswers)
		return nil, false
	}
	for i := range words {
		if words[i] = strings.TrimSpace(words[i]); words[i] == "" || words[i] == "!!" {
			q.error("questiontext", codeMoodleGapfill, "text", written)
			return nil, false
		}
	}
	return words, true
}

// typedGaps makes gaps of which each takes its words. Where no word counts twice, gaps that share one cannot be scored
// by themselves.
func (q *moodleQuestion) typedGaps(rights [][]string) bool {
	q.Key.Gaps = map[string][]exam.TextKey{}
	taken := map[string]bool{}
	for i, words := range rights {
		prompt := gapPrompt(i + 1)
		var keys textList
		if dotted := strings.Join(words, "|"); strings.Contains(dotted, ".") && !q.isOn("disableregex", false) {
			q.warning("questiontext", codeMoodleGapDot, "text", dotted)
		}
		for _, w := range words {
			if taken[foldText(w)] && q.isOn("noduplicates", false) {
				q.error("noduplicates", codeMoodleGapfill, "text", w)
				return false
			}
			keys.add(exam.TextKey{Pattern: literal(w), Weight: exam.FullCredit, CaseSensitive: q.isOn("casesensitive", false)})
		}
		q.Key.Gaps[prompt.ID] = keys.list
		for _, w := range words {
			taken[foldText(w)] = true
		}
		q.Question.Question.Prompts = append(q.Question.Question.Prompts, prompt)
	}
	return true
}

// chosenGaps makes gaps that all offer the same words.
func (q *moodleQuestion) chosenGaps(rights [][]string) bool {
	var offered []string
	for _, words := range rights {
		if len(words) > 1 {
			q.error("questiontext", codeMoodleGapfill, "text", strings.Join(words, "|"))
			return false
		}
		offered = append(offered, words[0])
	}
	list, ok := q.answers()
	if !ok {
		return false
	}
	for _, n := range list {
		weight, ok := q.fraction(n, 0)
		if !ok {
			return false
		}
		if word := q.plain(n); weight == 0 && word != "" {
			offered = append(offered, word)
		}
	}
	slices.Sort(offered)
	offered = slices.Compact(offered)
	q.Key.Gaps = map[string][]exam.TextKey{}
	for i, words := range rights {
		prompt := gapPrompt(i + 1)
		for _, w := range offered {
			key := exam.TextKey{Pattern: prompt.ID + optionID(len(prompt.Options))}
			if w == words[0] {
				key.Weight = exam.FullCredit
			}
			q.Key.Gaps[prompt.ID] = append(q.Key.Gaps[prompt.ID], key)
			prompt.Options = append(prompt.Options, exam.Option{ID: key.Pattern, Text: exam.Text{Source: w}})
		}
		q.Question.Question.Prompts = append(q.Question.Question.Prompts, prompt)
	}
	if len(offered) < 2 {
		q.warning("questiontext", codeMoodleOneWord)
	}
	return true
}
