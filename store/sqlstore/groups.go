package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shiken/store"
)

const (
	// holdGroup makes a group, or holds its row: it is not deleted before the members are in.
	holdGroup        = `INSERT INTO candidate_groups (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name`
	groupsOf         = `SELECT m.group_name FROM memberships m WHERE m.user_id = $1`
	deleteMembership = `DELETE FROM memberships WHERE user_id = $1 AND group_name = $2`
)

const membershipColumns = `user_id, group_name`

var insertMembership = Values("memberships", membershipColumns)

// putGroups makes a user, whose row the caller holds, a member of these groups and of no others.
// Everybody takes groups after users and in their order, so that nobody waits in a circle.
func putGroups(ctx context.Context, c Conn, user string, groups []string) error {
	wanted, err := groupNames(groups)
	if err != nil {
		return err
	}
	was, err := texts(ctx, c, groupsOf, user)
	if err != nil {
		return err
	}
	if err := holdGroups(ctx, c, wanted); err != nil {
		return err
	}
	for _, g := range without(was, wanted) {
		if _, err := c.Exec(ctx, deleteMembership, user, g); err != nil {
			return err
		}
	}
	for _, g := range without(wanted, was) {
		if _, err := c.Exec(ctx, insertMembership, user, g); err != nil {
			return err
		}
	}
	return nil
}

// groupNames are the groups in order, each once.
func groupNames(groups []string) ([]string, error) {
	for _, g := range groups {
		if strings.Contains(g, separator) {
			return nil, fmt.Errorf("%w: group name with a control character", store.ErrUnstorable)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(groups))), nil
}

func holdGroups(ctx context.Context, c Conn, sorted []string) error {
	for _, g := range sorted {
		if _, err := c.Exec(ctx, holdGroup, g); err != nil {
			return err
		}
	}
	return nil
}

// without are the names of a list that another lacks.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return slices.Contains(other, name) })
}

const (
	createGroup = `INSERT INTO candidate_groups (name) VALUES ($1)`
	deleteGroup = `DELETE FROM candidate_groups WHERE name = $1`
)

// CreateGroup implements store.Actions.
func (s *Store) CreateGroup(ctx context.Context, name string) error {
	if _, err := groupNames([]string{name}); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, createGroup, name)
	return err
}

// DeleteGroup implements store.Actions.
func (s *Store) DeleteGroup(ctx context.Context, name string) error {
	return s.db.Write(ctx, func(c Conn) error { return missing(c.Exec(ctx, deleteGroup, name)) })
}
