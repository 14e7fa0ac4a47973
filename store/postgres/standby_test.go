package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

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

// awaitStandby names the standby that commits wait for, "" for none, and returns when they do.
func awaitStandby(t *testing.T, exec func(context.Context, string, ...any) error, name string) {
	t.Helper()
	for _, statement := range []string{`ALTER SYSTEM SET synchronous_standby_names = '` + name + `'`, `SELECT pg_reload_conf()`} {
		if err := exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := services.Poll(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		defer cancel()
		err := exec(ctx, `SELECT pg_logical_emit_message(true, 'test', '')`)
		if (err != nil) == (name != "") {
			return nil
		}
		return errors.Join(err, errors.New("the server does not follow the setting yet"))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReadingOfSeveralServers: a command that only reads finds the primary among several servers, and
// writes nothing there.
func TestReadingOfSeveralServers(t *testing.T) {
	url := services.Postgres(t)
	s := open(t, url)
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
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
