package storetest

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

func erasedWhileStarting(w *world) {
	d, u := w.newExam(1), w.newUser()
	state, err := w.LoadStart(w.ctx, d.Slug, u.ID)
	w.must(err)
	n, err := newAttempt(w.ctx, w.Store, &state, uuid.NewString())
	w.must(err)
	_, err = w.erases(u.ID)
	w.must(err)
	w.is(w.Create(w.ctx, n), store.ErrNotFound)
	_, err = w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: n.Attempt.ID})
	w.is(err, store.ErrNotFound)
}

// verifiedWhile is a store of which Verify reads, and meanwhile calls once, as soon as it has read what the first
// erasure left.
type verifiedWhile struct {
	store.Store
	meanwhile func()
}

func (s *verifiedWhile) EachAudit(ctx context.Context, left func(int64, store.Rest) error, fn func(store.AuditEntry, error) error) (exam.Receipt, error) {
	return s.Store.EachAudit(ctx, func(by int64, r store.Rest) error {
		err := left(by, r)
		s.meanwhile()
		s.meanwhile = func() {}
		return err
	}, fn)
}

func erasedWhileVerified(w *world) {
	w.pair()
	s, other := w.sit(w.newExam(1)), w.newUser()
	people := []any{map[string]any{"username": other.Username}}
	w.must(w.By(w.act(store.ActImportUsers, map[string]any{"people": people})).CreateGroup(w.ctx, name("group")))
	var out strings.Builder
	found, err := store.Verify(w.ctx, &verifiedWhile{w.Store, func() {
		_, err := w.erases(other.ID)
		w.must(err)
	}}, nil, &out)
	w.must(err)
	if u, err := w.UserByID(w.ctx, other.ID); err != nil || u.Erased == 0 {
		w.Errorf("%+v is not erased, %v", u, err)
	}
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "audit ") && !strings.Contains(line, "erased: ") {
			w.Errorf("%d faults: %s", found.Faults, line)
		}
	}
	s.sound()
	w.auditSound()
}

// erasedOnTheWay: what was sent before an erasure and comes after it is stored no more.
func erasedOnTheWay(w *world) {
	d, u := w.newExam(1), w.newUser()
	_, err := w.erases(u.ID)
	w.must(err)
	before := len(w.chain())
	w.is(w.gives(u.ID, d.Slug, nil, ofAll()), store.ErrNotFound)
	w.is(w.UpdateUser(w.ctx, u), store.ErrNotFound)
	w.is(w.By(w.act(store.ActSetPassword, nil)).SetPassword(w.ctx, u.ID, "x", ""), store.ErrNotFound)
	w.is(w.By(w.act(store.ActImportUsers, nil)).PutUsers(w.ctx, []store.RosterChange{{User: u}}), store.ErrMoved)
	for _, kind := range []store.UploadKind{store.UploadQuestions, store.UploadSlips} {
		up := store.Upload{ID: uuid.NewString(), Owner: u.ID, Kind: kind, Name: "own.csv"}
		w.is(w.PutUpload(w.ctx, up), store.ErrNotFound)
		_, err = w.Upload(w.ctx, up.ID, u.ID)
		w.is(err, store.ErrNotFound)
	}
	if plan, err := w.PlanErasure(w.ctx, u.ID); err != nil || plan.Accommodations+plan.Uploads > 0 {
		w.Errorf("kept %+v, %v", plan, err)
	}
	if n := len(w.chain()); n != before {
		w.Errorf("%d entries more", n-before)
	}
}
