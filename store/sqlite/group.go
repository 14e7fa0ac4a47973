package sqlite

import (
	"context"
	"errors"
	"slices"
	"sync"

	"shiken/store"
	"shiken/store/sqlstore"
)

// maxGroup bounds the changes of one transaction, and with it how long somebody who comes in the
// middle of one waits: some 20 ms.
const maxGroup = 64

// line is where changes wait for the writing connection.
type line struct {
	mu      sync.Mutex
	waiting []*waiting
}

// waiting is a change until its transaction has ended.
type waiting struct {
	change sqlstore.Change
	done   chan error // what became of it; holds one
}

func (l *line) join(c sqlstore.Change) *waiting {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := &waiting{change: c, done: make(chan error, 1)}
	l.waiting = append(l.waiting, w)
	return w
}

// leave reports whether the change still waited, and now does no more.
func (l *line) leave(w *waiting) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, w)
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	return i >= 0
}

// take returns those who came first.
func (l *line) take() []*waiting {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), maxGroup)
	group := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return group
}

// Change implements sqlstore.DB. Changes that come while others are written wait, and are committed
// together: they pay for one write to the disk. Whoever gets the connection does it for all. Once their
// transaction has begun nobody leaves, so that every result is known.
func (d *database) Change(ctx context.Context, c sqlstore.Change) error {
	own := d.line.join(c)
	for {
		select {
		case err := <-own.done:
			return err
		case <-d.writer.free:
			d.writeGroup(context.WithoutCancel(ctx))
		case <-ctx.Done():
			if d.line.leave(own) {
				return classify(ctx.Err())
			}
			return <-own.done
		}
	}
}

// errUnfinished is what the others are told when one change of a group is a panic.
var errUnfinished = errors.New("store: change not finished")

// writeGroup makes the changes that wait, and gives the connection back.
func (d *database) writeGroup(ctx context.Context) {
	defer func() { d.writer.free <- struct{}{} }()
	group := d.line.take()
	if len(group) == 0 { // somebody else has just done it
		return
	}
	results := slices.Repeat([]error{errUnfinished}, len(group))
	defer func() {
		for i, w := range group {
			w.done <- results[i]
		}
	}()
	d.writer.conn.together(ctx, group, results)
}

// together makes changes in one transaction. One whose attempt has moved wrote nothing, and holds
// nobody up. Any other fault undoes all of them; unless it is the file's, each is then made in a
// transaction of its own, so that nobody is told another's fault.
func (c conn) together(ctx context.Context, group []*waiting, results []error) {
	err := c.transaction(ctx, func(on sqlstore.Conn) error {
		for i, w := range group {
			results[i] = w.change.Make(ctx, on)
			if results[i] != nil && !errors.Is(results[i], store.ErrMoved) {
				return results[i]
			}
		}
		return nil
	})
	if err == nil {
		return
	}
	alone := len(group) > 1 && !errors.Is(err, store.ErrUnavailable)
	for i, w := range group {
		results[i] = err
		if alone {
			results[i] = c.transaction(ctx, func(on sqlstore.Conn) error { return w.change.Make(ctx, on) })
		}
	}
}
