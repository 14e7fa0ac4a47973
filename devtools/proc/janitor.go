package proc

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
)

// janitorScript keeps a list of what this program made, told line by line on
// its standard input. The kernel closes that pipe when the program ends for
// whatever reason; then everything still on the list is ended and removed.
const janitorScript = `
pids= boxes=
while read -r op arg; do
	case $op in
	+pid) pids="$pids $arg" ;;
	-pid) rest=; for p in $pids; do [ "$p" = "$arg" ] || rest="$rest $p"; done; pids=$rest ;;
	+box) boxes="$boxes $arg" ;;
	-box) rest=; for b in $boxes; do [ "$b" = "$arg" ] || rest="$rest $b"; done; boxes=$rest ;;
	+dir) set -- "$@" "$arg" ;;
	esac
done
alive() {
	for p in $pids; do
		kill -0 "$p" 2>/dev/null && ! grep -qs '^State:.Z' "/proc/$p/status" && return 0
	done
	return 1
}
[ -z "$pids" ] || kill -INT $pids 2>/dev/null
n=0
while alive && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
[ -z "$boxes" ] || docker rm --force --volumes $boxes >/dev/null 2>&1
for d in "$@"; do rm -rf -- "$d"; done
`

var janitor struct {
	sync.Mutex
	input io.Writer
}

// ensureJanitor starts the janitor of this program, once.
func ensureJanitor() error {
	janitor.Lock()
	defer janitor.Unlock()
	if janitor.input != nil {
		return nil
	}
	cmd := exec.Command("/bin/sh", "-c", janitorScript, "janitor")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("proc: janitor: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("proc: janitor: %w", err)
	}
	janitor.input = in
	return nil
}

func tellJanitor(op, arg string) {
	janitor.Lock()
	defer janitor.Unlock()
	// A janitor that is gone cannot be helped; the orderly way of ending
	// children does not depend on it.
	_, _ = fmt.Fprintf(janitor.input, "%s %s\n", op, arg)
}

// TempDir makes a folder that is removed when the program ends, if not before.
// pattern is as in os.MkdirTemp.
func TempDir(pattern string) (string, error) {
	if err := ensureJanitor(); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", pattern)
	if err != nil {
		return "", err
	}
	if strings.ContainsAny(dir, "\n") {
		return "", fmt.Errorf("proc: line break in temporary folder %q", dir)
	}
	tellJanitor("+dir", dir)
	return dir, nil
}

// TrackContainer has the container with this id or name removed when the
// program ends, if it is still there.
func TrackContainer(id string) error {
	if err := ensureJanitor(); err != nil {
		return err
	}
	tellJanitor("+box", id)
	return nil
}

// UntrackContainer ends TrackContainer for a container that is removed.
func UntrackContainer(id string) {
	if err := ensureJanitor(); err == nil {
		tellJanitor("-box", id)
	}
}
