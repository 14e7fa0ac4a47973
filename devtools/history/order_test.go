package history_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
)

// order gives an admin's command and notes that it was told to be done.
func (s scene) order(kind exam.Kind) *history.Op {
	asked := s.now
	s.byAdmin(kind)
	last := &s.records[len(s.records)-1]
	o := s.op(history.Order)
	o.Command, o.Action, o.Amount = last.Entry.Command, string(kind), int64(last.Payload.Amount)
	o.Sent, o.Done, o.Result = asked, s.now+time.Second, history.Applied
	s.ops = append(s.ops, *o)
	return &s.ops[len(s.ops)-1]
}

func TestOrders(t *testing.T) {
	tests := []struct {
		name, rule, text string
		spoil            func(scene, *history.Op)
	}{
		{"as they were given", "", "", func(scene, *history.Op) {}},
		{"told to be done, and it was not", "R1", "is not in the journal", func(s scene, o *history.Op) { o.Command = s.id() }},
		{"told to be refused, and it was done", "R2", "told to be refused", func(_ scene, o *history.Op) { o.Result = history.Rejected }},
		{"another command than was given", "R2", "was void", func(_ scene, o *history.Op) { o.Action = string(exam.Void) }},
		{"another time than was given", "R16", "was to give", func(_ scene, o *history.Op) { o.Amount++ }},
		{"by an admin, and none gave it", "R2", "which none gave", func(s scene, o *history.Op) {
			s.ops = slices.DeleteFunc(s.ops, func(other history.Op) bool { return other.Command == o.Command })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(exam.Free)
			s.save(1, "p", 1, 0, `"a"`)
			tt.spoil(s, s.order(exam.Extend))
			s.end()
			report := history.Check(s.ops, s.stored(), history.Options{Orders: true})
			found := slices.ContainsFunc(report.Faults, func(f history.Fault) bool {
				return f.Rule == tt.rule && f.Checker == history.Witness && strings.Contains(f.Text, tt.text)
			})
			if found != (tt.rule != "") || tt.rule == "" && !report.OK() {
				t.Errorf("found %v", report)
			}
		})
	}
}
