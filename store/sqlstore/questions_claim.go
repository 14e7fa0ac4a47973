package sqlstore

import (
	"context"
	"errors"
	"time"

	"shiken/store"
)

const (
	// hiddenSet makes the row of a set that cannot be seen as long as it was not loaded.
	hiddenSet = `INSERT INTO question_sets (name, loaded) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`
	// takeClaim claims a set, also in the place of a load that gave no sign of life for $3.
	takeClaim = `INSERT INTO set_loads (set_name, id, touched) VALUES ($1, $2, shiken_now())
		ON CONFLICT (set_name) DO UPDATE SET id = excluded.id, touched = excluded.touched
		WHERE set_loads.touched < excluded.touched - $3`
	touchClaim = `UPDATE set_loads SET touched = shiken_now() WHERE set_name = $1 AND id = $2`
	leaveClaim = `UPDATE set_loads SET touched = 0 WHERE set_name = $1 AND id = $2`
	endClaim   = `DELETE FROM set_loads WHERE set_name = $1 AND id = $2`
	claimedSet = `SELECT l.id FROM set_loads l WHERE l.set_name = $1`
	idleClaims = `SELECT l.set_name FROM set_loads l WHERE l.touched < (SELECT shiken_now()) - $1 ORDER BY l.set_name`
	emptySet   = `DELETE FROM question_sets WHERE name = $1 AND loaded = 0 AND NOT EXISTS (SELECT 1 FROM questions q WHERE q.set_name = $1)`
)

// claim waits until no other load of the set is under way.
func (st *staging) claim(ctx context.Context) error {
	var err error
	if st.id, err = newID(); err != nil {
		return err
	}
	tick := time.NewTicker(claimPoll)
	defer tick.Stop()
	for {
		claimed := int64(0)
		err := st.db.Write(ctx, func(c Conn) error {
			if _, err := c.Exec(ctx, hiddenSet, st.load.Set); err != nil {
				return err
			}
			claimed, err = c.Exec(ctx, takeClaim, st.load.Set, st.id, claimIdle)
			return err
		})
		if err != nil || claimed > 0 {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// live gives a sign of life; errSetMoved when the claim was lost.
func (st *staging) live(ctx context.Context, c Conn) error {
	n, err := c.Exec(ctx, touchClaim, st.load.Set, st.id)
	if err == nil && n == 0 {
		err = errSetMoved
	}
	return err
}

// giveUp lets whoever comes next remove what was staged. Where that cannot be said, they wait for claimIdle.
func (st *staging) giveUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaving)
	defer cancel()
	_, _ = st.db.Exec(ctx, leaveClaim, st.load.Set, st.id)
}

// discard removes what is staged in the set, in small transactions.
func (st *staging) discard(ctx context.Context) error {
	for place := 0; ; {
		ids, last, err := st.stagedAfter(ctx, place)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = st.db.Write(ctx, func(c Conn) error {
			if err := st.live(ctx, c); err != nil {
				return err
			}
			for _, sql := range st.store.unstage {
				if _, err := c.Exec(ctx, sql, st.db.List(ids)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		place = last
	}
}

const stagedAfter = `SELECT q.id, q.place FROM questions q WHERE q.set_name = $1 AND q.place >= $2 AND q.state = '` + stateLoading + `'
	ORDER BY q.place LIMIT $3`

func (st *staging) stagedAfter(ctx context.Context, place int) (ids []string, last int, err error) {
	err = each(ctx, st.db, stagedAfter, []any{st.load.Set, place, stagedRows}, func(rows Rows) error {
		id := ""
		err := rows.Scan(&id, &last)
		ids = append(ids, id)
		return err
	})
	return ids, last, err
}

// unstageOf are the statements that remove questions with all that belongs to them.
func unstageOf(db DB, search *SearchIndex) []string {
	of := func(column string) string { return db.Among(column, "$1") }
	list := []string{
		`DELETE FROM question_words WHERE ` + of("question_id"),
		`DELETE FROM question_keys WHERE version_id IN (SELECT v.id FROM question_versions v WHERE ` + of("v.question_id") + `)`,
		`DELETE FROM question_versions WHERE ` + of("question_id"),
		`DELETE FROM questions WHERE ` + of("id"),
	}
	if search.Drop != "" {
		list = append([]string{search.Drop + ` (SELECT w.n FROM question_words w WHERE ` + of("w.question_id") + `)`}, list...)
	}
	return list
}

// clearSet removes what an interrupted load left in a set, once no load is under way there.
func (s *Store) clearSet(ctx context.Context, set string) error {
	st := &staging{store: s, db: unrecorded(s.db), load: &store.QuestionLoad{Set: set}}
	if err := st.claim(ctx); err != nil {
		return err
	}
	err := st.discard(ctx)
	if err == nil {
		err = st.db.Write(ctx, func(c Conn) error {
			if _, err := c.Exec(ctx, endClaim, set, st.id); err != nil {
				return err
			}
			_, err := c.Exec(ctx, emptySet, set)
			return err
		})
	}
	if err != nil {
		st.giveUp(ctx)
	}
	return err
}

// clearSets removes what interrupted loads left.
func (s *Store) clearSets(ctx context.Context) error {
	sets, err := texts(ctx, s.db, idleClaims, claimIdle)
	for _, set := range sets {
		err = errors.Join(err, s.clearSet(ctx, set))
	}
	return err
}

// unrecorded is a database without the record of acts.
func unrecorded(db DB) DB {
	if r, recorded := db.(recording); recorded {
		return r.DB
	}
	return db
}

// unclaimed is errClaimed when a load of the set is staged, or was and left something.
func (s *Store) unclaimed(ctx context.Context, c Conn, set string) error {
	if s.stagedFrom == 0 {
		return nil
	}
	id := ""
	switch err := one(ctx, c, claimedSet, []any{set}, &id); {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return errClaimed
}
