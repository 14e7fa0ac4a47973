package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// fault is one way to break the cluster. do breaks the target, sees that it broke, mends it, and
// returns when it is whole again: an error wrapping errMissed when nothing was there to be broken.
type fault struct {
	kind string
	// target is which part is broken: two faults never have the same one at a time.
	target target
	// lasting: others go on meanwhile, since it takes seconds.
	lasting bool
	do      func(*saboteur, context.Context, string) error
}

// target is a part of the cluster.
type target string

// The targets. An instance is one of the three, by turns; its links break with it.
const (
	anInstance  target = "instance"
	theRedis    target = "redis"
	thePostgres target = "postgres"
	theFront    target = frontLink
)

// errMissed: the fault met nothing, and does not count.
var errMissed = errors.New("torture: the fault met nothing")

// faults are all kinds. Each happens as often as the others.
var faults = []fault{
	{"instance killed", anInstance, true, (*saboteur).killInstance},
	{"instance halted", anInstance, true, (*saboteur).haltInstance},
	{"instance terminated", anInstance, true, (*saboteur).terminateInstance},
	{"instance with a wrong clock", anInstance, true, (*saboteur).wrongClock},
	{"instance with the lock always granted", anInstance, true, (*saboteur).lockAlways},
	{"redis killed", theRedis, false, (*saboteur).killRedis},
	{"redis emptied", theRedis, false, (*saboteur).emptyRedis},
	{"redis halted", theRedis, false, (*saboteur).haltRedis},
	{"redis slow", theRedis, false, (*saboteur).slowRedis},
	{"redis link: black hole", anInstance, false, (*saboteur).redisHole},
	{"postgres killed", thePostgres, false, (*saboteur).killPostgres},
	{"postgres backends terminated", thePostgres, false, (*saboteur).terminateBackends},
	{"postgres link: cut after the statement, before its reply", anInstance, false, (*saboteur).replyCut},
	{"postgres link: reply truncated", anInstance, false, (*saboteur).replyTruncated},
	{"postgres link: black hole to it", anInstance, false, (*saboteur).holeToPostgres},
	{"postgres link: black hole from it", anInstance, false, (*saboteur).holeFromPostgres},
	{"client link: cut before the reply", theFront, false, (*saboteur).clientCut},
	{"client link: reply truncated", theFront, false, (*saboteur).clientTruncated},
	{"client link: black hole", theFront, false, (*saboteur).clientHole},
}

// Kinds are the names of all kinds of fault.
func Kinds() []string {
	var kinds []string
	for i := range faults {
		kinds = append(kinds, faults[i].kind)
	}
	return kinds
}

// saboteur breaks the cluster by the seed.
type saboteur struct {
	parts  *topology
	rng    *lockedRand
	clocks atomic.Int64 // that were set wrong
	kills  atomic.Int64 // of Postgres
}

// between is a span that the seed chooses.
func (s *saboteur) between(low, high time.Duration) time.Duration {
	return low + time.Duration(s.rng.Int64N(int64(high-low)))
}

// briefly is how long most faults last.
func (s *saboteur) briefly(ctx context.Context) {
	_ = pause(ctx, s.between(200*time.Millisecond, 900*time.Millisecond)) // the run ends: mend at once
}

// along breaks a link for the span.
func (s *saboteur) along(ctx context.Context, span time.Duration, d direction, how sabotage, names ...string) error {
	var heals []func() int64
	for _, name := range names {
		heals = append(heals, s.parts.links.get(name).sabotage(d, how))
	}
	_ = pause(ctx, span) // the run ends: mend at once
	met := int64(0)
	for _, heal := range heals {
		met += heal()
	}
	if met == 0 {
		return fmt.Errorf("%w: nothing went through %v", errMissed, names)
	}
	return nil
}

func (s *saboteur) direction() direction {
	if s.rng.IntN(2) == 0 {
		return requests
	}
	return replies
}

// lockedRand is a source of the seed for several goroutines.
type lockedRand struct {
	turn chan struct{}
	rng  *rand.Rand
}

func newLockedRand(seed uint64) *lockedRand {
	return &lockedRand{turn: make(chan struct{}, 1), rng: rand.New(rand.NewPCG(seed, 0))}
}

func (r *lockedRand) Int64N(n int64) int64 {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	return r.rng.Int64N(n)
}

func (r *lockedRand) shuffle(list []int) {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func (r *lockedRand) IntN(n int) int { return int(r.Int64N(int64(n))) }
