package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var startTests = map[string]func(*world){
	"R10 twenty starts at once give one attempt":           startsGiveOne,
	"R10 copies of one start give one attempt":             startCopies,
	"R10 a delayed start leads to the attempt begun":       delayedStart,
	"R10 a second open attempt or a taken number is moved": createMoved,
	"a refused start is remembered":                        refusedStart,
	"a start reads everything it is judged on":             startState,
	"a new attempt needs its first entry":                  createNeedsEntry,
	"an attempt is made as a whole or not at all":          createWhole,
	"the same questions are chosen once":                   pickedOnce,
	"a choice lasts as long as the publication":            pickedWhilePublished,
}

func startsGiveOne(w *world) {
	d, u := w.newExam(3), w.newUser()
	stores := []store.Store{w.Store, w.Again(w.T)}
	ids := together(w, 20, func(i int) (string, error) {
		id, _, err := start(w.ctx, stores[i%2], d.Slug, u.ID, uuid.NewString(), 0)
		return id, err
	})
	for _, id := range ids {
		if id != ids[0] || id == "" {
			w.Fatalf("starts led to %q and %q", ids[0], id)
		}
	}
	list, _, err := w.OfCandidate(w.ctx, u.ID)
	w.must(err)
	if len(list) != 1 {
		w.Errorf("%d attempts", len(list))
	}
}

func startCopies(w *world) {
	d, u, command := w.newExam(3), w.newUser(), uuid.NewString()
	ids := together(w, 20, func(int) (string, error) {
		id, _, err := start(w.ctx, w.Store, d.Slug, u.ID, command, 0)
		return id, err
	})
	s := &sitting{world: w, id: ids[0], user: u, d: d}
	s.wants(s.submit(), exam.Applied)
	again, _, err := start(w.ctx, w.Store, d.Slug, u.ID, command, 0)
	w.must(err)
	if again != ids[0] {
		w.Error("a start that was applied began another attempt")
	}
}

func delayedStart(w *world) {
	s := w.sit(w.newExam(2))
	s.wants(s.submit(), exam.Applied)
	id, _, err := start(w.ctx, w.Store, s.d.Slug, s.user.ID, uuid.NewString(), 0)
	w.must(err)
	if id != s.id {
		w.Error("a form that had seen no attempt began a second one")
	}
	id, _, err = start(w.ctx, w.Store, s.d.Slug, s.user.ID, uuid.NewString(), 1)
	w.must(err)
	if id == s.id {
		w.Error("a form that had seen the first attempt began none")
	}
	list, now, err := w.OfCandidate(w.ctx, s.user.ID)
	w.must(err)
	if len(list) != 2 || list[0].ID != id || list[0].Number != 2 || list[1].Number != 1 || now == 0 {
		w.Errorf("attempts %+v at %d", list, now)
	}
}

func createMoved(w *world) {
	s := w.sit(w.newExam(2))
	state, err := w.LoadStart(w.ctx, s.d.Slug, s.user.ID)
	w.must(err)
	second, err := newAttempt(w.ctx, w.Store, &state, uuid.NewString())
	w.must(err)
	w.is(w.Create(w.ctx, second), store.ErrMoved)
	s.wants(s.submit(), exam.Applied)
	second.Number = 1
	w.is(w.Create(w.ctx, second), store.ErrMoved)
	second.Number = 2
	second.Outcome.Entry.Command = state.Attempts[0].StartCommand
	w.is(w.Create(w.ctx, second), store.ErrMoved)
}

func refusedStart(w *world) {
	d := w.newExam(1, func(d *exam.Definition) { d.Published = false })
	u, command := w.newUser(), uuid.NewString()
	id, reason, err := start(w.ctx, w.Store, d.Slug, u.ID, command, 0)
	w.must(err)
	if id != "" || reason != exam.NotOpen {
		w.Errorf("start of an unpublished exam: %q %q", id, reason)
	}
	w.must(w.KeepRejectedStart(w.ctx, d.Slug, u.ID, command, reason))
	w.must(w.KeepRejectedStart(w.ctx, d.Slug, u.ID, command, exam.NoAttemptsLeft))
	for asked, want := range map[string]exam.Reason{command: exam.NotOpen, uuid.NewString(): ""} {
		got, err := w.StartRejection(w.ctx, d.Slug, u.ID, asked)
		w.must(err)
		if got != want {
			w.Errorf("remembered %q, want %q", got, want)
		}
	}
}

func startState(w *world) {
	s := w.sit(w.newExam(3))
	state, err := w.LoadStart(w.ctx, s.d.Slug, s.user.ID)
	w.must(err)
	if state.Definition.Slug != s.d.Slug || state.User.ID != s.user.ID || state.User.PasswordHash != "" || state.Now == 0 {
		w.Errorf("state %+v", state)
	}
	if len(state.Attempts) != 1 {
		w.Fatalf("%d attempts", len(state.Attempts))
	}
	a := state.Attempts[0]
	if a.ID != s.id || a.Number != 1 || a.Status != exam.InProgress || a.Cursor != 1 || a.Count != 3 ||
		a.Stopped != 0 || a.Passed != nil || a.Title["ja"] != "試験" || a.Deadline == 0 || a.StartCommand == "" || a.Exam != s.d.Slug || a.Candidate != s.user.ID {
		w.Errorf("attempt %+v", a)
	}
	_, err = w.LoadStart(w.ctx, "no-such-exam", s.user.ID)
	w.is(err, store.ErrNotFound)
	_, err = w.LoadStart(w.ctx, s.d.Slug, "no uuid")
	w.is(err, store.ErrNotFound)
}

func createNeedsEntry(w *world) {
	if err := w.Create(w.ctx, store.NewAttempt{}); err == nil {
		w.Error("an attempt without a first entry was made")
	}
}

// createWhole: the paper of an attempt that could not be made leaves nothing behind.
func createWhole(w *world) {
	d, u := w.newExam(1), w.newUser()
	state, err := w.LoadStart(w.ctx, d.Slug, u.ID)
	w.must(err)
	n, err := newAttempt(w.ctx, w.Store, &state, uuid.NewString())
	w.must(err)
	n.Paper.Exam = "no-such-exam"
	if err := w.Create(w.ctx, n); err == nil {
		w.Error("an attempt of no exam was made")
	}
	_, err = w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: n.Attempt.ID})
	w.is(err, store.ErrNotFound)
	n.Paper.Exam = d.Slug
	w.must(w.Create(w.ctx, n))
}

// pickedOnce: of twenty who choose at once one chooses, and all find the same.
func pickedOnce(w *world) {
	d := w.newExam(3)
	stores := []store.Store{w.Store, w.Again(w.T)}
	stored := together(w, 20, func(i int) (bool, error) {
		mine := []exam.Picked{{From: exam.Source{Set: "s", Year: []int{2020}, Tag: []string{"頻出"}}, Questions: []string{fmt.Sprint(i)}}}
		err := stores[i%2].KeepPicked(w.ctx, d.Slug, nil, mine)
		if errors.Is(err, store.ErrMoved) {
			return false, nil
		}
		return true, err
	})
	first := slices.Index(stored, true)
	if first < 0 || slices.Contains(stored[first+1:], true) {
		w.Fatalf("stored %v", stored)
	}
	want := []exam.Picked{{From: exam.Source{Set: "s", Year: []int{2020}, Tag: []string{"頻出"}}, Questions: []string{fmt.Sprint(first)}}}
	for _, s := range stores {
		if got, err := s.Picked(w.ctx, d.Slug); err != nil || !reflect.DeepEqual(got, want) {
			w.Errorf("read %+v: %v, want %+v", got, err, want)
		}
	}
	next := []exam.Picked{{Questions: []string{"next"}}}
	w.must(w.KeepPicked(w.ctx, d.Slug, want, next))
	w.is(w.KeepPicked(w.ctx, d.Slug, want, next), store.ErrMoved)
	_, err := w.Picked(w.ctx, name("none"))
	w.is(err, store.ErrNotFound)
}

func pickedWhilePublished(w *world) {
	d := w.newExam(3)
	picked := []exam.Picked{{From: exam.Source{Set: "s"}, Questions: []string{"q"}}}
	w.must(w.KeepPicked(w.ctx, d.Slug, nil, picked))
	d.Attempts++
	w.must(w.PutDefinition(w.ctx, d))
	if got, err := w.Picked(w.ctx, d.Slug); err != nil || !reflect.DeepEqual(got, picked) {
		w.Errorf("after another revision %+v: %v", got, err)
	}
	d.Published = false
	w.must(w.PutDefinition(w.ctx, d))
	w.is(w.KeepPicked(w.ctx, d.Slug, nil, picked), store.ErrMoved)
	d.Published = true
	w.must(w.PutDefinition(w.ctx, d))
	if got, err := w.Picked(w.ctx, d.Slug); err != nil || got != nil {
		w.Errorf("after it was withdrawn %+v: %v", got, err)
	}
}
