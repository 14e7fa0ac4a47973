package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shiken/devtools/client"
	"shiken/devtools/cluster"
	"shiken/devtools/hall"
	"shiken/devtools/services"
)

// Bounds of what is measured here.
const (
	tooLong  = 5 * time.Second // for one command to everybody
	patience = time.Minute
)

// extension is one "extend all".
type extension struct {
	admin *client.Client
	form  *client.Form // that gives it
	job   string
	given time.Time // when the form was sent
}

// plan asks an instance what "extend all" would do.
func (s *shape) plan(ctx context.Context, base string) (*extension, error) {
	admin, err := browser(base, &s.hall.Admin)
	if err != nil {
		return nil, err
	}
	form, err := admin.PlanForAll(ctx, hall.Exam, "extend", 10, "fire alarm")
	return &extension{admin: admin, form: form}, err
}

// give sends the form. Sent again it must lead to the same job.
func (e *extension) give(ctx context.Context, admin *client.Client) error {
	if e.given.IsZero() {
		e.given = time.Now()
	}
	job, err := admin.Command(ctx, e.form)
	if err != nil {
		return err
	}
	if e.job != "" && e.job != job {
		return fmt.Errorf("the form led to job %s, sent again to %s", e.job, job)
	}
	e.job = job
	return nil
}

// finished waits until the job is done, and returns the time since the form was sent.
func (s *shape) finished(ctx context.Context, e *extension) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var end int64
	err := services.Poll(ctx, func(ctx context.Context) error {
		err := s.db.QueryRowContext(ctx, `SELECT finished FROM jobs WHERE id = $1`, e.job).Scan(&end)
		if err == nil && end == 0 {
			err = fmt.Errorf("job %s is not finished", e.job)
		}
		return err
	})
	return time.UnixMicro(end).Sub(e.given), err
}

// extension extends all while they write.
func (m *measuring) extension(ctx context.Context) error {
	return m.crowd.during(ctx, m.crowd.writers, func() error { return m.extendAll(ctx) })
}

func (m *measuring) extendAll(ctx context.Context) error {
	before, err := m.countExtensions(ctx)
	if err != nil {
		return err
	}
	e, err := m.plan(ctx, m.base)
	if err != nil {
		return err
	}
	defer e.admin.Close()
	if err := e.give(ctx, e.admin); err != nil {
		return err
	}
	used, err := m.cpuTimes()
	if err != nil {
		return err
	}
	m.report.line("extend all: until the page of the job, ms", fmt.Sprintf("%8.0f", millis(time.Since(e.given))))
	took, err := m.finished(ctx, e)
	if err != nil {
		return err
	}
	now, err := m.cpuTimes()
	if err != nil {
		return err
	}
	for p := range now {
		m.report.line("extend all: processor ms, "+m.parts[p].name, fmt.Sprintf("%8.0f", millis(now[p]-used[p])))
	}
	m.report.bound(fmt.Sprintf("extend all, %d attempts, s", m.attempts), fmt.Sprintf("%8.2f", took.Seconds()), tooLong.String(), took <= tooLong)
	return m.once(ctx, before)
}

// once reports whether every attempt was extended once since before.
func (m *measuring) once(ctx context.Context, before extensions) error {
	now, err := m.countExtensions(ctx)
	if err != nil {
		return err
	}
	entries := now.entries - before.entries
	once := entries == m.attempts && now.least == before.least+1 && now.most == before.most+1
	m.report.bound("entries in the journals", fmt.Sprintf("%8d", entries), "once each", once)
	return nil
}

// extensions are the entries of extensions in all journals.
type extensions struct {
	entries     int
	least, most int // of one attempt
}

func (s *shape) countExtensions(ctx context.Context) (extensions, error) {
	const count = `SELECT coalesce(sum(n), 0), coalesce(min(n), 0), coalesce(max(n), 0) FROM (SELECT
		(SELECT count(*) FROM journal j WHERE j.attempt_id = a.id AND j.kind = 'extend') AS n FROM attempts a) x`
	var e extensions
	err := s.db.QueryRowContext(ctx, count).Scan(&e.entries, &e.least, &e.most)
	return e, err
}

// kill extends all once more, kills the instance that does it when a third is done, and sends the form
// again: to another instance, or to the same when it is started again.
func (m *measuring) kill(ctx context.Context) error {
	return m.crowd.during(ctx, m.crowd.writers, func() error { return m.extendAndKill(ctx) })
}

func (m *measuring) extendAndKill(ctx context.Context) error {
	before, err := m.countExtensions(ctx)
	if err != nil {
		return err
	}
	doing, other := m.instances[0], m.instances[len(m.instances)-1]
	e, err := m.plan(ctx, doing.URL())
	if err != nil {
		return err
	}
	defer e.admin.Close()
	if err := e.give(ctx, e.admin); err != nil {
		return err
	}
	resent := m.crowd.resent.Load()
	done, err := m.killAt(ctx, doing, before.entries+m.attempts/3)
	if err != nil {
		return err
	}
	m.report.line("killed when so many were extended", fmt.Sprintf("%8d   after %.2f s", done-before.entries, time.Since(e.given).Seconds()))
	died := time.Now()
	if doing == other {
		if err := doing.Start(ctx); err != nil {
			return err
		}
	}
	down := time.Since(died)
	if err := m.giveAgain(ctx, e, other); err != nil {
		return err
	}
	took, err := m.finished(ctx, e)
	if err != nil {
		return err
	}
	m.reportKilled(took, down, doing == other)
	m.report.line("answers sent again meanwhile", fmt.Sprintf("%8d", m.crowd.resent.Load()-resent))
	if doing != other {
		err = doing.Start(ctx)
	}
	return errors.Join(err, m.once(ctx, before))
}

// reportKilled: where the only instance died, the time is not counted in which there was none.
func (m *measuring) reportKilled(took, down time.Duration, only bool) {
	if only {
		m.report.line("no instance, s", fmt.Sprintf("%8.2f", down.Seconds()))
		took -= down
	}
	m.report.bound("extend all, killed, and sent again, s", fmt.Sprintf("%8.2f", took.Seconds()), tooLong.String(), took <= tooLong)
}

// killAt kills the instance once there are so many entries, and returns how many there are then. It
// looks seldom, since looking has its price.
func (s *shape) killAt(ctx context.Context, i *cluster.Instance, entries int) (int, error) {
	const pause = 50 * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		now, err := s.countExtensions(ctx)
		if err != nil {
			return 0, err
		}
		if now.entries >= entries {
			break
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(pause):
		}
	}
	i.Kill()
	now, err := s.countExtensions(ctx)
	return now.entries, err
}

// giveAgain sends the same form to another instance, as the same admin.
func (s *shape) giveAgain(ctx context.Context, e *extension, to *cluster.Instance) error {
	admin, err := browser(to.URL(), &s.hall.Admin)
	if err != nil {
		return err
	}
	defer admin.Close()
	return e.give(ctx, admin)
}

// verify lets the product judge what is in the database now.
func (m *measuring) verify(ctx context.Context) error {
	begun := time.Now()
	out, err := m.instances[0].Command(ctx, "verify")
	m.report.bound("shiken verify, s", fmt.Sprintf("%8.2f", time.Since(begun).Seconds()), "nothing to say", err == nil)
	if err != nil {
		m.report.line("verify says", out)
	}
	return nil
}
