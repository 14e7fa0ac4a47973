package sqlite

import "context"

// SetOnWriter runs a PRAGMA on the writing connection, as a fault in its settings would stand.
func (s *Store) SetOnWriter(ctx context.Context, pragma string) error {
	return s.db.writer.hold(ctx, func(c conn) error {
		_, err := c.Exec(ctx, "PRAGMA "+pragma)
		return err
	})
}

// HoldWriter keeps the writing connection until release is called.
func (s *Store) HoldWriter(ctx context.Context) (release func() error, err error) {
	held, free := make(chan struct{}), make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- s.db.writer.hold(ctx, func(conn) error {
			close(held)
			<-free
			return nil
		})
	}()
	select {
	case <-held:
		return func() error {
			close(free)
			return <-failed
		}, nil
	case err := <-failed:
		return nil, err
	}
}

// Waiting counts the changes that wait for the writing connection.
func (s *Store) Waiting() int {
	s.db.line.mu.Lock()
	defer s.db.line.mu.Unlock()
	return len(s.db.line.waiting)
}
