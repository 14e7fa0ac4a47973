// Command testgate runs `go test -json` with the given arguments, prints what
// failed, what was slow and what was skipped, how long it took, and ends with
// one plain line
//
//	N passed, N failed, N skipped
//
// With -services as first argument it starts one Postgres for all packages. With -unraced=PACKAGE,… it leaves out
// those tests of these packages to which a run with the race detector does justice.
//
// Where CI is set a skipped test is a failure: there every service is to be
// had, so a skip means that something was not tested. A run without any test
// fails too.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"shiken/devtools/effort"
	"shiken/devtools/services"
)

func main() {
	args := os.Args[1:]
	end := func() {}
	if len(args) > 0 && args[0] == "-services" {
		args = args[1:]
		end = startPostgres()
	}
	args, err := chosen(args)
	code := 1
	if err == nil {
		code, err = run(args, os.Stdout)
	}
	end()
	if err != nil {
		fmt.Fprintln(os.Stderr, "testgate:", err)
		code = 1
	}
	os.Exit(code)
}

// chosen puts the pattern of the tests to be left out in the place of -unraced.
func chosen(args []string) ([]string, error) {
	i := slices.IndexFunc(args, func(arg string) bool { return strings.HasPrefix(arg, unracedFlag) })
	if i < 0 {
		return args, nil
	}
	some := strings.Split(strings.TrimPrefix(args[i], unracedFlag), ",")
	all := slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return !strings.HasPrefix(arg, ".") })
	pattern, err := raced(some, all)
	return slices.Concat(args[:i], []string{"-skip", pattern}, args[i+1:]), err
}

const unracedFlag = "-unraced="

// startPostgres names one server for all packages in the environment. Where it
// cannot be started, the tests themselves skip or fail.
func startPostgres() (end func()) {
	const key = "SHIKEN_TEST_DATABASE_URL"
	if os.Getenv(key) != "" {
		return func() {}
	}
	s, err := services.StartPostgres(context.Background())
	if err == nil {
		err = os.Setenv(key, s.URL())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testgate: no Postgres:", err)
		return func() {}
	}
	return func() {
		if err := s.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "testgate: end Postgres:", err)
		}
	}
}

// run returns the exit status: 0 when all is well, else 1.
func run(args []string, out io.Writer) (int, error) {
	// go test ends by itself on Ctrl-C; testgate stays for the summary.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Env = append(os.Environ(), effort.Variable+"=1")
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return 1, err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	tally, readErr := readEvents(events, out)
	waitErr := cmd.Wait()
	state := cmd.ProcessState
	fmt.Fprintf(out, "%.0f s, %.0f s of the processor\n", time.Since(begun).Seconds(), (state.UserTime() + state.SystemTime()).Seconds())
	tally.print(out)
	if readErr != nil {
		return 1, readErr
	}
	if waitErr != nil || !tally.good(os.Getenv("CI") != "") {
		return 1, nil
	}
	return 0, nil
}
