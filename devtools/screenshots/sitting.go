package main

import (
	"context"
	"crypto/rand"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/proctor"
	"shiken/store"
)

// sitting is one exam of the school, as its candidates sit it.
type sitting struct {
	*school
	definition exam.Definition
	pools      [][]exam.PoolQuestion
	keys       map[string]store.KeyedFeedback // by version of a question
	alarm      exam.Instant                   // when everybody stood up, 0 = never
}

// stood is how long everybody stood outside after the alarm.
const stood = 3 * exam.Minute

func newSitting(ctx context.Context, c *school, d exam.Definition) (*sitting, error) {
	s := &sitting{school: c, definition: d}
	var err error
	if s.pools, err = c.store.LoadPools(ctx, &d); err != nil {
		return nil, err
	}
	var versions []string
	for _, pool := range s.pools {
		for i := range pool {
			versions = append(versions, pool[i].Version)
		}
	}
	s.keys, err = c.store.Keys(ctx, versions)
	return s, err
}

// candidate is one attempt, at a time. After an error its methods do nothing.
type candidate struct {
	*sitting
	ctx     context.Context
	user    store.User
	paper   exam.Paper
	at      exam.Instant
	ability float64 // probability of a right answer
	next    int     // position
	err     error
}

// begin draws a paper and begins at a time.
func (s *sitting) begin(ctx context.Context, u store.User, at exam.Instant) *candidate {
	c := &candidate{sitting: s, ctx: ctx, user: u, at: at, ability: 0.4 + s.chance.Float64()*0.55, next: 1}
	request := exam.DrawRequest{
		Attempt: uuid.NewString(), Candidate: u.ID, Definition: &s.definition, Pools: s.pools, ExtraPercent: u.ExtraPercent,
	}
	rand.Read(request.Seed[:]) //nolint:errcheck // never fails, crypto/rand
	if c.paper, c.err = exam.Draw(request); c.err != nil {
		return c
	}
	attempt, outcome, err := exam.Begin(&c.paper, uuid.NewString(), "", proctor.NewSalt(), at)
	if err == nil {
		err = s.store.Create(ctx, store.NewAttempt{Attempt: attempt, Paper: c.paper, Number: 1, Outcome: outcome})
	}
	c.err = err
	return c
}

// give applies a command at the candidate's time.
func (c *candidate) give(command exam.Command) {
	if c.err != nil {
		return
	}
	var was store.Snapshot
	if was, c.err = c.store.LoadAttempt(c.ctx, store.AttemptQuery{Attempt: c.paper.Attempt, All: true}); c.err != nil {
		return
	}
	command.ID, command.Salt = uuid.NewString(), proctor.NewSalt()
	command.Opening = was.Attempt.Opening
	if command.Actor.Role == exam.Candidate && command.Position > 0 {
		command.Page, command.Seq, command.Rev = uuid.NewString(), 1, was.Attempt.Response(command.Position).Rev
	}
	next, outcome, err := exam.Apply(was.Paper, was.Attempt, command, c.at)
	if err == nil {
		err = c.store.Commit(c.ctx, &was, next, outcome)
	}
	c.err = err
}

// write answers question after question until a time, or to the last one.
func (c *candidate) write(until exam.Instant) {
	for c.err == nil && c.next <= len(c.paper.Items) {
		step := exam.Micros(75+c.chance.IntN(80)) * exam.Second
		if c.alarm != 0 && c.at < c.alarm && c.at.Add(step) >= c.alarm {
			c.interrupt()
		}
		if c.at.Add(step) > until {
			return
		}
		c.at = c.at.Add(step)
		c.answer(exam.Move, c.next, c.chance.Float64() < c.ability)
		c.next++
	}
}

// interrupt is a pause of everybody.
func (c *candidate) interrupt() {
	admin := exam.Actor{Role: exam.Admin, ID: c.admin.ID}
	c.at = c.alarm
	c.give(exam.Command{Kind: exam.Pause, Actor: admin, Note: "火災報知器の点検"})
	c.at = c.at.Add(stood)
	c.give(exam.Command{Kind: exam.Resume, Actor: admin, Note: "点検が終わったため"})
}

// answer gives the right or a wrong answer.
func (c *candidate) answer(kind exam.Kind, position int, right bool) {
	item := c.paper.Item(position)
	key := c.keys[item.Version].Key
	for _, choice := range item.Choices {
		if (key.Options[choice.Option] == exam.FullCredit) != right {
			continue
		}
		target := position
		if kind == exam.Move {
			target = position + 1
		}
		c.give(exam.Command{
			Kind: kind, Actor: exam.Actor{Role: exam.Candidate, ID: c.user.ID}, Position: position,
			Answer: exam.OneChoice(choice.Value), Target: target,
		})
		return
	}
}

// submit hands the paper in.
func (c *candidate) submit() {
	was, err := c.store.LoadAttempt(c.ctx, store.AttemptQuery{Attempt: c.paper.Attempt})
	if c.err == nil {
		c.err = err
	}
	c.give(exam.Command{Kind: exam.Submit, Actor: exam.Actor{Role: exam.Candidate, ID: c.user.ID}, Rev: was.Attempt.Changes})
}

// order is a command of the admin.
func (c *candidate) order(kind exam.Kind, amount exam.Micros, note string) {
	c.give(exam.Command{Kind: kind, Actor: exam.Actor{Role: exam.Admin, ID: c.admin.ID}, Amount: amount, Note: note})
}
