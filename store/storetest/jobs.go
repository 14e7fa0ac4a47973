package storetest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var jobTests = map[string]func(*world){
	"a job is read as it was made":                        jobRoundTrip,
	"a request sent again finds its job":                  jobOnce,
	"another job does not take an id":                     jobIDTaken,
	"a job is claimed by one of many":                     jobClaimedOnce,
	"a job is claimed when it is due, or left, not ended": jobClaimable,
	"steps are never taken back, and a job ends once":     jobEnds,
	"jobs are listed by object, and recent ones by kind":  jobsListed,
	"jobs that are not there are not found":               jobNotFound,
	"claims are counted, and given back":                  jobClaimsCounted,
}

// newJob is a job that is due at once.
func (w *world) newJob(args string) store.Job {
	w.Helper()
	return store.Job{
		ID: uuid.NewString(), Kind: store.JobCommands, Object: name("exam"), Actor: w.newUser().ID,
		Args: json.RawMessage(args), Total: 3,
	}
}

// create makes a job and wants it to be new or known.
func (w *world) create(j store.Job, isNew bool) store.Job {
	w.Helper()
	stored, made, err := w.staff().CreateJob(w.ctx, j)
	w.must(err)
	if made != isNew {
		w.Errorf("job %s made: %t, want %t", j.ID, made, isNew)
	}
	return stored
}

// job reads a job.
func (w *world) job(id string) store.Job {
	w.Helper()
	j, now, err := w.Job(w.ctx, id)
	w.must(err)
	if j.Created > now {
		w.Errorf("created at %d, read at %d", j.Created, now)
	}
	return j
}

func jobRoundTrip(w *world) {
	asked := w.newJob(`{"b": [1, "二"], "a": null}`)
	asked.Due = exam.Minute
	stored := w.create(asked, true)
	want := asked
	want.Args, want.Due = json.RawMessage(`{"a":null,"b":[1,"二"]}`), 0
	want.Created, want.DueAt = stored.Created, stored.Created.Add(exam.Minute)
	for _, got := range []store.Job{stored, w.job(asked.ID)} {
		if !equalJSON(got, want) {
			w.Errorf("read %+v, want %+v", got, want)
		}
	}
	if off := time.Since(time.UnixMicro(int64(stored.Created))).Abs(); off > time.Minute {
		w.Errorf("created %v off the clock", off)
	}
	bare := w.newJob("")
	if got := w.create(bare, true); got.Args != nil || got.Outcome != nil {
		w.Errorf("arguments %q and outcome %q out of nothing", got.Args, got.Outcome)
	}
	asked.ID, asked.Args = uuid.NewString(), json.RawMessage(`{"cut`)
	if _, _, err := w.staff().CreateJob(w.ctx, asked); err == nil {
		w.Error("a job with broken arguments was made")
	}
}

// equalJSON compares what two values look like as JSON.
func equalJSON(a, b any) bool { return string(exam.Canonical(a)) == string(exam.Canonical(b)) }

func jobOnce(w *world) {
	asked, act := w.newJob(`{"kind": "extend", "amount": 5}`), w.act(store.ActCommand, nil)
	made := together(w, 10, func(int) (bool, error) {
		_, made, err := w.By(act).CreateJob(w.ctx, asked)
		return made, err
	})
	if n := len(made) - len(slices.DeleteFunc(made, func(m bool) bool { return m })); n != 1 {
		w.Errorf("%d of ten equal requests made the job", n)
	}
	if n := len(w.recorded(act)); n != 1 {
		w.Errorf("one job was recorded %d times", n)
	}
	w.must(w.FinishJob(w.ctx, asked.ID, 3, nil))
	asked.Args, asked.Due, asked.Total = json.RawMessage(`{"amount":5,"kind":"extend"}`), exam.Second, 4
	if got := w.create(asked, false); got.Done != 3 || got.Finished == 0 || got.Total != 3 {
		w.Errorf("sent again: %+v, want the job as it stands", got)
	}
}

func jobIDTaken(w *world) {
	asked := w.newJob(`{"amount":5}`)
	w.create(asked, true)
	for what, change := range map[string]func(*store.Job){
		"kind":   func(j *store.Job) { j.Kind = store.JobRoster },
		"object": func(j *store.Job) { j.Object += "x" },
		"actor":  func(j *store.Job) { j.Actor = w.newUser().ID },
		"args":   func(j *store.Job) { j.Args = json.RawMessage(`{"amount":6}`) },
	} {
		other := asked
		change(&other)
		if _, _, err := w.staff().CreateJob(w.ctx, other); err == nil {
			w.Errorf("another %s took the id", what)
		} else {
			w.is(err, store.ErrExists)
		}
	}
	if got := w.job(asked.ID); string(got.Args) != `{"amount":5}` || got.Kind != store.JobCommands {
		w.Errorf("the job became %+v", got)
	}
}

const longIdle = 60 * exam.Minute

// claims takes the claimable jobs among some.
func (w *world) claims(idle exam.Micros, among ...string) []string {
	w.Helper()
	got, err := w.ClaimJobs(w.ctx, store.JobCommands, idle, 1_000)
	w.must(err)
	var list []string
	for _, j := range got {
		if slices.Contains(among, j.ID) {
			list = append(list, j.ID)
		}
	}
	slices.Sort(list)
	return list
}

func jobClaimedOnce(w *world) {
	const jobs, runners = 20, 4
	stores := []store.Store{w.Store, w.Again(w.T)}
	asked := map[string]bool{}
	for range jobs {
		j := w.newJob(`{}`)
		w.create(j, true)
		asked[j.ID] = true
	}
	taken := together(w, runners, func(i int) ([]string, error) {
		var own []string
		for {
			got, err := stores[i%len(stores)].ClaimJobs(w.ctx, store.JobCommands, longIdle, 3)
			if err != nil || len(got) == 0 {
				return own, err
			}
			for _, j := range got {
				if j.Touched == 0 {
					w.Errorf("job %s was claimed and not touched", j.ID)
				}
				own = append(own, j.ID)
			}
		}
	})
	times := map[string]int{}
	for _, j := range slices.Concat(taken...) {
		times[j]++
	}
	for j := range asked {
		if times[j] == 0 && w.job(j).Touched == 0 { // a loser of the race may have gone home early
			times[j] += len(w.claims(longIdle, j))
		}
		if times[j] != 1 {
			w.Errorf("job %s was claimed %d times", j, times[j])
		}
	}
}

func jobClaimable(w *world) {
	due, later, ended, other := w.newJob(`{}`), w.newJob(`{}`), w.newJob(`{}`), w.newJob(`{}`)
	later.Due, other.Kind = longIdle, store.JobRoster
	for _, j := range []store.Job{due, later, ended, other} {
		w.create(j, true)
	}
	w.must(w.FinishJob(w.ctx, ended.ID, 0, nil))
	all := []string{due.ID, later.ID, ended.ID, other.ID}
	if got := w.claims(longIdle, all...); !slices.Equal(got, []string{due.ID}) {
		w.Errorf("claimed %v, want the due one %s", got, due.ID)
	}
	if got := w.claims(longIdle, all...); len(got) != 0 {
		w.Errorf("claimed %v, which somebody is at", got)
	}
	w.must(w.TouchJob(w.ctx, due.ID, 2))
	w.must(w.Exec(w.ctx, `UPDATE jobs SET touched = touched - $1 WHERE id = $2`, int64(2*longIdle), due.ID))
	if got := w.claims(longIdle, all...); !slices.Equal(got, []string{due.ID}) {
		w.Errorf("claimed %v, want the one that was left, %s", got, due.ID)
	}
	if got := w.job(due.ID); got.Done != 2 {
		w.Errorf("%d steps done after it was claimed again, want 2", got.Done)
	}
}

func jobEnds(w *world) {
	j := w.newJob(`{}`)
	w.create(j, true)
	w.must(w.TouchJob(w.ctx, j.ID, 2))
	w.must(w.TouchJob(w.ctx, j.ID, 1))
	if got := w.job(j.ID); got.Done != 2 || got.Touched == 0 || got.Finished != 0 {
		w.Errorf("job under way: %+v", got)
	}
	w.is(w.SetOutcome(w.ctx, j.ID, json.RawMessage(`{}`)), store.ErrNotFound)
	w.must(w.FinishJob(w.ctx, j.ID, 3, json.RawMessage(`{"applied": 3}`)))
	first := w.job(j.ID)
	w.must(w.FinishJob(w.ctx, j.ID, 9, json.RawMessage(`{"applied":9}`)))
	w.must(w.TouchJob(w.ctx, j.ID, 9))
	if got := w.job(j.ID); !equalJSON(got, first) || got.Done != 3 || string(got.Outcome) != `{"applied":3}` {
		w.Errorf("ended %+v, and again %+v", first, got)
	}
	w.must(w.SetOutcome(w.ctx, j.ID, json.RawMessage(`{"notified":true}`)))
	if got := w.job(j.ID); string(got.Outcome) != `{"notified":true}` || got.Finished != first.Finished {
		w.Errorf("after its outcome was replaced: %+v", got)
	}
}

func jobsListed(w *world) {
	var ids []string
	object := name("exam")
	for _, kind := range []store.JobKind{store.JobCommands, store.JobCommands, store.JobRoster} {
		j := w.newJob(`{}`)
		j.Object, j.Kind = object, kind
		w.create(j, true)
		ids = append(ids, j.ID)
	}
	w.create(w.newJob(`{}`), true)
	list, err := w.JobsOf(w.ctx, object, 2)
	w.must(err)
	if got := jobIDs(list); !slices.Equal(got, []string{ids[2], ids[1]}) {
		w.Errorf("of the object: %v, want the newest two of %v", got, ids)
	}
	w.must(w.FinishJob(w.ctx, ids[0], 3, nil))
	w.must(w.FinishJob(w.ctx, ids[1], 3, nil))
	w.must(w.Exec(w.ctx, `UPDATE jobs SET finished = finished - $1 WHERE id = $2`, int64(2*exam.Minute), ids[1]))
	recent, now, err := w.RecentJobs(w.ctx, store.JobCommands, exam.Minute)
	w.must(err)
	got := slices.DeleteFunc(jobIDs(recent), func(j string) bool { return !slices.Contains(ids, j) })
	if !slices.Equal(got, ids[:1]) {
		w.Errorf("recent: %v, want %v", got, ids[:1])
	}
	none, later, err := w.RecentJobs(w.ctx, "no such kind", exam.Minute)
	w.must(err)
	if len(none) != 0 || now == 0 || later < now {
		w.Errorf("no such kind: %v at %d, after %d", none, later, now)
	}
}

func jobIDs(list []store.Job) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}

func jobNotFound(w *world) {
	for _, j := range []string{"", "no uuid", uuid.NewString()} {
		_, _, err := w.Job(w.ctx, j)
		w.is(err, store.ErrNotFound)
		w.is(w.SetOutcome(w.ctx, j, nil), store.ErrNotFound)
		w.must(w.TouchJob(w.ctx, j, 1))
		w.must(w.FinishJob(w.ctx, j, 1, nil))
	}
	nameless := w.newJob(`{}`)
	nameless.ID = "no uuid"
	if _, _, err := w.staff().CreateJob(w.ctx, nameless); err == nil {
		w.Error("a job without a UUID was made")
	}
}

func jobClaimsCounted(w *world) {
	j := w.newJob(`{}`)
	w.create(j, true)
	claim := func(want int) {
		w.Helper()
		w.must(w.Exec(w.ctx, `UPDATE jobs SET touched = 0 WHERE id = $1`, j.ID))
		got, err := w.ClaimJobs(w.ctx, j.Kind, longIdle, 1_000)
		w.must(err)
		i := slices.IndexFunc(got, func(c store.Job) bool { return c.ID == j.ID })
		if i < 0 || got[i].Claims != want || w.job(j.ID).Claims != want {
			w.Errorf("claimed %+v, want claim %d", got, want)
		}
	}
	claim(1)
	w.must(w.TouchJob(w.ctx, j.ID, 1))
	claim(2)
	w.must(w.LeaveJob(w.ctx, j.ID))
	claim(2)
	for range 3 {
		w.must(w.LeaveJob(w.ctx, j.ID))
	}
	claim(1)
	w.must(w.FinishJob(w.ctx, j.ID, 3, nil))
	for _, id := range []string{j.ID, uuid.NewString(), "no uuid"} {
		w.must(w.LeaveJob(w.ctx, id))
	}
	if got := w.job(j.ID); got.Claims != 1 {
		w.Errorf("of the ended job: %d claims, want 1", got.Claims)
	}
}
