package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"

	"shiken/devtools/wire"
	"shiken/exam"
	"shiken/store"
	"shiken/store/sqlite"
)

// bareSQLite runs what an answered page asks of the store (read, compare and
// write, read again) on a copy of the database, in this process, without HTTP,
// sessions or pages.
type bareSQLite struct {
	original string // data folder with attempts just begun
	folder   string // for copies
	workers  int
	opened   *bareStore
}

// bareStore is an open copy.
type bareStore struct {
	store    *sqlite.Store
	sittings []openSitting
	next     int // answers given so far in each sitting
}

// openSitting is an attempt in progress and the sign-in of its candidate.
type openSitting struct{ attempt, signIn, candidate string }

func (b *bareSQLite) copyName() string { return filepath.Join(b.folder, "bare") }

// run answers some questions of every attempt.
func (b *bareSQLite) run(ctx context.Context) (bareResult, error) {
	if b.opened == nil {
		var err error
		if b.opened, err = openCopy(ctx, b.copyName()); err != nil {
			return bareResult{}, err
		}
	}
	const answersEach = 20
	from, sittings := b.opened.next, b.opened.sittings
	b.opened.next += answersEach
	before, sent, begun := ownCPU(), b.opened.store.Statements(), time.Now()
	var taken atomic.Int64
	errs := make([]error, min(b.workers, len(sittings)))
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			for n := taken.Add(1) - 1; int(n) < len(sittings) && errs[w] == nil; n = taken.Add(1) - 1 {
				errs[w] = b.opened.answer(ctx, sittings[n], from, answersEach)
			}
		})
	}
	wg.Wait()
	r := bareResult{Result: wire.Result{Pages: answersEach * len(sittings), Wall: time.Since(begun), CPU: ownCPU() - before}}
	r.statements = float64(b.opened.store.Statements()-sent) / float64(r.Pages)
	return r, errors.Join(errs...)
}

func (b *bareSQLite) close() error {
	if b.opened == nil {
		return nil
	}
	return b.opened.store.Close()
}

// ownCPU is the processor time of this process, without its children.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func openCopy(ctx context.Context, folder string) (*bareStore, error) {
	file, sittings, err := findSittings(ctx, folder)
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, file)
	return &bareStore{store: s, sittings: sittings}, err
}

// findSittings looks for the database that holds open attempts.
func findSittings(ctx context.Context, folder string) (string, []openSitting, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return "", nil, err
	}
	fault := fmt.Errorf("bench: no open attempts in %s", folder)
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
			continue
		}
		sittings, err := readSittings(ctx, file)
		if err == nil && len(sittings) > 0 {
			return file, sittings, nil
		}
		fault = errors.Join(fault, err)
	}
	return "", nil, fault
}

func readSittings(ctx context.Context, file string) ([]openSitting, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // only read
	rows, err := db.QueryContext(ctx, `SELECT a.id, s.id, a.candidate FROM attempts a
		JOIN sign_ins s ON s.user_id = a.candidate WHERE a.status = 'in_progress' AND s.revoked = 0`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err tells what went wrong
	var list []openSitting
	for rows.Next() {
		var s openSitting
		if err := rows.Scan(&s.attempt, &s.signIn, &s.candidate); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// answer does n times what the product does for an answered page: apply the
// command of the form, then read the attempt for the next page.
func (b *bareStore) answer(ctx context.Context, s openSitting, from, n int) error {
	for k := from; k < from+n; k++ {
		q := store.AttemptQuery{Attempt: s.attempt, SignIn: s.signIn, Command: uuid.NewString()}
		c := exam.Command{
			ID: q.Command, Kind: exam.Save, Actor: exam.Actor{Role: exam.Candidate, ID: s.candidate},
			Salt: salt(), Opening: 1, Page: uuid.NewString(), Seq: 1,
		}
		// Papers of the sample exam have ten questions; the round begins anew after the last.
		const questions = 10
		q.Position = k%questions + 1
		_, outcome, err := store.Update(ctx, b.store, q, func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			c.Position, c.Target = q.Position, q.Position
			c.Rev, c.Answer = snap.Attempt.Response(q.Position).Rev, someAnswer(snap.Paper.Item(q.Position), k/questions)
			return exam.Apply(snap.Paper, snap.Attempt, c, snap.Now)
		})
		if err != nil {
			return err
		}
		if outcome.Result != exam.Applied {
			return fmt.Errorf("bench: bare answer %s: %s", outcome.Result, outcome.Reason)
		}
		if _, err := b.store.LoadAttempt(ctx, store.AttemptQuery{Attempt: s.attempt, SignIn: s.signIn, All: true}); err != nil {
			return err
		}
	}
	return nil
}

func salt() exam.Salt {
	s := make(exam.Salt, exam.SaltBytes)
	rand.Read(s) // never fails: crypto/rand aborts the program instead
	return s
}

// someAnswer is a valid answer that differs from turn to turn.
func someAnswer(it *exam.Item, turn int) exam.Answer {
	if len(it.Choices) == 0 {
		return exam.TextAnswer(fmt.Sprint(turn + 1))
	}
	value := it.Choices[turn%len(it.Choices)].Value
	if it.Type == exam.MultipleChoice {
		return exam.ManyChoices(value)
	}
	return exam.OneChoice(value)
}
