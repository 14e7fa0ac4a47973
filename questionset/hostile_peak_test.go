//go:build linux && !race

package questionset_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"shiken/questionset"
	"shiken/richtext"
)

// parseFileEnv names a file that the test program reads as a question set instead of running tests, so
// that its memory is that of reading this file.
const parseFileEnv = "SHIKEN_TEST_PARSE_FILE"

// parseEachEnv makes it let go of each question once it was read, as loading does.
const parseEachEnv = "SHIKEN_TEST_PARSE_EACH"

// parseShowEnv makes it show the texts of the questions, too, as pages do.
const parseShowEnv = "SHIKEN_TEST_PARSE_SHOW"

func TestMain(m *testing.M) {
	if path := os.Getenv(parseFileEnv); path != "" {
		if err := parseAlone(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// reading is what a process that reads one file tells.
type reading struct {
	Took     time.Duration // of the processor: other processes do not count
	Grown    int64         // bytes by which the process was larger at its largest than before
	Counts   questionset.Counts
	Errors   []string // codes
	Findings int
	Texts    []string // of what was taken
}

// parseAlone reads a file and prints a reading of it.
func parseAlone(path string) error {
	file, err := os.Open(path) //nolint:gosec // from the test
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	before, err := residentMemory("VmRSS")
	if err != nil {
		return err
	}
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600); err != nil { // the peak begins here
		return err
	}
	options := questionset.Options{}
	if os.Getenv(parseEachEnv) != "" {
		options.Each = func(*questionset.Question) error { return nil }
	}
	start := processorTime()
	f, err := questionset.Parse(context.Background(), filepath.Base(path), file, options)
	if err != nil {
		return err
	}
	if os.Getenv(parseShowEnv) != "" {
		show := richtext.New()
		for i := range f.Questions {
			for _, text := range textsOf(&f.Questions[i]) {
				_, _ = show.Block(text), show.Inline(text)
			}
		}
	}
	r := reading{Took: processorTime() - start}
	peak, err := residentMemory("VmHWM")
	if err != nil {
		return err
	}
	r.Grown, r.Counts, r.Findings = peak-before, f.Report.Counts, len(f.Report.Findings)
	for _, x := range f.Report.Findings {
		if x.Severity == questionset.Error && len(r.Errors) < 20 {
			r.Errors = append(r.Errors, string(x.Code))
		}
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// residentMemory is a value of /proc/self/status in bytes.
func residentMemory(name string) (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0, fmt.Errorf("no %s", name)
	}
	kB, err := strconv.ParseInt(string(m[1]), 10, 64)
	return kB << 10, err
}

// What a file that was made to do harm may cost.
const (
	hostileTime   = 2 * time.Second
	hostileMemory = 64 << 20
)

// readAlone lets a process of its own read a file, and judges what it cost.
func readAlone(t *testing.T, path string) reading {
	t.Helper()
	r := readApart(t, path)
	if r.Took > hostileTime || r.Grown > hostileMemory {
		t.Errorf("%v, %d MiB", r.Took, r.Grown>>20)
	}
	return r
}

// readApart lets a process of its own read a file.
func readApart(t *testing.T, path string, env ...string) reading {
	t.Helper()
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this test program
	cmd.Env = append(append(os.Environ(), parseFileEnv+"="+path), env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	var r reading
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	if n := r.Counts; n.Seen != n.Taken+n.Refused+n.Identical || n.Seen == 0 && len(r.Errors) == 0 {
		t.Errorf("%+v", r)
	}
	t.Logf("%v, %d MiB, %+v, %d findings, %s", r.Took.Round(time.Millisecond), r.Grown>>20, r.Counts, r.Findings, strings.Join(r.Errors, " "))
	return r
}
