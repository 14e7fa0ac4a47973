package fakeredis_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gomodule/redigo/redis"

	"shiken/devtools/services"
	"shiken/devtools/simulate/fakeredis"
)

// at is a server in memory behind a network of one fate.
func at(t *testing.T, s *fakeredis.Server, f fakeredis.Fate) redis.Conn {
	t.Helper()
	d := fakeredis.Dialer{
		Server: s,
		Dial:   func() (time.Duration, error) { return 0, nil },
		Send:   func(string) fakeredis.Fate { return f },
		Late:   func() time.Duration { return 1 },
	}
	c, err := d.Context(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var scripts = []*redis.Script{
	redis.NewScript(1, `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`),
	redis.NewScript(1, `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`),
	redis.NewScript(2, `
if ARGV[1] == 'a' and (not redis.call('GET', KEYS[2]) or KEYS[1] == '') then return 'gone' end
if redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.call('SET', KEYS[1], ARGV[2], 'NX')
elseif ARGV[2] == 'b' then
  return redis.call('PEXPIRE', KEYS[1], 60000)
else
  return not redis.call('SET', KEYS[2], ARGV[1], 'XX')
end`),
	redis.NewScript(1, `return redis.call('GET', KEYS[1]) or nil`),
}

// step sends one command, chosen by chance, to a server.
func step(rng *rand.Rand) func(redis.Conn) (any, error) {
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	key, other, value, also := pick("k", "l", "m"), pick("k", "l"), pick("a", "b"), pick("a", "b", "60000")
	switch rng.IntN(6) {
	case 0:
		return func(c redis.Conn) (any, error) { return c.Do("GET", key) }
	case 1:
		return func(c redis.Conn) (any, error) { return c.Do("DEL", key) }
	case 2:
		options := [][]any{{}, {"NX"}, {"XX"}, {"PX", 60_000}, {"NX", "PX", "60000"}, {"PX", "soon"}, {"XY"}}
		chosen := options[rng.IntN(len(options))]
		return func(c redis.Conn) (any, error) { return c.Do("SET", append([]any{key, value}, chosen...)...) }
	case 3:
		return func(c redis.Conn) (any, error) { return c.Do("EXISTS", key) }
	}
	s := scripts[rng.IntN(len(scripts))]
	return func(c redis.Conn) (any, error) {
		if s == scripts[2] {
			return s.Do(c, key, other, value, also)
		}
		return s.Do(c, key, value, 60_000)
	}
}

// The server answers as a real one does, whatever it is asked.
func TestAnswersLikeRedis(t *testing.T) {
	real, err := redis.DialURL(services.PrivateRedis(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = real.Close() }()
	ours := at(t, fakeredis.New(fakeredis.Watch{}), fakeredis.Fate{})
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 5_000 {
		do := step(rng)
		want, wantErr := do(real)
		got, gotErr := do(ours)
		if !reflect.DeepEqual(got, want) || (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("step %d: answers %v, %v; Redis %v, %v", i, got, gotErr, want, wantErr)
		}
	}
}

func TestWhatItDoesNotKnowIsAnError(t *testing.T) {
	c := at(t, fakeredis.New(fakeredis.Watch{}), fakeredis.Fate{})
	for _, args := range [][]any{
		{"HSET", "k", "f", "v"}, {"EVAL", "while true do end", 0}, {"EVAL", "return 1", 1}, {"EVAL", "return 'x", 0, ""},
		{"EVAL", "if 1 then return 2", 0, ""}, {"EVAL", "return KEYS[x]", 0, ""},
	} {
		if answer, err := c.Do(args[0].(string), args[1:]...); err == nil {
			t.Errorf("%v is answered %v", args, answer)
		}
	}
}

func TestKeysExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := fakeredis.New(fakeredis.Watch{})
		c := at(t, s, fakeredis.Fate{})
		_, err := c.Do("SET", "k", "v", "PX", 100)
		_, errAt := c.Do("SET", "l", "v", "PXAT", time.Now().Add(200*time.Millisecond).UnixMilli())
		if err != nil || errAt != nil {
			t.Fatal(err, errAt)
		}
		for _, want := range []int{2, 1, 0} {
			if got := s.Len(); got != want {
				t.Errorf("%d keys, want %d", got, want)
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
}

// What the network does to a command, and what the server did all the same.
func TestFates(t *testing.T) {
	for _, tt := range []struct {
		name string
		fate fakeredis.Fate
		err  error
		took time.Duration
		done bool // when the call returns
		late bool // in the end
	}{
		{"in time", fakeredis.Fate{Way: 1, Back: 1}, nil, 2, true, true},
		{"cut before", fakeredis.Fate{Way: 1, Cut: true}, io.EOF, 1, false, false},
		{"cut after", fakeredis.Fate{Way: 1, Back: 1, Cut: true, Arrives: true}, io.EOF, 2, true, true},
		{"late on its way", fakeredis.Fate{Way: 50}, os.ErrDeadlineExceeded, 11, false, true},
		{"late answer", fakeredis.Fate{Way: 1, Back: 50}, os.ErrDeadlineExceeded, 11, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, began := fakeredis.New(fakeredis.Watch{}), time.Now()
				c := at(t, s, tt.fate)
				_, err := redis.DoWithTimeout(c, 10, "SET", "k", "v")
				if took := time.Since(began); !errors.Is(err, tt.err) || took != tt.took {
					t.Errorf("%v after %v, want %v after %v", err, took, tt.err, tt.took)
				}
				if _, again := c.Do("PING"); (again != nil) != (tt.err != nil) {
					t.Errorf("afterwards: %v", again)
				}
				if done := s.Len() == 1; done != tt.done {
					t.Errorf("done: %t", done)
				}
				time.Sleep(100 * time.Nanosecond)
				if late := s.Len() == 1; late != tt.late {
					t.Errorf("done in the end: %t", late)
				}
			})
		})
	}
}

func TestDialing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := errors.New("refused")
		d := fakeredis.Dialer{
			Dial: func() (time.Duration, error) { return time.Second, refused },
			Late: func() time.Duration { return 0 },
		}
		if _, err := d.Context(t.Context()); !errors.Is(err, refused) {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := d.Context(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestWatch(t *testing.T) {
	const lock, session = "lock:s", "session:s"
	write := redis.NewScript(2, `return redis.call('SET', KEYS[2], ARGV[2])`)
	for _, tt := range []struct {
		name   string
		do     func(redis.Conn) (any, error)
		faults int
	}{
		{"the owner releases", func(c redis.Conn) (any, error) { return scripts[1].Do(c, lock, "me") }, 0},
		{"another deletes the lock", func(c redis.Conn) (any, error) { return c.Do("DEL", lock) }, 1},
		{"another's script deletes the lock", func(c redis.Conn) (any, error) {
			return redis.NewScript(1, `return redis.call('DEL', KEYS[1])`).Do(c, lock, "you")
		}, 1},
		{"the holder writes", func(c redis.Conn) (any, error) { return write.Do(c, lock, session, "me", "data") }, 0},
		{"another writes", func(c redis.Conn) (any, error) { return write.Do(c, lock, session, "you", "data") }, 1},
		{"a write without a lock", func(c redis.Conn) (any, error) { return c.Do("SET", session, "data") }, 1},
		{"a new session", func(c redis.Conn) (any, error) { return c.Do("SET", "session:new", "data") }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var faults []string
			s := fakeredis.New(fakeredis.Watch{
				Locks: "lock:", Sessions: "session:", Fault: func(what string) { faults = append(faults, what) },
			})
			c := at(t, s, fakeredis.Fate{})
			for _, key := range []string{lock, session} {
				if _, err := c.Do("SET", key, "me"); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := tt.do(c); err != nil || len(faults) != tt.faults {
				t.Errorf("faults %q, error %v", faults, err)
			}
		})
	}
}

func TestFlushAndRestart(t *testing.T) {
	s := fakeredis.New(fakeredis.Watch{})
	c := at(t, s, fakeredis.Fate{})
	for name, lose := range map[string]func(){"flush": s.Flush, "restart": s.Restart} {
		if _, err := scripts[0].Do(c, "k", "v", 60_000); err != nil || s.Len() != 1 {
			t.Fatal(name, err, s.Len())
		}
		lose()
		_, err := c.Do("EVALSHA", scripts[3].Hash(), 1, "k")
		if known := err == nil; s.Len() != 0 || known && name == "restart" {
			t.Errorf("%s: %d keys, %v", name, s.Len(), err)
		}
		if _, err := scripts[3].Do(c, "k"); err != nil {
			t.Error(fmt.Errorf("%s: %w", name, err))
		}
	}
}
