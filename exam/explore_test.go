package exam_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"shiken/devtools/effort"
	"shiken/exam"
)

// world is one reachable state of an exploration: the machine, its twin, and the clock.
type world struct {
	s     sitting
	twin  twin
	ticks int
	path  []string
}

// clocks are the instants that the clock steps through: in time, at the last moment that counts,
// just after it, and when the server may close.
var clocks = []exam.Instant{
	t0.Add(exam.Minute),
	t0.Add(limit + grace),
	t0.Add(limit+grace) + 1,
	t0.Add(limit + grace + exam.W),
}

// explorer visits every state that a set of commands leads to when the network delivers each of
// them never, once or many times, in any order, and the clock steps at any moment.
type explorer struct {
	commands []exam.Command
	ticks    int // how many steps of the clock may be taken
	depth    int // longest path; 0 = no bound
	seen     map[string]bool
	states   int
	steps    int
}

func (x *explorer) run(t *testing.T, p exam.Paper) {
	t.Helper()
	x.seen = map[string]bool{}
	first := world{s: begin(t, p), twin: twin{p: &p}}
	queue := []world{first}
	for len(queue) > 0 {
		w := queue[0] // breadth first, so that a bound on depth cuts off nothing nearer
		queue = queue[1:]
		for _, next := range x.after(t, w) {
			if k := next.key(); !x.seen[k] {
				x.seen[k] = true
				x.states++
				queue = append(queue, next)
			}
		}
	}
}

// after gives the worlds that one delivery or one step of the clock leads to.
func (x *explorer) after(t *testing.T, w world) []world {
	t.Helper()
	if x.depth > 0 && len(w.path) >= x.depth {
		return nil
	}
	var out []world
	if w.ticks < x.ticks {
		next := w
		next.ticks++
		next.path = append(slices.Clip(w.path), "tick")
		out = append(out, next)
	}
	for i := range x.commands {
		next := w
		next.path = append(slices.Clip(w.path), x.commands[i].ID)
		x.steps++
		if err := next.deliver(x.commands[i]); err != nil {
			t.Fatalf("after %v: %v", next.path, err)
		}
		if len(next.twin.log) > len(w.twin.log) {
			out = append(out, next)
		}
	}
	return out
}

// deliver gives one command to the machine and to its twin and holds the step against every rule.
func (w *world) deliver(c exam.Command) error {
	at := clocks[w.ticks]
	before := w.s.a
	o, err := w.s.send(c, at)
	if err != nil {
		return err
	}
	v := w.twin.judge(c, at)
	if got := (verdict{o.Result, o.Reason, o.Rev}); got != v {
		return fmt.Errorf("%s, the twin says %s", got, v)
	}
	if err := checkStep(w.s.p, before, w.s.a, c, o, at); err != nil || o.Result == exam.Replayed {
		return err
	}
	if err := deliveredAgain(w.s, c, o, at); err != nil || o.Entry == nil {
		return err // without an entry the state is the one that was compared already
	}
	return errors.Join(w.twin.compare(&w.s.a), checkReplay(&w.s))
}

// deliveredAgain: R2, the same command at once again changes nothing and is answered as before.
func deliveredAgain(s sitting, c exam.Command, first exam.Outcome, at exam.Instant) error {
	before := s.a
	again, err := s.send(c, at)
	if err != nil || !sameState(&before, &s.a) || before.Rejections != s.a.Rejections && c.Actor.Role != exam.Server {
		return fmt.Errorf("R2: delivered again it took effect (%v)", err)
	}
	switch {
	case first.Entry != nil:
		if again.Result != exam.Replayed || again.Rev != first.Rev || again.Target != first.Target || again.Receipt != first.Receipt {
			return fmt.Errorf("R2: first %+v, again %+v", first, again)
		}
	case again.Result != first.Result || again.Reason != first.Reason:
		return fmt.Errorf("R2: first %s %s, again %s %s", first.Result, first.Reason, again.Result, again.Reason)
	}
	return nil
}

// key names a world by all that can matter to what comes: everything but hashes and order.
func (w *world) key() string {
	a := &w.s.a
	b := fmt.Appendf([]byte(a.Device), "%d %s%s %d %d %d %d %d %d %s", w.ticks, a.Status, a.Before, a.Opening, a.Cursor,
		a.Changes, a.Extended, a.PausedFor, a.Stopped, a.Marking)
	for i := 1; i <= w.s.p.Len(); i++ {
		r, known := a.Responses[i]
		if known {
			b = fmt.Appendf(b, ";%d %d %s %t %t %d %d", i, r.Rev, r.Answer.Text, r.Flagged, r.Checked, r.Change, r.SavedAt)
		}
		for _, page := range []string{"a", "b"} {
			if m, wrote := r.Pages[page]; wrote {
				b = fmt.Appendf(b, " %s %d %d", page, m.Seq, m.Rev)
			}
		}
	}
	ids := make([]string, 0, len(a.Commands))
	for id := range a.Commands {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		b = append(append(b, ';'), id...)
		for _, p := range a.Commands[id] {
			b = fmt.Appendf(b, " %t %s %d", p.Applied, p.Reason, p.Rev)
		}
	}
	return string(b)
}

// scenario is a set of up to seven commands of two tabs, and of others, on three questions.
type scenario struct {
	name     string
	feedback exam.FeedbackMode
	ticks    int
	commands []exam.Command
	devices  exam.Devices
}

func flagging(c exam.Command, on bool) exam.Command {
	c.Flagged = &on
	return c
}

func draft(c exam.Command) exam.Command {
	c.Draft = true
	return c
}

func skip(c exam.Command) exam.Command {
	c.Skip = true
	return c
}

var scenarios = []scenario{
	{"two tabs on one question", exam.ExamFeedback, 0, []exam.Command{
		draft(save("a1", 1, "a", 1, 0, "x")), save("a2", 1, "a", 2, 0, "y"), move("a3", 1, "a", 3, 0, "y", 2),
		draft(save("b1", 1, "b", 1, 0, "z")), save("b2", 1, "b", 2, 1, ""), move("b3", 1, "b", 3, 0, "y", 2),
		flagging(onQuestion("b4", exam.Flag, 1, "b", 4, 2, "y"), true),
	}, exam.AnyDevice},
	{"two tabs on two questions", exam.ExamFeedback, 0, []exam.Command{
		draft(save("a1", 1, "a", 1, 0, "x")), move("a2", 1, "a", 2, 0, "x", 2), move("a3", 2, "a", 3, 0, "y", 3),
		save("b1", 2, "b", 1, 0, "z"), move("b2", 2, "b", 2, 0, "z", 3), skip(move("b3", 3, "b", 3, 0, "", 4)),
		submit("b4", 2),
	}, exam.AnyDevice},
	{"rapid next", exam.ExamFeedback, 0, []exam.Command{
		move("a1", 1, "a", 1, 0, "x", 2), move("a2", 1, "a", 2, 0, "x", 2), move("a3", 2, "a", 1, 0, "", 3),
		skip(move("a4", 2, "a", 1, 0, "", 3)), move("a5", 3, "a", 1, 0, "z", 4), move("a6", 3, "a", 2, 0, "", 4),
		submit("a7", 3),
	}, exam.AnyDevice},
	{"one id with two contents", exam.ExamFeedback, 0, []exam.Command{
		move("a1", 1, "a", 1, 0, "x", 2), move("a1", 1, "a", 1, 0, "y", 2), save("a1", 1, "a", 1, 0, "x"),
		save("b1", 1, "b", 1, 0, "z"), save("b1", 2, "b", 1, 0, "z"), submit("b2", 0), submit("b2", 1),
	}, exam.AnyDevice},
	{"practice", exam.PracticeFeedback, 0, []exam.Command{
		save("a1", 1, "a", 1, 0, "x"), onQuestion("a2", exam.Check, 1, "a", 2, 0, "x"), move("a3", 1, "a", 3, 0, "x", 2),
		save("b1", 1, "b", 1, 0, "y"), onQuestion("b2", exam.Check, 1, "b", 2, 0, "y"),
		flagging(onQuestion("b3", exam.Flag, 1, "b", 3, 0, "x"), true), onQuestion("b4", exam.Check, 2, "b", 1, 0, ""),
	}, exam.AnyDevice},
	{"time runs out", exam.ExamFeedback, 3, []exam.Command{
		save("a1", 1, "a", 1, 0, "x"), onQuestion("a2", exam.TimeUp, 1, "a", 2, 0, "y"), move("a3", 1, "a", 3, 0, "y", 2),
		onQuestion("b1", exam.TimeUp, 1, "b", 1, 0, "z"), submit("b2", 9), byServer("s1", exam.Expire),
	}, exam.AnyDevice},
	{"pause and resume", exam.ExamFeedback, 2, []exam.Command{
		save("a1", 1, "a", 1, 0, "x"), move("a2", 1, "a", 2, 0, "x", 2), onQuestion("b1", exam.TimeUp, 1, "b", 1, 0, "y"),
		byAdmin("p1", exam.Pause), byAdmin("p2", exam.Resume), byServer("s1", exam.Expire), draft(save("a3", 1, "a", 3, 0, "w")),
	}, exam.AnyDevice},
	{"closed, void and open again", exam.ExamFeedback, 1, []exam.Command{
		save("a1", 1, "a", 1, 0, "x"), submit("a2", 9), reopenedSave("b1", 1, "b", 2, "y"),
		byAdmin("p1", exam.Reopen), byAdmin("p2", exam.Void), byAdmin("p3", exam.Unvoid), byAdmin("p4", exam.ForceSubmit),
	}, exam.AnyDevice},
	{"two devices", exam.ExamFeedback, 2, []exam.Command{
		on("a", move("a1", 1, "a", 1, 0, "x", 2)), on("a", submit("a2", 9)), takeOver("a3", "a"),
		on("b", move("b1", 1, "b", 1, 0, "y", 2)), takeOver("b2", "b"), released(on("b", save("b3", 1, "b", 2, 0, "z"))),
		byAdmin("p1", exam.Pause),
	}, exam.OneDevice},
}

func reopenedSave(id string, position int, page string, opening int, text string) exam.Command {
	c := save(id, position, page, 1, 0, text)
	c.Opening = opening
	return c
}

// TestR1R2R4R5R6R7R11_EveryInterleaving explores each scenario whole, in both navigations.
func TestR1R2R4R5R6R7R11_EveryInterleaving(t *testing.T) {
	t.Parallel()
	for _, sc := range scenarios {
		for _, nav := range []exam.Navigation{exam.Free, exam.Linear} {
			t.Run(sc.name+"/"+string(nav), func(t *testing.T) {
				x := explorer{commands: sc.commands, ticks: sc.ticks}
				if effort.Sampled() || raceEnabled {
					x.depth = 4
				}
				p := threeTexts(nav, sc.feedback)
				p.Rules.Devices = sc.devices
				x.run(t, p)
				if x.states < 20 {
					t.Errorf("only %d states: the scenario tests nothing", x.states)
				}
				t.Logf("%d states, %d deliveries", x.states, x.steps)
			})
		}
	}
}

// alphabet is every candidate's command on two questions by two tabs with few answers.
func alphabet() []exam.Command {
	var out []exam.Command
	for _, page := range []string{"a", "b"} {
		for position := 1; position <= 2; position++ {
			for seq := int64(1); seq <= 2; seq++ {
				id := fmt.Sprintf("%s%d%d", page, position, seq)
				out = append(out,
					save(id+"s", position, page, seq, seq-1, "x"),
					save(id+"c", position, page, seq, 0, ""),
					draft(save(id+"d", position, page, seq, 0, page)),
					move(id+"m", position, page, seq, 0, page, position+1),
					skip(move(id+"k", position, page, seq, 1, "", position+1)),
				)
			}
		}
	}
	return append(out, submit("z", 1), byAdmin("p", exam.Pause), byAdmin("r", exam.Resume))
}

// TestR1R2R5_SevenAtRandom explores whole what seven commands drawn from the alphabet lead to; each
// seed is another seven.
func TestR1R2R5_SevenAtRandom(t *testing.T) {
	t.Parallel()
	seeds, depth := uint64(2), 0
	if effort.Sampled() || raceEnabled {
		seeds, depth = 2, 3
	}
	all := alphabet()
	for seed := range seeds {
		for _, nav := range []exam.Navigation{exam.Free, exam.Linear} {
			t.Run(fmt.Sprintf("%d/%s", seed, nav), func(t *testing.T) {
				x := explorer{depth: depth}
				for _, i := range rand.New(rand.NewPCG(seed, 7)).Perm(len(all))[:7] {
					x.commands = append(x.commands, all[i])
				}
				x.run(t, threeTexts(nav, exam.ExamFeedback))
				t.Logf("%d states, %d deliveries", x.states, x.steps)
			})
		}
	}
}

// TestR1R2R5_EveryPair delivers every pair of the alphabet's commands in every order.
func TestR1R2R5_EveryPair(t *testing.T) {
	t.Parallel()
	for _, nav := range []exam.Navigation{exam.Free, exam.Linear} {
		t.Run(string(nav), func(t *testing.T) {
			x := explorer{commands: alphabet(), depth: 2}
			x.run(t, threeTexts(nav, exam.ExamFeedback))
		})
	}
}
