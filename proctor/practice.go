package proctor

import (
	"cmp"
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// History tells what a candidate did in practices, as far as the candidate may know, with the candidate's
// attempts. What is stored of that is brought up to date first.
func (p *Proctor) History(ctx context.Context, user string) (exam.History, []store.Summary, error) {
	none := exam.History{}
	if err := p.followPractices(ctx, user); err != nil {
		return none, nil, err
	}
	list, err := p.Store.Practised(ctx, user)
	if err != nil {
		return none, nil, err
	}
	attempts, now, err := p.Store.OfCandidate(ctx, user)
	if err != nil {
		return none, nil, err
	}
	told, err := p.toldVerdicts(ctx, attempts, now)
	if err != nil {
		return none, nil, err
	}
	return exam.HistoryOf(list, func(attempt string) bool { return told[attempt] }), attempts, nil
}

// toldVerdicts are the attempts of which the candidate may know what was right.
func (p *Proctor) toldVerdicts(ctx context.Context, attempts []store.Summary, now exam.Instant) (map[string]bool, error) {
	var slugs []string
	for i := range attempts {
		if attempts[i].Rules.Feedback == exam.PracticeFeedback && attempts[i].Status.Closed() {
			slugs = append(slugs, attempts[i].Exam)
		}
	}
	states, err := p.Store.ReleaseStates(ctx, slugs)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for i := range attempts {
		s := &attempts[i]
		a := exam.Attempt{Status: s.Status, Marking: s.Marking}
		paper := exam.Paper{Rules: s.Rules}
		r := exam.ReleasedAt(&paper, &a, states[s.Exam], now)
		out[s.ID] = r.Score && r.Keys || exam.TellsVerdicts(&paper, &a)
	}
	return out, nil
}

// followPractices brings up to date what is stored of a candidate's practices.
func (p *Proctor) followPractices(ctx context.Context, user string) error {
	stale, err := p.Store.StalePractices(ctx, user)
	if err != nil {
		return err
	}
	for _, attempt := range stale {
		if err := p.followPractice(ctx, attempt); err != nil {
			return err
		}
	}
	return nil
}

func (p *Proctor) followPractice(ctx context.Context, attempt string) error {
	snap, err := p.Store.LoadAttempt(ctx, store.AttemptQuery{Attempt: attempt, All: true})
	if err != nil {
		return err
	}
	marks, checkedAt, err := p.checkedMarks(ctx, &snap)
	if err != nil {
		return err
	}
	return p.Store.PutPractised(ctx, store.PractisedAttempt{
		Attempt: attempt, Version: snap.Attempt.Head.Seq,
		Items: exam.PractisedItems(snap.Paper, &snap.Attempt, marks, checkedAt),
	})
}

// checkedMarks are the points of what was checked in an attempt without a score, by the keys as they are now,
// as its pages tell them; and when that was.
func (p *Proctor) checkedMarks(ctx context.Context, snap *store.Snapshot) (map[int]int, map[int]exam.Instant, error) {
	var versions []string
	for n, r := range snap.Attempt.Responses {
		if r.Checked {
			versions = append(versions, snap.Paper.Item(n).Version)
		}
	}
	if len(versions) == 0 {
		return nil, nil, nil
	}
	checkedAt, err := p.Store.CheckedAt(ctx, snap.Attempt.ID)
	if err != nil || snap.Attempt.Score != nil {
		return nil, checkedAt, err
	}
	keyed, err := p.Store.Keys(ctx, versions)
	if err != nil {
		return nil, nil, err
	}
	marks := map[int]int{}
	for n, r := range snap.Attempt.Responses {
		if r.Checked {
			it := snap.Paper.Item(n)
			key := keyed[it.Version].Key
			marks[n] = p.Grader.MarkOne(it, &key, &r)
		}
	}
	return marks, checkedAt, nil
}

// drawFocused makes the paper of a practice whose candidate said what it is to be about. As many questions
// as the exam draws, and all of them admitted, is the exam itself. Where attempts are limited it is the most, too:
// else one start would show the keys of all questions.
func (p *Proctor) drawFocused(ctx context.Context, focus exam.Focus, d exam.DrawRequest) (exam.Paper, error) {
	if d.Definition.Rules.Feedback != exam.PracticeFeedback {
		return exam.Paper{}, exam.ErrMalformed
	}
	whole, broken := exam.Draw(d)
	if d.Definition.Attempts > 0 {
		if broken != nil {
			return exam.Paper{}, broken
		}
		focus.Most = whole.Len()
		focus.Count = min(cmp.Or(focus.Count, focus.Most), focus.Most)
	}
	if broken == nil && !focus.Selects() && whole.Len() == focus.Count {
		return whole, nil
	}
	history, _, err := p.History(ctx, d.Candidate)
	if err != nil {
		return exam.Paper{}, err
	}
	narrowed, pools, err := focus.Narrow(*d.Definition, d.Definition.Offered(d.Pools, d.Picked), &history, d.Seed)
	if err != nil {
		return exam.Paper{}, err
	}
	d.Definition, d.Pools, d.Picked = &narrowed, pools, nil
	return exam.Draw(d)
}

// Offered lists the questions that a candidate may choose from in a practice, each once, as the store's
// PoolIndex does.
func (p *Proctor) Offered(ctx context.Context, d *exam.Definition) ([]exam.PoolQuestion, error) {
	pools, err := p.Store.PoolIndex(ctx, d)
	if err != nil {
		return nil, err
	}
	if d.PicksOnce() {
		picked, err := p.Store.Picked(ctx, d.Slug)
		if err != nil {
			return nil, err
		}
		pools = d.Offered(pools, picked)
	}
	var out []exam.PoolQuestion
	met := map[string]bool{}
	for _, q := range slices.Concat(pools...) {
		if !met[q.Identity] {
			out, met[q.Identity] = append(out, q), true
		}
	}
	return out, nil
}
