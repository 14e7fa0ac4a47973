package storetest

import (
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// listed finds an exam in the list of definitions.
func (w *world) listed(slug string) store.ListedExam {
	w.Helper()
	list, err := w.Definitions(w.ctx)
	w.must(err)
	i := slices.IndexFunc(list, func(e store.ListedExam) bool { return e.Slug == slug })
	if i < 0 {
		w.Fatalf("%s is not among %d exams", slug, len(list))
	}
	return list[i]
}

// archives archives an exam, or takes it back, and wants it told everywhere alike.
func (w *world) archives(d *exam.Definition, archived bool, revision int) exam.Instant {
	w.Helper()
	w.must(w.By(w.act(store.ActArchiveExam, nil)).SetArchived(w.ctx, d.Slug, archived))
	r, err := w.Revised(w.ctx, d.Slug)
	w.must(err)
	summary, listed := w.summary(d.Slug), w.listed(d.Slug)
	if (r.Archived != 0) != archived || r.Archived != summary.Archived || r.Archived != listed.Archived || r.Revision != revision {
		w.Errorf("archived %t: read %d of revision %d, summed up %d, listed %d", archived, r.Archived, r.Revision, summary.Archived, listed.Archived)
	}
	for _, is := range []exam.Definition{r.Definition, summary.Definition, listed.Definition} {
		if string(exam.Canonical(is)) != string(exam.Canonical(*d)) {
			w.Errorf("archived %t: the definition is %+v, was %+v", archived, is, *d)
		}
	}
	if offered := listed.ForCandidates(); offered.Published == archived {
		w.Errorf("archived %t: published for candidates %t", archived, offered.Published)
	}
	return r.Archived
}

// archivedIsClosed: nobody begins an archived exam, who writes it goes on, and taken back it is as it was.
func archivedIsClosed(w *world) {
	d := w.newExam(2)
	s, newcomer := w.sit(d), w.newUser()
	since := w.archives(&d, true, 1)
	begins := func(want exam.Reason) {
		w.Helper()
		id, reason, err := start(w.ctx, w.Store, d.Slug, newcomer.ID, uuid.NewString(), 0)
		w.must(err)
		if reason != want || (id == "") != (want != "") {
			w.Errorf("a start gives %q, %q; want %q", id, reason, want)
		}
	}
	begins(exam.NotOpen)
	again, _, err := start(w.ctx, w.Store, d.Slug, s.user.ID, uuid.NewString(), 0)
	w.must(err)
	if again != s.id {
		w.Errorf("who writes the exam is led to %q", again)
	}
	s.wants(s.command(exam.Save, 1, 0, "right 1"), exam.Applied)
	s.wants(s.submit(), exam.Applied)
	s.graded()
	s.sound()
	if later := w.archives(&d, true, 1); later != since {
		w.Errorf("archived since %d, then %d", since, later)
	}
	d.Attempts = 5
	w.must(w.PutDefinition(w.ctx, d))
	if kept := w.archives(&d, true, 2); kept != since {
		w.Errorf("stored anew it is archived since %d, was %d", kept, since)
	}
	begins(exam.NotOpen)
	w.archives(&d, false, 2)
	begins("")
}

// archivedOnce: of several who archive at once one does, and one entry says so.
func archivedOnce(w *world) {
	d := w.newExam(1)
	for _, archived := range []bool{true, false} {
		act := w.act(store.ActArchiveExam, nil)
		stores := []store.Store{w.Store, w.Again(w.T)}
		together(w, 6, func(i int) (any, error) {
			return nil, stores[i%2].By(act).SetArchived(w.ctx, d.Slug, archived)
		})
		if n := len(w.recorded(act)); n != 1 {
			w.Errorf("archived %t: %d entries", archived, n)
		}
	}
	w.archives(&d, false, 1)
}
