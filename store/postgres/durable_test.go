package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"shiken/devtools/migrated"
	"shiken/devtools/services"
	"shiken/store"
	"shiken/store/postgres"
)

// refused wants CheckDurable to name settings, or none.
func refused(t *testing.T, s *postgres.Store, names ...string) {
	t.Helper()
	err := s.CheckDurable(t.Context())
	if len(names) == 0 {
		if err != nil {
			t.Errorf("sound settings are refused: %v", err)
		}
		return
	}
	for _, name := range names {
		if !errors.Is(err, store.ErrNotDurable) || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want %v naming %q", err, store.ErrNotDurable, name)
		}
	}
}

func TestDurableServerSettings(t *testing.T) {
	services.Postgres(t) // skips where there is none
	server, err := services.StartPostgres(t.Context(), "fsync=off", "full_page_writes=off", "synchronous_commit=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("end the server: %v", err)
		}
	})
	refused(t, open(t, server.URL()), "fsync = off", "full_page_writes = off", "synchronous_commit = off")
}

func TestDurableDatabaseSettings(t *testing.T) {
	url := services.Postgres(t)
	s, exec := open(t, url), execOn(t, url)
	refused(t, s)
	set := func(value string) {
		t.Helper()
		sql := `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = ` + value + `', current_database()); END $$`
		if err := exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for _, value := range []string{"local", "remote_write", "remote_apply", "on"} {
		set(value)
		refused(t, s)
	}
	set("off")
	refused(t, s, "synchronous_commit = off")
	refused(t, open(t, url), "synchronous_commit = off")
}

func TestDurableTables(t *testing.T) {
	url := migrated.Postgres(t)
	s, exec := open(t, url), execOn(t, url)
	refused(t, s)
	if err := exec(t.Context(), `ALTER TABLE start_rejections SET UNLOGGED`); err != nil {
		t.Fatal(err)
	}
	refused(t, s, "unlogged tables: start_rejections")
}
