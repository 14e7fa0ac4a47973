//go:build !race

// The race detector's own memory would be counted too.

package accounts_test

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"shiken/accounts"
	"shiken/devtools/effort"
)

// crowdVariable makes the test's own binary the process that a thousand people sign in to.
const crowdVariable = "SHIKEN_TEST_CROWD"

func TestMain(m *testing.M) {
	if os.Getenv(crowdVariable) != "" {
		crowd()
		return
	}
	os.Exit(m.Run())
}

// crowd checks a thousand passwords at once, as on a machine with so many processors that the
// hasher works on all that it takes, and prints the process's peak memory. When a tenth is
// served the rest gives up: more of the same fills no more memory.
func crowd() {
	h := accounts.NewHasher()
	hash, err := h.Hash(context.Background(), goodPassword)
	if err != nil {
		panic(err)
	}
	ctx, goHome := context.WithCancel(context.Background())
	defer goHome()
	served := make(chan error)
	for range 1_000 {
		go func() {
			_, err := h.Matches(ctx, goodPassword, hash)
			served <- err
		}()
	}
	for i := range 1_000 {
		if i == 100 {
			goHome()
		}
		if err := <-served; err != nil && i < 100 {
			panic(err)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(status)) {
		if peak, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			os.Stdout.WriteString(strings.TrimSpace(peak))
		}
	}
}

// TestAThousandSignInsAtOnce proves that they keep the process under 512 MiB.
func TestAThousandSignInsAtOnce(t *testing.T) {
	effort.Whole(t, "the passwords of a crowd take seconds")
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("peak memory is read from /proc")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), crowdVariable+"=1", "GOMAXPROCS=16")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("crowd: %v", err)
	}
	kib, err := strconv.Atoi(strings.TrimSuffix(string(out), " kB"))
	if err != nil {
		t.Fatalf("peak memory %q: %v", out, err)
	}
	t.Logf("peak memory %d MiB", kib>>10)
	if kib >= 512<<10 || kib < 19<<10 {
		t.Errorf("peak memory %d MiB, want less than 512", kib>>10)
	}
}
