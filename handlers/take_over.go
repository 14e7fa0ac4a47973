package handlers

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// An exam of one device at a time (docs/decisions/0030-devices.md) belongs to a sign-in of its candidate.

// released: the sign-in that the attempt belongs to has ended, as far as the snapshot tells, or is none. Who
// writes then takes the attempt over without being asked.
func released(snap *store.Snapshot) bool {
	h := snap.Holder
	return h == nil || !accounts.Live(&store.Viewer{
		SignIn: *h, User: snap.Viewer.User, WritingUntil: snap.Viewer.WritingUntil,
	}, snap.Now)
}

// heldElsewhere: the attempt belongs to another sign-in than the viewer's.
func heldElsewhere(snap *store.Snapshot) bool {
	return exam.HeldElsewhere(snap.Paper, &snap.Attempt, snap.Viewer.SignIn.ID, released(snap))
}

// holder tells of the device that an attempt belongs to; nil where that is no other one.
func holder(snap *store.Snapshot) *templates.Holder {
	if !heldElsewhere(snap) {
		return nil
	}
	agent := accounts.ReadAgent(snap.Holder.Agent)
	return &templates.Holder{
		Browser: agent.Browser, System: agent.System,
		Since: instantTime(snap.Attempt.DeviceSince), LastSeen: instantTime(snap.Holder.LastSeen),
	}
}

// renderElsewhere asks who comes from another device whether to go on there.
func (s *Server) renderElsewhere(w http.ResponseWriter, r *http.Request, snap *store.Snapshot) error {
	view := templates.ElsewhereView{
		Sitting: s.sitting(r, snap, 0), Holder: *holder(snap), Over: takeOverForm(snap), Here: r.URL.Path,
	}
	s.render(w, r, http.StatusOK, templates.Elsewhere(s.pageFor(r, &snap.Viewer.User), view))
	return nil
}

func takeOverForm(snap *store.Snapshot) templates.TakeOverForm {
	return templates.TakeOverForm{CommandID: uuid.NewString(), Opening: snap.Attempt.Opening}
}

// takeOver moves the attempt to the device that asks. Where the form brings an answer that was not taken, since
// the attempt belonged elsewhere, it is offered beside the one that is saved (R15).
func (s *Server) takeOver(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	if tooLong(form) {
		return errTooLarge
	}
	c, err := takeOverCommand(form)
	if err != nil {
		return err
	}
	d, err := s.command(r, c, func(snap *store.Snapshot, _ *exam.Command) error {
		return allowed(snap.Paper.Rules.Devices == exam.OneDevice)
	})
	if err != nil {
		return err
	}
	if d.outcome.Result == exam.Rejected {
		return s.answerRejected(w, r, d)
	}
	s.Board.Changed(d.snap.Attempt.ID)
	s.tellAnswered(w, c.ID)
	if heldElsewhere(&d.snap) { // a replay: it was taken back meanwhile
		return seeOther(w, r, s.whereNow(&d.snap), "")
	}
	if offered, err := s.offerSent(w, r, &d, form); offered || err != nil {
		return err
	}
	return seeOther(w, r, s.whereNow(&d.snap), templates.NoteHere)
}

func takeOverCommand(form url.Values) (exam.Command, error) {
	c := exam.Command{Kind: exam.TakeOver, Actor: exam.Actor{Role: exam.Candidate}}
	id, errID := uuidField(form, "command_id")
	opening, errOpening := countField(form, "opening", 1, maxOpening)
	if errID != nil || errOpening != nil {
		return c, errMalformed
	}
	c.ID, c.Opening = id, int(opening)
	if form.Has(templates.FieldPosition) {
		n, err := countField(form, templates.FieldPosition, 1, maxCount)
		if err != nil {
			return c, err
		}
		c.Position = int(n)
	}
	return c, nil
}

// offerSent shows the answer of the form beside the saved one, where it is another and may be chosen. The attempt
// is taken over by now: a form whose answer cannot be read offers nothing.
func (s *Server) offerSent(w http.ResponseWriter, r *http.Request, d *done, form url.Values) (bool, error) {
	n := d.command.Position
	if d.snap.Paper.Item(n) == nil || unreached(d.snap.Paper, &d.snap.Attempt, n) {
		return false, nil
	}
	answer, err := answerOf(form, &d.snap, n)
	if err != nil {
		return false, nil
	}
	sent := done{snap: d.snap, command: exam.Command{Kind: exam.Save, Position: n, Answer: answer}}
	saved := d.snap.Attempt.Response(n)
	if !mayChoose(&sent, &saved) {
		return false, nil
	}
	view := templates.RejectionView{Sitting: s.sitting(r, &d.snap, n), NextPath: templates.QuestionPath(d.snap.Attempt.ID, n)}
	view.Outcome, view.Reason = string(exam.Applied), templates.ReasonTakenOver
	if err := s.fillRejection(r, &sent, &view); err != nil {
		return false, err
	}
	s.render(w, r, http.StatusOK, templates.Rejected(s.pageFor(r, &d.snap.Viewer.User), view))
	return true, nil
}
