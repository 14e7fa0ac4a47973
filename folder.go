package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"shiken/cli"
	"shiken/config"
	"shiken/store/sqlite"
)

// takeFolder makes this process the only one that serves the data folder: sessions are ordered within
// the process alone. It holds a transaction on an empty database beside the others, since that ends
// with the process, however it ends. Commands need not have the folder. In a cluster it takes nothing.
func takeFolder(ctx context.Context, cfg *config.Config) (release func() error, err error) {
	if cfg.Shape == config.Cluster {
		return func() error { return nil }, nil
	}
	path := filepath.Join(cfg.Data, "serve.lock")
	db, err := sqlite.OpenFile(path)
	if err != nil {
		return nil, err
	}
	held, err := db.Conn(ctx)
	if err == nil {
		_, err = held.ExecContext(ctx, `BEGIN EXCLUSIVE`)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", cli.ErrFolderTaken, path, err), db.Close())
	}
	return func() error { return errors.Join(held.Close(), db.Close()) }, nil
}
