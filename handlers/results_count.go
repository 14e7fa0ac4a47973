package handlers

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// candidateResult is all attempts of a candidate with what they come to.
type candidateResult struct {
	rows   []store.ResultRow // by number
	result exam.SeriesResult
}

// countedOf counts the attempts of some users, by user.
func (s *Server) countedOf(ctx context.Context, d *exam.Definition, users []string) (map[string]*candidateResult, error) {
	rows, err := s.Store.CandidateResults(ctx, d.Slug, users)
	if err != nil {
		return nil, err
	}
	out := map[string]*candidateResult{}
	for i := range rows {
		c := out[rows[i].User]
		if c == nil {
			c = &candidateResult{}
			out[rows[i].User] = c
		}
		c.rows = append(c.rows, rows[i])
	}
	for _, c := range out {
		c.result = d.Counts.ResultOf(satOf(c.rows))
	}
	return out, nil
}

func satOf(rows []store.ResultRow) []exam.Sat {
	out := make([]exam.Sat, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = exam.Sat{Status: r.Summary.Status, Score: r.Score, PassMark: r.Summary.Rules.PassMark, Minimums: r.SectionMinimums}
	}
	return out
}

// candidatesOf lists the candidates of some rows, each once.
func candidatesOf(rows []store.ResultRow) []string {
	var out []string
	seen := map[string]bool{}
	for i := range rows {
		if user := rows[i].User; !seen[user] {
			out, seen[user] = append(out, user), true
		}
	}
	return out
}

// place is that of an attempt among its candidate's.
func (c *candidateResult) place(attempt string) int {
	return slices.IndexFunc(c.rows, func(r store.ResultRow) bool { return r.Summary.ID == attempt })
}

// counts says whether the attempt at a place counts.
func (c *candidateResult) counts(place int) templates.Counted {
	switch {
	case slices.Contains(c.result.Counts, place):
		return templates.CountsNow
	case place >= 0 && c.result.Awaiting && c.rows[place].Summary.Status.Closed():
		return templates.CountsLater
	}
	return templates.CountsNot
}

// line is the one line of a candidate: the attempt that counts, with the mean of all where several do; else
// the last that was handed in, or the last at all.
func (c *candidateResult) line() (store.ResultRow, templates.Counted) {
	if n := len(c.result.Counts); n > 0 {
		row := c.rows[c.result.Counts[n-1]]
		if n > 1 {
			row.Score = meanScore(&c.result)
		}
		return row, templates.CountsNow
	}
	last := len(c.rows) - 1
	for i := range c.rows {
		if c.rows[i].Summary.Status.Closed() {
			last = i
		}
	}
	row := c.rows[last]
	if c.result.Awaiting {
		row.Score = &exam.Score{Awaiting: true}
	}
	return row, c.counts(last)
}

// meanScore is a result of several attempts as the score of one.
func meanScore(r *exam.SeriesResult) *exam.Score {
	score := &exam.Score{Total: r.Mean(r.Total), Max: r.Mean(r.Max), Passed: r.Passed}
	for _, s := range r.Sections {
		score.Sections = append(score.Sections, exam.SectionScore{Total: r.Mean(s.Total), Max: r.Mean(s.Max), Passed: s.Passed})
	}
	return score
}

// several reports whether a candidate handed in more than one attempt.
func (c *candidateResult) several() bool {
	n := 0
	for i := range c.rows {
		if c.rows[i].Summary.Status.Closed() {
			n++
		}
	}
	return n > 1
}

// ownResult tells a candidate which attempts count, and what they come to, as far as what it is made of is
// released (R12).
func (s *Server) ownResult(ctx context.Context, state *store.StartState, lang string) (*templates.OwnResult, error) {
	d := &state.Definition
	if d.Attempts == 1 && len(state.Attempts) < 2 || d.Rules.Feedback == exam.PracticeFeedback {
		return nil, nil
	}
	out := &templates.OwnResult{Rule: countingName(d.Counts)}
	if !slices.ContainsFunc(state.Attempts, func(a store.Summary) bool { return a.Status.Closed() }) {
		return out, nil
	}
	counted, err := s.countedOf(ctx, d, []string{state.User.ID})
	if err != nil || counted[state.User.ID] == nil {
		return out, err
	}
	c := counted[state.User.ID]
	released, err := s.Store.ReleaseState(ctx, d.Slug)
	if err != nil {
		return nil, err
	}
	switch {
	case c.result.Awaiting:
		out.State = templates.OwnAwaiting
	case !c.result.Known():
	case !c.released(d.Counts, released, state.Now):
		out.State = templates.OwnLater
	default:
		out.State = templates.OwnKnown
		for _, place := range c.result.Counts {
			out.Numbers = append(out.Numbers, c.rows[place].Summary.Number)
		}
		row, _ := c.line()
		out.Score = resultsRow(&row, lang).Score
	}
	return out, nil
}

// released reports whether the scores are released that the result is made of: of the best, those of all
// that were handed in, since which one is the best tells something of the others.
func (c *candidateResult) released(by exam.Counting, state exam.ReleaseState, now exam.Instant) bool {
	for i := range c.rows {
		a := &c.rows[i].Summary
		if !a.Status.Closed() || by != exam.CountBest && !slices.Contains(c.result.Counts, i) {
			continue
		}
		if !exam.ReleasedAt(&exam.Paper{Rules: a.Rules}, &exam.Attempt{Status: a.Status, Marking: a.Marking}, state, now).Score {
			return false
		}
	}
	return true
}

// countingName is what the exam file calls a way to count.
func countingName(c exam.Counting) string {
	if c == exam.CountBest {
		return "best"
	}
	return string(c)
}
