// Package proc starts child processes and temporary folders that do not
// outlive the program that made them, however that program ends: by return,
// by a failing test, by Ctrl-C or by SIGKILL. It knows nothing of the product.
package proc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Process is a started child. Its methods may be called from any goroutine.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// Start runs cmd in a session of its own, so that a terminal's Ctrl-C reaches
// only the program, which then ends its children in the right order. A
// Credential already set in cmd.SysProcAttr is kept.
func Start(cmd *exec.Cmd) (*Process, error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid = true
	if err := ensureJanitor(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("proc: start %s: %w", cmd.Path, err)
	}
	p := &Process{cmd: cmd, done: make(chan struct{})}
	tellJanitor("+pid", fmt.Sprint(p.Pid()))
	go p.reap()
	return p, nil
}

func (p *Process) reap() {
	p.err = p.cmd.Wait()
	tellJanitor("-pid", fmt.Sprint(p.Pid()))
	close(p.done)
}

// Pid is the process id; it stays the same after the process has ended.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Done is closed once the process has ended and was waited for.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err is how the process ended (nil: exit status 0). It waits for the end.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Running tells whether the process has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Signal sends sig; a process that has ended is no error.
func (p *Process) Signal(sig os.Signal) error {
	err := p.cmd.Process.Signal(sig)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// Kill ends the process by SIGKILL and returns when it is gone.
func (p *Process) Kill() {
	_ = p.Signal(syscall.SIGKILL) // it fails only for a process that is gone
	<-p.done
}

// Stop sends sig and returns when the process is gone; one that outlasts
// patience is killed, and that is an error.
func (p *Process) Stop(sig os.Signal, patience time.Duration) error {
	if err := p.Signal(sig); err != nil {
		return err
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		p.Kill()
		return fmt.Errorf("proc: %s outlasted %s after %s", p.cmd.Path, patience, sig)
	}
}
