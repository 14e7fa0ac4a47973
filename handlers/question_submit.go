package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/internal/failpoint"
	"shiken/internal/planted"
	"shiken/proctor"
	"shiken/store"
	"shiken/templates"
)

// submitQuestion takes what a question's form sends: one command.
func (s *Server) submitQuestion(w http.ResponseWriter, r *http.Request) error {
	form, err := parseForm(r)
	if err != nil {
		return err
	}
	if tooLong(form) {
		return errTooLarge
	}
	n, err := positionOf(r)
	if err != nil {
		return err
	}
	c, err := questionCommand(form, n)
	if err != nil {
		return err
	}
	act, err := actionOf(form)
	if err != nil {
		return err
	}
	done, err := s.command(r, c, func(snap *store.Snapshot, c *exam.Command) error {
		return act.complete(form, snap, c)
	})
	if err != nil {
		return err
	}
	if done.outcome.Result == exam.Rejected {
		return s.answerRejected(w, r, done)
	}
	s.tellAnswered(w, c.ID)
	return seeOther(w, r, done.location(), done.note())
}

// questionCommand reads the hidden fields (R3).
func questionCommand(form url.Values, n int) (exam.Command, error) {
	c := exam.Command{Position: n, Actor: exam.Actor{Role: exam.Candidate}, Skip: form.Get("skip") == "1"}
	var errs [5]error
	var opening int64
	c.ID, errs[0] = uuidField(form, "command_id")
	c.Page, errs[1] = uuidField(form, "page")
	c.Rev, errs[2] = countField(form, "rev", 0, maxCount)
	c.Seq, errs[3] = countField(form, "seq", 1, maxCount)
	opening, errs[4] = countField(form, "opening", 1, maxOpening)
	c.Opening = int(opening)
	for _, err := range errs {
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// action is the button that was pressed.
type action struct {
	name   string
	target int // of goto
}

// actionOf reads the button. No button is save.
func actionOf(form url.Values) (action, error) {
	if len(form["action"]) == 0 {
		return action{name: "save"}, nil
	}
	name, err := one(form, "action")
	if err != nil {
		return action{}, err
	}
	if to, ok := strings.CutPrefix(name, "goto:"); ok {
		target, err := wholeNumber(to, 1, maxCount)
		return action{name: "goto", target: int(target)}, err
	}
	switch name {
	case "save", "next", "previous", "flag", "unflag", "clear", "review", "check", "time_up":
		return action{name: name}, nil
	}
	return action{}, errMalformed
}

// complete makes the action a command, as far as that depends on the paper: its kind, answer, flag
// and target. An action that navigation or feedback lacks is malformed.
func (act action) complete(form url.Values, snap *store.Snapshot, c *exam.Command) error {
	p := snap.Paper
	answer, err := answerOf(form, snap, c.Position)
	if err != nil {
		return err
	}
	c.Kind, c.Answer, c.Target = exam.Save, answer, c.Position
	free := p.Rules.Navigation == exam.Free
	switch act.name {
	case "clear":
		c.Answer = exam.Answer{}
	case "time_up":
		c.Kind = exam.TimeUp
	case "check":
		c.Kind = exam.Check
		return allowed(p.Rules.Feedback == exam.PracticeFeedback)
	case "flag", "unflag":
		flagged := act.name == "flag"
		c.Kind, c.Flagged = exam.Flag, &flagged
		return allowed(free)
	case "next":
		c.Kind, c.Target = exam.Move, c.Position+1
	case "previous":
		c.Kind, c.Target = exam.Move, c.Position-1
		return allowed(free && c.Position > 1)
	case "goto":
		c.Kind, c.Target = exam.Move, act.target
		return allowed(free)
	case "review":
		c.Kind, c.Target = exam.Move, p.ReviewPosition()
		return allowed(free)
	}
	return nil
}

func allowed(ok bool) error {
	if ok {
		return nil
	}
	return errMalformed
}

// done is a command that was judged, with the attempt as it is now.
type done struct {
	snap    store.Snapshot
	command exam.Command
	outcome exam.Outcome
	arrived exam.Instant
}

// command gives a candidate's command to the attempt of the path. complete finishes the command with
// what only the paper tells. The arrival is fixed by the first statement that reads the attempt and
// kept when the command is applied again (R8).
func (s *Server) command(r *http.Request, c exam.Command, complete completion) (done, error) {
	d, err := s.tryCommand(r, c, complete)
	if s.again(r, err) {
		return s.tryCommand(r, c, complete)
	}
	if planted.Bug(planted.LostReplyGivenAgain) && errors.Is(err, store.ErrUnavailable) {
		c.ID = uuid.NewString()
		return s.tryCommand(r, c, complete)
	}
	return d, err
}

// completion finishes a command with what only the attempt's paper tells.
type completion func(*store.Snapshot, *exam.Command) error

func (s *Server) tryCommand(r *http.Request, c exam.Command, complete completion) (done, error) {
	q, err := s.query(r)
	if err != nil {
		return done{}, err
	}
	q.Command, q.Position, q.All = c.ID, c.Position, c.Kind == exam.Submit
	c.Salt = proctor.NewSalt()
	ctx, cancel := commandContext(r)
	defer cancel()
	d := done{}
	var out error // RevokedWrites alone
	d.snap, d.outcome, err = s.Proctor.Give(ctx, q, func(snap *store.Snapshot) (exam.Command, exam.Instant, error) {
		v, err := s.owned(r, snap)
		if planted.Bug(planted.RevokedWrites) && errors.Is(err, errSignedOut) && snap.Viewer != nil {
			v, out, err = snap.Viewer, err, nil
		}
		if err != nil {
			return c, 0, err
		}
		if d.arrived == 0 {
			d.arrived = snap.Now.Add(-of(r).heldAt(snap.Read))
		}
		if planted.Bug(planted.InstanceClock) {
			d.arrived = exam.Instant(failpoint.Now().UnixMicro()).Add(-of(r).held())
		}
		d.command = c
		d.command.Actor.ID, d.command.Device, d.command.Released = v.User.ID, v.SignIn.ID, released(snap)
		if planted.Bug(planted.SessionHoldsCursor) {
			snap.Attempt.Cursor = s.cursorOfSession(r, snap, c.Position)
		}
		err = complete(snap, &d.command)
		return d.command, d.arrived, err
	})
	if err != nil {
		return d, s.unknownAttempt(r, err)
	}
	if out != nil {
		return d, out
	}
	s.Metrics.command(d.command.Kind, d.outcome)
	return d, nil
}

// location is where an acknowledged command leads.
func (d *done) location() string {
	id := d.snap.Attempt.ID
	switch {
	case d.command.Kind == exam.Submit:
		return templates.ResultPath(id)
	case d.command.Kind == exam.TimeUp && !d.extended():
		return templates.ResultPath(id)
	}
	if planted.Bug(planted.ReplayLedByCursor) {
		return pathTo(d.snap.Paper, id, d.snap.Attempt.Cursor)
	}
	return pathTo(d.snap.Paper, id, d.outcome.Target)
}

// extended: time_up came, but the deadline was moved meanwhile.
func (d *done) extended() bool {
	deadline, timed := d.snap.Attempt.Deadline(d.snap.Paper)
	return d.snap.Attempt.Status == exam.InProgress && (!timed || d.arrived < deadline)
}

func (d *done) note() templates.Note {
	if d.command.Kind == exam.TimeUp && d.extended() {
		return templates.NoteExtended
	}
	return ""
}
