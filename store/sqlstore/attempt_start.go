package sqlstore

import (
	"context"
	"errors"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// summaryColumns are those of an attempt `a` with its paper `p`, absent ones as zero values; in the
// order of summaryRow.dest.
const summaryColumns = `coalesce(CAST(a.id AS TEXT), ''), coalesce(a.exam, ''),
	coalesce(CAST(p.title AS TEXT), '{}'), coalesce(CAST(a.candidate AS TEXT), ''), coalesce(a.number, 0),
	coalesce(a.start_command, ''), coalesce(a.status, ''), coalesce(a.marking, ''), coalesce(a.cursor, 0),
	coalesce(p.length, 0), coalesce(a.started, 0), coalesce(a.stopped, 0), coalesce(a.deadline, 0),
	coalesce(a.version, 0), coalesce(CAST(a.score -> 'passed' AS TEXT), 'null'),
	coalesce(CAST(p.paper -> 'rules' AS TEXT), '{}')`

// summaryRow takes the columns of a summary; title, passed and rules are JSON.
type summaryRow struct {
	store.Summary
	title, passed, rules string
}

func (r *summaryRow) dest() []any {
	return []any{
		&r.ID, &r.Exam, &r.title, &r.Candidate, &r.Number, &r.StartCommand, &r.Status, &r.Marking,
		&r.Cursor, &r.Count, &r.Started, &r.Stopped, &r.Deadline, &r.Version, &r.passed, &r.rules,
	}
}

func (r *summaryRow) decode() error {
	return errors.Join(read(r.title, &r.Title), read(r.passed, &r.Passed), read(r.rules, &r.Rules))
}

const loadStart = `SELECT shiken_now(), CAST(d.definition AS TEXT), e.archived, ` + userColumns + `, ` + accommodationColumns + `,
	` + summaryColumns + `
	FROM exams e
	JOIN exam_revisions d ON d.exam = e.slug AND d.revision = e.revision
	JOIN users u ON u.id = $2
	LEFT JOIN accommodations c ON c.exam = e.slug AND c.user_id = u.id
	LEFT JOIN attempts a ON a.exam = e.slug AND a.candidate = u.id
	LEFT JOIN papers p ON p.attempt_id = a.id
	WHERE e.slug = $1
	ORDER BY a.number`

// LoadStart implements store.Attempts.
func (s *Store) LoadStart(ctx context.Context, slug, user string) (store.StartState, error) {
	var (
		state      store.StartState
		definition string
		listed     store.ListedExam
		own        store.Accommodated
		found      bool
	)
	err := each(ctx, s.db, loadStart, []any{slug, idOrNull(user)}, func(rows Rows) error {
		var (
			u userRow
			a summaryRow
		)
		dest := slices.Concat([]any{&state.Now, &definition, &listed.Archived}, u.dest(), accommodationDest(&own))
		if err := rows.Scan(append(dest, a.dest()...)...); err != nil {
			return err
		}
		state.User, found = u.user(), true
		if a.ID == "" {
			return nil
		}
		if err := a.decode(); err != nil {
			return err
		}
		state.Attempts = append(state.Attempts, a.Summary)
		return nil
	})
	switch {
	case err != nil:
		return store.StartState{}, err
	case !found:
		return store.StartState{}, store.ErrNotFound
	}
	state.User.PasswordHash, state.User.ExtraPercent = "", own.Extra(state.User.ExtraPercent)
	if err := read(definition, &listed.Definition); err != nil {
		return state, err
	}
	state.Definition = own.Of(listed.ForCandidates())
	return state, nil
}

const (
	insertAttempt = `INSERT INTO attempts (id, exam, candidate, number, start_command, version, head_hash,
		rejected, opening, status, status_before, marking, cursor, changes, started, extended, paused_for,
		stopped, deadline, expires_at, score, tallied, device, device_since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, '', $10, $11, 0, $12, 0, 0, 0, $13, $14, NULL, $6, $15, $16)`
	insertPaper = `INSERT INTO papers (attempt_id, title, length, paper) VALUES ($1, $2, $3, $4)`
)

var insertEntry = Values("journal", EntryColumns)

// errIncomplete is a fault of the caller.
var errIncomplete = errors.New("store: a new attempt needs its first entry")

// Create implements store.Attempts.
func (s *Store) Create(ctx context.Context, n store.NewAttempt) error {
	a, p := &n.Attempt, &n.Paper
	if n.Outcome.Entry == nil || n.Outcome.Entry.Seq != 1 {
		return errIncomplete
	}
	title, err := document(p.Title)
	if err != nil {
		return err
	}
	paper, err := document(p)
	if err != nil {
		return err
	}
	entry, err := entryArgs(&n.Outcome)
	if err != nil {
		return err
	}
	deadline, expires := timeArgs(a, p)
	err = s.db.Write(ctx, func(c Conn) error {
		_, err := c.Exec(ctx, insertAttempt, a.ID, p.Exam, a.Candidate, n.Number, n.Outcome.Entry.Command,
			a.Head.Seq, a.Head.Hash.String(), a.Opening, a.Status, a.Marking, a.Cursor, a.Started, deadline, expires,
			idOrNull(a.Device), a.DeviceSince)
		if err != nil {
			return taken(err)
		}
		if _, err := c.Exec(ctx, insertPaper, a.ID, title, p.Len(), paper); err != nil {
			return err
		}
		if _, err = c.Exec(ctx, insertEntry, append([]any{a.ID}, entry...)...); err != nil {
			return err
		}
		return notErased(ctx, c, a.Candidate)
	})
	return err
}

const keepRejectedStart = `INSERT INTO start_rejections (exam, candidate, command, reason, at)
	VALUES ($1, $2, $3, $4, shiken_now()) ON CONFLICT (exam, candidate, command) DO NOTHING`

// KeepRejectedStart implements store.Attempts: the first verdict on a command id stays.
func (s *Store) KeepRejectedStart(ctx context.Context, slug, user, command string, reason exam.Reason) error {
	_, err := s.db.Exec(ctx, keepRejectedStart, slug, idOrNull(user), command, reason)
	return err
}

const startRejection = `SELECT x.reason FROM start_rejections x
	WHERE x.exam = $1 AND x.candidate = $2 AND x.command = $3`

// StartRejection implements store.Attempts.
func (s *Store) StartRejection(ctx context.Context, slug, user, command string) (exam.Reason, error) {
	var reason exam.Reason
	err := one(ctx, s.db, startRejection, []any{slug, idOrNull(user), command}, &reason)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return reason, err
}
