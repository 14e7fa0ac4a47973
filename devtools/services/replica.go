package services

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// PostgresTools returns the folder of the system's own Postgres: the server, and the tools of the same
// version beside it, which can do nothing with a server of another version in Docker.
func PostgresTools(tb testing.TB) string {
	tb.Helper()
	server, err := Find("postgres")
	if err == nil {
		server, err = filepath.EvalSymlinks(server)
	}
	if err != nil {
		missing(tb, "Postgres of the system", err)
	}
	folder := filepath.Dir(server)
	for _, tool := range []string{"initdb", "pg_basebackup", "pg_dump", "pg_restore", "psql"} {
		if _, err := exec.LookPath(filepath.Join(folder, tool)); err != nil {
			missing(tb, tool, err)
		}
	}
	return folder
}

// PostgresOfTheSystem is PrivatePostgres from the binaries beside PostgresTools, never from Docker.
// settings come after the defaults and win.
func PostgresOfTheSystem(tb testing.TB, settings ...string) *Server {
	tb.Helper()
	PostgresTools(tb)
	return started(tb, func() (*Server, error) { return postgresProcess(0, slices.Concat(postgresSettings, settings)) })
}

// PostgresReplica starts a server of the system's binaries on the data folder that a command fills,
// which is given the folder as its last argument and runs as the servers' owner.
func PostgresReplica(tb testing.TB, fill *exec.Cmd, settings ...string) *Server {
	tb.Helper()
	return started(tb, func() (*Server, error) {
		return postgresWith(0, slices.Concat(postgresSettings, settings), func(dir, data string, owner *syscall.Credential) error {
			cmd := commandAs(owner, dir, fill.Path, append(slices.Clone(fill.Args[1:]), data)...)
			cmd.Env = fill.Env
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("services: %s: %w\n%s", fill, err, out)
			}
			return nil
		})
	})
}

// started starts a server that ends with the test.
func started(tb testing.TB, onSystem func() (*Server, error)) *Server {
	tb.Helper()
	s, err := startOnSystem(context.Background(), onSystem)
	if err != nil {
		tb.Fatal(err)
	}
	s.closeAfter(tb)
	return s
}
