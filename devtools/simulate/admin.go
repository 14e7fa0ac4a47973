package simulate

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/jobs"
	"shiken/store"
)

// officer gives the commands of admins, as jobs: one that failed is done again by another instance,
// which does no harm to what was done.
type officer struct {
	*world
	*chance
}

// adminID is the officer's.
const adminID = "0ff1ce00-0000-4000-8000-000000000000"

func (o *officer) work() {
	for o.now() < o.Play && !o.isOver() {
		o.sleep(o.between(time.Second, o.Play*2/5))
		if o.now() > o.Play {
			return
		}
		if attempts := o.db.All(); len(attempts) > 0 {
			o.command(attempts)
		}
	}
}

// command gives one command to some attempts.
func (o *officer) command(attempts []string) {
	some := attempts[o.pick(len(attempts)):]
	some = some[:1+o.pick(min(3, len(some)))]
	args := jobs.CommandArgs{Reason: "as simulated"}
	switch o.weighted(6, 5, 1, 3, 1, 3, 1) {
	case 0:
		args.Kind, args.Amount = exam.Extend, exam.Micros(1+o.pick(15))*exam.Second
	case 1:
		args.Kind = exam.Pause
	case 2:
		args.Kind = exam.ForceSubmit
	case 3:
		args.Kind, args.Amount = exam.Reopen, exam.Micros(5+o.pick(15))*exam.Second
		if some = o.closed(attempts); len(some) == 0 {
			return
		}
	case 4:
		args.Kind = exam.Void
	case 5:
		args.Kind = exam.AcceptLate
		some = []string{attempts[o.pick(len(attempts))]}
		if args.Late = o.lateOne(some[0]); args.Late == 0 {
			return
		}
	case 6:
		o.kick()
		return
	}
	args.Attempts = some
	o.job(args)
	if args.Kind == exam.Reopen {
		o.invite(args.Attempts)
	}
	if undo := map[exam.Kind]exam.Kind{exam.Pause: exam.Resume, exam.Void: exam.Unvoid}[args.Kind]; undo != "" {
		args.Kind = undo
		o.sleep(o.between(100*time.Millisecond, 9*time.Second))
		o.job(args)
	}
}

// closed are some of the attempts that are closed.
func (o *officer) closed(attempts []string) []string {
	var some []string
	for _, id := range attempts {
		s, err := o.db.LoadAttempt(context.Background(), store.AttemptQuery{Attempt: id})
		must(err)
		if s.Attempt.Status.Closed() && o.hit(0.6) {
			some = append(some, id)
		}
	}
	return some
}

// invite tells candidates that they may go on.
func (o *officer) invite(attempts []string) {
	for _, p := range o.people {
		if id := p.known(); slices.Contains(attempts, id) && o.hit(0.8) {
			p.learn(id)
		}
	}
}

// lateOne is the number of a rejected answer that may be accepted, 0 when there is none.
func (o *officer) lateOne(attempt string) int64 {
	a, err := o.db.Story(context.Background(), attempt)
	must(err)
	for i := range a.Rejections {
		if exam.MayAccept(&a.Paper, &a.Attempt, &a.Rejections[i]) == "" {
			return a.Rejections[i].Number
		}
	}
	return 0
}

// job does a job until it is done, by any instance, and sometimes by two.
func (o *officer) job(args jobs.CommandArgs) {
	text, err := json.Marshal(args)
	must(err)
	job := store.Job{ID: o.uuid(), Kind: store.JobCommands, Actor: adminID, Args: text}
	const tries = 6
	for range tries {
		in := o.at(o.pick(instances))
		work := jobs.Commands{Store: in.store, Workers: 1, Logger: in.logger()}
		ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
		asked := o.now()
		outcome, err := work.Do(ctx, job, func(int) {})
		stop()
		o.gave(job.ID, args.Attempts, asked, err == nil)
		o.say("officer: %s of %d attempts by instance %d: %+v %v", args.Kind, len(args.Attempts), in.number, outcome, err)
		if o.isOver() || err == nil && o.hit(0.9) {
			return
		}
		o.sleep(o.between(200*time.Millisecond, 2*time.Second))
	}
}

// gave notes the commands of a job that was done, or of which nobody knows.
func (o *officer) gave(job string, attempts []string, asked time.Duration, done bool) {
	for _, attempt := range attempts {
		id, err := jobs.CommandID(job, attempt)
		must(err)
		op := history.New(history.Order)
		op.Client, op.Attempt, op.Command, op.Sent = history.NotTold, attempt, id, asked
		if done {
			op.Done, op.Result = o.now(), history.Acknowledged
		}
		o.noted(op)
	}
}

// kick ends all sign-ins of a candidate, or gives the candidate a new password of the same letters.
// Once that is acknowledged no session of before gets in.
func (o *officer) kick() {
	p := o.people[o.pick(len(o.people))]
	in := o.at(o.pick(instances))
	before, asked := map[*device]string{}, o.now()
	for _, d := range p.devices {
		before[d] = d.session()
		d.unsureAll() // a tab may still be using the session before
		d.allMayEnd(asked)
	}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	p.shakes(patience + o.Play)
	err := in.store.RevokeAll(ctx, p.user.ID)
	p.shakes(o.now())
	o.say("officer: kick of candidate %d: %v", p.number, err)
	if err != nil {
		p.shakes(o.now() + stray)
		if !errors.Is(err, store.ErrUnavailable) {
			o.fault("contract", "RevokeAll: %v", err)
		}
		return
	}
	for _, d := range p.devices {
		if cookie := before[d]; cookie != "" && cookie == d.session() {
			d.endsNow(cookie, asked, o.now())
		}
	}
}
