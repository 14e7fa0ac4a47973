package sessionguard

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/gomodule/redigo/redis"
)

// timedConn bounds every reply by a context. Unlike redigo's DoContext it
// spends no goroutine, and does not break the connection when a client goes.
type timedConn struct {
	redis.Conn
	ctx   context.Context
	limit time.Duration
}

// Do waits no longer for its reply than the limit and the context's deadline.
func (c timedConn) Do(command string, args ...any) (any, error) {
	limit := c.limit
	if deadline, ok := c.ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline))
	}
	// redigo takes a timeout of 0 for none at all.
	if limit <= 0 {
		return nil, context.DeadlineExceeded
	}
	return redis.DoWithTimeout(c.Conn, limit, command, args...)
}

// asPool makes a pool out of one bounded connection, for libraries that take
// a pool and know no context. They may take it several times, but not use it
// from several goroutines.
func asPool(c redis.Conn) *redis.Pool {
	return &redis.Pool{Dial: func() (redis.Conn, error) { return lentConn{c}, nil }}
}

// lentConn stays open when the borrower closes it: its owner closes it.
type lentConn struct{ redis.Conn }

func (lentConn) Close() error { return nil }

// Do leaves out the empty command by which a pool drains pending replies
// before it takes a connection back: there are none, and its owner drains.
func (c lentConn) Do(command string, args ...any) (any, error) {
	if command == "" {
		return nil, nil
	}
	return c.Conn.Do(command, args...)
}

// budget is the time that one request has spent on Redis, over all its calls,
// of which it has Redis.total. A nil budget is unlimited.
type budget struct{ spent atomic.Int64 }

type budgetKey struct{}

func withBudget(ctx context.Context) context.Context {
	return context.WithValue(ctx, budgetKey{}, new(budget))
}

func budgetOf(ctx context.Context) *budget {
	b, _ := ctx.Value(budgetKey{}).(*budget)
	return b
}

// cap is d, or what is left of the total where that is less.
func (b *budget) cap(d, total time.Duration) time.Duration {
	if b == nil {
		return d
	}
	return min(d, total-time.Duration(b.spent.Load()))
}

func (b *budget) spend(d time.Duration) {
	if b != nil {
		b.spent.Add(int64(d))
	}
}

// endOf returns why ctx has ended, or nil. It also sees a deadline that has
// passed while the context's own timer is yet to fire.
func endOf(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		<-ctx.Done()
	}
	return context.Cause(ctx)
}

// sleep waits for d, or returns the cause when ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// jitter returns between half of d and d, so that instances that fail or wait
// together do not come back together.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}
