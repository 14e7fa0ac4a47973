package torture

import (
	"context"
	"net/http"
	"time"

	"shiken/devtools/cluster"
)

// clerk is a browser of the admin's, which asks for pages and sends forms until they are answered.
type clerk struct {
	run *run
	on  *device
}

// newClerk signs the admin in once more.
func newClerk(ctx context.Context, r *run) (*clerk, error) {
	account := cluster.Account{Username: "admin", Password: r.parts.AdminPassword}
	c := &clerk{run: r, on: newCandidate(-1, account, r.site).devices[0]}
	return c, c.on.signIn(ctx)
}

// clerkPause is how long a clerk waits before the same is sent again, and clerkPatience for one answer.
const (
	clerkPause    = 200 * time.Millisecond
	clerkPatience = 3 * time.Second
)

func (c *clerk) get(ctx context.Context, path string) (reply, error) {
	return c.insist(ctx, request{method: http.MethodGet, path: path})
}

// submit sends a form with all that stands in it.
func (c *clerk) submit(ctx context.Context, f *form) (reply, error) {
	return c.insist(ctx, request{method: http.MethodPost, path: f.action, media: mediaForm, body: f.fields.Encode()})
}

// insist sends the same, to the byte, until a reply below 500 comes. A sign-in that ended is a stray:
// nobody ends an admin's.
func (c *clerk) insist(ctx context.Context, q request) (reply, error) {
	for {
		q.cookie = c.on.now().cookie
		bounded, cancel := context.WithTimeout(ctx, clerkPatience)
		r, err := c.on.of.site.send(bounded, q)
		cancel()
		switch {
		case err == nil && signedOut(&r):
			c.run.stray("a sign-in of the admin")
			if err := c.on.refused(ctx, q.cookie); err != nil {
				return r, err
			}
		case err == nil && r.status < http.StatusInternalServerError:
			return r, nil
		}
		if err := pause(ctx, clerkPause); err != nil {
			return reply{}, err
		}
	}
}
