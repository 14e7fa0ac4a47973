package sessionguard

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gomodule/redigo/redis"
)

// Bounds of the traffic with Redis. Together they keep a request that meets a
// Redis which accepts and never answers below 2 s: requestBudget until the
// last call begins, waiting for a connection included, and one more ioTimeout
// for a login that hangs within it.
const (
	ioTimeout     = 500 * time.Millisecond // of one dial, one write, one reply
	attempts      = 2                      // the second on a fresh connection
	requestBudget = 1400 * time.Millisecond
	listTimeout   = 10 * time.Second // of listing all sessions, no part of any request
	maxConns      = 64               // of one instance
	maxIdle       = 32
	// An idle connection may have been cut by a firewall without a word.
	testAfterIdle = 30 * time.Second
	idleTimeout   = 4 * time.Minute

	healPause    = 100 * time.Millisecond
	healPauseMax = time.Second
)

// DefaultTTL is how long a lock outlives an instance that was killed. It is
// below DefaultMaxWait, so that the killed instance's candidates find their
// sessions free within one wait.
const DefaultTTL = 3 * time.Second

// RedisOptions are the settings of NewRedis; zero values mean the defaults.
type RedisOptions struct {
	TTL    time.Duration // of a lock, DefaultTTL
	Prefix string        // of all keys, "shiken:"
	Logger *slog.Logger  // nil: the guard's
	// Timeout of one dial, one write, one reply, 500 ms; a request may spend 2.8 times as much. For tests that
	// are not about it, on a machine that others keep busy.
	Timeout time.Duration
	// Dial connects, nil: to the server's address. Jitter shortens a pause by chance, so that those who
	// fail or wait together don't come back together, nil: to between half and all of it. Simulations
	// put their own here.
	Dial   func(context.Context) (redis.Conn, error)
	Jitter func(time.Duration) time.Duration
	// Granted gives every lock to whoever asks: for tests, which show that nothing depends on it.
	Granted bool
}

// Redis keeps locks and sessions in one Redis server, for any number of
// instances. It needs Redis 6.2 or later, not sharded.
type Redis struct {
	pool     *redis.Pool
	slots    chan struct{} // one for each connection that requests use
	ttl      time.Duration
	timeout  time.Duration // of one dial, one write, one reply
	budget   time.Duration // of one request
	prefix   string
	jitter   func(time.Duration) time.Duration
	granted  bool
	health   Health
	distrust atomic.Int64 // connections last used before this time (ns) are stale

	ctx   context.Context // ends with Close
	close context.CancelFunc
	heals sync.WaitGroup
}

// NewRedis returns the locks and sessions of the server at rawURL, a redis://
// or rediss:// address. It does not connect yet, so that an instance starts
// while Redis is down.
func NewRedis(rawURL string, o RedisOptions) (*Redis, error) {
	address, err := url.Parse(rawURL)
	if err != nil || (address.Scheme != "redis" && address.Scheme != "rediss") {
		// The address may hold a password, and url.Error repeats it.
		return nil, errors.New("sessionguard: the Redis address must be a redis:// or rediss:// URL")
	}
	r := &Redis{ttl: o.TTL, prefix: o.Prefix, jitter: o.Jitter, granted: o.Granted, slots: make(chan struct{}, maxConns)}
	r.health.logTo(o.Logger)
	r.timeout, r.budget = ioTimeout, requestBudget
	if o.Timeout > 0 {
		r.timeout, r.budget = o.Timeout, o.Timeout/5*14
	}
	if r.ttl <= 0 {
		r.ttl = DefaultTTL
	}
	if r.prefix == "" {
		r.prefix = "shiken:"
	}
	if r.jitter == nil {
		r.jitter = jitter
	}
	if o.Dial == nil {
		o.Dial = func(ctx context.Context) (redis.Conn, error) { return dial(ctx, rawURL, r.timeout) }
	}
	r.pool = newPool(o.Dial, r.testIdle)
	r.ctx, r.close = context.WithCancel(context.Background())
	return r, nil
}

// newPool returns a pool without a limit of its own: who waits for one of its
// connections could not tell a busy instance from a Redis that is slow to
// accept. The slots of Redis are the limit.
func newPool(dial func(context.Context) (redis.Conn, error),
	test func(context.Context, redis.Conn, time.Time) error) *redis.Pool {
	return &redis.Pool{MaxIdle: maxIdle, IdleTimeout: idleTimeout, DialContext: dial, TestOnBorrowContext: test}
}

func dial(ctx context.Context, rawURL string, timeout time.Duration) (redis.Conn, error) {
	return redis.DialURLContext(ctx, rawURL,
		redis.DialConnectTimeout(timeout), redis.DialTLSHandshakeTimeout(timeout),
		redis.DialReadTimeout(timeout), redis.DialWriteTimeout(timeout))
}

// Health says how Redis does; it is the health of Store too.
func (r *Redis) Health() *Health { return &r.health }

// Close ends the connections. Requests must have finished.
func (r *Redis) Close() error {
	r.close()
	r.heals.Wait()
	return r.pool.Close()
}

// testIdle refuses pooled connections that are older than the last failure:
// after a restart of Redis every one of them is dead, and a retry needs one
// that is fresh.
func (r *Redis) testIdle(ctx context.Context, c redis.Conn, lastUsed time.Time) error {
	if lastUsed.UnixNano() <= r.distrust.Load() {
		return errors.New("sessionguard: connection is older than the last failure")
	}
	if time.Since(lastUsed) < testAfterIdle {
		return nil
	}
	_, err := timedConn{c, ctx, r.timeout}.Do("PING")
	return err
}

// do runs op on a connection, again on a fresh one if it fails, and opens the
// circuit when that fails too. op may therefore run twice, the first time
// with its effect but without its answer: it must be idempotent. It returns
// ErrBusy, and nothing was sent, when all connections were taken for too long;
// that is this instance's matter and says nothing about Redis.
func (r *Redis) do(ctx context.Context, op func(redis.Conn) error) error {
	if err := r.enter(ctx); err != nil {
		return err
	}
	// Kept over the second attempt: behind the others' first ones, nobody's
	// second would come before its time is up, and the circuit stay closed.
	defer r.leave()
	var err error
	for range attempts {
		if r.health.isOpen() || r.isSpent(budgetOf(ctx)) {
			return errors.Join(ErrUnavailable, err)
		}
		if err = r.attempt(ctx, r.timeout, op); err == nil {
			r.health.answered()
			return nil
		}
		if ended := endOf(ctx); ended != nil {
			// Ended by the caller, which says nothing about Redis.
			return ended
		}
		r.stumble(err)
	}
	r.openCircuit(err)
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// enter waits for a connection to be free. It leaves enough of the request's
// budget for one answer, so that having waited makes no failure of Redis.
func (r *Redis) enter(ctx context.Context) error {
	select {
	case r.slots <- struct{}{}:
		return nil
	default:
	}
	purse, start := budgetOf(ctx), time.Now()
	timer := time.NewTimer(purse.cap(r.budget, r.budget) - r.timeout)
	defer timer.Stop()
	defer func() { purse.spend(time.Since(start)) }()
	select {
	case r.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return r.crowded()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// isSpent reports whether too little is left for an answer. Failing then is
// the request's matter and does not speak against Redis.
func (r *Redis) isSpent(purse *budget) bool {
	return purse.cap(r.budget, r.budget) < r.timeout/10
}

func (r *Redis) leave() { <-r.slots }

// crowded is the error of a request that got no connection. Where those who
// have them wait in vain for Redis, so would it have.
func (r *Redis) crowded() error {
	if r.health.Stage() != StageNormal {
		return ErrUnavailable
	}
	return fmt.Errorf("%w: all connections to Redis are taken", ErrBusy)
}

// attempt runs op once, within limit and the request's budget. It is not cut
// short when the client goes: a command without its answer leaves locks that
// nobody releases.
func (r *Redis) attempt(ctx context.Context, limit time.Duration, op func(redis.Conn) error) error {
	purse := budgetOf(ctx)
	start := time.Now()
	limit = purse.cap(limit, r.budget)
	deadline := start.Add(limit)
	if end, ok := ctx.Deadline(); ok && end.Before(deadline) {
		deadline = end
	}
	bounded, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	defer func() { purse.spend(time.Since(start)) }()
	conn, err := r.pool.GetContext(bounded)
	if err != nil {
		return err
	}
	defer conn.Close()
	return op(timedConn{conn, bounded, r.timeout})
}

func (r *Redis) stumble(err error) {
	var reply redis.Error
	if !errors.As(err, &reply) {
		r.distrust.Store(time.Now().UnixNano())
	}
	r.health.failed(err)
}

func (r *Redis) openCircuit(err error) {
	if r.ctx.Err() == nil && r.health.open(err) {
		r.heals.Go(r.heal)
	}
}

// heal tries Redis until it takes a write again, and closes the circuit. It
// writes, because a replica or a full server answers reads and pings.
func (r *Redis) heal() {
	pause := healPause
	for sleep(r.ctx, r.jitter(pause)) == nil {
		err := r.attempt(r.ctx, r.timeout, func(c redis.Conn) error {
			_, err := c.Do("SET", r.prefix+"probe", "1", "PX", probeLifetime.Milliseconds())
			return err
		})
		if err == nil {
			r.health.restored()
			return
		}
		r.distrust.Store(time.Now().UnixNano())
		pause = min(2*pause, healPauseMax)
	}
}

// newOwner returns a token that names one holding of a lock: 128 random bits.
func newOwner() string { return rand.Text() }
