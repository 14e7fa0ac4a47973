package exam_test

import (
	"errors"
	"fmt"

	"shiken/exam"
)

// chooser makes the choices of a generated script: a fuzzer's bytes or rapid's draws.
type chooser interface {
	pick(n int) int // 0..n-1
	more() bool     // whether the script goes on
}

// script runs generated commands against an attempt and its twin and holds every step against the
// rules.
type script struct {
	choose chooser
	s      sitting
	twin   twin
	now    exam.Instant
	sent   []exam.Command
	trace  []string
}

func newScript(choose chooser) (*script, error) {
	p := randomPaper(choose)
	p.Rules.Devices = []exam.Devices{exam.AnyDevice, exam.OneDevice}[choose.pick(2)]
	a, o, err := exam.Begin(&p, "start", "phone", saltFor("start"), t0)
	if err != nil {
		return nil, err
	}
	x := &script{choose: choose, s: sitting{p: &p, a: a}, twin: twin{p: &p, began: "phone"}, now: t0}
	x.s.keep(o)
	return x, nil
}

// randomPaper has 1 to 4 items of the types that the twin can say.
func randomPaper(choose chooser) exam.Paper {
	types := []exam.QuestionType{
		exam.ShortText, exam.SingleChoice, exam.MultipleChoice, exam.TrueFalse, exam.Matching,
		exam.Numeric, exam.Essay, exam.Description,
	}
	var on []exam.QuestionType
	for range 1 + choose.pick(4) {
		on = append(on, types[choose.pick(len(types))])
	}
	nav := []exam.Navigation{exam.Free, exam.Linear}[choose.pick(2)]
	feedback := []exam.FeedbackMode{exam.ExamFeedback, exam.PracticeFeedback}[choose.pick(2)]
	p := paperOf(nav, feedback, on...)
	p.Rules.TimeLimit = []exam.Micros{limit, 0}[choose.pick(2)]
	p.Rules.ExtraPercent = []int{0, 25, 300}[choose.pick(3)]
	p.Rules.Window.Close = []exam.Instant{0, t0.Add(20 * exam.Minute), t0.Add(60 * exam.Minute)}[choose.pick(3)]
	return p
}

// run sends up to `most` commands.
func (x *script) run(most int) error {
	for range most {
		if !x.choose.more() {
			break
		}
		c := x.next()
		x.trace = append(x.trace, fmt.Sprintf("%s %s %d page %s seq %d rev %d %v →%d at %d",
			c.ID, c.Kind, c.Position, c.Page, c.Seq, c.Rev, c.Answer, c.Target, x.now.Sub(t0)))
		if err := x.deliver(c); err != nil {
			return fmt.Errorf("%w\nscript: %q", err, x.trace)
		}
	}
	return checkReplay(&x.s)
}

func (x *script) deliver(c exam.Command) error {
	before := x.s.a
	o, err := x.s.send(c, x.now)
	if errors.Is(err, exam.ErrMalformed) && c.Kind == exam.AcceptLate && c.Page == "" && sameState(&before, &x.s.a) {
		return nil // there was no answer to accept
	}
	if err != nil {
		return err
	}
	v := x.twin.judge(c, x.now)
	if got := (verdict{o.Result, o.Reason, o.Rev}); got != v {
		return fmt.Errorf("%s, the twin says %s", got, v)
	}
	return errors.Join(
		checkStep(x.s.p, before, x.s.a, c, o, x.now),
		x.twin.compare(&x.s.a),
		deliveredAgain(x.s, c, o, x.now),
	)
}

// next is a new command, an earlier one again, or an earlier id with something else.
func (x *script) next() exam.Command {
	if x.choose.pick(8) == 0 {
		x.advance()
	}
	if len(x.sent) > 0 && x.choose.pick(5) == 0 {
		c := x.sent[x.choose.pick(len(x.sent))]
		if x.choose.pick(3) == 0 {
			c.Answer = x.answer(c.Position)
		}
		return c
	}
	c := x.fresh()
	if c.Actor.Role == exam.Candidate {
		c.Device, c.Released = devices[x.choose.pick(len(devices))], x.choose.pick(8) == 7
	}
	x.sent = append(x.sent, c)
	return c
}

// advance moves the clock: a little, to the deadline's edges, or to where the server may close.
func (x *script) advance() {
	d, timed := x.s.a.Deadline(x.s.p)
	if !timed {
		d = x.now.Add(exam.Minute)
	}
	to := []exam.Instant{
		d, d.Add(grace), d.Add(grace) + 1, d.Add(grace + exam.W), x.now.Add(exam.Second), x.now.Add(exam.Minute),
	}[min(x.choose.pick(12), 5)]
	x.now = max(x.now, to)
}

// devices are those of the candidate, mostly the first.
var devices = []string{"phone", "phone", "phone", "phone", "laptop"}

func (x *script) fresh() exam.Command {
	id := fmt.Sprintf("c%d", len(x.sent))
	running := x.s.a.Status == exam.InProgress
	switch x.choose.pick(21) {
	case 0, 1:
		return x.others(id)
	case 2, 3, 4, 5, 6:
		if !running {
			return x.others(id)
		}
	case 7:
		c := submit(id, x.s.a.Changes-int64(x.choose.pick(2)))
		c.Opening = x.opening()
		return c
	case 20:
		c := takeOver(id, "")
		c.Opening = x.opening()
		return c
	}
	return x.question(id)
}

func (x *script) opening() int { return x.s.a.Opening - max(x.choose.pick(6)-4, 0) }

// others are the commands of admins and of the server.
func (x *script) others(id string) exam.Command {
	kinds := []exam.Kind{
		exam.Extend, exam.Pause, exam.Resume, exam.ForceSubmit, exam.Reopen, exam.Void, exam.Unvoid,
		exam.AcceptLate, exam.Expire, exam.Regrade,
	}
	c := byAdmin(id, kinds[x.choose.pick(len(kinds))])
	switch c.Kind {
	case exam.Extend, exam.Reopen:
		c.Amount = exam.Micros(x.choose.pick(3)) * exam.Minute
	case exam.Expire:
		c.Actor = server
	case exam.AcceptLate:
		if len(x.s.kept) > 0 {
			c = accept(id, x.s.kept[x.choose.pick(len(x.s.kept))])
		}
	}
	return c
}

// question is a candidate's command on a question, mostly where the cursor stands.
func (x *script) question(id string) exam.Command {
	position := x.s.a.Cursor
	if x.choose.pick(3) == 0 {
		position = x.choose.pick(x.s.p.Len()+3) - 1
	}
	kinds := []exam.Kind{exam.Move, exam.Save, exam.Flag, exam.Check, exam.TimeUp}
	c := onQuestion(id, kinds[x.choose.pick(len(kinds))], position, []string{"a", "b", "c"}[x.choose.pick(3)],
		int64(1+x.choose.pick(4)), max(x.s.a.Response(position).Rev-int64(x.choose.pick(3)), 0), "")
	c.Answer, c.Opening = x.answer(position), x.opening()
	c.Draft, c.Skip = x.choose.pick(3) == 0, x.choose.pick(3) == 0
	c.Flagged = []*bool{nil, ptr(true), ptr(false)}[x.choose.pick(3)]
	if c.Kind == exam.Move {
		c.Target = position + []int{1, 1, 1, -1, 2, 0}[x.choose.pick(6)]
	} else {
		c.Target = position * x.choose.pick(2)
	}
	return c
}

// answer is a shape that fits the item, now and then one that the paper does not have.
func (x *script) answer(position int) exam.Answer {
	value := []string{"p", "q", "", "p", "nowhere"}[x.choose.pick(5)]
	it := x.s.p.Item(position)
	switch {
	case it == nil || value == "":
		return exam.Answer{}
	case it.Type == exam.MultipleChoice:
		return exam.ManyChoices([]string{value, "r", value}[x.choose.pick(3):]...)
	case it.Type == exam.Matching:
		return exam.KeyedAnswer(map[string]string{"k": value, "l": ""})
	case it.Type == exam.Description && x.choose.pick(2) == 0:
		return exam.Answer{}
	}
	return exam.TextAnswer(value)
}
