package main

import (
	"fmt"
	"io"
	"time"

	"shiken/devtools/measure"
	"shiken/devtools/wire"
)

// report prints medians, extremes and ratios of all rounds.
func (s *shape) report(out io.Writer, o options) {
	line := func(what string, v any) { fmt.Fprintf(out, "  %-46s %s\n", what, v) }
	fmt.Fprintf(out, "\n%s: %d candidates at once, %d rounds of %s; median (lowest to highest)\n", s.name, o.clients, o.rounds, o.span)
	pages := measure.Each(s.loads, func(_ int, l load) float64 { return measure.PerSecond(l.pages, l.wall) })
	line("answered pages per second", pages)
	for _, q := range []float64{0.5, 0.99} {
		line(fmt.Sprintf("answered page, %g %% within, ms", q*100), measure.Each(s.loads, func(_ int, l load) float64 {
			return l.quantile(q).Seconds() * 1e3
		}))
	}
	cpu := s.reportCPU(line)
	s.reportCounts(line)
	s.reportBare(out, line, pages.Median, cpu)
}

// reportCPU prints every process and returns the median of their sum.
func (s *shape) reportCPU(line func(string, any)) float64 {
	for p := range s.parts {
		if s.parts[p].pid == 0 {
			line("processor time of "+s.parts[p].name, "unknown: in a container")
			continue
		}
		line("processor µs per answered page, "+s.parts[p].name, measure.Each(s.loads, func(round int, l load) float64 {
			return measure.Micros(s.cpus[round][p], l.pages)
		}))
	}
	sum := measure.Each(s.loads, func(round int, l load) float64 {
		var sum time.Duration
		for _, t := range s.cpus[round] {
			sum += t
		}
		return measure.Micros(sum, l.pages)
	})
	line("processor µs per answered page, all processes", sum)
	return sum.Median
}

func (s *shape) reportCounts(line func(string, any)) {
	count := func(what string, n float64) { line(what+" per answered page", fmt.Sprintf("%8.1f", n)) }
	count("statements", s.counts.statements)
	if s.counts.trips == 0 {
		line("round trips per answered page", "     0     (the database is in the process)")
		return
	}
	count("round trips to Postgres", s.counts.trips)
	count("commands to Redis", s.counts.redisCommands)
	count("round trips to Redis", s.counts.redisTrips)
}

// reportBare prints what the statements cost alone, and the ratios to it.
func (s *shape) reportBare(out io.Writer, line func(string, any), pages, cpu float64) {
	fmt.Fprintf(out, "  bare, %s:\n", s.bareName)
	bare := measure.Each(s.bares, func(_ int, r wire.Result) float64 { return measure.PerSecond(r.Pages, r.Wall) })
	bareCPU := measure.Each(s.bares, func(_ int, r wire.Result) float64 { return measure.Micros(r.CPU, r.Pages) })
	line("statements of answered pages per second", bare)
	line("processor µs per answered page", bareCPU)
	if pages > 0 {
		line("ratio in pages per second (bare / product)", fmt.Sprintf("%8.1f", bare.Median/pages))
	}
	if bareCPU.Median > 0 {
		line("ratio in processor time (product / bare)", fmt.Sprintf("%8.1f", cpu/bareCPU.Median))
	}
	differs := 0
	for _, r := range s.bares {
		differs += r.Differs
	}
	if differs > 0 {
		line("statements that the database answered otherwise", fmt.Sprintf("%8d", differs))
	}
}
