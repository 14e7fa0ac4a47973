package handlers

import (
	"errors"
	"net/http"
	"strings"

	"shiken/accounts"
	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// showStory shows everything that happened in one attempt, to answer a complaint with.
func (s *Server) showStory(w http.ResponseWriter, r *http.Request) error {
	story, err := s.loadStory(r)
	if err != nil {
		return err
	}
	position, err := storyPosition(r, &story.Paper)
	if err != nil {
		return err
	}
	view := templates.StoryView{Position: position, Now: instantTime(nowOf(r))}
	if view.Head, err = s.storyHead(r, story); err != nil {
		return err
	}
	signIns, now, err := s.Store.SignInsOf(r.Context(), story.Attempt.Candidate, maxDevices)
	if err != nil {
		return err
	}
	if view.Events, err = s.storyEvents(r, story, signIns, position != 0); err != nil {
		return err
	}
	if position != 0 {
		view.Events = about(view.Events, position)
	}
	view.Devices = storyDevices(story, signIns, now)
	if view.Gaps, err = s.storyGaps(r, story); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Story(s.staffPage(r), view))
	return nil
}

// loadStory reads the attempt of the path with its journal.
func (s *Server) loadStory(r *http.Request) (*store.StoredAttempt, error) {
	id, err := attemptID(r)
	if err != nil {
		return nil, err
	}
	story, err := s.Store.Story(r.Context(), id)
	if err == nil && story.Damage != nil {
		err = story.Damage
	}
	return &story, err
}

// storyPosition reads the filter: one question, or all of the story.
func storyPosition(r *http.Request, p *exam.Paper) (int, error) {
	asked := r.URL.Query().Get("position")
	if asked == "" {
		return 0, nil
	}
	n, err := wholeNumber(asked, 1, int64(p.Len()))
	if err != nil {
		return 0, errNotFound
	}
	return int(n), nil
}

func about(events []templates.StoryEvent, position int) []templates.StoryEvent {
	var out []templates.StoryEvent
	for _, e := range events {
		if e.Position == position {
			out = append(out, e)
		}
	}
	return out
}

func (s *Server) storyHead(r *http.Request, story *store.StoredAttempt) (templates.StoryHead, error) {
	a, p := &story.Attempt, &story.Paper
	user, err := s.Store.UserByID(r.Context(), a.Candidate)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return templates.StoryHead{}, err
	}
	deadline, _ := a.Deadline(p)
	lang := s.locale(r).Tag()
	head := templates.StoryHead{
		Attempt: a.ID, ExamSlug: p.Exam, ExamTitle: p.Title.In(lang), User: user.ID, Username: user.Username,
		Name: user.Name, Number: story.Number, Status: string(a.Status), Marking: string(a.Marking),
		StartedAt: instantTime(a.Started), Deadline: instantTime(deadline), Total: p.Len(),
		Receipt: receiptView(a.Head), Verified: folds(story), Erased: story.Erased,
	}
	if a.Status.Closed() {
		head.ClosedAt = instantTime(a.Stopped)
	}
	for _, response := range a.Responses {
		if !response.Answer.IsZero() {
			head.Answered++
		}
	}
	if a.Score != nil && a.Score.Awaiting {
		head.Awaiting = true
	} else if a.Score != nil {
		head.Score = scoreView(lang, &store.Snapshot{Attempt: *a, Paper: p})
	}
	return head, nil
}

// folds reports whether the journal is whole and ends where the attempt stands (R11). What is stored
// is compared field by field by `shiken verify`.
func folds(story *store.StoredAttempt) bool {
	told, _, err := exam.Replay(&story.Paper, story.Records)
	return err == nil && told.Head == story.Attempt.Head && told.Status == story.Attempt.Status
}

func (s *Server) storyEvents(r *http.Request, story *store.StoredAttempt, signIns []store.SignIn, each bool) ([]templates.StoryEvent, error) {
	contents, err := s.contents.all(r.Context(), proctor.Versions(&story.Paper))
	if err != nil {
		return nil, err
	}
	names, err := s.actorNames(r, story)
	if err != nil {
		return nil, err
	}
	teller := storyTeller{page: s.pageOf(r), story: story, contents: contents, names: names, agents: map[string]accounts.Agent{}, each: each}
	for i := range signIns {
		teller.agents[signIns[i].ID] = accounts.ReadAgent(signIns[i].Agent)
	}
	return teller.tell(), nil
}

// actorNames finds the names of the admins who acted on an attempt.
func (s *Server) actorNames(r *http.Request, story *store.StoredAttempt) (map[string]string, error) {
	names := map[string]string{}
	note := func(actor string) error {
		id, isAdmin := strings.CutPrefix(actor, string(exam.Admin)+":")
		if _, known := names[id]; !isAdmin || known {
			return nil
		}
		user, err := s.Store.UserByID(r.Context(), id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		names[id] = user.Name
		return nil
	}
	for i := range story.Records {
		if err := note(story.Records[i].Entry.Actor); err != nil {
			return nil, err
		}
	}
	for i := range story.Rejections {
		if err := note(story.Rejections[i].Actor); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// maxDevices bounds the sign-ins that are looked through, the newest first, and maxListedDevices those
// that are shown, the oldest first: signing in again and again afterwards hides none of them.
const (
	maxDevices       = 5_000
	maxListedDevices = 100
)

// seenLate is how much later than a request its presence may be written.
const seenLate = exam.Minute

// storyDevices lists the candidate's sign-ins that were in use while the attempt was open.
func storyDevices(story *store.StoredAttempt, rows []store.SignIn, now exam.Instant) []templates.StoryDevice {
	until := now
	if !story.Attempt.Status.Open() && story.Attempt.Stopped != 0 {
		until = story.Attempt.Stopped
	}
	var out []templates.StoryDevice
	for i := len(rows) - 1; i >= 0 && len(out) < maxListedDevices; i-- {
		row := &rows[i]
		if row.LastSeen.Add(seenLate) < story.Attempt.Started || row.Created > until {
			continue
		}
		agent := accounts.ReadAgent(row.Agent)
		out = append(out, templates.StoryDevice{
			Browser: agent.Browser, System: agent.System,
			Agent: row.Agent, Address: row.Address, SignedInAt: instantTime(row.Created),
			LastSeen: instantTime(row.LastSeen), Ended: instantTime(row.Revoked),
		})
	}
	return out
}

// showPaper shows the paper as the candidate saw it, with the answers of record and the key. On paper it is
// blank: see printPaper.
func (s *Server) showPaper(w http.ResponseWriter, r *http.Request) error {
	story, err := s.loadStory(r)
	if err != nil {
		return err
	}
	return s.renderPaper(w, r, story, false)
}

// printPaper is showPaper as it may be printed. Each is recorded before anything is shown.
func (s *Server) printPaper(w http.ResponseWriter, r *http.Request) error {
	story, err := s.loadStory(r)
	if err != nil {
		return err
	}
	if err := s.Store.By(act(r, store.ActPrintPaper, story.Attempt.ID, nil)).Record(r.Context()); err != nil {
		return err
	}
	return s.renderPaper(w, r, story, true)
}

func (s *Server) renderPaper(w http.ResponseWriter, r *http.Request, story *store.StoredAttempt, printed bool) (err error) {
	view := templates.PaperView{Printed: printed, PrintedAt: instantTime(nowOf(r)), PrintedBy: viewerOf(r).User.Username}
	if view.Head, err = s.storyHead(r, story); err != nil {
		return err
	}
	if view.Questions, err = s.paperQuestions(r, story); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Paper(s.staffPage(r), view))
	return nil
}

func (s *Server) paperQuestions(r *http.Request, story *store.StoredAttempt) ([]templates.PaperQuestion, error) {
	versions := proctor.Versions(&story.Paper)
	contents, err := s.contents.all(r.Context(), versions)
	if err != nil {
		return nil, err
	}
	keyed, err := s.Store.Keys(r.Context(), versions)
	if err != nil {
		return nil, err
	}
	page, stimuli := s.pageOf(r), pageStimuli(&story.Paper, contents)
	out := make([]templates.PaperQuestion, 0, len(versions))
	section := -1
	for i := range story.Paper.Items {
		it := &story.Paper.Items[i]
		saved := story.Attempt.Response(i + 1)
		c, k := contents[it.Version], keyed[it.Version]
		q := templates.PaperQuestion{
			Position: i + 1, SavedAt: instantTime(saved.SavedAt), MaxPoints: it.Points,
			View: templates.QuestionView{Body: bodyOf(page, it, c, saved.Answer), Closed: true},
			Key:  keyLines(page, it, c, &k.Key), Explanation: s.explanation(k.Feedback),
			Guide: s.guide(k.Key), Comment: saved.Comment,
		}
		q.View.Body.Stimulus = stimuli[i]
		if it.Section != section {
			section = it.Section
			q.Section = story.Paper.Sections[section].Title.In(page.Locale.Tag())
		}
		score := story.Attempt.Score
		q.Awaiting = score != nil && score.Items[i] == exam.Awaiting
		if score != nil && exam.Counts(score.Items[i]) {
			q.ShowScore, q.Points = it.Points > 0, score.Items[i]
			q.Verdict = verdictOf(score.Items[i], it.Points)
		}
		out = append(out, q)
	}
	return out, nil
}
