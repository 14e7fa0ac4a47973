package sessionguard_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"shiken/sessionguard"
)

func lock(t *testing.T, l sessionguard.Locker, key string) sessionguard.Lease {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	lease, err := l.Lock(ctx, key)
	if err != nil {
		t.Fatalf("lock %s: %v", key, err)
	}
	return lease
}

func release(t *testing.T, lease sessionguard.Lease) {
	t.Helper()
	if err := lease.Release(context.Background()); err != nil {
		t.Errorf("release: %v", err)
	}
}

// isHeld reports whether another instance is kept from the key for a while.
func isHeld(t *testing.T, l sessionguard.Locker, key string, while time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), while)
	defer cancel()
	lease, err := l.Lock(ctx, key)
	if err == nil {
		release(t, lease)
		return false
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("lock of a held key: %v, want deadline exceeded", err)
	}
	return true
}

func TestLockExcludes(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		const goroutines, rounds = 10, 20
		counter := 0
		var all sync.WaitGroup
		for range goroutines {
			locker := sessionguard.NewQueue(next().locker, patience, goroutines)
			all.Go(func() {
				for range rounds {
					lease := lock(t, locker, "one")
					seen := counter
					for range rand.N(5) {
						runtime.Gosched()
					}
					counter = seen + 1
					release(t, lease)
				}
			})
		}
		all.Wait()
		if counter != goroutines*rounds {
			t.Errorf("counter = %d, want %d", counter, goroutines*rounds)
		}
	})
}

func TestLocksOfOtherKeysAreFree(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		locker := next().locker
		one, two := lock(t, locker, "one"), lock(t, locker, "two")
		if one.Token() == two.Token() {
			t.Errorf("two holdings share the token %s", one.Token())
		}
		release(t, one)
		release(t, two)
	})
}

func TestReleaseLeavesTheNextHolderAlone(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		locker := next().locker
		first := lock(t, locker, "key")
		release(t, first)
		second := lock(t, locker, "key")
		release(t, first)
		if first.Held() || !second.Held() {
			t.Errorf("held: first %t, second %t; want false, true", first.Held(), second.Held())
		}
		if !isHeld(t, next().locker, "key", 50*time.Millisecond) {
			t.Error("releasing twice freed the next holder's lock")
		}
		release(t, second)
	})
}

func TestQueueServesInOrder(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		queue := sessionguard.NewQueue(next().locker, patience, 0)
		first := lock(t, queue, "key")
		var served []int
		var all sync.WaitGroup
		for i := range sessionguard.DefaultMaxQueue {
			all.Go(func() {
				lease := lock(t, queue, "key")
				served = append(served, i)
				release(t, lease)
			})
			eventually(t, "a place in the queue", func() bool { _, waiting := queue.Load(); return waiting == i+1 })
		}
		if _, err := queue.Lock(t.Context(), "key"); !errors.Is(err, sessionguard.ErrBusy) {
			t.Errorf("one more than may wait: %v, want ErrBusy", err)
		}
		release(t, first)
		all.Wait()
		if !slices.IsSorted(served) || len(served) != sessionguard.DefaultMaxQueue {
			t.Errorf("served in order %v", served)
		}
		if held, waiting := queue.Load(); held != 0 || waiting != 0 {
			t.Errorf("left behind: %d held, %d waiting", held, waiting)
		}
	})
}

func TestQueueWaitIsBounded(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		const maxWait = 60 * time.Millisecond
		locker := next().locker
		queue := sessionguard.NewQueue(locker, maxWait, 0)
		for _, held := range []sessionguard.Locker{queue, locker} {
			lease := lock(t, held, "key")
			start := time.Now()
			_, err := queue.Lock(t.Context(), "key")
			if waited := time.Since(start); !errors.Is(err, sessionguard.ErrBusy) || waited < maxWait {
				t.Errorf("after %v: %v; want ErrBusy after %v", waited, err, maxWait)
			}
			release(t, lease)
		}
		if held, waiting := queue.Load(); held != 0 || waiting != 0 {
			t.Errorf("left behind: %d held, %d waiting", held, waiting)
		}
	})
}

func TestWaiterLeavesTheQueueWithItsClient(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		queue := sessionguard.NewQueue(next().locker, patience, 0)
		first := lock(t, queue, "key")
		ctx, leave := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() {
			_, err := queue.Lock(ctx, "key")
			gone <- err
		}()
		eventually(t, "a waiter", func() bool { _, waiting := queue.Load(); return waiting == 1 })
		leave()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("waiter without client: %v, want canceled", err)
		}
		if _, waiting := queue.Load(); waiting != 0 {
			t.Errorf("%d still wait", waiting)
		}
		release(t, first)
		release(t, lock(t, queue, "key"))
	})
}

// A turn that comes at the moment at which its waiter leaves must not be lost.
func TestTurnIsPassedOnByWaitersThatLeave(t *testing.T) {
	onEveryShape(t, func(t *testing.T, next func() instance) {
		queue := sessionguard.NewQueue(next().locker, patience, 0)
		for range 300 {
			first := lock(t, queue, "key")
			ctx, leave := context.WithCancel(t.Context())
			var waiter sync.WaitGroup
			waiter.Go(func() {
				if lease, err := queue.Lock(ctx, "key"); err == nil {
					release(t, lease)
				}
			})
			eventually(t, "a waiter", func() bool { _, waiting := queue.Load(); return waiting == 1 })
			leave()
			release(t, first)
			waiter.Wait()
			release(t, lock(t, queue, "key"))
		}
	})
}

func TestRedisLeaseIsRenewedWhileHeld(t *testing.T) {
	t.Parallel()
	shape := openRedis(t)
	shape.options.TTL = 3 * time.Second // a busy machine may hold a renewal up
	lease := lock(t, shape.client(), "key")
	other := shape.client()
	if !isHeld(t, other, "key", 2*shape.options.TTL) {
		t.Error("the lease ended while its holder was at work")
	}
	if !lease.Held() {
		t.Error("the holder thinks that it lost its lease")
	}
	release(t, lease)
	release(t, lock(t, other, "key"))
}

func TestRedisLeaseOfADeadInstanceExpires(t *testing.T) {
	shape := openRedis(t)
	shape.options.TTL = 150 * time.Millisecond
	dead := shape.client()
	lease := lock(t, dead, "key")
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	release(t, lock(t, shape.client(), "key"))
	if lease.Held() {
		t.Error("the dead instance still thinks that it holds the lease")
	}
}

func TestRedisLeaseThatWasTakenOverIsLost(t *testing.T) {
	t.Parallel()
	shape := openRedis(t)
	shape.options.TTL = 3 * time.Second // a busy machine may hold the second one's renewal up
	first := lock(t, shape.client(), "key")
	shape.loseLock("key")
	second := lock(t, shape.client(), "key")
	eventually(t, "the loss is noticed", func() bool { return !first.Held() })
	release(t, first)
	if !isHeld(t, shape.client(), "key", 50*time.Millisecond) || !second.Held() {
		t.Error("the loser's release freed the lock of its new holder")
	}
	release(t, second)
}

func TestRedisReleaseOfALostLockLeavesItsNewHolderAlone(t *testing.T) {
	shape := openRedis(t)
	first := lock(t, shape.client(), "key")
	shape.loseLock("key")
	second := lock(t, shape.client(), "key")
	if err := first.Release(t.Context()); !errors.Is(err, sessionguard.ErrLost) {
		t.Errorf("release of a lost lock: %v, want ErrLost", err)
	}
	if !isHeld(t, shape.client(), "key", 50*time.Millisecond) {
		t.Error("the loser's release freed the lock of its new holder")
	}
	release(t, second)
}

func TestRedisAddressIsChecked(t *testing.T) {
	for _, address := range []string{"", "localhost:6379", "http://localhost", "redis://u:secret@host:port\x7f/"} {
		_, err := sessionguard.NewRedis(address, sessionguard.RedisOptions{})
		if err == nil {
			t.Errorf("address %q is accepted", address)
			continue
		}
		if want := "sessionguard: the Redis address must be a redis:// or rediss:// URL"; err.Error() != want {
			t.Errorf("error %q, want %q, which repeats no password", err, want)
		}
	}
}
