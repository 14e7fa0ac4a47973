package services_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shiken/devtools/services"
)

// inDocker is set in the copy of this test binary that finds an engine.
const inDocker = "SHIKEN_TEST_IN_DOCKER"

// TestServerInAContainer breaks and mends a server that runs in a container:
// of a stand-in for the docker command, which runs this test binary as Redis.
func TestServerInAContainer(t *testing.T) {
	if port := os.Getenv("FAKE_PORT"); port != "" {
		servePong(t, "127.0.0.1:"+port)
		return
	}
	if os.Getenv(inDocker) != "" {
		breakAndMend(t)
		return
	}
	fake, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	state := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestServerInAContainer$", "-test.v")
	cmd.Env = append(os.Environ(), inDocker+"=1", "FAKE_DOCKER="+state, "FAKE_SERVER="+os.Args[0], "DOCKER_HOST=", "SHIKEN_TEST_DOCKER=",
		"SHIKEN_TEST_REDIS_URL=", "PATH="+fake+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls, err := os.ReadFile(filepath.Join(state, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(calls), "create --name") || strings.Count(string(calls), "rm --force --volumes") != 1 {
		t.Errorf("no container was made and removed, once:\n%s", calls)
	}
	if left, _ := filepath.Glob(filepath.Join(state, "*.pid")); len(left) > 0 {
		t.Errorf("containers are left: %v", left)
	}
}

// servePong answers every connection's first words, until it is killed.
func servePong(t *testing.T, addr string) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 64)); err == nil {
			_, _ = conn.Write([]byte("+PONG\r\n"))
		}
		_ = conn.Close()
	}
}

func breakAndMend(t *testing.T) {
	s := services.PrivateRedis(t)
	answers := func(want bool) {
		t.Helper()
		if _, err := ping(s.Addr(), 500*time.Millisecond); (err == nil) != want {
			t.Fatalf("answers = %v, want %v", err == nil, want)
		}
	}
	steps := []struct {
		name    string
		do      func() error
		answers bool
	}{
		{"freeze", s.Freeze, false},
		{"thaw", s.Thaw, true},
		{"kill", s.Kill, false},
		{"start", func() error { return s.Start(t.Context()) }, true},
		{"stop", s.Stop, false},
		{"start again", func() error { return s.Start(t.Context()) }, true},
	}
	answers(true)
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		answers(step.answers)
	}
}
