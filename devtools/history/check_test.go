package history_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"shiken/devtools/effort"
	"shiken/devtools/history"
	"shiken/exam"
)

// TestWhatTheMachineReallyDoesIsAccepted: whatever clients do, with requests delayed, doubled and
// overtaking each other and replies lost, a history that exam.Apply gave is without a fault.
func TestWhatTheMachineReallyDoesIsAccepted(t *testing.T) {
	seeds := uint64(60)
	if effort.Sampled() {
		seeds = 10
	}
	for _, navigation := range []exam.Navigation{exam.Free, exam.Linear} {
		for seed := range seeds {
			t.Run(fmt.Sprintf("%s %d", navigation, seed), func(t *testing.T) {
				t.Parallel()
				report := newWorld(seed, navigation, map[exam.Navigation]int{exam.Free: 3, exam.Linear: 12}[navigation], 5).run(300).check()
				if !report.OK() {
					t.Error(report)
				}
				if report.Histories == 0 || report.Acknowledged == 0 || report.Unknown == 0 || report.Rejections == 0 {
					t.Errorf("little happened: %s", report.Summary())
				}
			})
		}
	}
}

// TestARandomCorruptionIsFound: in histories of many clients one thing is made wrong, somewhere.
func TestARandomCorruptionIsFound(t *testing.T) {
	for name, corrupt := range corruptions {
		for seed := range uint64(6) {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) {
				t.Parallel()
				s := scene{world: newWorld(seed, exam.Free, 3, 5).run(120)}
				if !s.check().OK() {
					t.Fatal("the history has a fault before")
				}
				corrupt(s)
				if report := s.check(); report.OK() {
					t.Errorf("not found: %s", report)
				}
			})
		}
	}
}

// corruptions of a whole history.
var corruptions = map[string]func(s scene){
	"an acknowledged answer is taken out of the journal": func(s scene) {
		s.forge(func() {
			i := s.any(func(i int) bool {
				return s.records[i].Entry.Effect.Response != nil && s.told(s.records[i].Entry.Command)
			}, len(s.records))
			s.records = append(s.records[:i:i], s.records[i+1:]...)
		})
	},
	"two answers change places": func(s scene) {
		s.forge(func() {
			i := s.any(func(i int) bool {
				return i+1 < len(s.records) && s.told(s.records[i].Entry.Command) && s.told(s.records[i+1].Entry.Command) &&
					inARow(&s.records[i], &s.records[i+1])
			}, len(s.records))
			s.records[i], s.records[i+1] = s.records[i+1], s.records[i]
		})
	},
	"an answer is another": func(s scene) {
		s.forge(func() {
			i := s.any(func(i int) bool { f := s.records[i].Entry.Effect.Response; return f != nil && f.Answer }, len(s.records))
			p := *s.records[i].Payload
			p.Answer = exam.TextAnswer("another")
			s.records[i].Payload = &p
		})
	},
	"a client is told another rev": func(s scene) {
		s.ops[s.any(func(i int) bool { return s.ops[i].NewRev > 0 }, len(s.ops))].NewRev += 5
	},
	"a page shows another answer": func(s scene) {
		o := &s.ops[s.any(func(i int) bool { return s.ops[i].Kind == history.Read }, len(s.ops))]
		o.Saved = `"another"`
	},
	"a page shows an older rev": func(s scene) {
		o := &s.ops[s.any(func(i int) bool { return s.ops[i].Kind == history.Read && s.ops[i].SavedRev > 2 }, len(s.ops))]
		o.SavedRev -= 2
	},
	"a rejection is not kept": func(s scene) {
		i := s.any(func(i int) bool { return s.told(s.rejections[i].Command) }, len(s.rejections))
		s.rejections[i].Command = "00000000-0000-4000-8000-999999999999"
	},
	"an answer was never sent": func(s scene) {
		i := s.any(func(i int) bool { return s.ops[i].NewRev > 0 }, len(s.ops))
		id := s.ops[i].Command
		s.ops = slices.DeleteFunc(s.ops, func(o history.Op) bool { return o.Command == id })
	},
	"a rev is wrong from then on": func(s scene) {
		s.forge(func() {
			i := s.any(func(i int) bool { f := s.records[i].Entry.Effect.Response; return f != nil && f.Rev > 0 }, len(s.records))
			s.records[i].Entry.Effect.Response.Rev++
		})
	},
}

// any is one of n for which ok is true, by chance.
func (s scene) any(ok func(i int) bool, n int) int {
	var all []int
	for i := range n {
		if ok(i) {
			all = append(all, i)
		}
	}
	return all[s.IntN(len(all))]
}

// told: some client was told what became of the command.
func (s scene) told(command string) bool {
	return slices.ContainsFunc(s.ops, func(o history.Op) bool {
		return o.Command == command && o.Result != history.Unknown
	})
}

// inARow: both raised the rev of one response.
func inARow(a, b *exam.Record) bool {
	f, g := a.Entry.Effect.Response, b.Entry.Effect.Response
	return f != nil && g != nil && f.Position == g.Position && f.Rev != g.Rev
}

// TestASearchThatIsTimedOutIsAFault: nothing is passed over in silence.
func TestASearchThatIsTimedOutIsAFault(t *testing.T) {
	w := newWorld(1, exam.Free, 1, 5).run(200)
	report := history.Check(w.ops, w.stored(), history.Options{Steps: 1})
	if report.TimedOut != 1 || len(report.Faults) != 1 || report.Faults[0].Checker != history.Linear {
		t.Error(report)
	}
}

// TestR10_AttemptsSideBySideAreFound.
func TestR10_AttemptsSideBySideAreFound(t *testing.T) {
	first, second := newScene(exam.Free), newScene(exam.Free)
	second.paper.Attempt = "0b5c2e6a-0000-4000-8000-000000000002"
	second.ops[0].Attempt, second.ops[0].Command, second.ops[0].Rev = second.paper.Attempt, "the second", 1
	second.records[0].Entry.Command = "the second"
	second.forge(func() {})
	both := append(first.stored(), second.stored()...)
	both[1].Number = 2
	report := history.Check(append(first.ops, second.ops...), both, history.Options{})
	for _, want := range []string{"2 attempts of one candidate and exam are open", "begun while attempt number 1 was open"} {
		if !strings.Contains(report.String(), "R10 (journal)") || !strings.Contains(report.String(), want) {
			t.Errorf("no %q in %s", want, report)
		}
	}
}
