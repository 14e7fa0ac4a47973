package handlers

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// maxNotebook bounds the questions that the notebook lists of one practice.
const maxNotebook = 200

// showNotebook lists, by practice and category, the questions that were not right when the candidate last
// answered them.
func (s *Server) showNotebook(w http.ResponseWriter, r *http.Request) error {
	v := viewerOf(r)
	history, attempts, err := s.Proctor.History(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return err
	}
	own, err := s.ownByExam(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	offers, err := s.Proctor.Offers(r.Context(), &history)
	if err != nil {
		return err
	}
	view := templates.NotebookView{Now: instantTime(nowOf(r))}
	offered := map[string]bool{}
	for i := range definitions {
		accommodated := own[definitions[i].Slug]
		d := accommodated.Of(definitions[i].ForCandidates())
		earlier := attemptsAt(attempts, d.Slug)
		if !practisable(&d, &v.User, earlier, nowOf(r)) {
			continue
		}
		offer, err := offers.Of(r.Context(), &d)
		if err != nil {
			return err
		}
		card, err := s.practiceCard(r, &d, earlier, &history, &offer)
		if err != nil {
			return err
		}
		for i := range offer.Met {
			offered[offer.Met[i].Identity] = true
		}
		view.Practices = append(view.Practices, card)
	}
	for _, question := range history.Missed() {
		if !offered[question] {
			view.Gone++
		}
	}
	s.render(w, r, http.StatusOK, templates.Notebook(s.pageFor(r, &v.User), view))
	return nil
}

// attemptsAt are a candidate's attempts of an exam, by number.
func attemptsAt(attempts []store.Summary, slug string) []store.Summary {
	var out []store.Summary
	for _, a := range slices.Backward(attempts) { // the newest first
		if a.Exam == slug {
			out = append(out, a)
		}
	}
	return out
}

// practisable: the exam, as it is for the candidate, is a practice that the candidate may begin, or goes on with.
func practisable(d *exam.Definition, u *store.User, earlier []store.Summary, now exam.Instant) bool {
	if d.Rules.Feedback != exam.PracticeFeedback {
		return false
	}
	return running(earlier) != "" || d.OpenToAny(u.Groups) && exam.MayStart(d, proctor.Earlier(earlier), now) == ""
}

// running is the attempt that goes on, or "".
func running(attempts []store.Summary) string {
	for i := range attempts {
		if attempts[i].Status.Open() {
			return attempts[i].ID
		}
	}
	return ""
}

// practiceCard is a practice with its questions that are to be looked at again.
func (s *Server) practiceCard(r *http.Request, d *exam.Definition, earlier []store.Summary, h *exam.History,
	offer *proctor.Offer) (templates.PracticeCard, error) {
	card := templates.PracticeCard{
		Slug: d.Slug, Title: d.Title.In(s.locale(r).Tag()), Running: running(earlier), Seen: len(earlier), CommandID: uuid.NewString(),
		Questions: offer.Questions, Untried: offer.Asking, Most: exam.MaxQuestions,
	}
	card.MayStart = card.Running == ""
	if d.Attempts > 0 {
		card.Most = min(card.Most, cmp.Or(drawn(d), offer.Questions))
	}
	var missed []exam.PoolQuestion
	for i := range offer.Met {
		q := &offer.Met[i]
		done := h.Of(q.Identity)
		if done.Tried && q.Question.Type != exam.Description {
			card.Untried--
		}
		if done.Missed() {
			missed = append(missed, *q)
		}
	}
	card.Missed = len(missed)
	return card, s.addNotebook(r, &card, missed, h)
}

// addNotebook lists questions under their categories, these in the order in which they come.
func (s *Server) addNotebook(r *http.Request, card *templates.PracticeCard, missed []exam.PoolQuestion, h *exam.History) error {
	listed := missed[:min(len(missed), maxNotebook)]
	card.More = len(missed) - len(listed)
	texts, err := s.textsOf(r, listed)
	if err != nil {
		return err
	}
	place := map[string]int{}
	for i := range missed {
		q := &missed[i]
		at, known := place[q.Category]
		if !known {
			at = len(card.Categories)
			place[q.Category] = at
			card.Categories = append(card.Categories, templates.NotebookCategory{Name: q.Category, CommandID: uuid.NewString()})
		}
		c := &card.Categories[at]
		c.N++
		if i < len(listed) {
			c.Lines = append(c.Lines, notebookLine(q.Identity, texts[q.Identity], h))
		}
	}
	return nil
}

// textsOf are the stems of questions as they are now, in plain text, by question.
func (s *Server) textsOf(r *http.Request, pool []exam.PoolQuestion) (map[string]string, error) {
	questions := make([]string, len(pool))
	for i := range pool {
		questions[i] = pool[i].Identity
	}
	versions, err := s.Store.CurrentVersions(r.Context(), questions)
	if err != nil {
		return nil, err
	}
	contents, err := s.contents.all(r.Context(), slices.Collect(maps.Values(versions)))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for question, version := range versions {
		out[question] = s.Render.Plain(contents[version].question.Stem)
	}
	return out, nil
}

func notebookLine(question, text string, h *exam.History) templates.NotebookLine {
	done := h.Of(question)
	verdict := templates.VerdictWrong
	if done.Last.Verdict == exam.Partly {
		verdict = templates.VerdictPartly
	}
	return templates.NotebookLine{
		Question: question, Text: excerpt(text), Verdict: verdict, At: instantTime(done.Last.At),
		Times: done.Times, NotRight: done.NotRight, Attempt: done.Last.Attempt,
	}
}
