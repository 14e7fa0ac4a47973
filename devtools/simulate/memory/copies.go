package memory

import (
	"maps"
	"slices"

	"shiken/exam"
)

// Copies share nothing with what they were made of, as what a database gives back does not.

func copyPointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

func copyAnswer(a exam.Answer) exam.Answer {
	return exam.Answer{Text: a.Text, Choices: slices.Clone(a.Choices), Keyed: maps.Clone(a.Keyed)}
}

func copyResponse(r *exam.Response) exam.Response {
	out := *r
	out.Answer, out.Points, out.Pages = copyAnswer(r.Answer), copyPointer(r.Points), maps.Clone(r.Pages)
	return out
}

func copyScore(s *exam.Score) *exam.Score {
	out := copyPointer(s)
	if out == nil {
		return nil
	}
	out.Passed, out.Items, out.Revisions = copyPointer(s.Passed), slices.Clone(s.Items), slices.Clone(s.Revisions)
	out.Sections = slices.Clone(s.Sections)
	for i := range out.Sections {
		out.Sections[i].Passed = copyPointer(s.Sections[i].Passed)
	}
	return out
}

func copyPayload(p *exam.Payload) exam.Payload {
	out := *p
	out.Answer, out.Flagged = copyAnswer(p.Answer), copyPointer(p.Flagged)
	return out
}

func copyEffect(f *exam.Effect) exam.Effect {
	out := *f
	out.Score, out.Response = copyScore(f.Score), copyPointer(f.Response)
	if out.Response != nil {
		out.Response.Flagged, out.Response.Points = copyPointer(f.Response.Flagged), copyPointer(f.Response.Points)
	}
	return out
}

func copyRecord(r *exam.Record) exam.Record {
	out := exam.Record{Entry: r.Entry, Salt: slices.Clone(r.Salt)}
	out.Entry.Effect = copyEffect(&r.Entry.Effect)
	payload := copyPayload(r.Payload)
	out.Payload = &payload
	return out
}

func copyRejection(r *exam.Rejection) exam.Rejection {
	out := *r
	out.Salt, out.Payload = slices.Clone(r.Salt), copyPayload(&r.Payload)
	return out
}
