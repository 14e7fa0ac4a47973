package exam

import (
	"cmp"
	"maps"
	"slices"
)

// Verdict is what became of an answer.
type Verdict string

// The verdicts. NoVerdict: it is not marked, waits for a marker, or does not count.
const (
	NoVerdict Verdict = ""
	Right     Verdict = "right"
	Partly    Verdict = "partly"
	Wrong     Verdict = "wrong"
)

// VerdictOf compares points with what could be had.
func VerdictOf(points, most int) Verdict {
	switch {
	case most == 0 || points == Awaiting || points == Dropped:
		return NoVerdict
	case points >= most:
		return Right
	case points > 0:
		return Partly
	}
	return Wrong
}

// PractisedItem is what a candidate did with one position of a practice.
type PractisedItem struct {
	Position int
	Version  string // of the question
	Tried    bool   // answered or checked
	Checked  bool   // its key was shown
	Flagged  bool
	Verdict  Verdict
	At       Instant // when it was answered; of what was not tried: when the attempt was begun
}

// PractisedItems tells what a candidate did in a practice, by position. What was neither answered nor
// checked nor flagged is left out, and so is what asks nothing. Once the attempt has a score it judges all
// that was tried; before that marks do, what was checked alone. What was checked without an answer is wrong.
//
// Precondition: every response is loaded; marks and checkedAt hold, by position, the points of what is
// checked, as long as there is no score, and when it was, as far as nothing was saved there.
func PractisedItems(p *Paper, a *Attempt, marks map[int]int, checkedAt map[int]Instant) []PractisedItem {
	var out []PractisedItem
	for i := range p.Items {
		it, r := &p.Items[i], a.Responses[i+1]
		tried := r.Checked || !r.Answer.IsZero()
		if it.Type == Description || !tried && !r.Flagged {
			continue
		}
		item := PractisedItem{
			Position: i + 1, Version: it.Version, Tried: tried, Checked: r.Checked, Flagged: r.Flagged, At: a.Started,
		}
		if tried {
			item.At = cmp.Or(r.SavedAt, checkedAt[i+1])
			item.Verdict = verdictAt(a, it, i+1, marks)
		}
		out = append(out, item)
	}
	return out
}

func verdictAt(a *Attempt, it *Item, position int, marks map[int]int) Verdict {
	if a.Score != nil {
		return VerdictOf(a.Score.Items[position-1], it.Points)
	}
	if points, ok := marks[position]; ok {
		return VerdictOf(points, it.Points)
	}
	return NoVerdict
}

// Practised is a question in one practice of a candidate.
type Practised struct {
	Attempt  string
	Question string // id: versions of one question share it
	Category string // these two as they are now
	Year     int    // 0 = none
	PractisedItem
}

// Practices is what a candidate did with one question in all practices, as far as the candidate may know.
type Practices struct {
	Tried    bool // ever
	Flagged  bool // when it was last practised
	Times    int  // answers with a verdict
	NotRight int  // of these, those that were not right
	Last     Practised
}

// Missed reports whether the last answer was not right. One that nobody has judged takes nothing back.
func (p *Practices) Missed() bool { return p.Last.Verdict == Wrong || p.Last.Verdict == Partly }

// History is what a candidate did in practices.
type History struct {
	Answers   []Practised          // those with a verdict, by time
	questions map[string]Practices // by id
}

// HistoryOf orders what a candidate did. The verdict of an answer that was not checked counts only where
// told says that the candidate may know those of its attempt (R12).
func HistoryOf(list []Practised, told func(attempt string) bool) History {
	h := History{questions: map[string]Practices{}}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Practised) int { return cmp.Compare(a.At, b.At) })
	for _, p := range list {
		if !p.Checked && !told(p.Attempt) {
			p.Verdict = NoVerdict
		}
		h.add(p)
	}
	return h
}

func (h *History) add(p Practised) {
	q := h.questions[p.Question]
	q.Tried, q.Flagged = q.Tried || p.Tried, p.Flagged
	if p.Verdict != NoVerdict {
		q.Last = p
		q.Times++
		if p.Verdict != Right {
			q.NotRight++
		}
		h.Answers = append(h.Answers, p)
	}
	h.questions[p.Question] = q
}

// Of is what was done with a question; the zero Practices when nothing was.
func (h *History) Of(question string) Practices { return h.questions[question] }

// Met lists the questions with which anything was done, in no order.
func (h *History) Met() []string { return slices.Collect(maps.Keys(h.questions)) }

// Missed lists the questions whose last answer was not right, in no order.
func (h *History) Missed() []string {
	var out []string
	for question, done := range h.questions {
		if done.Missed() {
			out = append(out, question)
		}
	}
	return out
}
