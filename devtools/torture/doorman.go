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
			err = d.signOut(ctx, c.devices[d.rng.IntN(len(c.devices))])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// signOut presses the button on one of the candidate's devices.
func (d *doorman) signOut(ctx context.Context, on *device) error {
	on.signing.Lock()
	defer on.signing.Unlock()
	return d.put(ctx, []*device{on}, request{method: http.MethodPost, path: "/logout", media: mediaForm, cookie: on.now().cookie})
}

// kick ends all sign-ins of the candidate.
func (d *doorman) kick(ctx context.Context, c *candidate) error {
	for _, on := range c.devices {
		on.signing.Lock()
		defer on.signing.Unlock()
	}
	return d.put(ctx, c.devices, request{
		method: http.MethodPost, path: "/admin/people/" + c.user + "/sign-out", media: mediaForm,
		body: url.Values{"all": {"1"}}.Encode(), cookie: d.on.now().cookie,
	})
}

// put sends what ends the sign-ins of some devices until it is acknowledged, and tries the door with each.
func (d *doorman) put(ctx context.Context, devices []*device, q request) error {
	for _, on := range devices {
		on.end(on.now())
	}
	for {
		o := history.New(history.SignOut)
		o.Sent = d.run.now()
		bounded, cancel := context.WithTimeout(ctx, time.Second)
		r, err := devices[0].of.site.send(bounded, q)
		cancel()
		if err == nil {
			o.Done, o.Status = d.run.now(), r.status
			judgeForm(&r, &o, 0)
		}
		for _, on := range devices {
			o.Client, o.Session, o.User = on.of.n, on.now().name, on.of.user
			d.run.record(o)
		}
		if o.Ok() {
			return d.tryDoors(ctx, devices)
		}
		if o.Result == history.Unknown {
			for _, on := range devices {
				on.haunt()
			}
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

// tryDoors asks once with the cookie of each sign-in that was ended.
func (d *doorman) tryDoors(ctx context.Context, devices []*device) error {
	for _, on := range devices {
		bounded, cancel := context.WithTimeout(ctx, time.Second)
		r, err := on.of.site.send(bounded, request{method: http.MethodGet, path: "/api/v1/session", cookie: on.now().cookie})
		cancel()
		if err == nil && r.status == http.StatusOK {
			d.run.revived.Add(1)
		}
		d.run.ousted.Add(1)
	}
	return ctx.Err()
}
