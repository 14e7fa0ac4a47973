package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"shiken/board"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// maxFollows bounds the streams of candidates' pages that an instance holds open.
const maxFollows = 20_000

// told is what an open page is told of its attempt, each time as a whole.
type told struct {
	Status   exam.Status `json:"status"`
	Opening  int         `json:"opening"`
	Version  int64       `json:"version"` // the number of the newest journal entry
	Deadline *string     `json:"deadline"`
	Ends     string      `json:"ends"` // in words
	Now      string      `json:"now"`
	Pausing  bool        `json:"pausing"` // a pause is announced: what is on the screen is to be saved
	// Elsewhere: the attempt belongs to another device, since ElsewhereSince (in words).
	Elsewhere      bool          `json:"elsewhere"`
	ElsewhereSince string        `json:"elsewhere_since"`
	Messages       []toldMessage `json:"messages"`
}

type toldMessage struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	At   string `json:"at"` // in words
}

// The events of an attempt's stream.
const (
	eventState     = "state"
	eventSignedOut = "signed-out"
)

// followAttempt tells an open page what happens to its attempt: as a stream of events to who asks for
// one, else once. A stream ends with the attempt and with the sign-in.
func (s *Server) followAttempt(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.loadHead(r)
	if err != nil {
		return err
	}
	page, watch := s.pageOf(r), watchOf(snap)
	if !wantsStream(r) {
		writeJSON(w, http.StatusOK, s.tell(page, s.Board.Look(watch)))
		return nil
	}
	sub, err := s.Board.Subscribe(watch)
	if errors.Is(err, board.ErrFull) {
		w.WriteHeader(http.StatusNoContent) // a browser does not come again: the page asks instead
		return nil
	}
	if err != nil {
		return err
	}
	defer sub.Close()
	return stream(s, w, r, streaming[board.Snapshot]{
		gate: &s.follows, feed: sub.Updates(),
		show: func(b board.Snapshot) []event { return s.events(page, b) },
		may: func() bool { // the board itself ends the streams of sign-ins that were revoked
			s.Presence.Note(watch.SignIn, s.Board.Now())
			return true
		},
	})
}

func watchOf(snap *store.Snapshot) board.Watch {
	a := &snap.Attempt
	deadline, _ := a.Deadline(snap.Paper)
	return board.Watch{
		Exam: snap.Paper.Exam, SignIn: snap.Viewer.SignIn.ID, Started: a.Started,
		State: store.AttemptState{
			Attempt: a.ID, Status: a.Status, Opening: a.Opening, Deadline: deadline, Version: a.Head.Seq,
			Holder: holderOf(snap), HolderSince: a.DeviceSince,
		},
	}
}

// holderOf is the sign-in that the attempt belongs to, "" where it is none, or has ended.
func holderOf(snap *store.Snapshot) string {
	if snap.Attempt.Device == "" || released(snap) {
		return ""
	}
	return snap.Attempt.Device
}

func (s *Server) events(page templates.Page, b board.Snapshot) []event {
	if b.SignedOut {
		return []event{{name: eventSignedOut}}
	}
	data, err := json.Marshal(s.tell(page, b))
	if err != nil {
		s.Logger.Error("event not made", "error", err)
		return nil
	}
	return []event{{name: eventState, data: string(data)}}
}

func (s *Server) tell(page templates.Page, b board.Snapshot) told {
	clock := s.Board.Now()
	now, deadline := instantTime(clock), instantTime(b.Deadline)
	t := told{
		Status: b.Status, Opening: b.Opening, Version: b.Version, Deadline: timeText(b.Deadline), Ends: page.Ends(deadline, now),
		Now: *timeText(clock), Pausing: b.Pausing, Messages: []toldMessage{},
	}
	if b.Elsewhere {
		t.Elsewhere, t.ElsewhereSince = true, page.Moment(instantTime(b.HolderSince), now)
	}
	for _, m := range b.Messages {
		t.Messages = append(t.Messages, toldMessage{m.ID, m.Text, page.Moment(instantTime(m.Created), now)})
	}
	return t
}

// messagesFor lists what the invigilators said to an attempt since it was begun, but for what was
// dismissed on this browser. It is read from memory and may lag by a second.
func (s *Server) messagesFor(r *http.Request, snap *store.Snapshot) []templates.Message {
	a := &snap.Attempt
	if !a.Status.Open() {
		return nil
	}
	var dismissed []string
	if c, err := r.Cookie(templates.DismissedCookie); err == nil {
		dismissed = strings.Split(c.Value, ".")
	}
	var out []templates.Message
	for _, m := range s.Board.Messages(snap.Paper.Exam, a.ID, a.Started) {
		if !slices.Contains(dismissed, m.ID[:templates.MessageIDLength]) {
			out = append(out, templates.Message{ID: m.ID, Text: m.Text, At: instantTime(m.Created)})
		}
	}
	return out
}
