package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
	"shiken/templates"
)

// saveMend takes the form by which a question of an upload is mended. What is sound is kept with the upload.
func (s *Server) saveMend(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mendingFrom(r)
	if err != nil {
		return err
	}
	if m.action == "undo" {
		return s.keepMend(w, r, m, nil)
	}
	if !m.asText {
		e := questionEditing{fields: m.fields, spare: m.spare, action: m.action}
		if done, err := e.rearrange(); err != nil {
			return err
		} else if done {
			m.spare, m.preview = e.spare, e.preview
			return s.renderMend(w, r, http.StatusOK, m)
		}
	}
	mended := m.read(r)
	if mended == nil {
		m.refused = true
		return s.renderMend(w, r, http.StatusUnprocessableEntity, m)
	}
	return s.keepMend(w, r, m, mended)
}

// read makes a question of what was typed; nil, with the report, when it is not sound.
func (m *mending) read(r *http.Request) *questionset.Mended {
	var (
		q     questionset.Question
		media []questionset.Media
	)
	if m.asText {
		read, found, report := m.file.Reread(r.Context(), m.piece, m.text)
		m.report = report
		if read == nil {
			return nil
		}
		q, media = *read, found
	} else {
		q, media, m.report = questionset.ReadQuestion(m.fields, &m.base)
		q.SourceKey = m.base.SourceKey
		if !m.report.Sound() {
			return nil
		}
	}
	out := &questionset.Mended{Nth: m.nth, Question: q, Media: desk.MediaOf(&q, media, m.mended.Media)}
	if m.asText {
		out.Source = m.text
	}
	return out
}

// keepMend keeps what was mended, nil to take it back, unless another tab was quicker.
func (s *Server) keepMend(w http.ResponseWriter, r *http.Request, m *mending, mended *questionset.Mended) error {
	stored, note := store.Mend{Piece: m.nth, Edition: m.edition}, templates.NoteMendUndone
	if mended != nil {
		var err error
		if stored.Data, err = desk.MendText(mended); err != nil {
			return err
		}
		note = templates.NoteMended
	}
	ctx, cancel := commandContext(r)
	defer cancel()
	err := s.Store.PutMend(ctx, m.up.ID, m.up.Owner, desk.ReadingName(m.file, m.opts), stored)
	switch {
	case errors.Is(err, store.ErrMoved):
		return s.answerMendConflict(w, r, m, mended)
	case errors.Is(err, store.ErrTooMany):
		m.full = true
		return s.renderMend(w, r, http.StatusRequestEntityTooLarge, m)
	case err != nil:
		return err
	}
	return seeOther(w, r, withQuery(templates.UploadReportPath(m.up.ID), mendQuery(r)), note)
}

// answerMendConflict shows what another tab has mended meanwhile beside what was sent: nothing is lost, and one
// click decides. Whoever only took back is led to what there is.
func (s *Server) answerMendConflict(w http.ResponseWriter, r *http.Request, m *mending, mine *questionset.Mended) error {
	if mine == nil {
		return seeOther(w, r, mendPath(m.up.ID, m.nth, mendQuery(r)), templates.NoteMendMoved)
	}
	current, err := s.mendingOf(r)
	if err != nil {
		return err
	}
	shown, err := s.fileQuestions(r, []questionset.Question{current.base, mine.Question})
	if err != nil {
		return err
	}
	page := s.pageOf(r)
	view := templates.BankConflictView{
		Title: page.T("mend.title"), Theirs: shown[0], Mine: shown[1], Now: instantTime(nowOf(r)),
		Action: mendPath(m.up.ID, m.nth, mendQuery(r)), Back: withQuery(templates.UploadReportPath(m.up.ID), mendQuery(r)),
		Text:        page.T("mend.conflict"),
		Differences: questionDifferences(questionset.QuestionFields(&current.base), questionset.QuestionFields(&mine.Question)),
		Fields:      []templates.Field{{Name: "edition", Value: strconv.Itoa(current.stored.Edition)}},
	}
	if m.asText {
		view.Fields = append(view.Fields, templates.Field{Name: "source", Value: m.text})
	}
	view.Fields = sentAgain(m.fields, view.Fields...)
	return s.desk(w, r, http.StatusConflict, func(p templates.Page) component {
		return fromUpload(templates.BankConflict(p, view), m.up.ID, mendQuery(r).Encode())
	})
}
