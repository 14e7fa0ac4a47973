package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/backup"
	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
	"shiken/store/sqlite"
)

// Texts that stand nowhere but in what a person's data hold.
var personal = []string{"lea.username", "Lea who leaves", "an answer of lea's own", "argon2id$of-lea", "Browser of Lea", "192.0.2.77"}

// leaver stores a person who sat an exam, and what a log says of her; it returns her id and her attempt's receipt.
func leaver(t *testing.T, s *sqlite.Store) (id string, receipt exam.Receipt) {
	t.Helper()
	ctx := t.Context()
	u := store.User{ID: uuid.NewString(), Username: personal[0], Name: personal[1], PasswordHash: personal[3], Roles: []store.Role{store.RoleCandidate}}
	act := store.Act{ActorName: "root", Action: store.ActCreateUser, Object: u.ID, Details: map[string]string{"username": u.Username, "name": u.Name}}
	_, err := s.PutQuestions(ctx, "basics", []store.LoadedQuestion{{
		SourceKey: "1", Number: "1", ContentHash: fmt.Sprintf("%064d", 1), Question: exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: "Stem"}},
		Key: exam.Key{Revision: 1, Texts: []exam.TextKey{{Pattern: "x", Weight: exam.FullCredit}}},
	}})
	must(t, errors.Join(err, s.By(act).CreateUser(ctx, u),
		s.CreateSignIn(ctx, store.SignIn{ID: uuid.NewString(), User: u.ID, TokenHash: strings.Repeat("a", 64), Agent: personal[4], Address: personal[5]}),
		s.PutDefinition(ctx, exam.Definition{
			Slug: "test", Published: true, OpenTo: []string{exam.Everyone}, Rules: exam.Rules{Navigation: exam.Free, Feedback: exam.ExamFeedback},
			Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}, Points: exam.FullCredit}},
		})))
	p := &proctor.Proctor{Store: s, Logger: slog.New(slog.DiscardHandler)}
	begun, err := p.Start(ctx, proctor.StartRequest{Exam: "test", User: u.ID, Command: uuid.NewString()})
	must(t, err)
	lea := exam.Actor{Role: exam.Candidate, ID: u.ID}
	give(t, s, begun.Attempt, exam.Command{Kind: exam.Save, Actor: lea, Opening: 1, Position: 1, Page: uuid.NewString(), Seq: 1, Answer: exam.TextAnswer(personal[2])})
	give(t, s, begun.Attempt, exam.Command{Kind: exam.ForceSubmit, Actor: exam.Actor{Role: exam.Admin}})
	must(t, p.Mark(ctx, begun.Attempt))
	story, err := s.Story(ctx, begun.Attempt)
	must(t, err)
	return u.ID, story.Attempt.Head
}

func give(t *testing.T, s *sqlite.Store, attempt string, c exam.Command) {
	t.Helper()
	c.ID, c.Salt = uuid.NewString(), proctor.NewSalt()
	q := store.AttemptQuery{Attempt: attempt, Command: c.ID, All: true}
	_, o, err := store.Update(t.Context(), s, q, func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		return exam.Apply(snap.Paper, snap.Attempt, c, snap.Now)
	})
	if err != nil || o.Result != exam.Applied {
		t.Fatalf("%s: %s, %v", c.Kind, o.Reason, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// within does something with the database of a folder.
func within(t *testing.T, folder string, work func(*sqlite.Store)) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "shiken.db"))
	must(t, err)
	work(s)
	must(t, s.Close())
}

// telling lists which of the personal texts the files of a folder hold.
func telling(t *testing.T, folder string) (found []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	must(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file) //nolint:gosec // of this test
		must(t, err)
		for _, text := range personal {
			if bytes.Contains(data, []byte(text)) {
				found = append(found, text+" in "+filepath.Base(file))
			}
		}
	}
	return found
}

// verified is what verification says of a folder, with its lines.
func verified(t *testing.T, folder, receipt string) (string, store.Verified) {
	t.Helper()
	var (
		lines bytes.Buffer
		found store.Verified
	)
	within(t, folder, func(s *sqlite.Store) {
		var err error
		found, err = store.Verify(context.Background(), s, strings.NewReader(receipt), &lines)
		must(t, err)
	})
	return lines.String(), found
}

// A backup that is taken after an erasure holds nothing of the person, and restored it is sound; one that was taken
// before holds everything, until she is erased there again.
func TestR11_BackupsAndErasure(t *testing.T) {
	folder, copies := dataFolder(t), t.TempDir()
	before, after := filepath.Join(copies, "before"), filepath.Join(copies, "after")
	var (
		lea  string
		head exam.Receipt
	)
	within(t, folder, func(s *sqlite.Store) { lea, head = leaver(t, s) })
	takes := func(to string) {
		t.Helper()
		var lines bytes.Buffer
		if copied, err := backup.Take(t.Context(), folder, to, &lines); err != nil || copied.Faults != 0 {
			t.Fatalf("taken %+v, %v: %s", copied, err, &lines)
		}
	}
	erases := func(folder string) {
		t.Helper()
		within(t, folder, func(s *sqlite.Store) {
			_, err := s.By(store.Act{ActorName: "root", Action: store.ActEraseUser, Object: lea}).Erase(t.Context(), lea)
			must(t, err)
		})
	}
	takes(before)
	if got := telling(t, before); len(got) != len(personal) {
		t.Fatalf("before she is erased the copy holds %q alone, so that this test proves little", got)
	}
	erases(folder)
	takes(after)
	for _, from := range []string{before, after} {
		restored := filepath.Join(t.TempDir(), "data")
		_, err := backup.Restore(t.Context(), from, restored, &bytes.Buffer{})
		must(t, err)
		if from == before {
			erases(restored)
		}
		if got := telling(t, restored); len(got) != 0 {
			t.Errorf("%s, restored, tells %q", filepath.Base(from), got)
		}
		var attempt string
		within(t, restored, func(s *sqlite.Store) {
			list, _, err := s.OfCandidate(t.Context(), lea)
			must(t, err)
			attempt = list[0].ID
		})
		lines, found := verified(t, restored, fmt.Sprintf("%s %d %s\n", attempt, head.Seq, head.Hash))
		if found.Faults != 0 || found.Receipts != 1 || !strings.Contains(lines, "erased") {
			t.Errorf("%s, restored: %+v\n%s", filepath.Base(from), found, lines)
		}
	}
}
