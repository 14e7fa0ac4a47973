package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// torture breaks a cluster for a while. Two at a time would only slow each other down.
type torture struct {
	runner  string // devtools/runtorture
	program string // built with the tags planted and failpoints
	span    time.Duration
}

// Exit codes of devtools/runtorture.
const (
	tortureHeld    = 0
	tortureBroken  = 1
	tortureInvalid = 2 // what held proves nothing, since some kind of fault never happened in so short a time
)

func (t *torture) run(ctx context.Context, bug string) (verdict, error) {
	cmd := exec.CommandContext(ctx, t.runner, "-duration", t.span.String(), "-bug", bug, "-binary", t.program, "-seed", "1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return verdict{}, err
	}
	switch code := cmd.ProcessState.ExitCode(); code {
	case tortureHeld, tortureInvalid:
		return verdict{}, nil
	case tortureBroken:
		return readTorture(out), nil
	default:
		return verdict{}, fmt.Errorf("torture with %q: exit code %d: %s", bug, code, lastLines(out))
	}
}

// letIn is how many were let in whose sign-in had ended, in the report of a torture.
var letIn = regexp.MustCompile(`^sign-ins ended .* [0-9]+ / ([0-9]+) / [0-9]+$`)

// readTorture reads the report of a torture that did not hold.
func readTorture(report []byte) verdict {
	v := verdict{caught: true}
	lines := bufio.NewScanner(bytes.NewReader(report))
	lines.Buffer(nil, len(report)+1)
	for lines.Scan() {
		v.read(lines.Text())
		if m := letIn.FindStringSubmatch(lines.Text()); m != nil && m[1] != "0" {
			v.add("§3 sign-ins")
		}
	}
	if len(v.checks) == 0 {
		v.add("the run breaks off")
	}
	return v
}

func lastLines(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.Join(lines[max(len(lines)-5, 0):], "\n")
}
