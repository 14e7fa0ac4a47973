package sessionguard

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Stages of the session store, docs/design.md §6.
const (
	StageNormal    = 1 // the store answers
	StageStumbling = 2 // its last answer failed; calls are being retried
	StageOpen      = 3 // the circuit is open: calls fail at once
)

// Health says how the session store does, and logs when that changes. It is
// safe for concurrent use.
type Health struct {
	lower  atomic.Int32 // the stage, less StageNormal
	mu     sync.Mutex   // held while the stage changes
	since  time.Time    // when the store was well last
	logger *slog.Logger // nil: silent
}

// Stage returns StageNormal, StageStumbling or StageOpen.
func (h *Health) Stage() int { return int(h.lower.Load()) + StageNormal }

// Trouble returns the stage, and unless that is StageNormal when it was left.
func (h *Health) Trouble() (stage int, since time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.Stage(), h.since
}

// logTo sets the logger of a health that has none.
func (h *Health) logTo(l *slog.Logger) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.logger == nil {
		h.logger = l
	}
}

// move goes from one stage to another, and reports whether it was at the first.
func (h *Health) move(from, to int, level slog.Level, message string, err error) bool {
	if h.Stage() != from {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.lower.CompareAndSwap(int32(from-StageNormal), int32(to-StageNormal)) {
		return false
	}
	attrs := []any{"stage", to}
	switch {
	case err != nil:
		attrs = append(attrs, "error", err)
	case !h.since.IsZero():
		attrs = append(attrs, "after", time.Since(h.since).Round(time.Millisecond))
	}
	switch {
	case to == StageNormal:
		h.since = time.Time{}
	case from == StageNormal:
		h.since = time.Now()
	}
	if h.logger != nil {
		h.logger.Log(context.Background(), level, message, attrs...)
	}
	return true
}

// answered notes a success. It does not close an open circuit: a straggler's
// luck says less than the probe that does.
func (h *Health) answered() {
	h.move(StageStumbling, StageNormal, slog.LevelInfo, "session store answers again", nil)
}

// failed notes a call that failed.
func (h *Health) failed(err error) {
	h.move(StageNormal, StageStumbling, slog.LevelWarn, "session store stumbles, trying again", err)
}

// open opens the circuit, and reports whether it was closed before.
func (h *Health) open(err error) bool {
	const message = "session store is unavailable, circuit opened"
	for h.Stage() != StageOpen {
		if h.move(StageStumbling, StageOpen, slog.LevelError, message, err) || h.move(StageNormal, StageOpen, slog.LevelError, message, err) {
			return true
		}
	}
	return false
}

// restored closes the circuit.
func (h *Health) restored() {
	h.move(StageOpen, StageNormal, slog.LevelInfo, "session store answers again, circuit closed", nil)
}

func (h *Health) isOpen() bool { return h.Stage() == StageOpen }
