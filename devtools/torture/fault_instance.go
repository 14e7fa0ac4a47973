package torture

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"shiken/devtools/cluster"
	"shiken/devtools/services"
)

// The variables of a program with the tag failpoints.
const (
	clockVariable = "SHIKEN_CLOCK_OFFSET"
	lockVariable  = "SHIKEN_LOCK_ALWAYS"
)

func (s *saboteur) instance(name string) *cluster.Instance {
	for _, i := range s.parts.Instances {
		if i.Name == name {
			return i
		}
	}
	return nil
}

// revive starts an instance again, however often it takes, as whoever supervises it would: while the
// database is away it does not start.
func (s *saboteur) revive(ctx context.Context, i *cluster.Instance) error {
	const patience = time.Minute
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	return services.Poll(ctx, i.Start)
}

// clean takes away what made the instance odd, from its next start on.
func (s *saboteur) clean(i *cluster.Instance) {
	i.Set(clockVariable, "")
	if !s.parts.lockAlways {
		i.Set(lockVariable, "")
	}
}

func (s *saboteur) killInstance(ctx context.Context, name string) error {
	i := s.instance(name)
	i.Kill()
	s.clean(i)
	if i.Running() {
		return fmt.Errorf("torture: %s outlived SIGKILL", name)
	}
	_ = pause(ctx, s.between(0, 500*time.Millisecond)) // the run ends: mend at once
	return s.revive(ctx, i)
}

// terminateInstance asks it to leave; it must do so in order.
func (s *saboteur) terminateInstance(ctx context.Context, name string) error {
	i := s.instance(name)
	err := i.Terminate()
	s.clean(i)
	if err != nil {
		return fmt.Errorf("torture: %s left with %w\n%s", name, err, i.Log())
	}
	return s.revive(ctx, i)
}

// haltInstance halts it, now and then for longer than the lease of a session's lock (3 s), so that it
// comes back as a holder whose lock others have had.
func (s *saboteur) haltInstance(ctx context.Context, name string) error {
	i := s.instance(name)
	if err := i.Freeze(); err != nil {
		return err
	}
	halted := isHalted(i.Pid())
	if s.rng.IntN(4) == 0 {
		_ = pause(ctx, 3500*time.Millisecond) // the run ends: mend at once
	} else {
		s.briefly(ctx)
	}
	if err := i.Thaw(); err != nil {
		return err
	}
	if !halted {
		return fmt.Errorf("%w: %s was not halted", errMissed, name)
	}
	return nil
}

// isHalted waits until the process is seen to be stopped (proc(5): state T).
func isHalted(pid int) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := services.Poll(ctx, func(context.Context) error {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return err
		}
		_, after, _ := strings.Cut(string(b), ") ")
		if !strings.HasPrefix(after, "T") {
			return fmt.Errorf("state %.1s", after)
		}
		return nil
	})
	return err == nil
}

// wrongClock lets the instance go on with a clock that is a day or more behind or ahead, until it is
// started again. Whoever signs in there is signed in all the same.
func (s *saboteur) wrongClock(ctx context.Context, name string) error {
	offset := s.between(24*time.Hour, 10*24*time.Hour).Round(time.Second)
	if s.clocks.Add(1)%2 == 1 {
		offset = -offset
	}
	if err := s.oddly(ctx, name, clockVariable, offset.String()); err != nil {
		return err
	}
	if s.turnsAway(ctx, name) {
		return fmt.Errorf("torture: who signs in at %s, whose clock is wrong by %s, is not signed in", name, offset)
	}
	return nil
}

// turnsAway reports whether the instance lets an admin sign in and does not know the sign-in then. An
// admin, since the lifetimes of sign-ins do not apply to candidates in an exam. What other faults hinder
// says nothing.
func (s *saboteur) turnsAway(ctx context.Context, name string) bool {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	direct := newSite(s.instance(name).URL())
	defer direct.close()
	admin := newCandidate(0, cluster.Account{Username: "admin", Password: s.parts.AdminPassword}, direct).devices[0]
	if admin.signIn(ctx) != nil {
		return false
	}
	r, err := direct.send(ctx, request{method: http.MethodGet, path: "/api/v1/session", cookie: admin.now().cookie})
	return err == nil && r.status == http.StatusUnauthorized
}

// lockAlways lets the instance take every session's lock for its own, until it is started again.
func (s *saboteur) lockAlways(ctx context.Context, name string) error {
	return s.oddly(ctx, name, lockVariable, "1")
}

// oddly starts the instance anew with a variable, and sees that it serves candidates so.
func (s *saboteur) oddly(ctx context.Context, name, variable, value string) error {
	i := s.instance(name)
	i.Kill()
	s.clean(i)
	i.Set(variable, value)
	if err := s.revive(ctx, i); err != nil {
		return err
	}
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := services.Poll(ctx, func(ctx context.Context) error {
		n, err := i.Metric(ctx, "shiken_session_reads_total")
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: %s served nobody", errMissed, name)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errMissed, err)
	}
	return nil
}
