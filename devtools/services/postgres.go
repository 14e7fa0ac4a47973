package services

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/proc"
)

// PostgresImage is the version of docker-compose.yml.
const PostgresImage = "postgres:17.5-bookworm"

// postgresUser owns the private servers; they trust connections over loopback.
const postgresUser = "shiken"

// emptyDatabase is the one that Postgres copies where nothing else is said.
const emptyDatabase = "template1"

// postgresSettings are given on the command line. The program under test
// refuses a server whose durability is switched off, so it stays on here.
var postgresSettings = []string{
	"fsync=on", "full_page_writes=on", "synchronous_commit=on",
	"max_connections=400", "shared_buffers=64MB", "timezone=UTC",
	"dynamic_shared_memory_type=mmap", // in the data folder, so that nothing outlasts it
}

// linuxSettings are known to a server on Linux alone. After a kill it lets the kernel write the files of
// the data folder out at once, not one by one, which would take it seconds.
var linuxSettings = []string{"recovery_init_sync_method=syncfs"}

// shared is the one Postgres of this test process. It ends with the process.
var shared struct {
	sync.Once
	server *Server
	err    error
}

// Postgres returns the URL of a fresh, empty database, dropped after the test,
// on the server of PostgresServer.
func Postgres(tb testing.TB) string {
	tb.Helper()
	return PostgresLike(tb, PostgresServer(tb), emptyDatabase)
}

// PostgresServer is the maintenance database of the server that
// SHIKEN_TEST_DATABASE_URL names, else of one private server for the whole test
// process.
func PostgresServer(tb testing.TB) string {
	tb.Helper()
	server := os.Getenv("SHIKEN_TEST_DATABASE_URL")
	if server == "" {
		shared.Do(func() { shared.server, shared.err = StartPostgres(context.Background()) })
		if shared.err != nil {
			missing(tb, "Postgres", shared.err)
		}
		server = shared.server.URL()
	}
	return server
}

// PostgresLike is Postgres with a copy of a database of the server, to which
// nobody may be connected.
func PostgresLike(tb testing.TB, server, template string) string {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	db, drop, err := createDatabase(ctx, server, template)
	if err != nil {
		tb.Fatalf("create a database: %v", err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		if err := drop(ctx); err != nil {
			tb.Errorf("drop %s: %v", db, err)
		}
	})
	return db
}

// PrivatePostgres starts a server for this test alone, to be killed, stopped
// or frozen; URL names its maintenance database, which may be used as it is.
func PrivatePostgres(tb testing.TB) *Server {
	tb.Helper()
	s, err := StartPostgres(context.Background())
	if err != nil {
		missing(tb, "Postgres", err)
	}
	s.closeAfter(tb)
	return s
}

// StartPostgres starts a private server; Close ends it. settings ("name=value")
// come after the defaults and win.
func StartPostgres(ctx context.Context, settings ...string) (*Server, error) {
	return StartPostgresOn(ctx, 0, settings...)
}

// StartPostgresOn is StartPostgres on a port of one's choice (0: a free one).
func StartPostgresOn(ctx context.Context, port int, settings ...string) (*Server, error) {
	all := slices.Concat(postgresSettings, linuxSettings, settings)
	process := all
	if runtime.GOOS != "linux" {
		process = slices.Concat(postgresSettings, settings)
	}
	return start(ctx,
		func() (*Server, error) { return postgresContainer(ctx, port, all) },
		func() (*Server, error) { return postgresProcess(port, process) })
}

// CreateDatabase makes an empty database on the server and returns its URL and
// how to drop it, open connections included.
func CreateDatabase(ctx context.Context, server string) (string, func(context.Context) error, error) {
	return createDatabase(ctx, server, emptyDatabase)
}

func createDatabase(ctx context.Context, server, template string) (string, func(context.Context) error, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, err
	}
	name := "shiken_test_" + strings.ToLower(rand.Text()[:12])
	if err := execOn(ctx, server, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	drop := func(ctx context.Context) error {
		return execOn(ctx, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}
	return u.String(), drop, nil
}

func execOn(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

func postgresServer(port int, dir string, run runner) *Server {
	s := &Server{port: port, dir: dir, run: run}
	s.url = fmt.Sprintf("postgres://%s@%s/postgres?sslmode=disable", postgresUser, s.Addr())
	s.ready = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return execOn(ctx, s.url, "SELECT 1")
	}
	return s
}

func postgresProcess(want int, settings []string) (*Server, error) {
	initdb, err := Find("initdb")
	if err != nil {
		return nil, err
	}
	return postgresWith(want, settings, func(dir, data string, owner *syscall.Credential) error {
		return initCluster(initdb, dir, data, owner)
	})
}

// postgresWith is a server of the system's binaries, on data that fill makes.
func postgresWith(want int, settings []string, fill func(dir, data string, owner *syscall.Credential) error) (*Server, error) {
	server, err := Find("postgres")
	if err != nil {
		return nil, err
	}
	owner, err := serverOwner()
	if err != nil {
		return nil, err
	}
	dir, err := ownedDir(owner)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := fill(dir, data, owner); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	port, err := portOr(want)
	if err != nil {
		return nil, err
	}
	args := []string{"-D", data, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", fmt.Sprintf("port=%d", port)}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return postgresServer(port, dir, &process{
		command:    func() *exec.Cmd { return commandAs(owner, dir, server, args...) },
		stopSignal: syscall.SIGINT, // "fast": open transactions are rolled back
		logFile:    filepath.Join(dir, "log"),
		leftover:   func() { removeSharedMemory(data) },
	}), nil
}

// removeSharedMemory removes the System V segment by which a running Postgres
// marks its data folder; one that was killed leaves it behind. Line 7 of
// postmaster.pid names its key and id.
func removeSharedMemory(data string) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return // stopped in order
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) < 7 {
		return
	}
	if fields := strings.Fields(lines[6]); len(fields) == 2 {
		// 64 bytes at most are left where ipcrm is missing.
		_ = exec.Command("ipcrm", "-m", fields[1]).Run()
	}
}

// initCluster leaves out the sync of the new files: a machine that crashes now
// takes the temporary folder with it.
func initCluster(initdb, dir, data string, owner *syscall.Credential) error {
	cmd := commandAs(owner, dir, initdb, "-D", data, "-U", postgresUser, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("services: initdb: %w\n%s", err, out)
	}
	return nil
}

func commandAs(owner *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	return cmd
}

// serverOwner is nil for an ordinary user; Postgres refuses to run as root,
// who lends it the account of postgres or nobody.
func serverOwner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(uidErr, gidErr)
	}
	return nil, errors.New("services: root needs an account postgres or nobody to run Postgres")
}

func ownedDir(owner *syscall.Credential) (string, error) {
	dir, err := proc.TempDir("shiken-postgres-")
	if err != nil || owner == nil {
		return dir, err
	}
	return dir, os.Chown(dir, int(owner.Uid), int(owner.Gid))
}
