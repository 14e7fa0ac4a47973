package handlers

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"shiken/desk"
	"shiken/exam"
	"shiken/internal/worddiff"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// Bounds of the page of differences.
const (
	perDifference = 20  // questions
	perAbsent     = 100 // questions, a line each
	maxUnchanged  = 160 // characters of a text that both have, between two changes
	shortEnds     = 60  // characters that stay of them before and behind
)

// differing is an upload beside the set that it goes to.
type differing struct {
	up   store.Upload
	opts questionset.Options
	file *questionset.File // with what was mended
	set  string
	// questions are those that go to the set.
	questions []questionset.Question
	plan      *store.LoadPlan // shared: never written to
	choice    store.LoadChoice
	chosen    *store.Chosen // the choice, ready to be asked
}

// differingOf reads the upload of the path and the set that the query names. What has no questions, or no set,
// is not found.
func (s *Server) differingOf(r *http.Request) (*differing, error) {
	unhurried(r)
	d := &differing{}
	var err error
	if d.opts, err = uploadOptions(r); err != nil {
		return nil, err
	}
	if d.up, err = s.ownUpload(r); err != nil {
		return nil, err
	}
	h, err := s.heldUpload(r, &d.up, d.opts)
	if err != nil {
		return nil, err
	}
	d.file = h.file
	if d.set, err = d.named(queryText(r.URL.Query(), "set")); err != nil {
		return nil, err
	}
	d.questions = h.questions(d.set)
	if d.plan, err = s.loadPlanOf(r.Context(), h, d.set); err != nil {
		return nil, err
	}
	choice, err := s.Store.LoadChoice(r.Context(), d.up.ID, d.set)
	d.choice = desk.Retiring(choice, d.file)
	d.chosen = d.choice.Chosen()
	return d, err
}

// named is the set that an author means: of a package it is one of its own. errNotFound where there is none.
func (d *differing) named(asked string) (string, error) {
	if d.file.IsPackage() {
		if slices.Contains(d.file.Sets, asked) {
			return asked, nil
		}
		return "", errNotFound
	}
	set, named := desk.SetName(asked, d.up.Name)
	if !named || d.file.Format == questionset.Exam {
		return "", errNotFound
	}
	return set, nil
}

// differencePath is the page of differences, with what is shown of it.
func differencePath(upload, show string, query url.Values) string {
	if show != "" {
		query.Set("show", show)
	}
	return withQuery(templates.DifferencePath(upload), query)
}

// differenceShows are the parts of the page, in their order.
var differenceShows = []string{"edited", "changed", "absent", "new"}

// showDifference shows what loading an upload would change, question by question.
func (s *Server) showDifference(w http.ResponseWriter, r *http.Request) error {
	d, err := s.differingOf(r)
	if err != nil {
		return err
	}
	view := s.differenceView(r, d)
	if view.Retiring, err = s.retiringView(r, d.file, d.batch()); err != nil {
		return err
	}
	switch view.Show {
	case "absent":
		absent := d.plan.AbsentQuestions
		view.Pager = pageOfReport(r, "offset", perAbsent, len(absent), view.Path)
		err = s.showAbsent(r, d, shown(absent, view.Pager), &view)
	default:
		indexes := d.indexes(view.Show)
		view.Pager = pageOfReport(r, "offset", perDifference, len(indexes), view.Path)
		err = s.showCompared(r, d, shown(indexes, view.Pager), &view)
	}
	if err != nil {
		return err
	}
	return s.desk(w, r, http.StatusOK, func(p templates.Page) component {
		return fromUpload(templates.Difference(p, view), d.up.ID, mendQuery(r).Encode())
	})
}

func (s *Server) differenceView(r *http.Request, d *differing) templates.DifferenceView {
	query := mendQuery(r)
	if d.file.IsPackage() { // its report is that of all its sets
		query.Del("set")
	}
	result := desk.Foretold(d.plan, &d.choice)
	view := templates.DifferenceView{
		File: d.file.Name, Set: d.set, Report: withQuery(templates.UploadReportPath(d.up.ID), query),
		New: d.plan.New, Changed: d.plan.Changed, Unchanged: d.plan.Unchanged, Edited: d.plan.Edited, Absent: d.plan.Absent,
		Replaced: d.plan.Edited - result.Edited, Retired: result.Retired,
		Refused: d.file.Report.Counts.Refused,
	}
	counts := map[string]int{"edited": view.Edited, "changed": view.Changed, "absent": view.Absent, "new": view.New}
	asked := r.URL.Query().Get("show")
	for _, show := range differenceShows {
		if view.Show == "" && counts[show] > 0 || show == asked {
			view.Show = show
		}
	}
	view.Show = cmp.Or(view.Show, differenceShows[1])
	if _, known := counts[asked]; known {
		view.Show = asked
	}
	for _, show := range differenceShows {
		view.Tabs = append(view.Tabs, templates.DifferenceTab{Show: show, Path: differencePath(d.up.ID, show, mendQuery(r)), Count: counts[show], Current: show == view.Show})
	}
	view.Path = differencePath(d.up.ID, view.Show, mendQuery(r))
	return view
}

// batch is what goes to the set, and what the author takes out of it.
func (d *differing) batch() *desk.Batch {
	return &desk.Batch{Set: d.set, Questions: d.questions, Retired: desk.RetiredBy(d.plan, &d.choice)}
}

// indexes are the places of the questions of a part of the page.
func (d *differing) indexes(show string) []int {
	want := map[string]store.LoadChange{"edited": store.LoadEdited, "changed": store.LoadChanged, "new": store.LoadNew}[show]
	var out []int
	for i := range d.plan.Questions {
		if d.plan.Questions[i].Change == want {
			out = append(out, i)
		}
	}
	return out
}

// showCompared shows questions beside those that are stored; new ones stand by themselves.
func (s *Server) showCompared(r *http.Request, d *differing, indexes []int, view *templates.DifferenceView) error {
	if view.Show == "new" {
		list := make([]questionset.Question, len(indexes))
		for i, at := range indexes {
			list[i] = d.questions[at]
		}
		var err error
		view.News, err = s.fileQuestions(r, list)
		return err
	}
	compared, err := desk.CompareSome(r.Context(), s.Store, desk.LoadedSome(d.questions, indexes), d.plan, indexes, s.Render.Plain)
	if err != nil {
		return err
	}
	for i := range compared {
		c := &compared[i]
		q := templates.DifferentQuestion{
			Identity: c.Stored.Identity, Edition: c.Stored.Edition, Number: cmp.Or(c.Loaded.Number, c.Stored.Number),
			Line: d.questions[c.Index].Line, Text: s.questionLine(&c.Loaded.Question), EditedBy: c.Stored.EditedBy,
			Edited: instantTime(c.Stored.Edited), Replace: d.chosen.Replaces(c.Stored.Identity, c.Stored.Edition),
		}
		for _, x := range c.Differences {
			q.Parts = append(q.Parts, differentPart(&x))
		}
		view.Questions = append(view.Questions, q)
	}
	return nil
}

// differentPart marks what two texts differ in, the words between shortened; where that leaves much out the
// whole texts are added.
func differentPart(d *desk.Difference) templates.DifferentPart {
	out := templates.DifferentPart{Part: string(d.Part), Row: d.Row, Scores: d.Part.Scores(), Markup: d.Markup}
	if d.Part == desk.TypePart || d.Part == desk.RulePart || d.Part == desk.StatePart {
		out.Before, out.After = d.Before, d.After
		out.Word = true
		return out
	}
	for _, span := range worddiff.Diff(d.Before, d.After) {
		text := span.Text
		if runes := []rune(text); span.Op == worddiff.Same && len(runes) > maxUnchanged {
			text = string(runes[:shortEnds]) + " … " + string(runes[len(runes)-shortEnds:])
			out.Before, out.After = d.Before, d.After
		}
		out.Spans = append(out.Spans, templates.DifferentSpan{Op: string(span.Op), Text: text})
	}
	return out
}

// showAbsent lists questions that the file lacks.
func (s *Server) showAbsent(r *http.Request, d *differing, absent []store.AbsentQuestion, view *templates.DifferenceView) error {
	ids := make([]string, len(absent))
	for i := range absent {
		ids[i] = absent[i].Identity
	}
	list, err := s.Store.QuestionsNow(r.Context(), ids)
	if err != nil {
		return err
	}
	texts := map[string]*exam.Question{}
	for i := range list {
		texts[list[i].Identity] = &list[i].Question
	}
	for i := range absent {
		a := templates.AbsentQuestion{Identity: absent[i].Identity, Name: absent[i].Name, Edited: absent[i].Edited, Retire: d.chosen.Retires(absent[i].Identity)}
		if q := texts[a.Identity]; q != nil {
			a.Text = s.questionLine(q)
		}
		view.Absents = append(view.Absents, a)
	}
	return nil
}
