package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// world is what one test works in: its own users, sets and exams in a backend that it shares.
type world struct {
	*testing.T
	Backend
	ctx      context.Context
	practice exam.Definition // made when it is first sat
}

func newWorld(t *testing.T, b Backend) *world {
	t.Helper()
	return &world{T: t, Backend: b, ctx: t.Context()}
}

// must ends the test on an error.
func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// is wants an error of a kind.
func (w *world) is(err, kind error) {
	w.Helper()
	if !errors.Is(err, kind) {
		w.Errorf("error %v, want %v", err, kind)
	}
}

func name(prefix string) string { return prefix + "-" + uuid.NewString()[:13] }

func salt() exam.Salt {
	s := make(exam.Salt, exam.SaltBytes)
	_, _ = rand.Read(s) // never fails
	return s
}

// staff gives the writes of authors and admins, each recorded as one act.
func (w *world) staff() store.Actions { return w.By(w.act(store.ActCommand, nil)) }

// newUser stores a candidate.
func (w *world) newUser() store.User {
	w.Helper()
	u := store.User{
		ID: uuid.NewString(), Username: name("user"), Name: "名前", Roles: []store.Role{store.RoleCandidate},
		PasswordHash: "$argon2id$", ExtraPercent: 25, Groups: []string{"g1", "g2"}, Created: 1_700_000_000_000_001,
	}
	w.must(w.CreateUser(w.ctx, u))
	return u
}

// shortText makes n short-text questions whose right answers are "right 1" … "right n".
func shortText(n int) []store.LoadedQuestion {
	list := make([]store.LoadedQuestion, n)
	for i := range list {
		list[i] = store.LoadedQuestion{
			SourceKey: fmt.Sprint(i + 1), Number: fmt.Sprintf("No. %d", i+1), Category: fmt.Sprintf("c%d", i%3),
			Year: 2019 + i%2, Tags: []string{"t"}, ContentHash: fmt.Sprintf("%064d", i+1),
			Question: exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: fmt.Sprintf("問題 %d", i+1)}},
			Key:      exam.Key{Texts: []exam.TextKey{{Pattern: fmt.Sprintf("right %d", i+1), Weight: exam.FullCredit}}},
			Feedback: exam.Feedback{Explanation: exam.Text{Source: "because"}},
		}
	}
	return list
}

// newExam stores a set of n questions and a published exam that draws all of them.
func (w *world) newExam(n int, change ...func(*exam.Definition)) exam.Definition {
	w.Helper()
	set := name("set")
	_, err := w.PutQuestions(w.ctx, set, shortText(n))
	w.must(err)
	d := exam.Definition{
		Slug: name("exam"), Title: exam.Title{"ja": "試験", "en": "Exam"}, Published: true,
		OpenTo: []string{exam.Everyone},
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 30 * exam.Minute, Grace: 10 * exam.Second,
			Release: exam.ReleaseRules{
				Score:   exam.Release{When: exam.Immediately},
				Answers: exam.Release{When: exam.Immediately}, Keys: exam.Release{When: exam.Never},
			},
		},
		Shuffle: exam.Shuffle{Questions: true, Options: true},
		Sections: []exam.SectionDefinition{
			{Title: exam.Title{"": "A"}, From: exam.Source{Set: set}, Points: exam.FullCredit, Multiple: exam.Partial},
		},
	}
	for _, c := range change {
		c(&d)
	}
	w.must(w.PutDefinition(w.ctx, d))
	return d
}

func linear(d *exam.Definition)   { d.Rules.Navigation = exam.Linear }
func practice(d *exam.Definition) { d.Rules.Feedback = exam.PracticeFeedback }
func untimed(d *exam.Definition)  { d.Rules.TimeLimit = 0 }

// start does what a start form asks for, and returns the attempt that it led to.
func start(ctx context.Context, s store.Store, slug, user, command string, seen int) (string, exam.Reason, error) {
	for {
		state, err := s.LoadStart(ctx, slug, user)
		if err != nil {
			return "", "", err
		}
		request := exam.StartRequest{Command: command, Seen: seen, Arrived: state.Now}
		for _, a := range state.Attempts {
			request.Earlier = append(request.Earlier, exam.Began{
				ID: a.ID, Number: a.Number, Command: a.StartCommand, Status: a.Status, Cursor: a.Cursor,
			})
		}
		verdict := exam.JudgeStart(&state.Definition, request)
		if verdict.Lead != nil {
			return verdict.Lead.ID, "", nil
		}
		if !verdict.Begin {
			return "", verdict.Reason, nil
		}
		n, err := newAttempt(ctx, s, &state, command)
		if err != nil {
			return "", "", err
		}
		err = s.Create(ctx, n)
		if !errors.Is(err, store.ErrMoved) {
			return n.Attempt.ID, "", err
		}
	}
}

func newAttempt(ctx context.Context, s store.Store, state *store.StartState, command string) (store.NewAttempt, error) {
	pools, err := s.LoadPools(ctx, &state.Definition)
	if err != nil {
		return store.NewAttempt{}, err
	}
	paper, err := exam.Draw(exam.DrawRequest{
		Attempt: uuid.NewString(), Candidate: state.User.ID, ExtraPercent: state.User.ExtraPercent, Seed: exam.Seed{7},
		Definition: &state.Definition, Pools: pools,
	})
	if err != nil {
		return store.NewAttempt{}, err
	}
	a, outcome, err := exam.Begin(&paper, command, "", salt(), state.Now)
	return store.NewAttempt{Attempt: a, Paper: paper, Number: len(state.Attempts) + 1, Outcome: outcome}, err
}

// sitting is one attempt under test.
type sitting struct {
	*world
	id   string
	user store.User
	d    exam.Definition
}

// sit starts an attempt of a new user.
func (w *world) sit(d exam.Definition) *sitting {
	w.Helper()
	u := w.newUser()
	id, reason, err := start(w.ctx, w.Store, d.Slug, u.ID, uuid.NewString(), 0)
	w.must(err)
	if id == "" {
		w.Fatalf("start refused: %s", reason)
	}
	return &sitting{world: w, id: id, user: u, d: d}
}

// sitLongAgo makes an attempt whose time was over before the test began.
func (w *world) sitLongAgo(d exam.Definition) *sitting {
	w.Helper()
	u := w.newUser()
	state, err := w.LoadStart(w.ctx, d.Slug, u.ID)
	w.must(err)
	state.Now = state.Now.Add(-120 * exam.Minute)
	n, err := newAttempt(w.ctx, w.Store, &state, uuid.NewString())
	w.must(err)
	w.must(w.Create(w.ctx, n))
	return &sitting{world: w, id: n.Attempt.ID, user: u, d: d}
}

// on is the same sitting through another store.
func (s *sitting) on(other store.Store) *sitting {
	w := *s.world
	w.Store = other
	return &sitting{world: &w, id: s.id, user: s.user, d: s.d}
}

// command is a candidate's command with fresh id, page and salt.
func (s *sitting) command(kind exam.Kind, position int, rev int64, answer string) exam.Command {
	return exam.Command{
		ID: uuid.NewString(), Kind: kind, Actor: exam.Actor{Role: exam.Candidate, ID: s.user.ID}, Salt: salt(),
		Opening: 1, Position: position, Rev: rev, Page: uuid.NewString(), Seq: 1, Answer: exam.TextAnswer(answer),
	}
}

// by is an admin's or the server's command.
func by(role exam.Role, kind exam.Kind) exam.Command {
	return exam.Command{ID: uuid.NewString(), Kind: kind, Actor: exam.Actor{Role: role}, Salt: salt()}
}

// do gives a command as an instance does: read, judge, commit.
func (s *sitting) do(c exam.Command) (store.Snapshot, exam.Outcome, error) {
	q := store.AttemptQuery{
		Attempt: s.id, Command: c.ID, Position: c.Position, All: c.Kind == exam.Submit || c.Kind == exam.Grade,
	}
	var arrived exam.Instant // re-application keeps the first (R8)
	return store.Update(s.ctx, s.Store, q, func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		if arrived == 0 {
			arrived = snap.Now
		}
		return exam.Apply(snap.Paper, snap.Attempt, c, arrived)
	})
}

// wants gives a command and wants a result of it.
func (s *sitting) wants(c exam.Command, result exam.Result) exam.Outcome {
	s.Helper()
	_, o, err := s.do(c)
	s.must(err)
	if o.Result != result {
		s.Fatalf("%s at %d: %s %s, want %s", c.Kind, c.Position, o.Result, o.Reason, result)
	}
	return o
}

// load reads the whole attempt.
func (s *sitting) load() store.Snapshot {
	s.Helper()
	snap, err := s.LoadAttempt(s.ctx, store.AttemptQuery{Attempt: s.id, All: true})
	s.must(err)
	return snap
}

// stored reads the attempt as verification does.
func (s *sitting) stored() store.StoredAttempt {
	s.Helper()
	var found store.StoredAttempt
	s.must(s.EachAttempt(s.ctx, func(a store.StoredAttempt) error {
		if a.Attempt.ID == s.id {
			found = a
		}
		return nil
	}))
	if found.Attempt.ID == "" {
		s.Fatal("EachAttempt leaves the attempt out")
	}
	return found
}

// faults are the lines of Verify about this attempt.
func (s *sitting) faults() []string {
	s.Helper()
	lines, _ := s.verify(nil)
	return lines
}

func (s *sitting) verify(receipts []string) (lines []string, faults int) {
	s.Helper()
	var out strings.Builder
	found, err := store.Verify(s.ctx, s.Store, strings.NewReader(strings.Join(receipts, "\n")), &out)
	s.must(err)
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, s.id) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines, found.Faults
}

// sound wants an attempt in which Verify finds nothing.
func (s *sitting) sound() {
	s.Helper()
	if lines := s.faults(); len(lines) > 0 {
		s.Errorf("verify: %s", strings.Join(lines, "\n"))
	}
}

// together runs fn for 0..n-1 at the same time and returns what they gave, by number.
func together[V any](w *world, n int, fn func(i int) (V, error)) []V {
	w.Helper()
	results, errs := make([]V, n), make([]error, n)
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-gate
			results[i], errs[i] = fn(i)
		})
	}
	ready.Wait()
	close(gate)
	done.Wait()
	w.must(errors.Join(errs...))
	return results
}
