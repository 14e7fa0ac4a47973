package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"shiken/accounts"
	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// maxLookups is how many receipts are looked up at once: each reads hashes, and folds a journal.
const maxLookups = 4

// maxTypedCode bounds what is shown again of what was typed as a code, in bytes.
const maxTypedCode = 64

// showReceipts looks up what a short code stands for: a candidate's among the own attempts, an admin's
// among those of an exam or a person. A code of another's attempt is as unknown as one of none.
func (s *Server) showReceipts(w http.ResponseWriter, r *http.Request) error {
	view := templates.ReceiptsView{Typed: typedCode(r)}
	isStaff := admin.admits(viewerOf(r).User.Roles)
	if isStaff {
		if err := s.receiptSearch(r, &view); err != nil {
			return err
		}
	}
	if view.Typed == "" {
		s.render(w, r, http.StatusOK, templates.Receipts(s.staffPage(r), view))
		return nil
	}
	if !s.lookups.TryAcquire(1) {
		return errBusy
	}
	defer s.lookups.Release(1)
	if err := s.lookUp(r, &view, isStaff); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, templates.Receipts(s.staffPage(r), view))
	return nil
}

func typedCode(r *http.Request) string {
	typed := strings.TrimSpace(r.URL.Query().Get("code"))
	if len(typed) > maxTypedCode {
		typed = typed[:maxTypedCode]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(typed, "\uFFFD"), "\x00", "\uFFFD")
}

// receiptSearch fills the fields that an admin has beside the code.
func (s *Server) receiptSearch(r *http.Request, view *templates.ReceiptsView) error {
	q := r.URL.Query()
	search := &templates.ReceiptSearch{Exam: q.Get("exam"), User: searched(q, "user")}
	definitions, err := s.Store.Definitions(r.Context())
	if err != nil {
		return err
	}
	for i := range definitions {
		d := &definitions[i]
		search.Exams = append(search.Exams, templates.Field{Name: d.Slug, Value: s.listedTitle(r, d)})
	}
	if !slices.ContainsFunc(search.Exams, func(f templates.Field) bool { return f.Name == search.Exam }) {
		search.Exam = ""
	}
	view.Search = search
	return nil
}

// lookUp fills in what is known of the code.
func (s *Server) lookUp(r *http.Request, view *templates.ReceiptsView, isStaff bool) error {
	code, ok := exam.ParseReceiptCode(view.Typed)
	if !ok {
		view.Answer = templates.ReceiptMisread
		return nil
	}
	view.Code, view.Answer = string(code), templates.ReceiptUnknown
	q, err := s.receiptQuery(r, view, code)
	if err != nil {
		return err
	}
	places, err := s.Store.FindReceipt(r.Context(), q)
	if err != nil {
		return err
	}
	for _, place := range places {
		found, err := s.receiptAt(r, place, code, isStaff)
		if err != nil {
			return err
		}
		view.Found, view.Answer = append(view.Found, found), templates.ReceiptKnown
	}
	return nil
}

// receiptQuery says whose journals are searched.
func (s *Server) receiptQuery(r *http.Request, view *templates.ReceiptsView, code exam.ReceiptCode) (store.ReceiptQuery, error) {
	own := store.ReceiptQuery{Code: code, Candidate: viewerOf(r).User.ID}
	switch search := view.Search; {
	case search == nil || search.Exam == "" && search.User == "":
		return own, nil
	case search.User == "":
		return store.ReceiptQuery{Code: code, Exam: search.Exam}, nil
	}
	name, err := accounts.NormalizeUsername(view.Search.User)
	if err != nil {
		view.Answer = templates.ReceiptNoUser
		return store.ReceiptQuery{}, nil
	}
	user, err := s.Store.UserByName(r.Context(), name)
	if errors.Is(err, store.ErrNotFound) {
		view.Answer = templates.ReceiptNoUser
		return store.ReceiptQuery{}, nil
	}
	return store.ReceiptQuery{Code: code, Candidate: user.ID, Exam: view.Search.Exam}, err
}

// receiptAt reads the journal that holds the entry, folds it from its beginning, and says what became
// of the entry. It tells no answer: the candidate may not see it yet.
func (s *Server) receiptAt(r *http.Request, place store.ReceiptPlace, code exam.ReceiptCode, isStaff bool) (templates.ReceiptFound, error) {
	story, err := s.Store.Story(r.Context(), place.Attempt)
	if err != nil {
		return templates.ReceiptFound{}, err
	}
	p := &story.Paper
	out := templates.ReceiptFound{
		Attempt: story.Attempt.ID, ExamTitle: p.Title.In(s.locale(r).Tag()), Number: story.Number, Seq: place.Seq,
		Path: templates.ResultPath(story.Attempt.ID), Entries: len(story.Records), Status: string(story.Attempt.Status),
	}
	if isStaff {
		out.Path = templates.StoryPath(story.Attempt.ID)
		user, err := s.Store.UserByID(r.Context(), story.Attempt.Candidate)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return out, err
		}
		out.Name, out.Username = user.Name, user.Username
	}
	out.Whole = story.Damage == nil && folds(&story) && holds(&story, place.Seq, code)
	if out.Whole {
		tellEntry(&out, &story, place.Seq)
	}
	return out, nil
}

// holds: the journal has the entry of the code in its place. The chain was verified.
func holds(story *store.StoredAttempt, seq int64, code exam.ReceiptCode) bool {
	return seq >= 1 && seq <= int64(len(story.Records)) && code.Of(story.Records[seq-1].Entry.Hash)
}

// tellEntry says what an entry did, and whether what it saved still counts.
func tellEntry(out *templates.ReceiptFound, story *store.StoredAttempt, seq int64) {
	r := &story.Records[seq-1]
	out.At, out.Kind, out.Erased = instantTime(r.Entry.Arrived), string(r.Entry.Kind), r.Payload == nil
	f := r.Entry.Effect.Response
	if f == nil || f.Points != nil {
		return
	}
	out.Position, out.Saved = f.Position, true
	for i := range story.Records[seq:] {
		later := &story.Records[int(seq)+i].Entry
		if g := later.Effect.Response; g != nil && g.Position == f.Position && g.Answer {
			out.ReplacedBy, out.ReplacedAt = later.Seq, instantTime(later.Arrived)
			return
		}
	}
}
