package sqlstore

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

const (
	idsBatch = 500
	idsAfter = `SELECT a.id FROM attempts a WHERE a.id > $1 ORDER BY a.id LIMIT $2`
	// firstID comes before every UUID.
	firstID = "00000000-0000-0000-0000-000000000000"
)

// EachAttempt implements store.Attempts.
func (s *Store) EachAttempt(ctx context.Context, fn func(store.StoredAttempt) error) error {
	for last := firstID; ; {
		ids, err := texts(ctx, s.db, idsAfter, last, idsBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, attempt := range ids {
			if err := s.storedAttempt(ctx, attempt, fn); err != nil {
				return err
			}
		}
		last = ids[len(ids)-1]
	}
}

// Story implements store.Sittings.
func (s *Store) Story(ctx context.Context, attempt string) (store.StoredAttempt, error) {
	attemptID, ok := id(attempt)
	if !ok {
		return store.StoredAttempt{}, store.ErrNotFound
	}
	return s.readStored(ctx, attemptID)
}

// storedAttempt hands one attempt to fn. One that is gone by now is no failure.
func (s *Store) storedAttempt(ctx context.Context, attempt string, fn func(store.StoredAttempt) error) error {
	stored, err := s.readStored(ctx, attempt)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return fn(stored)
}

// readStored reads one attempt at one point in time. What cannot be decoded is a finding, not a
// failure.
func (s *Store) readStored(ctx context.Context, attempt string) (store.StoredAttempt, error) {
	var stored store.StoredAttempt
	err := s.db.Snapshot(ctx, func(c Conn) error {
		stored = store.StoredAttempt{}
		r := reader{ctx: ctx, conn: c, id: attempt, into: &stored}
		return r.all()
	})
	return stored, err
}

// reader reads an attempt whole.
type reader struct {
	ctx  context.Context
	conn Conn
	id   string
	into *store.StoredAttempt
}

func (r *reader) all() error {
	for _, step := range []func() error{r.attempt, r.paper, r.handItems, r.practised, r.responses, r.records, r.rejections} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// damage remembers what cannot be decoded and lets reading go on.
func (r *reader) damage(err error) {
	r.into.Damage = errors.Join(r.into.Damage, err)
}

const storedAttempt = `SELECT ` + attemptColumns + `, a.exam, a.start_command,
	coalesce(a.deadline, 0), coalesce(a.expires_at, 0), a.tallied = a.version, a.answered, a.last_saved
	FROM attempts a WHERE a.id = $1`

func (r *reader) attempt() error {
	var (
		row     attemptRow
		tallied bool
		tally   store.Tally
	)
	dest := append(row.dest(), &r.into.Exam, &r.into.StartCommand, &r.into.Deadline, &r.into.ExpiresAt,
		&tallied, &tally.Answered, &tally.LastSaved)
	if err := one(r.ctx, r.conn, storedAttempt, []any{r.id}, dest...); err != nil {
		return err
	}
	if err := row.decode(); err != nil {
		r.damage(err)
	}
	r.into.Attempt, r.into.Number, r.into.Version = row.attempt, row.number, row.attempt.Head.Seq
	r.into.Erased = row.erased
	if tallied {
		r.into.Tally = &tally
	}
	return nil
}

const storedPaper = `SELECT CAST(p.paper AS TEXT), CAST(p.title AS TEXT), p.length
	FROM papers p WHERE p.attempt_id = $1`

func (r *reader) paper() error {
	var text, title string
	err := one(r.ctx, r.conn, storedPaper, []any{r.id}, &text, &title, &r.into.Count)
	if errors.Is(err, store.ErrNotFound) {
		r.damage(errNoPaper)
		return nil
	}
	if err != nil {
		return err
	}
	if err := errors.Join(read(text, &r.into.Paper), read(title, &r.into.Title)); err != nil {
		r.damage(err)
	}
	return nil
}

var errNoPaper = errors.New("store: the attempt has no paper")

const storedHandItems = `SELECT h.position, h.version_id FROM hand_items h WHERE h.attempt_id = $1`

func (r *reader) handItems() error {
	r.into.HandItems = map[int]string{}
	return each(r.ctx, r.conn, storedHandItems, []any{r.id}, func(rows Rows) error {
		position, version := 0, ""
		err := rows.Scan(&position, &version)
		r.into.HandItems[position] = version
		return err
	})
}

const practicedAt = `SELECT d.version FROM practices d WHERE d.attempt_id = $1`

func (r *reader) practised() error {
	p := store.PractisedAttempt{Attempt: r.id}
	err := one(r.ctx, r.conn, practicedAt, []any{r.id}, &p.Version)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Version != r.into.Version {
		return nil
	}
	if err == nil {
		p.Items, err = readPractised(r.ctx, r.conn, r.id)
	}
	r.into.Practised = &p
	return err
}

const storedResponses = `SELECT ` + responseColumns + ` FROM responses r WHERE r.attempt_id = $1 ORDER BY r.position`

// responseColumns are those of a response `r`, absent ones as zero values; in the order of
// responseRow.dest.
const responseColumns = `coalesce(r.position, 0), coalesce(r.rev, 0), coalesce(CAST(r.answer AS TEXT), 'null'),
	coalesce(r.flagged, FALSE), coalesce(r.checked, FALSE), r.points, coalesce(r.marked, 0),
	coalesce(CAST(r.comment AS TEXT), '""'), coalesce(r.change, 0), coalesce(r.saved_at, 0),
	coalesce(CAST(r.pages AS TEXT), 'null'), r.kept`

// responseRow takes the columns of a response.
type responseRow struct {
	exam.Response
	position               int
	answer, comment, pages string
}

func (r *responseRow) dest() []any {
	v := &r.Response
	return []any{&r.position, &v.Rev, &r.answer, &v.Flagged, &v.Checked, &v.Points, &v.Marked, &r.comment, &v.Change, &v.SavedAt, &r.pages, &v.Kept}
}

func (r *responseRow) decode() error {
	return errors.Join(read(r.answer, &r.Answer), read(r.comment, &r.Comment), read(r.pages, &r.Pages))
}

func (r *reader) responses() error {
	r.into.Attempt.Responses = map[int]exam.Response{}
	return each(r.ctx, r.conn, storedResponses, []any{r.id}, func(rows Rows) error {
		var row responseRow
		if err := rows.Scan(row.dest()...); err != nil {
			return err
		}
		if err := row.decode(); err != nil {
			r.damage(err)
		}
		r.into.Attempt.Responses[row.position] = row.Response
		return nil
	})
}

const storedRecords = `SELECT j.seq, j.prev, j.command, j.kind, j.actor, j.arrived, j.digest,
	CAST(j.effect AS TEXT), j.hash, coalesce(j.salt, ''), coalesce(CAST(j.payload AS TEXT), '')
	FROM journal j WHERE j.attempt_id = $1 ORDER BY j.seq`

func (r *reader) records() error {
	return each(r.ctx, r.conn, storedRecords, []any{r.id}, func(rows Rows) error {
		var row recordRow
		if err := rows.Scan(row.dest()...); err != nil {
			return err
		}
		if err := row.decode(); err != nil {
			r.damage(err)
		}
		r.into.Records = append(r.into.Records, row.record)
		return nil
	})
}

func (r *reader) rejections() error {
	list, err := readRejections(r.ctx, r.conn, r.id)
	r.into.Rejections = list
	if errors.Is(err, errUnreadable) {
		r.damage(err)
		return nil
	}
	return err
}

// recordRow takes the columns of storedRecords.
type recordRow struct {
	record                                    exam.Record
	prev, digest, effect, hash, salt, payload string
}

func (r *recordRow) dest() []any {
	e := &r.record.Entry
	return []any{&e.Seq, &r.prev, &e.Command, &e.Kind, &e.Actor, &e.Arrived, &r.digest, &r.effect, &r.hash,
		&r.salt, &r.payload}
}

func (r *recordRow) decode() error {
	e := &r.record.Entry
	salt, err := readSalt(r.salt)
	err = errors.Join(err, readHash(r.prev, &e.Prev), readHash(r.digest, &e.Digest), readHash(r.hash, &e.Hash),
		read(r.effect, &e.Effect))
	r.record.Salt = salt
	if r.payload != "" {
		r.record.Payload = &exam.Payload{}
		err = errors.Join(err, read(r.payload, r.record.Payload))
	}
	return err
}
