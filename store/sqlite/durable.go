package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"shiken/store"
)

// setting is one on which durability rests, as the writing connection has it.
type setting struct {
	name string
	good []string
}

// settings: with a WAL, FULL (2) syncs it at every commit; NORMAL may lose the newest ones.
var settings = []setting{
	{"journal_mode", []string{"wal"}},
	{"synchronous", []string{"2", "3"}},
}

// CheckDurable implements store.Operations.
func (s *Store) CheckDurable(ctx context.Context) error {
	var off []string
	err := s.db.writer.hold(ctx, func(c conn) error {
		for _, wanted := range settings {
			value, err := pragma(ctx, c, wanted.name)
			if err != nil {
				return err
			}
			if !slices.Contains(wanted.good, value) {
				off = append(off, fmt.Sprintf("%s = %s (want %s)", wanted.name, value, strings.Join(wanted.good, " or ")))
			}
		}
		return nil
	})
	if err == nil && len(off) > 0 {
		err = fmt.Errorf("%w: SQLite %s", store.ErrNotDurable, strings.Join(off, ", "))
	}
	return err
}

func pragma(ctx context.Context, c conn, name string) (string, error) {
	rows, err := c.Query(ctx, `PRAGMA `+name)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var value string
	if rows.Next() {
		err = rows.Scan(&value)
	}
	return value, errors.Join(err, rows.Err())
}
