package history

import (
	"context"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// verify folds every journal as `shiken verify` does and compares (R11).
func (c *check) verify(stored []store.StoredAttempt) {
	var lines strings.Builder
	if _, err := store.Verify(context.Background(), kept(stored), nil, &lines); err != nil {
		c.fault(Fault{Rule: "R11", Checker: Invariants, Text: "verify: " + err.Error()})
	}
	for line := range strings.Lines(lines.String()) {
		attempt, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		c.fault(Fault{Rule: "R11", Checker: Invariants, Attempt: attempt, Text: text})
	}
	c.report.Attempts += len(stored)
}

// kept is what a run left, as store.Verify reads it: attempts, and neither an audit log nor media, since its
// exams have no attachments.
type kept []store.StoredAttempt

func (k kept) EachAttempt(_ context.Context, fn func(store.StoredAttempt) error) error {
	for i := range k {
		if err := fn(k[i]); err != nil {
			return err
		}
	}
	return nil
}

func (k kept) OfCandidate(_ context.Context, user string) ([]store.Summary, exam.Instant, error) {
	var list []store.Summary
	for i := range k {
		if a := &k[i]; a.Attempt.Candidate == user {
			list = append(list, store.Summary{ID: a.Attempt.ID, Exam: a.Exam, Number: a.Number})
		}
	}
	return list, 0, nil
}

func (k kept) EachAudit(context.Context, func(int64, store.Rest) error, func(store.AuditEntry, error) error) (exam.Receipt, error) {
	return exam.Receipt{}, nil
}

func (k kept) MediaInfo(context.Context, string) (store.MediaInfo, error) {
	return store.MediaInfo{}, store.ErrNotFound
}

func (k kept) MediaPart(context.Context, string, int) ([]byte, error) { return nil, store.ErrNotFound }
