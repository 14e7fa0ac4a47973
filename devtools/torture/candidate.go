package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"shiken/devtools/cluster"
)

// candidate is a person, whose tabs share the cookie and the attempts.
type candidate struct {
	n       int
	account cluster.Account
	site    *site
	user    string // id

	signing sync.Mutex // one tab signs in for all, and nobody while a sign-in is ended
	mu      sync.Mutex
	session session
	signIns int
	over    map[string]bool   // cookies whose sign-in was ended, or may have been
	strays  int               // sign-ins that were not ended and yet not known
	until   time.Time         // before this a kick of unknown outcome may come true
	running map[string]string // attempt by exam
	checked map[place]bool    // questions of a practice of which a check was sent
	rest    time.Time         // before this nothing new is begun
}

// session is a sign-in: the cookie, and what histories call it.
type session struct{ cookie, name string }

func newCandidate(n int, a cluster.Account, s *site) *candidate {
	return &candidate{n: n, account: a, site: s, over: map[string]bool{}, running: map[string]string{}, checked: map[place]bool{}}
}

// now is the sign-in of the candidate's browser.
func (c *candidate) now() session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

// end notes that a sign-in is ended by intent.
func (c *candidate) end(s session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over[s.cookie] = true
}

// haunt notes a kick of which nobody knows whether it was done, or will be: a copy of it may still be
// under way in an instance that stands still, and end the sign-in that comes next.
func (c *candidate) haunt() {
	const longest = 20 * time.Second // that an instance works on a request, or stands still
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = time.Now().Add(longest)
}

// refused is told that a request with the cookie was answered as signed out, and signs in again.
func (c *candidate) refused(ctx context.Context, cookie string) error {
	c.signing.Lock()
	defer c.signing.Unlock()
	if c.now().cookie != cookie {
		return nil // another tab has done it
	}
	c.mu.Lock()
	if !c.over[cookie] && cookie != "" && time.Now().After(c.until) {
		c.strays++
	}
	c.over[cookie] = true
	c.mu.Unlock()
	return c.signIn(ctx)
}

// signIn signs in, however often it takes.
func (c *candidate) signIn(ctx context.Context) error {
	q := request{method: http.MethodPost, path: "/login", media: mediaForm,
		body: url.Values{"username": {c.account.Username}, "password": {c.account.Password}}.Encode()}
	for {
		bounded, cancel := context.WithTimeout(ctx, signInPatience)
		r, err := c.site.send(bounded, q)
		cancel()
		switch {
		case err == nil && r.status == http.StatusSeeOther && r.cookie != "":
			c.mu.Lock()
			c.signIns++
			c.session = session{r.cookie, fmt.Sprintf("c%ds%d", c.n, c.signIns)}
			c.mu.Unlock()
			return nil
		case err == nil && r.status < http.StatusInternalServerError && r.status != http.StatusTooManyRequests:
			return fmt.Errorf("torture: sign-in of %s: status %d", c.account.Username, r.status)
		}
		if err := pause(ctx, retryPause); err != nil {
			return err
		}
	}
}

// signInPatience is that of somebody who signs in: passwords are checked few at a time.
const signInPatience = 20 * time.Second

// identify asks the site who the candidate is.
func (c *candidate) identify(ctx context.Context) error {
	r, err := c.site.send(ctx, request{method: http.MethodGet, path: "/api/v1/session", cookie: c.now().cookie})
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
