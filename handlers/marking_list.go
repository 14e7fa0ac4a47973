package handlers

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"slices"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// markingRoutes are those of markers, who are authors and admins: authors know what a good answer is,
// and see neither attempts nor results.
func (s *Server) markingRoutes() []route {
	return []route{
		{"GET", "/author/marking", author, bodyNone, s.showMarkingHome},
		{"GET", "/author/marking/{exam}", author, bodyNone, s.showMarkingExam},
		{"GET", "/author/marking/{exam}/{task}", author, bodyNone, s.showMarkingTask},
		{"GET", "/author/marking/{exam}/{task}/next", author, bodyNone, s.nextToMark},
		{"GET", "/author/marking/{exam}/{task}/{answer}", author, bodyNone, s.showMarking},
		{"POST", "/author/marking/{exam}/{task}/{answer}", author, bodyForm, s.submitMark},
	}
}

// showMarkingHome lists the exams with something to mark, those with the most first. What the viewer wrote does
// not count.
func (s *Server) showMarkingHome(w http.ResponseWriter, r *http.Request) error {
	waiting, err := s.Store.AwaitingMarker(r.Context(), viewerOf(r).User.ID)
	if err != nil {
		return err
	}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return err
	}
	view := templates.MarkingHomeView{}
	for i := range definitions {
		d := &definitions[i]
		if n, ok := waiting[d.Slug]; ok {
			view.Exams = append(view.Exams, templates.MarkingExam{Slug: d.Slug, Title: s.listedTitle(r, d), Waiting: n})
		}
	}
	slices.SortStableFunc(view.Exams, func(a, b templates.MarkingExam) int { return cmp.Compare(b.Waiting, a.Waiting) })
	s.render(w, r, http.StatusOK, templates.MarkingHome(s.staffPage(r), view))
	return nil
}

// showMarkingExam lists the questions of an exam whose answers a person marks.
func (s *Server) showMarkingExam(w http.ResponseWriter, r *http.Request) error {
	d, err := s.examToMark(r)
	if err != nil {
		return err
	}
	view := templates.MarkingExamView{Slug: d.Slug, Title: d.Title.In(s.locale(r).Tag())}
	if view.Tasks, err = s.markingTasks(r, d.Slug); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.MarkingOfExam(s.staffPage(r), view))
	return nil
}

func (s *Server) examToMark(r *http.Request) (exam.Definition, error) {
	slug, err := slugOf(r)
	if err != nil {
		return exam.Definition{}, err
	}
	return s.Store.Definition(r.Context(), slug)
}

// excerptRunes bounds what a list shows of a stem.
const excerptRunes = 80

// markingTasks are the questions of an exam with their counts, in the order in which they were stored.
func (s *Server) markingTasks(r *http.Request, slug string) ([]templates.MarkingTask, error) {
	tasks, err := s.Store.MarkingTasks(r.Context(), slug, viewerOf(r).User.ID)
	if err != nil {
		return nil, err
	}
	versions := make([]string, len(tasks))
	for i := range tasks {
		versions[i] = tasks[i].Version
	}
	contents, err := s.contents.all(r.Context(), versions)
	if err != nil {
		return nil, err
	}
	keyed, err := s.Store.Keys(r.Context(), versions)
	if err != nil {
		return nil, err
	}
	out := make([]templates.MarkingTask, len(tasks))
	for i, t := range tasks {
		out[i] = templates.MarkingTask{
			Version: t.Version, Number: i + 1, Text: excerpt(s.Render.Plain(contents[t.Version].question.Stem)),
			Waiting: t.Waiting, Given: t.Given, Blank: t.Blank, Settled: keyed[t.Version].Key.Treatment != exam.ByKey,
		}
		if out[i].Settled {
			out[i].Waiting = 0
		}
	}
	return out, nil
}

func excerpt(text string) string {
	if runes := []rune(text); len(runes) > excerptRunes {
		return string(runes[:excerptRunes]) + "…"
	}
	return text
}

// markingTask finds the question of the path among those of its exam.
func (s *Server) markingTask(r *http.Request, slug string) (templates.MarkingTask, error) {
	tasks, err := s.markingTasks(r, slug)
	if err != nil {
		return templates.MarkingTask{}, err
	}
	version := chi.URLParam(r, "task")
	for _, t := range tasks {
		if t.Version == version {
			return t, nil
		}
	}
	return templates.MarkingTask{}, errNotFound
}

// answersOnPage is how many answers the list of a question shows.
const answersOnPage = 100

var markStates = []store.MarkState{store.MarkWaiting, store.MarkGiven, store.MarkBlank}

// showMarkingTask shows a question with its guide, and lists its answers.
func (s *Server) showMarkingTask(w http.ResponseWriter, r *http.Request) error {
	d, err := s.examToMark(r)
	if err != nil {
		return err
	}
	task, err := s.markingTask(r, d.Slug)
	if err != nil {
		return err
	}
	q := store.MarkingQuery{
		Exam: d.Slug, Version: task.Version, State: oneOf(r.URL.Query(), "show", markStates), Without: viewerOf(r).User.ID,
		Offset: offsetOf(r), Limit: answersOnPage,
	}
	answers, total, err := s.Store.MarkedAnswers(r.Context(), q)
	if err != nil {
		return err
	}
	view := templates.MarkingTaskView{
		Exam: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Task: task, Show: string(q.State),
		Pager: pagerOf(r, q.Offset, q.Limit, total),
	}
	for _, a := range answers {
		view.Answers = append(view.Answers, templates.MarkingLine{Label: a.Label, State: string(a.State), Points: a.Points})
	}
	if view.Body, view.Guide, err = s.questionToMark(r, task.Version); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.MarkingOfTask(s.staffPage(r), view))
	return nil
}

// questionToMark is a question as candidates see it, without an answer, and what markers should know.
func (s *Server) questionToMark(r *http.Request, version string) (templates.Body, templates.SafeHTML, error) {
	c, err := s.contents.one(r.Context(), version)
	if err != nil {
		return templates.Body{}, "", err
	}
	keyed, err := s.Store.Keys(r.Context(), []string{version})
	if err != nil {
		return templates.Body{}, "", err
	}
	body := bodyOf(s.pageOf(r), &exam.Item{Type: exam.Essay}, c, exam.Answer{})
	return body, s.guide(keyed[version].Key), nil
}

// guide is what markers should know, for their eyes and those of authors alone.
func (s *Server) guide(k exam.Key) templates.SafeHTML {
	if k.Guide.Source == "" {
		return ""
	}
	return s.Render.Block(k.Guide)
}

// nextToMark leads to an answer that waits.
func (s *Server) nextToMark(w http.ResponseWriter, r *http.Request) error {
	d, err := s.examToMark(r)
	if err != nil {
		return err
	}
	task, err := s.markingTask(r, d.Slug)
	if err != nil {
		return err
	}
	if task.Settled {
		return seeOther(w, r, templates.MarkingTaskPath(d.Slug, task.Version), templates.NoteMarkedAll)
	}
	return s.leadToNext(w, r, d.Slug, task.Version, r.URL.Query().Get("after"), "")
}

// leadToNext leads to the answer that waits behind the one with a label, and from the end to the
// beginning again; when none waits, to the list.
func (s *Server) leadToNext(w http.ResponseWriter, r *http.Request, slug, version, after string, note templates.Note) error {
	from := after + "0" // the first of those behind it
	if !wholeLabel.MatchString(after) {
		from = beginning(viewerOf(r).User.ID, version)
	}
	for _, from := range []string{from, ""} {
		q := store.MarkingQuery{Exam: slug, Version: version, State: store.MarkWaiting, From: from, Without: viewerOf(r).User.ID, Limit: 1}
		next, _, err := s.Store.MarkedAnswers(r.Context(), q)
		if err != nil {
			return err
		}
		if len(next) > 0 {
			return seeOther(w, r, templates.MarkPath(slug, version, next[0].Label), note)
		}
	}
	return seeOther(w, r, templates.MarkingTaskPath(slug, version), templates.NoteMarkedAll)
}

// wholeLabel is what the label of an answer looks like.
var wholeLabel = regexp.MustCompile(`^[0-9a-f]{16}$`)

// beginning is where among the labels somebody begins to mark a question: each marker elsewhere, so
// that two at once hardly meet on one answer.
func beginning(user, version string) string {
	sum := sha256.Sum256([]byte(user + " " + version))
	return hex.EncodeToString(sum[:8])
}
