package handlers

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"shiken/exam"
	"shiken/internal/planted"
	"shiken/store"
	"shiken/templates"
)

// attemptID reads the attempt of the path; an id that cannot be one is not found.
func attemptID(r *http.Request) (string, error) {
	id, err := uuidText(chi.URLParam(r, "attempt"))
	if err != nil {
		return "", errNotFound
	}
	return id, nil
}

// positionOf reads the position of the path, which the route has matched.
func positionOf(r *http.Request) (int, error) {
	n, err := strconv.Atoi(chi.URLParam(r, "position"))
	if err != nil {
		return 0, errNotFound
	}
	return n, nil
}

// query starts an attempt query for the request: attempt id and sign-in.
func (s *Server) query(r *http.Request) (store.AttemptQuery, error) {
	id, err := attemptID(r)
	if err != nil {
		return store.AttemptQuery{}, err
	}
	signIn, err := s.signInOf(r)
	if err != nil {
		return store.AttemptQuery{}, err
	}
	if signIn == "" {
		return store.AttemptQuery{}, errSignedOut
	}
	return store.AttemptQuery{Attempt: id, SignIn: signIn}, nil
}

// owned judges a snapshot: the sign-in is live, and the attempt is the viewer's own. A foreign
// attempt is as unknown as one that is not there.
func (s *Server) owned(r *http.Request, snap *store.Snapshot) (*store.Viewer, error) {
	v, err := s.admit(r, snap.Viewer, snap.Now)
	if err != nil {
		return nil, err
	}
	if snap.Attempt.Candidate != v.User.ID && !planted.Bug(planted.ForeignAttempt) {
		return nil, errNotFound
	}
	return v, nil
}

// load reads an attempt of the viewer with all its responses. Whoever is signed out learns nothing
// of which attempts there are.
func (s *Server) load(r *http.Request) (*store.Snapshot, error) {
	return s.loadAgain(r, store.AttemptQuery{All: true})
}

// loadHead is load without the responses.
func (s *Server) loadHead(r *http.Request) (*store.Snapshot, error) {
	return s.loadAgain(r, store.AttemptQuery{})
}

// loadAgain reads what wanted asks for beside the attempt.
func (s *Server) loadAgain(r *http.Request, wanted store.AttemptQuery) (*store.Snapshot, error) {
	snap, err := s.tryLoad(r, wanted)
	if s.again(r, err) {
		return s.tryLoad(r, wanted)
	}
	return snap, err
}

func (s *Server) tryLoad(r *http.Request, wanted store.AttemptQuery) (*store.Snapshot, error) {
	q, err := s.query(r)
	if err != nil {
		return nil, err
	}
	q.All, q.Command = wanted.All, wanted.Command
	snap, err := s.loadOwn(r, q)
	if err != nil || exam.MayWrite(snap.Paper, &snap.Attempt, snap.Now) != exam.TimeIsUp {
		return snap, err
	}
	if err := s.Proctor.MakeSure(r.Context(), snap); err != nil {
		return snap, err
	}
	return s.loadOwn(r, q) // with the time that an outage took
}

func (s *Server) loadOwn(r *http.Request, q store.AttemptQuery) (*store.Snapshot, error) {
	snap, err := s.Store.LoadAttempt(r.Context(), q)
	if err != nil {
		return nil, s.unknownAttempt(r, err)
	}
	_, err = s.owned(r, &snap)
	return &snap, err
}

// unknownAttempt answers "not found" only to somebody who is signed in.
func (s *Server) unknownAttempt(r *http.Request, err error) error {
	if classify(err) != errNotFound {
		return err
	}
	if _, _, signedOut := s.viewer(r); signedOut != nil {
		return signedOut
	}
	return errNotFound
}

// showAttempt leads to where the attempt goes on.
func (s *Server) showAttempt(w http.ResponseWriter, r *http.Request) error {
	snap, err := s.load(r)
	if err != nil {
		return err
	}
	return seeOther(w, r, s.whereNow(snap), "")
}

// whereNow is where an attempt goes on: its cursor, or its result once nothing can be written.
func (s *Server) whereNow(snap *store.Snapshot) string {
	a := &snap.Attempt
	if isOver(snap) {
		return templates.ResultPath(a.ID)
	}
	return pathTo(snap.Paper, a.ID, a.Cursor)
}

// isOver: closed, voided, or out of time.
func isOver(snap *store.Snapshot) bool {
	r := exam.MayWrite(snap.Paper, &snap.Attempt, snap.Now)
	return r != "" && r != exam.IsPaused
}

// pathTo is the page of a position: n + 1 is review (R6).
func pathTo(p *exam.Paper, attempt string, position int) string {
	if position == p.ReviewPosition() {
		return templates.ReviewPath(attempt)
	}
	return templates.QuestionPath(attempt, position)
}

// sitting fills what every page of an attempt says about it.
func (s *Server) sitting(r *http.Request, snap *store.Snapshot, position int) templates.Sitting {
	a, p := &snap.Attempt, snap.Paper
	deadline, _ := a.Deadline(p)
	return templates.Sitting{
		Attempt: a.ID, ExamTitle: p.Title.In(s.locale(r).Tag()), Position: position, Total: p.Len(),
		Rev: a.Responses[position].Rev, Status: string(a.Status), Deadline: instantTime(deadline),
		Now: instantTime(snap.Now), Linear: p.Rules.Navigation == exam.Linear,
		Messages: s.messagesFor(r, snap), Opening: a.Opening, Version: a.Head.Seq, Attachments: attachmentLinks(s.locale(r).Tag(), p.Attachments),
		OneDevice: p.Rules.Devices == exam.OneDevice,
	}
}

func receiptView(r exam.Receipt) templates.Receipt {
	if r.Seq == 0 {
		return templates.Receipt{}
	}
	return templates.Receipt{Seq: r.Seq, Hash: r.Hash.String(), Code: r.Code()}
}
