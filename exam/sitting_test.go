package exam_test

import (
	"crypto/sha256"

	"shiken/exam"
)

const (
	candidateID = "cand"
	attemptID   = "att"
	t0          = exam.Instant(1_780_000_000_000_000)
	limit       = 30 * exam.Minute
	grace       = 10 * exam.Second
)

var (
	candidate = exam.Actor{Role: exam.Candidate, ID: candidateID}
	admin     = exam.Actor{Role: exam.Admin, ID: "boss"}
	server    = exam.Actor{Role: exam.Server}
)

// paperOf makes a paper of one section with an item of each given type.
func paperOf(nav exam.Navigation, feedback exam.FeedbackMode, types ...exam.QuestionType) exam.Paper {
	p := exam.Paper{
		Attempt: attemptID, Exam: "basics", Candidate: candidateID, Seed: "000000000000002a",
		Title:    exam.Title{"ja": "基礎", "en": "Basics"},
		Rules:    exam.Rules{Navigation: nav, Feedback: feedback, TimeLimit: limit, Grace: grace},
		Sections: []exam.PaperSection{{}},
	}
	for _, t := range types {
		p.Items = append(p.Items, itemOf(t))
	}
	return p
}

// itemOf makes an item of full points; its opaque values are p, q, r and its keys k, l.
func itemOf(t exam.QuestionType) exam.Item {
	it := exam.Item{Version: "v-" + string(t), Type: t, Points: exam.FullCredit}
	values := []exam.Choice{{Value: "p", Option: "P"}, {Value: "q", Option: "Q"}, {Value: "r", Option: "R"}}
	switch {
	case t.IsChoice():
		it.Choices = values
	case t == exam.Matching:
		it.Prompts = []exam.PaperPrompt{{Key: "k", Prompt: "K", Values: values}, {Key: "l", Prompt: "L", Values: values}}
	case t == exam.Ordering:
		places := []exam.Choice{{Value: "1", Option: "1"}, {Value: "2", Option: "2"}}
		it.Prompts = []exam.PaperPrompt{{Key: "k", Prompt: "K", Values: places}, {Key: "l", Prompt: "L", Values: places}}
	case t == exam.Gaps:
		it.Prompts = []exam.PaperPrompt{{Key: "k", Prompt: "K"}, {Key: "l", Prompt: "L", Values: values}}
	case t == exam.Description:
		it.Points = 0
	}
	return it
}

func threeTexts(nav exam.Navigation, feedback exam.FeedbackMode) exam.Paper {
	return paperOf(nav, feedback, exam.ShortText, exam.ShortText, exam.ShortText)
}

// saltFor gives every command id its own salt, the same in every run.
func saltFor(id string) exam.Salt {
	h := sha256.Sum256([]byte(id))
	return h[:exam.SaltBytes]
}

func ptr[T any](v T) *T { return &v }

// failer is what a test, a fuzz target and a property have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// sitting is an attempt with all that a store would keep of it. It may be copied: send never
// writes into what another copy sees.
type sitting struct {
	p       *exam.Paper
	a       exam.Attempt
	records []exam.Record
	kept    []exam.Rejection
}

func begin(t failer, p exam.Paper) sitting {
	t.Helper()
	return beginOn(t, p, "")
}

// beginOn begins on a device.
func beginOn(t failer, p exam.Paper, device string) sitting {
	t.Helper()
	a, o, err := exam.Begin(&p, "start", device, saltFor("start"), t0)
	if err != nil {
		t.Fatal(err)
	}
	s := sitting{p: &p, a: a}
	s.keep(o)
	return s
}

// send gives the command to Apply and keeps what comes of it.
func (s *sitting) send(c exam.Command, arrived exam.Instant) (exam.Outcome, error) {
	next, o, err := exam.Apply(s.p, s.a, c, arrived)
	s.a = next
	s.keep(o)
	return o, err
}

func (s *sitting) keep(o exam.Outcome) {
	if o.Entry != nil {
		s.records = append(s.records[:len(s.records):len(s.records)],
			exam.Record{Entry: *o.Entry, Salt: o.Salt, Payload: o.Payload})
	}
	if o.Rejection != nil {
		s.kept = append(s.kept[:len(s.kept):len(s.kept)], *o.Rejection)
	}
}

// must sends a command that has to be applied.
func (s *sitting) must(t failer, c exam.Command, arrived exam.Instant) exam.Outcome {
	t.Helper()
	o, err := s.send(c, arrived)
	if err != nil || o.Result != exam.Applied {
		t.Fatalf("%s %s: %s %s, error %v; want applied", c.ID, c.Kind, o.Result, o.Reason, err)
	}
	return o
}

// refused sends a command that has to be rejected for the reason.
func (s *sitting) refused(t failer, c exam.Command, arrived exam.Instant, want exam.Reason) exam.Outcome {
	t.Helper()
	o, err := s.send(c, arrived)
	if err != nil || o.Result != exam.Rejected || o.Reason != want {
		t.Fatalf("%s %s: %s %s, error %v; want rejected %s", c.ID, c.Kind, o.Result, o.Reason, err, want)
	}
	return o
}

// onQuestion makes a candidate's command in the first opening.
func onQuestion(id string, kind exam.Kind, position int, page string, seq, rev int64, text string) exam.Command {
	return exam.Command{
		ID: id, Kind: kind, Actor: candidate, Salt: saltFor(id), Opening: 1,
		Position: position, Page: page, Seq: seq, Rev: rev, Answer: exam.TextAnswer(text),
	}
}

func save(id string, position int, page string, seq, rev int64, text string) exam.Command {
	return onQuestion(id, exam.Save, position, page, seq, rev, text)
}

func move(id string, position int, page string, seq, rev int64, text string, target int) exam.Command {
	c := onQuestion(id, exam.Move, position, page, seq, rev, text)
	c.Target = target
	return c
}

func submit(id string, changes int64) exam.Command {
	return exam.Command{ID: id, Kind: exam.Submit, Actor: candidate, Salt: saltFor(id), Opening: 1, Rev: changes}
}

// takeOver takes the attempt over to a device.
func takeOver(id, device string) exam.Command {
	return on(device, exam.Command{ID: id, Kind: exam.TakeOver, Actor: candidate, Salt: saltFor(id), Opening: 1})
}

// on sends a command from a device.
func on(device string, c exam.Command) exam.Command {
	c.Device = device
	return c
}

// released sends a command when the device that holds the attempt has signed out.
func released(c exam.Command) exam.Command {
	c.Released = true
	return c
}

func oneDevice(p exam.Paper) exam.Paper {
	p.Rules.Devices = exam.OneDevice
	return p
}

func byAdmin(id string, kind exam.Kind) exam.Command {
	return exam.Command{ID: id, Kind: kind, Actor: admin, Salt: saltFor(id)}
}

func byServer(id string, kind exam.Kind) exam.Command {
	return exam.Command{ID: id, Kind: kind, Actor: server, Salt: saltFor(id)}
}

// accept makes the command that accepts a rejected answer.
func accept(id string, r exam.Rejection) exam.Command {
	c := byAdmin(id, exam.AcceptLate)
	c.Late, c.Position, c.Page, c.Seq, c.Answer = r.Number, r.Payload.Position, r.Page, r.Seq, r.Payload.Answer
	return c
}

// grading makes the command that records a score.
func grading(id string, s exam.Score) exam.Command {
	c := byServer(id, exam.Grade)
	c.Score = &s
	return c
}
