package handlers

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/store"
)

// apiStanding is how an attempt stands, for a page that compares it with what it shows.
type apiStanding struct {
	Attempt    string        `json:"attempt"`
	Exam       string        `json:"exam"`
	Status     exam.Status   `json:"status"`
	Opening    int           `json:"opening"`
	Cursor     int           `json:"cursor"`
	Count      int           `json:"count"`
	Deadline   *string       `json:"deadline"`
	ServerTime string        `json:"server_time"`
	Elsewhere  bool          `json:"elsewhere"` // it belongs to another device
	Responses  []apiPosition `json:"responses"`
}

// apiPosition is what is saved at a position, without the answer.
type apiPosition struct {
	Position int     `json:"position"`
	Rev      int64   `json:"rev"`
	Answered bool    `json:"answered"`
	Flagged  bool    `json:"flagged"`
	Closed   bool    `json:"closed"`
	SavedAt  *string `json:"saved_at"`
}

// showStanding tells the attempt's candidate how it stands, position by position as far as it has come.
func (s *Server) showStanding(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.load(r)
	if err != nil {
		return err
	}
	a, p := &snap.Attempt, snap.Paper
	writeJSON(w, http.StatusOK, apiStanding{
		Attempt: a.ID, Exam: p.Exam, Status: a.Status, Opening: a.Opening, Cursor: a.Cursor, Count: p.Len(),
		Deadline: deadlineText(snap), ServerTime: *timeText(snap.Now), Elsewhere: heldElsewhere(snap), Responses: reachedPositions(snap),
	})
	return nil
}

func reachedPositions(snap *store.Snapshot) []apiPosition {
	list := positions(snap, 0)
	if snap.Paper.Rules.Navigation == exam.Linear {
		list = list[:min(snap.Attempt.Cursor, len(list))]
	}
	out := make([]apiPosition, len(list))
	for i, item := range list {
		saved := snap.Attempt.Response(item.Position)
		out[i] = apiPosition{item.Position, saved.Rev, item.Answered, item.Flagged, item.Closed, timeText(saved.SavedAt)}
	}
	return out
}

// apiCommand is what became of a command.
type apiCommand struct {
	Attempt   string `json:"attempt"`
	CommandID string `json:"command_id"`
	Outcome   string `json:"outcome"` // applied, rejected, or unknown: never judged, or overtaken
}

// showCommand tells what became of a command, for a page that was led on and cannot tell by whom.
func (s *Server) showCommand(w http.ResponseWriter, r *http.Request) error {
	id, err := uuidText(chi.URLParam(r, "command"))
	if err != nil {
		return errNotFound
	}
	snap, err := s.loadAgain(r, store.AttemptQuery{Command: id})
	if err != nil {
		return err
	}
	outcome := "unknown"
	if priors := snap.Attempt.Commands[id]; len(priors) > 0 {
		outcome = string(exam.Rejected)
		if priors[0].Applied {
			outcome = string(exam.Applied)
		}
	}
	writeJSON(w, http.StatusOK, apiCommand{Attempt: snap.Attempt.ID, CommandID: id, Outcome: outcome})
	return nil
}
