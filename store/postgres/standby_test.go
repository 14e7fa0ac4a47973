package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"shiken/devtools/migrated"
	"shiken/devtools/services"
	"shiken/store/postgres"
	"shiken/store/storetest"
)

// TestReplayWaitsForTheStandby lets commits wait for a standby that is not there.
func TestReplayWaitsForTheStandby(t *testing.T) {
	server := services.PrivatePostgres(t)
	s, exec := open(t, server.URL()), execOn(t, server.URL())
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	storetest.RunStandby(t, storetest.Backend{Store: s, Exec: exec},
		func() { awaitStandby(t, exec, "absent") }, func() { awaitStandby(t, exec, "") })
}

// awaitStandby names the standby that commits wait for, "" for none, and returns when they do. That a
// commit is slow does not show it: the server says what it waits for.
func awaitStandby(t *testing.T, exec func(context.Context, string, ...any) error, name string) {
	t.Helper()
	for _, statement := range []string{`ALTER SYSTEM SET synchronous_standby_names = '` + name + `'`, `SELECT pg_reload_conf()`} {
		if err := exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	commit := `SELECT pg_logical_emit_message(true, 'test', '')`
	if name == "" {
		if err := exec(ctx, commit); err != nil {
			t.Fatalf("a commit still waits: %v", err)
		}
		return
	}
	committing, enough := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for committing.Err() == nil {
			_ = exec(committing, commit) // until one waits, which ends with an error
		}
	}()
	err := services.Poll(ctx, func(ctx context.Context) error { return exec(ctx, someoneWaits) })
	enough()
	<-ended
	if err != nil {
		t.Fatal(err)
	}
}

// someoneWaits fails unless a commit waits for a standby.
const someoneWaits = `DO $$ BEGIN
	IF NOT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep') THEN
		RAISE EXCEPTION 'the server does not follow the setting yet';
	END IF;
END $$`

// TestReadingOfSeveralServers: a command that only reads finds the primary among several servers, and
// writes nothing there.
func TestReadingOfSeveralServers(t *testing.T) {
	url := migrated.Postgres(t)
	before, after, _ := strings.Cut(url, "@")
	existing, err := postgres.OpenExisting(t.Context(), before+"@127.0.0.1:1,"+after+"&target_session_attrs=read-write")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = existing.Close() }()
	if _, err := existing.Users(t.Context()); err != nil {
		t.Error(err)
	}
	if err := existing.RecordFailedSignIn(t.Context(), "account", "p"); err == nil {
		t.Error("it was written to")
	}
}
