package questionset

import (
	"bytes"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shiken/exam"
)

// ReadQuestion reads a question's form by the rules by which files are read. base is the question as it was,
// zero for a new one: ids that it gave stay, and so does of its key what no form says. The question counts
// when the report is sound; the element of each finding is a path of the form. media are the pictures that
// stood within the texts.
func ReadQuestion(f Fields, base *Question) (q Question, media []Media, report Report) {
	q, media, report = readQuestion(f, base)
	was, _, _ := readQuestion(QuestionFields(base), base)
	keep(&q.Question, was.Question, base.Question)
	keep(&q.Key, was.Key, base.Key)
	keep(&q.Feedback, was.Feedback, base.Feedback)
	q.seal()
	return q, media, report
}

// keep takes what is stored where the form says what it said of that: two forms may say the same of what
// differs in spelling only.
func keep[T any](is *T, was, stored T) {
	if bytes.Equal(exam.Canonical(*is), exam.Canonical(was)) {
		*is = stored
	}
}

func readQuestion(f Fields, base *Question) (q Question, media []Media, report Report) {
	file := &File{}
	r := fieldReader{f: f, was: QuestionFields(base), base: base, file: file}
	r.about()
	switch t := r.q.Question.Type; {
	case t.IsChoice():
		r.choice()
	case t == exam.ShortText:
		r.texts()
	case t == exam.Numeric:
		r.numbers()
	case t == exam.Matching:
		r.matching()
	case t == exam.Ordering:
		r.ordering()
	case t == exam.Gaps:
		r.gaps()
	}
	r.keepKey()
	r.q.seal()
	for _, m := range file.Media {
		media = append(media, m)
	}
	return r.q, media, file.Report
}

type fieldReader struct {
	f, was Fields // was is the form of base
	base   *Question
	file   *File
	q      Question
	format exam.TextFormat // of the stem
}

// allTypes are the types that a form may say.
var allTypes = []exam.QuestionType{
	exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse, exam.ShortText, exam.Numeric, exam.Matching, exam.Ordering,
	exam.Gaps, exam.Essay, exam.Description,
}

// EditTypes lists the types of questions in the order in which an editor offers them.
func EditTypes() []exam.QuestionType { return slices.Clone(allTypes) }

func (r *fieldReader) error(path string, code Code, args ...any) {
	r.file.Report.error(place{element: path}, code, args...)
}

func (r *fieldReader) warning(path string, code Code, args ...any) {
	r.file.Report.warning(place{element: path}, code, args...)
}

// line reads a field of one line.
func (r *fieldReader) line(path string) string {
	text := strings.Join(strings.Fields(r.f.get(path)), " ")
	r.file.Report.checkText(place{element: path}, text, MaxName)
	return text
}

// text reads a text with its format.
func (r *fieldReader) text(path string) exam.Text {
	t := exam.Text{Format: r.format, Source: strings.TrimSpace(lineEnds.Replace(r.f.get(path)))}
	if format := exam.TextFormat(r.f.get(path + ".format")); slices.Contains(editFormats, format) {
		t.Format = format
	}
	if t.Source == "" {
		return exam.Text{}
	}
	r.file.Report.checkText(place{element: path}, t.Source, MaxText)
	asItWas := r.f.get(path) == r.was.get(path)
	switch {
	case asItWas:
	case t.Format == exam.HTML:
		t.Source = r.file.linkMedia(place{element: path}, t.Source, func(string) ([]byte, bool) { return nil, false })
	case t.Format == exam.Markdown:
		if m := muteImage.FindStringSubmatch(t.Source); m != nil {
			r.warning(path, codeMediaNoAlt, "name", m[1])
		}
	}
	if t.Format == exam.Plain {
		t.Format = ""
	}
	return t
}

var (
	lineEnds    = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	editFormats = []exam.TextFormat{exam.Plain, exam.Markdown, exam.HTML}
	// muteImage is a picture of Markdown without alternative text.
	muteImage = regexp.MustCompile(`!\[\s*\]\(([^)\s]*)`)
)

func (r *fieldReader) about() {
	q := &r.q
	if q.Question.Type = exam.QuestionType(r.f.get("type")); !slices.Contains(allTypes, q.Question.Type) {
		r.error("type", codeEditType)
	}
	r.format = exam.Plain
	if format := exam.TextFormat(r.f.get("stem.format")); slices.Contains(editFormats, format) {
		r.format = format
	}
	q.Question.Title, q.Number, q.Category = r.line("title"), r.line("number"), r.line("category")
	q.Reference, q.Difficulty, q.Question.Group = r.line("reference"), r.line("difficulty"), r.line("group")
	if q.Question.Type == exam.Numeric {
		q.Question.Unit = r.line("unit")
	}
	q.Question.Stem = r.text("stem")
	if q.Question.Stem.Source == "" {
		r.error("stem", codeEmptyStem)
	}
	q.Question.Stimulus = r.text("stimulus")
	q.Feedback.Explanation = r.text("explanation")
	if q.Question.Type == exam.Essay {
		q.Key.Guide = r.text("guide")
	}
	r.year()
	r.tags()
}

func (r *fieldReader) year() {
	text := r.f.number("year")
	if text == "" {
		return
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < 1 || year > 9999 {
		r.error("year", codeEditYear, "year", text)
		return
	}
	r.q.Year = year
}

// maxTags bounds the tags of a question.
const maxTags = 50

func (r *fieldReader) tags() {
	for _, tag := range strings.FieldsFunc(r.f.get("tags"), func(c rune) bool { return strings.ContainsRune(",、，\n", c) }) {
		tag = strings.Join(strings.Fields(tag), " ")
		if tag == "" || slices.Contains(r.q.Tags, tag) {
			continue
		}
		r.file.Report.checkText(place{element: "tags"}, tag, MaxName)
		r.q.Tags = append(r.q.Tags, tag)
	}
	if len(r.q.Tags) > maxTags {
		r.error("tags", codeEditTags, "limit", maxTags)
	}
}

// rows lists the numbers of the rows that hold anything in one of their fields.
func (r *fieldReader) rows(names ...string) []int {
	var out []int
	for i := 1; i <= r.f.Rows(); i++ {
		for _, name := range names {
			if strings.TrimSpace(r.f.get(rowPath(i)+"."+name)) != "" {
				out = append(out, i)
				break
			}
		}
	}
	if len(out) > MaxAnswers {
		r.error("", codeTooManyAnswers, "count", len(out), "limit", MaxAnswers)
	}
	return out
}

func (r *fieldReader) row(i int, name string) string { return r.f.get(rowPath(i) + "." + name) }

// named keeps an id that the question gave before, and makes a new one otherwise.
func named(wanted string, given []string, taken map[string]bool, make func(int) string) string {
	if wanted == "" || taken[wanted] || !slices.Contains(given, wanted) {
		for i := 0; ; i++ {
			if wanted = make(i); !taken[wanted] && !slices.Contains(given, wanted) {
				break
			}
		}
	}
	taken[wanted] = true
	return wanted
}

func (r *fieldReader) optionIDs() []string {
	var ids []string
	for _, o := range r.base.Question.Options {
		ids = append(ids, o.ID)
	}
	return ids
}

func (r *fieldReader) promptIDs() []string {
	var ids []string
	for _, p := range r.base.Question.Prompts {
		ids = append(ids, p.ID)
	}
	return ids
}

func promptID(i int) string { return "p" + strconv.Itoa(i+1) }

var shareForm = regexp.MustCompile(`^[+-]?\d{1,3}(?:\.\d{0,12})?$`)

// weight reads a weight in percent; what is empty is absent.
func (r *fieldReader) weight(path, text string, least, absent int) int {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(norm.NFKC.String(text)), "%"))
	if text == "" {
		return absent
	}
	v, err := strconv.ParseFloat(text, 64)
	weight := int(math.Round(v * exam.FullCredit / 100))
	if err != nil || !shareForm.MatchString(text) || weight < least || weight > exam.FullCredit {
		r.error(path, codeEditWeight, "text", text, "least", percent(least))
		return absent
	}
	return weight
}

// keepKey keeps of the key what no form says, where the question is of the same type.
func (r *fieldReader) keepKey() {
	key, was := &r.q.Key, &r.base.Key
	if r.q.Question.Type != r.base.Question.Type {
		key.Rule = r.rule("")
		return
	}
	key.Rule = r.rule(was.Rule)
	if key.Treatment, key.Either = was.Treatment, was.Either; key.Treatment != exam.ByKey || key.Either != nil {
		r.warning("", codeEditTreated)
	}
	if r.q.Question.Type == exam.Matching && was.PairWeights != nil {
		r.keepPairs(key, was)
	}
	if r.q.Question.Type == exam.Matching && key.PairWeights == nil && key.Rule == exam.Sum {
		key.Rule = exam.ByExam
	}
}

// rule reads how the question is scored: one of the rules that its type knows, or the one that it has.
func (r *fieldReader) rule(has exam.ScoringRule) exam.ScoringRule {
	rule := exam.ScoringRule(r.f.get("rule"))
	if rule == has || slices.Contains(EditRules(r.q.Question.Type), rule) {
		return rule
	}
	return exam.ByExam
}

// EditRules lists the scoring rules that an author may choose for a type, none where there is no choice.
func EditRules(t exam.QuestionType) []exam.ScoringRule {
	switch t {
	case exam.MultipleChoice, exam.Gaps:
		return []exam.ScoringRule{exam.ByExam, exam.Whole, exam.Sum}
	case exam.Matching:
		return []exam.ScoringRule{exam.ByExam, exam.Whole}
	case exam.Ordering:
		return []exam.ScoringRule{exam.ByExam, exam.Whole, exam.Next}
	}
	return nil
}

// keepPairs keeps what each pair earns while items and choices stay; else the pairs alone count.
func (r *fieldReader) keepPairs(key, was *exam.Key) {
	if slices.Equal(r.promptIDs(), idsOfPrompts(r.q.Question.Prompts)) && slices.Equal(slices.Sorted(slices.Values(r.optionIDs())), idsOfOptions(r.q.Question.Options)) {
		key.PairWeights, key.Weights, key.Pairs = was.PairWeights, was.Weights, was.Pairs
		r.q.Question.Options = inOrderOf(r.q.Question.Options, r.optionIDs())
		return
	}
	r.warning("", codeEditPairWeights)
}
