package sessionguard

import "sync/atomic"

// Stages of the session store, docs/design.md §6.
const (
	StageNormal    = 1 // the store answers
	StageStumbling = 2 // its last answer failed; calls are being retried
	StageOpen      = 3 // the circuit is open: calls fail at once
)

// Health says how the session store does. It is safe for concurrent use.
type Health struct{ lower atomic.Int32 }

// Stage returns StageNormal, StageStumbling or StageOpen.
func (h *Health) Stage() int { return int(h.lower.Load()) + StageNormal }

func (h *Health) swap(from, to int32) bool {
	return h.lower.CompareAndSwap(from-StageNormal, to-StageNormal)
}

// answered notes a success. It does not close an open circuit: a straggler's
// luck says less than the probe that does.
func (h *Health) answered() { h.swap(StageStumbling, StageNormal) }

// failed notes a call that failed, and reports whether it was the first.
func (h *Health) failed() bool { return h.swap(StageNormal, StageStumbling) }

// open opens the circuit, and reports whether it was closed before.
func (h *Health) open() bool {
	return h.lower.Swap(StageOpen-StageNormal) != StageOpen-StageNormal
}

// restored closes the circuit.
func (h *Health) restored() { h.swap(StageOpen, StageNormal) }

func (h *Health) isOpen() bool { return h.Stage() == StageOpen }
