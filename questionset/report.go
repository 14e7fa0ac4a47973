package questionset

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"shiken/internal/printable"
)

// Severity says what a finding means for its question.
type Severity string

// An Error refuses the question (or, without a question, the file); a Warning wants a look; a Note
// only says how something was read.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is one line of a report. Its text comes from the catalogue by Code and Args.
type Finding struct {
	Severity Severity `json:"severity"`
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"`     // 1-based; 0: the whole file
	Element  string   `json:"element,omitempty"`  // column, answer or field
	Cell     string   `json:"cell,omitempty"`     // of a workbook, as it calls it: Sheet1!F7, or Sheet1!7 for a row
	Question string   `json:"question,omitempty"` // number or name; the slug of an exam
	Code     Code     `json:"code"`
	// Nth is the place of its question among those seen in the file, from 1; 0: it is of no question alone.
	Nth  int               `json:"-"`
	Args map[string]string `json:"args,omitempty"`
	// Lines are all the places of what several questions share, Nths these questions.
	Lines []int `json:"lines,omitempty"`
	Nths  []int `json:"-"`
}

// Counts says what became of the questions of a file (of the exams of an exam file).
// Seen = Taken + Refused + Identical.
type Counts struct {
	Seen        int `json:"seen"`
	Taken       int `json:"taken"`
	NeedsMarker int `json:"needs_marker"` // of those taken
	Refused     int `json:"refused"`
	Identical   int `json:"identical"` // exact copies of a question taken before, left out
	Mended      int `json:"-"`         // by their author since the file was read; they are taken, too
}

// Report says what was read, how, and what is wrong with it.
type Report struct {
	File     string    `json:"file"`
	Format   Format    `json:"format"`
	Encoding Encoding  `json:"encoding,omitempty"`
	Counts   Counts    `json:"counts"`
	Findings []Finding `json:"findings"`

	budget budget
	nth    int                  // of the question that is read, 0 between questions
	cell   func(p place) string // of the workbook that is read; nil: it is none
}

// Sound reports whether nothing was refused: the file may be loaded whole.
func (r *Report) Sound() bool {
	for i := range r.Findings {
		if r.Findings[i].Severity == Error {
			return false
		}
	}
	return true
}

// place is where a finding belongs.
type place struct {
	line     int
	element  string
	question string
}

// at returns the place with another element.
func (p place) at(element string) place { p.element = element; return p }

func (r *Report) add(s Severity, p place, code Code, args ...any) {
	if r.budget.silent || !r.listed(s, code) {
		return
	}
	f := Finding{Severity: s, File: r.File, Line: p.line, Element: p.element, Question: p.question, Code: code, Nth: r.nth}
	if r.cell != nil && p.line > 0 {
		f.Cell = r.cell(p)
	}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = make(map[string]string, len(args)/2)
		}
		f.Args[fmt.Sprint(args[i])] = excerpt(fmt.Sprint(args[i+1]))
	}
	r.Findings = append(r.Findings, f)
}

func (r *Report) error(p place, code Code, args ...any)   { r.add(Error, p, code, args...) }
func (r *Report) warning(p place, code Code, args ...any) { r.add(Warning, p, code, args...) }
func (r *Report) note(p place, code Code, args ...any)    { r.add(Note, p, code, args...) }

// excerpt keeps a quotation short and on one line.
func excerpt(s string) string {
	const most = 80
	var b strings.Builder
	runes := 0
	for word := range strings.FieldsSeq(s) {
		if runes > 0 {
			word = " " + word
		}
		for _, r := range word {
			if runes == most {
				return b.String() + "…"
			}
			b.WriteRune(r)
			runes++
		}
	}
	return b.String()
}

// WriteText writes the report for people, one line per finding, in the language "ja" or "en"
// (any other: English).
func (r *Report) WriteText(w io.Writer, lang string) error {
	c := catalogueOf(lang)
	var b strings.Builder
	b.WriteString(c.label("head", "file", r.File, "format", c.label("format."+string(r.Format)),
		"encoding", c.label("encoding."+string(r.Encoding))))
	b.WriteByte('\n')
	for i := range r.Findings {
		c.writeFinding(&b, r.Format, &r.Findings[i])
	}
	n := &r.Counts
	b.WriteString(c.label("counts", "seen", n.Seen, "taken", n.Taken, "marker", n.NeedsMarker,
		"refused", n.Refused, "identical", n.Identical))
	b.WriteByte('\n')
	if look := r.Attention(); look > 0 {
		b.WriteString(c.label("attention", "count", look) + "\n")
	}
	_, err := io.WriteString(w, printable.Text(b.String()))
	return err
}

func (c *catalogue) writeFinding(b *strings.Builder, format Format, f *Finding) {
	b.WriteString(f.File)
	if f.Line > 0 {
		b.WriteString(":" + strconv.Itoa(f.Line))
	}
	b.WriteString(": " + c.label("severity."+string(f.Severity)) + ": ")
	if f.Question != "" && format == Exam {
		b.WriteString(c.label("exam", "exam", f.Question))
	} else if f.Question != "" {
		b.WriteString(c.label("question", "question", f.Question))
	}
	if at := strings.TrimSpace(f.Cell + " " + f.Element); at != "" {
		b.WriteString(c.label("element", "element", at))
	}
	m := c.message(f)
	b.WriteString(m.What)
	if m.Mend != "" {
		b.WriteString(c.label("gap") + m.Mend)
	}
	b.WriteByte('\n')
}

// WriteFindings writes the findings alone, as WriteText does.
func (r *Report) WriteFindings(w io.Writer, lang string) error {
	var b strings.Builder
	for i := range r.Findings {
		catalogueOf(lang).writeFinding(&b, r.Format, &r.Findings[i])
	}
	_, err := io.WriteString(w, printable.Text(b.String()))
	return err
}

// Text returns what is wrong and how to mend it, in the language "ja" or "en".
func (f *Finding) Text(lang string) (what, mend string) {
	m := catalogueOf(lang).message(f)
	return m.What, m.Mend
}

// MarshalJSON adds the finding's text in every language of the catalogue.
func (f Finding) MarshalJSON() ([]byte, error) {
	type plain Finding
	text := make(map[string]message, len(catalogues))
	for lang, c := range catalogues {
		text[lang] = c.message(&f)
	}
	return json.Marshal(struct {
		plain
		Text map[string]message `json:"text"`
	}{plain(f), text})
}

// WriteJSON writes the report for programs: codes with arguments, and the texts in every language.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	out := struct {
		Report
		Sound     bool `json:"sound"`
		Attention int  `json:"needs_attention"` // questions taken that lack what they showed
	}{*r, r.Sound(), r.Attention()}
	if out.Findings == nil {
		out.Findings = []Finding{}
	}
	return e.Encode(out)
}
