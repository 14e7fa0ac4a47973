package questionset

import (
	"regexp"
	"strconv"
	"strings"

	"shiken/exam"
)

// clozeCodes write the gaps of a question in Moodle's Cloze; text writes what candidates type and choose.
func clozeCodes(q *Question, text func(string) string) []string {
	codes := make([]string, len(q.Question.Prompts))
	for i := range q.Question.Prompts {
		codes[i] = clozeCode(&q.Question.Prompts[i], &q.Key, text)
	}
	return codes
}

func clozeCode(p *exam.Prompt, k *exam.Key, text func(string) string) string {
	var kind string
	var list []string
	switch keys := k.Gaps[p.ID]; {
	case len(p.Options) > 0:
		kind = "MCS"
		if p.Options[0].Fixed {
			kind = "MC"
		}
		weights := map[string]int{}
		for _, key := range keys {
			weights[key.Pattern] = key.Weight
		}
		for _, o := range p.Options {
			list = append(list, clozeAnswer(weights[o.ID], clozeOption(o.Text, text)))
		}
	case len(keys) == 0:
		kind = "NM"
		for _, n := range k.GapNumbers[p.ID] {
			value, tolerance := middle(n)
			if tolerance != "" {
				value += ":" + tolerance
			}
			list = append(list, clozeAnswer(n.Weight, value))
		}
	default:
		kind = "SA"
		if keys[0].CaseSensitive {
			kind = "SAC"
		}
		for _, key := range keys {
			list = append(list, clozeAnswer(key.Weight, text(key.Pattern)))
		}
	}
	return "{" + strconv.Itoa(max(k.Weights[p.ID], 1)) + ":" + kind + ":" + strings.Join(list, "~") + "}"
}

func clozeAnswer(weight int, answer string) string {
	switch weight {
	case exam.FullCredit:
		return "=" + answer
	case 0:
		return answer
	}
	return "%" + moodlePercentage(weight) + "%" + answer
}

var clozeEntities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "{", "&#123;", "}", "&#125;", "~", "&#126;",
	"#", "&#35;", `\`, "&#92;", "\n", "&#10;")

// clozeText writes a text by entities, so that nothing in it is syntax.
func clozeText(s string) string {
	s = clozeEntities.Replace(s)
	switch {
	case strings.HasPrefix(s, "="):
		return "&#61;" + s[1:]
	case strings.HasPrefix(s, "%"):
		return "&#37;" + s[1:]
	}
	return s
}

// moodleClozeText keeps a backslash before a delimiter from being read as its escape, which Moodle does
// after it has read the entities.
func moodleClozeText(s string) string { return clozeText(beforeDelimiter.ReplaceAllString(s, `\\$1`)) }

var beforeDelimiter = regexp.MustCompile(`\\([}#~])`)

// clozeOption writes an option; HTML stays HTML.
func clozeOption(t exam.Text, text func(string) string) string {
	if t.Format == exam.HTML {
		return clozeHTML.Replace(t.Source)
	}
	return text(t.Source)
}

var clozeHTML = strings.NewReplacer("}", "&#125;", "~", "&#126;", "#", "&#35;")

// cutGaps splits a stem at the places of its gaps, so that there is one part more than there are gaps;
// what has no place comes at the end.
func (e *exporter) cutGaps(q *Question) []string {
	form := formatHTML
	if q.Question.Stem.Format == exam.Markdown {
		form = formatMarkdown
	}
	rest := q.Question.Stem.Source
	var parts []string
	for i := range q.Question.Prompts {
		before, after, found := strings.Cut(rest, gapPlace(form, i+1))
		if !found {
			e.warning(forgetPlaces, codeExportGapPlace, "gap", i+1)
			before, after = rest+" ", ""
		}
		parts = append(parts, before)
		rest = after
	}
	return append(parts, rest)
}
