// Answerer answers one question again and again, and prints what was acknowledged. Built with the
// tag failpoints it is killed on its way.
//
//	answerer ADDRESS ATTEMPT CANDIDATE COUNT
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/store"
	"shiken/store/postgres"
	"shiken/store/sqlite"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func open(ctx context.Context, address string) (store.Store, error) {
	if strings.HasPrefix(address, "postgres:") {
		return postgres.Open(ctx, address)
	}
	return sqlite.Open(ctx, address)
}

func run(ctx context.Context, args []string) error {
	count, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	s, err := open(ctx, args[0])
	if err != nil {
		return err
	}
	for i := 1; i <= count; i++ {
		c := exam.Command{
			ID: fmt.Sprint("command ", i), Kind: exam.Save, Actor: exam.Actor{Role: exam.Candidate, ID: args[2]},
			Salt: make(exam.Salt, exam.SaltBytes), Opening: 1, Position: 1, Rev: int64(i - 1), Page: "page", Seq: int64(i),
			Answer: exam.TextAnswer(fmt.Sprint("answer ", i)),
		}
		q := store.AttemptQuery{Attempt: args[1], Command: c.ID, Position: 1}
		_, o, err := store.Update(ctx, s, q, func(snap *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
			return exam.Apply(snap.Paper, snap.Attempt, c, snap.Now)
		})
		if err != nil {
			return err
		}
		fmt.Println(o.Result, i, o.Receipt.Seq, o.Receipt.Hash)
	}
	return s.Close()
}
