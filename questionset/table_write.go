package questionset

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"shiken/exam"
	"shiken/tabular"
)

// maxXLSXCell is what a cell of a workbook may hold, in UTF-16 units.
const maxXLSXCell = 32_767

// mediaFolder is where the pictures of a zipped table lie.
const mediaFolder = "media/"

// tableWriter turns questions into rows.
type tableWriter struct {
	report *Report
	set    *Set
	media  map[string]Media
	xlsx   bool
	used   map[string]bool   // columns that have a cell
	shown  map[string]string // path in the zip by the hash of media that texts show
	groups map[string]exam.Text
}

func newTableWriter(set *Set, r *Report, xlsx bool) *tableWriter {
	return &tableWriter{report: r, set: set, media: set.Media, xlsx: xlsx,
		used: map[string]bool{}, shown: map[string]string{}, groups: map[string]exam.Text{}}
}

// writeCSV writes a set as CSV; with its pictures in a zip, where it has any.
func writeCSV(to io.Writer, set *Set, r *Report) error {
	return writeTable(to, set, r, "questions.csv", func(to io.Writer) (tabular.Writer, error) { return tabular.NewCSV(to) })
}

// writeXLSX does the same as a workbook.
func writeXLSX(to io.Writer, set *Set, r *Report) error {
	return writeTable(to, set, r, "questions.xlsx", func(to io.Writer) (tabular.Writer, error) { return tabular.NewXLSX(to, set.Name) })
}

// writeTable goes through the questions twice: the first time it finds out which columns there are, and
// reports.
func writeTable(to io.Writer, set *Set, r *Report, name string, open func(io.Writer) (tabular.Writer, error)) error {
	w := newTableWriter(set, r, strings.HasSuffix(name, ".xlsx"))
	err := set.each(func(_ int, q *Question) error {
		r.Counts.Seen++
		if _, ok := w.take(q); !ok {
			r.Counts.Refused++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(w.shown) == 0 {
		return w.write(to, open)
	}
	z := zip.NewWriter(to)
	part, err := z.Create(name)
	if err != nil {
		return err
	}
	if err := w.write(part, open); err != nil {
		return err
	}
	if err := w.writeMedia(z); err != nil {
		return err
	}
	return z.Close()
}

func (w *tableWriter) writeMedia(z *zip.Writer) error {
	for _, hash := range slices.Sorted(maps.Keys(w.shown)) {
		part, err := z.Create(w.shown[hash])
		if err != nil {
			return err
		}
		if _, err := part.Write(w.media[hash].Data); err != nil {
			return err
		}
	}
	return nil
}

// alwaysWritten are the columns that every table has, so that nothing is left to be guessed.
var alwaysWritten = []string{columnID, columnCategory, columnYear, columnType, columnQuestion, columnOption + "a", columnOption + "b",
	columnOption + "c", columnOption + "d", columnAnswer, columnExplanation, columnReference, columnDifficulty}

// columns are the columns of the table in their order.
func (w *tableWriter) columns() []string {
	for _, name := range alwaysWritten {
		w.used[name] = true
	}
	var all []string
	for _, name := range plainColumns {
		if name == columnAnswer {
			for place := range maxOptions {
				all = append(all, columnOption+optionID(place))
			}
		}
		all = append(all, name)
	}
	for place := range maxOptions {
		all = append(all, columnFeedback+optionID(place))
	}
	return slices.DeleteFunc(all, func(name string) bool { return !w.used[name] })
}

// errSetChanged: a question changed between the two times that the set was read.
var errSetChanged = errors.New("questionset: the set was changed while it was written")

func (w *tableWriter) write(to io.Writer, open func(io.Writer) (tabular.Writer, error)) error {
	table, err := open(to)
	if err != nil {
		return err
	}
	columns := w.columns()
	head := make([]tabular.Cell, len(columns))
	for i, name := range columns {
		head[i] = tabular.Text(name)
	}
	if err := table.Row(head...); err != nil {
		return err
	}
	again := newTableWriter(w.set, &Report{}, w.xlsx)
	err = w.set.each(func(_ int, q *Question) error {
		row, ok := again.take(q)
		if !ok {
			return nil
		}
		for name, text := range row {
			if text != "" && !w.used[name] {
				return errSetChanged
			}
		}
		return table.Row(w.cells(columns, row)...)
	})
	if err != nil {
		return err
	}
	return table.Close()
}

func (w *tableWriter) cells(columns []string, row map[string]string) []tabular.Cell {
	cells := make([]tabular.Cell, len(columns))
	for i, name := range columns {
		text := row[name]
		if !w.xlsx {
			text = guard(text)
		}
		cells[i] = tabular.Text(text)
	}
	return cells
}

// take makes a row of a question, cells by column; it reports false for one that a table cannot say, which it
// tells.
func (w *tableWriter) take(q *Question) (map[string]string, bool) {
	row := &writtenRow{tableWriter: w, q: q, p: place{line: q.Line, question: excerpt(q.Number)}, cells: map[string]string{}, format: rowFormat(q)}
	if !row.write() {
		return nil, false
	}
	for _, name := range slices.Sorted(maps.Keys(row.cells)) {
		limit := maxXLSXCell
		if !w.xlsx {
			limit = MaxText
		}
		if n := len(utf16.Encode([]rune(row.cells[name]))); n > limit {
			w.report.error(row.p.at(name), codeTooLong, "length", n, "limit", limit)
			return nil, false
		}
	}
	for name, text := range row.cells {
		w.used[name] = w.used[name] || text != ""
	}
	if g := q.Question.Group; g != "" && q.Question.Stimulus.Source != "" {
		w.groups[g] = q.Question.Stimulus
	}
	return row.cells, true
}

// writtenRow is a row in the making.
type writtenRow struct {
	*tableWriter
	q      *Question
	p      place
	cells  map[string]string
	format exam.TextFormat
}

// rowFormat is the one format that all texts of a question can be written in.
func rowFormat(q *Question) exam.TextFormat {
	format := exam.TextFormat("")
	take := func(t exam.Text) {
		if t.Source != "" && (t.Format == exam.HTML || t.Format == exam.Markdown && format != exam.HTML) {
			format = t.Format
		}
	}
	eachText(&q.Question, &exam.Key{}, &q.Feedback, take)
	take(q.Key.Guide)
	return format
}

// text writes a text in the row's format, with the pictures where they lie in the zip.
func (w *writtenRow) text(t exam.Text) string {
	if t.Source == "" {
		return ""
	}
	if t.Format == exam.Plain {
		t.Format = ""
	}
	if t.Format != w.format {
		if t.Format == exam.Markdown {
			w.lost(codeWriteFormat, "text", t.Source)
		}
		// joined with an empty text of the row's format it takes that format
		t = joinTexts([]exam.Text{t, {Format: w.format}})
		t.Source = strings.TrimSpace(strings.TrimSuffix(t.Source, "<br>\n"))
	}
	if w.format == "" {
		return t.Source
	}
	return reference.ReplaceAllStringFunc(t.Source, func(ref string) string {
		hash := MediaHash(ref)
		if _, has := w.media[hash]; !has {
			w.report.warning(w.p, codeMediaMissing, "name", ref)
			return ref
		}
		w.shown[hash] = mediaFolder + strings.TrimPrefix(ref, MediaPrefix)
		return w.shown[hash]
	})
}

// lost tells what the table cannot say of a question that is in it.
func (w *writtenRow) lost(code Code, args ...any) { w.report.warning(w.p, code, args...) }

// refuse tells why a question is not in the table.
func (w *writtenRow) refuse(code Code, args ...any) bool {
	w.report.error(w.p, code, args...)
	return false
}

// write fills the cells.
func (w *writtenRow) write() bool {
	q := w.q
	w.cells[columnID], w.cells[columnCategory] = q.Number, q.Category
	w.cells[columnReference], w.cells[columnDifficulty] = q.Reference, q.Difficulty
	if q.Year > 0 {
		w.cells[columnYear] = strconv.Itoa(q.Year)
	}
	if w.format != "" {
		w.cells[columnFormat] = string(w.format)
	}
	w.cells[columnType] = writtenTypes[q.Question.Type]
	w.cells[columnQuestion] = w.text(q.Question.Stem)
	w.cells[columnExplanation] = w.text(q.Feedback.Explanation)
	w.cells[columnUnit] = q.Question.Unit
	w.tags()
	if !w.stimulus() || !w.answers() {
		return false
	}
	k := &q.Key
	if k.Rule != exam.ByExam || len(k.Weights) > 0 || len(k.PairWeights) > 0 {
		w.lost(codeWriteRule)
	}
	return true
}

var writtenTypes = map[exam.QuestionType]string{
	exam.SingleChoice: "single_choice", exam.MultipleChoice: "multiple_answer", exam.TrueFalse: "true_false", exam.ShortText: "short_text",
	exam.Numeric: "numeric", exam.Essay: "essay", exam.Description: "description", exam.Matching: "matching", exam.Ordering: "ordering",
}

func (w *writtenRow) tags() {
	for _, tag := range w.q.Tags {
		if strings.ContainsAny(tag, ",;|、\n") {
			w.lost(codeWriteTag, "text", tag)
		}
	}
	w.cells[columnTags] = strings.Join(w.q.Tags, ";")
}

// stimulus writes what a group shares in its first row only.
func (w *writtenRow) stimulus() bool {
	group, text := w.q.Question.Group, w.q.Question.Stimulus
	known, again := w.groups[group]
	switch {
	case text.Source == "" && group != "":
		w.lost(codeWriteGroup, "group", group)
	case text.Source == "":
	case again && group != "" && known != text:
		return w.refuse(codeStimulusDiffers, "group", group)
	case again && group != "":
		w.cells[columnGroup] = group
	default:
		w.cells[columnGroup], w.cells[columnStimulus] = group, w.text(text)
	}
	return true
}

// answers writes options and key.
func (w *writtenRow) answers() bool {
	switch w.q.Question.Type {
	case exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse:
		return w.choice()
	case exam.ShortText:
		return w.texts()
	case exam.Numeric:
		return w.numbers()
	case exam.Matching:
		return w.pairs()
	case exam.Ordering:
		return w.order()
	case exam.Essay, exam.Description:
		w.cells[columnAnswer] = w.text(w.q.Key.Guide)
		return true
	}
	return w.refuse(codeWriteType, "type", w.q.Question.Type)
}

// FileType is the extension and the media type of a file that Write wrote, of so many bytes. What was put into a
// package, as a table with its pictures, is a package.
func FileType(format Format, content io.ReaderAt, size int64) (ext, mediaType string) {
	head := make([]byte, len(zipMagic))
	n, _ := content.ReadAt(head, 0) // what cannot be read looks like nothing
	zipped := looksZip(head[:n])
	switch {
	case format == XLSX && isWorkbook(content, size):
		return ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case format == Native && zipped:
		return PackageEnding, "application/zip"
	case format == Native:
		return ".jsonl", "application/jsonl"
	case zipped:
		return ".zip", "application/zip"
	case format == CSV:
		return ".csv", "text/csv; charset=utf-8"
	case format == GIFT:
		return ".gift", "text/plain; charset=utf-8"
	case format == Aiken:
		return ".txt", "text/plain; charset=utf-8"
	}
	return ".xml", "application/xml"
}

// isWorkbook tells a workbook from a zip with a workbook in it.
func isWorkbook(content io.ReaderAt, size int64) bool {
	z, err := zip.NewReader(content, size)
	return err == nil && slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == workbookPart })
}

// letters names places as keys do: "A,C".
func letters(places []int) string {
	out := make([]string, len(places))
	for i, place := range places {
		out[i] = strings.ToUpper(optionID(place))
	}
	return strings.Join(out, ",")
}

// percents lists weights for people.
func percents(weights []int) string {
	out := make([]string, len(weights))
	for i, weight := range weights {
		out[i] = fmt.Sprintf("%s %%", percent(weight))
	}
	return strings.Join(out, ", ")
}
