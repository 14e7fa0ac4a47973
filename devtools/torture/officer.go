package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/jobs"
)

// officer is an invigilator: gives the commands of admins by the product's own pages, one after the
// other, while candidates sit. Each goes through the pages as people do: a list, the plan of what the
// command will do, its confirmation, and the page of the job until it is done.
type officer struct {
	*clerk
	rng  *rand.Rand
	deck []exam.Kind // commands to come, dealt anew when all had their turn
}

// officers is how many there are.
const officers = 2

// officerPause is how long an officer waits between two commands, on average.
const officerPause = time.Second

// deal is what an officer does in a round, in an order of chance. What is undone is undone at once.
var deal = []exam.Kind{
	exam.Extend, exam.Extend, exam.Pause, exam.Pause, exam.ForceSubmit, exam.Reopen, exam.Reopen, exam.Void, exam.AcceptLate, exam.AcceptLate,
}

// Orders are the commands that officers give.
var Orders = []exam.Kind{
	exam.Extend, exam.Pause, exam.Resume, exam.ForceSubmit, exam.Reopen, exam.Void, exam.Unvoid, exam.AcceptLate,
}

// undo is what follows a command after a while.
var undo = map[exam.Kind]exam.Kind{exam.Pause: exam.Resume, exam.Void: exam.Unvoid}

// reached are the states of seats, as the sitting's page names them, that a command is for.
var reached = map[exam.Kind][]string{
	exam.Extend: {"in_progress", "silent"}, exam.Pause: {"in_progress", "silent"}, exam.Resume: {"paused"},
	exam.ForceSubmit: {"in_progress", "silent", "paused"}, exam.Void: {"in_progress", "silent", "submitted", "expired"},
	exam.Reopen: {"submitted", "expired"}, exam.Unvoid: {"voided"},
}

func newOfficer(ctx context.Context, r *run, n int) (*officer, error) {
	c, err := newClerk(ctx, r)
	return &officer{clerk: c, rng: rand.New(rand.NewPCG(r.o.Seed, uint64(1_000+n)))}, err
}

// work goes on until the run begins nothing new. What was paused goes on before.
func (o *officer) work(ctx context.Context) error {
	for !o.run.ending() {
		if err := pause(ctx, o.upTo(2*officerPause)); err != nil {
			return err
		}
		if err := o.command(ctx, o.next()); err != nil {
			return fmt.Errorf("torture: officer: %w", err)
		}
	}
	return nil
}

// next deals a command, by preference one that never took effect so far: a short run has all of them, too.
func (o *officer) next() exam.Kind {
	if len(o.deck) == 0 {
		o.deck = slices.Clone(deal)
		o.rng.Shuffle(len(o.deck), func(i, j int) { o.deck[i], o.deck[j] = o.deck[j], o.deck[i] })
	}
	at := max(slices.IndexFunc(o.deck, func(k exam.Kind) bool { return o.run.neverDone(k) || o.run.neverDone(undo[k]) }), 0)
	kind := o.deck[at]
	o.deck = slices.Delete(o.deck, at, at+1)
	return kind
}

func (o *officer) upTo(most time.Duration) time.Duration {
	return time.Duration(o.rng.Int64N(int64(most)))
}

// command gives one to some attempts of an exam, and takes it back after a while where it is one that
// is taken back.
func (o *officer) command(ctx context.Context, kind exam.Kind) error {
	if kind == exam.AcceptLate {
		return o.accept(ctx)
	}
	slug, attempts, err := o.choose(ctx, kind)
	if err != nil || len(attempts) == 0 {
		return err
	}
	if err := o.order(ctx, kind, slug, attempts); err != nil || undo[kind] == "" {
		return err
	}
	if err := pause(ctx, o.upTo(2*time.Second)); err != nil {
		return err
	}
	return o.order(ctx, undo[kind], slug, attempts)
}

// choose looks at the lists of the sittings, until one has somebody whom the command is for, and takes one
// to three of them.
func (o *officer) choose(ctx context.Context, kind exam.Kind) (slug string, attempts []string, err error) {
	for _, n := range o.rng.Perm(len(examSlugs)) {
		slug = examSlugs[n]
		r, err := o.get(ctx, "/admin/exams/"+slug+"?size=100")
		if err != nil {
			return slug, nil, err
		}
		for _, s := range readSeats(r.body) {
			if slices.Contains(reached[kind], s.state) {
				attempts = append(attempts, s.attempt)
			}
		}
		if len(attempts) > 0 {
			break
		}
	}
	o.rng.Shuffle(len(attempts), func(i, j int) { attempts[i], attempts[j] = attempts[j], attempts[i] })
	return slug, attempts[:min(len(attempts), 1+o.rng.IntN(3))], nil
}

// order plans a command, confirms it, and waits until it is done.
func (o *officer) order(ctx context.Context, kind exam.Kind, slug string, attempts []string) error {
	asks := form{action: "/admin/exams/" + slug + "/plan", fields: map[string][]string{
		"kind": {string(kind)}, "scope": {"checked"}, "attempt": attempts,
		"minutes": {"0"}, "seconds": {strconv.Itoa(5 + o.rng.IntN(16))},
	}}
	r, err := o.submit(ctx, &asks)
	if err != nil {
		return err
	}
	confirms := readPage(r.body).holding("job")
	if r.status != http.StatusOK || confirms == nil {
		return o.nobody(&r)
	}
	return o.confirm(ctx, kind, confirms)
}

// nobody: the plan reaches nobody any more, which its page says.
func (o *officer) nobody(r *reply) error {
	if r.status == http.StatusOK {
		return nil
	}
	return fmt.Errorf("a plan: status %d: %.300s", r.status, r.body)
}

// accept makes a rejected answer the answer of record, of the first exam that has one: most were late, where
// time is short.
func (o *officer) accept(ctx context.Context) error {
	late, err := o.late(ctx)
	if err != nil || len(late) == 0 {
		return err
	}
	r, err := o.get(ctx, late[o.rng.IntN(len(late))])
	if err != nil {
		return err
	}
	confirms := readPage(r.body).holding("job")
	if confirms == nil {
		return nil // somebody else was faster, or a later answer came
	}
	return o.confirm(ctx, exam.AcceptLate, confirms)
}

// late lists the pages of an exam's rejected answers that can be accepted.
func (o *officer) late(ctx context.Context) ([]string, error) {
	for _, n := range o.rng.Perm(len(examSlugs)) {
		list := "/admin/exams/" + examSlugs[n] + "/rejected"
		r, err := o.get(ctx, list)
		if err != nil {
			return nil, err
		}
		var late []string
		for _, href := range readPage(r.body).links {
			if strings.HasPrefix(href, list+"/") {
				late = append(late, href)
			}
		}
		if len(late) > 0 {
			return late, nil
		}
	}
	return nil, nil
}

// confirm sends the form of a plan with a reason, and waits until its job is done.
func (o *officer) confirm(ctx context.Context, kind exam.Kind, f *form) error {
	g, err := givenBy(kind, f)
	if err != nil {
		return err
	}
	f.fields.Set("reason", "as tortured")
	asked := o.run.now()
	o.note(&g, asked, nil)
	r, err := o.submit(ctx, f)
	switch {
	case err != nil:
		return err
	case r.status == http.StatusConflict || r.status == http.StatusNotFound:
		return nil // the plan is not what it was any more
	case r.status != http.StatusSeeOther:
		return fmt.Errorf("%s: status %d: %.300s", kind, r.status, r.body)
	}
	done, err := o.await(ctx, g.job)
	if err == nil {
		o.note(&g, asked, done)
	}
	return err
}

// await waits until a job is done, and returns its page.
func (o *officer) await(ctx context.Context, job string) (*page, error) {
	const look = 400 * time.Millisecond
	for {
		if err := pause(ctx, look); err != nil {
			return nil, err
		}
		r, err := o.get(ctx, "/admin/jobs/"+job)
		if err != nil {
			return nil, err
		}
		p := readPage(r.body)
		switch {
		case p.marks["data-failed"]:
			o.run.complain("job " + job + " failed")
			return nil, nil
		case p.marks["data-applied"]:
			return p, nil
		}
	}
}

// given is a command to some attempts, as it was confirmed.
type given struct {
	kind     exam.Kind
	job      string
	attempts []string
	amount   exam.Micros
}

// note keeps what is ordered in the history: before it is sent, and when its job's page says what became
// of it.
func (o *officer) note(g *given, asked time.Duration, done *page) {
	now := o.run.now()
	for _, attempt := range g.attempts {
		id, err := jobs.CommandID(g.job, attempt)
		if err != nil {
			o.run.complain("job " + g.job + ": " + err.Error())
			return
		}
		op := history.New(history.Order)
		op.Client, op.Attempt, op.Command, op.Sent = history.NotTold, attempt, id, asked
		op.Action, op.Amount = string(g.kind), int64(g.amount)
		if done != nil {
			op.Done, op.Result = now, history.Applied
			if slices.Contains(done.links, "/admin/attempts/"+attempt) { // listed as refused
				op.Result = history.Rejected
			}
		}
		o.run.record(op)
		o.run.ordered(&op)
	}
}
