package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"shiken/config"
	"shiken/store"
	"shiken/store/postgres"
	"shiken/store/sqlite"
)

// backend is a store whose schema can be brought up to date.
type backend interface {
	store.Store
	Migrate(ctx context.Context) (int, error)
}

// openBackend opens the store of the shape. The data folder of the embedded shape is made, readable
// by its owner alone.
func openBackend(ctx context.Context, cfg *config.Config) (backend, error) {
	if cfg.Shape == config.Cluster {
		return postgres.Open(ctx, cfg.DatabaseURL.Reveal())
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return sqlite.Open(ctx, databaseFile(cfg))
}

func databaseFile(cfg *config.Config) string { return filepath.Join(cfg.Data, config.DatabaseFile) }

// openExisting opens the store of the shape to read it as it is.
func openExisting(ctx context.Context, cfg *config.Config) (store.Store, error) {
	if cfg.Shape == config.Cluster {
		return postgres.OpenExisting(ctx, cfg.DatabaseURL.Reveal())
	}
	return sqlite.OpenExisting(ctx, databaseFile(cfg))
}

// openStore opens the store, refuses settings that could lose an answer, and migrates.
func openStore(ctx context.Context, cfg *config.Config) (store.Store, error) {
	b, err := openBackend(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, b); err != nil {
		_ = b.Close() // the first error is the one to tell
		return nil, err
	}
	return b, nil
}

func prepare(ctx context.Context, b backend) error {
	if err := b.CheckDurable(ctx); err != nil {
		return err
	}
	_, err := b.Migrate(ctx)
	return err
}
