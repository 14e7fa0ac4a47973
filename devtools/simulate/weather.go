package simulate

import (
	"time"
)

// weather lets the plan's episodes come and go, until everything is well again.
func (w *world) weather() {
	for i := range w.plan.episodes {
		e := &w.plan.episodes[i]
		w.tasks.Go(func() {
			w.sleep(e.begin)
			if w.isHealed() {
				return
			}
			w.counted(string(e.kind))
			w.say("%s for %v, instance %d", e.kind, e.lasts, e.where)
			end := w.begin(e)
			w.sleep(e.lasts)
			end()
		})
	}
}

func (w *world) isHealed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.healed
}

// begin lets an episode begin and returns what ends it.
func (w *world) begin(e *episode) (end func()) {
	switch e.kind {
	case DatabaseAway:
		return w.awayDatabase(e)
	case RedisAway, RedisSlow:
		return w.redisBecomes(e)
	case RedisFlushed:
		w.harmed(everywhere, 0)
		w.redis.Flush()
	case RedisRestarted:
		end := w.redisBecomes(e)
		w.redis.Restart()
		return end
	case LockLost:
		w.harmed(everywhere, 0)
		w.redis.Lose("shiken:lock:")
	case InstanceDied:
		w.kill(e.where)
		return func() { w.revive(e.where) }
	case AllDown:
		for i := range instances {
			w.kill(i)
		}
		return func() { w.comeBack(e) }
	case ClockStepped:
		w.mu.Lock()
		w.step += e.begin % (15 * time.Second)
		w.mu.Unlock()
	}
	return func() {}
}

// comeBack revives the instances one after another; the first may die once more over what it finds.
func (w *world) comeBack(e *episode) {
	for i := range instances {
		w.revive(i)
		w.sleep(time.Duration(i+1)*time.Millisecond + e.lasts%(2*time.Second))
		if i == 0 && e.hard {
			w.kill(0)
		}
	}
	w.revive(0)
}

func (w *world) awayDatabase(e *episode) func() {
	w.harmed(everywhere, e.lasts)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dbAway = e
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.dbAway == e {
			w.dbAway = nil
		}
	}
}

// redisBecomes makes Redis slow, or unreachable.
func (w *world) redisBecomes(e *episode) func() {
	kind := e.kind
	if kind == RedisRestarted {
		kind = RedisAway
	}
	w.harmed(everywhere, e.lasts)
	set := func(is bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.redisIs[kind] = is
	}
	set(true)
	return func() { set(false) }
}

func (w *world) redisIsNow(k Kind) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.redisIs[k] && !w.healed
}

func (w *world) databaseAway() *episode {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.healed {
		return nil
	}
	return w.dbAway
}

// heal ends all faults; every instance serves again.
func (w *world) heal() {
	w.mu.Lock()
	w.healed = true
	w.mu.Unlock()
	for i := range instances {
		w.revive(i)
		w.sleep(time.Duration(i+1) * time.Millisecond)
	}
}

// awake waits until no instance is paused any more.
func (w *world) awake() {
	for i := range instances {
		w.sleep(w.at(i).halted())
	}
}
