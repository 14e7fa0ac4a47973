package sqlstore

import (
	"context"
	"errors"
	"slices"

	"shiken/exam"
	"shiken/store"
)

const due = `SELECT a.id FROM attempts a WHERE a.expires_at <= (SELECT shiken_now())
	ORDER BY a.expires_at LIMIT $1`

// Due implements store.Attempts.
func (s *Store) Due(ctx context.Context, limit int) ([]string, error) {
	return texts(ctx, s.db, due, limit)
}

const unmarked = `SELECT a.id FROM attempts a
	WHERE a.marking = 'pending' AND a.status IN ('submitted', 'expired') ORDER BY a.id LIMIT $1`

// Unmarked implements store.Attempts.
func (s *Store) Unmarked(ctx context.Context, limit int) ([]string, error) {
	return texts(ctx, s.db, unmarked, limit)
}

// ofCandidate has one row without an attempt when the candidate has none, for the clock.
const ofCandidate = `SELECT t.now, ` + summaryColumns + `
	FROM (SELECT shiken_now() AS now) t
	LEFT JOIN attempts a ON a.candidate = $1
	LEFT JOIN papers p ON p.attempt_id = a.id
	ORDER BY a.started DESC, a.number DESC`

// OfCandidate implements store.Attempts.
func (s *Store) OfCandidate(ctx context.Context, user string) ([]store.Summary, exam.Instant, error) {
	var (
		now  exam.Instant
		list []store.Summary
	)
	err := each(ctx, s.db, ofCandidate, []any{idOrNull(user)}, func(rows Rows) error {
		var r summaryRow
		if err := rows.Scan(append([]any{&now}, r.dest()...)...); err != nil {
			return err
		}
		if r.ID == "" {
			return nil
		}
		if err := r.decode(); err != nil {
			return err
		}
		list = append(list, r.Summary)
		return nil
	})
	return list, now, err
}

// rejectionColumns are those of a rejection `x`, in the order of rejectionRow.dest.
const rejectionColumns = `x.number, x.command, x.kind, x.actor, x.reason, x.arrived, x.opening, x.page,
	x.seq, x.rev, x.digest, coalesce(x.salt, ''), coalesce(CAST(x.payload AS TEXT), '{}')`

const rejections = `SELECT ` + rejectionColumns + ` FROM rejections x WHERE x.attempt_id = $1 ORDER BY x.number`

// rejectionRow takes the columns of a rejection.
type rejectionRow struct {
	exam.Rejection
	digest, salt, payload string
}

func (r *rejectionRow) dest() []any {
	x := &r.Rejection
	return []any{&x.Number, &x.Command, &x.Kind, &x.Actor, &x.Reason, &x.Arrived, &x.Opening, &x.Page,
		&x.Seq, &x.Rev, &r.digest, &r.salt, &r.payload}
}

func (r *rejectionRow) decode() error {
	salt, err := readSalt(r.salt)
	r.Salt = salt
	return errors.Join(err, readHash(r.digest, &r.Digest), read(r.payload, &r.Payload))
}

// Rejections implements store.Attempts.
func (s *Store) Rejections(ctx context.Context, attempt string) ([]exam.Rejection, error) {
	return readRejections(ctx, s.db, attempt)
}

// reasonsBatch is how many reasons countRejections takes.
const reasonsBatch = 16

var countRejections = `SELECT count(*) FROM rejections x WHERE x.attempt_id = $1
	AND CAST(x.payload -> 'position' AS TEXT) > '0' AND x.number NOT IN (` + acceptedRejections + `)
	AND x.reason IN (` + Placeholders(2, reasonsBatch) + `)`

const acceptedRejections = `SELECT CAST(j.payload ->> 'late' AS BIGINT) FROM journal j
	WHERE j.attempt_id = $1 AND j.kind = 'accept_late' AND j.payload IS NOT NULL`

// AcceptedRejections implements store.Attempts.
func (s *Store) AcceptedRejections(ctx context.Context, attempt string) ([]int64, error) {
	var numbers []int64
	err := each(ctx, s.db, acceptedRejections+` ORDER BY 1`, []any{idOrNull(attempt)}, func(rows Rows) error {
		var n int64
		err := rows.Scan(&n)
		numbers = append(numbers, n)
		return err
	})
	return slices.Compact(numbers), err
}

var markingEntries = `SELECT j.seq, j.kind, j.arrived, CAST(j.effect AS TEXT) FROM journal j
	WHERE j.attempt_id = $1 AND j.kind IN (` + Placeholders(2, len(exam.MarkingKinds)) + `) ORDER BY j.seq`

// MarkingEntries implements store.Attempts.
func (s *Store) MarkingEntries(ctx context.Context, attempt string) ([]exam.Entry, error) {
	args := []any{idOrNull(attempt)}
	for _, kind := range exam.MarkingKinds {
		args = append(args, kind)
	}
	var list []exam.Entry
	err := each(ctx, s.db, markingEntries, args, func(rows Rows) error {
		var e exam.Entry
		var effect string
		if err := rows.Scan(&e.Seq, &e.Kind, &e.Arrived, &effect); err != nil {
			return err
		}
		err := read(effect, &e.Effect)
		list = append(list, e)
		return err
	})
	return list, err
}

// CountRejections implements store.Attempts, in one statement: the list of reasons is closed and
// shorter than a batch.
func (s *Store) CountRejections(ctx context.Context, attempt string, reasons ...exam.Reason) (int, error) {
	wanted := slices.Clone(reasons)
	slices.Sort(wanted)
	all := 0
	for part := range slices.Chunk(slices.Compact(wanted), reasonsBatch) {
		args := []any{idOrNull(attempt)}
		for i := range reasonsBatch {
			args = append(args, part[i%len(part)])
		}
		n := 0
		if err := one(ctx, s.db, countRejections, args, &n); err != nil {
			return 0, err
		}
		all += n
	}
	return all, nil
}

func readRejections(ctx context.Context, c Conn, attempt string) ([]exam.Rejection, error) {
	var list []exam.Rejection
	err := each(ctx, c, rejections, []any{idOrNull(attempt)}, func(rows Rows) error {
		var r rejectionRow
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		err := r.decode()
		list = append(list, r.Rejection)
		return err
	})
	return list, err
}
