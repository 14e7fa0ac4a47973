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

// ownChecks are the lines of a report that say what torture has found by itself, each number with its check.
var ownChecks = []struct {
	line  *regexp.Regexp
	names []string
}{
	{regexp.MustCompile(`^sign-ins ended .* [0-9]+ / ([0-9]+) / ([0-9]+)$`), []string{"§3 sign-ins", "§6 sign-ins"}},
	{regexp.MustCompile(`^replies that told a candidate .* ([0-9]+)$`), []string{"R12 secrets"}},
	{regexp.MustCompile(`^answers of 500 .* ([0-9]+) / ([0-9]+)$`), []string{"§5 answers of 500", "§5 panics"}},
	{regexp.MustCompile(`^shiken verify.* exit status (1)$`), []string{"R11 verify"}},
}

// readTorture reads the report of a torture that did not hold. What no check has named catches nothing.
func readTorture(report []byte) verdict {
	var v verdict
	lines := bufio.NewScanner(bytes.NewReader(report))
	lines.Buffer(nil, len(report)+1)
	for lines.Scan() {
		v.read(lines.Text())
		v.readOwn(lines.Text())
	}
	if !v.caught {
		v.broke = "broke off: " + lastLines(report)
	}
	return v
}

func (v *verdict) readOwn(line string) {
	for _, c := range ownChecks {
		m := c.line.FindStringSubmatch(line)
		for i, name := range c.names {
			if m != nil && m[i+1] != "0" {
				v.add(name)
			}
		}
	}
}

func lastLines(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.Join(lines[max(len(lines)-5, 0):], "\n")
}
