package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// resultsPage is how many attempts the table shows at once.
const resultsPage = 100

// showResults lists the attempts of an exam with their scores.
func (s *Server) showResults(w http.ResponseWriter, r *http.Request) error {
	return s.renderResults(w, r, http.StatusOK, "", nil)
}

// renderResults shows the table; problem and typed are those of a release that was refused.
func (s *Server) renderResults(w http.ResponseWriter, r *http.Request, status int, problem string, typed url.Values) error {
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	q := resultQuery(r, d.Slug)
	rows, total, now, err := s.Store.ResultRows(r.Context(), q)
	if err != nil {
		return err
	}
	groups, err := s.Store.Groups(r.Context())
	if err != nil {
		return err
	}
	released, err := s.Store.ReleaseState(r.Context(), d.Slug)
	if err != nil {
		return err
	}
	lang := s.locale(r).Tag()
	view := templates.ResultsView{
		Slug: d.Slug, Title: d.Title.In(lang), Filter: resultsFilter(&q), Sections: sectionTitles(&d, lang),
		Groups: groupNames(groups), Any: total > 0, Pager: pagerOf(r, q.Offset, q.Limit, total),
		Release: releaseForm(&d, released, now), CSV: exportPath(r, d.Slug, "csv"), XLSX: exportPath(r, d.Slug, "xlsx"),
	}
	view.Release.Problem, view.Release.Zone = problem, zoneName(s.Zone, instantTime(now))
	s.fillReleaseTimes(&view.Release, typed)
	if !view.Any && filtered(&q) {
		view.Any = true
	}
	if view.Suspected, err = s.suspected(r, d.Slug, total); err != nil {
		return err
	}
	if err := s.addRows(r, &view, &d, rows, q.First); err != nil {
		return err
	}
	s.render(w, r, status, templates.Results(s.staffPage(r), view))
	return nil
}

// addRows adds a line for each attempt, or for each candidate.
func (s *Server) addRows(r *http.Request, view *templates.ResultsView, d *exam.Definition, rows []store.ResultRow, perCandidate bool) error {
	counted, err := s.countedOf(r.Context(), d, candidatesOf(rows))
	if err != nil {
		return err
	}
	several := d.Attempts != 1 && d.Rules.Feedback != exam.PracticeFeedback || perCandidate
	lang := s.locale(r).Tag()
	for i := range rows {
		c := counted[rows[i].User]
		if c == nil {
			continue // it was erased meanwhile
		}
		row, counts := rows[i], c.counts(c.place(rows[i].Summary.ID))
		if perCandidate {
			row, counts = c.line()
		}
		line := resultsRow(&row, lang)
		line.Counted, several = counts, several || c.several()
		if perCandidate {
			line.Of = len(c.result.Counts)
		}
		view.Rows = append(view.Rows, line)
	}
	if several {
		view.Counts = countingName(d.Counts)
	}
	return nil
}

func groupNames(groups []store.GroupSummary) []string {
	out := make([]string, len(groups))
	for i := range groups {
		out[i] = groups[i].Name
	}
	return out
}

// The values that the filter takes, besides none.
var (
	resultOrders = []store.ResultOrder{store.ResultsByName, store.ResultsByScore, store.ResultsByClosed, store.ResultsByStarted}
	passStates   = []store.PassState{store.PassedState, store.FailedState, store.NeitherPass}
)

// resultQuery reads the filter. What no control of the page sends does not filter.
func resultQuery(r *http.Request, slug string) store.ResultQuery {
	v := r.URL.Query()
	by, descending := strings.CutPrefix(v.Get("sort"), "-")
	order := store.ResultOrder(by)
	if !slices.Contains(resultOrders, order) {
		order, descending = store.ResultsByName, false
	}
	q := store.ResultQuery{
		Exam: slug, Search: searched(v, "q"), Group: searched(v, "group"), Status: oneOf(v, "status", exam.Statuses),
		Pass: oneOf(v, "pass", passStates), Order: order, Descending: descending, Offset: offsetOf(r), Limit: resultsPage,
	}
	if v.Get("per") == "candidate" { // what an attempt is filtered and ordered by is not the candidate's
		q.First, q.Status, q.Pass, q.Order, q.Descending = true, "", "", store.ResultsByName, false
	}
	return q
}

func filtered(q *store.ResultQuery) bool {
	return q.Search != "" || q.Group != "" || q.Status != "" || q.Pass != "" || q.Offset > 0
}

// sortText is the order as the query has it, empty for the usual one.
func sortText(q *store.ResultQuery) string {
	switch {
	case q.Descending:
		return "-" + string(q.Order)
	case q.Order == store.ResultsByName:
		return ""
	}
	return string(q.Order)
}

func resultsFilter(q *store.ResultQuery) templates.ResultsFilter {
	per := ""
	if q.First {
		per = "candidate"
	}
	return templates.ResultsFilter{
		Per: per, Search: q.Search, Group: q.Group, Status: string(q.Status), Pass: string(q.Pass),
		Sort: sortText(q), Path: templates.ResultsPath(q.Exam),
	}
}

// exportPath is the address of the table as a file, with the filter of the page.
func exportPath(r *http.Request, slug, extension string) string {
	q := r.URL.Query()
	q.Del("offset")
	q.Del("note")
	return (&url.URL{Path: "/admin/exams/" + slug + "/results." + extension, RawQuery: q.Encode()}).RequestURI()
}

// sectionTitles are those of an exam of several sections.
func sectionTitles(d *exam.Definition, lang string) []string {
	if len(d.Sections) < 2 {
		return nil
	}
	out := make([]string, len(d.Sections))
	for i := range d.Sections {
		out[i] = d.Sections[i].Title.In(lang)
	}
	return out
}

func resultsRow(row *store.ResultRow, lang string) templates.ResultsRow {
	a := &row.Summary
	out := templates.ResultsRow{
		Attempt: a.ID, User: row.User, Username: row.Username, Name: row.Name, Groups: row.Groups, Number: a.Number,
		Status: string(a.Status), Marking: string(a.Marking), StartedAt: instantTime(a.Started),
	}
	if a.Status.Closed() {
		out.ClosedAt = instantTime(a.Stopped)
	}
	if row.Score == nil || row.Score.Awaiting {
		out.Awaiting = row.Score != nil
		return out
	}
	out.Score = &templates.ScoreView{
		Points: row.Score.Total, MaxPoints: row.Score.Max, PassMark: a.Rules.PassMark, Pass: passOf(row.Score.Passed),
	}
	for i, part := range row.Score.Sections {
		section := templates.SectionResult{Points: part.Total, MaxPoints: part.Max, Met: part.Passed != nil && *part.Passed}
		if i < len(row.SectionTitles) {
			section.Title = row.SectionTitles[i].In(lang)
		}
		out.Score.Sections = append(out.Score.Sections, section)
	}
	return out
}

// releaseForm says what candidates may see by the rules of the exam and by hand.
func releaseForm(d *exam.Definition, state exam.ReleaseState, now exam.Instant) templates.ReleaseForm {
	rules := &d.Rules.Release
	done := exam.Attempt{Status: exam.Submitted, Marking: exam.MarkingDone}
	seen := exam.ReleasedAt(&exam.Paper{Rules: d.Rules}, &done, state, now)
	form := templates.ReleaseForm{
		Path: "/admin/exams/" + url.PathEscape(d.Slug) + "/release", OpenAttempts: state.OpenAttempts, Shown: shownRelease(state), Slug: d.Slug,
	}
	if now < state.OwnUntil {
		form.OwnUntil = instantTime(state.OwnUntil)
	}
	for _, part := range []struct {
		name   string
		rule   exam.Release
		byHand exam.Instant
		seen   bool
	}{
		{"score", rules.Score, state.Score, seen.Score},
		{"answers", rules.Answers, state.Answers, seen.Answers},
		{"keys", rules.Keys, state.Keys, seen.Keys},
	} {
		form.Parts = append(form.Parts, templates.ReleasePart{
			Name: part.name, Rule: string(part.rule.When), RuleAt: instantTime(ruleTime(part.rule, d)),
			ByHand: instantTime(part.byHand), Released: part.seen,
		})
	}
	return form
}

// shownRelease says what a form shows of a release by hand: who saves it decided on this.
func shownRelease(state exam.ReleaseState) string {
	return fmt.Sprintf("%d.%d.%d", state.Score, state.Answers, state.Keys)
}

func ruleTime(rule exam.Release, d *exam.Definition) exam.Instant {
	switch rule.When {
	case exam.At:
		return rule.At
	case exam.AfterClose:
		return d.Rules.Window.Close
	}
	return 0
}

// localLayout is the value of a datetime-local input.
const localLayout = "2006-01-02T15:04"

// fillReleaseTimes fills the inputs: with what was typed when it could not be read, else with what stands.
func (s *Server) fillReleaseTimes(form *templates.ReleaseForm, typed url.Values) {
	for i := range form.Parts {
		p := &form.Parts[i]
		switch {
		case typed != nil:
			p.Typed = typed.Get(p.Name + "_at")
		case !p.ByHand.IsZero():
			p.Typed = p.ByHand.In(s.Zone).Format(localLayout)
		}
	}
}

// releaseTime reads the time of a part: empty means now, or the time that stands.
func releaseTime(typed string, stands, now exam.Instant, zone *time.Location) (exam.Instant, error) {
	if typed == "" {
		if stands != 0 {
			return stands, nil
		}
		return now, nil
	}
	if stands != 0 && typed == time.UnixMicro(int64(stands)).In(zone).Format(localLayout) {
		return stands, nil // the field has no seconds
	}
	at, err := time.ParseInLocation(localLayout, typed, zone)
	if err != nil || at.Year() < 2000 || at.Year() > 2200 {
		return 0, errMalformed
	}
	return exam.Instant(at.UnixMicro()), nil
}

// submitRelease releases results by hand, from now or from a time to come, or takes that back.
func (s *Server) submitRelease(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	slug := chi.URLParam(r, "exam")
	state, err := s.Store.ReleaseState(r.Context(), slug)
	if err != nil {
		return err
	}
	if form.Get("shown") != shownRelease(state) {
		return s.renderResults(w, r, http.StatusConflict, templates.ReleaseMoved, nil)
	}
	next := store.ByHand{}
	for _, part := range []struct {
		name   string
		stands exam.Instant
		to     *exam.Instant
	}{
		{"score", state.Score, &next.Score}, {"answers", state.Answers, &next.Answers}, {"keys", state.Keys, &next.Keys},
	} {
		if form.Get(part.name) != "1" {
			continue
		}
		if *part.to, err = releaseTime(form.Get(part.name+"_at"), part.stands, nowOf(r), s.Zone); err != nil {
			return s.renderResults(w, r, http.StatusUnprocessableEntity, part.name, form)
		}
	}
	release := act(r, store.ActReleaseResults, slug, releaseDetails(state, next))
	if err := s.Store.By(release).SetReleased(r.Context(), slug, next); err != nil {
		return err
	}
	return seeOther(w, r, templates.ResultsPath(slug), "results.released")
}

// releaseDetails say what changes, as the audit log keeps it: times in RFC 3339, UTC, empty for "not
// released".
func releaseDetails(was exam.ReleaseState, is store.ByHand) map[string]any {
	text := func(i exam.Instant) string {
		if i == 0 {
			return ""
		}
		return instantTime(i).Format(time.RFC3339)
	}
	details := map[string]any{}
	for name, at := range map[string][2]exam.Instant{
		"score": {was.Score, is.Score}, "answers": {was.Answers, is.Answers}, "keys": {was.Keys, is.Keys},
	} {
		if at[0] != at[1] {
			details[name] = map[string]string{"before": text(at[0]), "after": text(at[1])}
		}
	}
	return details
}
