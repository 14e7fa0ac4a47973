package cluster

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"shiken/devtools/deps"
	"shiken/devtools/proc"
	"shiken/devtools/services"
)

// stopPatience is longer than an instance takes to turn unready and finish its
// requests.
const stopPatience = time.Minute

// Build compiles the program of the tree that the working directory is in, to
// dir/shiken, and returns that path. flags are those of go build.
func Build(ctx context.Context, dir string, flags ...string) (string, error) {
	root, err := deps.Root()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "shiken")
	cmd := exec.CommandContext(ctx, "go", append(append([]string{"build", "-o", binary}, flags...), ".")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cluster: build: %w\n%s", err, out)
	}
	return binary, nil
}

// Instance is a running program of the product, of either shape. Its methods
// may be called from any goroutine, but not at the same time.
type Instance struct {
	Name   string
	binary string
	addr   string
	env    map[string]string
	log    string
	proc   *proc.Process
}

// NewInstance prepares an instance that listens on addr and writes its output
// to logFile. Its environment is env, SHIKEN_ADDR and what a program needs to
// run at all; nothing of this program's own configuration.
func NewInstance(name, binary, addr, logFile string, env map[string]string) *Instance {
	return &Instance{Name: name, binary: binary, addr: addr, log: logFile, env: env}
}

// Addr is host:port of the instance.
func (i *Instance) Addr() string { return i.addr }

// URL is the address of the instance itself, past any balancer.
func (i *Instance) URL() string { return "http://" + i.addr }

// Pid is the id of the instance's process, of the last one after its end.
func (i *Instance) Pid() int { return i.proc.Pid() }

// Running tells whether the instance's process runs.
func (i *Instance) Running() bool { return i.proc != nil && i.proc.Running() }

// Done is closed when the process that was started last has ended.
func (i *Instance) Done() <-chan struct{} { return i.proc.Done() }

func (i *Instance) environment() []string {
	env := []string{"SHIKEN_ADDR=" + i.addr}
	for _, key := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	for key, value := range i.env {
		env = append(env, key+"="+value)
	}
	return env
}

// Set gives a variable of the environment another value, "" takes it away. It
// holds from the next start on.
func (i *Instance) Set(key, value string) {
	if value == "" {
		delete(i.env, key)
		return
	}
	i.env[key] = value
}

// Start starts the program and returns when it is ready to serve. It also
// starts an instance again that was killed or terminated.
func (i *Instance) Start(ctx context.Context) error {
	log, err := os.OpenFile(i.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the child has its own copy
	cmd := exec.Command(i.binary)
	cmd.Dir, cmd.Env = filepath.Dir(i.log), i.environment()
	cmd.Stdout, cmd.Stderr = log, log
	if i.proc, err = proc.Start(cmd); err != nil {
		return err
	}
	return i.awaitReady(ctx)
}

func (i *Instance) awaitReady(ctx context.Context) error {
	const patience = 2 * time.Minute // a first start migrates and loads samples
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := services.Poll(ctx, func(ctx context.Context) error {
		if !i.proc.Running() {
			cancel()
			return errors.New("it ended")
		}
		return getOK(ctx, i.URL()+"/readyz")
	})
	if err != nil {
		return fmt.Errorf("cluster: %s is not ready: %w\n%s", i.Name, err, i.Log())
	}
	return nil
}

// Stage is the stage that the instance tells at /readyz (docs/design.md §6).
func (i *Instance) Stage(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, requestPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, i.URL()+"/readyz", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	var told struct{ Stage int }
	err = json.NewDecoder(resp.Body).Decode(&told)
	return told.Stage, errors.Join(err, resp.Body.Close())
}

// requestPatience bounds a request of our own.
const requestPatience = 5 * time.Second

func getOK(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, requestPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return errors.Join(err, resp.Body.Close())
}

// Kill ends the instance by SIGKILL and returns when it is gone.
func (i *Instance) Kill() {
	if i.proc != nil {
		i.proc.Kill()
	}
}

// Terminate asks the instance to leave (SIGTERM) and returns when it is gone;
// a status other than 0 and an overdue end are errors.
func (i *Instance) Terminate() error {
	if !i.Running() {
		return nil
	}
	if err := i.proc.Stop(syscall.SIGTERM, stopPatience); err != nil {
		return err
	}
	return i.proc.Err()
}

// Freeze halts the instance with its connections open; Thaw ends that.
func (i *Instance) Freeze() error { return i.proc.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen instance go on.
func (i *Instance) Thaw() error { return i.proc.Signal(syscall.SIGCONT) }

// Command runs one of the program's commands (`shiken verify`) in the
// instance's environment and returns what it printed on both outputs.
func (i *Instance) Command(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, i.binary, args...)
	cmd.Dir, cmd.Env = filepath.Dir(i.log), i.environment()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Metric reads one number of the instance's /metrics.
func (i *Instance) Metric(ctx context.Context, name string) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, i.URL()+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, errors.Join(fmt.Errorf("cluster: %s has no metric %s", i.Name, name), lines.Err())
}

// WholeLog opens what the instance has printed in all of its lives.
func (i *Instance) WholeLog() (*os.File, error) { return os.Open(i.log) }

// Log is the end of what the instance has printed.
func (i *Instance) Log() string {
	const enough = 8 << 10
	b, err := os.ReadFile(i.log)
	if err != nil {
		return ""
	}
	return string(b[max(0, len(b)-enough):])
}
