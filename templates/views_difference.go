package templates

import (
	"strconv"
	"time"
)

// DifferenceView is what loading an uploaded file would change in a set.
type DifferenceView struct {
	File, Set, Report string
	Path              string // of the part that is shown
	Show              string // edited, changed, absent, new
	Tabs              []DifferenceTab
	// New, Changed, Unchanged, Edited and Absent count questions; of those edited here Replaced are replaced by
	// the file's, and of the absent ones Retired are retired, as the author has chosen.
	New, Changed, Unchanged, Edited, Absent int
	Replaced, Retired                       int
	Refused                                 int // of the file: nothing is retired while there are any
	Retiring                                RetiringView
	Pager                                   Pager
	Questions                               []DifferentQuestion
	News                                    []DeskQuestion
	Absents                                 []AbsentQuestion
}

// RetiringView is what stands against retiring what a file lacks.
type RetiringView struct {
	Unsure bool     // it cannot be told what the file lacks: nothing may be retired
	Short  []string // slugs of published exams that what is chosen leaves short
}

// DifferenceTab leads to a part of the page.
type DifferenceTab struct {
	Show, Path string
	Count      int
	Current    bool
}

// DifferentQuestion is a question that is other in the file than here.
type DifferentQuestion struct {
	Identity     string
	Edition      int
	Number, Text string
	Line         int
	Edited       time.Time // here; zero: it was not
	EditedBy     string
	Parts        []DifferentPart
	Replace      bool
}

// DifferentPart is what of a question differs.
type DifferentPart struct {
	Part   string
	Row    int // of an option, an item or a gap; 0: none
	Scores bool
	Markup bool
	Spans  []DifferentSpan
	// Before and After are the whole texts where Spans leave something out, or, with Word, words of closed
	// lists.
	Before, After string
	Word          bool
}

// DifferentSpan is a piece of text: "del" gone, "ins" new, else in both.
type DifferentSpan struct{ Op, Text string }

// AbsentQuestion is a question of the set that the file lacks.
type AbsentQuestion struct {
	Identity, Name, Text string
	Edited, Retire       bool
}

func (v DifferenceView) frame(page Page) StaffFrame {
	return StaffFrame{
		Title:  page.T("difference.title"),
		Crumbs: []Crumb{{Text: page.T("desk.upload"), Path: UploadPath()}, {Text: page.T("desk.report.title", "file", v.File), Path: v.Report}},
		Data:   map[string]any{"data-show": v.Show, "data-replaced": strconv.Itoa(v.Replaced), "data-retired": strconv.Itoa(v.Retired)},
	}
}

func (v DifferenceView) tabs(page Page) []Tab {
	var out []Tab
	for _, t := range v.Tabs {
		out = append(out, Tab{Path: t.Path, Text: page.T("difference.tab."+t.Show, "n", t.Count), Current: t.Current})
	}
	return out
}

func (q DifferentQuestion) scores() bool {
	for _, p := range q.Parts {
		if p.Scores {
			return true
		}
	}
	return false
}

// choiceLegend asks what becomes of a question that was edited here.
func (q DifferentQuestion) choiceLegend(page Page) string {
	if q.EditedBy != "" {
		return page.T("difference.choice.by", "number", q.Number, "name", q.EditedBy)
	}
	return page.T("difference.choice", "number", q.Number)
}

func (p DifferentPart) label(page Page) string {
	label := page.T("difference.part." + p.Part)
	if p.Row > 0 {
		return page.T("difference.part.row", "part", label, "n", p.Row)
	}
	return label
}

// word words a value of a closed list.
func (p DifferentPart) word(page Page, value string) string {
	switch p.Part {
	case "type":
		return page.T("desk.type." + value)
	case "rule":
		return page.T("edit.rule." + orExam(value))
	}
	return page.T("edit.state." + value)
}
