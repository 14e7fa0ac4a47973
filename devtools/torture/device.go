package torture

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// device is a candidate's browser, whose tabs share the cookie.
type device struct {
	of     *candidate
	n      int
	outbox *outbox
	// doomed is told of a new sign-in that a kick of before may still end; nil tells nobody.
	doomed func(session)

	signing sync.Mutex // one tab signs in for all, and nobody while a sign-in is ended
	mu      sync.Mutex
	session session
	signIns int
	over    map[string]bool // cookies whose sign-in was ended, or may have been
	strays  int             // sign-ins that were not ended and yet not known
	until   time.Time       // before this a kick of unknown outcome may come true
}

// session is a sign-in: the cookie, and what histories call it.
type session struct{ cookie, name string }

func newDevice(c *candidate) *device {
	return &device{of: c, n: len(c.devices), outbox: newOutbox(), over: map[string]bool{}}
}

// now is the sign-in of the device.
func (d *device) now() session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.session
}

// end notes that a sign-in is ended by intent.
func (d *device) end(s session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over[s.cookie] = true
}

// haunt notes a kick of which nobody knows whether it was done, or will be: a copy of it may still be
// under way in an instance that stands still, and end the sign-in that comes next.
func (d *device) haunt() {
	const longest = 20 * time.Second // that an instance works on a request, or stands still
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = time.Now().Add(longest)
}

// refused is told that a request with the cookie was answered as signed out, and signs in again.
func (d *device) refused(ctx context.Context, cookie string) error {
	d.signing.Lock()
	defer d.signing.Unlock()
	if d.now().cookie != cookie {
		return nil // another tab has done it
	}
	d.mu.Lock()
	if !d.over[cookie] && cookie != "" && time.Now().After(d.until) {
		d.strays++
	}
	d.over[cookie] = true
	d.mu.Unlock()
	return d.signIn(ctx)
}

// signIn signs in, however often it takes.
func (d *device) signIn(ctx context.Context) error {
	q := request{method: http.MethodPost, path: "/login", media: mediaForm,
		body: url.Values{"username": {d.of.account.Username}, "password": {d.of.account.Password}}.Encode()}
	for {
		bounded, cancel := context.WithTimeout(ctx, signInPatience)
		r, err := d.of.site.send(bounded, q)
		cancel()
		switch {
		case err == nil && r.status == http.StatusSeeOther && r.cookie != "":
			d.take(r.cookie)
			return nil
		case err == nil && r.status < http.StatusInternalServerError && r.status != http.StatusTooManyRequests:
			return fmt.Errorf("torture: sign-in of %s: status %d", d.of.account.Username, r.status)
		}
		if err := pause(ctx, retryPause); err != nil {
			return err
		}
	}
}

// take keeps the cookie of a new sign-in.
func (d *device) take(cookie string) {
	d.mu.Lock()
	d.signIns++
	d.session = session{cookie, fmt.Sprintf("c%dd%ds%d", d.of.n, d.n, d.signIns)}
	s, haunted := d.session, time.Now().Before(d.until)
	d.mu.Unlock()
	if haunted && d.doomed != nil {
		d.doomed(s)
	}
}

// signInPatience is that of somebody who signs in: passwords are checked few at a time.
const signInPatience = 20 * time.Second
