package torture_test

import (
	"slices"
	"testing"

	"shiken/devtools/history"
	"shiken/devtools/torture"
)

// TestOutboxKeepsWhatIsNotJudged: the newest draft of each page and its form, until they are judged.
func TestOutboxKeepsWhatIsNotJudged(t *testing.T) {
	op := func(kind history.Kind, page string, seq int64, result history.Result) history.Op {
		o := history.New(kind)
		o.Page, o.Seq, o.Command, o.Result = page, seq, page+string(rune('0'+seq)), result
		return o
	}
	draft := func(page string, seq int64) history.Op { return op(history.Save, page, seq, history.Unknown) }
	form := func(page string, seq int64) history.Op { return op(history.Form, page, seq, history.Unknown) }
	tests := []struct {
		name    string
		kept    []history.Op
		settled []history.Op
		open    string
		want    []string
	}{
		{"the oldest first", []history.Op{draft("q", 5), draft("p", 2)}, nil, "", []string{"q5", "p2"}},
		{"a newer one replaces", []history.Op{draft("p", 1), draft("p", 2)}, nil, "", []string{"p2"}},
		{"acknowledged", []history.Op{draft("p", 1)}, []history.Op{op(history.Save, "p", 1, history.Applied)}, "", nil},
		{"an older one acknowledged", []history.Op{draft("p", 2)}, []history.Op{op(history.Save, "p", 1, history.Applied)}, "", []string{"p2"}},
		{"a form takes the draft before it", []history.Op{draft("p", 1), form("p", 2)}, []history.Op{op(history.Form, "p", 2, history.Acknowledged)}, "", nil},
		{"a rejected one does not", []history.Op{draft("p", 1), form("p", 2)}, []history.Op{op(history.Form, "p", 2, history.Rejected)}, "", []string{"p1"}},
		{"nor one that is older", []history.Op{draft("p", 3)}, []history.Op{op(history.Form, "p", 2, history.Acknowledged)}, "", []string{"p3"}},
		{"of an open page", []history.Op{draft("p", 1), draft("q", 1)}, nil, "p", []string{"q1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := torture.Orphans(tt.kept, tt.settled, tt.open); !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
