package exam_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"shiken/exam"
)

// drawn makes a script's choices by rapid, which shrinks them.
type drawn struct{ t *rapid.T }

func (d drawn) more() bool     { return true }
func (d drawn) pick(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "") }

// runScript draws a paper and a script of commands and gives what they led to.
func runScript(t *rapid.T) *script {
	x, err := newScript(drawn{t})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.run(rapid.IntRange(0, 40).Draw(t, "length")); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestR1R2R4R5R6R7R8R11R15R16_AnyScript: random papers, commands, clocks and re-sent commands keep
// every rule and agree with the twin.
func TestR1R2R4R5R6R7R8R11R15R16_AnyScript(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { runScript(t) })
}

// TestR4_PositionsAreIndependent: in free navigation, what comes of the commands on one question is
// the same whether or not there are commands on others.
func TestR4_PositionsAreIndependent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := threeTexts(exam.Free, exam.PracticeFeedback)
		x := &script{choose: drawn{t}, s: begin(t, p)}
		alone := begin(t, p)
		for i := range rapid.IntRange(1, 25).Draw(t, "length") {
			c := x.question(fmt.Sprintf("c%d", i))
			if i > 0 && x.choose.pick(4) == 0 {
				c = x.sent[x.choose.pick(i)]
			}
			x.sent = append(x.sent, c)
			got, err := x.s.send(c, t0)
			if c.Position != 2 || err != nil {
				continue
			}
			want, err := alone.send(c, t0)
			if err != nil {
				t.Fatal(err)
			}
			if got.Result != want.Result || got.Reason != want.Reason || got.Rev != want.Rev {
				t.Fatalf("R4: among others %s %s %d, alone %s %s %d",
					got.Result, got.Reason, got.Rev, want.Result, want.Reason, want.Rev)
			}
		}
	})
}
