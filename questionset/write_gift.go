package questionset

import (
	"io"
	"strings"

	"shiken/exam"
)

// writeGIFT writes a set as GIFT. Gaps are written as Cloze, which this program reads in GIFT and Moodle
// only in its XML.
func writeGIFT(w io.Writer, set *Set, r *Report) error {
	g := &giftWriter{}
	g.exporter = exporter{
		set: set, report: r, format: GIFT, question: g.write, document: func(s string) string { return s },
		category: func(path string) string { return "$CATEGORY: " + giftEscapes.Replace("$course$/top/"+path) + "\n\n" },
	}
	return g.exporter.write(w)
}

var giftEscapes = strings.NewReplacer(`\`, `\\`, ":", `\:`, "#", `\#`, "=", `\=`, "{", `\{`, "}", `\}`, "~", `\~`, "\n", `\n`)

type giftWriter struct {
	exporter
	form textForm // of the stem, which answers and feedback inherit
}

func (g *giftWriter) write(q *Question) (string, bool) {
	if strings.Contains(q.Question.Stem.Source, MediaPrefix) {
		g.lost(nil, codeExportMedia)
	}
	stem := g.stem(q)
	body, ok := g.body(q)
	if !ok {
		return "", false
	}
	return g.head(q) + stem + body + "\n\n", true
}

// head writes comments and name.
func (g *giftWriter) head(q *Question) string {
	var b strings.Builder
	comment := func(kind, s string) string { return "[" + kind + ":" + strings.ReplaceAll(oneLine(s), "]", `\]`) + "]" }
	var marks []string
	id := idOf(q)
	if id != "" && id == q.Number {
		marks = append(marks, comment("id", id))
	}
	for _, t := range q.Tags {
		marks = append(marks, comment("tag", t))
	}
	if len(marks) > 0 {
		b.WriteString("// " + strings.Join(marks, " ") + "\n")
	}
	if q.Number != "" && id != q.Number {
		b.WriteString("::" + giftEscapes.Replace(oneLine(q.Number)) + "::")
	}
	return b.String()
}

// stem writes the text, with a mark of its format unless it is plain and looks it.
func (g *giftWriter) stem(q *Question) string {
	t := q.Question.Stem
	g.form = formatMoodle
	switch {
	case t.Format == exam.HTML:
		g.form = formatHTML
	case t.Format == exam.Markdown:
		g.form = formatMarkdown
	case strings.ContainsAny(t.Source, "<>&") || strings.HasPrefix(t.Source, "[") || strings.HasPrefix(t.Source, "//"):
		g.form = formatPlain
	}
	mark := ""
	if g.form != formatMoodle {
		mark = "[" + string(g.form) + "]"
	}
	if q.Question.Type != exam.Gaps {
		return mark + giftEscapes.Replace(t.Source)
	}
	g.tally.add(Note, codeExportGIFTGaps, g.at)
	var b strings.Builder
	b.WriteString(mark)
	parts, codes := g.cutGaps(q), clozeCodes(q, clozeText)
	for i, code := range codes {
		b.WriteString(giftEscapes.Replace(parts[i]) + code)
	}
	b.WriteString(giftEscapes.Replace(parts[len(codes)]))
	return b.String()
}

// text writes a text that inherits the stem's format.
func (g *giftWriter) text(t exam.Text) string {
	form := formatPlain
	switch {
	case t.Format == exam.HTML:
		form = formatHTML
	case t.Format == exam.Markdown:
		form = formatMarkdown
	case !strings.ContainsAny(t.Source, "<>&"):
		form = formatMoodle
	}
	plain := form == formatMoodle && g.form == formatPlain
	if (form == g.form || plain) && !strings.HasPrefix(t.Source, "[") {
		return giftEscapes.Replace(t.Source)
	}
	return "[" + string(form) + "]" + giftEscapes.Replace(t.Source)
}

// body writes the answers in their braces; a description and gaps have none.
func (g *giftWriter) body(q *Question) (string, bool) {
	var answers string
	ok := true
	switch q.Question.Type {
	case exam.SingleChoice, exam.MultipleChoice:
		answers, ok = g.choice(q)
	case exam.TrueFalse:
		answers = g.truth(q)
	case exam.ShortText:
		answers, ok = g.texts(q)
	case exam.Numeric:
		answers = g.numbers(q)
	case exam.Matching:
		answers, ok = g.pairs(q)
	case exam.Essay:
	case exam.Gaps, exam.Description:
		if q.Feedback.Explanation.Source != "" {
			g.warning(forgetExplanation, codeExportExplanation)
		}
		return "", true
	default:
		g.error(codeExportType, "type", string(q.Question.Type))
		return "", false
	}
	if q.Key.Guide.Source != "" {
		g.warning(forgetGuide, codeExportGuide)
	}
	if q.Feedback.Explanation.Source != "" {
		answers += "####" + g.text(q.Feedback.Explanation)
	}
	return "{" + answers + "}", ok
}

func (g *giftWriter) choice(q *Question) (string, bool) {
	weights := choiceWeights(q)
	single, full := q.Question.Type == exam.SingleChoice, false
	var b strings.Builder
	for _, o := range q.Question.Options {
		switch w := weights[o.ID]; {
		case single && w == exam.FullCredit:
			full = true
			b.WriteString("\n=")
		case w == 0:
			b.WriteString("\n~")
		default:
			b.WriteString("\n~%" + moodlePercentage(w) + "%")
		}
		b.WriteString(g.text(o.Text))
		if t := q.Feedback.Options[o.ID]; t.Source != "" {
			b.WriteString("#" + g.text(t))
		}
	}
	b.WriteString("\n")
	if single && !full {
		g.error(codeExportNoFull)
		return "", false
	}
	if !single && (q.Key.Rule != exam.ByExam || !q.Key.Weighted) {
		g.lost(sumOfWeights, codeExportByExam)
	}
	if keepsPlaces(q.Question.Options) {
		g.lost(forgetFixed, codeExportFixed)
	}
	return b.String(), true
}

// truth writes T or F, with the feedback for the wrong answer first.
func (g *giftWriter) truth(q *Question) string {
	yes, no := truthOf(q)
	right, wrong, word := yes.ID, no.ID, "TRUE"
	if q.Key.Options[right] <= 0 {
		right, wrong, word = wrong, right, "FALSE"
	}
	standard := truthOptions(q.Question.Stem.Source)
	if yes.Text.Source != standard[0].Text.Source || no.Text.Source != standard[1].Text.Source {
		g.lost(forgetWords, codeExportTruthWords)
	}
	ifRight, ifWrong := q.Feedback.Options[right], q.Feedback.Options[wrong]
	if ifRight.Source != "" || ifWrong.Source != "" {
		word += "#" + g.text(ifWrong)
	}
	if ifRight.Source != "" {
		word += "#" + g.text(ifRight)
	}
	return word
}

// texts writes accepted texts. An arrow in one of them would make pairs of them.
func (g *giftWriter) texts(q *Question) (string, bool) {
	var b strings.Builder
	caseCounts := false
	for _, k := range q.Key.Texts {
		if strings.Contains(k.Pattern, "->") {
			g.error(codeExportArrow, "text", k.Pattern)
			return "", false
		}
		caseCounts = caseCounts || k.CaseSensitive
		b.WriteString("=" + giftWeight(k.Weight, k.Pattern))
		if strings.HasPrefix(k.Pattern, "[") {
			b.WriteString("[plain]")
		}
		b.WriteString(giftEscapes.Replace(k.Pattern) + " ")
	}
	if caseCounts {
		g.lost(forgetCase, codeExportCase)
	}
	return strings.TrimSuffix(b.String(), " "), true
}

// giftWeight is written before an answer that does not earn full credit, or that looks like one.
func giftWeight(weight int, answer string) string {
	if weight == exam.FullCredit && !strings.HasPrefix(answer, "%") {
		return ""
	}
	return "%" + moodlePercentage(weight) + "%"
}

func (g *giftWriter) numbers(q *Question) string {
	if q.Question.Unit != "" {
		g.lost(forgetUnit, codeExportUnit)
	}
	var b strings.Builder
	b.WriteString("#")
	for _, k := range q.Key.Numbers {
		b.WriteString("=" + giftWeight(k.Weight, "") + k.Min)
		if k.Max != k.Min {
			b.WriteString(".." + k.Max)
		}
		b.WriteString(" ")
	}
	return strings.TrimSuffix(b.String(), " ")
}

// pairs writes pairs, and what is nobody's partner behind an empty left side.
func (g *giftWriter) pairs(q *Question) (string, bool) {
	var b strings.Builder
	used := map[string]bool{}
	right := map[string]string{}
	for _, o := range q.Question.Options {
		right[o.ID] = o.Text.Source
		if o.Text.Format == exam.HTML || o.Text.Format == exam.Markdown {
			g.warning(forgetMarkup, codeExportPlain, "text", o.Text.Source)
		}
	}
	for _, p := range q.Question.Prompts {
		if strings.Contains(p.Text.Source, "->") {
			g.error(codeExportArrow, "text", p.Text.Source)
			return "", false
		}
		option := q.Key.Pairs[p.ID]
		used[option] = true
		b.WriteString("\n=" + g.text(p.Text) + " -> " + giftEscapes.Replace(right[option]))
	}
	for _, o := range q.Question.Options {
		if !used[o.ID] {
			b.WriteString("\n= -> " + giftEscapes.Replace(o.Text.Source))
		}
	}
	if q.Key.Rule != exam.ByExam || len(q.Key.Weights) > 0 {
		g.warning(forgetScoring, codeExportScoring)
	}
	return b.String() + "\n", true
}
