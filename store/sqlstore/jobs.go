package sqlstore

import (
	"context"
	"encoding/json"
	"errors"

	"shiken/exam"
	"shiken/store"
)

// jobColumns are those of a job, absent ones as zero values; in the order of jobRow.dest.
const jobColumns = `coalesce(CAST(jobs.id AS TEXT), ''), coalesce(jobs.kind, ''), coalesce(jobs.object, ''),
	coalesce(CAST(jobs.actor AS TEXT), ''), coalesce(jobs.args, ''), coalesce(jobs.due, 0), coalesce(jobs.created, 0),
	coalesce(jobs.touched, 0), coalesce(jobs.total, 0), coalesce(jobs.done, 0), coalesce(jobs.finished, 0),
	coalesce(jobs.outcome, ''), coalesce(jobs.claims, 0)`

// jobRow takes the columns of a job.
type jobRow struct {
	store.Job
	args, outcome string
}

func (r *jobRow) dest() []any {
	j := &r.Job
	return []any{&j.ID, &j.Kind, &j.Object, &j.Actor, &r.args, &j.DueAt, &j.Created, &j.Touched, &j.Total,
		&j.Done, &j.Finished, &r.outcome, &j.Claims}
}

func (r *jobRow) job() store.Job {
	r.Args, r.Outcome = rawOrNil(r.args), rawOrNil(r.outcome)
	return r.Job
}

func rawOrNil(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// errNotJSON is a fault of the caller.
var errNotJSON = errors.New("store: a job's arguments and outcome are JSON")

// canonicalText is raw JSON as it is stored and compared; "" when there is none.
func canonicalText(raw json.RawMessage) (string, error) {
	switch {
	case len(raw) == 0:
		return "", nil
	case !json.Valid(raw):
		return "", errNotJSON
	}
	return string(exam.Canonical(raw)), nil
}

// insertJob reads the clock once, so that a job without delay is due when it is made.
const insertJob = `INSERT INTO jobs (id, kind, object, actor, args, created, due, touched, total, done, finished, outcome)
	SELECT $1, $2, $3, $4, $5, t.now, t.now + $6, 0, $7, 0, 0, '' FROM (SELECT shiken_now() AS now) t`

// CreateJob implements store.Actions. A job that is there already fails the transaction, so that the
// repeated request leaves no trace.
func (s *Store) CreateJob(ctx context.Context, j store.Job) (store.Job, bool, error) {
	args, err := canonicalText(j.Args)
	if err != nil {
		return store.Job{}, false, err
	}
	err = s.db.Write(ctx, func(c Conn) error {
		_, err := c.Exec(ctx, insertJob, idOrNull(j.ID), j.Kind, j.Object, idOrNull(j.Actor), args, j.Due, j.Total)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return store.Job{}, false, err
	}
	stored, _, found := s.Job(ctx, j.ID)
	switch {
	case found != nil:
		return store.Job{}, false, errors.Join(err, found)
	case err != nil && !sameJob(&stored, &j, args):
		return store.Job{}, false, err
	}
	return stored, err == nil, nil
}

// sameJob compares what a request asks for. Who asked again a little later asks for the same.
func sameJob(stored, asked *store.Job, args string) bool {
	actor, _ := id(asked.Actor)
	return stored.Kind == asked.Kind && stored.Object == asked.Object && stored.Actor == actor &&
		string(stored.Args) == args
}

const jobByID = `SELECT shiken_now(), ` + jobColumns + ` FROM jobs WHERE jobs.id = $1`

// Job implements store.Jobs.
func (s *Store) Job(ctx context.Context, jobID string) (store.Job, exam.Instant, error) {
	var (
		now exam.Instant
		r   jobRow
	)
	if err := one(ctx, s.db, jobByID, []any{idOrNull(jobID)}, append([]any{&now}, r.dest()...)...); err != nil {
		return store.Job{}, 0, err
	}
	return r.job(), now, nil
}

const jobsOf = `SELECT ` + jobColumns + ` FROM jobs WHERE jobs.object = $1 ORDER BY jobs.created DESC, jobs.id DESC LIMIT $2`

// JobsOf implements store.Jobs.
func (s *Store) JobsOf(ctx context.Context, object string, limit int) ([]store.Job, error) {
	return readJobs(ctx, s.db, jobsOf, object, limit)
}

func readJobs(ctx context.Context, c Conn, sql string, args ...any) ([]store.Job, error) {
	var list []store.Job
	err := each(ctx, c, sql, args, func(rows Rows) error {
		var r jobRow
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		list = append(list, r.job())
		return nil
	})
	return list, err
}

const (
	claimable = `SELECT jobs.id FROM jobs WHERE jobs.finished = 0 AND jobs.kind = $1
		AND jobs.due <= (SELECT shiken_now()) AND jobs.touched < (SELECT shiken_now()) - $2
		ORDER BY jobs.due, jobs.id LIMIT $3`
	// claimJob judges the row again as it is when it is written.
	claimJob = `UPDATE jobs SET touched = shiken_now(), claims = claims + 1
		WHERE jobs.id = $1 AND jobs.finished = 0 AND jobs.touched < shiken_now() - $2 RETURNING ` + jobColumns
)

// ClaimJobs implements store.Jobs. Looking for jobs, which happens all the time, writes nothing.
func (s *Store) ClaimJobs(ctx context.Context, kind store.JobKind, idle exam.Micros, limit int) ([]store.Job, error) {
	ids, err := texts(ctx, s.db, claimable, kind, idle, limit)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var claimed []store.Job
	err = s.db.Write(ctx, func(c Conn) error {
		claimed = nil
		for _, jobID := range ids {
			got, err := readJobs(ctx, c, claimJob, jobID, idle)
			if err != nil {
				return err
			}
			claimed = append(claimed, got...)
		}
		return nil
	})
	return claimed, err
}

const (
	touchJob = `UPDATE jobs SET touched = shiken_now(), done = CASE WHEN done < $2 THEN $2 ELSE done END
		WHERE id = $1 AND finished = 0`
	finishJob = `UPDATE jobs SET finished = shiken_now(), done = CASE WHEN done < $2 THEN $2 ELSE done END,
		outcome = $3 WHERE id = $1 AND finished = 0`
	leaveJob   = `UPDATE jobs SET claims = claims - 1 WHERE id = $1 AND finished = 0 AND claims > 0`
	setOutcome = `UPDATE jobs SET outcome = $2 WHERE id = $1 AND finished > 0`
)

// TouchJob implements store.Jobs. A finished job stays as it is.
func (s *Store) TouchJob(ctx context.Context, jobID string, done int) error {
	_, err := s.db.Exec(ctx, touchJob, idOrNull(jobID), done)
	return err
}

// LeaveJob implements store.Jobs.
func (s *Store) LeaveJob(ctx context.Context, jobID string) error {
	_, err := s.db.Exec(ctx, leaveJob, idOrNull(jobID))
	return err
}

// FinishJob implements store.Jobs.
func (s *Store) FinishJob(ctx context.Context, jobID string, done int, outcome json.RawMessage) error {
	text, err := canonicalText(outcome)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, finishJob, idOrNull(jobID), done, text)
	return err
}

// SetOutcome implements store.Jobs.
func (s *Store) SetOutcome(ctx context.Context, jobID string, outcome json.RawMessage) error {
	text, err := canonicalText(outcome)
	if err != nil {
		return err
	}
	return missing(s.db.Exec(ctx, setOutcome, idOrNull(jobID), text))
}

// recentJobs has one row without a job when there is none, for the clock.
const recentJobs = `SELECT t.now, ` + jobColumns + `
	FROM (SELECT shiken_now() AS now) t
	LEFT JOIN jobs ON jobs.kind = $1 AND (jobs.finished = 0 OR jobs.finished >= t.now - $2)
	ORDER BY jobs.created, jobs.id`

// RecentJobs implements store.Jobs, the oldest first.
func (s *Store) RecentJobs(ctx context.Context, kind store.JobKind, since exam.Micros) ([]store.Job, exam.Instant, error) {
	var (
		now  exam.Instant
		list []store.Job
	)
	err := each(ctx, s.db, recentJobs, []any{kind, since}, func(rows Rows) error {
		var r jobRow
		if err := rows.Scan(append([]any{&now}, r.dest()...)...); err != nil {
			return err
		}
		if r.ID != "" {
			list = append(list, r.job())
		}
		return nil
	})
	return list, now, err
}
