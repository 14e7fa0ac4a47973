package questionset

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"shiken/exam"
	"shiken/internal/textfile"
)

// examReader reads one exam of an exam file and collects every fault on the way.
type examReader struct {
	report *Report
	file   *File  // that the exam stands in; nil: it is a form
	exam   string // slug, once it is known
	faults int
}

func (e *examReader) fault(n *yaml.Node, element string, code Code, args ...any) {
	e.faults++
	e.report.error(place{line: n.Line, element: element, question: e.exam}, code, args...)
}

// parseExams reads the YAML documents of an exam file, each of which is an exam. JSON is YAML.
func parseExams(f *File, text string) {
	r := &f.Report
	if len(text) > MaxExamFile {
		r.error(place{}, codeFileTooLarge, "limit", MaxExamFile>>20)
		return
	}
	if strings.ContainsRune(text, textfile.Undecodable) {
		line := 1 + strings.Count(text[:strings.IndexRune(text, textfile.Undecodable)], "\n")
		r.error(place{line: line}, codeUndecodable, "encoding", string(r.Encoding))
		return
	}
	d := yaml.NewDecoder(strings.NewReader(yamlOf(text)))
	slugs := map[string]int{}
	for {
		var doc yaml.Node
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.error(place{line: yamlLine(err)}, codeYAML, "detail", yamlDetail(err))
			break
		}
		if r.Counts.Seen == MaxExams {
			r.error(place{line: doc.Line}, codeTooManyQuestions, "limit", MaxExams)
			break
		}
		f.addExam(&doc, slugs)
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return a.Line - b.Line })
}

func (f *File) addExam(doc *yaml.Node, slugs map[string]int) {
	if len(doc.Content) == 0 || isNull(doc.Content[0]) {
		return
	}
	r := &f.Report
	if !r.mayRead(place{line: doc.Line}) {
		return
	}
	r.Counts.Seen++
	e := &examReader{report: r, file: f}
	root := doc.Content[0]
	if !e.plain(root, 0) {
		return
	}
	d := e.definition(root)
	if first, again := slugs[d.Slug]; again && d.Slug != "" {
		e.fault(root, "exam", codeExamTwice, "exam", d.Slug, "line", first)
	}
	slugs[d.Slug] = root.Line
	if e.faults == 0 {
		f.Definitions = append(f.Definitions, d)
	}
}

// yamlOf makes YAML of JSON that is indented with tabs. JSON strings hold no raw tabs, so lines and
// contents stay what they are.
func yamlOf(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "{") && json.Valid([]byte(text)) {
		return strings.ReplaceAll(text, "\t", " ")
	}
	return text
}

var yamlErrorLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

func yamlLine(err error) int {
	m := yamlErrorLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 0
	}
	line, _ := strconv.Atoi(m[1]) // without a line: 0, the whole file
	return line
}

func yamlDetail(err error) string {
	if m := yamlErrorLine.FindStringSubmatch(err.Error()); m != nil {
		return m[2]
	}
	return err.Error()
}

// maxExamDepth is how deeply an exam file nests: exam, sections, section, from, list, value.
const maxExamDepth = 8

// plain refuses what makes a YAML file mean more than it shows: anchors, aliases, merge keys, tags
// of its own, and deep nesting. It follows no alias, so it is linear in the size of the file.
func (e *examReader) plain(n *yaml.Node, depth int) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "" || n.Tag == "!!merge":
		e.fault(n, "", codeYAMLAlias)
		return false
	case depth > maxExamDepth:
		e.fault(n, "", codeYAMLDepth)
		return false
	}
	for _, c := range n.Content {
		if !e.plain(c, depth+1) {
			return false
		}
	}
	return true
}

var examFields = []string{"exam", "title", "navigation", "feedback", "devices", "time_limit", "grace", "attempts", "counts",
	"shuffle", "labels", "pass_mark", "release", "window", "open_to", "attachments", "published", "sections"}

// definition reads an exam. What is left out gets its default: free navigation, exam feedback, no
// time limit, one attempt, no shuffling, the score released immediately, the rest by hand.
func (e *examReader) definition(root *yaml.Node) exam.Definition {
	m := e.mapping(root, "", examFields)
	var d exam.Definition
	if e.need(root, m, "exam") {
		d.Slug = e.slug(m["exam"], "exam")
		e.exam = d.Slug
	}
	if e.need(root, m, "title") {
		d.Title = e.title(m["title"], "title")
	}
	r := &d.Rules
	r.Navigation = exam.Navigation(e.word(m["navigation"], "navigation", string(exam.Free), string(exam.Linear)))
	r.Feedback = exam.FeedbackMode(e.word(m["feedback"], "feedback", string(exam.ExamFeedback), string(exam.PracticeFeedback)))
	r.Devices = exam.Devices(e.wordOrNone(m["devices"], "devices", "any", string(exam.OneDevice)))
	r.TimeLimit = e.duration(m["time_limit"], "time_limit", exam.Second, exam.MaxTimeLimit)
	r.Grace = e.duration(m["grace"], "grace", 0, exam.MaxGrace)
	r.PassMark = e.integer(m["pass_mark"], "pass_mark", 0, 0, 100)
	r.Window = e.window(m["window"])
	r.Release = e.release(m["release"], r.Window.Close != 0)
	d.Attempts = e.integer(m["attempts"], "attempts", 1, 0, maxAttempts)
	d.Counts = exam.Counting(e.wordOrNone(m["counts"], "counts", "best", string(exam.CountLast), string(exam.CountFirst), string(exam.CountAverage)))
	d.Shuffle = e.shuffle(m["shuffle"])
	d.Labels = exam.OptionLabels(e.wordOrNone(m["labels"], "labels", "none", string(exam.Letters), string(exam.Numbers), string(exam.Katakana)))
	d.OpenTo = e.names(m["open_to"], "open_to")
	d.Attachments = e.attachments(m["attachments"])
	d.Published = e.boolean(m["published"], "published")
	if e.need(root, m, "sections") {
		d.Sections = e.sections(m["sections"])
	}
	return d
}

// maxAttempts bounds attempts that are not unlimited.
const maxAttempts = 1_000

func (e *examReader) shuffle(n *yaml.Node) exam.Shuffle {
	if n == nil {
		return exam.Shuffle{}
	}
	m := e.mapping(n, "shuffle", []string{"questions", "options"})
	return exam.Shuffle{
		Questions: e.boolean(m["questions"], "shuffle.questions"),
		Options:   e.boolean(m["options"], "shuffle.options"),
	}
}

// window reads when attempts may begin and are worked on: open ≤ last_start ≤ close.
func (e *examReader) window(n *yaml.Node) exam.Window {
	if n == nil {
		return exam.Window{}
	}
	m := e.mapping(n, "window", []string{"open", "last_start", "close"})
	w := exam.Window{
		Open:      e.instant(m["open"], "window.open"),
		LastStart: e.instant(m["last_start"], "window.last_start"),
		Close:     e.instant(m["close"], "window.close"),
	}
	e.inOrder(m, "open", w.Open, "last_start", w.LastStart)
	e.inOrder(m, "last_start", w.LastStart, "close", w.Close)
	e.inOrder(m, "open", w.Open, "close", w.Close)
	if w.Open > 0 && w.Open == w.Close {
		e.fault(m["close"], "window.close", codeWindowEmpty)
	}
	return w
}

func (e *examReader) inOrder(m map[string]*yaml.Node, first string, a exam.Instant, then string, b exam.Instant) {
	if a > 0 && b > 0 && a > b {
		e.fault(m[then], "window."+then, codeWindowOrder, "first", first, "then", then)
	}
}

func (e *examReader) release(n *yaml.Node, closes bool) exam.ReleaseRules {
	out := exam.ReleaseRules{
		Score:   exam.Release{When: exam.Immediately},
		Answers: exam.Release{When: exam.Manually},
		Keys:    exam.Release{When: exam.Manually},
	}
	if n == nil {
		return out
	}
	m := e.mapping(n, "release", []string{"score", "answers", "keys"})
	e.moment(m["score"], "release.score", &out.Score, closes)
	e.moment(m["answers"], "release.answers", &out.Answers, closes)
	e.moment(m["keys"], "release.keys", &out.Keys, closes)
	return out
}

// moment reads when something is released: a word or a time.
func (e *examReader) moment(n *yaml.Node, element string, to *exam.Release, closes bool) {
	if n == nil {
		return
	}
	at, isTime := parseInstant(n.Value)
	switch w := exam.ReleaseWhen(n.Value); {
	case n.Kind != yaml.ScalarNode:
		e.fault(n, element, codeRelease, "value", n.Value)
	case w == exam.AfterClose && !closes:
		e.fault(n, element, codeAfterCloseNeedsClose)
	case w == exam.Immediately || w == exam.AfterClose || w == exam.Manually || w == exam.Never:
		*to = exam.Release{When: w}
	case isTime:
		*to = exam.Release{When: exam.At, At: at}
	default:
		e.fault(n, element, codeRelease, "value", n.Value)
	}
}
