package proctor

import (
	"context"
	"errors"
	"reflect"
	"time"

	"shiken/exam"
	"shiken/store"
)

// StartRequest asks for an attempt of an exam.
type StartRequest struct {
	Exam    string
	User    string
	Device  string      // that asks: the attempt belongs to it, where its rules want one
	Command string      // id
	Seen    int         // attempts that the start form had seen
	Held    exam.Micros // how long the instance has held the request
	// Focus narrows what a practice draws; other exams take none (exam.ErrMalformed). It counts where an
	// attempt is begun. exam.ErrNothing when it leaves no question: nothing is begun then.
	Focus exam.Focus
	// Unfit, when set, says why what was asked for is no focus: it is returned where an attempt would be begun.
	Unfit error
}

// Started says where a start leads.
type Started struct {
	Attempt  string
	Position int
	Reason   exam.Reason // set when the start was refused
	State    store.StartState
}

// Bounds of the pause between two tries of a start that others overtook. A start is overtaken by
// another one of the same candidate, so the first try after the first pause mostly finds it.
const (
	pauseMin = 2 * time.Millisecond
	pauseMax = 100 * time.Millisecond
)

// Start leads to the attempt that a start means: an open one, a newer one than the form had seen, or
// a new one that it begins (R10). An exam that the user may not know of is store.ErrNotFound.
// However often others overtake it, it is judged at its arrival: the store's clock at the first
// reading, less what the instance had held it (R8).
func (p *Proctor) Start(ctx context.Context, q StartRequest) (Started, error) {
	var arrived exam.Instant
	for pause := pauseMin; ; pause = min(2*pause, pauseMax) {
		state, err := p.Store.LoadStart(ctx, q.Exam, q.User)
		if err != nil {
			return Started{}, err
		}
		if arrived == 0 {
			arrived = state.Now.Add(-q.Held)
		}
		done, err := p.tryStart(ctx, q, state, arrived)
		if !errors.Is(err, store.ErrMoved) && !errors.Is(err, store.ErrRolledBack) {
			return done, err
		}
		if err := p.rest(ctx, pause); err != nil {
			return done, err
		}
	}
}

// rest waits; it returns why ctx ended when that came first.
func (p *Proctor) rest(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(p.jitter(pause))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Proctor) tryStart(ctx context.Context, q StartRequest, state store.StartState, arrived exam.Instant) (Started, error) {
	if !MayKnow(&state) {
		return Started{}, store.ErrNotFound
	}
	verdict := exam.JudgeStart(&state.Definition, exam.StartRequest{
		Command: q.Command, Seen: q.Seen, Earlier: Earlier(state.Attempts), Arrived: arrived,
	})
	switch {
	case verdict.Lead != nil:
		return p.lead(ctx, q, state, verdict.Lead)
	case verdict.Reason != "":
		return p.refuse(ctx, q, state, verdict.Reason)
	}
	before, err := p.Store.StartRejection(ctx, q.Exam, q.User, q.Command)
	switch {
	case err == nil && before == "":
		return p.begin(ctx, q, state, arrived)
	case err == nil && before == hasLed:
		last := &state.Attempts[len(state.Attempts)-1]
		return Started{Attempt: last.ID, Position: last.Cursor, State: state}, nil
	}
	return Started{Reason: before, State: state}, err // a rejected id stays rejected (R2)
}

// hasLed is kept in place of the reason of a refusal: the start led to an attempt.
const hasLed exam.Reason = "led"

// lead leads to an attempt. Where the start had seen every attempt that there is, it is remembered, so
// that a copy of it which comes when that attempt is closed does not begin another (R2, R10).
func (p *Proctor) lead(ctx context.Context, q StartRequest, state store.StartState, to *exam.Began) (Started, error) {
	var err error
	if to.Command != q.Command && len(state.Attempts) <= q.Seen {
		err = p.Store.KeepRejectedStart(ctx, q.Exam, q.User, q.Command, hasLed)
	}
	return Started{Attempt: to.ID, Position: to.Cursor, State: state}, err
}

func (p *Proctor) refuse(ctx context.Context, q StartRequest, state store.StartState, r exam.Reason) (Started, error) {
	err := p.Store.KeepRejectedStart(ctx, q.Exam, q.User, q.Command, r)
	return Started{Reason: r, State: state}, err
}

func (p *Proctor) begin(ctx context.Context, q StartRequest, state store.StartState, arrived exam.Instant) (Started, error) {
	if q.Unfit != nil {
		return Started{}, q.Unfit
	}
	paper, err := p.draw(ctx, q, &state)
	if err != nil {
		return Started{}, err
	}
	attempt, outcome, err := exam.Begin(&paper, q.Command, q.Device, NewSalt(), arrived)
	if err != nil {
		return Started{}, err
	}
	err = p.Store.Create(ctx, store.NewAttempt{
		Attempt: attempt, Paper: paper, Number: len(state.Attempts) + 1, Outcome: outcome,
	})
	return Started{Attempt: attempt.ID, Position: attempt.Cursor, State: state}, err
}

// draw makes the paper of a new attempt.
func (p *Proctor) draw(ctx context.Context, q StartRequest, state *store.StartState) (exam.Paper, error) {
	pools, err := p.Store.LoadPools(ctx, &state.Definition)
	if err != nil {
		return exam.Paper{}, err
	}
	d := exam.DrawRequest{
		Attempt: p.newID(), Candidate: q.User, ExtraPercent: state.User.ExtraPercent,
		Seed: p.newSeed(), Definition: &state.Definition, Pools: pools,
	}
	if d.Picked, err = p.pick(ctx, d.Definition, pools); err != nil {
		return exam.Paper{}, err
	}
	if !q.Focus.IsZero() {
		return p.drawFocused(ctx, q.Focus, d)
	}
	return exam.Draw(d)
}

// pick makes, keeps up and stores the choice of the sections that have the same questions for everybody:
// whoever begins first makes it, and what two make at once is one of the two.
func (p *Proctor) pick(ctx context.Context, d *exam.Definition, pools [][]exam.PoolQuestion) ([]exam.Picked, error) {
	if !d.PicksOnce() {
		return nil, nil
	}
	before, err := p.Store.Picked(ctx, d.Slug)
	if err != nil {
		return nil, err
	}
	picked, err := exam.PickOnce(d, pools, before, p.newSeed())
	if err != nil || reflect.DeepEqual(picked, before) {
		return picked, err
	}
	return picked, p.Store.KeepPicked(ctx, d.Slug, before, picked)
}

// MayKnow reports whether the user may know of the exam: it is published and open to one of the
// user's groups, or the user began an attempt of it.
func MayKnow(s *store.StartState) bool {
	return len(s.Attempts) > 0 || s.Definition.Published && s.Definition.OpenToAny(s.User.Groups)
}

// Earlier is a list of attempts as JudgeStart wants it.
func Earlier(attempts []store.Summary) []exam.Began {
	out := make([]exam.Began, 0, len(attempts))
	for i := range attempts {
		a := &attempts[i]
		out = append(out, exam.Began{
			ID: a.ID, Number: a.Number, Command: a.StartCommand, Status: a.Status, Cursor: a.Cursor,
		})
	}
	return out
}
