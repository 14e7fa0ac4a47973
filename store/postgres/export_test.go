package postgres

import "time"

// SetPatience changes how long a statement may take whose caller sets no bound.
func (s *Store) SetPatience(d time.Duration) { s.database.patience = patience(d) }
