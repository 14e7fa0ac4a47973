package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shiken/store"
)

// bulkRows is how many rows one statement inserts.
const bulkRows = 100

// bulk inserts many rows by statements of bulkRows, and by single ones what is left.
type bulk struct{ many, single string }

func newBulk(table, columns string) bulk {
	n := CountColumns(columns)
	rows := make([]string, bulkRows)
	for i := range rows {
		rows[i] = `(` + Placeholders(1+i*n, n) + `)`
	}
	return bulk{
		many:   `INSERT INTO ` + table + ` (` + columns + `) VALUES ` + strings.Join(rows, `, `),
		single: Values(table, columns),
	}
}

func (b bulk) insert(ctx context.Context, c Conn, rows [][]any) error {
	whole := len(rows) - len(rows)%bulkRows
	for part := range slices.Chunk(rows[:whole], bulkRows) {
		if _, err := c.Exec(ctx, b.many, slices.Concat(part...)...); err != nil {
			return err
		}
	}
	for _, row := range rows[whole:] {
		if _, err := c.Exec(ctx, b.single, row...); err != nil {
			return err
		}
	}
	return nil
}

var (
	insertUsers       = newBulk("users", userInsertColumns)
	insertMemberships = newBulk("memberships", membershipColumns)
)

// PutUsers implements store.Actions.
func (s *Store) PutUsers(ctx context.Context, users []store.RosterChange) error {
	return s.db.Write(ctx, func(c Conn) error {
		r := roster{ctx: ctx, conn: c}
		if err := r.sort(users); err != nil {
			return err
		}
		for _, step := range []func() error{r.hold, r.update, r.insert, r.groups, r.revoke} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// roster is one PutUsers. It takes rows in the order that all others keep: users, groups, sign-ins.
type roster struct {
	ctx            context.Context
	conn           Conn
	added, changed []store.User
	was            map[string]*store.User // those to change as they are stored, by id
	revoked        []any                  // ids
}

// sort puts the lines into an order in which two rosters at once seldom meet crosswise.
func (r *roster) sort(changes []store.RosterChange) error {
	r.was = map[string]*store.User{}
	for _, c := range changes {
		if c.New {
			r.added = append(r.added, c.User)
			continue
		}
		user, ok := id(c.User.ID)
		if _, twice := r.was[user]; !ok || twice {
			return fmt.Errorf("%w: user %q", store.ErrMoved, c.User.ID)
		}
		c.User.ID, r.was[user] = user, nil
		r.changed = append(r.changed, c.User)
	}
	slices.SortFunc(r.added, func(a, b store.User) int { return cmp.Compare(a.Username, b.Username) })
	slices.SortFunc(r.changed, func(a, b store.User) int { return cmp.Compare(a.ID, b.ID) })
	return nil
}

var (
	lockUsers = `UPDATE users SET roles = roles WHERE erased = 0 AND id IN (` + Placeholders(1, batch) + `)`
	usersByID = `SELECT ` + userColumns + ` FROM users u WHERE u.erased = 0 AND u.id IN (` + Placeholders(1, batch) + `)`
)

// hold takes the rows of those to change, and reads them.
func (r *roster) hold() error {
	ids := make([]any, len(r.changed))
	for i := range r.changed {
		ids[i] = r.changed[i].ID
	}
	if err := r.execBatches(lockUsers, ids); err != nil {
		return err
	}
	found := 0
	err := inBatches(r.ctx, r.conn, usersByID, ids, func(rows Rows) error {
		var row userRow
		if err := rows.Scan(row.dest()...); err != nil {
			return err
		}
		u := row.user()
		r.was[u.ID] = &u
		found++
		return nil
	})
	if err == nil && found < len(ids) {
		err = fmt.Errorf("%w: %d users are gone", store.ErrMoved, len(ids)-found)
	}
	return err
}

// execBatches runs a statement that takes batch parameters.
func (r *roster) execBatches(sql string, asked []any) error {
	for part := range slices.Chunk(asked, batch) {
		if _, err := r.conn.Exec(r.ctx, sql, filled(part)...); err != nil {
			return err
		}
	}
	return nil
}

const updateOfRoster = `UPDATE users SET name = $2, roles = $3, extra_percent = $4,
	password_hash = CASE WHEN $5 = '' THEN password_hash ELSE $5 END WHERE id = $1`

// update replaces what a roster says of users, and notes whose sign-ins end with that.
func (r *roster) update() error {
	for i := range r.changed {
		u := &r.changed[i]
		roles := r.was[u.ID].Roles
		isCandidate := slices.Contains(roles, store.RoleCandidate)
		if !isCandidate {
			roles = append(slices.Clone(roles), store.RoleCandidate)
		}
		_, err := r.conn.Exec(r.ctx, updateOfRoster, u.ID, u.Name, rolesText(roles), u.ExtraPercent, u.PasswordHash)
		if err != nil {
			return err
		}
		if !isCandidate || u.PasswordHash != "" {
			r.revoked = append(r.revoked, u.ID)
		}
	}
	return nil
}

func (r *roster) insert() error {
	rows := make([][]any, len(r.added))
	for i := range r.added {
		rows[i] = insertUserArgs(&r.added[i])
	}
	return taken(insertUsers.insert(r.ctx, r.conn, rows))
}

// groups makes every group first, in their order, and then writes what differs.
func (r *roster) groups() error {
	all := map[string]bool{}
	var joining [][]any
	for _, list := range [][]store.User{r.added, r.changed} {
		for i := range list {
			wanted, err := groupNames(list[i].Groups)
			if err != nil {
				return err
			}
			for _, g := range wanted {
				all[g] = true
			}
			for _, g := range without(wanted, r.groupsBefore(list[i].ID)) {
				joining = append(joining, []any{list[i].ID, g})
			}
		}
	}
	if err := holdGroups(r.ctx, r.conn, slices.Sorted(maps.Keys(all))); err != nil {
		return err
	}
	for i := range r.changed {
		u := &r.changed[i]
		for _, g := range without(r.groupsBefore(u.ID), u.Groups) {
			if _, err := r.conn.Exec(r.ctx, deleteMembership, u.ID, g); err != nil {
				return err
			}
		}
	}
	return insertMemberships.insert(r.ctx, r.conn, joining)
}

func (r *roster) groupsBefore(user string) []string {
	if was := r.was[user]; was != nil {
		return was.Groups
	}
	return nil
}

var revokeOfUsers = `UPDATE sign_ins SET revoked = shiken_now()
	WHERE revoked = 0 AND user_id IN (` + Placeholders(1, batch) + `)`

func (r *roster) revoke() error { return r.execBatches(revokeOfUsers, r.revoked) }
