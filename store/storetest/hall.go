package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
)

// Hall is an exam that many are sitting. It is written behind the store's back: the columns are those
// of the sitting's own commands, the journals are absent.
type Hall struct {
	Backend
	Exam       string
	Candidates []string // ids of users, by username
	Attempts   []string // of the candidates, in the same order
	Groups     []string // each candidate is in one
	now        exam.Instant
}

// Sizes of a hall of n candidates, each with one attempt and two sign-ins.
const (
	hallQuestions = 20
	hallAnswered  = 15 // of the questions; the others were opened and left
	hallVersion   = 40
	rejectedEvery = 20
	rowsOfInsert  = 20 // SQLite looks every parameter up in the list of all
)

// FillHall makes a hall with n candidates whose responses lie in the order in which a room full of
// people gives them.
func FillHall(tb testing.TB, b Backend, n int) *Hall {
	tb.Helper()
	ctx := context.Background()
	h := &Hall{Backend: b, Exam: name("hall"), Groups: []string{name("a"), name("b")}}
	set := name("set")
	if _, err := b.PutQuestions(ctx, set, shortText(hallQuestions)); err != nil {
		tb.Fatal(err)
	}
	d := exam.Definition{
		Slug: h.Exam, Title: exam.Title{"": "Hall"}, Published: true, OpenTo: h.Groups,
		Rules:    exam.Rules{Navigation: exam.Free, Feedback: exam.ExamFeedback, TimeLimit: 60 * exam.Minute},
		Sections: []exam.SectionDefinition{{From: exam.Source{Set: set}, Points: exam.FullCredit, Multiple: exam.Partial}},
	}
	if err := b.PutDefinition(ctx, d); err != nil {
		tb.Fatal(err)
	}
	for _, fill := range []func(context.Context, int) error{h.users, h.signIns, h.attempts, h.responses, h.rejections} {
		if err := fill(ctx, n); err != nil {
			tb.Fatal(err)
		}
	}
	return h
}

// insert writes rows in statements of many.
func (h *Hall) insert(ctx context.Context, table, columns string, n int, row func(i int) []any) error {
	for from := 0; from < n; from += rowsOfInsert {
		var (
			args []any
			rows []string
		)
		for i := from; i < min(from+rowsOfInsert, n); i++ {
			values := row(i)
			marks := make([]string, len(values))
			for c := range marks {
				marks[c] = "$" + strconv.Itoa(len(args)+c+1)
			}
			args, rows = append(args, values...), append(rows, "("+strings.Join(marks, ", ")+")")
		}
		err := h.Exec(ctx, `INSERT INTO `+table+` (`+columns+`) VALUES `+strings.Join(rows, ", "), args...)
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}

func (h *Hall) users(ctx context.Context, n int) error {
	for range n {
		h.Candidates = append(h.Candidates, uuid.NewString())
	}
	first := h.Exam[len("hall-"):]
	err := h.insert(ctx, "users", "id, username, name, roles, password_hash, extra_percent, disabled, demo, created", n,
		func(i int) []any {
			return []any{h.Candidates[i], fmt.Sprintf("%s-%05d", first, i), fmt.Sprintf("受験 %d 番 Person%d", i, i%97),
				"candidate", "$argon2id$", 0, false, false, 1}
		})
	if err != nil {
		return err
	}
	for _, g := range h.Groups {
		if err := h.Exec(ctx, `INSERT INTO candidate_groups (name) VALUES ($1)`, g); err != nil {
			return err
		}
	}
	return h.insert(ctx, "memberships", "user_id, group_name", n, func(i int) []any {
		return []any{h.Candidates[i], h.Groups[i%len(h.Groups)]}
	})
}

// signIns gives everybody one of yesterday and one of now; every tenth was not heard from lately.
func (h *Hall) signIns(ctx context.Context, n int) error {
	_, now, err := h.RecentJobs(ctx, "", 0)
	if err != nil {
		return err
	}
	h.now = now
	return h.insert(ctx, "sign_ins", "id, user_id, token_hash, created, last_seen, revoked", 2*n, func(i int) []any {
		seen := now.Add(-24 * 60 * exam.Minute)
		if i >= n && i%10 > 0 {
			seen = now.Add(exam.Micros(-i%5) * exam.Second)
		}
		return []any{uuid.NewString(), h.Candidates[i%n], uuid.NewString(), int64(now), int64(seen), 0}
	})
}

func (h *Hall) attempts(ctx context.Context, n int) error {
	state, err := h.LoadStart(ctx, h.Exam, h.Candidates[0])
	if err != nil {
		return err
	}
	first, err := newAttempt(ctx, h.Store, &state, uuid.NewString())
	if err != nil {
		return err
	}
	paper, err := json.Marshal(first.Paper)
	if err != nil {
		return err
	}
	started := h.now.Add(-20 * exam.Minute)
	for range n {
		h.Attempts = append(h.Attempts, uuid.NewString())
	}
	err = h.insert(ctx, "attempts", `id, exam, candidate, number, start_command, version, head_hash, rejected, opening,
		status, status_before, marking, cursor, changes, started, extended, paused_for, stopped, deadline,
		answered, last_saved, tallied`, n, func(i int) []any {
		status, stopped, rejected := hallStatus(i), exam.Instant(0), 0
		if status != exam.InProgress {
			stopped = h.now
		}
		if i%rejectedEvery == 0 {
			rejected = 1
		}
		at := started.Add(exam.Micros(i) * 1_000)
		return []any{h.Attempts[i], h.Exam, h.Candidates[i], 1, uuid.NewString(), hallVersion, strings.Repeat("0", 64), rejected,
			1, string(status), "", "none", 1 + i%hallQuestions, hallAnswered, int64(at), 0, 0, int64(stopped),
			int64(at.Add(60 * exam.Minute)), hallAnswered, int64(h.savedAt(i, n)), hallVersion}
	})
	if err != nil {
		return err
	}
	return h.insert(ctx, "papers", "attempt_id, title, length, paper", n, func(i int) []any {
		return []any{h.Attempts[i], `{"":"Hall"}`, hallQuestions, string(paper)}
	})
}

// hallStatus: most are writing.
func hallStatus(i int) exam.Status {
	switch i % 20 {
	case 7:
		return exam.Paused
	case 13:
		return exam.Submitted
	}
	return exam.InProgress
}

func (h *Hall) responses(ctx context.Context, n int) error {
	return h.insert(ctx, "responses", "attempt_id, position, rev, answer, flagged, checked, change, saved_at, pages",
		n*hallQuestions, func(i int) []any {
			position := i/n + 1
			answer := `"an answer of some words"`
			if position > hallAnswered {
				answer = "null"
			}
			return []any{h.Attempts[i%n], position, 3, answer, false, false, position, int64(h.savedAt(i%n, n)),
				`{"` + uuid.NewString() + `":{"seq":3,"rev":3,"entry":17}}`}
		})
}

// savedAt is when the i-th of n saved: the first ones the longest ago.
func (h *Hall) savedAt(i, n int) exam.Instant { return h.now.Add(exam.Micros(i-n) * exam.Second) }

// rejections: some sent an answer too late.
func (h *Hall) rejections(ctx context.Context, n int) error {
	return h.insert(ctx, "rejections",
		"attempt_id, number, command, kind, actor, reason, arrived, opening, page, seq, rev, digest, salt, payload",
		(n+rejectedEvery-1)/rejectedEvery, func(i int) []any {
			i *= rejectedEvery
			return []any{h.Attempts[i], 1, uuid.NewString(), "time_up", "candidate:" + h.Candidates[i], "time_up",
				int64(h.now), 1, uuid.NewString(), 1, 3, strings.Repeat("0", 64), strings.Repeat("0", 32),
				`{"kind":"time_up","position":3,"answer":"late"}`}
		})
}
