package simulate

import (
	"slices"
	"time"
)

// Kind is a kind of fault.
type Kind string

// The kinds of fault. The first are a single request's or call's, by chance; the others last.
const (
	RequestLate   Kind = "request late"
	RequestCopied Kind = "request delivered twice"
	RequestLost   Kind = "request lost"
	ReplyLost     Kind = "reply lost"
	ReplyLate     Kind = "reply late"
	Reordered     Kind = "requests overtaking each other"
	ClientGone    Kind = "client gone before the reply"

	CallRefused    Kind = "database: call fails, nothing done"
	CallUnheard    Kind = "database: call done, answer lost"
	CallRolledBack Kind = "database: rolled back"
	CallSlow       Kind = "database: slow call"
	RedisCutBefore Kind = "Redis: cut before the command"
	RedisCutAfter  Kind = "Redis: cut after the command"
	RedisLate      Kind = "Redis: command done late"
	HolderPaused   Kind = "instance paused in a call, up to ten leases"

	DatabaseAway   Kind = "database away"
	RedisAway      Kind = "Redis away"
	RedisSlow      Kind = "Redis slow"
	RedisFlushed   Kind = "Redis flushed"
	RedisRestarted Kind = "Redis restarted, empty"
	LockLost       Kind = "lock lost"
	InstanceDied   Kind = "instance died"
	AllDown        Kind = "all instances down"
	ClockStepped   Kind = "database's clock stepped forward"
	ClockWrong     Kind = "clocks of the instances wrong"
)

// Kinds lists every kind of fault. Each must have happened in a run of many seeds.
var Kinds = []Kind{
	RequestLate, RequestCopied, RequestLost, ReplyLost, ReplyLate, Reordered, ClientGone,
	CallRefused, CallUnheard, CallRolledBack, CallSlow, RedisCutBefore, RedisCutAfter, RedisLate, HolderPaused,
	DatabaseAway, RedisAway, RedisSlow, RedisFlushed, RedisRestarted, LockLost, InstanceDied, AllDown,
	ClockStepped, ClockWrong,
}

// What is counted besides faults, among what became of commands.
const (
	InGrace     = "done in the grace"
	AfterOutage = "done: extend after an outage"
)

// Events are what must have happened to attempts: else the rules about it were not tried.
var Events = []string{
	"done: expire", "done: submit", "done: force_submit", "done: grade", "done: regrade", "done: mark", "done: extend", "done: pause",
	"done: resume", "done: reopen", "done: void", "done: unvoid", "done: accept_late", "done: time_up", "done: check", "done: take_over",
	"refused: time_up", "refused: stale", "refused: finished", "refused: paused", "refused: voided", "refused: unanswered",
	"refused: not_reached", "refused: closed_question", "refused: id_reused", "refused: invalid_answer", "refused: other_device", InGrace, AfterOutage,
}

// Points are calls at which a whole instance must have been paused for longer than its locks last, the
// session's turn held or not.
var Points = []string{
	"request", "connecting to Redis", "Redis EVALSHA", "Redis GET", "LoadAttempt", "Commit", "LoadStart", "Create",
	"Viewer", "CreateSignIn", "RevokeSignIn", "Met",
}

// byNetwork are those that no answer of the server may show.
var byNetwork = []Kind{RequestLate, RequestCopied, RequestLost, ReplyLost, ReplyLate, Reordered, ClientGone}

// episode is a fault that lasts, or happens at one moment.
type episode struct {
	kind  Kind
	begin time.Duration // since the run began
	lasts time.Duration
	where int // instance
	hard  bool
}

// plan is what a seed says will go wrong. Of each kind a run has much or nothing: what is rare
// everywhere never meets.
type plan struct {
	calm     bool // nothing but the network's faults, which no server can be blamed for
	enabled  map[Kind]bool
	episodes []episode
	offset   time.Duration // of the database's clock against that of the instances
}

func planned(c *chance, play time.Duration) plan {
	p := plan{calm: c.hit(0.15), enabled: map[Kind]bool{}}
	for _, k := range Kinds {
		p.enabled[k] = c.hit(0.35) && (!p.calm || slices.Contains(byNetwork, k))
	}
	if p.enabled[ClockWrong] {
		p.offset = []time.Duration{-10 * time.Minute, 5 * time.Second, 14 * time.Hour, 8 * 24 * time.Hour}[c.pick(4)]
	}
	for _, e := range []struct {
		kind        Kind
		least, most time.Duration
		times       int
	}{
		{DatabaseAway, 100 * time.Millisecond, 5 * time.Second, 2},
		{RedisAway, 100 * time.Millisecond, 8 * time.Second, 2},
		{RedisSlow, time.Second, 6 * time.Second, 1},
		{RedisFlushed, 1, 2, 4},
		{RedisRestarted, 200 * time.Millisecond, 4 * time.Second, 2},
		{LockLost, 1, 2, 6},
		{InstanceDied, 100 * time.Millisecond, 10 * time.Second, 2},
		{AllDown, time.Second, 12 * time.Second, 1},
		{ClockStepped, 1, 2, 2},
	} {
		for range e.times {
			if p.enabled[e.kind] {
				p.episodes = append(p.episodes, episode{
					kind: e.kind, begin: c.between(2*time.Second, play), lasts: c.between(e.least, e.most),
					where: c.pick(instances), hard: c.hit(0.5),
				})
			}
		}
	}
	return p
}
