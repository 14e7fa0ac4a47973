package sqlite_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"shiken/store/sqlite"
)

// migrateAt names the database that a copy of this test binary migrates.
const migrateAt = "SHIKEN_TEST_MIGRATE_AT"

// TestProcessesMigrateOnce starts processes that open and migrate one new file at the same time.
func TestProcessesMigrateOnce(t *testing.T) {
	if path := os.Getenv(migrateAt); path != "" {
		migrateAndReport(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "shiken.db")
	const processes = 4
	var (
		started []*exec.Cmd
		outputs [processes]strings.Builder
	)
	for i := range processes {
		cmd := exec.Command(os.Args[0], "-test.run=^TestProcessesMigrateOnce$")
		cmd.Env = append(os.Environ(), migrateAt+"="+path)
		cmd.Stdout, cmd.Stderr = &outputs[i], &outputs[i]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		started = append(started, cmd)
	}
	migrated := 0
	for i, cmd := range started {
		if err := cmd.Wait(); err != nil {
			t.Errorf("process %d: %v\n%s", i+1, err, outputs[i].String())
		}
		if !strings.Contains(outputs[i].String(), "applied 0\n") {
			migrated++
		}
	}
	if migrated != 1 {
		t.Errorf("%d of %d processes migrated", migrated, processes)
	}
}

func migrateAndReport(t *testing.T, path string) {
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.Migrate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("applied %d\n", n)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
