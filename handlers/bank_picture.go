package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// maxAlt bounds an alternative text, in bytes.
const maxAlt = 2_000

// showPicture is the form that adds a picture or a sound to a question.
func (s *Server) showPicture(w http.ResponseWriter, r *http.Request) error {
	q, err := s.bankQuestionOf(r)
	if err != nil {
		return err
	}
	return s.renderPicture(w, r, http.StatusOK, &q, templates.PictureView{Place: "stem"})
}

func (s *Server) renderPicture(w http.ResponseWriter, r *http.Request, status int, q *store.StoredQuestion, view templates.PictureView) error {
	view.Identity, view.Title, view.Event, view.MB = q.Identity, s.questionLine(&q.Question), uuid.NewString(), questionset.MaxMedia>>20
	view.Edition, view.KeyRevision = q.Edition, q.Key.Revision
	for _, path := range picturePlaces(q) {
		view.Places = append(view.Places, templates.Field{Name: path})
	}
	return s.desk(w, r, status, func(p templates.Page) component { return templates.Picture(p, view) })
}

// picturePlaces are the texts of a question that may show a picture.
func picturePlaces(q *store.StoredQuestion) []string {
	stored := formOfStored(q)
	fields := questionset.QuestionFields(&stored)
	out := []string{"stem", "explanation"}
	if fields["stimulus"] != nil {
		out = append(out, "stimulus")
	}
	if !q.Question.Type.IsChoice() && !q.Question.Type.IsKeyed() {
		return out
	}
	for i := range fields.Rows() {
		for _, name := range []string{".text", ".match"} {
			if path := "rows[" + strconv.Itoa(i+1) + "]" + name; fields[path] != nil {
				out = append(out, path)
			}
		}
	}
	return out
}

// addPicture stores a picture and shows it at the end of a text of the question.
func (s *Server) addPicture(w http.ResponseWriter, r *http.Request) error {
	file, form, err := uploadOf(r)
	if err != nil {
		return err
	}
	q, err := s.bankQuestionOf(r)
	if err != nil {
		return err
	}
	base, err := countField(form, "edition", 1, maxOpening)
	if err != nil {
		return err
	}
	keyBase, err := countField(form, "key", 0, maxOpening)
	if err != nil {
		return err
	}
	event, err := uuidField(form, "event")
	if err != nil {
		return err
	}
	alt := strings.Join(strings.Fields(form.Get("alt")), " ")
	view := templates.PictureView{Place: form.Get("place"), Alt: alt}
	view.Problem = pictureProblem(&q, &file, &view)
	if view.Problem != "" {
		return s.renderPicture(w, r, http.StatusUnprocessableEntity, &q, view)
	}
	stored := formOfStored(&q)
	before := questionset.QuestionFields(&stored)[view.Place]
	fields, media, ok := questionset.ShowPicture(questionset.QuestionFields(&stored), view.Place, file.Name, alt, file.Data)
	if !ok {
		view.Problem = "file"
		return s.renderPicture(w, r, http.StatusUnprocessableEntity, &q, view)
	}
	edited, _, _ := questionset.ReadQuestion(fields, &stored)
	e := &questionEditing{identity: q.Identity, current: q, base: int(base), keyBase: int(keyBase), event: event, set: q.Set, state: q.State, fields: fields}
	err = s.storeQuestion(r, e, &edited, storedMedia([]questionset.Media{media}))
	if errors.Is(err, store.ErrMoved) && endsWithAdded(before, questionset.QuestionFields(&edited)[view.Place]) {
		err = s.moved(r, e)
	}
	switch {
	case errors.Is(err, store.ErrMoved):
		view.Problem = "moved"
		return s.renderPicture(w, r, http.StatusConflict, &q, view)
	case err != nil:
		return err
	}
	return seeOther(w, r, templates.BankQuestionPath(q.Identity), templates.NoteQuestionSaved)
}

// endsWithAdded tells whether what was added to a text stood at its end before.
func endsWithAdded(before, after []string) bool {
	text := strings.Join(before, "")
	added := strings.TrimPrefix(strings.Join(after, ""), text)
	return added != "" && strings.HasSuffix(text, added)
}

// pictureProblem says what is missing, "" for nothing.
func pictureProblem(q *store.StoredQuestion, file *upload, view *templates.PictureView) string {
	switch {
	case len(file.Data) == 0 || len(file.Data) > questionset.MaxMedia:
		return "file"
	case view.Alt == "" || len(view.Alt) > maxAlt:
		return "alt"
	case !slices.Contains(picturePlaces(q), view.Place):
		return "place"
	}
	return ""
}

// storedMedia are media on their way into the store.
func storedMedia(list []questionset.Media) []store.Media {
	out := make([]store.Media, len(list))
	for i, m := range list {
		out[i] = store.Media{Hash: m.Hash, Type: m.Type, Data: m.Data}
	}
	return out
}
