package sqlstore

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// writingUntilColumn is the last time at which an open attempt of user `u` may be written:
// exam.Forever when one has no such time.
const writingUntilColumn = `(SELECT coalesce(max(CASE WHEN o.status = 'in_progress'
		THEN coalesce(o.expires_at, 9223372036854775807) ELSE 9223372036854775807 END), 0)
	FROM attempts o WHERE o.candidate = u.id AND o.status IN ('in_progress', 'paused'))`

// The columns of a sign-in `s` and its user `u` without the password hash, in the order of
// viewerRow.dest; in the optional ones, absent values are zero values.
const (
	viewerColumns = `s.id, s.user_id, s.token_hash, s.created, s.last_seen, s.revoked, u.username, u.name, u.roles,
		u.extra_percent, u.disabled, u.demo, u.created, ` + groupsColumn + `, ` + writingUntilColumn
	optionalViewerColumns = `coalesce(CAST(s.id AS TEXT), ''), coalesce(CAST(s.user_id AS TEXT), ''),
		coalesce(s.token_hash, ''), coalesce(s.created, 0), coalesce(s.last_seen, 0), coalesce(s.revoked, 0),
		coalesce(u.username, ''), coalesce(u.name, ''), coalesce(u.roles, ''), coalesce(u.extra_percent, 0),
		coalesce(u.disabled, FALSE), coalesce(u.demo, FALSE), coalesce(u.created, 0), ` +
		groupsColumn + `, ` + writingUntilColumn
)

type viewerRow struct {
	signIn       store.SignIn
	user         userRow
	writingUntil exam.Instant
}

func (r *viewerRow) dest() []any {
	i, u := &r.signIn, &r.user
	return []any{
		&i.ID, &i.User, &i.TokenHash, &i.Created, &i.LastSeen, &i.Revoked, &u.Username, &u.Name, &u.roles,
		&u.ExtraPercent, &u.Disabled, &u.Demo, &u.Created, &u.groups, &r.writingUntil,
	}
}

// orNil returns the viewer, nil when the row had none.
func (r *viewerRow) orNil() *store.Viewer {
	if r.signIn.ID == "" {
		return nil
	}
	r.user.ID = r.signIn.User
	return &store.Viewer{SignIn: r.signIn, User: r.user.user(), WritingUntil: r.writingUntil}
}

const createSignIn = `INSERT INTO sign_ins (id, user_id, token_hash, created, last_seen, revoked, agent, address)
	VALUES ($1, $2, $3, CASE WHEN CAST($4 AS BIGINT) = 0 THEN shiken_now() ELSE CAST($4 AS BIGINT) END,
		CASE WHEN CAST($5 AS BIGINT) = 0 THEN shiken_now() ELSE CAST($5 AS BIGINT) END, $6, $7, $8)`

// holdUser takes the user's row, as SetPassword and UpdateUser do before they revoke, if the password
// is still the one that was judged. Whoever comes second sees what the first one did.
const holdUser = `UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2 AND NOT disabled`

// CreateSignIn implements store.Accounts.
func (s *Store) CreateSignIn(ctx context.Context, i store.SignIn) error {
	return s.db.Write(ctx, func(c Conn) error {
		if i.Password != "" {
			held, err := c.Exec(ctx, holdUser, idOrNull(i.User), i.Password)
			if err != nil {
				return err
			}
			if held == 0 {
				return store.ErrMoved
			}
		}
		_, err := c.Exec(ctx, createSignIn, i.ID, i.User, i.TokenHash, i.Created, i.LastSeen, i.Revoked,
			i.Agent, i.Address)
		return err
	})
}

const (
	viewer = `SELECT shiken_now(), ` + viewerColumns + `
		FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.id = $1`
	viewerByToken = `SELECT shiken_now(), ` + viewerColumns + `
		FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1`
)

// Viewer implements store.Accounts.
func (s *Store) Viewer(ctx context.Context, signIn string) (store.Viewer, exam.Instant, error) {
	return s.viewer(ctx, viewer, idOrNull(signIn))
}

// ViewerByToken implements store.Accounts.
func (s *Store) ViewerByToken(ctx context.Context, tokenHash string) (store.Viewer, exam.Instant, error) {
	return s.viewer(ctx, viewerByToken, tokenHash)
}

func (s *Store) viewer(ctx context.Context, sql string, arg any) (store.Viewer, exam.Instant, error) {
	var (
		now exam.Instant
		r   viewerRow
	)
	if err := one(ctx, s.db, sql, []any{arg}, append([]any{&now}, r.dest()...)...); err != nil {
		return store.Viewer{}, 0, err
	}
	return *r.orNil(), now, nil
}

// liveSignIns takes batch ids.
var liveSignIns = `SELECT CAST(id AS TEXT) FROM sign_ins WHERE revoked = 0 AND id IN (` + Placeholders(1, batch) + `)`

// LiveSignIns implements store.Accounts.
func (s *Store) LiveSignIns(ctx context.Context, signIns []string) ([]string, error) {
	var live []string
	err := inBatches(ctx, s.db, liveSignIns, knownIDs(signIns), func(rows Rows) error {
		var signIn string
		err := rows.Scan(&signIn)
		live = append(live, signIn)
		return err
	})
	return live, err
}

const (
	revokeSignIn = `UPDATE sign_ins SET revoked = shiken_now() WHERE id = $1 AND revoked = 0`
	revokeAllBut = `UPDATE sign_ins SET revoked = shiken_now()
		WHERE user_id = $1 AND revoked = 0 AND id IS DISTINCT FROM $2`
)

// RevokeSignIn implements store.Accounts. Revoking twice, or nothing, is no error.
func (s *Store) RevokeSignIn(ctx context.Context, signIn string) error {
	return s.revoke(ctx, revokeSignIn, idOrNull(signIn))
}

// revoke acknowledges what was revoked before only when it is as durable as what it revokes itself.
func (s *Store) revoke(ctx context.Context, statement string, args ...any) error {
	rows, err := s.db.Exec(ctx, statement, args...)
	if err == nil && rows == 0 {
		return s.db.Settled(ctx)
	}
	return err
}

// revokeOf keeps the time at which one was revoked before.
const revokeOf = `UPDATE sign_ins SET revoked = CASE WHEN revoked = 0 THEN shiken_now() ELSE revoked END
	WHERE id = $1 AND user_id = $2`

// RevokeSignInOf implements store.Actions. Revoking twice is no error.
func (s *Store) RevokeSignInOf(ctx context.Context, user, signIn string) error {
	return s.db.Write(ctx, func(c Conn) error {
		return missing(c.Exec(ctx, revokeOf, idOrNull(signIn), idOrNull(user)))
	})
}

// RevokeAll implements store.Accounts.
func (s *Store) RevokeAll(ctx context.Context, user string) error {
	return s.revoke(ctx, revokeAllBut, idOrNull(user), nil)
}

// Seen implements store.Accounts.
func (s *Store) Seen(ctx context.Context, at map[string]exam.Instant) error {
	ids := make([]string, 0, len(at))
	for signIn := range at {
		if _, ok := id(signIn); ok {
			ids = append(ids, signIn)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	times := make([]exam.Instant, len(ids))
	for i, signIn := range ids {
		times[i] = at[signIn]
	}
	return s.db.Seen(ctx, ids, times)
}
