package services_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/services"
)

func query(t *testing.T, url, sql string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var text string
	err = conn.QueryRow(ctx, sql).Scan(&text)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatalf("%s: %v", sql, err)
	}
	return text
}

// A port is given once, although nobody listens on it yet.
func TestFreePortsAreReserved(t *testing.T) {
	given := map[int]bool{}
	for range 500 { // of 12,000: without a reservation some would be the same
		port, err := services.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		if given[port] {
			t.Fatalf("port %d is given twice", port)
		}
		given[port] = true
	}
}

func TestPostgresGivesSeparateDurableDatabases(t *testing.T) {
	one, two := services.Postgres(t), services.Postgres(t)
	query(t, one, "CREATE TABLE marks AS SELECT 1 AS n")
	if got := query(t, two, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'marks'"); got != "0" {
		t.Errorf("the second database sees %s tables of the first", got)
	}
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if got := query(t, one, "SHOW "+setting); got != "on" {
			t.Errorf("%s = %s, the program refuses that", setting, got)
		}
	}
}

func TestPostgresKeepsWhatWasCommittedBeforeKill(t *testing.T) {
	s := services.PrivatePostgres(t)
	query(t, s.URL(), "CREATE TABLE kept AS SELECT 'yes' AS answer")
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := query(t, s.URL(), "SELECT answer FROM kept"); got != "yes" {
		t.Errorf("answer = %q after kill and start", got)
	}
}

func TestFrozenServerAnswersNothingUntilThawed(t *testing.T) {
	s := services.PrivateRedis(t)
	if err := s.Freeze(); err != nil {
		t.Fatal(err)
	}
	if reply, err := ping(s.Addr(), 100*time.Millisecond); err == nil {
		t.Errorf("a frozen server answered %q", reply)
	}
	if err := s.Thaw(); err != nil {
		t.Fatal(err)
	}
	if reply, err := ping(s.Addr(), 5*time.Second); err != nil || reply != "+PONG" {
		t.Errorf("after the thaw: %q, %v", reply, err)
	}
}

func TestStoppedServerReturnsOnItsPort(t *testing.T) {
	s := services.PrivateRedis(t)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := ping(s.Addr(), time.Second); err == nil {
		t.Error("a stopped server answered")
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if reply, err := ping(s.Addr(), 5*time.Second); err != nil || reply != "+PONG" {
		t.Errorf("after the start: %q, %v", reply, err)
	}
}

func ping(addr string, patience time.Duration) (string, error) {
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return "", err
	}
	reply := make([]byte, 5)
	_, err = conn.Read(reply)
	return string(reply), err
}

// holder is set in the copy of this test binary that only holds servers.
const holder = "SHIKEN_TEST_HOLDER"

// TestNothingOutlivesTheProgram kills a program that holds servers, as a test
// run that is interrupted or times out, and waits for servers and folders to
// vanish.
func TestNothingOutlivesTheProgram(t *testing.T) {
	if os.Getenv(holder) != "" {
		holdServers(t)
		return
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		t.Run(sig.String(), func(t *testing.T) {
			tmp := openTempDir(t)
			addrs := interruptHolder(t, tmp, sig)
			waitGone(t, tmp, addrs)
		})
	}
}

// openTempDir is a folder that the account of Postgres can enter too.
func openTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "shiken-holder-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func holdServers(t *testing.T) {
	pg, redis := services.PrivatePostgres(t), services.PrivateRedis(t)
	fmt.Printf("held %s %s\n", pg.Addr(), redis.Addr())
	<-t.Context().Done()
}

func interruptHolder(t *testing.T, tmp string, sig syscall.Signal) []string {
	t.Helper()
	services.Need(t, "initdb", "redis-server")
	cmd := exec.Command(os.Args[0], "-test.run=^TestNothingOutlivesTheProgram$", "-test.v")
	cmd.Env = append(os.Environ(), holder+"=1", "TMPDIR="+tmp)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pg, redis string
	for pg == "" {
		var word string
		if _, err := fmt.Fscan(out, &word); err != nil {
			t.Fatalf("the holder ended early: %v", err)
		}
		if word == "held" {
			_, err = fmt.Fscan(out, &pg, &redis)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the holder ended well despite the signal")
	}
	return []string{pg, redis}
}

func waitGone(t *testing.T, tmp string, addrs []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := services.Poll(ctx, func(context.Context) error {
		for _, addr := range addrs {
			if conn, err := net.Dial("tcp", addr); err == nil {
				_ = conn.Close()
				return fmt.Errorf("%s still answers", addr)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
			return fmt.Errorf("left behind: %s", strings.Join(left, " "))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
