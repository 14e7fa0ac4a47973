package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// spread is the median of some values with the extremes.
type spread struct{ median, low, high float64 }

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return spread{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1]}
}

func (s spread) String() string {
	return fmt.Sprintf("%8.1f   (%.1f to %.1f)", s.median, s.low, s.high)
}

func perSecond(n int, span time.Duration) float64 { return float64(n) / span.Seconds() }

// micros is the time for one of n, in microseconds.
func micros(span time.Duration, n int) float64 {
	return float64(span.Nanoseconds()) / 1e3 / float64(max(n, 1))
}

// each computes a value of every element.
func each[T any](list []T, value func(int, T) float64) []float64 {
	values := make([]float64, len(list))
	for i, v := range list {
		values[i] = value(i, v)
	}
	return values
}

// report prints medians, extremes and ratios of all rounds.
func (s *shape) report(out io.Writer, o options) {
	line := func(what string, v any) { fmt.Fprintf(out, "  %-46s %s\n", what, v) }
	fmt.Fprintf(out, "\n%s: %d candidates at once, %d rounds of %s; median (lowest to highest)\n", s.name, o.clients, o.rounds, o.span)
	pages := spreadOf(each(s.loads, func(_ int, l load) float64 { return perSecond(l.pages, l.wall) }))
	line("answered pages per second", pages)
	for _, q := range []float64{0.5, 0.99} {
		line(fmt.Sprintf("answered page, %g %% within, ms", q*100), spreadOf(each(s.loads, func(_ int, l load) float64 {
			return float64(l.quantile(q).Microseconds()) / 1e3
		})))
	}
	total := s.reportCPU(line)
	s.reportCounts(line)
	bare := spreadOf(each(s.bares, func(_ int, r bareResult) float64 { return perSecond(r.pages, r.wall) }))
	cpu := spreadOf(each(s.bares, func(_ int, r bareResult) float64 { return micros(r.cpu, r.pages) }))
	fmt.Fprintf(out, "  bare, %s:\n", s.bareName)
	line("answered pages' statements per second", bare)
	line("processor µs per answered page", cpu)
	if pages.median > 0 && cpu.median > 0 {
		line("ratio in time (bare / product)", fmt.Sprintf("%8.1f", bare.median/pages.median))
		line("ratio in processor time (product / bare)", fmt.Sprintf("%8.1f", total/cpu.median))
	}
	s.reportDoubts(line)
}

// reportCPU prints every process and returns the median of their sum.
func (s *shape) reportCPU(line func(string, any)) float64 {
	for p := range s.parts {
		if s.parts[p].pid == 0 {
			line("processor time of "+s.parts[p].name, "unknown: in a container")
			continue
		}
		line("processor µs per answered page, "+s.parts[p].name, spreadOf(each(s.loads, func(round int, l load) float64 {
			return micros(s.cpus[round][p], l.pages)
		})))
	}
	sum := spreadOf(each(s.loads, func(round int, l load) float64 {
		var sum time.Duration
		for _, t := range s.cpus[round] {
			sum += t
		}
		return micros(sum, l.pages)
	}))
	line("processor µs per answered page, all processes", sum)
	return sum.median
}

func (s *shape) reportCounts(line func(string, any)) {
	line("statements per answered page", fmt.Sprintf("%8.1f", s.counts.statements))
	if s.counts.trips == 0 {
		line("round trips per answered page", "     0     the database is in the process")
		return
	}
	line("round trips to Postgres per answered page", fmt.Sprintf("%8.1f", s.counts.trips))
	line("commands to Redis per answered page", fmt.Sprintf("%8.1f", s.counts.redisCommands))
	line("round trips to Redis per answered page", fmt.Sprintf("%8.1f", s.counts.redisTrips))
}

// reportDoubts says when the bare statements were not quite the same.
func (s *shape) reportDoubts(line func(string, any)) {
	differs, statements := 0, 0.0
	for _, r := range s.bares {
		differs += r.differs
		statements = r.statements
	}
	if differs > 0 {
		line("doubt: bare statements answered otherwise", fmt.Sprintf("%8d", differs))
	}
	if statements > 0 {
		line("statements per answered page, bare", fmt.Sprintf("%8.1f", statements))
	}
}
