package simulate

import (
	"context"
	"errors"
	"html"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"shiken/accounts"
	"shiken/board"
	"shiken/devtools/simulate/fakeredis"
	"shiken/exam"
	"shiken/handlers"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/sessionguard"
	"shiken/store"
	"shiken/templates"
)

// instance is one life of one of the program's processes.
type instance struct {
	*world
	number  int
	dice    *dice
	store   store.Store
	handler http.Handler
	guard   *sessionguard.Guard
	redis   *sessionguard.Redis
	died    chan struct{} // closed when it was killed
	stop    context.CancelFunc
	running sync.WaitGroup

	mu          sync.Mutex
	paused, end time.Time // in between it does nothing
}

// longestWay is longer than any run.
const longestWay = time.Hour

// lease is the guard's time to live of a lock.
const lease = sessionguard.DefaultTTL

var secret = []byte("a secret of the simulation, 32 bytes")

// errGone ends what a killed instance was doing when nobody looks any more.
var errGone = errors.New("simulate: the run is over")

// start begins a life of an instance.
func (w *world) start(number, life int) *instance {
	in := &instance{
		world: w, number: number, died: make(chan struct{}),
		dice: newDice(w.dice.at("instance").next() ^ uint64(number*1000+life)),
	}
	in.store = &faulty{db: w.db, in: in}
	ctx, stop := context.WithCancel(context.Background())
	in.stop = stop
	in.assemble()
	p := in.proctor()
	in.running.Go(func() {
		// Instances never begin in the same moment, and so their ticks never meet.
		if w.sleepWithin(ctx, in.dice.at("begin").between(0, time.Second)) == nil {
			p.Run(ctx)
		}
	})
	return in
}

// grader is that of the program.
var grader = exam.Grader{Normalize: norm.NFKC.String}

func (in *instance) proctor() *proctor.Proctor {
	return &proctor.Proctor{
		Store: in.store, Logger: in.logger(), Grader: grader,
		Random: &bytesOf{chance: *in.dice.at("proctor")},
	}
}

// assemble wires the parts as the program does (serve.go), but for what no sitting needs.
func (in *instance) assemble() {
	log := in.logger()
	redis, err := sessionguard.NewRedis("redis://nowhere", sessionguard.RedisOptions{
		Logger: log, Dial: in.dialer().Context, Jitter: in.jitter,
	})
	must(err)
	in.redis = redis
	sessions := sessionguard.NewSessionManager(redis.Store(), false)
	server := handlers.New(handlers.Config{
		Store: in.store, Proctor: in.proctor(), Sessions: sessions,
		Accounts: &accounts.Authenticator{Accounts: in.store, Hasher: accounts.NewHasher()},
		Presence: accounts.NewPresence(in.store, log), Board: board.New(in.store, jobs.Ordered, log),
		Render: plain{}, Secret: secret, Zone: time.UTC, Logger: log, Metrics: handlers.NewMetrics(),
		Rosters: &jobs.Rosters{Store: in.store}, Kick: func(...string) {},
	})
	in.guard, err = sessionguard.New(sessionguard.Config{
		Sessions: sessions, Locker: redis, Busy: server.Busy, Down: server.Down, Fallback: server, Logger: log,
		Observe: sessionguard.Observe{Misused: func() { in.fault("§6", "a session was changed where it must not be") }},
	})
	must(err)
	server.Attach(in.guard)
	in.handler = server.Handler()
}

func must(err error) {
	if err != nil {
		panic(err) // a fault of the simulation's own wiring
	}
}

func (in *instance) jitter(pause time.Duration) time.Duration {
	return in.dice.at("jitter").between(pause/2, pause)
}

// late is how late a timer is noticed.
func (in *instance) late() time.Duration { return in.dice.at("late").between(0, 50*time.Microsecond) }

// dialer connects to the Redis in memory, over a network that may be away, slow or cut.
func (in *instance) dialer() *fakeredis.Dialer {
	return &fakeredis.Dialer{Server: in.world.redis, Dial: in.dialRedis, Send: in.sendRedis, Late: in.late}
}

var errRefused = errors.New("simulate: connection refused")

func (in *instance) dialRedis() (time.Duration, error) {
	in.stand("connecting to Redis")
	c := in.dice.at("dial")
	takes := c.between(100*time.Microsecond, 500*time.Microsecond)
	switch {
	case in.isOver() || in.isDead():
		return 0, errGone
	case in.redisIsNow(RedisAway) && c.hit(0.5):
		return takes, errRefused
	case in.redisIsNow(RedisAway):
		return time.Minute + takes, errRefused // nothing comes back
	}
	return takes, nil
}

func (in *instance) sendRedis(command string) fakeredis.Fate {
	in.stand("Redis " + command)
	c := in.dice.at("redis " + command)
	f := fakeredis.Fate{Way: c.between(20*time.Microsecond, 300*time.Microsecond)}
	switch {
	case in.isOver():
		f.Cut = true
	case in.redisIsNow(RedisAway):
		f.Cut = true
		if c.hit(0.5) {
			f.Cut, f.Way = false, longestWay // nothing comes back, and it arrives when nobody cares
		}
	case in.redisIsNow(RedisSlow):
		f.Way, f.Back = f.Way+c.between(0, 700*time.Millisecond), f.Back+c.between(0, 300*time.Millisecond)
	case in.happens(RedisCutBefore, c, 0.01):
		f.Cut = true
	case in.happens(RedisCutAfter, c, 0.01):
		f.Cut, f.Arrives = true, true
	case in.happens(RedisLate, c, 0.005):
		f.Way += c.between(500*time.Millisecond, 4*time.Second)
	default:
		return f
	}
	in.harmed(in.number, f.Way%longestWay)
	return f
}

// stand is every point at which the instance waits for another process: there it may be paused, with
// everything that it does, and there it stands for ever when it was killed.
func (in *instance) stand(point string) {
	if in.isDead() {
		<-in.over
		return
	}
	if until := time.Until(in.pausedUntil(point)); until > 0 {
		// Whatever was held up goes on in an order of its own.
		in.sleep(until + in.dice.at("resume at "+point).between(0, 3*time.Millisecond))
	}
	if in.isDead() {
		<-in.over
	}
}

// halted is for how long the instance is still paused.
func (in *instance) halted() time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	return max(time.Until(in.end), 0)
}

// pauses is how probably an instance is paused at a point: more where it seldom comes.
func pauses(point string) float64 {
	switch point {
	case "RevokeSignIn":
		return 0.03
	case "Redis GET", "LoadStart", "Create", "Viewer", "CreateSignIn", "Met":
		return 0.006
	}
	return 0.0012
}

// pausedUntil is when the instance goes on; it may be paused right now. What happens elsewhere at the
// very same time still goes on, whichever of the two looks first.
func (in *instance) pausedUntil(point string) time.Time {
	begins := in.plan.enabled[HolderPaused] && in.happens(HolderPaused, in.dice.at("pause at "+point), pauses(point))
	in.mu.Lock()
	defer in.mu.Unlock()
	switch now := time.Now(); {
	case begins:
		in.paused, in.end = now, now.Add(in.dice.at("pause of "+point).between(lease, 10*lease))
		in.counted("paused: " + point)
		in.harmed(in.number, in.end.Sub(now))
		in.say("instance %d paused at %s until %v", in.number, point, in.end.Sub(in.began))
	case !in.paused.Before(now):
		return time.Time{}
	}
	return in.end
}

func (in *instance) isDead() bool {
	select {
	case <-in.died:
		return true
	default:
		return false
	}
}

// kill ends an instance in the middle of whatever it does.
func (w *world) kill(number int) {
	in := w.at(number)
	if in.isDead() {
		return
	}
	w.harmed(number, 0)
	close(in.died)
	in.stop()
}

// revive starts an instance anew, unless it lives.
func (w *world) revive(number int) {
	if !w.at(number).isDead() {
		return
	}
	w.harmed(number, 0)
	w.mu.Lock()
	w.lives++
	life := w.lives
	w.mu.Unlock()
	next := w.start(number, life)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = append(w.dead, w.instances[number])
	w.instances[number] = next
}

func (w *world) at(number int) *instance {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.instances[number]
}

// halt stops what the instance does in the background.
func (in *instance) halt() {
	in.stop()
	in.running.Wait()
	must(in.redis.Close())
}

// plain renders texts as they are.
type plain struct{}

func (plain) Block(t exam.Text) templates.SafeHTML {
	return templates.SafeHTML(html.EscapeString(t.Source))
}
func (plain) Inline(t exam.Text) templates.SafeHTML { return plain{}.Block(t) }
func (plain) Plain(t exam.Text) string              { return t.Source }
func (plain) Gapped(t exam.Text, _ int) []templates.Piece {
	return []templates.Piece{{HTML: plain{}.Block(t)}}
}

// logger listens for what must never be logged.
func (in *instance) logger() *slog.Logger { return slog.New(listener{in}) }

type listener struct{ in *instance }

func (l listener) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (l listener) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l listener) WithGroup(string) slog.Handler                    { return l }

// Handle takes an error for a fault when nothing explains it, and a panic always.
func (l listener) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool { text += " " + a.String(); return true })
	now := l.in.now()
	if r.Message == "panic" || !l.in.isDead() && !l.in.isOver() && !l.in.explained(now, now, l.in.number) {
		l.in.fault("log", "instance %d: %s", l.in.number, text)
	}
	return nil
}
