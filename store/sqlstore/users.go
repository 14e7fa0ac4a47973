package sqlstore

import (
	"context"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// separator stands between aggregated group names, which hold no control characters.
const separator = "\x1f"

// userColumns are those of a user `u`, in the order of userRow.dest.
const userColumns = `u.id, u.username, u.name, u.roles, u.password_hash, u.extra_percent, u.disabled, u.demo,
	u.created, u.erased, ` + groupsColumn

const groupsColumn = `(SELECT coalesce(string_agg(m.group_name, '` + separator + `' ORDER BY m.group_name), '')
	FROM memberships m WHERE m.user_id = u.id)`

type userRow struct {
	store.User
	roles, groups string
}

func (r *userRow) dest() []any {
	u := &r.User
	return []any{&u.ID, &u.Username, &u.Name, &r.roles, &u.PasswordHash, &u.ExtraPercent, &u.Disabled, &u.Demo,
		&u.Created, &u.Erased, &r.groups}
}

func (r *userRow) user() store.User {
	for _, role := range strings.Fields(r.roles) {
		r.Roles = append(r.Roles, store.Role(role))
	}
	if r.groups != "" {
		r.Groups = strings.Split(r.groups, separator)
	}
	return r.User
}

func rolesText(roles []store.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

const userInsertColumns = `id, username, name, roles, password_hash, extra_percent, disabled, demo, created`

var insertUser = Values("users", userInsertColumns)

func insertUserArgs(u *store.User) []any {
	return []any{
		u.ID, u.Username, u.Name, rolesText(u.Roles), u.PasswordHash, u.ExtraPercent, u.Disabled, u.Demo, u.Created,
	}
}

// CreateUser implements store.Accounts.
func (s *Store) CreateUser(ctx context.Context, u store.User) error {
	return s.db.Write(ctx, func(c Conn) error {
		if _, err := c.Exec(ctx, insertUser, insertUserArgs(&u)...); err != nil {
			return err
		}
		return putGroups(ctx, c, u.ID, u.Groups)
	})
}

const (
	// lockUser writes nothing but holds the row, so that two updates of one user come after each other. It finds
	// nobody whose data were erased, also when it waited for that.
	lockUser   = `UPDATE users SET roles = roles WHERE id = $1 AND erased = 0`
	rolesOf    = `SELECT u.roles FROM users u WHERE u.id = $1`
	updateUser = `UPDATE users SET name = $2, roles = $3, extra_percent = $4, disabled = $5 WHERE id = $1`
)

// UpdateUser implements store.Accounts.
func (s *Store) UpdateUser(ctx context.Context, u store.User) error {
	user, ok := id(u.ID)
	if !ok {
		return store.ErrNotFound
	}
	return s.db.Write(ctx, func(c Conn) error {
		if err := missing(c.Exec(ctx, lockUser, user)); err != nil {
			return err
		}
		var roles string
		if err := one(ctx, c, rolesOf, []any{user}, &roles); err != nil {
			return err
		}
		if err := replaceUser(ctx, c, user, u); err != nil {
			return err
		}
		return revokeChanged(ctx, c, user, roles, &u)
	})
}

func replaceUser(ctx context.Context, c Conn, user string, u store.User) error {
	if _, err := c.Exec(ctx, updateUser, user, u.Name, rolesText(u.Roles), u.ExtraPercent, u.Disabled); err != nil {
		return err
	}
	return putGroups(ctx, c, user, u.Groups)
}

// sameRoles compares roles as sets.
func sameRoles(stored string, roles []store.Role) bool {
	was, is := map[string]bool{}, map[string]bool{}
	for _, r := range strings.Fields(stored) {
		was[r] = true
	}
	for _, r := range roles {
		is[string(r)] = true
		if !was[string(r)] {
			return false
		}
	}
	return len(was) == len(is)
}

const setPassword = `UPDATE users SET password_hash = $2 WHERE id = $1 AND erased = 0`

// SetPassword implements store.Accounts.
func (s *Store) SetPassword(ctx context.Context, user, hash, keep string) error {
	user, ok := id(user)
	if !ok {
		return store.ErrNotFound
	}
	return s.db.Write(ctx, func(c Conn) error {
		if err := missing(c.Exec(ctx, setPassword, user, hash)); err != nil {
			return err
		}
		_, err := c.Exec(ctx, revokeAllBut, user, idOrNull(keep))
		return err
	})
}

const (
	userByName = `SELECT ` + userColumns + ` FROM users u WHERE u.username = $1`
	userByID   = `SELECT ` + userColumns + ` FROM users u WHERE u.id = $1`
	allUsers   = `SELECT ` + userColumns + ` FROM users u WHERE u.erased = 0 ORDER BY u.username`
	countUsers = `SELECT count(*) FROM users`
)

// UserByName implements store.Accounts.
func (s *Store) UserByName(ctx context.Context, username string) (store.User, error) {
	return s.oneUser(ctx, userByName, username)
}

// UserByID implements store.Accounts.
func (s *Store) UserByID(ctx context.Context, user string) (store.User, error) {
	return s.oneUser(ctx, userByID, idOrNull(user))
}

func (s *Store) oneUser(ctx context.Context, sql string, arg any) (store.User, error) {
	var r userRow
	if err := one(ctx, s.db, sql, []any{arg}, r.dest()...); err != nil {
		return store.User{}, err
	}
	return r.user(), nil
}

// Users implements store.Accounts.
func (s *Store) Users(ctx context.Context) ([]store.User, error) {
	var list []store.User
	err := each(ctx, s.db, allUsers, nil, func(rows Rows) error {
		var r userRow
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		list = append(list, r.user())
		return nil
	})
	return list, err
}

// CountUsers implements store.Accounts.
func (s *Store) CountUsers(ctx context.Context) (int, error) {
	n := 0
	err := one(ctx, s.db, countUsers, nil, &n)
	return n, err
}

const failedSignIns = `SELECT count(*) FROM failed_sign_ins f
	WHERE f.account = $1 AND f.prefix = $2 AND f.at >= (SELECT shiken_now()) - $3`

// FailedSignIns implements store.Accounts.
func (s *Store) FailedSignIns(ctx context.Context, account, prefix string, span exam.Micros) (int, error) {
	n := 0
	err := one(ctx, s.db, failedSignIns, []any{account, prefix, span}, &n)
	return n, err
}

const recordFailedSignIn = `INSERT INTO failed_sign_ins (account, prefix, at) VALUES ($1, $2, shiken_now())`

// RecordFailedSignIn implements store.Accounts.
func (s *Store) RecordFailedSignIn(ctx context.Context, account, prefix string) error {
	_, err := s.db.Exec(ctx, recordFailedSignIn, account, prefix)
	return err
}

const forgetFailedSignIns = `DELETE FROM failed_sign_ins
	WHERE account = $1 AND prefix = $2 OR at < (SELECT shiken_now()) - $3`

// ForgetFailedSignIns implements store.Accounts.
func (s *Store) ForgetFailedSignIns(ctx context.Context, account, prefix string) error {
	_, err := s.db.Exec(ctx, forgetFailedSignIns, account, prefix, 24*60*exam.Minute)
	return err
}
