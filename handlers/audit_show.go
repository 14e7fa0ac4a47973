package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// showAudit lists what authors and admins did, the newest first.
func (s *Server) showAudit(w http.ResponseWriter, r *http.Request) error {
	filter, q, sound := s.auditQuery(r)
	q.Offset, q.Limit = offsetOf(r), perPage
	entries, total, err := s.Store.AuditLog(r.Context(), q)
	if err != nil {
		return err
	}
	pager := pagerOf(r, q.Offset, q.Limit, total)
	if len(entries) == 0 && total > 0 { // beyond the last page
		return seeOther(w, r, pager.Path, "")
	}
	view := templates.AuditView{Filter: filter, Rows: make([]templates.AuditRow, len(entries)), Pager: pager, Bad: !sound}
	for _, action := range store.AllActions {
		view.Actions = append(view.Actions, string(action))
	}
	for i := range entries {
		view.Rows[i] = auditRow(&entries[i])
	}
	s.render(w, r, http.StatusOK, templates.Audit(s.staffPage(r), view))
	return nil
}

// auditQuery reads what the log is filtered by. Of what cannot be read it says false, and filters
// nothing by it.
func (s *Server) auditQuery(r *http.Request) (templates.AuditFilter, store.AuditQuery, bool) {
	values := r.URL.Query()
	f := templates.AuditFilter{Actor: searched(values, "q"), Object: searched(values, "object")}
	q := store.AuditQuery{Actor: f.Actor, Object: f.Object}
	if action := store.Action(values.Get("action")); slices.Contains(store.AllActions, action) {
		f.Action, q.Action = string(action), action
	}
	from, soundFrom := s.day(values, "from", 0)
	until, soundUntil := s.day(values, "until", 1)
	q.From, q.Until = from, until
	if soundFrom {
		f.From = values.Get("from")
	}
	if soundUntil {
		f.Until = values.Get("until")
	}
	return f, q, soundFrom && soundUntil
}

// day reads a date as the instant at which the day begins, or one so many days later; 0 for none.
func (s *Server) day(values url.Values, name string, later int) (exam.Instant, bool) {
	text := values.Get(name)
	if text == "" {
		return 0, true
	}
	at, err := time.ParseInLocation(time.DateOnly, text, s.Zone)
	if err != nil {
		return 0, false
	}
	return exam.Instant(at.AddDate(0, 0, later).UnixMicro()), true
}

func auditRow(e *store.AuditEntry) templates.AuditRow {
	details := auditDetails(e.Details)
	name := e.Object
	if username, ok := usernameIn(e.Details); ok {
		name = username
		details = slices.DeleteFunc(details, func(d templates.AuditDetail) bool { return d.Field == "username" })
	}
	path := objectPath(e.Action, e.Object)
	if e.Action == store.ActAccommodate && !ofFile(e.Details) {
		path = templates.AccommodationsPath(e.Object)
	}
	return templates.AuditRow{
		Seq: e.Seq, At: instantTime(e.At), Actor: e.ActorName, ActorID: e.Actor, Action: string(e.Action),
		Object: name, ObjectPath: path, Details: details,
		Code: exam.Receipt{Seq: e.Seq, Hash: e.Hash}.Code(),
	}
}

// ofFile reports whether details are those of a file, which may be about several exams.
func ofFile(raw json.RawMessage) bool {
	var d struct {
		File string `json:"file"`
	}
	err := json.Unmarshal(raw, &d)
	return err == nil && d.File != ""
}

// objectPath is the page of what an entry is about, "" when there is none.
func objectPath(action store.Action, object string) string {
	_, err := uuidText(object)
	isID := err == nil
	switch action {
	case store.ActLoadQuestions:
		return "/author/sets/" + url.PathEscape(object)
	case store.ActEditQuestion, store.ActReviewQuestion:
		return templates.BankQuestionPath(object)
	case store.ActSaveExam, store.ActPublishExam, store.ActWithdrawExam, store.ActArchiveExam, store.ActUnarchiveExam:
		return templates.ExamEditPath(object)
	case store.ActReleaseResults:
		return templates.ResultsPath(object)
	case store.ActCommand, store.ActSendMessage, store.ActPrintPaper:
		if isID {
			return templates.StoryPath(object)
		}
		return templates.SittingPath(object)
	case store.ActCreateUser, store.ActUpdateUser, store.ActSetPassword, store.ActEndSignIn, store.ActEraseUser:
		return templates.PersonPath(object)
	case store.ActImportUsers:
		if isID {
			return templates.JobPath(object)
		}
	case store.ActCreateGroup:
		return templates.GroupPath(object)
	}
	return ""
}
