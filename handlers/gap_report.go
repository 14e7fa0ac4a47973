package handlers

import (
	"encoding/json"
	"net/http"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// gapRequest is the body by which a page tells how long it could not reach the service.
type gapRequest struct {
	ID     string `json:"id"`
	Lasted *int64 `json:"lasted_ms"`
}

// apiTaken answers what has nothing to tell.
type apiTaken struct {
	Success bool `json:"success"`
}

// reportGap keeps what a page tells of its connection, beside the attempt. It changes nothing of that;
// the invigilators see it as what it is. The store bounds how much is kept.
func (s *Server) reportGap(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.loadHead(r)
	if err != nil {
		return err
	}
	g, err := gapOf(of(r).body)
	if err != nil {
		return err
	}
	g.Attempt = snap.Attempt.ID
	if err := s.Store.ReportGap(r.Context(), g); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, apiTaken{Success: true})
	return nil
}

func gapOf(body []byte) (store.ReportedGap, error) {
	var q gapRequest
	if json.Unmarshal(body, &q) != nil || q.Lasted == nil ||
		*q.Lasted < 1 || *q.Lasted > int64(store.MaxReportedGapTime/exam.Millisecond) {
		return store.ReportedGap{}, errMalformed
	}
	id, err := uuidText(q.ID)
	return store.ReportedGap{ID: id, Lasted: exam.Micros(*q.Lasted) * exam.Millisecond}, err
}

// storyGaps lists what the candidate's pages reported in the attempt.
func (s *Server) storyGaps(r *http.Request, story *store.StoredAttempt) ([]templates.GapLine, error) {
	list, err := s.Store.GapsOf(r.Context(), story.Attempt.ID)
	var out []templates.GapLine
	for i := range list {
		out = append(out, gapLine(&list[i], story.Attempt.Status))
	}
	return out, err
}
