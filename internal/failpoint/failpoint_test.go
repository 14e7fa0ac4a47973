package failpoint_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

func build(t *testing.T, tags string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-tags", tags, "-o", binary, "./testdata/program").CombinedOutput(); err != nil {
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
