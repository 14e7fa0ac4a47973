package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// editing is an exam in its editor: what is typed, and what of it is stored.
type editing struct {
	slug    string        // empty: the exam is new
	current store.Revised // zero when new
	base    int           // the revision that its author saw
	fields  questionset.Fields
	action  string

	refused templates.EditRefusal
	report  questionset.Report // of fields
	copying string             // what was typed as the name of a copy
	copied  templates.CopyProblem
}

// newExam is the editor of an exam that is not there yet.
func (s *Server) newExam(w http.ResponseWriter, r *http.Request) error {
	sets, err := s.Store.Sets(r.Context())
	if err != nil {
		return err
	}
	e := &editing{fields: questionset.Fields{
		"attempts": {"1"}, "release.score": {"immediately"}, "release.answers": {"manually"}, "release.keys": {"manually"},
	}}
	first := ""
	if len(sets) > 0 {
		first = sets[0].Name
	}
	e.fields.AddSection(first)
	return s.renderEditor(w, r, http.StatusOK, e)
}

// editExam is the editor of an exam.
func (s *Server) editExam(w http.ResponseWriter, r *http.Request) error {
	revised, err := s.revised(r)
	if err != nil {
		return err
	}
	return s.renderEditor(w, r, http.StatusOK, s.editingOf(&revised))
}

// editingOf is an exam in its editor as it is stored.
func (s *Server) editingOf(revised *store.Revised) *editing {
	return &editing{
		slug: revised.Definition.Slug, current: *revised, base: revised.Revision,
		fields: questionset.FieldsOf(&revised.Definition, s.Zone),
	}
}

// maxExamFields bounds the fields of an editor's form: a thousand sections fit.
const maxExamFields = 20_000

// examField matches the fields of an exam in its editor.
var examField = regexp.MustCompile(`^(?:(?:sections|attachments)\[[1-9][0-9]{0,3}\]\.)?(?:sha256|[a-z_]+(?:\.[a-z_]+){0,3})$`)

// editingFrom reads the form of an editor.
func editingFrom(r *http.Request) (*editing, error) {
	form, err := parseFields(r, maxExamFields)
	if err != nil {
		return nil, err
	}
	base, err := countField(form, "revision", 0, maxOpening)
	if err != nil {
		return nil, err
	}
	e := &editing{base: int(base), action: form.Get("action"), fields: questionset.Fields{}}
	for name, values := range form {
		if examField.MatchString(name) && name != "action" && name != "revision" && name != "published" {
			e.fields[name] = values
		}
	}
	return e, nil
}

// typed reports whether the form held an exam, and not its revision alone.
func (e *editing) typed() bool { return len(e.fields) > 0 }

// rearrange does what a button asks of the form itself; false when it asks for something else.
func (e *editing) rearrange() (bool, error) {
	name, number, _ := strings.Cut(e.action, ":")
	i, _ := strconv.Atoi(number) // the fields ignore sections that are not there
	switch name {
	case "show":
	case "add":
		if e.fields.Sections() >= exam.MaxQuestions {
			e.refused = templates.EditTooMany
			break
		}
		e.fields.AddSection(lastOf(e.fields["sections["+strconv.Itoa(e.fields.Sections())+"].from.set"]))
	case "remove":
		e.fields.RemoveSection(i)
	case "up":
		e.fields.SwapSections(i, i-1)
	case "down":
		e.fields.SwapSections(i, i+1)
	case "attachment-remove":
		e.fields.RemoveAttachment(i)
	case "attachment-up":
		e.fields.SwapAttachments(i, i-1)
	case "attachment-down":
		e.fields.SwapAttachments(i, i+1)
	case "save", "publish", "withdraw", actionAttach, "":
		return false, nil
	default:
		return false, errMalformed
	}
	return true, nil
}

// actionAttach saves, and leads to the form that adds an attachment.
const actionAttach = "attach"

func lastOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// renderEditor shows the editor with what is typed.
func (s *Server) renderEditor(w http.ResponseWriter, r *http.Request, status int, e *editing) error {
	view, err := s.editView(r, e)
	if err != nil {
		return err
	}
	return s.desk(w, r, status, func(p templates.Page) component { return templates.ExamEdit(p, view) })
}

func (s *Server) editView(r *http.Request, e *editing) (templates.ExamEditView, error) {
	current := &e.current
	view := templates.ExamEditView{
		Slug: e.slug, Title: current.Definition.Title.In(s.locale(r).Tag()), Revision: e.base, Saved: instantTime(current.Saved),
		Published: current.Definition.Published, Archived: instantTime(current.Archived), Fields: e.fields, Refused: e.refused, Zone: zoneName(s.Zone, instantTime(nowOf(r))),
		Now: instantTime(nowOf(r)), CopySlug: e.copying, CopyProblem: e.copied,
		Findings: s.editFindings(r, e.report.Findings),
	}
	if err := s.addChoices(r, &view); err != nil {
		return view, err
	}
	if err := s.addAttempts(r, &view); err != nil {
		return view, err
	}
	return view, s.addSections(r, &view, e)
}

// editWords say in the words of the form what the report says in those of the exam file.
var editWords = map[questionset.Code]string{
	"exam_field_missing": "missing", "exam_field_empty": "missing", "exam_title": "missing",
	"exam_name": "line", "exam_slug": "slug", "exam_integer": "integer", "exam_duration": "duration",
	"exam_duration_range": "range", "exam_time": "time", "exam_after_close_needs_close": "close", "exam_sections_list": "sections",
}

// editFindings words what is wrong with a form.
func (s *Server) editFindings(r *http.Request, findings []questionset.Finding) []templates.DeskFinding {
	out := s.deskFindings(r, findings)
	l := s.locale(r)
	for i := range findings {
		word, ok := editWords[findings[i].Code]
		if !ok {
			continue
		}
		var args []any
		for name, value := range findings[i].Args {
			args = append(args, name, value)
		}
		out[i].What, out[i].Mend = l.T("desk.edit.fault."+word, args...), ""
	}
	return out
}

// zoneName is what people call a zone.
func zoneName(zone *time.Location, now time.Time) string {
	if zone == time.Local {
		return now.In(zone).Format("MST (UTC-07:00)")
	}
	return zone.String()
}

// addChoices adds the groups and sets that there are.
func (s *Server) addChoices(r *http.Request, view *templates.ExamEditView) error {
	groups, err := s.Store.Groups(r.Context())
	if err != nil {
		return err
	}
	for _, g := range groups {
		view.Groups = append(view.Groups, g.Name)
	}
	sets, err := s.Store.Sets(r.Context())
	for _, set := range sets {
		view.Sets = append(view.Sets, set.Name)
	}
	return err
}

func (s *Server) addAttempts(r *http.Request, view *templates.ExamEditView) error {
	if view.Slug == "" {
		return nil
	}
	e, err := s.examSummary(r, view.Slug)
	if err != nil {
		return err
	}
	view.OpenAttempts, view.Attempts = e.Open, e.Open+e.Closed+e.Voided
	waiting, err := s.Store.AwaitingMarker(r.Context(), viewerOf(r).User.ID)
	view.Awaiting, view.ByHand = waiting[view.Slug]
	return err
}

// examSummary finds an exam in the list of all, with its attempts counted.
func (s *Server) examSummary(r *http.Request, slug string) (store.ExamSummary, error) {
	exams, _, err := s.Store.ExamSummaries(r.Context())
	if err != nil {
		return store.ExamSummary{}, err
	}
	for i := range exams {
		if exams[i].Definition.Slug == slug {
			return exams[i], nil
		}
	}
	return store.ExamSummary{}, store.ErrNotFound
}

// addSections says of each section what it may draw, and of the whole why it could not be drawn.
func (s *Server) addSections(r *http.Request, view *templates.ExamEditView, e *editing) error {
	d, _ := questionset.ReadFields(e.fields, s.Zone)
	lacking, err := desk.Attach(r.Context(), s.Store, &d)
	if err != nil {
		return err
	}
	verdict, err := desk.Judge(r.Context(), s.Store, &d)
	if err != nil {
		return err
	}
	view.Faults = s.faultTexts(r, lacking)
	if e.slug != "" && len(d.Sections) > 0 {
		view.Faults, view.Notices = append(view.Faults, s.faultTexts(r, verdict.Faults)...), s.faultTexts(r, verdict.Notices)
	}
	view.Attachments = editedAttachments(e.fields, d.Attachments)
	known := map[string]*store.SetFacets{}
	for i := range e.fields.Sections() {
		section := templates.SectionEdit{Matching: -1}
		if i < len(verdict.Matching) && d.Sections[i].From.Set != "" {
			section.Matching = verdict.Matching[i]
		}
		path := "sections[" + strconv.Itoa(i+1) + "].from."
		facets, err := s.facets(r, known, url.Values(e.fields).Get(path+"set"))
		if err != nil {
			return err
		}
		section.Categories = union(e.fields[path+"category"], facets.Categories, facets.InCategory)
		years, inYear := make([]string, len(facets.Years)), map[string]int{}
		for j, year := range facets.Years {
			years[j] = strconv.Itoa(year)
			inYear[years[j]] = facets.InYear[year]
		}
		section.Years = union(e.fields[path+"year"], years, inYear)
		section.Tags = union(e.fields[path+"tag"], facets.Tags, facets.WithTag)
		view.Sections = append(view.Sections, section)
	}
	return nil
}

// facets reads what may be chosen of a set, once; nothing of one that is not there.
func (s *Server) facets(r *http.Request, known map[string]*store.SetFacets, set string) (*store.SetFacets, error) {
	if f := known[set]; f != nil {
		return f, nil
	}
	f, err := s.Store.SetFacets(r.Context(), set)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	known[set] = &f
	return &f, nil
}

// maxChecks bounds the values that a section offers as checkboxes; others can be typed.
const maxChecks = 200

// union lists what is offered, and what is chosen beside, each with its number of questions. Nothing has
// no checkbox.
func union(chosen, offered []string, counts map[string]int) []templates.FilterValue {
	var out []templates.FilterValue
	listed := map[string]bool{"": true}
	add := func(v string) {
		if !listed[v] {
			out, listed[v] = append(out, templates.FilterValue{Value: v, Questions: counts[v]}), true
		}
	}
	for _, v := range offered[:min(len(offered), maxChecks)] {
		add(v)
	}
	for _, v := range chosen {
		add(v)
	}
	return out
}
