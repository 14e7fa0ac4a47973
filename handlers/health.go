package handlers

import (
	"context"
	"net/http"
	"sync"
	"time"

	"shiken/sessionguard"
	"shiken/templates"
)

// drain says that the instance takes leave: it still serves, but asks for no new work.
type drain struct {
	once  sync.Once
	begun chan struct{} // closed when it begins
}

func newDrain() *drain { return &drain{begun: make(chan struct{})} }

func (d *drain) is() bool {
	select {
	case <-d.begun:
		return true
	default:
		return false
	}
}

// Drain turns readiness off, so that balancers send no more requests, and ends the streams of events,
// whose clients then come to another instance.
func (s *Server) Drain() { s.draining.once.Do(func() { close(s.draining.begun) }) }

// showHealth says that the process lives.
func (s *Server) showHealth(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readiness is the body of /readyz.
type readiness struct {
	Status   string `json:"status"` // ready, degraded or draining
	Stage    int    `json:"stage"`  // of the session store, docs/design.md §6; 4 = no database
	Sessions string `json:"sessions"`
	Database string `json:"database"`
}

// stageNoDatabase is the fourth stage of docs/design.md §6.
const stageNoDatabase = 4

// readyTimeout bounds the probes of readiness.
const readyTimeout = 2 * time.Second

// probeAge is how long a probe's result is told again: whoever asks more often makes nothing happen.
const probeAge = time.Second

// probed is the newest result of the probes.
type probed struct {
	mu     sync.Mutex // held while a probe runs: those who come meanwhile wait for its result
	at     time.Time
	result readiness
}

// showReadiness tells whether sessions and database answer. An instance is unready only while it
// drains: when a part that all share is down, taking every instance out would help nobody.
func (s *Server) showReadiness(w http.ResponseWriter, r *http.Request) {
	out, status := s.probe(r.Context()), http.StatusOK
	if s.draining.is() {
		out.Status, status = "draining", http.StatusServiceUnavailable
	}
	writeJSON(w, status, out)
}

// stage is the stage of docs/design.md §6, 4 when the database does not answer.
func (s *Server) stage() int { return s.probe(context.Background()).Stage }

// stageShown is the stage as pages tell it. Where there is no database there is no page.
func (s *Server) stageShown() templates.Stage {
	stage, since := s.guard.Trouble()
	return templates.Stage{Number: stage, Since: since}
}

// probe writes and reads a session and asks the database, at most once in probeAge. It goes on when
// the one who asked has gone: others wait for the result.
func (s *Server) probe(ctx context.Context) readiness {
	p := &s.probed
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.at.IsZero() && time.Since(p.at) < probeAge {
		return p.result
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
	defer cancel()
	out := readiness{Status: "ready", Sessions: "ok", Database: "ok", Stage: s.guard.Stage()}
	if err := s.guard.Probe(ctx); err != nil {
		out.Status, out.Sessions = "degraded", "unavailable"
		out.Stage = max(s.guard.Stage(), sessionguard.StageStumbling)
	}
	if err := s.Store.Ping(ctx); err != nil {
		out.Status, out.Database, out.Stage = "degraded", "unavailable", stageNoDatabase
	}
	p.at, p.result = time.Now(), out
	return out
}
