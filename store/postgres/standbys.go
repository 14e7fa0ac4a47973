package postgres

import "context"

// standbys counts the servers that follow this one. Who may not see what they do is told that they are
// there.
const standbys = `SELECT (SELECT count(*) FROM pg_stat_replication WHERE coalesce(state, 'streaming') IN ('streaming', 'catchup')),
	current_setting('synchronous_standby_names') <> '' AND current_setting('synchronous_commit') NOT IN ('local', 'off')`

// UnawaitedStandbys returns how many standbys follow the database although no commit waits for any of
// them: one that takes over may lack answers that were acknowledged. It is no fault as long as the
// server itself is never lost, and cannot be judged from here.
func (s *Store) UnawaitedStandbys(ctx context.Context) (int, error) {
	var following int
	var awaited bool
	err := s.pool.QueryRow(ctx, standbys).Scan(&following, &awaited)
	if awaited {
		following = 0
	}
	return following, classify(err)
}
