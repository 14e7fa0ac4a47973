package e2e_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/effort"
)

// failpoints are the places of the answer step at which the program is killed,
// and what the same command is afterwards.
var failpoints = []struct{ name, outcome string }{
	{"after_read", "applied"},
	{"before_statement", "applied"},
	{"after_commit", "replayed"},
	{"after_session_save", "replayed"},
}

// interrupted is an attempt whose first question is answered and acknowledged,
// and whose second answer is sent to an instance that dies of it.
type interrupted struct {
	person  *client.Client
	attempt string
	first   string       // acknowledged answer
	form    *client.Form // second answer
}

func interruptible(t *testing.T, base string, a cluster.Account) *interrupted {
	t.Helper()
	return interruptibleIn(t, signedIn(t, base, a), "sample-free")
}

func interruptibleIn(t *testing.T, person *client.Client, exam string) *interrupted {
	t.Helper()
	page := begin(t, person, exam)
	form := questionForm(t, page)
	next, err := person.Press(t.Context(), form, "next")
	if err != nil || next.Answered != http.StatusSeeOther {
		t.Fatalf("first answer: %s, %v", next, err)
	}
	return &interrupted{person, page.Data("attempt"), form.Fields.Get("answer"), questionForm(t, next)}
}

// dies sends the second answer to the instance, which ends without answering.
func (x *interrupted) dies(t *testing.T, armed *cluster.Instance) {
	t.Helper()
	if got := press(armed.URL(), x.person, x.form, "next").send(t); got.err == nil {
		t.Fatalf("the instance lived to answer %d", got.status)
	}
	<-armed.Done()
}

// goesOn sends the same command again, as the candidate's browser does, until
// it is acknowledged, and checks that it took effect once and nothing is lost.
func (x *interrupted) goesOn(t *testing.T, i *cluster.Instance, outcome string) {
	t.Helper()
	before := moves(t, i, outcome)
	x.sentAgain(t, i)
	if n := moves(t, i, outcome) - before; n != 1 {
		t.Errorf("%v times %s, want once", n, outcome)
	}
}

// moves counts the moves of an instance that had an outcome.
func moves(t *testing.T, i *cluster.Instance, outcome string) float64 {
	t.Helper()
	return metric(t, "shiken_commands_total", []string{`kind="move"`, fmt.Sprintf("outcome=%q", outcome)}, i.URL())
}

// sentAgain sends the same command until it is acknowledged, and wants both
// answers to be saved once.
func (x *interrupted) sentAgain(t *testing.T, i *cluster.Instance) {
	t.Helper()
	want := strings.TrimSuffix(x.form.Action, "2") + "3"
	await(t, "an acknowledgement", func() error {
		got := press(i.URL(), x.person, x.form, "next").send(t)
		if got.status == http.StatusServiceUnavailable {
			return errors.New("the session of the dead instance is still locked")
		}
		if got.status != http.StatusSeeOther || got.location != want {
			t.Fatalf("sent again: %d %q, %v", got.status, got.location, got.err)
		}
		return nil
	})
	x.holds(t, 1, x.first)
	x.holds(t, 2, x.form.Fields.Get("answer"))
}

// holds checks that the answer at a position was saved once, and is this.
func (x *interrupted) holds(t *testing.T, position int, answer string) {
	t.Helper()
	page := get(t, x.person, fmt.Sprintf("/attempts/%s/questions/%d", x.attempt, position))
	if err := wantData(page, "rev", "1"); err != nil {
		t.Error(err)
	}
	if got := page.Form(client.QuestionForm).Fields.Get("answer"); got != answer {
		t.Errorf("question %d: saved %q, acknowledged %q", position, got, answer)
	}
}

// TestKilledAtEachFailpointEmbedded (R1, R2) kills the one process there is and
// starts it again.
func TestKilledAtEachFailpointEmbedded(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "another build of the program, killed at each of its failpoints")
	binary := program(t, "-tags=failpoints")
	for _, point := range failpoints {
		t.Run(point.name, func(t *testing.T) {
			t.Parallel()
			i := prepareEmbedded(t, binary)
			start(t, i.Instance)
			x := interruptible(t, i.URL(), candidates(t, i.Instance, 1)[0])
			if err := i.Terminate(); err != nil {
				t.Fatal(err)
			}
			armed := i.armed(t, point.name)
			start(t, armed)
			x.dies(t, armed)
			start(t, i.Instance)
			x.goesOn(t, i.Instance, point.outcome)
			verify(t, i.Instance)
		})
	}
}

// TestKilledAtEachFailpointCluster kills an instance at each failpoint; another
// one goes on. The candidates wait for the locks of the dead at the same time.
func TestKilledAtEachFailpointCluster(t *testing.T) {
	t.Parallel()
	c := cluster.Start(t, 1, func(o *cluster.Options) { o.NoBalancer, o.Binary = true, program(t, "-tags=failpoints") })
	survivor := c.Instances[0]
	accounts := candidates(t, survivor, len(failpoints))
	t.Run("all", func(t *testing.T) {
		for n, point := range failpoints {
			t.Run(point.name, func(t *testing.T) {
				t.Parallel()
				killedInCluster(t, c, point.name, accounts[n])
			})
		}
	})
	// Everybody's first answer, and the second ones: each once.
	want := map[string]int{"applied": len(failpoints)}
	for _, point := range failpoints {
		want[point.outcome]++
	}
	for outcome, times := range want {
		if n := moves(t, survivor, outcome); n != float64(times) {
			t.Errorf("%v times %s, want %d", n, outcome, times)
		}
	}
	verify(t, survivor)
}

func killedInCluster(t *testing.T, c *cluster.Cluster, failpoint string, a cluster.Account) {
	t.Helper()
	survivor := c.Instances[0]
	armed, err := c.Extra("armed-"+failpoint, map[string]string{"SHIKEN_FAILPOINT": failpoint})
	if err != nil {
		t.Fatal(err)
	}
	start(t, armed)
	t.Cleanup(armed.Kill)
	x := interruptible(t, survivor.URL(), a)
	x.dies(t, armed)
	x.sentAgain(t, survivor)
	if n := countRows(t, c.DatabaseURL(), entriesOfCommand, x.form.Fields.Get("command_id")); n != 1 {
		t.Errorf("%d journal entries, want 1", n)
	}
}

// TestRestartKeepsEverything (R14): accounts, sessions and running attempts of
// the embedded shape outlast its process, however that ended.
func TestRestartKeepsEverything(t *testing.T) {
	t.Parallel()
	ends := []struct {
		name string
		end  func(*cluster.Instance) error
	}{
		{"in order", (*cluster.Instance).Terminate},
		{"killed", func(i *cluster.Instance) error { i.Kill(); return nil }},
	}
	for _, tt := range ends {
		t.Run(tt.name, func(t *testing.T) {
			i := prepareEmbedded(t, program(t))
			start(t, i.Instance)
			account := candidates(t, i.Instance, 1)[0]
			x := interruptible(t, i.URL(), account)
			before := get(t, x.person, x.form.Action)
			if err := tt.end(i.Instance); err != nil {
				t.Fatal(err)
			}
			start(t, i.Instance)
			after := get(t, x.person, x.form.Action)
			if a, b := question(before), question(after); a != b || a == "" {
				t.Errorf("before %q, after %q", a, b)
			}
			if a, b := before.Data("deadline"), after.Data("deadline"); a != b || a == "" {
				t.Errorf("deadline before %q, after %q", a, b)
			}
			x.holds(t, 1, x.first)
			x.goesOn(t, i.Instance, "applied")
			signedIn(t, i.URL(), account)
			verify(t, i.Instance)
		})
	}
}

// question is what the candidate sees of a question, options in their order.
func question(p *client.Page) string {
	return strings.Join(strings.Fields(p.Find(".stem").Text()+p.Find(".answer").Text()), " ")
}
