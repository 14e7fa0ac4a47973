package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"shiken/devtools/migrated"
	"shiken/exam"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/store"
	"shiken/store/sqlite"
)

// hall is a store with attempts of one exam of one question.
type hall struct {
	t        *testing.T
	store    *sqlite.Store
	attempts []string
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newHall(t *testing.T, attempts int) *hall {
	t.Helper()
	ctx := context.Background()
	db := migrated.SQLite(t, filepath.Join(t.TempDir(), "shiken.db"))
	_, err := db.PutQuestions(ctx, "basics", []store.LoadedQuestion{{
		SourceKey: "1", Number: "1", ContentHash: fmt.Sprintf("%064d", 1),
		Question: exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: "Stem"}},
		Key:      exam.Key{Revision: 1, Texts: []exam.TextKey{{Pattern: "x", Weight: exam.FullCredit}}},
	}})
	must(t, err)
	must(t, db.PutDefinition(ctx, exam.Definition{
		Slug: "test", Published: true, OpenTo: []string{exam.Everyone},
		Rules:    exam.Rules{Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 30 * exam.Minute},
		Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}, Points: exam.FullCredit}},
	}))
	h := &hall{t: t, store: db}
	for range attempts {
		h.attempts = append(h.attempts, h.sit(h.user(), 1))
	}
	return h
}

func (h *hall) user() string {
	h.t.Helper()
	id := uuid.NewString()
	u := store.User{ID: id, Username: id, Roles: []store.Role{store.RoleCandidate}}
	must(h.t, h.store.CreateUser(context.Background(), u))
	return id
}

// sit begins a user's attempt.
func (h *hall) sit(user string, number int) string {
	h.t.Helper()
	ctx := context.Background()
	state, err := h.store.LoadStart(ctx, "test", user)
	must(h.t, err)
	pools, err := h.store.LoadPools(ctx, &state.Definition)
	must(h.t, err)
	paper, err := exam.Draw(exam.DrawRequest{
		Attempt: uuid.NewString(), Candidate: user, Definition: &state.Definition, Pools: pools,
	})
	must(h.t, err)
	a, o, err := exam.Begin(&paper, uuid.NewString(), "", proctor.NewSalt(), state.Now)
	must(h.t, err)
	must(h.t, h.store.Create(ctx, store.NewAttempt{Attempt: a, Paper: paper, Number: number, Outcome: o}))
	return a.ID
}

// story reads an attempt with its journal.
func (h *hall) story(attempt string) *store.StoredAttempt {
	h.t.Helper()
	var out *store.StoredAttempt
	must(h.t, h.store.EachAttempt(context.Background(), func(a store.StoredAttempt) error {
		if a.Attempt.ID == attempt {
			out = &a
		}
		return nil
	}))
	return out
}

// entries lists the entries of a kind.
func (h *hall) entries(attempt string, kind exam.Kind) []exam.Record {
	h.t.Helper()
	var out []exam.Record
	for _, r := range h.story(attempt).Records {
		if r.Entry.Kind == kind {
			out = append(out, r)
		}
	}
	return out
}

func (h *hall) commands() *jobs.Commands {
	return &jobs.Commands{Store: h.store, Workers: 2, Logger: slog.New(slog.DiscardHandler)}
}

func jobOf(t *testing.T, args jobs.CommandArgs) store.Job {
	t.Helper()
	text, err := json.Marshal(args)
	must(t, err)
	return store.Job{ID: uuid.NewString(), Kind: store.JobCommands, Actor: "the admin", Args: text}
}

// do does a job and returns its outcome as it would be stored.
func do(t *testing.T, c *jobs.Commands, j store.Job) jobs.CommandOutcome {
	t.Helper()
	var steps atomic.Int64
	outcome, err := c.Do(context.Background(), j, func(n int) { steps.Store(max(steps.Load(), int64(n))) })
	must(t, err)
	return outcome.(jobs.CommandOutcome)
}

// TestR2_JobDoneTwice: whoever does a job again, at the same time even, repeats nothing.
func TestR2_JobDoneTwice(t *testing.T) {
	h := newHall(t, 20)
	j := jobOf(t, jobs.CommandArgs{Kind: exam.Extend, Amount: 10 * exam.Minute, Reason: "fire alarm", Attempts: h.attempts})
	var both sync.WaitGroup
	for range 3 {
		both.Go(func() {
			if o := do(t, h.commands(), j); o.Applied != 20 || len(o.Refused) != 0 {
				t.Errorf("outcome %+v", o)
			}
		})
	}
	both.Wait()
	for _, a := range h.attempts {
		entries := h.entries(a, exam.Extend)
		if len(entries) != 1 {
			t.Fatalf("%d entries", len(entries))
		}
		e := entries[0]
		if e.Entry.Actor != "admin:the admin" || e.Payload.Note != "fire alarm" || e.Payload.Amount != 10*exam.Minute {
			t.Errorf("entry %+v, payload %+v", e.Entry, e.Payload)
		}
		if want := h.story(a).Attempt.Started.Add(40 * exam.Minute); h.story(a).Deadline != want {
			t.Errorf("deadline %d, want %d", h.story(a).Deadline, want)
		}
	}
}

// R16: what an outage cost is given to each as it was lost; done twice it is given once.
func TestTimeOfAnOutageDiffers(t *testing.T) {
	h := newHall(t, 3)
	outage := uuid.NewString()
	amounts := map[string]exam.Micros{h.attempts[0]: 55 * exam.Second, h.attempts[1]: 7 * exam.Second}
	j := jobOf(t, jobs.CommandArgs{
		Kind: exam.Extend, Amount: exam.Minute, Reason: "network", Attempts: h.attempts[:2], Outage: outage, Amounts: amounts,
	})
	for range 2 {
		do(t, h.commands(), j)
	}
	for _, a := range h.attempts {
		if got := h.story(a).Attempt.Extended; got != amounts[a] {
			t.Errorf("extended by %d, want %d", got, amounts[a])
		}
	}
}

func TestOutageJobIDs(t *testing.T) {
	a, b := uuid.NewString(), uuid.NewString()
	ids := map[string]bool{}
	for _, of := range [][2]string{{a, "x"}, {a, "y"}, {b, "x"}, {a, "x"}} {
		id, err := jobs.OutageJobID(of[0], of[1])
		must(t, err)
		ids[id] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d ids of three outages of exams", len(ids))
	}
	if _, err := jobs.OutageJobID("x", "x"); err == nil {
		t.Error("an outage without an id")
	}
}

func TestRefusedByReason(t *testing.T) {
	h := newHall(t, 4)
	do(t, h.commands(), jobOf(t, jobs.CommandArgs{Kind: exam.ForceSubmit, Reason: "late", Attempts: h.attempts[:2]}))
	do(t, h.commands(), jobOf(t, jobs.CommandArgs{Kind: exam.Void, Reason: "cheating", Attempts: h.attempts[2:3]}))
	missing := uuid.NewString()
	o := do(t, h.commands(), jobOf(t, jobs.CommandArgs{
		Kind: exam.Pause, Reason: "break", Attempts: append([]string{missing}, h.attempts...),
	}))
	want := fmt.Sprint(jobs.CommandOutcome{Applied: 1, Refused: []jobs.Refusal{
		{Reason: exam.Finished, Count: 2, Attempts: h.attempts[:2]},
		{Reason: exam.IsVoided, Count: 1, Attempts: h.attempts[2:3]},
		{Reason: jobs.Broken, Count: 1, Attempts: []string{missing}},
	}})
	if fmt.Sprint(o) != want {
		t.Errorf("outcome %v\nwant    %v", o, want)
	}
}

// TestR7_ReopenBesideAnOpenOne: only one attempt of a candidate and exam is open.
func TestR7_ReopenBesideAnOpenOne(t *testing.T) {
	h := newHall(t, 0)
	user := h.user()
	first := h.sit(user, 1)
	do(t, h.commands(), jobOf(t, jobs.CommandArgs{Kind: exam.ForceSubmit, Reason: "r", Attempts: []string{first}}))
	h.sit(user, 2)
	o := do(t, h.commands(), jobOf(t, jobs.CommandArgs{Kind: exam.Reopen, Reason: "r", Attempts: []string{first}}))
	if o.Applied != 0 || len(o.Refused) != 1 || o.Refused[0].Reason != exam.OpenElsewhere {
		t.Errorf("outcome %+v", o)
	}
}

// TestR15_AcceptLate: the rejected answer becomes the answer of record, with the page that sent it.
func TestR15_AcceptLate(t *testing.T) {
	h := newHall(t, 1)
	attempt := h.attempts[0]
	do(t, h.commands(), jobOf(t, jobs.CommandArgs{Kind: exam.ForceSubmit, Reason: "r", Attempts: h.attempts}))
	late := exam.Command{
		ID: uuid.NewString(), Kind: exam.Save, Opening: 1, Position: 1, Page: uuid.NewString(), Seq: 1,
		Answer: exam.Answer{Text: "too late"}, Salt: proctor.NewSalt(),
		Actor: exam.Actor{Role: exam.Candidate, ID: h.story(attempt).Attempt.Candidate},
	}
	_, _, err := store.Update(context.Background(), h.store, store.AttemptQuery{Attempt: attempt, Command: late.ID, Position: 1},
		func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			return exam.Apply(s.Paper, s.Attempt, late, s.Now)
		})
	must(t, err)
	accept := jobs.CommandArgs{Kind: exam.AcceptLate, Late: 1, Reason: "network down", Attempts: h.attempts}
	if o := do(t, h.commands(), jobOf(t, accept)); o.Applied != 1 {
		t.Fatalf("outcome %+v", o)
	}
	if got := h.story(attempt).Attempt.Responses[1].Answer.Text; got != "too late" {
		t.Errorf("answer %q", got)
	}
	accept.Late = 7
	if o := do(t, h.commands(), jobOf(t, accept)); len(o.Refused) != 1 || o.Refused[0].Reason != jobs.Broken {
		t.Errorf("a rejection that is not there: %+v", o)
	}
}

// failing is a store whose n-th reading of an attempt fails.
type failing struct {
	store.Attempts
	left atomic.Int32
	err  error
}

func (f *failing) LoadAttempt(ctx context.Context, q store.AttemptQuery) (store.Snapshot, error) {
	if f.left.Add(-1) == 0 {
		if f.err == nil {
			panic("no such thing")
		}
		return store.Snapshot{}, f.err
	}
	return f.Attempts.LoadAttempt(ctx, q)
}

// What stops in the middle is gone on with, and applied once each.
func TestStoppedInTheMiddle(t *testing.T) {
	h := newHall(t, 10)
	for _, fault := range []error{store.ErrUnavailable, context.DeadlineExceeded, nil} {
		f := &failing{Attempts: h.store, err: fault}
		f.left.Store(5)
		j := jobOf(t, jobs.CommandArgs{Kind: exam.Extend, Amount: exam.Minute, Reason: "r", Attempts: h.attempts})
		c := h.commands()
		c.Store = f
		if _, err := c.Do(context.Background(), j, func(int) {}); err == nil || fault != nil && !errors.Is(err, fault) {
			t.Fatalf("%v came back as %v", fault, err)
		}
		if o := do(t, c, j); o.Applied != 10 {
			t.Errorf("outcome %+v", o)
		}
	}
	for _, a := range h.attempts {
		if n := len(h.entries(a, exam.Extend)); n != 3 {
			t.Errorf("%d entries, want 3", n)
		}
	}
}
