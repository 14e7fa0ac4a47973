package accounts_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"shiken/accounts"
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
// hasher works on all that it takes, and prints the process's peak memory. When a quarter is
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
		if i == 250 {
			goHome()
		}
		if err := <-served; err != nil && i < 250 {
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
	if testing.Short() {
		t.Skip("the passwords of a crowd take seconds")
	}
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
	if most := memoryFactor * 512; kib >= most<<10 || kib < 19<<10 {
		t.Errorf("peak memory %d MiB, want less than %d", kib>>10, most)
	}
}

func TestHasherHonoursTheContext(t *testing.T) {
	h := accounts.NewHasher()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var busy sync.WaitGroup
	for range 20 { // so that the line is taken
		busy.Go(func() {
			if _, err := h.Hash(t.Context(), goodPassword); err != nil {
				t.Error(err)
			}
		})
	}
	defer busy.Wait()
	for range 100 {
		if _, err := h.Hash(ctx, goodPassword); !errors.Is(err, context.Canceled) {
			t.Fatalf("Hash for a client that is gone: %v", err)
		}
	}
}

func TestHasherRefusesAnEndlessLine(t *testing.T) {
	h := accounts.NewHasher()
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 4_000)
	for range cap(results) {
		go func() {
			_, err := h.Hash(ctx, goodPassword)
			results <- err
		}()
	}
	refused := 0
	for range 1_500 { // of the 4,000 at least 1,900 find the line full
		if err := <-results; errors.Is(err, accounts.ErrBusy) {
			refused++
		}
	}
	cancel()
	for range cap(results) - 1_500 {
		<-results
	}
	if refused < 1_000 {
		t.Errorf("%d were refused at once", refused)
	}
}

func TestHashes(t *testing.T) {
	h := accounts.NewHasher()
	one, err1 := h.Hash(t.Context(), goodPassword)
	two, err2 := h.Hash(t.Context(), goodPassword)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if one == two || !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hashes %q, %q", one, two)
	}
	if _, err := h.Matches(t.Context(), goodPassword, "no hash"); err == nil {
		t.Error("a broken hash was compared")
	}
}
