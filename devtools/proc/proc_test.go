package proc_test

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"shiken/devtools/proc"
)

func start(t *testing.T, script string) *proc.Process {
	t.Helper()
	p, err := proc.Start(exec.Command("/bin/sh", "-c", script))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func TestStop(t *testing.T) {
	tests := []struct {
		name, script string
		overdue      bool
	}{
		{"ends at the signal", "exec sleep 60", false},
		{"ignores the signal", "trap '' TERM; echo deaf; while :; do sleep 1; done", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command("/bin/sh", "-c", "echo on; "+tt.script)
			out, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd.Stdout = w
			p, err := proc.Start(cmd)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Kill)
			awaitLine(t, out, tt.overdue)
			err = p.Stop(syscall.SIGTERM, time.Second)
			if got := err != nil; got != tt.overdue {
				t.Errorf("overdue = %v (%v), want %v", got, err, tt.overdue)
			}
			if p.Running() {
				t.Error("it still runs")
			}
		})
	}
}

// awaitLine waits until the script says that its trap is set.
func awaitLine(t *testing.T, out *os.File, deaf bool) {
	t.Helper()
	want := "on\n"
	if deaf {
		want = "on\ndeaf\n"
	}
	var said []byte
	buf := make([]byte, 16)
	for string(said) != want {
		n, err := out.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, buf[:n]...)
	}
}

func TestErrTellsHowItEnded(t *testing.T) {
	if err := start(t, "exit 0").Err(); err != nil {
		t.Errorf("status 0: %v", err)
	}
	if err := start(t, "exit 3").Err(); err == nil || !strings.Contains(err.Error(), "3") {
		t.Errorf("status 3: %v", err)
	}
}

func TestCPUTimeCountsDescendants(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc on this system")
	}
	// A child burns 0.2 s of processor time and ends; its parent waits for it.
	p := start(t, `sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; exec sleep 60`)
	deadline := time.Now().Add(20 * time.Second)
	for {
		used, err := proc.CPUTime(p.Pid())
		if err != nil {
			t.Fatal(err)
		}
		if used >= 50*time.Millisecond {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("only %s counted", used)
		}
	}
}

// A millisecond of work is seen, not only the tick of the clock that it fills.
func TestCPUTimeIsFine(t *testing.T) {
	if _, err := os.Stat("/proc/self/schedstat"); err != nil {
		t.Skip("this system does not count so finely")
	}
	p := start(t, "while :; do :; done") // no thread of it ends
	before, err := proc.CPUTime(p.Pid())
	for deadline := time.Now().Add(20 * time.Second); err == nil && time.Now().Before(deadline); {
		after, fault := proc.CPUTime(p.Pid())
		if used := after - before; fault == nil && used > 0 && used < 5*time.Millisecond {
			return
		}
		before, err = after, fault
	}
	t.Errorf("no step below 5 ms was seen (%v)", err)
}

func TestTreeHoldsChildren(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc on this system")
	}
	p := start(t, "sleep 60 & wait")
	deadline := time.Now().Add(20 * time.Second)
	for len(proc.Tree(p.Pid())) < 2 {
		if time.Now().After(deadline) {
			t.Fatal("the child was not found")
		}
	}
	if err := p.SignalTree(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := p.Err(); err == nil {
		t.Error("the shell ended well despite SIGKILL")
	}
}

func TestPeakMemoryStaysWhenMemoryIsGivenBack(t *testing.T) {
	before, err := proc.PeakMemory(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	const much = 64 << 20
	b := make([]byte, before+much)
	for i := 0; i < len(b); i += os.Getpagesize() {
		b[i] = 1
	}
	runtime.KeepAlive(b)
	debug.FreeOSMemory()
	after, err := proc.PeakMemory(os.Getpid())
	if err != nil || after < before+much {
		t.Errorf("%d bytes after %d and %d more, %v", after, before, much, err)
	}
	if err := proc.ForgetPeak(os.Getpid()); err != nil {
		t.Fatal(err)
	}
	if anew, err := proc.PeakMemory(os.Getpid()); err != nil || anew >= after {
		t.Errorf("%d bytes still after %d were forgotten, %v", anew, after, err)
	}
	if _, err := proc.PeakMemory(-1); err == nil {
		t.Error("no process has a peak")
	}
}
