package exam

import "slices"

// Counting says which of a candidate's attempts is the result.
type Counting string

// The ways to count. CountBest ("") takes a pass before a fail, then the greater part of the points, then the
// earlier attempt.
const (
	CountBest    Counting = ""
	CountLast    Counting = "last"
	CountFirst   Counting = "first"
	CountAverage Counting = "average"
)

// Sat is one attempt of a candidate, as far as it matters for the result.
type Sat struct {
	Status   Status
	Score    *Score // nil: not marked
	PassMark int    // of its paper, percent; 0 = none
	Minimums []int  // of its sections, percent; 0 = none
}

// waits reports whether the attempt's points are not known yet.
func (s *Sat) waits() bool { return s.Score == nil || s.Score.Awaiting }

// SeriesResult is what a candidate's attempts come to. Points are sums over the attempts that count: of several,
// Total ÷ len(Counts) is the mean.
type SeriesResult struct {
	Counts []int // places of the attempts that count; none while it awaits, or when nothing was handed in
	// Awaiting: what counts is not known before all that may count is marked.
	Awaiting   bool
	Total, Max int
	Sections   []SectionScore // none where the attempts that count have different sections
	Passed     *bool
}

// Known reports whether the result has points.
func (r *SeriesResult) Known() bool { return len(r.Counts) > 0 }

// Mean is a sum of the result as points of one attempt, halves rounded up.
func (r *SeriesResult) Mean(sum int) int {
	n := max(len(r.Counts), 1)
	return (2*sum + n) / (2 * n)
}

// ResultOf counts the attempts of one candidate, by number. Only those that were handed in or ran out count;
// voided ones never do.
func (c Counting) ResultOf(sat []Sat) SeriesResult {
	var closed []int
	for i := range sat {
		if sat[i].Status.Closed() {
			closed = append(closed, i)
		}
	}
	switch {
	case len(closed) == 0:
		return SeriesResult{}
	case c == CountFirst:
		closed = closed[:1]
	case c == CountLast:
		closed = closed[len(closed)-1:]
	}
	if slices.ContainsFunc(closed, func(i int) bool { return sat[i].waits() }) {
		return SeriesResult{Awaiting: true}
	}
	if c == CountAverage {
		return average(sat, closed)
	}
	best := closed[0]
	for _, i := range closed[1:] {
		if better(sat[i].Score, sat[best].Score) {
			best = i
		}
	}
	s := sat[best].Score
	return SeriesResult{Counts: []int{best}, Total: s.Total, Max: s.Max, Sections: s.Sections, Passed: s.Passed}
}

// better: a pass before a fail, then the greater part of the points, unrounded.
func better(a, b *Score) bool {
	if passedA, passedB := a.Passed != nil && *a.Passed, b.Passed != nil && *b.Passed; passedA != passedB {
		return passedA
	}
	return lessPart(b.Total, b.Max, a.Total, a.Max)
}

// average adds up points and maxima: where all attempts have the same maximum their part is the mean of the
// parts. It is judged by the rules of the last one.
func average(sat []Sat, counts []int) SeriesResult {
	last := &sat[counts[len(counts)-1]]
	r := SeriesResult{Counts: counts, Sections: make([]SectionScore, len(last.Score.Sections))}
	for _, i := range counts {
		s := sat[i].Score
		r.Total, r.Max = r.Total+s.Total, r.Max+s.Max
		if len(s.Sections) != len(r.Sections) {
			r.Sections = nil
		}
		for n := range r.Sections {
			r.Sections[n].Total += s.Sections[n].Total
			r.Sections[n].Max += s.Sections[n].Max
		}
	}
	r.judge(last)
	return r
}

func (r *SeriesResult) judge(by *Sat) {
	passed, judged := true, false
	for n := range r.Sections {
		if n < len(by.Minimums) && by.Minimums[n] > 0 {
			ok := reaches(r.Sections[n].Total, r.Sections[n].Max, by.Minimums[n])
			r.Sections[n].Passed = &ok
			passed, judged = passed && ok, true
		}
	}
	if by.PassMark > 0 {
		passed, judged = passed && reaches(r.Total, r.Max, by.PassMark), true
	}
	if judged {
		r.Passed = &passed
	}
}
