package torture_test

import (
	"errors"
	"strings"
	"testing"

	"shiken/devtools/history"
	"shiken/devtools/torture"
	"shiken/exam"
)

// whole is a report of a run in which all happened, and all held.
func whole() *torture.Report {
	r := &torture.Report{Rate: torture.MinRate, Moved: 1, Resent: 1, Faults: map[string]int{}, Orders: map[exam.Kind]int{}, History: &history.Report{}}
	for _, kind := range torture.Orders {
		r.Orders[kind] = 1
	}
	for _, kind := range torture.Kinds() {
		r.Faults[kind] = 1
	}
	return r
}

func TestReportJudges(t *testing.T) {
	tests := []struct {
		name          string
		spoil         func(*torture.Report)
		invalid, held bool
	}{
		{"all happened and held", func(*torture.Report) {}, false, true},
		{"too little load", func(r *torture.Report) { r.Rate = torture.MinRate - 1 }, true, true},
		{"a kind of fault never happened", func(r *torture.Report) { delete(r.Faults, torture.Kinds()[3]) }, true, true},
		{"an officer's command never happened", func(r *torture.Report) { delete(r.Orders, exam.Pause) }, true, true},
		{"no device took an attempt over", func(r *torture.Report) { r.Moved = 0 }, true, true},
		{"nothing was sent again", func(r *torture.Report) { r.Resent = 0 }, true, true},
		{"an outbox was not emptied", func(r *torture.Report) { r.Left = 1 }, false, false},
		{"a violation", func(r *torture.Report) { r.History.Faults = []history.Fault{{Rule: "R1"}} }, false, false},
		{"verify found something", func(r *torture.Report) { r.Verify = "1 fault" }, false, false},
		{"a receipt is missing", func(r *torture.Report) { r.Receipts = "1 fault" }, false, false},
		{"a sign-in came back", func(r *torture.Report) { r.Revived = 1 }, false, false},
		{"somebody was signed out by nobody", func(r *torture.Report) { r.Strays = []string{"c-1"} }, false, false},
		{"a key was told", func(r *torture.Report) { r.Leaks = []string{"the key of question t1"} }, false, false},
		{"an answer of 500", func(r *torture.Report) { r.Errors = 1 }, false, false},
		{"a panic", func(r *torture.Report) { r.Panics = []string{"panic: nil"} }, false, false},
		{"a part did not come back", func(r *torture.Report) { r.Broken = errors.New("redis") }, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := whole()
			tt.spoil(r)
			if got := r.Invalid() != ""; got != tt.invalid {
				t.Errorf("invalid: %t (%s)", got, r.Invalid())
			}
			if got := r.Held(); got != tt.held {
				t.Errorf("held: %t", got)
			}
		})
	}
}

func TestReportNamesEveryKind(t *testing.T) {
	var text strings.Builder
	r := whole()
	r.Print(&text)
	for _, kind := range torture.Kinds() {
		if !strings.Contains(text.String(), kind) {
			t.Errorf("%q is missing", kind)
		}
	}
	if r.Total() != len(torture.Kinds()) {
		t.Errorf("%d faults of %d kinds", r.Total(), len(torture.Kinds()))
	}
}
