package cli

import (
	"context"
	"errors"

	"shiken/store"
)

// inspection marks the context of a command that only reads.
type inspection struct{}

// OnlyReads reports whether the command that opens the store with ctx only reads. Then Terminal.Open
// MUST make and migrate nothing: where there is no database, or an older one, it returns an error
// that wraps store.ErrNoDatabase or store.ErrNotMigrated. So a mistyped data folder is told as such,
// instead of being found empty and sound.
func OnlyReads(ctx context.Context) bool { return ctx.Value(inspection{}) != nil }

// withExisting opens the store as it is to read it, and closes it.
func (t *Terminal) withExisting(ctx context.Context, work func(store.Store) error) error {
	err := t.withStore(context.WithValue(ctx, inspection{}, true), work)
	switch {
	case errors.Is(err, store.ErrNoDatabase):
		return refused("error.no_database", "detail", err.Error())
	case errors.Is(err, store.ErrNotMigrated):
		return refused("error.not_migrated", "detail", err.Error())
	}
	return err
}
