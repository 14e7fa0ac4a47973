package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"shiken/store"
)

// Bounds of asking for standbys.
const (
	standbysEvery   = time.Minute
	standbysTimeout = 5 * time.Second
)

// standbys knows how many copies of the database follow it without being waited for.
type standbys struct {
	ask   func(context.Context) (int, error) // nil where there are none
	log   *slog.Logger
	found atomic.Int64
}

// newStandbys asks the store, if it is of a kind that has standbys.
func newStandbys(s store.Store, log *slog.Logger) *standbys {
	w := &standbys{log: log}
	if followed, ok := s.(interface {
		UnawaitedStandbys(context.Context) (int, error)
	}); ok {
		w.ask = followed.UnawaitedStandbys
	}
	return w
}

// run asks at once and every minute, until ctx ends.
func (w *standbys) run(ctx context.Context) {
	if w.ask == nil {
		return
	}
	tick := time.NewTicker(standbysEvery)
	defer tick.Stop()
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look warns when there are more than before. A database that does not answer is told elsewhere.
func (w *standbys) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, standbysTimeout)
	defer cancel()
	n, err := w.ask(ctx)
	if err != nil {
		return
	}
	if before := w.found.Swap(int64(n)); int64(n) > before {
		w.log.Warn("a standby follows the database, and no commit waits for one: if it takes over, acknowledged answers may be missing; set synchronous_standby_names",
			"standbys", n)
	}
}
