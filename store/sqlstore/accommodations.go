package sqlstore

import (
	"context"
	"errors"
	"strings"

	"shiken/store"
)

// accommodationColumns are of an accommodation `c`, absent ones as zero values; in the order of
// accommodationRow.dest.
const accommodationColumns = `coalesce(c.exam, ''), c.extra_percent, coalesce(c.opens, 0), coalesce(c.last_start, 0),
	coalesce(c.closes, 0), c.attempts, coalesce(c.reason, ''), coalesce(c.changed, 0)`

func accommodationDest(a *store.Accommodated) []any {
	w := &a.Window
	return []any{&a.Exam, &a.ExtraPercent, &w.Open, &w.LastStart, &w.Close, &a.Attempts, &a.Reason, &a.Changed}
}

const accommodationsOf = `SELECT ` + accommodationColumns + ` FROM accommodations c WHERE c.user_id = $1 ORDER BY c.exam`

// AccommodationsOf implements store.Accommodations.
func (s *Store) AccommodationsOf(ctx context.Context, user string) ([]store.Accommodated, error) {
	var list []store.Accommodated
	err := each(ctx, s.db, accommodationsOf, []any{idOrNull(user)}, func(rows Rows) error {
		a := store.Accommodated{User: user}
		err := rows.Scan(accommodationDest(&a)...)
		list = append(list, a)
		return err
	})
	return list, err
}

// Accommodations implements store.Accommodations.
func (s *Store) Accommodations(ctx context.Context, q store.AccommodationQuery) ([]store.AccommodationRow, int, error) {
	f := s.accommodationFilter(&q)
	from := ` FROM users u LEFT JOIN accommodations c ON c.user_id = u.id AND c.exam = $1` + f.where()
	total := 0
	err := one(ctx, s.db, `SELECT count(*)`+from, f.args, &total)
	if err != nil || total <= q.Offset {
		return nil, total, err
	}
	page, args := f.page(q.Offset, q.Limit)
	text := `SELECT u.id, u.username, u.name, u.extra_percent, ` + groupsColumn + `,
		coalesce((SELECT CAST(max(CAST(o.id AS TEXT)) AS TEXT) FROM attempts o
			WHERE o.candidate = u.id AND o.exam = $1 AND o.status IN ('in_progress', 'paused')), ''),
		(SELECT count(*) FROM attempts b WHERE b.candidate = u.id AND b.exam = $1 AND b.status <> 'voided'),
		` + isCandidate + `, ` + accommodationColumns + from + ` ORDER BY u.username` + page
	var list []store.AccommodationRow
	err = each(ctx, s.db, text, args, func(rows Rows) error {
		var (
			r      store.AccommodationRow
			groups string
		)
		dest := []any{&r.User, &r.Username, &r.Name, &r.Extra, &groups, &r.Open, &r.Begun, &r.Candidate}
		err := rows.Scan(append(dest, accommodationDest(&r.Accommodated)...)...)
		if groups != "" {
			r.Groups = strings.Split(groups, separator)
		}
		r.Has, r.Exam = r.Exam != "", q.Exam
		list = append(list, r)
		return err
	})
	return list, total, err
}

func (s *Store) accommodationFilter(q *store.AccommodationQuery) *filter {
	f := &filter{args: []any{q.Exam}}
	switch {
	case len(q.Usernames) > 0:
		f.and(s.db.AmongTexts(`u.username`, `?`), s.db.List(q.Usernames))
	case q.All:
		f.and(`(c.exam IS NOT NULL OR ` + isCandidate + `)`)
	default:
		f.and(`c.exam IS NOT NULL`)
	}
	if q.User != "" {
		f.and(`u.id = ?`, idOrNull(q.User))
	}
	if q.Search != "" {
		part := pattern(q.Search)
		f.and(`(`+contains(`u.username`)+` OR `+contains(`u.name`)+`)`, part, part)
	}
	if q.Group != "" {
		f.and(`u.id IN (SELECT m.user_id FROM memberships m WHERE m.group_name = ?)`, q.Group)
	}
	return f
}

const (
	examOf           = `SELECT e.slug FROM exams e WHERE e.slug = $1`
	oneAccommodation = `SELECT ` + accommodationColumns + ` FROM accommodations c WHERE c.user_id = $1 AND c.exam = $2`
	putAccommodation = `INSERT INTO accommodations (user_id, exam, extra_percent, opens, last_start, closes, attempts,
		reason, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, shiken_now())
		ON CONFLICT (user_id, exam) DO UPDATE SET extra_percent = excluded.extra_percent, opens = excluded.opens,
		last_start = excluded.last_start, closes = excluded.closes, attempts = excluded.attempts,
		reason = excluded.reason, changed = excluded.changed`
	dropAccommodation = `DELETE FROM accommodations WHERE user_id = $1 AND exam = $2`
)

// PutAccommodations implements store.Actions.
func (s *Store) PutAccommodations(ctx context.Context, changes []store.AccommodationChange) error {
	return s.db.Write(ctx, func(c Conn) error { return putAccommodations(ctx, c, changes) })
}

const emptyUpload = `UPDATE uploads SET data = $3 WHERE id = $1 AND owner = $2 AND length(data) > 0`

// PutAccommodationFile implements store.Actions. The upload's row is held first: of two at once one finds it empty.
func (s *Store) PutAccommodationFile(ctx context.Context, upload, owner string, changes []store.AccommodationChange) error {
	return s.db.Write(ctx, func(c Conn) error {
		emptied, err := c.Exec(ctx, emptyUpload, idOrNull(upload), idOrNull(owner), []byte{})
		if err != nil {
			return err
		}
		if emptied == 0 {
			return store.ErrExists
		}
		return putAccommodations(ctx, c, changes)
	})
}

func putAccommodations(ctx context.Context, c Conn, changes []store.AccommodationChange) error {
	for i := range changes {
		if err := putAccommodationOf(ctx, c, &changes[i]); err != nil {
			return err
		}
	}
	return nil
}

// putAccommodationOf holds the user's row while it compares what is stored with what was seen.
func putAccommodationOf(ctx context.Context, c Conn, change *store.AccommodationChange) error {
	user, ok := id(change.User)
	if !ok {
		return store.ErrNotFound
	}
	if err := missing(c.Exec(ctx, lockUser, user)); err != nil {
		return err
	}
	stored, err := storedAccommodation(ctx, c, user, change.Exam)
	switch {
	case err != nil:
		return err
	case !stored.Same(change.Was):
		return store.ErrMoved
	case change.Is == nil:
		_, err = c.Exec(ctx, dropAccommodation, user, change.Exam)
		return err
	}
	slug, w := "", change.Is.Window
	if err := one(ctx, c, examOf, []any{change.Exam}, &slug); err != nil {
		return err
	}
	_, err = c.Exec(ctx, putAccommodation, user, slug, change.Is.ExtraPercent, w.Open, w.LastStart, w.Close,
		change.Is.Attempts, change.Is.Reason)
	return err
}

func storedAccommodation(ctx context.Context, c Conn, user, slug string) (*store.Accommodated, error) {
	var a store.Accommodated
	err := one(ctx, c, oneAccommodation, []any{user, slug}, accommodationDest(&a)...)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &a, err
}
