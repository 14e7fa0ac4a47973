package services

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"shiken/devtools/proc"
)

// Server is a private service that can be broken on purpose: killed, stopped,
// frozen, and started again on the same port with the same data. Its methods
// may be called from any goroutine, but not at the same time.
type Server struct {
	url   string
	port  int
	dir   string
	run   runner
	ready func(context.Context) error
	close sync.Once
}

// runner is how a server runs: as a process or in a container.
type runner interface {
	start() error
	// alive returns an error once the server has ended.
	alive() error
	signal(syscall.Signal) error
	// stop sends the signal of an orderly stop and waits.
	stop() error
	// kill ends the server at once and waits.
	kill() error
	remove() error
	pid() int
}

// URL is how to reach the server (for Postgres: its maintenance database).
func (s *Server) URL() string { return s.url }

// Addr is host:port of the server.
func (s *Server) Addr() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// Pid is the id of the server's process, 0 in a container.
func (s *Server) Pid() int { return s.run.pid() }

// stillInUse is in the log of a Postgres that was started again before the last children of the killed
// one had noticed its end.
const stillInUse = "pre-existing shared memory block"

// Start starts the server again after Kill or Stop and returns when it answers.
func (s *Server) Start(ctx context.Context) error {
	if err := s.run.start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	return Poll(ctx, func(ctx context.Context) error {
		if err := s.run.alive(); err != nil {
			if strings.Contains(s.log(), stillInUse) {
				return errors.Join(err, s.run.start())
			}
			cancel()
			return fmt.Errorf("%w\n%s", err, s.log())
		}
		return s.ready(ctx)
	})
}

func (s *Server) log() string {
	const enough = 4 << 10
	b, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return ""
	}
	return string(b[max(0, len(b)-enough):])
}

// Kill ends the server as a power cut of its process would (SIGKILL).
func (s *Server) Kill() error { return s.run.kill() }

// Stop ends the server in order.
func (s *Server) Stop() error { return s.run.stop() }

// Freeze halts the server: connections stay open, nothing is answered.
func (s *Server) Freeze() error { return s.run.signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (s *Server) Thaw() error { return s.run.signal(syscall.SIGCONT) }

// Close ends the server and removes its files. Further calls do nothing.
func (s *Server) Close() error {
	var err error
	s.close.Do(func() {
		_ = s.run.signal(syscall.SIGCONT) // a frozen server could not stop
		err = errors.Join(s.run.stop(), s.run.remove(), s.removeFiles())
	})
	return err
}

// removeFiles waits for the last worker of a killed server to stop writing.
func (s *Server) removeFiles() error {
	if s.dir == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	return Poll(ctx, func(context.Context) error { return os.RemoveAll(s.dir) })
}

// closeAfter ends the server with the test.
func (s *Server) closeAfter(tb testing.TB) {
	tb.Helper()
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("end %s: %v", s.Addr(), err)
		}
	})
}

// process is a runner of a binary of the system.
type process struct {
	command    func() *exec.Cmd
	stopSignal syscall.Signal
	logFile    string
	// leftover, if set, removes what a killed server leaves outside its folder.
	leftover func()
	proc     *proc.Process
}

func (p *process) start() error {
	if p.proc != nil && p.proc.Running() {
		return nil
	}
	log, err := os.OpenFile(p.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the child has its own copy
	cmd := p.command()
	cmd.Stdout, cmd.Stderr = log, log
	p.proc, err = proc.Start(cmd)
	return err
}

func (p *process) alive() error {
	if p.proc.Running() {
		return nil
	}
	return fmt.Errorf("%w: ended: %w", errDied, errOr(p.proc.Err(), "status 0"))
}

// errDied marks a server that ended before it answered.
var errDied = errors.New("services: server")

func errOr(err error, text string) error {
	if err != nil {
		return err
	}
	return errors.New(text)
}

func (p *process) signal(sig syscall.Signal) error {
	if p.proc == nil || !p.proc.Running() {
		return nil
	}
	return p.proc.SignalTree(sig)
}

func (p *process) stop() error {
	if p.proc == nil || !p.proc.Running() {
		return nil
	}
	return p.proc.Stop(p.stopSignal, stopPatience)
}

func (p *process) kill() error {
	if p.proc != nil {
		p.proc.Kill()
	}
	return nil
}

func (p *process) pid() int { return p.proc.Pid() }

func (p *process) remove() error {
	if p.leftover != nil {
		p.leftover()
	}
	return nil
}
