package simulate

import (
	"context"
	"slices"
	"strconv"
	"time"

	"shiken/exam"
	"shiken/jobs"
	"shiken/proctor"
	"shiken/store"
)

// examiner corrects keys, has closed attempts marked anew, and marks what only people can.
type examiner struct{ officer }

func (e *examiner) work() {
	for e.now() < e.Play && !e.isOver() {
		e.sleep(e.between(time.Second, e.Play*4/15))
		if attempts := e.db.All(); len(attempts) > 0 && e.now() < e.Play {
			e.command(attempts)
		}
	}
}

func (e *examiner) command(attempts []string) {
	if e.hit(0.6) {
		e.markByHand(attempts)
		return
	}
	e.correct()
	if some := e.closed(attempts); len(some) > 0 {
		e.job(jobs.CommandArgs{Kind: exam.Regrade, Reason: "as simulated", Attempts: some})
	}
}

// correct makes the other key of a question the newest.
func (e *examiner) correct() {
	i := e.pick(questions)
	if types[i] == exam.Essay {
		return
	}
	for version, number := range e.numbers {
		if number == strconv.Itoa(i+1) {
			must(e.db.Correct(context.Background(), version, e.keyOf(i, e.OtherKeys != e.hit(0.7))))
		}
	}
	e.counted("a key corrected")
	e.say("examiner: key of question %d corrected", i+1)
}

// markByHand gives points for an answer that waits for them, if there is one.
func (e *examiner) markByHand(attempts []string) {
	snap := e.awaiting(attempts)
	if snap == nil {
		return
	}
	attempt := snap.Attempt.ID
	at := slices.IndexFunc(snap.Paper.Items, func(it exam.Item) bool { return it.Type == exam.Essay })
	c := exam.Command{
		ID: e.uuid(), Kind: exam.MarkByHand, Actor: exam.Actor{Role: exam.Admin, ID: adminID}, Salt: proctor.NewSalt(),
		Position: at + 1, Points: snap.Paper.Items[at].Points * e.pick(3) / 2,
	}
	in := e.at(e.pick(instances))
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	q := store.AttemptQuery{Attempt: attempt, Command: c.ID, Position: c.Position}
	_, o, err := store.Update(ctx, in.store, q, func(s *store.Snapshot) (exam.Attempt, exam.Outcome, error) {
		saw := s.Attempt.Response(c.Position)
		c.Rev, c.Marked = saw.Rev, saw.Marked
		return exam.Apply(s.Paper, s.Attempt, c, s.Now)
	})
	if err == nil && o.Result == exam.Applied {
		e.counted("an answer marked by hand")
	}
	e.say("examiner: %d points for question %d of %s: %s %v", c.Points, c.Position, attempt, o.Result, err)
}

// awaiting is one of the attempts that wait for a marker, nil when none does.
func (e *examiner) awaiting(attempts []string) *store.Snapshot {
	first := e.pick(len(attempts))
	for i := range attempts {
		snap, err := e.db.LoadAttempt(context.Background(), store.AttemptQuery{Attempt: attempts[(first+i)%len(attempts)]})
		must(err)
		if snap.Attempt.Marking == exam.AwaitingMarker {
			return &snap
		}
	}
	return nil
}
