package handlers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"shiken/exam"
	"shiken/internal/planted"
	"shiken/store"
)

// apiReceipt is a receipt in JSON.
type apiReceipt struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
	Code string `json:"code"`
}

// apiCurrent is what is saved, beside a rejection.
type apiCurrent struct {
	reason   exam.Reason
	Rev      int64        `json:"rev"`
	Answer   *exam.Answer `json:"answer,omitempty"` // absent: another device holds the attempt, and shows it
	Flagged  bool         `json:"flagged"`
	Status   exam.Status  `json:"status"`
	Cursor   int          `json:"cursor"`
	Deadline *string      `json:"deadline"`
}

// apiSaved answers an acknowledged save.
type apiSaved struct {
	Success  bool        `json:"success"`
	Outcome  exam.Result `json:"outcome"`
	Rev      int64       `json:"rev"`
	Deadline *string     `json:"deadline"`
	Receipt  apiReceipt  `json:"receipt"`
}

// saveRequest is the body of a save. Pointers tell what is absent.
type saveRequest struct {
	Rev       *int64          `json:"rev"`
	CommandID string          `json:"command_id"`
	Page      string          `json:"page"`
	Seq       *int64          `json:"seq"`
	Opening   *int            `json:"opening"`
	Draft     bool            `json:"draft"`
	Answer    json.RawMessage `json:"answer"`
	Flagged   *bool           `json:"flagged"`
}

// saveResponse is save, and never moves.
func (s *Server) saveResponse(w http.ResponseWriter, r *http.Request) error {
	n, err := positionOf(r)
	if err != nil {
		return err
	}
	c, err := saveCommand(of(r).body, n)
	if err != nil {
		return err
	}
	d, err := s.command(r, c, func(snap *store.Snapshot, c *exam.Command) error {
		if unreached(snap.Paper, &snap.Attempt, n) {
			c.Answer = shapeless(c.Answer)
		}
		return nil
	})
	if err != nil {
		return err
	}
	deadline := deadlineText(&d.snap)
	if d.outcome.Result == exam.Rejected && !planted.Bug(planted.RejectionToldSaved) {
		saved := d.snap.Attempt.Response(n)
		answer := &saved.Answer
		if heldElsewhere(&d.snap) {
			answer = nil
		}
		writeAPIError(w, r, statusOf[d.outcome.Reason], upper(d.outcome.Reason), apiReasons[d.outcome.Reason], &apiCurrent{
			reason: d.outcome.Reason, Rev: saved.Rev, Answer: answer, Flagged: saved.Flagged,
			Status: d.snap.Attempt.Status, Cursor: d.snap.Attempt.Cursor, Deadline: deadline,
		})
		return nil
	}
	result := d.outcome.Result
	if result == exam.Overtaken {
		result = exam.Applied // answered like an applied one
	}
	receipt := d.outcome.Receipt
	writeJSON(w, http.StatusOK, apiSaved{
		Success: true, Outcome: result, Rev: d.outcome.Rev, Deadline: deadline,
		Receipt: apiReceipt{receipt.Seq, receipt.Hash.String(), receipt.Code()},
	})
	return nil
}

// saveCommand reads and bounds the body of a save.
func saveCommand(body []byte, n int) (exam.Command, error) {
	c := exam.Command{Kind: exam.Save, Position: n, Actor: exam.Actor{Role: exam.Candidate}}
	var q saveRequest
	if !cleanText(string(body)) || json.Unmarshal(body, &q) != nil {
		return c, errMalformed
	}
	if q.Rev == nil || q.Seq == nil || q.Opening == nil || q.Answer == nil ||
		planted.Bug(planted.ClearedMalformed) && string(q.Answer) == "null" || *q.Rev < 0 || *q.Rev > maxCount || *q.Seq < 1 || *q.Seq > maxCount || *q.Opening < 1 || *q.Opening > maxOpening {
		return c, errMalformed
	}
	id, errID := uuidText(q.CommandID)
	page, errPage := uuidText(q.Page)
	if errID != nil || errPage != nil || json.Unmarshal(q.Answer, &c.Answer) != nil || !cleanAnswer(c.Answer) {
		return c, errMalformed
	}
	if answerTooLong(c.Answer) {
		return c, errTooLarge
	}
	c.ID, c.Page, c.Rev, c.Seq, c.Opening = id, page, *q.Rev, *q.Seq, *q.Opening
	c.Draft, c.Flagged = q.Draft, q.Flagged
	if q.Draft && planted.Bug(planted.DraftUnflags) {
		c.Flagged = new(bool)
	}
	return c, nil
}

// cleanAnswer: no text of the answer holds what no database keeps, however it was escaped.
func cleanAnswer(a exam.Answer) bool {
	for key, value := range a.Keyed {
		if !cleanText(key) || !cleanText(value) {
			return false
		}
	}
	return cleanText(a.Text) && !slices.ContainsFunc(a.Choices, func(v string) bool { return !cleanText(v) })
}

func upper(r exam.Reason) string { return string(bytes.ToUpper([]byte(r))) }

func deadlineText(snap *store.Snapshot) *string {
	d, timed := snap.Attempt.Deadline(snap.Paper)
	if !timed {
		return nil
	}
	return timeText(d)
}

func timeText(i exam.Instant) *string {
	if i == 0 {
		return nil
	}
	s := instantTime(i).Format(time.RFC3339Nano)
	return &s
}

type apiUser struct {
	ID       string       `json:"id"`
	Username string       `json:"username"`
	Name     string       `json:"name"`
	Roles    []store.Role `json:"roles"`
}

type apiAttempt struct {
	ID       string      `json:"id"`
	Exam     string      `json:"exam"`
	Status   exam.Status `json:"status"`
	Cursor   int         `json:"cursor"`
	Count    int         `json:"count"`
	Deadline *string     `json:"deadline"`
}

type apiSession struct {
	User       apiUser      `json:"user"`
	Owner      string       `json:"owner"` // as pages name the user to their scripts
	Attempts   []apiAttempt `json:"attempts"`
	ServerTime string       `json:"server_time"`
	Stage      int          `json:"stage"`
}

// showSession tells a client who it is and where its attempts stand.
func (s *Server) showSession(w http.ResponseWriter, r *http.Request) error {
	v := viewerOf(r)
	attempts, now, err := s.Store.OfCandidate(r.Context(), v.User.ID)
	if err != nil {
		return err
	}
	out := apiSession{
		User:     apiUser{v.User.ID, v.User.Username, v.User.Name, v.User.Roles},
		Owner:    s.sign(purposeOwner, v.User.ID),
		Attempts: []apiAttempt{}, ServerTime: *timeText(now), Stage: s.guard.Stage(),
	}
	for i := range attempts {
		a := &attempts[i]
		out.Attempts = append(out.Attempts, apiAttempt{a.ID, a.Exam, a.Status, a.Cursor, a.Count, timeText(a.Deadline)})
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}
