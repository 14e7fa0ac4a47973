package questionset

import (
	"io"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"shiken/exam"
)

// exporter writes a set question by question, in a format of Moodle's, and tells what is lost.
type exporter struct {
	set    *Set
	report *Report
	tally  *tally
	format Format
	// question writes one question; it reports false when the format has no such question, which it has
	// then reported. category writes a change of category.
	question func(*Question) (string, bool)
	category func(path string) string
	// document makes a readable file of one question.
	document func(string) string

	place  place
	at     int               // 1-based, of the question that is being written
	forget []func(*Question) // what was told to be lost of it
	full   bool              // the file would be too large
}

// warning tells of a loss, and forgets what was lost.
func (e *exporter) warning(forget func(*Question), code Code, args ...any) {
	e.forgets(forget)
	e.report.warning(e.place, code, args...)
}

// forgets takes note of what is not to be compared; nil: all is.
func (e *exporter) forgets(fn func(*Question)) {
	if fn != nil {
		e.forget = append(e.forget, fn)
	}
}

func (e *exporter) error(code Code, args ...any) { e.report.error(e.place, code, args...) }

// lost counts what many questions may lose, and forgets it.
func (e *exporter) lost(forget func(*Question), code Code) {
	e.forgets(forget)
	e.tally.add(Warning, code, e.at)
}

// write writes the questions of the set, and before the first of each group what its questions share.
func (e *exporter) write(w io.Writer) error {
	e.tally = newTally(nil)
	category, group := "", ""
	err := e.set.each(func(at int, q *Question) error {
		e.report.Counts.Seen++
		e.begin(at, q)
		if q.Category != category {
			category = q.Category
			if err := writeString(w, e.category(oneLine(category))); err != nil {
				return err
			}
		}
		if q.Question.Group != group {
			group = q.Question.Group
			if err := writeString(w, e.stimulus(q)); err != nil {
				return err
			}
		}
		if err := writeString(w, e.one(q)); err != nil {
			return err
		}
		if e.full {
			return ErrTooLarge
		}
		return nil
	})
	e.tally.report(e.report)
	return err
}

func writeString(w io.Writer, s string) error {
	_, err := io.WriteString(w, s)
	return err
}

func (e *exporter) begin(at int, q *Question) {
	name := q.Number
	if name == "" {
		name = q.Question.Stem.Source
	}
	e.at, e.forget, e.place = at, nil, place{question: excerpt(name)}
}

// stimulus writes what a group shares as a description before it: formats of Moodle's do not tie
// questions together.
func (e *exporter) stimulus(q *Question) string {
	if q.Question.Group == "" || q.Question.Stimulus.Source == "" {
		return ""
	}
	e.warning(nil, codeExportStimulus)
	text, _ := e.question(&Question{
		Number: q.Question.Group, Category: q.Category, Question: exam.Question{Type: exam.Description, Stem: q.Question.Stimulus},
	})
	return text
}

// one writes a question and reads it again: what cannot be read is left out, and what reads differently
// is told, but for what was told to be lost.
func (e *exporter) one(q *Question) string {
	e.begin(e.at, q)
	if q.Year != 0 || q.Reference != "" || q.Difficulty != "" {
		e.tally.add(Warning, codeExportFields, e.at)
	}
	if q.Question.Title != "" {
		e.lost(forgetTitle, codeExportTitle)
	}
	text, ok := e.question(q)
	if ok {
		again := &File{Name: e.set.Name, Format: e.format, Report: Report{File: e.set.Name, Format: e.format}}
		textReaders[e.format](again, e.document(text))
		if ok = len(again.Questions) == 1 && again.Questions[0].Question.Type == q.Question.Type; ok {
			e.report.tellDiffering(e.place, differing(q, &again.Questions[0], e.forget))
		} else {
			e.error(codeExportUnreadable)
		}
	}
	if !ok {
		e.report.Counts.Refused++
		return ""
	}
	return text
}

// moodlePercentage writes a weight as a percentage that Moodle knows, where there is one near by.
func moodlePercentage(weight int) string {
	for _, known := range moodleFractions {
		if int(math.Round(known*100)) == max(weight, -weight) {
			return strconv.FormatFloat(math.Copysign(math.Round(known*1e5)/1e5, float64(weight)), 'f', -1, 64)
		}
	}
	return percent(weight)
}

// choiceWeights are the weights that options have in Moodle's way of scoring several answers: those that
// right options share evenly, and that wrong ones take away, unless the key has weights of its own.
func choiceWeights(q *Question) map[string]int {
	if q.Key.Weighted || q.Question.Type != exam.MultipleChoice {
		return q.Key.Options
	}
	right := 0
	for _, w := range q.Key.Options {
		if w > 0 {
			right++
		}
	}
	weights := map[string]int{}
	for _, o := range q.Question.Options {
		weights[o.ID] = -exam.FullCredit / max(right, 1)
		if q.Key.Options[o.ID] > 0 {
			weights[o.ID] = exam.FullCredit / right
		}
	}
	return weights
}

// truthOf finds out which option of a true/false question says that the statement is true: the first one,
// unless it is known for the other.
func truthOf(q *Question) (yes, no exam.Option) {
	yes, no = q.Question.Options[0], q.Question.Options[1]
	if yes.ID == falseOption || saysTrue(no.Text.Source, yes.Text.Source) {
		return no, yes
	}
	return yes, no
}

// keepsPlaces tells whether some options keep their places for another reason than their texts, of which
// an import makes that out by itself.
func keepsPlaces(options []exam.Option) bool {
	derived := make([]exam.Option, len(options))
	for i, o := range options {
		derived[i] = exam.Option{ID: o.ID, Text: o.Text}
	}
	checkOptions(&Report{}, place{}, derived)
	for i, o := range options {
		if o.Fixed != derived[i].Fixed {
			return true
		}
	}
	return false
}

// middle writes a range as a value and a tolerance.
func middle(k exam.NumberKey) (value, tolerance string) {
	low, okLow := exam.ParseNumber(k.Min)
	high, okHigh := exam.ParseNumber(k.Max)
	if !okLow || !okHigh || low.Cmp(high) == 0 {
		return k.Min, ""
	}
	half := big.NewRat(1, 2)
	value, _ = decimal(new(big.Rat).Mul(half, new(big.Rat).Add(low, high)))
	tolerance, _ = decimal(new(big.Rat).Mul(half, new(big.Rat).Sub(high, low)))
	return value, tolerance
}

// sourceID finds the id of a question in the key that an import gave it.
var sourceID = regexp.MustCompile(`/id/([^/#~]+)(?:#\d+)?$`)

// idOf is the id that the question had in its source, "" when it had none.
func idOf(q *Question) string {
	m := sourceID.FindStringSubmatch(q.SourceKey)
	if m == nil {
		return ""
	}
	return keyUnescapes.Replace(m[1])
}

var keyUnescapes = strings.NewReplacer("%2F", "/", "%23", "#", "%7E", "~", "%25", "%")
