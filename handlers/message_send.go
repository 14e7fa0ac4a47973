package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/store"
	"shiken/templates"
)

// messagesListed bounds the sent messages that a page lists.
const messagesListed = 100

// showMessages lists what was sent to the candidates of an exam, with the form of another message.
func (s *Server) showMessages(w http.ResponseWriter, r *http.Request) error {
	return s.renderMessages(w, r, http.StatusOK, templates.MessagesView{To: r.URL.Query().Get("to")})
}

// renderMessages shows the page with what was typed, and a fresh id.
func (s *Server) renderMessages(w http.ResponseWriter, r *http.Request, status int, view templates.MessagesView) error {
	d, err := s.Store.Definition(r.Context(), chi.URLParam(r, "exam"))
	if err != nil {
		return err
	}
	sent, err := s.Store.MessagesOf(r.Context(), d.Slug, messagesListed)
	if err != nil {
		return err
	}
	view.Exam, view.Title, view.ID = d.Slug, d.Title.In(s.locale(r).Tag()), uuid.NewString()
	view.Now = instantTime(nowOf(r))
	if view.Sent, err = s.sentMessages(r, d.Slug, sent); err != nil {
		return err
	}
	s.render(w, r, status, templates.Messages(s.pageFor(r, &viewerOf(r).User), view))
	return nil
}

// sentMessages words messages for the list.
func (s *Server) sentMessages(r *http.Request, slug string, sent []store.Message) ([]templates.SentMessage, error) {
	names, err := s.addressees(r, slug, sent)
	if err != nil {
		return nil, err
	}
	by := map[string]string{}
	var out []templates.SentMessage
	for _, m := range sent {
		if by[m.Actor] == "" {
			u, err := s.Store.UserByID(r.Context(), m.Actor)
			if err != nil {
				return nil, err
			}
			by[m.Actor] = u.Name
		}
		out = append(out, templates.SentMessage{
			ID: m.ID, Text: m.Text, At: instantTime(m.Created), To: names[m.Attempt], By: by[m.Actor],
		})
	}
	return out, nil
}

// addressees names the candidates of the attempts to which messages went.
func (s *Server) addressees(r *http.Request, slug string, sent []store.Message) (map[string]string, error) {
	var attempts []string
	for _, m := range sent {
		if m.Attempt != "" {
			attempts = append(attempts, m.Attempt)
		}
	}
	names := map[string]string{}
	if len(attempts) == 0 {
		return names, nil
	}
	targets, _, err := s.Store.Targets(r.Context(), store.SeatQuery{Exam: slug, Heard: heard}, attempts)
	for i := range targets {
		names[targets[i].Attempt] = targets[i].Name + " (" + targets[i].Username + ")"
	}
	return names, err
}

// sendMessage sends a message to all candidates of an exam, or to one. The same form sent again is the
// same message.
func (s *Server) sendMessage(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	m := store.Message{Exam: chi.URLParam(r, "exam"), Actor: viewerOf(r).User.ID}
	if m.ID, err = uuidField(form, "message"); err != nil {
		return err
	}
	m.Text = strings.TrimSpace(strings.ReplaceAll(form.Get("text"), "\r\n", "\n"))
	view := templates.MessagesView{To: strings.TrimSpace(form.Get("to")), Text: m.Text, Problem: judgeMessage(m.Text)}
	m.Attempt, err = s.addressee(r, m.Exam, view.To)
	switch {
	case errors.Is(err, store.ErrNotFound):
		view.Problem = templates.MessageToWhom
	case err != nil:
		return err
	}
	if view.Problem != templates.MessageFine {
		return s.renderMessages(w, r, http.StatusUnprocessableEntity, view)
	}
	err = s.putMessage(r, m)
	if errors.Is(err, store.ErrExists) {
		view.Problem = templates.MessageIDUsed
		return s.renderMessages(w, r, http.StatusConflict, view)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templates.MessagesPath(m.Exam), noteMessageSent)
}

const noteMessageSent templates.Note = "invigilate.sent"

func judgeMessage(text string) templates.MessageProblem {
	switch {
	case text == "":
		return templates.MessageEmpty
	case typedLength(text) > templates.MaxMessage:
		return templates.MessageTooLong
	}
	return templates.MessageFine
}

// addressee is the newest attempt of the exam of the candidate with a username; "" for an empty one.
// store.ErrNotFound when there is none.
func (s *Server) addressee(r *http.Request, slug, typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	username, err := accounts.NormalizeUsername(typed)
	if err != nil {
		return "", store.ErrNotFound
	}
	u, err := s.Store.UserByName(r.Context(), username)
	if err != nil {
		return "", err
	}
	attempts, _, err := s.Store.OfCandidate(r.Context(), u.ID)
	if err != nil {
		return "", err
	}
	for i := range attempts {
		if attempts[i].Exam == slug {
			return attempts[i].ID, nil
		}
	}
	return "", store.ErrNotFound
}

// messageDetails are what the audit log keeps of a message.
type messageDetails struct {
	Message string `json:"message"`
	Attempt string `json:"attempt,omitempty"`
	Text    string `json:"text"`
}

func (s *Server) putMessage(r *http.Request, m store.Message) error {
	if _, err := s.Store.Definition(r.Context(), m.Exam); err != nil {
		return err
	}
	v := viewerOf(r)
	ctx, cancel := commandContext(r)
	defer cancel()
	return s.Store.By(store.Act{
		Actor: v.User.ID, ActorName: v.User.Username, Action: store.ActSendMessage, Object: m.Exam,
		Details: messageDetails{m.ID, m.Attempt, m.Text},
	}).PutMessage(ctx, m)
}
