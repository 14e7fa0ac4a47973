package services

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"shiken/devtools/proc"
)

// RedisImage is the version of docker-compose.yml.
const RedisImage = "redis:7.4.3-bookworm"

// redisSettings keep nothing on disk: what a restart forgets, the product must
// survive.
var redisSettings = []string{"--save", "", "--appendonly", "no"}

// Redis returns the URL of a Redis: the one that SHIKEN_TEST_REDIS_URL names,
// whose keys other tests share, else a private and empty one that ends with
// the test.
func Redis(tb testing.TB) string {
	tb.Helper()
	if url := os.Getenv("SHIKEN_TEST_REDIS_URL"); url != "" {
		return url
	}
	return PrivateRedis(tb).URL()
}

// PrivateRedis starts a server for this test alone, to be killed, stopped or
// frozen. It forgets everything when it ends.
func PrivateRedis(tb testing.TB) *Server {
	tb.Helper()
	s, err := StartRedis(context.Background())
	if err != nil {
		missing(tb, "Redis", err)
	}
	s.closeAfter(tb)
	return s
}

// StartRedis starts a private server; Close ends it.
func StartRedis(ctx context.Context) (*Server, error) {
	return StartRedisOn(ctx, 0)
}

// StartRedisOn is StartRedis on a port of one's choice (0: a free one).
func StartRedisOn(ctx context.Context, port int) (*Server, error) {
	return start(ctx,
		func() (*Server, error) { return redisContainer(ctx, port) },
		func() (*Server, error) { return redisProcess(port) })
}

func redisServer(port int, dir string, run runner) *Server {
	s := &Server{port: port, dir: dir, run: run}
	s.url = fmt.Sprintf("redis://%s/0", s.Addr())
	s.ready = func(ctx context.Context) error { return pingRedis(ctx, s.Addr()) }
	return s
}

func redisProcess(want int) (*Server, error) {
	server, err := Find("redis-server")
	if err != nil {
		return nil, err
	}
	dir, err := proc.TempDir("shiken-redis-")
	if err != nil {
		return nil, err
	}
	port, err := portOr(want)
	if err != nil {
		return nil, err
	}
	args := append([]string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--dir", dir}, redisSettings...)
	return redisServer(port, dir, &process{
		command:    func() *exec.Cmd { return exec.Command(server, args...) },
		stopSignal: syscall.SIGTERM,
		logFile:    filepath.Join(dir, "log"),
	}), nil
}

// pingRedis speaks the protocol's inline form, so that this package needs no
// Redis client.
func pingRedis(ctx context.Context, addr string) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	reply := make([]byte, len("+PONG"))
	if _, err := conn.Read(reply); err != nil {
		return err
	}
	if string(reply) != "+PONG" {
		return fmt.Errorf("services: redis answered %q", reply)
	}
	return nil
}
