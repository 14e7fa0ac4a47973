package sessionguard_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"

	"shiken/devtools/services"
	"shiken/sessionguard"
)

// endings are the ways in which a sign-in ends. Each returns the token that goes on, "" if none.
var endings = map[string]func(a, b *site, token string) string{
	"sign-out": func(_, b *site, token string) string { b.do("POST", "/logout", token); return "" },
	"kick":     func(a, _ *site, token string) string { yield(); a.signIns.revoke(token); return "" },
	"renewal":  func(_, b *site, token string) string { return b.do("POST", "/renew", token).token() },
	"sign-in":  func(_, b *site, token string) string { return b.again(token) },
}

// again signs in anew, as the product does: the row that there was ends first.
func (s *site) again(token string) string {
	s.signIns.revoke(token)
	return s.do("POST", "/login", token).token()
}

// A Redis that dies, freezes, forgets and cuts connections, while sign-ins end with requests in flight:
// nobody who is out comes back, nobody who is in is thrown out, and nobody is refused.
func TestRequestInFlightWhileRedisComesAndGoes(t *testing.T) {
	server, shape := breakableRedis(t)
	shape.options.TTL = 500 * time.Millisecond // what a lost answer locked is free again soon
	rows := newRows()
	a, b := withRows(t, shape.instance(), rows), withRows(t, shape.instance(), rows)
	control := a.signIn()
	ended := &tokens{}
	trouble, calm := context.WithCancel(t.Context())
	var chaos, trials sync.WaitGroup
	chaos.Go(func() { disturb(trouble, t, server, a.guard, b.guard) })
	for range 8 {
		trials.Go(func() { endInTrouble(t, a, b, control, ended) })
	}
	trials.Wait()
	calm()
	chaos.Wait()
	a.heals(control)
	b.heals(control)
	for _, token := range ended.list {
		wantOut(t, a, b, token)
	}
	if a.down.Load()+b.down.Load()+a.busy.Load()+b.busy.Load() > 0 {
		t.Errorf("%d and %d requests refused, %d and %d busy", a.down.Load(), b.down.Load(), a.busy.Load(), b.busy.Load())
	}
	t.Logf("%d sign-ins ended", len(ended.list))
	if !cameAndWent(a, b) {
		t.Error("Redis did not come and go")
	}
}

// cameAndWent: sessions could not be saved, were lost, and were rebuilt.
func cameAndWent(a, b *site) bool {
	return len(a.saveErrors)+len(b.saveErrors) > 0 && a.lost.Load()+b.lost.Load() > 0 && a.rebuilt.Load()+b.rebuilt.Load() > 0
}

type tokens struct {
	mu   sync.Mutex
	list []string
}

func (x *tokens) add(token string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.list = append(x.list, token)
}

// endInTrouble ends sign-ins, one after the other and in every way, and goes on until there was trouble.
func endInTrouble(t *testing.T, a, b *site, control string, ended *tokens) {
	over := time.Now().Add(patience)
	for n := 0; n < trials()/16 || !cameAndWent(a, b) && time.Now().Before(over); n++ {
		for how, end := range endings {
			token := a.signIn()
			var next string
			together(
				func() { a.do("POST", "/put?key=k&value=v", token) },
				func() { b.do("POST", "/put?key=l&value=v", token) },
				func() { b.do("GET", "/get?key=k", token) },
				func() { next = end(a, b, token) },
				func() { b.do("POST", "/get?key=sign_in", control).want(t, 200, control) },
			)
			wantOut(t, a, b, token)
			ended.add(token)
			if (next != "") != (how == "renewal" || how == "sign-in") {
				t.Errorf("%s: the token that goes on is %q", how, next)
			}
			if next != "" {
				a.do("GET", "/me", next).want(t, 200, "signed in")
			}
			if t.Failed() {
				return
			}
		}
	}
}

// disturb breaks Redis again and again until ctx ends, each time when all have found it again, and
// leaves it running.
func disturb(ctx context.Context, t *testing.T, server *services.Server, guards ...*sessionguard.Guard) {
	troubles := []func() error{
		func() error { return errors.Join(server.Kill(), pause(ctx), server.Start(context.WithoutCancel(ctx))) },
		func() error { return errors.Join(server.Freeze(), pause(ctx), server.Thaw()) },
		func() error { return tell(server, "FLUSHALL") },
		func() error { return tell(server, "FLUSHALL") },
		func() error { return tell(server, "CLIENT", "KILL", "TYPE", "normal") },
	}
	for ctx.Err() == nil {
		if err := troubles[rand.N(len(troubles))](); err != nil {
			t.Errorf("trouble: %v", err)
			return
		}
		for _, g := range guards {
			for g.Stage() != sessionguard.StageNormal && ctx.Err() == nil {
				_ = pause(ctx)
			}
		}
		_ = pause(ctx)
	}
}

// pause lets some time go by, less when ctx ends; it never fails.
func pause(ctx context.Context) error {
	select {
	case <-time.After(rand.N(300 * time.Millisecond)):
	case <-ctx.Done():
	}
	return nil
}

func tell(server *services.Server, command string, args ...any) error {
	conn, err := redis.Dial("tcp", server.Addr())
	if err != nil {
		return err
	}
	_, err = conn.Do(command, args...)
	return errors.Join(err, conn.Close())
}
