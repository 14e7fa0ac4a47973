package sqlstore

import (
	"context"

	"shiken/exam"
	"shiken/store"
)

// FindUsers implements store.People. Part of a name is looked for in every user that the rest selects.
func (s *Store) FindUsers(ctx context.Context, q store.UserQuery) ([]store.User, int, error) {
	f := userFilter(&q)
	total := 0
	err := one(ctx, s.db, `SELECT count(*) FROM users u`+f.where(), f.args, &total)
	if err != nil || total <= q.Offset {
		return nil, total, err
	}
	page, args := f.page(q.Offset, q.Limit)
	var list []store.User
	err = each(ctx, s.db, `SELECT `+userColumns+` FROM users u`+f.where()+` ORDER BY u.username`+page, args,
		func(rows Rows) error {
			var r userRow
			if err := rows.Scan(r.dest()...); err != nil {
				return err
			}
			u := r.user()
			u.PasswordHash = ""
			list = append(list, u)
			return nil
		})
	return list, total, err
}

func userFilter(q *store.UserQuery) *filter {
	f := &filter{}
	f.and(`u.erased = 0`)
	if q.Search != "" {
		part := pattern(q.Search)
		f.and(`(`+contains(`u.username`)+` OR `+contains(`u.name`)+`)`, part, part)
	}
	if q.Group != "" {
		f.and(`u.id IN (SELECT m.user_id FROM memberships m WHERE m.group_name = ?)`, q.Group)
	}
	if q.Role != "" {
		f.and(contains(`' ' || u.roles || ' '`), pattern(" "+string(q.Role)+" "))
	}
	if q.Disabled != nil {
		f.and(`u.disabled = ?`, *q.Disabled)
	}
	return f
}

const groupSummaries = `SELECT g.name, count(m.user_id) FROM candidate_groups g
	LEFT JOIN memberships m ON m.group_name = g.name GROUP BY g.name ORDER BY g.name`

// Groups implements store.People, by name.
func (s *Store) Groups(ctx context.Context) ([]store.GroupSummary, error) {
	var list []store.GroupSummary
	err := each(ctx, s.db, groupSummaries, nil, func(rows Rows) error {
		var g store.GroupSummary
		err := rows.Scan(&g.Name, &g.Members)
		list = append(list, g)
		return err
	})
	return list, err
}

const signInsOf = `SELECT s.id, s.user_id, s.token_hash, s.created, s.last_seen, s.revoked, s.agent, s.address
	FROM sign_ins s WHERE s.user_id = $1 ORDER BY s.created DESC, s.id LIMIT $2`

// SignInsOf implements store.People. The clock is read after the sign-ins: none was seen later.
func (s *Store) SignInsOf(ctx context.Context, user string, limit int) ([]store.SignIn, exam.Instant, error) {
	var list []store.SignIn
	err := each(ctx, s.db, signInsOf, []any{idOrNull(user), limit}, func(rows Rows) error {
		var i store.SignIn
		err := rows.Scan(&i.ID, &i.User, &i.TokenHash, &i.Created, &i.LastSeen, &i.Revoked, &i.Agent, &i.Address)
		list = append(list, i)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	now, err := s.now(ctx)
	return list, now, err
}
