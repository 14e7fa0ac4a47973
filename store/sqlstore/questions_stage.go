package sqlstore

import (
	"context"
	"errors"
	"time"

	"shiken/exam"
	"shiken/store"
)

// Where a transaction keeps everybody else from writing, a load of many questions is stored in small ones: its new
// questions are there beforehand, in a state that nothing lists, counts or draws, and the last transaction, a short
// one, shows them and writes whatever else the load changes. Until then nothing of the load can be seen. What an
// interrupted load leaves is removed by the next one of the set, or by cleaning.
const (
	// stateLoading is that of questions that are not to be seen yet.
	stateLoading = "loading"
	// shown is the condition that a question may be seen.
	shown = `q.state <> '` + stateLoading + `'`
)

// Bounds of staging.
const (
	stagedRows   = 100              // questions of one transaction: some 30 ms
	stagingTries = 2                // before a load that others disturb is stored at once
	claimIdle    = 20 * exam.Second // without a sign of life a load was interrupted
	claimPoll    = 200 * time.Millisecond
	leaving      = 5 * time.Second // to say that a load is given up
)

// Why a load is not staged.
var (
	errSetMoved = errors.New("store: the set was changed while questions were staged")
	errTooLate  = errors.New("store: a load changes too many stored questions to be staged")
	errClaimed  = errors.New("store: another load of the set is under way")
)

// StageFrom makes loads of n questions and more be stored in small transactions, as long as they write at most twice
// as many stored questions anew; 0, as at first: none.
func (s *Store) StageFrom(n int) { s.stagedFrom = n }

// staging is a load on its way.
type staging struct {
	store *Store
	db    DB // without the record of acts
	load  *store.QuestionLoad
	id    string // of the claim on the set

	moved  int64 // the set's counter of changes when it was read
	plan   []placed
	absent []*storedQuestion
	taken  map[string]bool // source keys of what is stored
	writer setWriter
	staged int
	late   []lateQuestion
	anew   int // of the late ones, those that are more than moved
}

// lateQuestion is one that the last transaction writes.
type lateQuestion struct {
	place    int
	question *store.LoadedQuestion
}

// loadStaged is LoadQuestions in small transactions. errSetMoved and errTooLate when that is not to be: nothing
// can be seen of it then.
func (s *Store) loadStaged(ctx context.Context, load *store.QuestionLoad) (store.LoadResult, error) {
	st := &staging{store: s, db: unrecorded(s.db), load: load}
	if err := st.claim(ctx); err != nil {
		return store.LoadResult{}, err
	}
	result, err := st.run(ctx)
	if err != nil {
		st.giveUp(ctx)
	}
	return result, err
}

func (st *staging) run(ctx context.Context) (store.LoadResult, error) {
	if err := st.discard(ctx); err != nil {
		return store.LoadResult{}, err
	}
	if err := st.read(ctx); err != nil {
		return store.LoadResult{}, err
	}
	if err := st.db.Write(ctx, func(c Conn) error { return putMedia(ctx, c, st.load.Media) }); err != nil {
		return store.LoadResult{}, err
	}
	if err := st.gather(ctx); err != nil {
		return store.LoadResult{}, err
	}
	return st.show(ctx)
}

const movedSet = `SELECT s.moved FROM question_sets s WHERE s.name = $1`

// read finds what the load will do.
func (st *staging) read(ctx context.Context) error {
	var stored []*storedQuestion
	err := st.db.Snapshot(ctx, func(c Conn) error {
		err := one(ctx, c, movedSet, []any{st.load.Set}, &st.moved)
		if err == nil {
			stored, err = readSet(ctx, c, st.load.Set)
		}
		return err
	})
	if err != nil {
		return err
	}
	if st.plan, st.absent, err = match(stored, st.load.Names); err == nil {
		st.absent, err = recognise(ctx, st.db, st.load, st.plan, stored, st.absent)
	}
	if err != nil {
		return err
	}
	st.taken = make(map[string]bool, len(stored))
	for _, q := range stored {
		st.taken[q.sourceKey] = true
	}
	return nil
}

// gather stores what is new, and keeps the rest for the last transaction.
func (st *staging) gather(ctx context.Context) error {
	st.writer = setWriter{ctx: ctx, set: st.load.Set, search: &st.store.search, state: stateLoading}
	at, chosen := 0, st.load.Choice.Chosen()
	err := st.load.Each(ctx, func(q *store.LoadedQuestion) error {
		if at%progressStep == 0 {
			store.Progress(ctx, at)
			if err := st.live(ctx, st.db); err != nil {
				return err
			}
		}
		p, err := next(st.plan, at, q)
		if err == nil {
			err = p.settle(ctx, st.db, q, chosen)
		}
		if err != nil {
			return err
		}
		at++
		return st.take(ctx, at, p, q)
	})
	switch {
	case err != nil:
		return err
	case at < len(st.plan):
		return errOtherQuestions
	}
	return st.flush(ctx)
}

// take stores a new question, or keeps one that cannot be stored before all is shown.
func (st *staging) take(ctx context.Context, place int, p *placed, q *store.LoadedQuestion) error {
	switch change := p.change(); {
	case change == store.LoadNew && !st.taken[q.SourceKey]:
		st.staged++
		if err := st.writer.create(place, q); err != nil || len(st.writer.words) < stagedRows {
			return err
		}
		return st.flush(ctx)
	case change == store.LoadNew, change == store.LoadChanged:
		if st.anew++; st.anew > 2*st.store.stagedFrom {
			return errTooLate
		}
	case p.stays(place):
		return nil
	default:
		q = nil
	}
	st.late = append(st.late, lateQuestion{place, q})
	return nil
}

// flush stores what was gathered in a transaction of its own.
func (st *staging) flush(ctx context.Context) error {
	return st.db.Write(ctx, func(c Conn) error {
		if err := st.live(ctx, c); err != nil {
			return err
		}
		st.writer.conn = c
		return st.writer.flush()
	})
}

const showStaged = `UPDATE questions SET state = 'approved' WHERE set_name = $1 AND state = '` + stateLoading + `'`

// show is the last transaction.
func (st *staging) show(ctx context.Context) (store.LoadResult, error) {
	var result store.LoadResult
	err := st.store.db.Write(ctx, func(c Conn) error {
		result = store.LoadResult{}
		if err := st.unmoved(ctx, c); err != nil {
			return err
		}
		w := setWriter{ctx: ctx, conn: c, set: st.load.Set, search: &st.store.search, state: string(store.QuestionApproved),
			choice: &st.load.Choice, chosen: st.load.Choice.Chosen(), plan: st.plan, result: &result}
		if err := w.freeKeys(st.absent); err != nil {
			return err
		}
		if err := st.writeLate(&w); err != nil {
			return err
		}
		n, err := c.Exec(ctx, showStaged, st.load.Set)
		if err == nil && n != int64(st.staged) {
			err = errSetMoved
		}
		if err == nil {
			_, err = c.Exec(ctx, endClaim, st.load.Set, st.id)
		}
		if err != nil {
			return err
		}
		for i := range st.plan {
			st.plan[i].count(&result)
		}
		return w.settleAbsent(st.absent)
	})
	if err != nil {
		return store.LoadResult{}, err
	}
	return result, nil
}

// unmoved holds the set, unless somebody changed it since it was read.
func (st *staging) unmoved(ctx context.Context, c Conn) error {
	if err := st.live(ctx, c); err != nil {
		return err
	}
	var moved int64
	if err := one(ctx, c, movedSet, []any{st.load.Set}, &moved); err != nil {
		return err
	}
	if moved != st.moved {
		return errSetMoved
	}
	_, err := c.Exec(ctx, claimSet, st.load.Set)
	return err
}

func (st *staging) writeLate(w *setWriter) error {
	for _, l := range st.late {
		if err := w.question(l.place, &st.plan[l.place-1], l.question); err != nil {
			return err
		}
		if len(w.words) >= manyRows {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return w.flush()
}
