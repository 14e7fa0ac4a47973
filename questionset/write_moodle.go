package questionset

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"shiken/exam"
)

// writeMoodle writes a set as Moodle XML, as Moodle 4.1 does.
func writeMoodle(w io.Writer, set *Set, r *Report) error {
	m := &moodleWriter{}
	m.exporter = exporter{set: set, report: r, format: MXML, question: m.write, category: moodleCategory, document: moodleDocument}
	if err := writeString(w, moodleHead); err != nil {
		return err
	}
	if err := m.exporter.write(w); err != nil {
		return err
	}
	return writeString(w, moodleTail)
}

const (
	moodleHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n"
	moodleTail = "</quiz>\n"
)

func moodleDocument(s string) string { return moodleHead + s + moodleTail }

func moodleCategory(path string) string {
	return "  <question type=\"category\">\n    <category><text>" + xmlText("$course$/top/"+path) + "</text></category>\n  </question>\n"
}

// xmlText writes a text so that it reads as it is.
func xmlText(s string) string {
	if !strings.ContainsAny(s, "<>&") {
		return s
	}
	return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>"
}

// moodleWriter writes one question at a time.
type moodleWriter struct {
	exporter
	b strings.Builder
	// embedded is what pictures and sounds took so far, in bytes.
	embedded int
}

func (m *moodleWriter) element(indent int, name, value string) {
	fmt.Fprintf(&m.b, "%s<%s>%s</%s>\n", strings.Repeat("  ", indent), name, m.legal(value), name)
}

// legal replaces characters that XML cannot hold.
func (m *moodleWriter) legal(s string) string {
	illegal := func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF
	}
	if strings.IndexFunc(s, illegal) < 0 {
		return xmlText(s)
	}
	replace := func(s string) string {
		return strings.Map(func(r rune) rune {
			if illegal(r) {
				return utf8.RuneError
			}
			return r
		}, s)
	}
	m.warning(func(q *Question) {
		eachTextOf(q, func(t *exam.Text) { t.Source = replace(t.Source) })
	}, codeExportCharacter)
	return xmlText(replace(s))
}

var moodleFormNames = map[exam.TextFormat]string{
	exam.HTML: "html", exam.Markdown: "markdown", exam.Plain: "plain_text", "": "plain_text",
}

// text writes a text with its files.
func (m *moodleWriter) text(indent int, name, attributes string, t exam.Text, inside ...string) {
	m.b.WriteString(m.textElement(indent, name, attributes, t, inside...))
}

func (m *moodleWriter) textElement(indent int, name, attributes string, t exam.Text, inside ...string) string {
	in := strings.Repeat("  ", indent)
	source, files := m.files(t)
	return fmt.Sprintf("%s<%s%s format=\"%s\">\n%s  <text>%s</text>\n%s%s%s</%s>\n",
		in, name, attributes, moodleFormNames[t.Format], in, m.legal(source), files, strings.Join(inside, ""), in, name)
}

var mediaRef = regexp.MustCompile(MediaPrefix + `[0-9a-f]{64}\.[a-z0-9]{1,5}`)

// files puts the media that a text shows beside it.
func (m *moodleWriter) files(t exam.Text) (source, files string) {
	if t.Format != exam.HTML && t.Format != exam.Markdown {
		return t.Source, ""
	}
	written := map[string]bool{}
	source = mediaRef.ReplaceAllStringFunc(t.Source, func(ref string) string {
		media, ok := m.set.Media[MediaHash(ref)]
		if !ok {
			m.warning(nil, codeExportNoMedia, "name", ref)
			return ref
		}
		name := media.Hash[:16] + path.Ext(ref)
		if !written[name] {
			written[name] = true
			m.embedded += base64.StdEncoding.EncodedLen(len(media.Data))
			if m.full = m.embedded > MaxEmbedded; m.full {
				return ref
			}
			files += `<file name="` + name + `" path="/" encoding="base64">` + base64.StdEncoding.EncodeToString(media.Data) + "</file>\n"
		}
		return moodleFile + "/" + name
	})
	return source, files
}

// moodleKinds are Moodle's names of the types.
var moodleKinds = map[exam.QuestionType]string{
	exam.SingleChoice: "multichoice", exam.MultipleChoice: "multichoice", exam.TrueFalse: "truefalse", exam.ShortText: "shortanswer",
	exam.Numeric: "numerical", exam.Essay: "essay", exam.Matching: "matching", exam.Ordering: "ordering", exam.Description: "description",
	exam.Gaps: "cloze",
}

func (m *moodleWriter) write(q *Question) (string, bool) {
	m.b.Reset()
	kind, stem := moodleKinds[q.Question.Type], q.Question.Stem
	switch {
	case kind == "":
		m.error(codeExportType, "type", string(q.Question.Type))
		return "", false
	case kind == "multichoice" && q.Key.Rule == exam.Whole && q.Question.Type == exam.MultipleChoice:
		kind = "multichoiceset"
	case kind == "cloze" && onlyWords(q):
		kind = "gapselect"
		stem.Source = m.gapStem(q, func(i int) string { return fmt.Sprintf("[[%d]]", rightWord(q, i)) })
	case kind == "cloze":
		codes := clozeCodes(q, moodleClozeText)
		stem.Source = m.gapStem(q, func(i int) string { return codes[i] })
	}
	fmt.Fprintf(&m.b, "  <question type=\"%s\">\n    <name>\n      <text>%s</text>\n    </name>\n", kind, m.legal(moodleName(q)))
	m.text(2, "questiontext", "", stem)
	m.text(2, "generalfeedback", "", q.Feedback.Explanation)
	m.common(q)
	m.answers(q, kind)
	m.tags(q)
	m.b.WriteString("  </question>\n")
	return m.b.String(), true
}

// moodleName is the question's name, which in Moodle may not be empty.
func moodleName(q *Question) string {
	return cmp.Or(oneLine(q.Number), excerpt(htmlTag.ReplaceAllString(q.Question.Stem.Source, " ")))
}

func (m *moodleWriter) common(q *Question) {
	if q.Question.Type != exam.Description {
		m.element(2, "defaultgrade", "1")
	}
	m.element(2, "penalty", "0")
	m.element(2, "hidden", "0")
	m.element(2, "idnumber", idOf(q))
}

func (m *moodleWriter) tags(q *Question) {
	if len(q.Tags) == 0 {
		return
	}
	m.b.WriteString("    <tags>\n")
	for _, t := range q.Tags {
		m.b.WriteString("      <tag><text>" + m.legal(oneLine(t)) + "</text></tag>\n")
	}
	m.b.WriteString("    </tags>\n")
}

// gapStem writes codes at the places of the gaps.
func (m *moodleWriter) gapStem(q *Question, code func(i int) string) string {
	parts := m.cutGaps(q)
	var b strings.Builder
	for i := range q.Question.Prompts {
		b.WriteString(parts[i] + code(i))
	}
	return b.String() + parts[len(parts)-1]
}

func (m *moodleWriter) answers(q *Question, kind string) {
	switch q.Question.Type {
	case exam.SingleChoice, exam.MultipleChoice:
		m.choice(q, kind)
	case exam.TrueFalse:
		m.truth(q)
	case exam.ShortText:
		m.texts(q)
	case exam.Numeric:
		m.numbers(q)
	case exam.Matching:
		m.pairs(q)
	case exam.Ordering:
		m.order(q)
	case exam.Essay:
		m.element(2, "responseformat", "editor")
		m.text(2, "graderinfo", "", q.Key.Guide)
	case exam.Gaps:
		if kind == "gapselect" {
			m.words(q)
		}
	}
	if kind != "cloze" && len(q.Key.Weights) > 0 {
		m.warning(forgetScoring, codeExportScoring)
	}
}

// answer writes an answer with what it earns.
func (m *moodleWriter) answer(weight string, t, feedback exam.Text, inside ...string) {
	inside = append([]string{m.textElement(3, "feedback", "", feedback)}, inside...)
	m.text(2, "answer", ` fraction="`+weight+`"`, t, inside...)
}

// choice writes options. A key without weights of its own gets such as score alike, which is told.
func (m *moodleWriter) choice(q *Question, kind string) {
	weights := choiceWeights(q)
	fixed := !slices.ContainsFunc(q.Question.Options, func(o exam.Option) bool { return !o.Fixed })
	switch {
	case kind == "multichoiceset":
		weights = q.Key.Options
	case q.Question.Type == exam.MultipleChoice && q.Key.Rule == exam.Sum:
		m.lost(sumOfWeights, codeExportByExam)
	case q.Question.Type == exam.MultipleChoice && !q.Key.Weighted:
		m.lost(sumOfWeights, codeExportSum)
	}
	if !fixed && keepsPlaces(q.Question.Options) {
		m.lost(forgetFixed, codeExportFixed)
	}
	m.element(2, "single", fmt.Sprint(q.Question.Type == exam.SingleChoice))
	m.element(2, "shuffleanswers", fmt.Sprint(!fixed))
	m.element(2, "answernumbering", "abc")
	for _, o := range q.Question.Options {
		m.answer(moodlePercentage(weights[o.ID]), o.Text, q.Feedback.Options[o.ID])
	}
}

// truth writes the answers true and false; words of its own are lost.
func (m *moodleWriter) truth(q *Question) {
	standard := truthOptions(q.Question.Stem.Source)
	yes, no := truthOf(q)
	for i, o := range []exam.Option{yes, no} {
		if o.Text.Source != standard[i].Text.Source {
			m.lost(forgetWords, codeExportTruthWords)
		}
		weight := "0"
		if q.Key.Options[o.ID] > 0 {
			weight = "100"
		}
		m.answer(weight, exam.Text{Source: standard[i].ID}, q.Feedback.Options[o.ID])
	}
}

func (m *moodleWriter) texts(q *Question) {
	usecase := "0"
	if slices.ContainsFunc(q.Key.Texts, func(k exam.TextKey) bool { return k.CaseSensitive }) {
		usecase = "1"
	}
	m.element(2, "usecase", usecase)
	for _, k := range q.Key.Texts {
		m.answer(moodlePercentage(k.Weight), exam.Text{Source: k.Pattern}, exam.Text{})
	}
}

func (m *moodleWriter) numbers(q *Question) {
	for _, k := range q.Key.Numbers {
		value, tolerance := middle(k)
		m.answer(moodlePercentage(k.Weight), exam.Text{Source: value}, exam.Text{},
			"      <tolerance>"+cmp.Or(tolerance, "0")+"</tolerance>\n")
	}
	if q.Question.Unit != "" {
		m.b.WriteString("    <units>\n      <unit>\n        <multiplier>1</multiplier>\n")
		m.element(4, "unit_name", q.Question.Unit)
		m.b.WriteString("      </unit>\n    </units>\n")
		m.element(2, "unitgradingtype", "0")
		m.element(2, "showunits", "0")
	}
}

// pairs writes pairs, and what is nobody's partner beside an empty text.
func (m *moodleWriter) pairs(q *Question) {
	if q.Key.Rule != exam.ByExam {
		m.warning(forgetScoring, codeExportScoring)
	}
	m.element(2, "shuffleanswers", "true")
	right := map[string]string{}
	used := map[string]bool{}
	for _, o := range q.Question.Options {
		right[o.ID] = o.Text.Source
		if o.Text.Format == exam.HTML || o.Text.Format == exam.Markdown {
			m.warning(forgetMarkup, codeExportPlain, "text", o.Text.Source)
		}
	}
	pair := func(left exam.Text, option string) {
		m.text(2, "subquestion", "", left, "      <answer>\n        <text>"+m.legal(right[option])+"</text>\n      </answer>\n")
	}
	for _, p := range q.Question.Prompts {
		used[q.Key.Pairs[p.ID]] = true
		pair(p.Text, q.Key.Pairs[p.ID])
	}
	for _, o := range q.Question.Options {
		if !used[o.ID] {
			pair(exam.Text{}, o.ID)
		}
	}
}

var orderGradings = map[exam.ScoringRule]string{
	exam.Whole: "ALL_OR_NOTHING", exam.ByExam: "ABSOLUTE_POSITION", exam.Next: "RELATIVE_NEXT_EXCLUDE_LAST",
}

// order writes items in their right order.
func (m *moodleWriter) order(q *Question) {
	grading := orderGradings[q.Key.Rule]
	if grading == "" {
		m.warning(forgetScoring, codeExportScoring)
		grading = "ABSOLUTE_POSITION"
	}
	m.element(2, "layouttype", "VERTICAL")
	m.element(2, "selecttype", "ALL")
	m.element(2, "selectcount", "0")
	m.element(2, "gradingtype", grading)
	for i, id := range q.Key.Order {
		for _, p := range q.Question.Prompts {
			if p.ID == id {
				m.answer(fmt.Sprint(i+1), p.Text, exam.Text{})
			}
		}
	}
}

// onlyWords tells gaps that Cloze cannot hold: a word to be chosen where there is no other. Then all gaps
// are written as "select missing words", if they can.
func onlyWords(q *Question) bool {
	single := false
	for _, p := range q.Question.Prompts {
		full := 0
		for _, k := range q.Key.Gaps[p.ID] {
			if k.Weight != 0 && k.Weight != exam.FullCredit {
				return false
			}
			full += k.Weight / exam.FullCredit
		}
		if full != 1 || len(p.Options) == 0 {
			return false
		}
		single = single || len(p.Options) == 1
	}
	return single
}

// rightWord is the number of the right word of the i-th gap among the words of all gaps.
func rightWord(q *Question, i int) int {
	number := 1
	for _, p := range q.Question.Prompts[:i] {
		number += len(p.Options)
	}
	p := &q.Question.Prompts[i]
	for j, o := range p.Options {
		for _, k := range q.Key.Gaps[p.ID] {
			if k.Pattern == o.ID && k.Weight == exam.FullCredit {
				return number + j
			}
		}
	}
	return 0
}

// words writes the words of each gap as a group of its own.
func (m *moodleWriter) words(q *Question) {
	m.element(2, "shuffleanswers", fmt.Sprint(!q.Question.Prompts[0].Options[0].Fixed))
	for i, p := range q.Question.Prompts {
		for _, o := range p.Options {
			m.b.WriteString("    <selectoption>\n")
			m.element(3, "text", o.Text.Source)
			m.element(3, "group", fmt.Sprint(i+1))
			m.b.WriteString("    </selectoption>\n")
		}
	}
}
