package handlers

import (
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
	"shiken/tabular"
	"shiken/templates"
)

// maxAtOnce bounds the attempts whose statistics the page of results looks at; of more, the page of
// questions tells.
const maxAtOnce = 1_000

// longStem is how much of a question's text a table shows, in runes.
const longStem = 80

// showItems shows the statistics of an exam's questions.
func (s *Server) showItems(w http.ResponseWriter, r *http.Request) error {
	unhurried(r)
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	list, attempts, err := s.itemStatistics(r, d.Slug)
	if err != nil {
		return err
	}
	view := templates.ItemsView{Slug: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Attempts: attempts, Least: exam.MinStatistics}
	if view.Items, err = s.itemLines(r, list); err != nil {
		return err
	}
	for _, i := range view.Items {
		if len(i.Suspicions) > 0 {
			view.Suspected++
		}
	}
	s.render(w, r, http.StatusOK, templates.Items(s.staffPage(r), view))
	return nil
}

// itemStatistics computes those of an exam, suspicious ones first, and counts the attempts.
func (s *Server) itemStatistics(r *http.Request, slug string) ([]exam.ItemStatistics, int, error) {
	var gathered exam.Statistics
	counted := 0
	err := s.Store.EachMarked(r.Context(), slug, func(p *exam.Paper, a *exam.Attempt) error {
		counted++
		gathered.Add(p, a)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	keyed, err := s.Store.Keys(r.Context(), gathered.Versions())
	if err != nil {
		return nil, 0, err
	}
	keys := make(map[string]exam.Key, len(keyed))
	for version, k := range keyed {
		keys[version] = k.Key
	}
	list := gathered.Items(keys)
	exam.BySuspicion(list)
	return list, counted, nil
}

// suspected are the suspicious questions of an exam, as the page of results lists them before release.
func (s *Server) suspected(r *http.Request, slug string, attempts int) ([]templates.ItemLine, error) {
	if attempts < exam.MinStatistics || attempts > maxAtOnce {
		return nil, nil
	}
	list, _, err := s.itemStatistics(r, slug)
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(list) && len(list[n].Suspicions) > 0 {
		n++
	}
	return s.itemLines(r, list[:n])
}

func (s *Server) itemLines(r *http.Request, list []exam.ItemStatistics) ([]templates.ItemLine, error) {
	out := make([]templates.ItemLine, len(list))
	for i := range list {
		q, err := s.Store.QuestionVersion(r.Context(), list[i].Version)
		if err != nil {
			return nil, err
		}
		out[i] = s.itemLine(&list[i], &q)
	}
	return out, nil
}

func (s *Server) itemLine(st *exam.ItemStatistics, q *store.VersionedQuestion) templates.ItemLine {
	line := templates.ItemLine{
		Version: st.Version, Number: q.Number, Set: q.Set, Stem: shortened(s.Render.Plain(q.Question.Stem)), Attempts: st.Attempts,
		Omitted: st.Omitted, Facility: thousandths(st.Facility),
	}
	if st.Discrimination != nil {
		n := thousandths(*st.Discrimination)
		line.Discrimination = &n
	}
	if st.UpperLower != nil {
		n := thousandths(*st.UpperLower)
		line.UpperLower = &n
	}
	for _, why := range st.Suspicions {
		line.Suspicions = append(line.Suspicions, string(why))
	}
	if !q.Question.Type.IsChoice() {
		return line
	}
	c := s.contents.made(q.Question)
	for _, o := range q.Question.Options {
		n := st.Options[o.ID]
		line.Options = append(line.Options, templates.OptionLine{
			Text: shortened(c.options[o.ID].text), Right: q.Key.Options[o.ID] > 0, All: n.All, Upper: n.Upper, Lower: n.Lower,
		})
	}
	return line
}

func thousandths(v float64) int { return int(math.Round(v * 1_000)) }

// shortened is the beginning of a text, on one line.
func shortened(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > longStem {
		return string(runes[:longStem]) + "…"
	}
	return string(runes)
}

// exportItems sends the statistics as CSV.
func (s *Server) exportItems(w http.ResponseWriter, r *http.Request) error {
	unhurried(r)
	slug := chi.URLParam(r, "exam")
	if _, err := s.Store.Definition(r.Context(), slug); err != nil {
		return err
	}
	list, _, err := s.itemStatistics(r, slug)
	if err != nil {
		return err
	}
	lines, err := s.itemLines(r, list)
	if err != nil {
		return err
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime)) // a recorder of tests knows none
	attach(w, "questions-"+downloadName(slug)+".csv")
	sent := &counter{to: w}
	if err := writeItems(sent, lines); err != nil {
		return s.cutShort(w, r, sent.n, err)
	}
	return nil
}

var itemColumns = []string{
	"set", "number", "version", "attempts", "omitted", "facility", "discrimination", "upper_lower", "suspicions", "option", "right", "chosen", "upper", "lower",
}

// writeItems has a row for each option of a question, and one for a question without.
func writeItems(w io.Writer, lines []templates.ItemLine) error {
	table, err := tabular.NewCSV(w)
	if err != nil {
		return err
	}
	if err := table.Row(texts(itemColumns)...); err != nil {
		return err
	}
	for _, l := range lines {
		options := l.Options
		if len(options) == 0 {
			options = []templates.OptionLine{{}}
		}
		for _, o := range options {
			if err := table.Row(itemCells(&l, &o)...); err != nil {
				return err
			}
		}
	}
	return table.Close()
}

func itemCells(l *templates.ItemLine, o *templates.OptionLine) []tabular.Cell {
	right := ""
	if o.Right {
		right = "right"
	}
	return []tabular.Cell{
		tabular.Text(l.Set), tabular.Text(l.Number), tabular.Text(l.Version), tabular.Int(l.Attempts), tabular.Int(l.Omitted),
		figure(&l.Facility), figure(l.Discrimination), figure(l.UpperLower), tabular.Text(strings.Join(l.Suspicions, " ")),
		tabular.Text(o.Text), tabular.Text(right), tabular.Int(o.All), tabular.Int(o.Upper), tabular.Int(o.Lower),
	}
}

// figure writes thousandths as a decimal, and nothing for what there is not.
func figure(thousandths *int) tabular.Cell {
	if thousandths == nil {
		return tabular.Text("")
	}
	return tabular.Number(points(*thousandths * exam.FullCredit / 1_000))
}
