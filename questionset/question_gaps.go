package questionset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shiken/exam"
)

// maxGapShare bounds how much one gap counts beside the others.
const maxGapShare = 1_000

func (r *fieldReader) gaps() {
	r.q.Key.Gaps, r.q.Key.GapNumbers = map[string][]exam.TextKey{}, map[string][]exam.NumberKey{}
	r.q.Key.Weights = map[string]int{}
	taken := map[string]bool{}
	rows := r.rows("text", "answers")
	for _, i := range rows {
		p := exam.Prompt{ID: named(r.row(i, "id"), r.promptIDs(), taken, promptID), Text: r.text(rowPath(i) + ".text")}
		r.gap(i, &p)
		r.q.Question.Prompts = append(r.q.Question.Prompts, p)
		if weight := strings.TrimSpace(r.row(i, "weight")); weight != "" {
			n, err := strconv.Atoi(weight)
			if err != nil || n < 1 || n > maxGapShare {
				r.error(rowPath(i)+".weight", codeEditGapWeight, "text", weight, "most", maxGapShare)
			} else if n > 1 {
				r.q.Key.Weights[p.ID] = n
			}
		}
	}
	if len(rows) == 0 {
		r.error("rows[1].answers", codeNoKey)
	}
	for n := range rows {
		if !strings.Contains(r.q.Question.Stem.Source, gapMarkOf(n+1)) {
			r.warning("stem", codeEditGapMark, "mark", gapMarkOf(n+1), "n", n+1)
		}
	}
}

// gapMarkOf is how a stem holds a gap.
func gapMarkOf(n int) string { return fmt.Sprintf("_____(%d)", n) }

// gap reads the answers of a gap into its prompt and the key.
func (r *fieldReader) gap(i int, p *exam.Prompt) {
	path, kind := rowPath(i)+".answers", r.row(i, "kind")
	best, answers := 0, 0
	for line := range strings.Lines(lineEnds.Replace(r.row(i, "answers"))) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		answers++
		best = max(best, r.gapAnswer(path, i, p, kind, line))
	}
	p.Number = kind == gapOfNumber
	switch {
	case answers > MaxAnswers:
		r.error(path, codeTooManyAnswers, "count", answers, "limit", MaxAnswers)
	case best == 0:
		r.error(path, codeNoKey)
	case kind == gapOfChoice && answers < 2:
		r.error(path, codeOneOption, "count", answers)
	case best < exam.FullCredit && r.base.Key.Rule != exam.Sum:
		r.warning(path, codeNoFull, "best", percent(best))
	}
}

// gapAnswer reads one line, and returns its weight.
func (r *fieldReader) gapAnswer(path string, i int, p *exam.Prompt, kind, line string) int {
	weight, text, signed := r.signed(path, line, kind == gapOfChoice)
	r.file.Report.checkText(place{element: path}, text, MaxText)
	switch kind {
	case gapOfChoice:
		if !signed {
			weight = 0
		}
		r.gapOption(i, p, text, weight)
	case gapOfNumber:
		if k, ok := r.number(path, text, weight); ok {
			r.q.Key.GapNumbers[p.ID] = append(r.q.Key.GapNumbers[p.ID], k)
		}
	default:
		k := exam.TextKey{Pattern: text, Weight: weight, CaseSensitive: r.row(i, "case") != ""}
		r.judgePattern(path, k)
		r.q.Key.Gaps[p.ID] = append(r.q.Key.Gaps[p.ID], k)
	}
	return weight
}

// signed cuts a star or a weight off the beginning of an answer.
func (r *fieldReader) signed(path, line string, starred bool) (weight int, text string, signed bool) {
	if starred && strings.HasPrefix(line, "*") {
		return exam.FullCredit, strings.TrimSpace(line[1:]), true
	}
	if strings.HasPrefix(line, "%") {
		sign, rest, closed := strings.Cut(line[1:], "%")
		if closed {
			return r.weight(path, sign, -exam.FullCredit, exam.FullCredit), strings.TrimSpace(rest), true
		}
	}
	if len(line) > 1 && line[0] == '\\' && strings.ContainsRune(`%*\`, rune(line[1])) {
		line = line[1:]
	}
	return exam.FullCredit, line, false
}

// gapOption adds a choice of a gap. What has the text of a choice that was there keeps its id.
func (r *fieldReader) gapOption(i int, p *exam.Prompt, text string, weight int) {
	format := r.format
	if f := exam.TextFormat(r.row(i, "answers.format")); slices.Contains(editFormats, f) {
		format = f
	}
	if format == exam.Plain {
		format = ""
	}
	o := exam.Option{Text: exam.Text{Format: format, Source: text}}
	taken := map[string]bool{}
	for _, other := range p.Options {
		taken[other.ID] = true
	}
	was := r.gapBefore(p.ID)
	var ids []string
	for _, before := range was {
		ids = append(ids, before.ID)
		if o.ID == "" && !taken[before.ID] && strings.ReplaceAll(before.Text.Source, "\n", " ") == text {
			o.ID, o.Fixed, o.Text = before.ID, before.Fixed, exam.Text{Format: format, Source: before.Text.Source}
		}
	}
	if o.ID == "" {
		o.ID = named("", ids, taken, func(n int) string { return p.ID + optionID(n) })
	}
	p.Options = append(p.Options, o)
	if weight != 0 {
		r.q.Key.Gaps[p.ID] = append(r.q.Key.Gaps[p.ID], exam.TextKey{Pattern: o.ID, Weight: weight})
	}
}

// gapBefore are the choices that a gap had.
func (r *fieldReader) gapBefore(prompt string) []exam.Option {
	for _, p := range r.base.Question.Prompts {
		if p.ID == prompt {
			return p.Options
		}
	}
	return nil
}
