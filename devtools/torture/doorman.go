package torture

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"shiken/devtools/history"
)

// doorman ends sign-ins, one after the other: by the candidate's own sign-out, or as an admin who ends
// all of a person's. Whoever was put out signs in again; who was told so is out for good.
type doorman struct {
	*clerk
	rng *rand.Rand
}

// doorPause is how long the doorman waits between two, on average. Passwords are slow to check.
const doorPause = time.Second

func newDoorman(ctx context.Context, r *run) (*doorman, error) {
	c, err := newClerk(ctx, r)
	return &doorman{clerk: c, rng: rand.New(rand.NewPCG(r.o.Seed, 1))}, err
}

// work goes on until the run begins nothing new.
func (d *doorman) work(ctx context.Context) error {
	for !d.run.ending() {
		if err := pause(ctx, time.Duration(d.rng.Int64N(int64(2*doorPause)))); err != nil {
			return err
		}
		c := d.run.people[d.rng.IntN(len(d.run.people))]
		var err error
		if d.rng.IntN(3) == 0 {
			err = d.kick(ctx, c)
		} else {
			err = d.signOut(ctx, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// signOut presses the candidate's button.
func (d *doorman) signOut(ctx context.Context, c *candidate) error {
	c.signing.Lock()
	defer c.signing.Unlock()
	now := c.now()
	c.end(now)
	return d.put(ctx, c, now, request{method: http.MethodPost, path: "/logout", media: mediaForm, cookie: now.cookie})
}

// kick ends all sign-ins of the candidate.
func (d *doorman) kick(ctx context.Context, c *candidate) error {
	c.signing.Lock()
	defer c.signing.Unlock()
	now := c.now()
	c.end(now)
	return d.put(ctx, c, now, request{
		method: http.MethodPost, path: "/admin/people/" + c.user + "/sign-out", media: mediaForm,
		body: url.Values{"all": {"1"}}.Encode(), cookie: d.who.now().cookie,
	})
}

// put sends what ends a sign-in until it is acknowledged, and tries the door.
func (d *doorman) put(ctx context.Context, c *candidate, s session, q request) error {
	for {
		o := history.New(history.SignOut)
		o.Client, o.Session, o.User, o.Sent = c.n, s.name, c.user, d.run.now()
		bounded, cancel := context.WithTimeout(ctx, time.Second)
		r, err := c.site.send(bounded, q)
		cancel()
		if err == nil {
			o.Done, o.Status = d.run.now(), r.status
			judgeForm(&r, &o, 0)
		}
		d.run.record(o)
		if o.Ok() {
			return d.tryDoor(ctx, c, s)
		}
		if o.Result == history.Unknown {
			c.haunt()
		}
		if o.Result == history.Refused { // the admin was never put out
			d.run.stray("a sign-in of the admin")
			return nil
		}
		if err := pause(ctx, retryPause); err != nil {
			return err
		}
	}
}

// tryDoor asks once with the cookie of a sign-in that was ended.
func (d *doorman) tryDoor(ctx context.Context, c *candidate, s session) error {
	bounded, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := c.site.send(bounded, request{method: http.MethodGet, path: "/api/v1/session", cookie: s.cookie})
	if err == nil && r.status == http.StatusOK {
		d.run.revived.Add(1)
	}
	d.run.ousted.Add(1)
	return ctx.Err()
}
