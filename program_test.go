package main_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"shiken/devtools/cluster"
	"shiken/devtools/services"
)

// patience bounds every wait.
const patience = 30 * time.Second

// program is the path of the built program.
var program = sync.OnceValues(func() (string, error) {
	return cluster.Build(context.Background(), folder)
})

var folder string

func TestMain(m *testing.M) { os.Exit(inFolder(m.Run)) }

func inFolder(run func() int) int {
	var err error
	if folder, err = os.MkdirTemp("", "shiken-program-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }() // a temporary folder
	return run()
}

// instance prepares the embedded program in a folder of its own, with env over its settings.
func instance(t *testing.T, env map[string]string) *cluster.Instance {
	t.Helper()
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	port, err := services.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	settings := map[string]string{"SHIKEN_DATA": dir, "SHIKEN_DEMO": "0"}
	for key, value := range env {
		settings[key] = value
	}
	i := cluster.NewInstance("shiken", binary, fmt.Sprintf("127.0.0.1:%d", port), filepath.Join(dir, "log"), settings)
	t.Cleanup(i.Kill)
	return i
}

// wantExit runs the program to its end, and wants the exit code and all of the words.
func wantExit(t *testing.T, i *cluster.Instance, code int, args []string, words ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := i.Command(ctx, args...)
	got := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if got != code {
		t.Errorf("shiken %s: exit code %d, want %d", strings.Join(args, " "), got, code)
	}
	for _, word := range words {
		if !strings.Contains(out, word) {
			t.Errorf("%q is not in:\n%s", word, out)
		}
	}
}

func TestServeTakesNoArguments(t *testing.T) {
	i := instance(t, map[string]string{"LC_ALL": "ja_JP.UTF-8"})
	wantExit(t, i, 2, []string{"serve", "extra"}, "extra", "余分")
}

// R1: where the database may lose what it acknowledged, the program does not serve.
func TestProgramRefusesAPostgresThatMayLoseAnswers(t *testing.T) {
	for setting, name := range map[string]string{
		"fsync=off": "fsync", "full_page_writes=off": "full_page_writes", "synchronous_commit=off": "synchronous_commit",
	} {
		t.Run(name, func(t *testing.T) {
			services.Need(t, "initdb")
			server, err := services.StartPostgres(t.Context(), setting)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			}()
			i := instance(t, map[string]string{
				"DATABASE_URL": server.URL(), "REDIS_URL": "redis://127.0.0.1:1", "SHIKEN_SECRET": strings.Repeat("s", 32),
				"LC_ALL": "ja_JP.UTF-8",
			})
			wantExit(t, i, 1, []string{"serve"}, name, "解答が失われる")
		})
	}
}

// A file that somebody else holds in another journal mode cannot be brought into the one that is
// wanted; then the program does not serve in the other one.
func TestProgramRefusesASQLiteFileInAnotherJournalMode(t *testing.T) {
	data := t.TempDir()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "shiken.db")+"?_pragma=journal_mode(DELETE)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"CREATE TABLE held (a)", "BEGIN", "SELECT * FROM held"} {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	wantExit(t, instance(t, map[string]string{"SHIKEN_DATA": data}), 1, []string{"serve"}, "database is locked")
}

// TestOneProgramServesAFolder: a second one is refused, until the first has ended, however that was.
func TestOneProgramServesAFolder(t *testing.T) {
	env := map[string]string{"SHIKEN_DATA": filepath.Join(t.TempDir(), "data")}
	first, second := instance(t, env), instance(t, env)
	if err := first.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantExit(t, second, 1, []string{"serve"}, "another process serves this data folder")
	first.Kill()
	if err := second.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	second.Kill()
}

// TestTakenAddressMakesNothing: the password of admin is made and told by the start that can serve.
func TestTakenAddressMakesNothing(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	i := instance(t, nil)
	wantExit(t, i, 1, []string{"serve", "--addr", listener.Addr().String()}, "another program listens on", "--addr 127.0.0.1:")
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := i.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if log := i.Log(); !strings.Contains(log, "sign in as admin with the password ") {
		t.Errorf("the next start tells no password:\n%s", log)
	}
	i.Kill()
}

func TestHealthcheck(t *testing.T) {
	i := instance(t, nil)
	wantExit(t, i, 1, []string{"healthcheck"}, "is not ready")
	if err := i.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantExit(t, i, 0, []string{"healthcheck"})
	_, port, err := net.SplitHostPort(i.Addr())
	if err != nil {
		t.Fatal(err)
	}
	for _, everywhere := range []string{":", "0.0.0.0:"} {
		wantExit(t, i, 0, []string{"healthcheck", "--addr=" + everywhere + port})
	}
	i.Kill()
	wantExit(t, i, 1, []string{"healthcheck"})
}

// A request that does not end keeps a program that was interrupted; who interrupts again is heeded.
func TestSecondInterruptEndsTheProgram(t *testing.T) {
	i := instance(t, nil)
	if err := i.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", i.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := fmt.Fprintf(conn, "POST /login HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nuser", i.Addr()); err != nil {
		t.Fatal(err)
	}
	// Below the time that requests under way are given.
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	err = services.Poll(ctx, func(context.Context) error {
		if !i.Running() {
			return nil
		}
		if err := syscall.Kill(i.Pid(), syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
		return errors.New("it still runs")
	})
	if err != nil {
		t.Error(err)
	}
}
