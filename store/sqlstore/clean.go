package sqlstore

import (
	"context"
	"fmt"

	"shiken/exam"
)

// Ages at which rows are removed. The session of a sign-in ends 30 days after it was last used.
const (
	day             = 24 * 60 * exam.Minute
	keepSignIns     = 90 * day
	keepFailures    = day
	keepNotStarted  = 365 * day
	keepJobs        = 90 * day
	keepMessages    = 400 * day
	keepOutages     = 400 * day
	keepGaps        = 400 * day
	cleaningBatch   = 500 // rows of one statement, so that writes of others come between
	cleaningBatches = 200 // of one table and call: what is left waits for the next
)

// cleanings are statements that remove at most $2 rows older than $1.
var cleanings = []struct {
	sql string
	age exam.Micros
}{
	{`DELETE FROM sign_ins WHERE id IN (SELECT s.id FROM sign_ins s
		WHERE s.revoked > 0 AND s.revoked < (SELECT shiken_now()) - $1
			OR s.last_seen < (SELECT shiken_now()) - $1 AND s.created < (SELECT shiken_now()) - $1
		ORDER BY s.id LIMIT $2)`, keepSignIns},
	{`DELETE FROM failed_sign_ins WHERE at <= (SELECT max(o.at) FROM (SELECT f.at FROM failed_sign_ins f
		WHERE f.at < (SELECT shiken_now()) - $1 ORDER BY f.at LIMIT $2) o)`, keepFailures},
	{`DELETE FROM start_rejections WHERE (exam, candidate, command) IN (SELECT r.exam, r.candidate, r.command
		FROM start_rejections r WHERE r.at < (SELECT shiken_now()) - $1
		ORDER BY r.exam, r.candidate, r.command LIMIT $2)`, keepNotStarted},
	{`DELETE FROM uploads WHERE id IN (SELECT u.id FROM uploads u
		WHERE u.created <= (SELECT shiken_now()) - $1 ORDER BY u.created LIMIT $2)`, keepUploads},
	{`DELETE FROM jobs WHERE id IN (SELECT j.id FROM jobs j
		WHERE j.finished > 0 AND j.finished < (SELECT shiken_now()) - $1 ORDER BY j.finished LIMIT $2)`, keepJobs},
	{`DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m
		WHERE m.created < (SELECT shiken_now()) - $1 ORDER BY m.created LIMIT $2)`, keepMessages},
	{`DELETE FROM outages WHERE id IN (SELECT o.id FROM outages o
		WHERE o.settled > 0 AND o.ended < (SELECT shiken_now()) - $1 ORDER BY o.ended LIMIT $2)`, keepOutages},
	{`DELETE FROM reported_gaps WHERE id IN (SELECT g.id FROM reported_gaps g
		WHERE g.reported < (SELECT shiken_now()) - $1 ORDER BY g.reported LIMIT $2)`, keepGaps},
}

// Clean implements store.Operations. It also adds to the index what a program of before stored meanwhile.
func (s *Store) Clean(ctx context.Context) (int, error) {
	if _, err := s.IndexQuestions(ctx, cleaningBatch); err != nil {
		return 0, fmt.Errorf("clean: index questions: %w", err)
	}
	var all int64
	for _, c := range cleanings {
		for range cleaningBatches {
			n, err := s.db.Exec(ctx, c.sql, c.age, cleaningBatch)
			if err != nil {
				return int(all), fmt.Errorf("clean: %w", err)
			}
			all += n
			if n < cleaningBatch {
				break
			}
		}
	}
	if err := s.clearSets(ctx); err != nil {
		return int(all), fmt.Errorf("clean: %w", err)
	}
	return int(all), nil
}
