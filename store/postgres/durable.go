package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"shiken/store"
)

// settings on which durability rests, with the values that keep a commit through a power cut. Every
// synchronous_commit but off waits for the local flush.
var settings = []struct {
	name string
	good []string
}{
	{"fsync", []string{"on"}},
	{"full_page_writes", []string{"on"}},
	{"synchronous_commit", []string{"on", "remote_apply", "remote_write", "local"}},
}

const (
	readSetting = `SELECT current_setting($1)`
	// unlogged tables are emptied after a crash.
	unlogged = `SELECT coalesce(string_agg(c.relname, ', ' ORDER BY c.relname), '') FROM pg_class c
		WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind = 'r' AND c.relpersistence = 'u'`
)

// CheckDurable implements store.Operations. It looks from a fresh connection, where settings of
// server, database and role have all had their say.
func (s *Store) CheckDurable(ctx context.Context) error {
	fresh, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return classify(err)
	}
	defer func() { _ = fresh.Close(ctx) }() // it only read
	var off []string
	for _, wanted := range settings {
		var value string
		if err := fresh.QueryRow(ctx, readSetting, wanted.name).Scan(&value); err != nil {
			return classify(err)
		}
		if !slices.Contains(wanted.good, value) {
			off = append(off, fmt.Sprintf("%s = %s (want %s)", wanted.name, value, strings.Join(wanted.good, " or ")))
		}
	}
	var tables string
	if err := fresh.QueryRow(ctx, unlogged).Scan(&tables); err != nil {
		return classify(err)
	}
	if tables != "" {
		off = append(off, "unlogged tables: "+tables)
	}
	if len(off) > 0 {
		return fmt.Errorf("%w: Postgres %s", store.ErrNotDurable, strings.Join(off, ", "))
	}
	return nil
}
