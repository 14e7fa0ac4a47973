package cli

import (
	"context"
	"errors"

	"shiken/store"
)

// withExisting opens the store as it is to read it, and closes it.
func (t *Terminal) withExisting(ctx context.Context, work func(store.Store) error) error {
	err := with(ctx, t.Inspect, work)
	switch {
	case errors.Is(err, store.ErrNoDatabase):
		return refused("error.no_database", "detail", err.Error())
	case errors.Is(err, store.ErrNotMigrated):
		return refused("error.not_migrated", "detail", err.Error())
	}
	return err
}
