package main

import (
	"context"
	"io"

	"shiken/backup"
	"shiken/cli"
	"shiken/config"
)

// takeBackup copies the data folder to a new one.
func takeBackup(ctx context.Context, cfg *config.Config, to string, faults io.Writer) (backup.Copied, error) {
	if cfg.Shape == config.Cluster {
		return backup.Copied{}, cli.ErrClusterData
	}
	copied, err := backup.Take(ctx, cfg.Data, to, faults)
	copied.Secret = copied.Secret && cfg.KeepsSecret()
	return copied, err
}

// restoreBackup makes a copy the data folder.
func restoreBackup(ctx context.Context, cfg *config.Config, from string, faults io.Writer) (backup.Copied, error) {
	if cfg.Shape == config.Cluster {
		return backup.Copied{}, cli.ErrClusterData
	}
	copied, err := backup.Restore(ctx, from, cfg.Data, faults)
	copied.Secret = copied.Secret && cfg.KeepsSecret()
	return copied, err
}
