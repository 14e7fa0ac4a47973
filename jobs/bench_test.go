package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"shiken/devtools/services"
	"shiken/exam"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/store"
	"shiken/store/postgres"
	"shiken/store/sqlite"
)

// crowd is how many attempts the benchmarks command at once.
const crowd = 3_000

// BenchmarkExtendAll extends 3,000 attempts of 40 questions with a job of each size of pool. The caches
// of papers are cold at the first, as on an instance that has just started.
func BenchmarkExtendAll(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "shiken.db"))
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		extendAll(b, s, s.Migrate, 1, 2, 4, 8)
	})
	b.Run("postgres", func(b *testing.B) {
		s, err := postgres.Open(b.Context(), services.Postgres(b))
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		extendAll(b, s, s.Migrate, 2, 4, 8, 16)
	})
}

func extendAll(b *testing.B, s store.Store, migrate func(context.Context) (int, error), workers ...int) {
	if _, err := migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	attempts, err := seat(b.Context(), s)
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range workers {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := &jobs.Commands{Store: s, Workers: n, Logger: slog.New(slog.DiscardHandler)}
			for b.Loop() {
				args, _ := json.Marshal(jobs.CommandArgs{Kind: exam.Extend, Amount: exam.Minute, Reason: "r", Attempts: attempts})
				job := store.Job{ID: uuid.NewString(), Actor: uuid.NewString(), Args: args}
				o, err := c.Do(b.Context(), job, func(int) {})
				if err != nil || o.(jobs.CommandOutcome).Applied != crowd {
					b.Fatalf("%+v, %v", o, err)
				}
			}
			b.ReportMetric(float64(b.N*crowd)/b.Elapsed().Seconds(), "attempts/s")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/job")
		})
	}
}

// seat begins the attempts.
func seat(ctx context.Context, s store.Store) ([]string, error) {
	var questions []store.LoadedQuestion
	for i := range 40 {
		questions = append(questions, store.LoadedQuestion{
			SourceKey: fmt.Sprint(i), Number: fmt.Sprint(i), ContentHash: fmt.Sprintf("%064d", i),
			Question: exam.Question{
				Type: exam.SingleChoice, Stem: exam.Text{Source: "Stem"},
				Options: []exam.Option{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}},
			},
			Key: exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}},
		})
	}
	_, err := s.PutQuestions(ctx, "basics", questions)
	err = errors.Join(err, s.PutDefinition(ctx, exam.Definition{
		Slug: "test", Published: true, OpenTo: []string{exam.Everyone},
		Rules: exam.Rules{
			Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 30 * exam.Minute,
		},
		Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}, Points: exam.FullCredit}},
	}))
	if err != nil {
		return nil, err
	}
	attempts := make([]string, crowd)
	var all errgroup.Group
	all.SetLimit(4)
	for i := range attempts {
		all.Go(func() error {
			id := uuid.NewString()
			err := s.CreateUser(ctx, store.User{ID: id, Username: id, Roles: []store.Role{store.RoleCandidate}, Created: exam.Instant(time.Now().UnixMicro())})
			if err != nil {
				return err
			}
			p := &proctor.Proctor{Store: s, Logger: slog.New(slog.DiscardHandler)}
			begun, err := p.Start(ctx, proctor.StartRequest{Exam: "test", User: id, Command: uuid.NewString()})
			attempts[i] = begun.Attempt
			return err
		})
	}
	return attempts, all.Wait()
}
