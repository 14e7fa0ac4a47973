package handlers

import (
	"cmp"
	"net/http"
	"slices"

	"shiken/questionset"
	"shiken/templates"
)

// reportQuestions shows a page of the questions that were seen in a file, refused ones as far as they were read,
// each with what the report says of it.
func (s *Server) reportQuestions(r *http.Request, h *holding, view *templates.ReportView) ([]templates.DeskQuestion, error) {
	f, entries := h.file, shown(h.seen(), view.QuestionsPager)
	list := make([]questionset.Question, len(entries))
	for i := range entries {
		list[i] = *entries[i].question
	}
	out, err := s.fileQuestions(r, list)
	if err != nil {
		return nil, err
	}
	found := map[int][]questionset.Finding{}
	for i := range entries {
		found[entries[i].question.Nth] = []questionset.Finding{}
	}
	for i := range f.Report.Findings {
		one := f.Report.Findings[i]
		for _, n := range slices.Concat(one.Nths, []int{one.Nth}) {
			if found[n] != nil {
				found[n] = append(found[n], one)
			}
		}
	}
	for i := range out {
		nth := entries[i].question.Nth
		s.tellFound(r, &out[i], entries[i].piece, found[nth])
		if out[i].Refused || out[i].Mended || slices.ContainsFunc(found[nth], wantsLook) {
			out[i].MendPath = mendPath(view.Upload, nth, mendQuery(r))
		}
	}
	return out, nil
}

// wantsLook reports whether a finding is more than a note.
func wantsLook(f questionset.Finding) bool { return f.Severity != questionset.Note }

// tellFound adds what the report says of a question.
func (s *Server) tellFound(r *http.Request, q *templates.DeskQuestion, piece *questionset.Piece, found []questionset.Finding) {
	q.Mended = slices.ContainsFunc(found, questionset.Finding.IsMended)
	found = slices.DeleteFunc(slices.Clone(found), questionset.Finding.IsMended)
	q.Findings = s.deskFindings(r, found)
	if piece != nil {
		q.Refused, q.Key = true, nil
		if !piece.Readable() {
			q.Source, q.Body.Stem = piece.Source, ""
		}
	}
}

// seen is a question of a file, with the piece that it is when it was refused.
type seen struct {
	question *questionset.Question
	piece    *questionset.Piece
}

// seenIn lists the questions of a file with those that were refused, in its order.
func seenIn(f *questionset.File) []seen {
	out := make([]seen, 0, len(f.Questions)+len(f.Pieces))
	for i := range f.Questions {
		out = append(out, seen{question: &f.Questions[i]})
	}
	for i := range f.Pieces {
		out = append(out, seen{question: &f.Pieces[i].Question, piece: &f.Pieces[i]})
	}
	slices.SortStableFunc(out, func(a, b seen) int { return cmp.Compare(a.question.Nth, b.question.Nth) })
	return out
}

// fileFindings words findings of a file, each with the way to mend its question.
func (s *Server) fileFindings(r *http.Request, f *questionset.File, upload string, findings []questionset.Finding) []templates.DeskFinding {
	out := s.deskFindings(r, findings)
	for i := range out {
		x := &findings[i]
		out[i].Mended = x.IsMended()
		if x.Nth > 0 && (x.Severity != questionset.Note || out[i].Mended) && f.Nth(x.Nth).Nth > 0 {
			out[i].Path = mendPath(upload, x.Nth, mendQuery(r))
		}
	}
	return out
}
