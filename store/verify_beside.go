package store

import (
	"context"
	"errors"
	"maps"
	"slices"

	"shiken/exam"
)

// rejections are no part of the chain; their numbers and digests are what can be checked.
func (v *verifier) rejections(s *StoredAttempt) {
	id := s.Attempt.ID
	if n := int64(len(s.Rejections)); n != s.Attempt.Rejections {
		v.fault(id, "rejections: stored %d, counted %d", n, s.Attempt.Rejections)
	}
	erased, unkept := 0, 0
	for i := range s.Rejections {
		r := &s.Rejections[i]
		if r.Number != int64(i+1) {
			v.fault(id, "rejection %d stands where %d should", r.Number, i+1)
			return
		}
		kept, salted := canonical(r.Payload) != noPayload, len(r.Salt) > 0
		switch {
		case kept:
			v.rejected(id, r)
		case !salted:
			erased++
		case keepsAnyPayload(r.Number):
			v.fault(id, "payload of rejection %d was removed", r.Number)
		default:
			unkept++
		}
	}
	if erased > 0 {
		v.line(id, "erased: payloads of %d of %d rejections", erased, len(s.Rejections))
	}
	if unkept > 0 {
		v.line(id, "not kept: payloads of %d of %d rejections, beyond what an attempt may fill", unkept, len(s.Rejections))
	}
}

var noPayload = canonical(exam.Payload{})

// rejected checks a rejection whose payload is kept. Whoever erases takes payload and salt together,
// so a payload without salt is not what was sent.
func (v *verifier) rejected(id string, r *exam.Rejection) {
	switch {
	case len(r.Salt) == 0:
		v.fault(id, "rejection %d has a payload without salt", r.Number)
	case r.Payload.Digest(r.Salt) != r.Digest:
		v.fault(id, "payload of rejection %d was altered", r.Number)
	case r.Payload.Kind != r.Kind:
		v.fault(id, "rejection %d: kind: stored %s, payload %s", r.Number, r.Kind, r.Payload.Kind)
	}
}

// series names the attempts of one exam by one candidate; numbers is what was met of it. Numbers are
// unique and at least 1, so they count from 1 without gaps when the last is how many there are.
type (
	series  struct{ exam, candidate string }
	numbers struct {
		count, last int
		attempt     string // one of them
	}
)

func (v *verifier) count(s *StoredAttempt) {
	of := series{s.Exam, s.Attempt.Candidate}
	n := v.numbers[of]
	v.numbers[of] = numbers{n.count + 1, max(n.last, s.Number), s.Attempt.ID}
}

// series looks again at candidates whose numbers have gaps, at one point in time: attempts that were
// begun meanwhile may have been passed over.
func (v *verifier) series(ctx context.Context, s Verifiable) error {
	suspects := map[string]string{} // candidates, with an attempt of each
	for of, n := range v.numbers {
		if n.last != n.count {
			suspects[of.candidate] = n.attempt
		}
	}
	for _, candidate := range slices.Sorted(maps.Keys(suspects)) {
		list, _, err := s.OfCandidate(ctx, candidate)
		switch {
		case err != nil && (ctx.Err() != nil || errors.Is(err, ErrUnavailable)):
			return err
		case err != nil:
			v.fault(suspects[candidate], "attempts of the candidate cannot be listed: %v", err)
		default:
			v.gaps(list)
		}
	}
	return nil
}

// gaps reports the first gap in the numbers of each exam.
func (v *verifier) gaps(list []Summary) {
	slices.SortFunc(list, func(a, b Summary) int { return a.Number - b.Number })
	next, told := map[string]int{}, map[string]bool{}
	for i := range list {
		a := &list[i]
		next[a.Exam]++
		if a.Number != next[a.Exam] && !told[a.Exam] {
			told[a.Exam] = true
			v.fault(a.ID, "number: stored %d, want %d of this candidate and exam", a.Number, next[a.Exam])
		}
	}
}

// practised compares what is stored of a practice with what its journal tells. Before the attempt has a score
// the verdicts rest on keys, of which the journal says nothing.
func (v *verifier) practised(s *StoredAttempt, told *exam.Attempt) {
	if s.Practised == nil {
		return
	}
	want := exam.PractisedItems(&s.Paper, told, nil, checkedAt(s.Records))
	for i := range want {
		want[i].Version = ""
	}
	stored := slices.Clone(s.Practised.Items)
	for i := range stored {
		if told.Score == nil {
			stored[i].Verdict = exam.NoVerdict
		}
	}
	v.compare(s.Attempt.ID, "practised questions", canonical(stored), canonical(want))
}

// checkedAt tells by position when it was checked.
func checkedAt(records []exam.Record) map[int]exam.Instant {
	out := map[int]exam.Instant{}
	for i := range records {
		e := &records[i].Entry
		if e.Kind != exam.Check {
			continue
		}
		if n := e.Effect.Response.Position; out[n] == 0 {
			out[n] = e.Arrived
		}
	}
	return out
}
