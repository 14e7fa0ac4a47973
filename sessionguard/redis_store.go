package sessionguard

import (
	"context"
	"fmt"

	"github.com/alexedwards/scs/redisstore"
	"github.com/gomodule/redigo/redis"
)

// Store returns a store that keeps its sessions in Redis and saves under
// leases of r.
func (r *Redis) Store() *Store {
	return &Store{backend: redisBackend{r}, health: &r.health}
}

// redisBackend finds, lists and deletes by redisstore, and saves by a script.
type redisBackend struct{ *Redis }

func (b redisBackend) sessionPrefix() string { return b.prefix + "session:" }

// bounded gives redisstore, which waits for ever and knows no context, one
// connection that is bounded.
func (b redisBackend) bounded(c redis.Conn) *redisstore.RedisStore {
	return redisstore.NewWithPrefix(asPool(c), b.sessionPrefix())
}

// find has the session already when it came with the request's lock.
func (b redisBackend) find(ctx context.Context, key string) (data []byte, found bool, err error) {
	if v := visitOf(ctx); v != nil {
		if lease, ok := underlying(v.lease).(*redisLease); ok {
			if data, known := lease.take(key); known {
				return data, len(data) > 0, nil
			}
		}
	}
	err = b.do(ctx, func(c redis.Conn) (err error) {
		data, found, err = b.bounded(c).Find(key)
		return err
	})
	return data, found, err
}

func (b redisBackend) remove(ctx context.Context, key string) error {
	return b.do(ctx, func(c redis.Conn) error { return b.bounded(c).Delete(key) })
}

// all is no part of a request, so it has more time and does not touch the
// circuit.
func (b redisBackend) all(ctx context.Context) (sessions map[string][]byte, err error) {
	err = b.attempt(ctx, listTimeout, func(c redis.Conn) (err error) {
		sessions, err = b.bounded(c).All()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return sessions, nil
}

// writeScript saves a session if the lock is ours (unless there is none) and
// the session, or the one that it replaces, was not destroyed meanwhile.
// A first write that finds its own data was applied before its answer got
// lost. Keys: lock, session, replaced session ("" if none).
// Arguments: owner ("" if no lock), data, expiry in ms, "first" or "again",
// "orphan" if the replaced session need not be there.
var writeScript = redis.NewScript(3, `
local saved = redis.call('GET', KEYS[2])
if ARGV[4] == 'first' and saved == ARGV[2] then return 'ok' end
if ARGV[1] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'lost' end
if ARGV[4] == 'again' then
  if not saved then return 'gone' end
  redis.call('SET', KEYS[2], ARGV[2], 'XX', 'PXAT', ARGV[3])
  return 'ok'
end
if KEYS[3] ~= '' and ARGV[5] ~= 'orphan' and redis.call('EXISTS', KEYS[3]) == 0 then return 'gone' end
if not redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PXAT', ARGV[3]) then return 'taken' end
if KEYS[3] ~= '' then redis.call('DEL', KEYS[3]) end
return 'ok'`)

func (b redisBackend) write(ctx context.Context, w write) error {
	lock, owner, err := holder(w.lease)
	if err != nil {
		return err
	}
	mode, replaced, orphan := "again", "", ""
	if w.first {
		mode = "first"
	}
	if w.replaces != "" {
		replaced = b.sessionPrefix() + w.replaces
	}
	if w.orphan {
		orphan = "orphan"
	}
	var verdict string
	err = b.do(ctx, func(c redis.Conn) (err error) {
		verdict, err = redis.String(writeScript.Do(c, lock, b.sessionPrefix()+w.key, replaced,
			owner, w.data, w.expiry.UnixMilli(), mode, orphan))
		return err
	})
	if err != nil {
		return err
	}
	return verdictError(verdict)
}

// holder returns the key and the owner that the script compares.
func holder(lease Lease) (lock, owner string, err error) {
	if lease == nil {
		return "", "", nil
	}
	held, ok := underlying(lease).(*redisLease)
	if !ok || !held.Held() {
		return "", "", ErrLost
	}
	return held.key, held.owner, nil
}

func verdictError(verdict string) error {
	switch verdict {
	case "ok":
		return nil
	case "gone":
		return ErrGone
	case "taken":
		return errTaken
	default:
		return ErrLost
	}
}
