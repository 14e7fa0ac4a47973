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
	due       exam.Instant // when the command arrived that asked for the marking that is due
	erased    bool         // an answer is not known any more, and nothing can be marked again
}

// follow takes the next entry in.
func (m *marks) follow(r *exam.Record) {
	e := &r.Entry
	if e.Kind == exam.Grade && e.Effect.Score != nil {
		m.graded(e)
	}
	if e.Effect.Marking == exam.MarkingPending {
		m.due = e.Arrived
	}
	if f := e.Effect.Response; f != nil {
		m.answered(r, f)
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
		was.Points = f.Points
		m.byHand(r, f)
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
	if m.erased || m.options.Marking == nil {
		return
	}
	is := e.Effect.Score
	n := m.s.paper.Len()
	if len(is.Revisions) != n || len(is.Items) != n {
		m.found("R13", 0, "entry %d marks %d questions with %d keys, there are %d", e.Seq, len(is.Items), len(is.Revisions), n)
		return
	}
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

// named are the keys that a marking names: there are such, and none newer was there when it was asked for.
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
