package e2e_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/services"
)

// redisOutages are the ways in which Redis leaves two instances alone.
var redisOutages = []struct {
	name       string
	begin, end func(context.Context, *services.Server) error
	stage      float64 // meanwhile
}{
	{"killed", func(_ context.Context, s *services.Server) error { return s.Kill() },
		func(ctx context.Context, s *services.Server) error { return s.Start(ctx) }, 3},
	{"frozen", func(_ context.Context, s *services.Server) error { return s.Freeze() },
		func(_ context.Context, s *services.Server) error { return s.Thaw() }, 3},
	{"emptied", flush, flush, 1},
}

func flush(ctx context.Context, s *services.Server) error {
	conn, err := redis.DialContext(ctx, "tcp", s.Addr())
	if err != nil {
		return err
	}
	_, err = conn.Do("FLUSHALL")
	return errors.Join(err, conn.Close())
}

// TestRedisOutage: Redis is killed, frozen or emptied while candidates sit: nobody sees an error page
// or loses an answer, people sign in and out and change their password, who was signed out stays out
// for ever, and afterwards nobody has to sign in again.
func TestRedisOutage(t *testing.T) {
	t.Parallel()
	c := cluster.Start(t, 2, func(o *cluster.Options) { o.Binary = program(t) })
	const crowded, each = 4, 4
	accounts := candidates(t, c.Instances[0], crowded+each*len(redisOutages))
	x := gather(t, c, accounts[:crowded], false)
	for n, outage := range redisOutages {
		t.Run(outage.name, func(t *testing.T) {
			p := people(t, c, accounts[crowded+each*n:])
			over := time.After(awayFor(t))
			if err := outage.begin(t.Context(), c.Redis); err != nil {
				t.Fatal(err)
			}
			p.comeAndGo(t)
			for done := false; !done; {
				x.answers(t, 10)
				p.areWhereTheyBelong(t)
				select {
				case <-over:
					done = true
				default:
				}
			}
			awaitStage(t, c, outage.stage)
			if err := outage.end(t.Context(), c.Redis); err != nil {
				t.Fatal(err)
			}
			awaitStage(t, c, 1)
			x.answers(t, 10)
			p.areWhereTheyBelong(t)
			p.sitOn(t)
		})
	}
	x.goHome(t, c)
	rebuilt := metric(t, "shiken_guard_events_total", []string{`event="rebuilt"`}, c.Instances[0].URL(), c.Instances[1].URL())
	if rebuilt == 0 {
		t.Error("no session was rebuilt")
	}
}

// awaitStage waits until every instance is in this stage.
func awaitStage(t *testing.T, c *cluster.Cluster, stage float64) {
	t.Helper()
	for _, i := range c.Instances {
		await(t, "stage", func() error {
			if got := metric(t, "shiken_stage", nil, i.URL()); got != stage {
				return errors.New("another stage")
			}
			return nil
		})
	}
}

// guests come and go during an outage.
type guests struct {
	c        *cluster.Cluster
	stays    *client.Client // signed in before, and never again
	leaves   *client.Client
	phone    *client.Client // of somebody who changes the password at the laptop
	laptop   *client.Client
	arrives  *client.Client
	account  cluster.Account // that arrives
	password string          // of phone and laptop
	out      [][]*http.Cookie
}

func people(t *testing.T, c *cluster.Cluster, a []cluster.Account) *guests {
	t.Helper()
	return &guests{
		c: c, stays: signedIn(t, c.URL(), a[0]), leaves: signedIn(t, c.URL(), a[1]),
		phone: signedIn(t, c.URL(), a[2]), laptop: signedIn(t, c.URL(), a[2]), password: a[2].Password, account: a[3],
	}
}

// comeAndGo: one signs out, one in, and a password is changed.
func (g *guests) comeAndGo(t *testing.T) {
	t.Helper()
	g.out = [][]*http.Cookie{g.leaves.Cookies(), g.phone.Cookies(), g.laptop.Cookies()}
	page, err := g.leaves.Post(t.Context(), "/logout", nil)
	if err != nil || page.Answered != http.StatusSeeOther || page.URL.Path != "/login" {
		t.Fatalf("sign-out: %s, %v", page, err)
	}
	const fresh = "a password of the outage"
	page, err = g.laptop.Post(t.Context(), "/account/password", url.Values{"current": {g.password}, "password": {fresh}, "again": {fresh}})
	if err != nil || page.Answered != http.StatusSeeOther || page.URL.Path != "/account" {
		t.Fatalf("change of the password: %s, %v", page, err)
	}
	g.arrives = signedIn(t, g.c.URL(), g.account)
}

// areWhereTheyBelong: whoever is in is in, and whoever is out is out, on every instance.
func (g *guests) areWhereTheyBelong(t *testing.T) {
	t.Helper()
	for name, person := range map[string]*client.Client{"who stays": g.stays, "laptop": g.laptop, "who came": g.arrives} {
		if page := get(t, person, "/"); page.URL.Path != "/" {
			t.Errorf("%s is led to %s", name, page.URL)
		}
	}
	for n, cookies := range g.out {
		for _, i := range g.c.Instances {
			old, err := client.New(i.URL())
			if err != nil {
				t.Fatal(err)
			}
			old.Keep(cookies...)
			if page := get(t, old, "/"); page.URL.Path != "/login" {
				t.Errorf("who was signed out (%d) is let in by %s", n, i.URL())
			}
			old.Close()
		}
	}
}

// sitOn: each begins an exam and answers, which saves a session that was lost.
func (g *guests) sitOn(t *testing.T) {
	t.Helper()
	for _, person := range []*client.Client{g.stays, g.laptop, g.arrives} {
		page := begin(t, person, "sample-free")
		if _, err := person.Answer(t.Context(), page, func(int) int { return 0 }, "next"); err != nil {
			t.Error(err)
		}
	}
}
