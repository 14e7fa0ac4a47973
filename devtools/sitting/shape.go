package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/hall"
	"shiken/devtools/proc"
)

// part is a process of a shape whose processor time is measured. Its id changes when it is started
// again; 0: in a container, not ours to see.
type part struct {
	name string
	pid  func() int
}

// shape is one of the two ways to run the product, under measurement.
type shape struct {
	name      string
	base      string // where browsers find it
	instances []*cluster.Instance
	parts     []part
	hall      *hall.Hall
	db        *sql.DB // a connection of our own, to see what became of a job
	end       []func() error
}

func (s *shape) close() error {
	var errs []error
	for i := len(s.end) - 1; i >= 0; i-- {
		errs = append(errs, s.end[i]())
	}
	return errors.Join(errs...)
}

// browser is that of somebody who is signed in, with one of the addresses of the shape.
func browser(base string, p *hall.Person) (*client.Client, error) {
	c, err := client.New(base)
	if err == nil {
		c.Keep(p.Cookie())
	}
	return c, err
}

// cpuTimes are by part.
func (s *shape) cpuTimes() ([]time.Duration, error) {
	times := make([]time.Duration, len(s.parts))
	var errs []error
	for i, p := range s.parts {
		if pid := p.pid(); pid != 0 {
			var err error
			times[i], err = proc.CPUTime(pid)
			errs = append(errs, err)
		}
	}
	return times, errors.Join(errs...)
}

// measure lets candidates write, and measures beside them.
func (s *shape) measure(ctx context.Context, o options, r *report) error {
	c, err := newCrowd(s, o)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.arrive(ctx); err != nil {
		return err
	}
	m := &measuring{shape: s, options: o, crowd: c, report: r}
	defer r.others(time.Now(), busyTime(), ownTime())
	for _, step := range []func(context.Context) error{m.exam, m.sight, m.cost, m.extension, m.kill, m.verify} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// measuring is one run. Its steps go by docs/design.md, section 11.
type measuring struct {
	*shape
	options
	crowd  *crowd
	report *report

	alone window  // the exam, which nobody watches
	price float64 // its processor time in ms per second
}

// window is how much was answered in a time, and at what price.
type window struct {
	answers int
	wall    time.Duration
	cpu     []time.Duration // by part
}

// perSecond is the processor time of all parts, in milliseconds per second.
func (w *window) perSecond() float64 {
	sum := 0.0
	for _, t := range w.cpu {
		sum += millis(t)
	}
	return sum / w.wall.Seconds()
}

func millis(d time.Duration) float64 { return d.Seconds() * 1e3 }

// window measures what goes on for a while.
func (m *measuring) window(ctx context.Context, length time.Duration) (window, error) {
	before, err := m.cpuTimes()
	if err != nil {
		return window{}, err
	}
	answers, begun := m.crowd.answers.Load(), time.Now()
	select {
	case <-ctx.Done():
		return window{}, ctx.Err()
	case <-time.After(length):
	}
	w := window{answers: int(m.crowd.answers.Load() - answers), wall: time.Since(begun)}
	w.cpu, err = m.cpuTimes()
	for i := range w.cpu {
		w.cpu[i] -= before[i]
	}
	return w, err
}
