package sessionguard_test

import (
	"crypto/rand"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/alexedwards/scs/sqlite3store"
	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/gomodule/redigo/redis"
	_ "modernc.org/sqlite"

	"shiken/devtools/services"
	"shiken/sessionguard"
)

// instance is what one process of the program has.
type instance struct {
	locker sessionguard.Locker
	store  *sessionguard.Store
	// loseLock, unless nil, takes the lock of a session away from whoever holds it.
	loseLock func(key string)
	// put writes a session behind the product's back.
	put func(key string, data []byte)
}

// shape makes instances that share sessions and locks. The in-process shapes
// return the same one each time: they have one process.
type shape struct {
	name string
	open func(*testing.T) (next func() instance)
}

var shapes = []shape{
	{"memory", openMemory},
	{"sqlite", openSQLite},
	{"redis", func(t *testing.T) func() instance { return openRedis(t).instance }},
}

func onEveryShape(t *testing.T, test func(t *testing.T, next func() instance)) {
	t.Helper()
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) { test(t, s.open(t)) })
	}
}

func openMemory(t *testing.T) func() instance {
	return alone(t, memstore.NewWithCleanupInterval(0))
}

// alone is the shape of one process.
func alone(t *testing.T, inner scs.Store) func() instance {
	local := sessionguard.NewLocal()
	i := instance{locker: local, store: local.Store(inner), put: func(key string, data []byte) {
		if err := inner.Commit(key, data, time.Now().Add(time.Hour)); err != nil {
			t.Error(err)
		}
	}}
	return func() instance { return i }
}

func openSQLite(t *testing.T) func() instance {
	file := filepath.Join(t.TempDir(), "sessions.db")
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.Exec(`CREATE TABLE sessions (token TEXT PRIMARY KEY, data BLOB NOT NULL, expiry REAL NOT NULL)`)
	if err != nil {
		t.Fatal(err)
	}
	return alone(t, sqlite3store.NewWithCleanupInterval(db, 0))
}

// redisShape is a Redis with keys of its own, so that tests may share a server, which may take its time to
// answer: the tests of what may not are those with a server of their own.
type redisShape struct {
	t       *testing.T
	url     string
	options sessionguard.RedisOptions
}

func openRedis(t *testing.T) *redisShape {
	return &redisShape{t: t, url: services.Redis(t), options: sessionguard.RedisOptions{Prefix: "test:" + rand.Text() + ":", Timeout: patience}}
}

func (s *redisShape) client() *sessionguard.Redis {
	s.t.Helper()
	r, err := sessionguard.NewRedis(s.url, s.options)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = r.Close() })
	return r
}

func (s *redisShape) instance() instance {
	r := s.client()
	return instance{locker: r, store: r.Store(), loseLock: s.loseLock, put: func(key string, data []byte) {
		s.do("SET", s.options.Prefix+"session:"+key, data, "EX", 3600)
	}}
}

// do speaks with the server behind the product's back.
func (s *redisShape) do(command string, args ...any) any {
	s.t.Helper()
	conn, err := redis.DialURL(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	reply, err := conn.Do(command, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply
}

// loseLock takes the lock of a session away from whoever holds it.
func (s *redisShape) loseLock(key string) {
	s.t.Helper()
	s.do("DEL", s.options.Prefix+"lock:"+key)
}

// patience bounds what should happen at once, on a busy machine.
const patience = time.Minute

// eventually polls until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		case <-tick.C:
		}
	}
}
