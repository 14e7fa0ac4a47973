package sessionguard

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gomodule/redigo/redis"
)

// How often an instance asks for a lock that another one holds.
const (
	pollMin = 2 * time.Millisecond
	pollMax = 50 * time.Millisecond
)

// acquireScript takes a free lock, or one that a lost answer gave us already, and returns the session,
// empty when there is none: one round trip instead of two. It returns 0 when another has the lock.
// Keys: lock, session. Arguments: owner, time to live in ms.
var acquireScript = redis.NewScript(2, `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('GET', KEYS[2]) or ''`)

// grantScript takes the lock whoever has it, see RedisOptions.Granted.
var grantScript = redis.NewScript(2, `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('GET', KEYS[2]) or ''`)

var renewScript = redis.NewScript(1, `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`)

var releaseScript = redis.NewScript(1, `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

// Lock implements [Locker]. Instances that wait for one key get it in no
// particular order; put a [Queue] before it for order within this process.
func (r *Redis) Lock(ctx context.Context, key string) (Lease, error) {
	lease := &redisLease{redis: r, key: r.lockKey(key), owner: newOwner()}
	for pause := pollMin; ; pause = min(2*pause, pollMax) {
		asked := time.Now()
		session, got, err := r.acquire(ctx, lease, key)
		if err != nil {
			return nil, err
		}
		if got {
			lease.session.Store(&loaded{key, session})
			lease.begin(asked)
			return lease, nil
		}
		if err := sleep(ctx, r.jitter(pause)); err != nil {
			return nil, err
		}
	}
}

// acquire asks once for the lock and, when that is got, the session.
func (r *Redis) acquire(ctx context.Context, lease *redisLease, key string) (session []byte, got bool, err error) {
	script := acquireScript
	if r.granted {
		script = grantScript
	}
	err = r.do(ctx, func(c redis.Conn) error {
		answer, err := script.Do(c, lease.key, r.sessionKey(key), lease.owner, r.ttl.Milliseconds())
		if _, taken := answer.(int64); taken || err != nil {
			got = false
			return err
		}
		got = true
		session, err = redis.Bytes(answer, nil)
		return err
	})
	return session, got, err
}

func (r *Redis) sessionKey(key string) string { return r.prefix + "session:" + key }

func (r *Redis) lockKey(key string) string { return r.prefix + "lock:" + key }

// ask runs a script that answers 0 or 1.
func (r *Redis) ask(ctx context.Context, script *redis.Script, keysAndArgs ...any) (yes bool, err error) {
	err = r.do(ctx, func(c redis.Conn) error {
		answer, err := redis.Int(script.Do(c, keysAndArgs...))
		yes = answer == 1
		return err
	})
	return yes, err
}

// loaded is a session by its key; without data there was none.
type loaded struct {
	key  string
	data []byte
}

// take returns the session that came with the lock, once.
func (l *redisLease) take(key string) (data []byte, ok bool) {
	s := l.session.Swap(nil)
	if s == nil || s.key != key {
		return nil, false
	}
	return s.data, true
}

// redisLease renews itself by a timer, which a request that is quicker than a
// third of the lease never sees fire.
type redisLease struct {
	redis *Redis
	key   string
	owner string
	// session is what was stored when the lock was got, until somebody has taken it.
	session atomic.Pointer[loaded]

	mu      sync.Mutex
	expires time.Time // at the latest on the server, by our monotonic clock
	over    bool      // released or lost
	renewal *time.Timer
}

// begin starts the lease. It counts from before the server was asked, so that
// it never ends here later than there.
func (l *redisLease) begin(asked time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expires = asked.Add(l.redis.ttl)
	l.renewal = time.AfterFunc(l.redis.ttl/3, l.renew)
}

// renew extends the lease. While Redis stumbles it tries again until the
// lease has run out; a lease that somebody else got in between stays lost.
func (l *redisLease) renew() {
	asked := time.Now()
	held, err := l.redis.ask(l.redis.ctx, renewScript, l.key, l.owner, l.redis.ttl.Milliseconds())
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	if err == nil && held {
		l.expires = asked.Add(l.redis.ttl)
	}
	if (err == nil && !held) || !time.Now().Before(l.expires) {
		l.over = true
		return
	}
	l.renewal.Reset(l.redis.ttl / 3)
}

func (l *redisLease) Token() string { return l.owner }

func (l *redisLease) Held() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.over && time.Now().Before(l.expires)
}

// Release implements [Lease]. When Redis does not answer, the lock ends with
// its time to live.
func (l *redisLease) Release(ctx context.Context) error {
	l.mu.Lock()
	over := l.over
	l.over = true
	l.renewal.Stop()
	l.mu.Unlock()
	if over {
		return nil
	}
	script := releaseScript
	if bug("release_without_owner") {
		script = redis.NewScript(1, `return redis.call('DEL', KEYS[1])`)
	}
	freed, err := l.redis.ask(ctx, script, l.key, l.owner)
	if err == nil && !freed {
		return errors.Join(ErrLost, errors.New("sessionguard: lock had expired before its release"))
	}
	return err
}
