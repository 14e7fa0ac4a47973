package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/config"
	"shiken/store"
)

// TestCommandsThatReadMakeNothing runs them on a data folder that is not there.
func TestCommandsThatReadMakeNothing(t *testing.T) {
	root := t.TempDir()
	cfg := &config.Config{Shape: config.Embedded, Data: filepath.Join(root, "mistyped")}
	terminal := terminal(cfg, phrase.English)
	terminal.Out, terminal.Err = io.Discard, io.Discard
	for _, words := range [][]string{{"verify"}, {"user", "list"}, {"export", "sample-free"}} {
		if code := cli.Run(t.Context(), terminal, words[0], words[1:]); code != cli.ExitRefused {
			t.Errorf("shiken %s: exit code %d, want %d", words, code, cli.ExitRefused)
		}
	}
	if _, err := os.Stat(cfg.Data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder was made: %v", err)
	}
	if s, err := openExisting(t.Context(), cfg); !errors.Is(err, store.ErrNoDatabase) {
		t.Errorf("opened %v, %v", s, err)
	}
}

// TestCommandsThatWriteComeFirst: what they leave can be read.
func TestCommandsThatWriteComeFirst(t *testing.T) {
	cfg := &config.Config{Shape: config.Embedded, Data: filepath.Join(t.TempDir(), "data ?x")}
	s, err := openStore(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	terminal := terminal(cfg, phrase.English)
	terminal.Out, terminal.Err = io.Discard, io.Discard
	if code := cli.Run(t.Context(), terminal, "verify", nil); code != cli.ExitOK {
		t.Errorf("exit code %d", code)
	}
}
