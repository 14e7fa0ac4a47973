package storetest

import (
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var targetTests = map[string]func(*world){
	"targets are the newest attempts, or those named": targetsListed,
	"a story has the attempt as a whole":              storyWhole,
	"what is not there has no seats":                  noSeats,
}

func targetsListed(w *world) {
	r := w.newRoom(1)
	prefix := name("t")
	b, a := r.enter(called(prefix+"b", "B")), r.enter(called(prefix+"a", "A"))
	r.enter(called(prefix+"c", "C"))
	old := r.sits(b, 0)
	old.wants(by(exam.Admin, exam.ForceSubmit), exam.Applied)
	of := map[string]*sitting{"b": r.sits(b, 1), "a": r.sits(a, 0)}
	of["a"].wants(by(exam.Admin, exam.Pause), exam.Applied)
	of["a"].wants(by(exam.Admin, exam.Void), exam.Applied)
	elsewhere := w.sit(w.newExam(1))
	targets := func(q store.SeatQuery, attempts ...string) []string {
		w.Helper()
		q.Exam, q.Heard = r.d.Slug, heard
		list, now, err := w.Targets(w.ctx, q, attempts)
		w.must(err)
		ids := []string{}
		for _, t := range list {
			stored := w.story(t.Attempt)
			if t.Deadline != stored.Deadline || t.Stopped != stored.Attempt.Stopped || t.Before != stored.Attempt.Before ||
				t.Status != stored.Attempt.Status || t.Username[:len(prefix)] != prefix || t.Name == "" || now == 0 {
				w.Errorf("target %+v of %+v", t, stored.Attempt)
			}
			ids = append(ids, t.Attempt)
		}
		return ids
	}
	for what, tt := range map[string]struct{ got, want []string }{
		"all":            {targets(store.SeatQuery{Limit: 1, Offset: 1}), []string{of["a"].id, of["b"].id}},
		"of a state":     {targets(store.SeatQuery{State: store.SeatVoided}), []string{of["a"].id}},
		"found":          {targets(store.SeatQuery{Search: prefix + "B"}), []string{of["b"].id}},
		"of nobody":      {targets(store.SeatQuery{Group: "none"}), []string{}},
		"named":          {targets(store.SeatQuery{Group: "none"}, of["b"].id, of["a"].id, of["b"].id), []string{of["a"].id, of["b"].id}},
		"an earlier":     {targets(store.SeatQuery{}, old.id), []string{old.id}},
		"named at fault": {targets(store.SeatQuery{}, elsewhere.id, uuid.NewString(), "no uuid"), []string{}},
	} {
		if !slices.Equal(tt.got, tt.want) {
			w.Errorf("%s: %v, want %v", what, tt.got, tt.want)
		}
	}
}

func (w *world) story(attempt string) store.StoredAttempt {
	w.Helper()
	stored, err := w.Story(w.ctx, attempt)
	w.must(err)
	return stored
}

func storyWhole(w *world) {
	s := w.whole()
	if got, want := w.story(s.id), s.stored(); !equalJSON(got, want) || len(got.Records) == 0 || got.Paper.Len() == 0 {
		w.Errorf("story %+v, want %+v", got, want)
	}
	for _, id := range []string{"", "no uuid", uuid.NewString()} {
		_, err := w.Story(w.ctx, id)
		w.is(err, store.ErrNotFound)
	}
}

func noSeats(w *world) {
	_, _, _, err := w.Seats(w.ctx, store.SeatQuery{Exam: "no-such-exam", Limit: 1})
	w.is(err, store.ErrNotFound)
	_, _, err = w.SeatsOf(w.ctx, "no-such-exam", nil, heard)
	w.is(err, store.ErrNotFound)
	_, err = w.CountSeats(w.ctx, "no-such-exam", heard)
	w.is(err, store.ErrNotFound)
	_, _, err = w.Targets(w.ctx, store.SeatQuery{Exam: "no-such-exam"}, nil)
	w.is(err, store.ErrNotFound)
	many := make([]string, store.MaxSeatsOf+1)
	if _, _, err := w.SeatsOf(w.ctx, w.newExam(1).Slug, many, heard); err == nil {
		w.Error("more seats were read than may be")
	}
	if _, _, err := w.States(w.ctx, many); err == nil {
		w.Error("more states were read than may be")
	}
}
