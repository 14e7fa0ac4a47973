package questionset

import (
	"cmp"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"shiken/exam"
)

// clozeGap is an embedded gap `{weight:TYPE:alternatives}` as Moodle's cloze questions have it.
// Moodle's GIFT import takes a question with such gaps for a wrong short answer or choice.
var clozeGap = regexp.MustCompile(`\{(\d{0,4}):(NUMERICAL|NM|MULTICHOICE|MC|MULTICHOICE_[VHS]S?|MC[VHS]S?|MC_[VHS]S?|` +
	`SHORTANSWER|SA|MW|SHORTANSWER_C|SAC|MWC|MULTIRESPONSE(?:_[HS]S?)?|MR(?:_?[HS]S?)?):([^{}]*)\}`)

// readCloze reads a question whose gaps are embedded in its text.
func (q *giftQuestion) readCloze() bool {
	gaps := clozeGap.FindAllStringSubmatchIndex(q.text, -1)
	if len(gaps) > MaxAnswers {
		q.error("", codeTooManyAnswers, "count", len(gaps), "limit", MaxAnswers)
		return false
	}
	q.format = formatOf(q.text)
	q.Question.Question.Type = exam.Gaps
	q.Key.Gaps = map[string][]exam.TextKey{}
	var stem strings.Builder
	end, weights := 0, map[string]bool{}
	for i, g := range gaps {
		fmt.Fprintf(&stem, "%s%s(%d)", q.text[end:g[0]], gapMark(q.format), i+1)
		end = g[1]
		weights[cmp.Or(q.text[g[2]:g[3]], "1")] = true
		if !q.readGap(i+1, q.text[g[4]:g[5]], q.text[g[6]:g[7]]) {
			return false
		}
	}
	stem.WriteString(q.text[end:])
	if strings.ContainsAny(stem.String(), "{}") {
		q.error("", codeGIFTSeveralBraces)
		return false
	}
	if len(weights) > 1 {
		q.warning("", codeGIFTGapWeights)
	}
	q.setStem(stem.String())
	q.mergeFeedback()
	return true
}

// readGap reads the n-th gap, counted from 1.
func (q *giftQuestion) readGap(n int, kind, alternatives string) bool {
	element := "{" + strconv.Itoa(n) + "}"
	if strings.HasPrefix(kind, "MR") || strings.HasPrefix(kind, "MULTIRESPONSE") {
		q.error(element, codeGIFTGapKind, "kind", kind)
		return false
	}
	keys, ok := q.alternatives(element, alternatives)
	if !ok {
		return false
	}
	prompt := exam.Prompt{ID: "g" + strconv.Itoa(n), Text: exam.Text{Source: fmt.Sprintf("(%d)", n)}}
	best := 0
	for i := range keys {
		best = max(best, keys[i].Weight)
		keys[i].CaseSensitive = kind == "SHORTANSWER_C" || kind == "SAC" || kind == "MWC"
		if strings.HasPrefix(kind, "MC") || strings.HasPrefix(kind, "MULTICHOICE") {
			prompt.Options = append(prompt.Options, exam.Option{ID: optionID(i), Text: exam.Text{Source: keys[i].Pattern}})
			keys[i].Pattern = optionID(i)
		}
	}
	q.Question.Question.Prompts = append(q.Question.Question.Prompts, prompt)
	q.Key.Gaps[prompt.ID] = keys
	return q.soundGap(element, kind, prompt, keys, best)
}

// alternatives reads the answers of a gap; empty wrong ones count for nothing and are left out.
func (q *giftQuestion) alternatives(element, source string) ([]exam.TextKey, bool) {
	var keys []exam.TextKey
	for marked := range strings.SplitSeq(source, "~") {
		key, ok := q.alternative(element, marked)
		if !ok {
			return nil, false
		}
		if key.Pattern != "" {
			keys = append(keys, key)
		}
		if len(keys) > MaxAnswers {
			q.error(element, codeTooManyAnswers, "count", len(keys), "limit", MaxAnswers)
			return nil, false
		}
	}
	return keys, true
}

// alternative reads `=answer#feedback`, `%50%answer` or a wrong one, of an embedded gap. Commas are
// allowed in its weights, and HTML entities are decoded.
func (q *giftQuestion) alternative(element, marked string) (exam.TextKey, bool) {
	body := strings.TrimSpace(marked)
	body, right := strings.CutPrefix(body, "=")
	if like := weightLike.FindString(body); like != "" {
		body = strings.ReplaceAll(like, ",", ".") + body[len(like):]
	}
	weight, body, weighted, ok := q.cutWeight(body, 0)
	if !ok {
		return exam.TextKey{}, false
	}
	if right && !weighted {
		weight = exam.FullCredit
	}
	answer, feedback := q.commented(body)
	answer = strings.TrimSpace(html.UnescapeString(unmark(answer)))
	q.addFeedback(element+" "+answer, feedback)
	if answer == "" && weight > 0 {
		q.error(element, codeGIFTEmptyRight)
		return exam.TextKey{}, false
	}
	return exam.TextKey{Pattern: answer, Weight: weight}, true
}

func (q *giftQuestion) soundGap(element, kind string, prompt exam.Prompt, keys []exam.TextKey, best int) bool {
	switch {
	case best == 0:
		q.error(element, codeNoKey)
		return false
	case len(prompt.Options) == 1:
		q.error(element, codeOneOption, "count", 1)
		return false
	case best < exam.FullCredit:
		q.warning(element, codeGIFTNoFull, "best", percent(best))
	}
	if kind != "NM" && kind != "NUMERICAL" {
		return true
	}
	return q.numericGap(element, keys)
}

// numericGap: gaps are compared as text, so a number with a tolerance cannot be kept.
func (q *giftQuestion) numericGap(element string, keys []exam.TextKey) bool {
	for _, k := range keys {
		low, high, ok := numericRange(k.Pattern)
		switch {
		case k.Weight == 0:
			continue
		case !ok:
			q.error(element, codeGIFTNumber, "text", k.Pattern)
			return false
		case low != high || strings.Contains(k.Pattern, ":") || strings.Contains(k.Pattern, ".."):
			q.error(element, codeGIFTGapTolerance, "text", k.Pattern)
			return false
		}
	}
	q.warning(element, codeGIFTGapNumber)
	return true
}
