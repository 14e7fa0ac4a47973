package handlers

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"shiken/exam"
	"shiken/sessionguard"
)

// Metrics counts what the server does, for Prometheus. Labels come from closed lists: route
// patterns, kinds, outcomes and reasons; never from what a client sent.
type Metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.HistogramVec
	commands   *prometheus.CounterVec
	starts     *prometheus.CounterVec
	repaired   prometheus.Counter
	lockWait   prometheus.Histogram
	guardCount *prometheus.CounterVec
}

// NewMetrics returns metrics with the process's and the runtime's own.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "shiken_http_request_duration_seconds", Help: "Time to answer, by route and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route", "status"}),
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shiken_commands_total", Help: "Candidates' commands, by kind, outcome and reason.",
		}, []string{"kind", "outcome", "reason"}),
		starts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shiken_starts_total", Help: "Starts of attempts, by reason of refusal (empty: led to an attempt).",
		}, []string{"reason"}),
		repaired: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "shiken_session_repairs_total", Help: "Sessions with missing or impossible keys that were repaired.",
		}),
		lockWait: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "shiken_guard_wait_seconds", Help: "How long requests waited for their session.",
			Buckets: []float64{.0001, .001, .01, .1, .5, 1, 2, 5},
		}),
		guardCount: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shiken_guard_events_total", Help: "What the guard met: busy, down, save_failed, misused, corrupt, lost, rebuilt.",
		}, []string{"event"}),
	}
	m.registry.MustRegister(m.requests, m.commands, m.starts, m.repaired, m.lockWait, m.guardCount,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// CounterFunc adds a counter that is read when it is asked for.
func (m *Metrics) CounterFunc(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
}

// GaugeFunc adds a gauge that is read when it is asked for.
func (m *Metrics) GaugeFunc(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// showMetrics serves the metrics. They tell how often whoever sits an exam does what, so they are for
// this machine and its private network alone.
func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(s.Metrics.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// isNear: the request was made on this machine or in a private network (RFC 1918, RFC 4193,
// link-local), and through no proxy: what came through one is from elsewhere.
func isNear(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || len(r.Header.Values("X-Forwarded-For"))+len(r.Header.Values("Forwarded")) > 0 {
		return false
	}
	addr := peer.Addr().Unmap()
	return addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast()
}

// GuardEvents are the guard's observers.
func (m *Metrics) GuardEvents() sessionguard.Observe {
	event := func(name string) func() { return m.guardCount.WithLabelValues(name).Inc }
	return sessionguard.Observe{
		LockWait: func(d time.Duration) { m.lockWait.Observe(d.Seconds()) },
		Busy:     event("busy"), Down: event("down"), Misused: event("misused"), Corrupt: event("corrupt"),
		Lost: event("lost"), Rebuilt: event("rebuilt"),
		SaveFailed: func(error) { m.guardCount.WithLabelValues("save_failed").Inc() },
	}
}

var methods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true}

func (m *Metrics) request(method, route string, status int, took time.Duration) {
	if !methods[method] {
		method = "other"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *Metrics) command(k exam.Kind, o exam.Outcome) {
	m.commands.WithLabelValues(string(k), string(o.Result), string(o.Reason)).Inc()
}

func (m *Metrics) start(r exam.Reason) { m.starts.WithLabelValues(string(r)).Inc() }

func (m *Metrics) sessionRepaired() { m.repaired.Inc() }
