package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shiken/devtools/measure"
)

// Bounds of what is measured here.
const (
	tooLate  = 2 * time.Second // after which a change must be seen
	tooDear  = 5.0             // percent of the exam's processor time
	manySeen = 100             // changes that a statement about them needs
)

// exam measures the exam alone.
func (m *measuring) exam(ctx context.Context) error {
	return m.crowd.during(ctx, m.crowd.writers, func() error {
		var err error
		if m.alone, err = m.window(ctx, m.span); err != nil {
			return err
		}
		if m.alone.answers == 0 {
			return errors.New("nothing was answered")
		}
		rate := measure.PerSecond(m.alone.answers, m.alone.wall)
		m.report.line("answers per second", fmt.Sprintf("%8.1f   (%d asked for)", rate, m.rate))
		for p := range m.parts {
			m.report.line("processor ms per second, "+m.parts[p].name, fmt.Sprintf("%8.1f", millis(m.alone.cpu[p])/m.alone.wall.Seconds()))
		}
		m.report.line("processor ms per second, all", fmt.Sprintf("%8.1f", m.alone.perSecond()))
		// What the machine did not keep up with would have cost as much.
		m.price = m.alone.perSecond() * float64(m.rate) / rate
		m.report.line("the exam: the same at the rate asked for", fmt.Sprintf("%8.1f", m.price))
		return nil
	})
}

// sight measures after what time those who watch see what was saved, while all write.
func (m *measuring) sight(ctx context.Context) error {
	var present []*watcher
	err := m.crowd.during(ctx, m.crowd.writers, func() error {
		for _, n := range watched[1:] {
			if err := m.watching(ctx, &present, n); err != nil {
				return err
			}
			w, err := m.window(ctx, 5*m.span/8)
			if err != nil {
				return err
			}
			m.report.line(fmt.Sprintf("%d watching: processor ms per second, all", n),
				fmt.Sprintf("%8.1f   (%.1f answers per second)", w.perSecond(), measure.PerSecond(w.answers, w.wall)))
		}
		return m.seeEnough(ctx, present)
	})
	if err := errors.Join(err, leave(present)); err != nil {
		return err
	}
	reportSightings(m.report, present, m.crowd.saves())
	return nil
}

// seeEnough waits until enough changes were seen, or for as long as the exam alone was measured.
func (m *measuring) seeEnough(ctx context.Context, present []*watcher) error {
	for giveUp := time.Now().Add(m.span); time.Now().Before(giveUp); {
		if seen, _ := sightings(present, m.crowd.saves()); len(seen) >= manySeen {
			return nil
		}
		if _, err := m.window(ctx, time.Second); err != nil {
			return err
		}
	}
	return nil
}

// watched is how many watch at a time.
var watched = []int{0, 1, 3}

// watching lets n watch, of whom some do already.
func (m *measuring) watching(ctx context.Context, present *[]*watcher, n int) error {
	for len(*present) < n {
		w, err := m.watch(ctx)
		if err != nil {
			return err
		}
		*present = append(*present, w)
	}
	gone := (*present)[n:]
	*present = (*present)[:n]
	return leave(gone)
}

func leave(watchers []*watcher) error {
	var errs []error
	for _, w := range watchers {
		errs = append(errs, w.close())
	}
	return errors.Join(errs...)
}

// cost measures what watching costs: what is used more per second when somebody watches. It does so
// while only those write who are on the page, since all others do not change what watching costs, but
// would drown it: what an answer costs differs from second to second by more than that.
func (m *measuring) cost(ctx context.Context) error {
	used := make([][]float64, len(watched))
	err := m.crowd.during(ctx, m.crowd.listed, func() error {
		var present []*watcher
		for cycle := range m.cycles {
			if err := m.cycle(ctx, &present, cycle, used); err != nil {
				return err
			}
		}
		return leave(present)
	})
	if err != nil {
		return err
	}
	m.report.line("only those on the page write: processor ms per second", measure.Of(used[0]))
	for i, n := range watched[1:] {
		// Each cycle is compared with itself: the machine is faster at one time than at another.
		more := measure.Each(used[i+1], func(cycle int, with float64) float64 { return with - used[0][cycle] })
		who := fmt.Sprintf("%d watching: ", n)
		m.report.line(who+"processor ms per second more", more)
		share := 100 * more.Median / m.price
		m.report.bound(who+"beside the exam, %", fmt.Sprintf("%8.2f", share), fmt.Sprintf("%g %%", tooDear), share < tooDear)
	}
	return nil
}

// cycle measures with each number of watchers once, upwards and downwards by turns.
func (m *measuring) cycle(ctx context.Context, present *[]*watcher, cycle int, used [][]float64) error {
	for i := range watched {
		if cycle%2 == 1 {
			i = len(watched) - 1 - i
		}
		if err := m.watching(ctx, present, watched[i]); err != nil {
			return err
		}
		w, err := m.window(ctx, m.span/10)
		if err != nil {
			return err
		}
		used[i] = append(used[i], w.perSecond())
	}
	return nil
}

// reportSightings says after what time saved answers were seen.
func reportSightings(r *report, watchers []*watcher, saves []save) {
	r.line("sitting page of 100 candidates, ms", measure.Each(watchers, func(_ int, w *watcher) float64 { return millis(w.page) }))
	delays, unseen := sightings(watchers, saves)
	at := func(q float64) time.Duration {
		if len(delays) == 0 {
			return 0
		}
		return delays[min(len(delays)-1, int(q*float64(len(delays))))]
	}
	r.line(fmt.Sprintf("%d changes seen, ms after the 303: 50 %%, 95 %%", len(delays)), fmt.Sprintf("%8.0f  %.0f", millis(at(0.5)), millis(at(0.95))))
	r.bound("the last of them, ms", fmt.Sprintf("%8.0f", millis(at(1))), tooLate.String(), unseen == 0 && at(1) < tooLate && len(delays) >= manySeen)
	if unseen > 0 {
		r.line("changes never seen", unseen)
	}
}
