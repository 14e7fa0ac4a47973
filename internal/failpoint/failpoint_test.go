package failpoint_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

const program = `package main

import (
	"fmt"

	"shiken/internal/failpoint"
)

func main() {
	for i := 1; i <= 3; i++ {
		failpoint.Hit("other")
		failpoint.Hit("here")
		fmt.Print(i)
	}
}
`

// build makes a program inside the module, since internal packages open to nothing else.
func build(t *testing.T, tags string) string {
	t.Helper()
	dir, err := os.MkdirTemp(".", "testdata-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-tags", tags, "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

func TestHitKillsAtTheNamedHitAndOnlyWithTheTag(t *testing.T) {
	tests := []struct {
		name, tags, env, out string
		killed               bool
	}{
		{"second hit", "failpoints", "here:2", "1", true},
		{"first hit", "failpoints", "here", "", true},
		{"never reached", "failpoints", "elsewhere:1", "123", false},
		{"not armed", "failpoints", "", "123", false},
		{"without the tag", "", "here:1", "123", false},
	}
	binaries := map[string]string{"": build(t, ""), "failpoints": build(t, "failpoints")}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command(binaries[tt.tags])
			cmd.Env = append(os.Environ(), "SHIKEN_FAILPOINT="+tt.env)
			out, err := cmd.Output()
			if string(out) != tt.out {
				t.Errorf("printed %q, want %q", out, tt.out)
			}
			status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
			if killed := status.Signaled() && status.Signal() == syscall.SIGKILL; killed != tt.killed {
				t.Errorf("killed = %t, want %t (%v)", killed, tt.killed, err)
			}
		})
	}
}
