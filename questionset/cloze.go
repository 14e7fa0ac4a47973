package questionset

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// clozeGap is an embedded gap `{weight:KIND:alternatives}` of a Moodle cloze text.
type clozeGap struct {
	start, end   int    // where it stands in the text
	weight       string // as written, often empty
	kind         string
	alternatives []clozeAlternative
}

// clozeAlternative is one answer of a gap, as written: `=answer#feedback`, `%50%answer`, `wrong one`.
type clozeAlternative struct{ answer, feedback string }

// The kinds of gaps, after ANSWER_TYPE_DEF_REGEX of Moodle's question/type/multianswer. MC_V and its like
// are forms that people write, too.
var (
	clozeStart = regexp.MustCompile(`\{(\d*):(NUMERICAL|NM|MULTICHOICE(?:_[VH]?S?)?|MC(?:_?[VH]?S?)?|` +
		`SHORTANSWER(?:_C)?|SAC?|MWC?|MULTIRESPONSE(?:_H?S?)?|MR(?:_?H?S?)?):`)
	// clozeLike finds what looks like a gap and is none: a weight, a kind, a colon, written in another way, or
	// one of them left out; or a kind that Moodle does not have.
	clozeLike = regexp.MustCompile(`\{\s*[-\d.,\s]*[:;]\s*` + clozeKinds + `\s*[:;]|` +
		`\{\s*[-\d.,\s]*(?:` + clozeKinds + `\s*[:;]\s*[=~%]|(?i:` + clozeLong + `)\s*[:;]|(?:` + clozeShort + `)\s*:)|` +
		`\{\s*(?:` + clozeShort + `)\s*;|` +
		`\{\s*[-\d.,\s]*[:;]\s*(?:` + clozeKinds + `)?\s*[=~%]|` +
		`\{\s*[-\d.,\s]*[:;]\s*(?:` + clozeKinds + `|[A-Z_]{2,20})\s*\}|` +
		`\{\s*(?:\d[\d.,\s]*[:;]\s*[A-Za-z_]{2,20}\s*:|[:;]\s*[A-Za-z_]{2,20}\s*:\s*[=~%])`)
	// clozeBare finds answers in braces without a weight or without a colon, unless they stand in a formula.
	clozeBare = regexp.MustCompile(`\{\s*(?:[=~]\s*[^\s}]|` + clozeKinds + `\s*=|[^{}]*(?:~\s*=|=[^{}]*~))`)
	// latexBefore finds what stands before a brace of LaTeX.
	latexBefore = regexp.MustCompile(`(?:\\[A-Za-z]+|[_^}\]])\s*$`)
)

// The kinds, with the endings that Moodle knows and with slips behind an underscore or a long name. Short ones are
// words, too: in small letters, only what is around them tells.
const (
	clozeLong  = `NUMERICAL|(?:MULTICHOICE|SHORTANSWER|MULTIRESPONSE)_?[A-Z]{0,2}`
	clozeShort = `NM|(?:MC|MR)[VH]?S?|(?:SA|MW)C?|(?:MC|MR|SA|MW|NM)_[A-Z]{1,2}`
	// clozeKinds are all, in whatever case.
	clozeKinds = `(?i:` + clozeLong + `|` + clozeShort + `)`
)

// brokenGap is what looks like a gap in a text whose gaps were taken out, "" when nothing does. Shown as text it
// would tell its answer.
func brokenGap(text string) string {
	seen := norm.NFKC.String(blankEntities.Replace(anyTag.ReplaceAllString(text, "")))
	if m := clozeLike.FindStringIndex(seen); m != nil {
		return unmark(seen[m[0]:])
	}
	for _, m := range clozeBare.FindAllStringIndex(seen, -1) {
		if !latexBefore.MatchString(seen[max(0, m[0]-longestCommand):m[0]]) {
			return unmark(seen[m[0]:])
		}
	}
	return ""
}

// longestCommand bounds a command of LaTeX, in bytes.
const longestCommand = 40

var blankEntities = strings.NewReplacer("&nbsp;", " ", "&#160;", " ", "&#xa0;", " ", "&#xA0;", " ")

// scanCloze finds the gaps of a text in time linear in its length. A gap that is not closed, or has
// nothing in it, is none.
func scanCloze(text string) []clozeGap {
	var gaps []clozeGap
	for at := 0; ; {
		m := clozeStart.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return gaps
		}
		g := clozeGap{start: at + m[0], weight: text[at+m[2] : at+m[3]], kind: text[at+m[4] : at+m[5]]}
		body := at + m[1]
		if strings.HasPrefix(text[body:], "}") {
			at = body
			continue
		}
		end, closed := g.read(text, body)
		if !closed {
			return gaps
		}
		gaps = append(gaps, g)
		at = end
	}
}

// read splits what is in the braces. A backslash keeps `~`, `#` and `}` from ending an answer, and so
// does an ampersand, since an entity may hold `#`; in feedback only a backslash does.
func (g *clozeGap) read(text string, at int) (end int, closed bool) {
	var a clozeAlternative
	start, inFeedback := at, false
	take := func(to int) {
		if inFeedback {
			a.feedback = text[start:to]
		} else {
			a.answer = text[start:to]
		}
		start = to + 1
	}
	for i := at; i < len(text); i++ {
		c := text[i]
		if c != '~' && c != '}' && (c != '#' || inFeedback) || protected(text[:i], inFeedback) {
			continue
		}
		take(i)
		if c == '#' {
			inFeedback = true
			continue
		}
		g.alternatives = append(g.alternatives, a)
		a, inFeedback = clozeAlternative{}, false
		if c == '}' {
			g.end = i + 1
			return g.end, true
		}
	}
	return 0, false
}

// protected tells whether what follows a text is no delimiter.
func protected(before string, inFeedback bool) bool {
	return strings.HasSuffix(before, `\`) ||
		!inFeedback && (strings.HasSuffix(before, "&") || strings.HasSuffix(before, "&amp;"))
}

// isChoice tells a gap that offers options, of which one or several are chosen.
func (g *clozeGap) isChoice() bool {
	return strings.HasPrefix(g.kind, "MC") || strings.HasPrefix(g.kind, "MULTICHOICE") || g.hasSeveral()
}

func (g *clozeGap) isNumeric() bool { return g.kind == "NM" || g.kind == "NUMERICAL" }

func (g *clozeGap) isShuffled() bool { return strings.HasSuffix(g.kind, "S") }

func (g *clozeGap) isCaseSensitive() bool {
	return g.kind == "SHORTANSWER_C" || g.kind == "SAC" || g.kind == "MWC"
}

func (g *clozeGap) hasSeveral() bool {
	return strings.HasPrefix(g.kind, "MR") || strings.HasPrefix(g.kind, "MULTIRESPONSE")
}

// clozeReader makes a question of a text with gaps. The functions read the parts of an alternative.
type clozeReader struct {
	*draft
	form     textForm
	answer   func(raw string) string // as a candidate types it
	option   func(raw string) exam.Text
	feedback func(raw string) exam.Text
	several  map[string]bool // the prompts of gaps in which several answers are ticked; nil: no person has to mark
}

// read sets type, prompts and key, and returns the stem, in which each gap's place is marked. It reports
// false when the question is refused, which it has then reported.
func (c *clozeReader) read(text string) (stem string, ok bool) {
	gaps := scanCloze(text)
	if len(gaps) > MaxAnswers {
		c.error("", codeTooManyAnswers, "count", len(gaps), "limit", MaxAnswers)
		return "", false
	}
	c.Question.Question.Type = exam.Gaps
	var b strings.Builder
	end := 0
	for i := range gaps {
		b.WriteString(text[end:gaps[i].start] + gapPlace(c.form, i+1))
		end = gaps[i].end
		if !c.gap(i+1, &gaps[i]) {
			return "", false
		}
	}
	b.WriteString(text[end:])
	stem = b.String()
	if broken := brokenGap(stem); broken != "" {
		c.error("", codeGapBroken, "text", broken)
		return "", false
	}
	if len(gaps) == 0 {
		c.error("", codeNoGap)
		return "", false
	}
	return stem, true
}

// gapPlace stands in a stem for the n-th gap, counted from 1.
func gapPlace(form textForm, n int) string { return gapMark(form) + "(" + strconv.Itoa(n) + ")" }

// gapPrompt is the prompt of the n-th gap.
func gapPrompt(n int) exam.Prompt {
	return exam.Prompt{ID: "g" + strconv.Itoa(n), Text: exam.Text{Source: "(" + strconv.Itoa(n) + ")"}}
}

// gap reads the n-th gap, counted from 1.
func (c *clozeReader) gap(n int, g *clozeGap) bool {
	element := "{" + strconv.Itoa(n) + "}"
	if len(g.alternatives) > MaxAnswers {
		c.error(element, codeTooManyAnswers, "count", len(g.alternatives), "limit", MaxAnswers)
		return false
	}
	prompt := gapPrompt(n)
	if g.hasSeveral() {
		c.leaveToMarker(element, codeGapKind, "kind", g.kind)
		c.several[prompt.ID] = true
	}
	if !c.weigh(element, prompt.ID, g.weight) {
		return false
	}
	best, answers := 0, 0
	for i := range g.alternatives {
		weight, raw, ok := c.weight(element, &g.alternatives[i])
		if !ok {
			return false
		}
		if raw == "" {
			continue
		}
		best, answers = max(best, weight), answers+1
		if !c.take(element, g, &prompt, raw, weight, g.alternatives[i].feedback) {
			return false
		}
	}
	c.Question.Question.Prompts = append(c.Question.Question.Prompts, prompt)
	return c.soundGap(element, g, best, answers)
}

// leaveToMarker takes note of a gap that no type has, so that a person marks the question, and tells why.
func (c *clozeReader) leaveToMarker(element string, code Code, args ...any) {
	if c.several == nil {
		c.several = map[string]bool{}
		c.warning(element, code, args...)
	}
}

// weigh takes the weight of a gap beside the others.
func (c *clozeReader) weigh(element, prompt, weight string) bool {
	w, err := strconv.Atoi(weight)
	switch {
	case weight == "" || w == 1:
		return true
	case err != nil || w > maxGapWeight:
		c.error(element, codeGapWeight, "weight", weight, "limit", maxGapWeight)
		return false
	case w == 0:
		c.leaveToMarker(element, codeGapUnscored)
	}
	if c.Key.Weights == nil {
		c.Key.Weights = map[string]int{}
	}
	c.Key.Weights[prompt] = w
	return true
}

// maxGapWeight is what exam.Key allows.
const maxGapWeight = 1_000

// clozeWeight allows a comma, too.
var clozeWeight = regexp.MustCompile(`^%(-?\d{1,3}(?:[.,]\d*)?)%`)

// weight cuts `=` or `%50%` from an alternative. An empty wrong one is nothing.
func (c *clozeReader) weight(element string, a *clozeAlternative) (weight int, raw string, ok bool) {
	if m := clozeStart.FindString(a.answer + a.feedback); m != "" { // a brace is missing before it
		c.error(element, codeGapBroken, "text", a.answer+a.feedback)
		return 0, "", false
	}
	raw, right := strings.CutPrefix(strings.TrimSpace(a.answer), "=")
	if m := clozeWeight.FindStringSubmatch(raw); m != nil {
		weight, ok = moodlePercent(strings.ReplaceAll(m[1], ",", "."))
		if raw = raw[len(m[0]):]; !ok || right {
			c.error(element, codeGapFraction, "text", a.answer)
			return 0, "", false
		}
		if weight < 0 {
			c.Key.Rule = exam.Sum // a gap may take away what another gave
		}
	} else if right {
		weight = exam.FullCredit
	}
	if raw = strings.TrimSpace(raw); raw == "" && weight > 0 {
		c.error(element, codeEmptyRight)
		return 0, "", false
	}
	return weight, raw, true
}

// take adds an alternative to the gap's prompt and key.
func (c *clozeReader) take(element string, g *clozeGap, prompt *exam.Prompt, raw string, weight int, feedback string) bool {
	answer := c.answer(raw)
	c.addFeedback(element+" "+answer, c.feedback(feedback))
	switch {
	case g.isChoice():
		id := prompt.ID + optionID(len(prompt.Options))
		prompt.Options = append(prompt.Options, exam.Option{ID: id, Text: c.option(raw), Fixed: !g.isShuffled()})
		c.addGapText(prompt.ID, exam.TextKey{Pattern: id, Weight: weight})
	case g.isNumeric():
		prompt.Number = true
		return c.number(element, prompt.ID, answer, weight)
	case anyTag.MatchString(raw) && c.form != formatPlain:
		c.error(element, codeGapMarkup, "text", raw)
		return false
	default:
		c.judgePattern(answer, weight)
		c.addGapText(prompt.ID, exam.TextKey{Pattern: answer, Weight: weight, CaseSensitive: g.isCaseSensitive()})
	}
	return true
}

// anyTag finds an element of HTML, as editors leave them behind in gaps.
var anyTag = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

func (c *clozeReader) addGapText(prompt string, key exam.TextKey) {
	if c.Key.Gaps == nil {
		c.Key.Gaps = map[string][]exam.TextKey{}
	}
	c.Key.Gaps[prompt] = append(c.Key.Gaps[prompt], key)
}

// number reads `1.5` or `1.5:0.1`; a comma is a decimal point here. A wrong `*` holds feedback only.
func (c *clozeReader) number(element, prompt, answer string, weight int) bool {
	if answer == "*" && weight == 0 {
		return true
	}
	low, high, ok := numericRange(strings.ReplaceAll(answer, ",", "."))
	if !ok || strings.Contains(answer, "..") {
		c.error(element, codeGapNumber, "text", answer)
		return false
	}
	if c.Key.GapNumbers == nil {
		c.Key.GapNumbers = map[string][]exam.NumberKey{}
	}
	c.Key.GapNumbers[prompt] = append(c.Key.GapNumbers[prompt], exam.NumberKey{Min: low, Max: high, Weight: weight})
	return true
}

func (c *clozeReader) soundGap(element string, g *clozeGap, best, answers int) bool {
	switch {
	case best == 0:
		c.error(element, codeNoKey)
		return false
	case g.isChoice() && answers < 2:
		c.error(element, codeOneOption, "count", answers)
		return false
	case best < exam.FullCredit && !g.hasSeveral():
		c.error(element, codeGapNoFull, "best", percent(best))
		return false
	}
	return true
}
