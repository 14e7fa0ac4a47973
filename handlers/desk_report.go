package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// Bounds of a report's page.
const (
	perFindings  = 50
	maxListed    = 100 // absent questions, exams
	perQuestions = 10
)

// showReport says what is in an uploaded file, and what loading it would do.
func (s *Server) showReport(w http.ResponseWriter, r *http.Request) error {
	unhurried(r) // a large file takes long to read
	up, err := s.ownUpload(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	opts, err := uploadOptions(r)
	badColumns := errors.Is(err, errColumns)
	if err != nil && !badColumns {
		return err
	}
	reading, err := s.readingOf(r, &up, opts)
	if err != nil {
		return err
	}
	if !reading.within(r.Context(), readingPatience) {
		return s.showReading(w, r, reading, up.Name)
	}
	h, err := s.heldUpload(r, &up, opts)
	if err != nil {
		return err
	}
	f := h.file
	set, named := desk.SetName(cmp.Or(queryText(query, "set"), ownSet(f)), up.Name)
	view := s.reportView(f)
	addMedia(&view, h.reading().ShownMedia())
	view.Upload, view.Set, view.Forced, view.Job = up.ID, set, string(opts.Format), uuid.NewString()
	view.MayLoadWhole, view.MayLoadSound = desk.MayLoad(f, false), desk.MayLoad(f, true)
	view.Columns, view.ColumnsText, view.Text = columnsView(f, opts), opts.Columns.String(), string(opts.Text)
	if badColumns {
		view.Problem = templates.UploadColumns
	}
	s.pageReport(r, &view, f, reportPath(up.ID, set, opts))
	switch {
	case f.IsPackage():
		err = s.packageReport(r, &view, h)
	case f.Format == questionset.Exam:
		err = s.judgeReport(r, &view, f)
	default:
		err = s.planReport(r, &view, h, set, named)
	}
	if err != nil {
		return err
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component {
		return fromUpload(templates.Report(p, view), up.ID, query.Encode())
	})
}

func (s *Server) reportView(f *questionset.File) templates.ReportView {
	n := &f.Report.Counts
	view := templates.ReportView{
		File: f.Name, Format: string(f.Format), Encoding: string(f.Report.Encoding), IsExams: f.Format == questionset.Exam,
		Seen: n.Seen, Taken: n.Taken, Marker: n.NeedsMarker, Refused: n.Refused, Identical: n.Identical, Mended: n.Mended,
		Attention: f.Report.Attention(),
	}
	for i := range f.Report.Findings {
		switch f.Report.Findings[i].Severity {
		case questionset.Error:
			view.Errors++
		case questionset.Warning:
			view.Warnings++
		}
	}
	return view
}

// addMedia counts the media that the questions of a file show.
func addMedia(view *templates.ReportView, media []questionset.Media) {
	size := 0
	for i := range media {
		size += len(media[i].Data)
	}
	view.Media, view.MediaKB = len(media), kilobytes(size)
}

// kilobytes rounds bytes up.
func kilobytes(bytes int) int { return (bytes + 1023) >> 10 }

var severities = []questionset.Severity{questionset.Error, questionset.Warning, questionset.Note}

// pageReport fills in a page of the findings, the gravest first.
func (s *Server) pageReport(r *http.Request, view *templates.ReportView, f *questionset.File, path string) {
	findings := slices.Clone(f.Report.Findings)
	slices.SortStableFunc(findings, func(a, b questionset.Finding) int {
		return cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity))
	})
	view.FindingsPager = pageOfReport(r, "findings", perFindings, len(findings), path)
	view.QuestionsPager = pageOfReport(r, "offset", perQuestions, len(f.Questions)+len(f.Pieces), path)
	view.Findings = s.fileFindings(r, f, view.Upload, shown(findings, view.FindingsPager))
}

// pageOfReport is the page of one of a report's lists that the query asks for; the last one where it
// asks for more than there is.
func pageOfReport(r *http.Request, name string, limit, total int, path string) templates.Pager {
	offset := queryNumber(r.URL.Query(), name, 0, maxOffset)
	if offset >= total {
		offset = max(total-1, 0) / limit * limit
	}
	return templates.Pager{Offset: offset, Limit: limit, Total: total, Path: path, Name: name}
}

// shown are the entries of a pager's page.
func shown[T any](list []T, p templates.Pager) []T {
	return list[p.Offset:min(p.Offset+p.Limit, len(list))]
}

func (s *Server) deskFindings(r *http.Request, findings []questionset.Finding) []templates.DeskFinding {
	out := make([]templates.DeskFinding, len(findings))
	for i := range findings {
		f := &findings[i]
		out[i] = templates.DeskFinding{Severity: string(f.Severity), Line: f.Line, Question: f.Question, Element: f.Element, Cell: f.Cell}
		out[i].What, out[i].Mend = f.Text(s.locale(r).Tag())
	}
	return out
}

// planReport shows a page of the questions, and says what loading them would do.
func (s *Server) planReport(r *http.Request, view *templates.ReportView, h *holding, set string, named bool) error {
	f := h.file
	if !named {
		view.Problem, view.MayLoadWhole, view.MayLoadSound = templates.UploadSet, false, false
	}
	var err error
	if view.Questions, err = s.reportQuestions(r, h, view); err != nil || !named || len(f.Questions) == 0 {
		return err
	}
	plan, err := s.loadPlanOf(r.Context(), h, set)
	if err != nil {
		return err
	}
	view.Planned = true
	view.New, view.Changed, view.Unchanged, view.Absent = plan.New, plan.Changed, plan.Unchanged, plan.Absent
	view.AbsentList = plan.AbsentList[:min(len(plan.AbsentList), maxListed)]
	view.Edited, view.EditedList = plan.Edited, plan.EditedList[:min(len(plan.EditedList), maxListed)]
	view.Difference = withQuery(templates.DifferencePath(view.Upload), mendQuery(r))
	choice, err := s.Store.LoadChoice(r.Context(), view.Upload, set)
	if err != nil {
		return err
	}
	choice = desk.Retiring(choice, f)
	result := desk.Foretold(plan, &choice)
	view.Replaced, view.Retired = plan.Edited-result.Edited, result.Retired
	view.Retiring, err = s.retiringView(r, f, &desk.Batch{Set: set, Questions: f.Questions, Retired: desk.RetiredBy(plan, &choice)})
	return err
}

// retiringView says what stands against retiring what a file lacks. Exams of the file itself are judged as it has
// them, not as they are stored.
func (s *Server) retiringView(r *http.Request, f *questionset.File, batch *desk.Batch) (templates.RetiringView, error) {
	view := templates.RetiringView{Unsure: f.Report.Counts.Refused == 0 && !f.Report.Sound()}
	own := make([]string, len(f.Definitions))
	for i := range f.Definitions {
		own[i] = f.Definitions[i].Slug
	}
	var err error
	view.Short, err = desk.FallingShort(r.Context(), s.Store, batch, own...)
	return view, err
}

// fileQuestions shows questions of a file.
func (s *Server) fileQuestions(r *http.Request, questions []questionset.Question) ([]templates.DeskQuestion, error) {
	list := make([]deskSource, len(questions))
	for i := range questions {
		q := &questions[i]
		list[i] = deskSource{
			view: templates.DeskQuestion{
				Number: q.Number, Category: q.Category, Year: q.Year, Reference: q.Reference, Difficulty: q.Difficulty, Tags: q.Tags,
			},
			question: q.Question, key: q.Key, feedback: q.Feedback,
		}
	}
	return s.deskQuestions(r, list)
}

// judgeReport judges the exams of a file against what is stored.
func (s *Server) judgeReport(r *http.Request, view *templates.ReportView, f *questionset.File, batches ...*desk.Batch) error {
	lang := s.locale(r).Tag()
	for i := range f.Definitions {
		d := &f.Definitions[i]
		faults, err := desk.Attach(r.Context(), s.Store, d)
		if err != nil {
			return err
		}
		verdict, err := desk.Judge(r.Context(), s.Store, d, batches...)
		if err != nil {
			return err
		}
		faults = append(faults, verdict.Faults...)
		refused := desk.Refused(d, faults)
		if refused {
			view.MayLoadWhole, view.MayLoadSound = false, false
		}
		if len(view.Exams) >= maxListed {
			continue
		}
		stored, err := s.Store.Revised(r.Context(), d.Slug)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		view.Exams = append(view.Exams, templates.ReportExam{
			Slug: d.Slug, Title: d.Title.In(lang), Published: d.Published, Replaces: err == nil, Archived: stored.Archived != 0,
			Faults: s.faultTexts(r, faults), Refused: refused, Notices: s.faultTexts(r, verdict.Notices),
		})
	}
	return nil
}

// faultTexts words why an exam cannot be drawn.
func (s *Server) faultTexts(r *http.Request, faults []desk.Fault) []string {
	l := s.locale(r)
	out := make([]string, len(faults))
	for i := range faults {
		f := &faults[i]
		out[i] = l.T("desk.fault."+string(f.Code), append([]any{"section", f.Section}, f.Args...)...)
	}
	return out
}
