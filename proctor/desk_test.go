package proctor_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"shiken/devtools/migrated"
	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// desk is a store with one exam of three questions, "b" right in each, and the proctor who watches.
type desk struct {
	t       *testing.T
	store   store.Store
	proctor *proctor.Proctor
	rules   exam.Definition
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	return deskOn(t, migrated.SQLite(t, filepath.Join(t.TempDir(), "shiken.db")))
}

func deskOn(t *testing.T, s store.Store) *desk {
	t.Helper()
	d := &desk{t: t, store: s, proctor: proctorOf(s)}
	d.loadQuestions()
	d.rules = exam.Definition{
		Slug: "test", Published: true, OpenTo: []string{exam.Everyone},
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 30 * exam.Minute, Grace: 10 * exam.Second,
		},
		Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}, Points: exam.FullCredit}},
	}
	d.define()
	return d
}

func proctorOf(s proctor.Store) *proctor.Proctor {
	return &proctor.Proctor{Store: s, Logger: slog.New(slog.DiscardHandler)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// define stores the exam as its rules are now.
func (d *desk) define() {
	d.t.Helper()
	must(d.t, d.store.PutDefinition(context.Background(), d.rules))
}

func (d *desk) loadQuestions() {
	d.t.Helper()
	_, err := d.store.PutQuestions(context.Background(), "basics", deskQuestions(3))
	must(d.t, err)
}

// loadPassage adds three questions to the set, which share a passage.
func (d *desk) loadPassage() {
	d.t.Helper()
	questions := deskQuestions(6)
	for i := range questions[3:] {
		q := &questions[3+i]
		q.Category, q.Question.Group, q.Question.Stimulus = "passage", "p", exam.Text{Source: "A passage"}
	}
	_, err := d.store.PutQuestions(context.Background(), "basics", questions)
	must(d.t, err)
}

// deskQuestions are n questions, "b" right in each.
func deskQuestions(n int) []store.LoadedQuestion {
	var questions []store.LoadedQuestion
	for i := range n {
		questions = append(questions, store.LoadedQuestion{
			SourceKey: fmt.Sprint(i), Number: fmt.Sprint(i), ContentHash: fmt.Sprintf("%064d", i),
			Question: exam.Question{
				Type: exam.SingleChoice, Stem: exam.Text{Source: fmt.Sprint("Stem ", i)},
				Options: []exam.Option{{ID: "a"}, {ID: "b"}},
			},
			Key: exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}},
		})
	}
	return questions
}

func (d *desk) user(groups ...string) store.User {
	d.t.Helper()
	id := uuid.NewString()
	u := store.User{ID: id, Username: id, Roles: []store.Role{store.RoleCandidate}, Groups: groups}
	must(d.t, d.store.CreateUser(context.Background(), u))
	return u
}

// sitting is an attempt that a new candidate began so long ago.
func (d *desk) sitting(ago exam.Micros) string {
	d.t.Helper()
	ctx := context.Background()
	u := d.user()
	state, err := d.store.LoadStart(ctx, "test", u.ID)
	must(d.t, err)
	pools, err := d.store.LoadPools(ctx, &state.Definition)
	must(d.t, err)
	paper, err := exam.Draw(exam.DrawRequest{
		Attempt: uuid.NewString(), Candidate: u.ID, Seed: exam.Seed{1}, Definition: &state.Definition, Pools: pools,
	})
	must(d.t, err)
	a, o, err := exam.Begin(&paper, uuid.NewString(), "", proctor.NewSalt(), state.Now.Add(-ago))
	must(d.t, err)
	must(d.t, d.store.Create(ctx, store.NewAttempt{Attempt: a, Paper: paper, Number: 1, Outcome: o}))
	return a.ID
}

// give applies a command and returns the attempt after it.
func (d *desk) give(attempt string, c exam.Command) exam.Attempt {
	d.t.Helper()
	c.ID, c.Salt = uuid.NewString(), proctor.NewSalt()
	snap, o, err := store.Update(context.Background(), d.store, store.AttemptQuery{Attempt: attempt, Command: c.ID, All: true},
		func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			if c.Actor.Role == exam.Candidate {
				c.Actor.ID = s.Attempt.Candidate
			}
			return exam.Apply(s.Paper, s.Attempt, c, s.Now)
		})
	must(d.t, err)
	if o.Result != exam.Applied {
		d.t.Fatalf("%s: %s %s", c.Kind, o.Result, o.Reason)
	}
	return snap.Attempt
}

func byCandidate(k exam.Kind) exam.Command {
	return exam.Command{Kind: k, Actor: exam.Actor{Role: exam.Candidate}, Opening: 1, Rev: 99}
}

func byAdmin(k exam.Kind) exam.Command {
	return exam.Command{Kind: k, Actor: exam.Actor{Role: exam.Admin, ID: "admin"}}
}

// answer saves an option at a position.
func (d *desk) answer(attempt string, n int, option string) {
	d.t.Helper()
	c := byCandidate(exam.Save)
	c.Position, c.Page, c.Seq, c.Rev = n, uuid.NewString(), 1, 0
	for _, choice := range d.stored(attempt).Paper.Item(n).Choices {
		if choice.Option == option {
			c.Answer = exam.OneChoice(choice.Value)
		}
	}
	d.give(attempt, c)
}

func (d *desk) stored(attempt string) *store.StoredAttempt {
	d.t.Helper()
	a, err := d.store.Story(context.Background(), attempt)
	must(d.t, err)
	return &a
}

// entries counts the journal's entries of a kind.
func (d *desk) entries(attempt string, k exam.Kind) int {
	d.t.Helper()
	n := 0
	for _, r := range d.stored(attempt).Records {
		if r.Entry.Kind == k {
			n++
		}
	}
	return n
}
