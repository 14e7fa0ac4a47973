package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"shiken/devtools/cluster"
)

// candidate is a person, whose devices share the attempts.
type candidate struct {
	n       int
	account cluster.Account
	site    *site
	user    string // id
	devices []*device

	mu      sync.Mutex
	running map[string]string // attempt by exam
	checked map[place]bool    // questions of a practice of which a check was sent
	rest    time.Time         // before this nothing new is begun
}

func newCandidate(n int, a cluster.Account, s *site) *candidate {
	c := &candidate{n: n, account: a, site: s, running: map[string]string{}, checked: map[place]bool{}}
	c.devices = []*device{newDevice(c)}
	return c
}

// strays counts the sign-ins that ended though nobody had ended them.
func (c *candidate) strays() int {
	n := 0
	for _, d := range c.devices {
		n += d.strays
	}
	return n
}

// identify asks the site who the candidate is.
func (c *candidate) identify(ctx context.Context) error {
	r, err := c.site.send(ctx, request{method: http.MethodGet, path: "/api/v1/session", cookie: c.devices[0].now().cookie})
	if err != nil {
		return err
	}
	var session struct {
		User struct {
			ID string `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal(r.body, &session); err != nil || r.status != http.StatusOK {
		return fmt.Errorf("torture: who is %s: status %d, %w", c.account.Username, r.status, err)
	}
	c.user = session.User.ID
	return nil
}

// attempt is the candidate's open attempt of an exam as far as its tabs know, "" when there is none.
func (c *candidate) attempt(exam string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.running[exam]
}

// begun is told where a start led.
func (c *candidate) begun(exam, attempt string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running[exam] = attempt
}

// finished is told that an attempt is over. For the rest nothing new is begun, so that the attempt can
// still be opened again.
func (c *candidate) finished(exam, attempt string, rest time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running[exam] == attempt {
		delete(c.running, exam)
		c.rest = time.Now().Add(rest)
	}
}

// resting is how long nothing new is begun yet.
func (c *candidate) resting() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(time.Until(c.rest), 0)
}

// pause waits for d, or returns why ctx ended.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
