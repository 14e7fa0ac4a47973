package handlers

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/i18n"
	"shiken/store"
	"shiken/tabular"
	"shiken/templates"
)

// exportTime bounds the writing of a file of results to a slow client.
const exportTime = 10 * time.Minute

// exportCSV and exportXLSX send the table of results, filtered as the page was, whole.
func (s *Server) exportCSV(w http.ResponseWriter, r *http.Request) error {
	return s.exportResults(w, r, "csv", "text/csv; charset=utf-8", func(to io.Writer, _ string) (tabular.Writer, error) {
		return tabular.NewCSV(to)
	})
}

func (s *Server) exportXLSX(w http.ResponseWriter, r *http.Request) error {
	const mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return s.exportResults(w, r, "xlsx", mediaType, tabular.NewXLSX)
}

func (s *Server) exportResults(w http.ResponseWriter, r *http.Request, extension, mediaType string,
	open func(io.Writer, string) (tabular.Writer, error)) error {
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	q := resultQuery(r, d.Slug)
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="results-%s.%s"`, downloadName(d.Slug), extension))
	unhurried(r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime)) // without it the server's stays
	sent := &counter{to: w}
	if err := s.writeResults(r, sent, &d, q, open); err != nil {
		return s.cutShort(w, r, sent.n, err)
	}
	return nil
}

func (s *Server) writeResults(r *http.Request, to io.Writer, d *exam.Definition, q store.ResultQuery,
	open func(io.Writer, string) (tabular.Writer, error)) error {
	page := s.pageOf(r)
	lang := page.Locale.Tag()
	table, err := open(to, d.Title.In(lang))
	if err != nil {
		return err
	}
	e := resultExport{table: table, page: page, zone: s.Zone, sections: sectionTitles(d, lang)}
	return e.write(r, s, d, q)
}

// counter counts the bytes that go through it.
type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

// cutShort ends a download that failed. Once a part was sent the connection is cut, so that nobody
// takes that part for the whole.
func (s *Server) cutShort(w http.ResponseWriter, r *http.Request, sent int64, err error) error {
	w.Header().Del("Content-Disposition")
	if sent == 0 {
		return err
	}
	if r.Context().Err() == nil {
		s.Logger.Error("download cut short", "request_id", of(r).id, "error", err)
	}
	panic(http.ErrAbortHandler)
}

// downloadName keeps what every system takes in the name of a file.
func downloadName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, s)
}

// resultExport writes a table of results.
type resultExport struct {
	table    tabular.Writer
	page     templates.Page
	zone     *time.Location
	sections []string
}

// exportColumns are the headings before those of the sections, as keys of the catalogue.
var exportColumns = []string{
	"username", "name", "groups", "number", "status", "marking", "started", "closed", "points", "max", "percent", "passed", "counted",
}

func (e *resultExport) write(r *http.Request, s *Server, d *exam.Definition, q store.ResultQuery) error {
	var head []tabular.Cell
	for _, column := range exportColumns {
		head = append(head, tabular.Text(e.page.T("results.column."+column)))
	}
	for _, title := range e.sections {
		head = append(head, tabular.Text(e.page.T("results.column.section", "section", title)))
	}
	if err := e.table.Row(append(head, tabular.Text(e.page.T("results.column.attempt")))...); err != nil {
		return err
	}
	var held []store.ResultRow
	err := s.Store.EachResult(r.Context(), q, func(row store.ResultRow) error {
		if held = append(held, row); len(held) < countedBatch {
			return nil
		}
		err := e.writeRows(r, s, d, held, q.First)
		held = held[:0]
		return err
	})
	if err == nil {
		err = e.writeRows(r, s, d, held, q.First)
	}
	if err != nil {
		return err
	}
	return e.table.Close()
}

// countedBatch is how many rows are held at once, to find out which attempts of their candidates count.
const countedBatch = 50

func (e *resultExport) writeRows(r *http.Request, s *Server, d *exam.Definition, rows []store.ResultRow, perCandidate bool) error {
	counted, err := s.countedOf(r.Context(), d, candidatesOf(rows))
	if err != nil {
		return err
	}
	for i := range rows {
		c := counted[rows[i].User]
		if c == nil {
			continue // it was erased meanwhile
		}
		row, counts := rows[i], c.counts(c.place(rows[i].Summary.ID))
		if perCandidate {
			row, counts = c.line()
		}
		if err := e.table.Row(e.cells(&row, counts)...); err != nil {
			return err
		}
	}
	return nil
}

func (e *resultExport) cells(row *store.ResultRow, counts templates.Counted) []tabular.Cell {
	a := &row.Summary
	closed := exam.Instant(0)
	if a.Status == exam.Submitted { // when time was over tells who had more of it, which stands in no file
		closed = a.Stopped
	}
	cells := []tabular.Cell{
		tabular.Text(row.Username), tabular.Text(row.Name), tabular.Text(strings.Join(row.Groups, "; ")),
		tabular.Int(a.Number), tabular.Text(e.page.T("staff.status." + string(a.Status))),
		tabular.Text(e.page.T("results.marking." + string(a.Marking))), e.time(a.Started), e.time(closed),
	}
	cells = append(cells, e.score(row.Score)...)
	cells = append(cells, e.counted(counts))
	for i := range e.sections {
		cells = append(cells, e.section(row.Score, i))
	}
	return append(cells, tabular.Text(a.ID))
}

// awaiting stands where a part of a score would pass for the score.
func (e *resultExport) awaiting() tabular.Cell { return tabular.Text(e.page.T("marking.awaiting")) }

func (e *resultExport) section(score *exam.Score, i int) tabular.Cell {
	switch {
	case score == nil || i >= len(score.Sections):
		return tabular.Text("")
	case score.Awaiting:
		return e.awaiting()
	}
	return tabular.Number(points(score.Sections[i].Total))
}

func (e *resultExport) score(score *exam.Score) []tabular.Cell {
	if score == nil {
		empty := tabular.Text("")
		return []tabular.Cell{empty, empty, empty, empty}
	}
	if score.Awaiting {
		return []tabular.Cell{e.awaiting(), tabular.Number(points(score.Max)), e.awaiting(), e.awaiting()}
	}
	return []tabular.Cell{
		tabular.Number(points(score.Total)), tabular.Number(points(score.Max)), percent(score), e.passed(score.Passed),
	}
}

// counted says whether an attempt counts; an empty cell: it does not.
func (e *resultExport) counted(counts templates.Counted) tabular.Cell {
	if counts == templates.CountsNot {
		return tabular.Text("")
	}
	return tabular.Text(e.page.T("results.counted." + string(counts)))
}

func (e *resultExport) passed(passed *bool) tabular.Cell {
	if passed == nil {
		return tabular.Text("")
	}
	return tabular.Text(e.page.T("result." + string(passOf(passed))))
}

func (e *resultExport) time(i exam.Instant) tabular.Cell {
	if i == 0 {
		return tabular.Text("")
	}
	return tabular.Time(instantTime(i).In(e.zone))
}

// points writes 1/10,000 points as a decimal for machines: 75000 is "7.5".
func points(units int) string {
	return strconv.FormatFloat(float64(units)/exam.FullCredit, 'f', -1, 64)
}

// percent has two decimals; what is just below a pass mark never seems to have reached it.
func percent(score *exam.Score) tabular.Cell {
	if score.Max <= 0 {
		return tabular.Text("")
	}
	const decimals = 2
	return tabular.Number(i18n.PercentOf(score.Total, score.Max, decimals))
}
