package sqlstore

import (
	"context"
	"slices"

	"shiken/store"
)

const (
	// lockAdmins holds the rows of all who may be the last admin, so that of two who take the role from
	// each other the second sees what the first did.
	lockAdmins  = `UPDATE users SET roles = roles WHERE NOT disabled AND ' ' || roles || ' ' LIKE '% admin %'`
	countAdmins = `SELECT count(*) FROM users u WHERE NOT u.disabled AND ' ' || u.roles || ' ' LIKE '% admin %'`
)

// ReviseUser implements store.Actions.
func (s *Store) ReviseUser(ctx context.Context, was, is store.User) error {
	user, ok := id(is.ID)
	if !ok {
		return store.ErrNotFound
	}
	stepsDown := isAdmin(&was) && !isAdmin(&is)
	return s.db.Write(ctx, func(c Conn) error {
		if stepsDown {
			if _, err := c.Exec(ctx, lockAdmins); err != nil {
				return err
			}
		}
		if err := holdAs(ctx, c, user, &was); err != nil {
			return err
		}
		if err := replaceUser(ctx, c, user, is); err != nil {
			return err
		}
		if stepsDown {
			if err := someAdmin(ctx, c); err != nil {
				return err
			}
		}
		return revokeChanged(ctx, c, user, rolesText(was.Roles), &is)
	})
}

// holdAs takes a user's row if the user is stored as was.
func holdAs(ctx context.Context, c Conn, user string, was *store.User) error {
	if err := missing(c.Exec(ctx, lockUser, user)); err != nil {
		return err
	}
	var r userRow
	if err := one(ctx, c, userByID, []any{user}, r.dest()...); err != nil {
		return err
	}
	stored := r.user()
	if stored.Name != was.Name || stored.ExtraPercent != was.ExtraPercent || stored.Disabled != was.Disabled ||
		!sameRoles(r.roles, was.Roles) || !sameNames(stored.Groups, was.Groups) {
		return store.ErrMoved
	}
	return nil
}

func sameNames(a, b []string) bool { return len(without(a, b))+len(without(b, a)) == 0 }

func someAdmin(ctx context.Context, c Conn) error {
	n := 0
	if err := one(ctx, c, countAdmins, nil, &n); err != nil {
		return err
	}
	if n == 0 {
		return store.ErrLastAdmin
	}
	return nil
}

func isAdmin(u *store.User) bool { return !u.Disabled && slices.Contains(u.Roles, store.RoleAdmin) }

// revokeChanged ends the sign-ins of a user whose roles change, or who is disabled.
func revokeChanged(ctx context.Context, c Conn, user, rolesBefore string, is *store.User) error {
	if !is.Disabled && sameRoles(rolesBefore, is.Roles) {
		return nil
	}
	_, err := c.Exec(ctx, revokeAllBut, user, nil)
	return err
}
