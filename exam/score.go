package exam

// Awaiting stands in Score.Items for an item that a person has to mark, Dropped for one that counts
// neither in the points nor in the maximum, of its section and of the whole. No mark is either: what a wrong
// answer takes off is at least MinWrong.
const (
	Awaiting = -1
	Dropped  = -2
)

// Counts reports whether a mark of Score.Items is points.
func Counts(mark int) bool { return mark != Awaiting && mark != Dropped }

// SectionScore is the result of one section, in 1/10,000 point.
type SectionScore struct {
	Total  int   `json:"total"` // never below 0
	Max    int   `json:"max"`
	Passed *bool `json:"passed,omitempty"` // nil: the section has no minimum, or marking is not done
}

// Score is the marking of an attempt, in units of 1/10,000 point.
type Score struct {
	Items     []int          `json:"items"` // by position; Awaiting where a marker is needed, or Dropped
	Total     int            `json:"total"` // of the marked items: the sum of the sections'
	Max       int            `json:"max"`
	Sections  []SectionScore `json:"sections"`
	Passed    *bool          `json:"passed,omitempty"` // nil: no pass mark and no minimum, or not done
	Revisions []int          `json:"revisions"`        // key revision used, by position
	Awaiting  bool           `json:"awaiting,omitempty"`
}

// Grader marks answers. Normalize, when set, brings texts into one form before they are compared
// (NFKC); it must be a pure function.
type Grader struct {
	Normalize func(string) string
}

// Mark marks every position of an attempt with keys by question version. It is deterministic: the
// same paper, responses and keys give the same score (R13). Each item is rounded half up.
func (g Grader) Mark(p *Paper, a *Attempt, keys map[string]Key) Score {
	items, revisions := make([]int, p.Len()), make([]int, p.Len())
	for i := range p.Items {
		it := &p.Items[i]
		key, r := keys[it.Version], a.Responses[i+1]
		items[i], revisions[i] = g.itemPoints(it, &key, &r), key.Revision
		if bug("revision_one_named") {
			revisions[i] = 1
		}
	}
	return tally(p, items, revisions)
}

// tally sums up the marks of the items and judges them.
func tally(p *Paper, items, revisions []int) Score {
	s := Score{Items: items, Sections: make([]SectionScore, len(p.Sections)), Revisions: revisions}
	for i := range p.Items {
		it := &p.Items[i]
		section := &s.Sections[it.Section]
		switch points := items[i]; points {
		case Dropped:
			continue
		case Awaiting:
			s.Awaiting = true
		default:
			section.Total += points
		}
		s.Max += it.Points
		section.Max += it.Points
	}
	for i := range s.Sections {
		s.Sections[i].Total = max(s.Sections[i].Total, 0)
		s.Total += s.Sections[i].Total
	}
	if !s.Awaiting {
		s.judge(p)
	}
	return s
}

// judge sets pass or fail: percentages are compared unrounded. Of nothing, where every question was
// dropped, every minimum is reached.
func (s *Score) judge(p *Paper) {
	passed, judged := true, false
	for i, sec := range p.Sections {
		if sec.Minimum == 0 {
			continue
		}
		ok := reaches(s.Sections[i].Total, s.Sections[i].Max, sec.Minimum)
		s.Sections[i].Passed = &ok
		passed, judged = passed && ok, true
	}
	if p.Rules.PassMark > 0 {
		passed, judged = passed && reaches(s.Total, s.Max, p.Rules.PassMark), true
	}
	if judged {
		s.Passed = &passed
	}
}

func reaches(total, maximum, percent int) bool {
	return int64(total)*100 >= int64(maximum)*int64(percent)
}

// MarkOne marks one response alone: its points in 1/10,000 point, Awaiting or Dropped.
func (g Grader) MarkOne(it *Item, k *Key, r *Response) int { return g.itemPoints(it, k, r) }

// itemPoints: what a regrade kept comes first, then what the key says of the question for everybody,
// then a mark by hand, then the answer.
func (g Grader) itemPoints(it *Item, k *Key, r *Response) int {
	switch {
	case r.Kept != nil:
		return *r.Kept
	case k.Treatment == Excluded:
		return Dropped
	case k.Treatment == FullMarks:
		return it.Points
	case r.Points != nil:
		return *r.Points
	case it.Type == Description:
		return 0
	case r.Answer.IsZero():
		return 0
	case it.Type == Essay:
		return Awaiting
	}
	return g.answerPoints(it, k, r.Answer)
}

// answerPoints is the most that an answer earns by a key and those beside it; where it earns nothing by any,
// what the item takes off for that.
func (g Grader) answerPoints(it *Item, k *Key, a Answer) int {
	best := g.fraction(it, k, a)
	most, right := best.of(it.Points), best.num > 0
	for i := range k.Either {
		other := g.fraction(it, &k.Either[i], a)
		most, right = max(most, other.of(it.Points)), right || other.num > 0
	}
	if !right {
		return -it.Wrong
	}
	return most
}
