package exam

import (
	"cmp"
	"math"
	"slices"
)

// MinStatistics is how many marked attempts a question needs before its statistics say anything.
const MinStatistics = 20

// nearChance is how far above guessing a facility still counts as guessed.
const nearChance = 0.05

// Suspicion says why the key of a question may be wrong.
type Suspicion string

// The suspicions. DistractorAhead: a wrong option was chosen more often by the upper group than each right
// one. Negative: who has the rest right tends to have this one wrong. Guessed: no more have it right than
// would by chance.
const (
	DistractorAhead Suspicion = "distractor"
	Negative        Suspicion = "negative"
	Guessed         Suspicion = "guessed"
)

// OptionCount is how often an option was chosen, by all and by the upper and the lower group.
type OptionCount struct{ All, Upper, Lower int }

// ItemStatistics are the classical statistics of one question version (Lord and Novick, Statistical Theories
// of Mental Test Scores, 1968, chapter 15).
type ItemStatistics struct {
	Version  string
	Attempts int // in which it was marked and counts
	Omitted  int // of these
	// Facility is the mean part of the points that was earned, 0..1; points that were taken off do not count.
	Facility float64
	// Discrimination is the correlation of the points of the question with the part of all other points that
	// was reached, -1..1: the corrected point-biserial where a question is right or wrong (Henrysson 1963).
	// Nil where there is none: too few attempts, or no difference among them.
	Discrimination *float64
	// UpperLower is the facility in the upper 27 % by result minus that in the lower 27 % (Kelley 1939), each
	// with those who tie at its edge. Nil where there are too few, or the groups touch.
	UpperLower *float64
	Options    map[string]OptionCount // by option ID; of choice questions
	Suspicions []Suspicion
}

// Statistics gathers the marked attempts of an exam. It holds some 40 bytes for each question on each paper.
type Statistics struct {
	items map[string]*itemMarks
	order []string // versions as they were first met
}

// itemMarks are the marks of one question version.
type itemMarks struct {
	marks   []itemMark
	choices int // options on the paper
	single  bool
	chosen  []string // option IDs of all marks, one after the other
}

type itemMark struct {
	part, result, rest float64
	first, count       int // in chosen
	omitted            bool
}

// Add takes in an attempt: of the paper the items' versions, types, points and choices, of the attempt its
// status, score (items, total, maximum, whether it awaits a marker) and answers; nothing of them is kept. One that is
// not closed, not marked whole, or has nothing that counts, is left out.
func (s *Statistics) Add(p *Paper, a *Attempt) {
	if !a.Status.Closed() || a.Score == nil || a.Score.Awaiting || a.Score.Max == 0 || len(a.Score.Items) != p.Len() {
		return
	}
	if s.items == nil {
		s.items = map[string]*itemMarks{}
	}
	all := 0 // points, also below 0
	for _, points := range a.Score.Items {
		if Counts(points) {
			all += points
		}
	}
	for i := range p.Items {
		it := &p.Items[i]
		points := a.Score.Items[i]
		if it.Points == 0 || !Counts(points) {
			continue
		}
		answer := a.Responses[i+1].Answer
		mark := itemMark{
			part: float64(max(points, 0)) / float64(it.Points), result: float64(a.Score.Total) / float64(a.Score.Max),
			omitted: answer.IsZero(),
		}
		if rest := a.Score.Max - it.Points; rest > 0 {
			mark.rest = float64(all-points) / float64(rest)
		}
		s.of(it).add(it, mark, answer)
	}
}

func (s *Statistics) of(it *Item) *itemMarks {
	m := s.items[it.Version]
	if m == nil {
		m = &itemMarks{choices: len(it.Choices), single: it.Type == SingleChoice || it.Type == TrueFalse}
		s.items[it.Version] = m
		s.order = append(s.order, it.Version)
	}
	return m
}

func (m *itemMarks) add(it *Item, mark itemMark, answer Answer) {
	mark.first = len(m.chosen)
	if it.Type.IsChoice() {
		values := answer.Choices
		if m.single && answer.Text != "" {
			values = []string{answer.Text}
		}
		for _, v := range values {
			m.chosen = append(m.chosen, it.Option(v))
		}
	}
	mark.count = len(m.chosen) - mark.first
	m.marks = append(m.marks, mark)
}

// Versions are those of the questions, in the order in which they were first met.
func (s *Statistics) Versions() []string { return slices.Clone(s.order) }

// Items computes the statistics of every question, in the order in which they were first met; keys are
// those by version.
func (s *Statistics) Items(keys map[string]Key) []ItemStatistics {
	out := make([]ItemStatistics, len(s.order))
	for i, version := range s.order {
		key := keys[version]
		out[i] = s.items[version].compute(version, &key)
	}
	return out
}

func (m *itemMarks) compute(version string, k *Key) ItemStatistics {
	st := ItemStatistics{Version: version, Attempts: len(m.marks), Options: map[string]OptionCount{}}
	low, high, grouped := m.groups()
	var lower, upper mean
	for _, mark := range m.marks {
		st.Facility += mark.part / float64(len(m.marks))
		if mark.omitted {
			st.Omitted++
		}
		isUpper, isLower := grouped && mark.result >= high, grouped && mark.result <= low
		if isUpper {
			upper.add(mark.part)
		}
		if isLower {
			lower.add(mark.part)
		}
		for _, option := range m.chosen[mark.first : mark.first+mark.count] {
			n := st.Options[option]
			n.All++
			if isUpper {
				n.Upper++
			}
			if isLower {
				n.Lower++
			}
			st.Options[option] = n
		}
	}
	if st.Attempts < MinStatistics {
		return st
	}
	if grouped {
		d := upper.of() - lower.of()
		st.UpperLower = &d
	}
	st.Discrimination = m.correlation()
	st.Suspicions = m.suspect(&st, k, grouped)
	return st
}

// mean of some numbers.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(v float64) { m.sum, m.n = m.sum+v, m.n+1 }
func (m *mean) of() float64   { return m.sum / float64(m.n) }

// groups gives the highest result of the lower 27 % and the lowest of the upper; false when they touch.
func (m *itemMarks) groups() (low, high float64, ok bool) {
	n := len(m.marks)
	size := int(math.Round(0.27 * float64(n)))
	if size == 0 {
		return 0, 0, false
	}
	results := make([]float64, n)
	for i := range m.marks {
		results[i] = m.marks[i].result
	}
	slices.Sort(results)
	low, high = results[size-1], results[n-size]
	return low, high, low < high
}

// correlation is Pearson's, of the part earned and the part of the rest; nil where one of them is the same
// for all.
func (m *itemMarks) correlation() *float64 {
	var x, y mean
	for i := range m.marks {
		x.add(m.marks[i].part)
		y.add(m.marks[i].rest)
	}
	var xx, yy, xy float64
	for i := range m.marks {
		dx, dy := m.marks[i].part-x.of(), m.marks[i].rest-y.of()
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	const none = 1e-12 // of rounding alone
	if xx < none || yy < none {
		return nil
	}
	r := xy / math.Sqrt(xx*yy)
	return &r
}

func (m *itemMarks) suspect(st *ItemStatistics, k *Key, grouped bool) []Suspicion {
	var out []Suspicion
	if m.single && grouped && distractorAhead(st.Options, k) {
		out = append(out, DistractorAhead)
	}
	if st.Discrimination != nil && *st.Discrimination < 0 {
		out = append(out, Negative)
	}
	if m.single && m.choices > 1 && k.Treatment == ByKey && st.Facility <= 1/float64(m.choices)+nearChance {
		out = append(out, Guessed)
	}
	return out
}

// distractorAhead: of the upper group more chose a wrong option than any that earns credit.
func distractorAhead(options map[string]OptionCount, k *Key) bool {
	right, wrong := 0, 0
	for option, n := range options {
		if k.Options[option] > 0 {
			right = max(right, n.Upper)
		} else {
			wrong = max(wrong, n.Upper)
		}
	}
	return wrong > right
}

// BySuspicion orders statistics: those with suspicions first, the most first; equals stay in order.
func BySuspicion(list []ItemStatistics) {
	slices.SortStableFunc(list, func(a, b ItemStatistics) int { return cmp.Compare(len(b.Suspicions), len(a.Suspicions)) })
}
