package history

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"shiken/exam"
)

// Marking is what it takes to mark every attempt once more: package exam, which its own tests judge, and
// every revision that a key ever had.
type Marking struct {
	Grader exam.Grader
	Keys   map[string][]KeyRevision // by question version
}

// KeyRevision is a key as it was from some time on.
type KeyRevision struct {
	exam.Key
	// Since is a moment by the database's clock at which it was the newest; 0 = it came with the question.
	Since exam.Instant
}

// marks carries on what an attempt is marked by: answers of record and points given by hand.
type marks struct {
	*walker
	responses map[int]exam.Response
	current   *exam.Score
	standing  exam.Standing
	due       exam.Instant // when the command arrived that asked for the marking that is due
	erased    bool         // an answer is not known any more, and nothing can be marked again
}

// follow takes the next entry in.
func (m *marks) follow(r *exam.Record) {
	e := &r.Entry
	if f := e.Effect.Response; f != nil {
		m.answered(r, f)
	}
	switch s := e.Effect.Score; {
	case s == nil || m.erased || m.options.Marking == nil:
	case len(s.Revisions) != m.s.paper.Len() || len(s.Items) != m.s.paper.Len():
		m.found("R13", 0, "entry %d marks %d questions with %d keys, there are %d", e.Seq, len(s.Items), len(s.Revisions), m.s.paper.Len())
	case e.Kind == exam.Regrade:
		m.regraded(r)
	default:
		m.graded(e)
	}
	m.standing.Follow(e)
	if e.Effect.Marking == exam.MarkingPending {
		m.due = e.Arrived
	}
	if e.Effect.Marking != "" {
		m.current = e.Effect.Score
	}
}

func (m *marks) answered(r *exam.Record, f *exam.ResponseEffect) {
	was := m.responses[f.Position]
	if f.Answer {
		was = exam.Response{} // a mark by hand was for the answer that the marker saw
		if m.erased = m.erased || r.Payload == nil; !m.erased {
			was.Answer = r.Payload.Answer
		}
	}
	if f.Points != nil {
		was.Points, was.Kept = f.Points, nil
		m.byHand(r, f)
	}
	if f.Kept != nil {
		was.Kept = f.Kept.Mark
	}
	m.responses[f.Position] = was
}

// byHand: what a marker gave is what stands there, and the question is worth it.
func (m *marks) byHand(r *exam.Record, f *exam.ResponseEffect) {
	it := m.s.paper.Item(f.Position)
	p := r.Payload
	if it == nil || *f.Points < 0 || *f.Points > it.Points || p != nil && (p.Points != *f.Points || p.Position != f.Position) {
		m.found("R13", f.Position, "entry %d gives %d points by hand, to an answer of which the marker said something else", r.Entry.Seq, *f.Points)
	}
}

// graded marks once more with the keys that the entry names, and compares question by question, and in
// sum (R13).
func (m *marks) graded(e *exam.Entry) {
	is := e.Effect.Score
	keys, known := m.named(e)
	if !known {
		return
	}
	want := m.options.Marking.Grader.Mark(m.s.paper, &exam.Attempt{Responses: m.responses}, keys)
	for i := range want.Items {
		if is.Items[i] != want.Items[i] {
			m.found("R13", i+1, "entry %d gives %d, revision %d of the key gives %d", e.Seq, is.Items[i], is.Revisions[i], want.Items[i])
		}
	}
	if !reflect.DeepEqual(*is, want) && slices.Equal(is.Items, want.Items) {
		m.found("R13", 0, "entry %d: the score is %v, its questions give %v", e.Seq, scoreText(is), scoreText(&want))
	}
}

// regraded marks one question once more, with the key that the entry names: the others keep what they had,
// and what the question keeps is what it had before. The sum is that of all.
func (m *marks) regraded(r *exam.Record) {
	e, is := &r.Entry, r.Entry.Effect.Score
	f := e.Effect.Response
	if f == nil || m.current == nil {
		m.found("R13", 0, "entry %d regrades an attempt without a score, or no question of it", e.Seq)
		return
	}
	for i := range is.Items {
		if i+1 != f.Position && (is.Items[i] != m.current.Items[i] || is.Revisions[i] != m.current.Revisions[i]) {
			m.found("R13", i+1, "entry %d regrades question %d, and changes %d by revision %d to %d by %d",
				e.Seq, f.Position, m.current.Items[i], m.current.Revisions[i], is.Items[i], is.Revisions[i])
		}
	}
	it, revision := m.s.paper.Item(f.Position), is.Revisions[f.Position-1]
	if was := m.current.Revisions[f.Position-1]; revision < was {
		m.found("R13", f.Position, "entry %d goes back from revision %d of the key to %d", e.Seq, was, revision)
	}
	key := m.keyOf(it.Version, revision)
	if key == nil || r.Payload != nil && r.Payload.Revision != revision {
		m.found("R13", f.Position, "entry %d names revision %d of the key, which there is not, or was not asked for", e.Seq, revision)
		return
	}
	response := m.responses[f.Position]
	if want := m.options.Marking.Grader.MarkOne(it, &key.Key, &response); is.Items[f.Position-1] != want {
		m.found("R13", f.Position, "entry %d gives %d, revision %d of the key gives %d", e.Seq, is.Items[f.Position-1], revision, want)
	}
	m.kept(r, f)
	if total, most := sums(m.s.paper, is.Items); total != is.Total || most != is.Max {
		m.found("R13", 0, "entry %d: the score is %d of %d, its questions give %d of %d", e.Seq, is.Total, is.Max, total, most)
	}
}

// kept: what a regrade lets a question keep is a mark that it had, and nobody asked to lower it.
func (m *marks) kept(r *exam.Record, f *exam.ResponseEffect) {
	if f.Kept == nil || f.Kept.Mark == nil {
		return
	}
	had := slices.ContainsFunc(m.s.stored.Records, func(o exam.Record) bool {
		s := o.Entry.Effect.Score
		return o.Entry.Seq < r.Entry.Seq && s != nil && s.Items[f.Position-1] == *f.Kept.Mark
	})
	if !had || r.Payload != nil && r.Payload.Lower {
		m.found("R13", f.Position, "entry %d lets the question keep %d, which it never had, or was to lose", r.Entry.Seq, *f.Kept.Mark)
	}
}

// sums adds up the marks of the questions that count, and what they are worth. What wrong answers took off
// brings no section below nothing.
func sums(p *exam.Paper, items []int) (total, most int) {
	sections := make([]int, len(p.Sections))
	for i, points := range items {
		it := &p.Items[i]
		if points == exam.Dropped {
			continue
		}
		most += it.Points
		if points != exam.Awaiting {
			sections[it.Section] += points
		}
	}
	for _, points := range sections {
		total += max(points, 0)
	}
	return total, most
}

// keyOf is a revision of a version's key, nil when there is none such.
func (m *marks) keyOf(version string, revision int) *KeyRevision {
	all := m.options.Marking.Keys[version]
	if at := slices.IndexFunc(all, func(k KeyRevision) bool { return k.Revision == revision }); at >= 0 {
		return &all[at]
	}
	return nil
}

// named are the keys that a marking names: there are such; where a mark stands it is the key that gave it,
// elsewhere none newer was there when marking was asked for.
func (m *marks) named(e *exam.Entry) (map[string]exam.Key, bool) {
	keys, known := map[string]exam.Key{}, true
	for i, revision := range e.Effect.Score.Revisions {
		version := m.s.paper.Items[i].Version
		all := m.options.Marking.Keys[version]
		at := slices.IndexFunc(all, func(k KeyRevision) bool { return k.Revision == revision })
		if at < 0 {
			m.found("R13", i+1, "entry %d names revision %d of the key, which there is not", e.Seq, revision)
			known = false
			continue
		}
		keys[version] = all[at].Key
		if mark, by, stands := m.standing.At(i + 1); stands {
			if mark != e.Effect.Score.Items[i] || by != revision {
				m.found("R13", i+1, "entry %d changes %d by revision %d to %d by %d, although nobody asked for it",
					e.Seq, mark, by, e.Effect.Score.Items[i], revision)
			}
			continue
		}
		if late := all[at+1:]; len(late) > 0 && late[0].Since < m.due {
			m.found("R13", i+1, "entry %d marks with revision %d of the key, revision %d was there before marking was asked for",
				e.Seq, revision, late[0].Revision)
		}
	}
	return keys, known
}

func scoreText(s *exam.Score) string {
	passed := "not judged"
	if s.Passed != nil {
		passed = fmt.Sprintf("passed %t", *s.Passed)
	}
	return fmt.Sprintf("%d of %d, by section %v, awaiting %t, %s", s.Total, s.Max, s.Sections, s.Awaiting, passed)
}

// tally is a score as a result page shows it, in 1/10,000 point.
type tally struct{ points, most int }

// shown: a result page showed what was the score at a time when that can have been (R13).
func (v *walker) shown() {
	if len(v.s.results) == 0 {
		return
	}
	were := v.scores()
	for _, o := range v.s.results {
		if o.Ok() && o.Most > 0 && !slices.ContainsFunc(were, func(s scored) bool {
			return s.tally == tally{o.Points, o.Most} && s.from <= o.Done && s.to >= o.Sent
		}) {
			v.found("R13", 0, "client %d was shown %d of %d points between %v and %v, which was not the score then",
				o.Client, o.Points, o.Most, o.Sent.Round(time.Millisecond), o.Done.Round(time.Millisecond))
		}
	}
}

// scored is a score, and when it can have been the current one.
type scored struct {
	tally
	window
}

// scores are those that the attempt had.
func (v *walker) scores() (out []scored) {
	windows := v.s.windows()
	for i := range v.s.stored.Records {
		r := &v.s.stored.Records[i]
		if r.Entry.Effect.Marking == "" {
			continue
		}
		if n := len(out); n > 0 && out[n-1].to == never {
			out[n-1].to = windows[r].to
		}
		if s := r.Entry.Effect.Score; s != nil {
			out = append(out, scored{tally{s.Total, s.Max}, window{windows[r].from, never}})
		}
	}
	return out
}
