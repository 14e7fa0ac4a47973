package handlers

import (
	"net/http"
	"time"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// showResult shows what is known of an attempt after it was handed in: status and receipt always,
// score, answers and keys as far as each is released (R12).
func (s *Server) showResult(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.load(r)
	if err != nil {
		return err
	}
	view, err := s.resultView(r, snap)
	if err != nil {
		return err
	}
	page := s.pageFor(r, &snap.Viewer.User)
	s.render(w, r, http.StatusOK, templates.Result(page, view))
	return nil
}

// renderPaused covers a question while its attempt is paused.
func (s *Server) renderPaused(w http.ResponseWriter, r *http.Request, snap *store.Snapshot) error {
	page, view := s.pageFor(r, &snap.Viewer.User), s.resultHead(r, snap)
	view.Next = r.URL.Path
	s.render(w, r, http.StatusOK, templates.Result(page, view))
	return nil
}

// resultHead is the part of a result that is always shown.
func (s *Server) resultHead(r *http.Request, snap *store.Snapshot) templates.ResultView {
	a := &snap.Attempt
	view := templates.ResultView{
		Sitting: s.sitting(r, snap, 0), Phase: phaseOf(snap), Candidate: snap.Viewer.User.Name,
		StartedAt: instantTime(a.Started), Expired: a.Status == exam.Expired, Next: templates.AttemptPath(a.ID),
	}
	view.Receipt = receiptView(a.Head)
	if a.Status.Closed() {
		view.ClosedAt = instantTime(a.Stopped)
		view.Practice = snap.Paper.Rules.Feedback == exam.PracticeFeedback
	}
	for n := 1; n <= snap.Paper.Len(); n++ {
		if !a.Responses[n].Answer.IsZero() {
			view.Answered++
		}
	}
	return view
}

func phaseOf(snap *store.Snapshot) templates.Phase {
	a := &snap.Attempt
	switch {
	case a.Status == exam.Voided:
		return templates.PhaseVoided
	case a.Status == exam.Paused:
		return templates.PhasePaused
	case a.Status == exam.InProgress:
		if d, timed := a.Deadline(snap.Paper); timed && snap.Now >= d {
			return templates.PhaseTimeUp
		}
		return templates.PhaseInProgress
	case a.Marking == exam.MarkingDone:
		return templates.PhaseDone
	case a.Marking == exam.AwaitingMarker:
		return templates.PhaseAwaiting
	}
	return templates.PhaseMarking
}

func (s *Server) resultView(r *http.Request, snap *store.Snapshot) (templates.ResultView, error) {
	view := s.resultHead(r, snap)
	if !snap.Attempt.Status.Closed() {
		return view, nil
	}
	state, err := s.Store.ReleaseState(r.Context(), snap.Paper.Exam)
	if err != nil {
		return view, err
	}
	if snap.Number > 1 {
		view.Exam = snap.Paper.Exam
	}
	rel := exam.ReleasedAt(snap.Paper, &snap.Attempt, state, snap.Now)
	if rel.Score {
		view.Score = scoreView(s.locale(r).Tag(), snap)
	} else {
		view.ScoreAt = scoreAt(snap)
	}
	if view.Late, view.Accepted, err = s.lateAnswers(r, snap); err != nil {
		return view, err
	}
	if view.Corrected, err = s.correctedKeys(r.Context(), snap, state, rel); err != nil {
		return view, err
	}
	if rel.Answers || rel.Keys {
		view.Questions, err = s.questionResults(r, snap, rel)
	}
	return view, err
}

func scoreAt(snap *store.Snapshot) (at time.Time) {
	rules := &snap.Paper.Rules
	switch {
	case rules.Release.Score.When == exam.At && rules.Release.Score.At > snap.Now:
		return instantTime(rules.Release.Score.At)
	case rules.Release.Score.When == exam.AfterClose && rules.ReleaseClose() > snap.Now:
		return instantTime(rules.ReleaseClose())
	}
	return at
}

func scoreView(lang string, snap *store.Snapshot) *templates.ScoreView {
	p, score := snap.Paper, snap.Attempt.Score
	view := &templates.ScoreView{
		Points: score.Total, MaxPoints: score.Max, PassMark: p.Rules.PassMark, Pass: passOf(score.Passed),
	}
	for i, sec := range p.Sections {
		part := score.Sections[i]
		view.Sections = append(view.Sections, templates.SectionResult{
			Title: sec.Title.In(lang), Points: part.Total, MaxPoints: part.Max,
			Minimum: sec.Minimum, Met: part.Passed != nil && *part.Passed,
		})
	}
	return view
}

func passOf(passed *bool) templates.Pass {
	switch {
	case passed == nil:
		return templates.PassUnknown
	case *passed:
		return templates.Passed
	}
	return templates.NotPassed
}

// lateAnswers counts answers that came after the end, which are kept and not counted (R9), and the
// rejected ones that were accepted.
func (s *Server) lateAnswers(r *http.Request, snap *store.Snapshot) (late, accepted int, err error) {
	if snap.Attempt.Rejections == 0 {
		return 0, 0, nil
	}
	if late, err = s.Store.CountRejections(r.Context(), snap.Attempt.ID, exam.TimeIsUp, exam.Finished); err != nil {
		return 0, 0, err
	}
	numbers, err := s.Store.AcceptedRejections(r.Context(), snap.Attempt.ID)
	return late, len(numbers), err
}

// questionResults shows each question as far as answers and keys are released. Keys are read only
// when they are.
func (s *Server) questionResults(r *http.Request, snap *store.Snapshot, rel exam.Released) ([]templates.QuestionResult, error) {
	versions := proctor.Versions(snap.Paper)
	contents, err := s.contents.all(r.Context(), versions)
	if err != nil {
		return nil, err
	}
	var keyed map[string]store.KeyedFeedback
	if rel.Keys {
		if keyed, err = s.Store.Keys(r.Context(), versions); err != nil {
			return nil, err
		}
	}
	page, stimuli := s.pageOf(r), pageStimuli(snap.Paper, contents)
	out := make([]templates.QuestionResult, 0, len(versions))
	for i := range snap.Paper.Items {
		it := &snap.Paper.Items[i]
		c := contents[it.Version]
		q := templates.QuestionResult{Position: i + 1, MaxPoints: it.Points, ShowOwn: rel.Answers}
		var own exam.Answer
		if rel.Answers {
			own = snap.Attempt.Response(i + 1).Answer
			q.Own = answerLines(page, it, c, own)
		}
		q.Body = bodyOf(page, it, c, own)
		q.Body.Stimulus = stimuli[i]
		s.addScore(&q, snap, i, rel)
		addMark(&q, snap, i, rel)
		if k, ok := keyed[it.Version]; ok {
			q.ShowKey, q.Key = true, keyLines(page, it, c, &k.Key)
			q.Explanation = s.explanation(k.Feedback)
			if rel.Answers {
				q.Notes = s.notes(page, it, c, &k.Feedback, snap.Attempt.Response(i+1).Answer)
			}
		}
		out = append(out, q)
	}
	return out, nil
}

// addMark shows what a marker gave and says, where score and own answers are released: unlike other
// points these give no key away. Of an answer that waits for its marker it says so.
func addMark(q *templates.QuestionResult, snap *store.Snapshot, i int, rel exam.Released) {
	a := &snap.Attempt
	own := a.Response(i + 1)
	switch {
	case !rel.Answers || snap.Paper.Items[i].Type != exam.Essay:
	case a.Score != nil && a.Score.Items[i] == exam.Awaiting:
		q.Awaiting = true
	case rel.Score && own.Points != nil && exam.Counts(a.Score.Items[i]):
		q.ShowScore, q.Points, q.Comment = q.MaxPoints > 0, a.Score.Items[i], own.Comment
	}
}

// addScore shows points and verdict of a question where score and keys are released: without the
// keys they would give them away, answer by answer.
func (s *Server) addScore(q *templates.QuestionResult, snap *store.Snapshot, i int, rel exam.Released) {
	if !rel.Score || !rel.Keys {
		return
	}
	points := snap.Attempt.Score.Items[i]
	q.ShowScore = exam.Counts(points) && snap.Paper.Items[i].Points > 0
	q.Dropped = points == exam.Dropped
	q.Points = points
	q.Verdict = verdictOf(points, snap.Paper.Items[i].Points)
}
