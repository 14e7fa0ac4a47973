package storetest

import (
	"errors"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var accommodationTests = map[string]func(*world){
	"what a candidate has of their own is kept, changed and taken back": accommodationsKept,
	"a start is judged by it, and the paper keeps it (R14)":             accommodationsJudged,
	"two officers do not undo each other's":                             accommodationsMoved,
	"a file of them is stored once, and loses its data":                 accommodationFileStoredOnce,
	"what is too long for one entry is recorded in several":             accommodationsRecordedInParts,
	"people are listed by username, whoever they are":                   accommodationsByUsername,
	"candidates are listed and found":                                   accommodationsListed,
	"keys wait for the latest close of anybody's own":                   accommodationsHoldKeys,
	"R12 keys wait for who may still begin":                             accommodationsHoldUntilBegun,
}

func number(n int) *int { return &n }

// gives stores what a user has in an exam, nil for nothing, in place of what they had.
func (w *world) gives(user, slug string, was, is *store.Accommodated) error {
	return w.staff().PutAccommodations(w.ctx, []store.AccommodationChange{{User: user, Exam: slug, Was: was, Is: is}})
}

func ofAll() *store.Accommodated {
	return &store.Accommodated{Reason: "理由", Accommodation: exam.Accommodation{
		ExtraPercent: number(50), Attempts: number(3), Window: exam.Window{Open: 5, LastStart: 6, Close: 4_000_000_000_000_000},
	}}
}

func accommodationsKept(w *world) {
	d, other, u := w.newExam(1), w.newExam(1), w.newUser()
	is := ofAll()
	w.must(w.gives(u.ID, d.Slug, nil, is))
	w.must(w.gives(u.ID, other.Slug, nil, &store.Accommodated{Accommodation: exam.Accommodation{ExtraPercent: number(0)}}))
	list, err := w.AccommodationsOf(w.ctx, u.ID)
	w.must(err)
	if len(list) != 2 {
		w.Fatalf("stored %+v", list)
	}
	for i := range list {
		if a := &list[i]; a.Exam == d.Slug && !a.Same(is) || a.Changed == 0 || a.User != u.ID {
			w.Errorf("stored %+v, want %+v", a, is)
		}
	}
	less := *is
	less.Attempts, less.Window.LastStart, less.Reason = nil, 0, "other"
	w.must(w.gives(u.ID, d.Slug, is, &less))
	w.must(w.gives(u.ID, other.Slug, &store.Accommodated{Accommodation: exam.Accommodation{ExtraPercent: number(0)}}, nil))
	if list, err = w.AccommodationsOf(w.ctx, u.ID); err != nil || len(list) != 1 || !list[0].Same(&less) {
		w.Errorf("stored %+v, %v; want %+v", list, err, less)
	}
	w.is(w.gives(uuid.NewString(), d.Slug, nil, is), store.ErrNotFound)
	w.is(w.gives("no id", d.Slug, nil, is), store.ErrNotFound)
	w.is(w.gives(u.ID, "no-such-exam", nil, is), store.ErrNotFound)
	if list, err := w.AccommodationsOf(w.ctx, "no id"); err != nil || len(list) != 0 {
		w.Errorf("of nobody: %+v, %v", list, err)
	}
}

// accommodationsJudged: the window and the number of attempts are the candidate's own, extra time stands
// in place of the person's, and what is changed later leaves the paper as it is.
func accommodationsJudged(w *world) {
	d := w.newExam(1, func(d *exam.Definition) { d.Attempts, d.Rules.Window.Close = 1, 5 }) // long closed
	u := w.newUser()
	if _, reason, err := start(w.ctx, w.Store, d.Slug, u.ID, uuid.NewString(), 0); err != nil || reason != exam.NotOpen {
		w.Fatalf("a closed exam: %q, %v", reason, err)
	}
	is := ofAll()
	is.Window = exam.Window{Close: 4_000_000_000_000_000}
	w.must(w.gives(u.ID, d.Slug, nil, is))
	state, err := w.LoadStart(w.ctx, d.Slug, u.ID)
	w.must(err)
	if state.User.ExtraPercent != 50 || state.Definition.Attempts != 3 || state.Definition.Rules.Window.Close != is.Window.Close {
		w.Errorf("judged on %+v, %d percent", state.Definition, state.User.ExtraPercent)
	}
	id, reason, err := start(w.ctx, w.Store, d.Slug, u.ID, uuid.NewString(), 0)
	if err != nil || id == "" {
		w.Fatalf("refused: %q, %v", reason, err)
	}
	w.must(w.gives(u.ID, d.Slug, is, nil))
	snap, err := w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: id})
	w.must(err)
	rules := &snap.Paper.Rules
	if rules.ExtraPercent != 50 || rules.Window != is.Window || rules.ExamClose != 5 {
		w.Errorf("the paper has %+v", rules)
	}
	deadline, _ := snap.Attempt.Deadline(snap.Paper)
	if want := snap.Attempt.Started.Add(45 * exam.Minute); deadline != want {
		w.Errorf("the deadline is %d, want %d", deadline, want)
	}
	if state, err = w.LoadStart(w.ctx, d.Slug, w.newUser().ID); err != nil || state.Definition.Attempts != 1 || state.User.ExtraPercent != 25 {
		w.Errorf("another candidate is judged on %+v, %v", state.Definition, err)
	}
}

func accommodationsMoved(w *world) {
	d, a, b := w.newExam(1), w.newUser(), w.newUser()
	is := ofAll()
	w.must(w.gives(a.ID, d.Slug, nil, is))
	other := *is
	other.Reason = "other"
	first := store.AccommodationChange{User: b.ID, Exam: d.Slug, Is: is}
	for what, err := range map[string]error{
		"not seen":     w.gives(a.ID, d.Slug, nil, &other),
		"seen other":   w.gives(a.ID, d.Slug, &other, nil),
		"gone":         w.gives(b.ID, d.Slug, is, &other),
		"one of two":   w.staff().PutAccommodations(w.ctx, []store.AccommodationChange{first, {User: a.ID, Exam: d.Slug, Is: is}}),
		"twice at one": w.staff().PutAccommodations(w.ctx, []store.AccommodationChange{first, {User: b.ID, Exam: d.Slug, Is: &other}}),
	} {
		if !errors.Is(err, store.ErrMoved) {
			w.Errorf("%s: %v", what, err)
		}
	}
	rows, total, err := w.Accommodations(w.ctx, store.AccommodationQuery{Exam: d.Slug, Limit: 10})
	if err != nil || total != 1 || len(rows) != 1 || !rows[0].Same(is) {
		w.Errorf("stored %+v, %v", rows, err)
	}
}

func accommodationFileStoredOnce(w *world) {
	d, owner, u := w.newExam(1), w.newUser(), w.newUser()
	is := ofAll()
	up := store.Upload{ID: uuid.NewString(), Owner: owner.ID, Kind: store.UploadAccommodations, Name: "a.csv", Data: []byte("sealed")}
	w.must(w.PutUpload(w.ctx, up))
	give := []store.AccommodationChange{{User: u.ID, Exam: d.Slug, Is: is}}
	w.is(w.staff().PutAccommodationFile(w.ctx, up.ID, u.ID, give), store.ErrExists) // not the owner's
	moved := []store.AccommodationChange{{User: u.ID, Exam: d.Slug, Was: is}}
	w.is(w.staff().PutAccommodationFile(w.ctx, up.ID, owner.ID, moved), store.ErrMoved)
	if kept, err := w.Upload(w.ctx, up.ID, owner.ID); err != nil || string(kept.Data) != "sealed" {
		w.Errorf("what was not stored is kept as %q, %v", kept.Data, err)
	}
	errs := make(chan error)
	for range 2 {
		go func() { errs <- w.staff().PutAccommodationFile(w.ctx, up.ID, owner.ID, give) }()
	}
	if first, second := <-errs, <-errs; (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), store.ErrExists) {
		w.Errorf("two at once: %v, %v", first, second)
	}
	w.must(w.gives(u.ID, d.Slug, is, nil)) // taken back by another
	w.is(w.staff().PutAccommodationFile(w.ctx, up.ID, owner.ID, give), store.ErrExists)
	if list, err := w.AccommodationsOf(w.ctx, u.ID); err != nil || len(list) != 0 {
		w.Errorf("stored %+v, %v", list, err)
	}
	if kept, err := w.Upload(w.ctx, up.ID, owner.ID); err != nil || len(kept.Data) != 0 || kept.Name != "a.csv" {
		w.Errorf("kept %+v, %v", kept, err)
	}
}

func accommodationsRecordedInParts(w *world) {
	d, u := w.newExam(1), w.newUser()
	change := []store.AccommodationChange{{User: u.ID, Exam: d.Slug, Is: ofAll()}}
	long := strings.Repeat("x", store.MaxAuditDetails)
	tooLong := w.act(store.ActAccommodate, store.AuditParts{"one", long})
	if err := w.By(tooLong).PutAccommodations(w.ctx, change); err == nil || len(w.recorded(tooLong)) != 0 {
		w.Errorf("one of them is too long: %v, recorded %+v", err, w.recorded(tooLong))
	}
	act := w.act(store.ActAccommodate, store.AuditParts{"one", "two", "three"})
	w.must(w.By(act).PutAccommodations(w.ctx, change))
	var said []string
	for _, e := range w.recorded(act) {
		said = append(said, string(e.Details))
	}
	if got := strings.Join(said, " "); got != `"one" "two" "three"` {
		w.Errorf("recorded %s", got)
	}
}

func accommodationsByUsername(w *world) {
	d, ann, bob, barred := w.newExam(1), w.newUser(), w.newUser(), w.newUser()
	w.must(w.gives(ann.ID, d.Slug, nil, ofAll()))
	barred.Disabled = true
	w.must(w.UpdateUser(w.ctx, barred))
	w.newUser()
	for _, slug := range []string{d.Slug, "no-such-exam"} {
		names := []string{ann.Username, barred.Username, bob.Username, "nobody"}
		rows, total, err := w.Accommodations(w.ctx, store.AccommodationQuery{Exam: slug, Usernames: names, Limit: 10})
		if err != nil || len(rows) != 3 || total != 3 {
			w.Fatalf("%s: %+v, %d, %v", slug, rows, total, err)
		}
		for _, r := range rows {
			if r.Has != (r.User == ann.ID && slug == d.Slug) || r.Candidate == (r.User == barred.ID) {
				w.Errorf("%s: %+v", slug, r)
			}
		}
	}
}

func accommodationsListed(w *world) {
	d, group := w.newExam(1), name("group")
	var users []store.User
	for range 3 {
		u := w.newUser()
		u.Groups = []string{group}
		w.must(w.UpdateUser(w.ctx, u))
		users = append(users, u)
	}
	is := ofAll()
	is.Window = exam.Window{}
	w.must(w.gives(users[1].ID, d.Slug, nil, is))
	id, _, err := start(w.ctx, w.Store, d.Slug, users[1].ID, uuid.NewString(), 0)
	w.must(err)
	users[2].Disabled = true
	w.must(w.UpdateUser(w.ctx, users[2]))
	for what, test := range map[string]struct {
		q    store.AccommodationQuery
		want int
	}{
		"those with one":     {store.AccommodationQuery{Group: group}, 1},
		"all who are there":  {store.AccommodationQuery{Group: group, All: true}, 2},
		"by username":        {store.AccommodationQuery{Search: users[0].Username, All: true}, 1},
		"of one":             {store.AccommodationQuery{User: users[0].ID, All: true}, 1},
		"of one without":     {store.AccommodationQuery{User: users[0].ID}, 0},
		"of no id":           {store.AccommodationQuery{User: "x", All: true}, 0},
		"beyond the last":    {store.AccommodationQuery{Group: group, All: true, Offset: 2}, 0},
		"of no group at all": {store.AccommodationQuery{Group: "no such group", All: true}, 0},
	} {
		test.q.Exam, test.q.Limit = d.Slug, 10
		rows, _, err := w.Accommodations(w.ctx, test.q)
		if err != nil || len(rows) != test.want {
			w.Errorf("%s: %+v, %v", what, rows, err)
		}
		for _, r := range rows {
			if has := r.User == users[1].ID; r.Has != has || has && (r.Open != id || r.Begun != 1 || r.Extra != 25 || !r.Same(is)) {
				w.Errorf("%s: %+v", what, r)
			}
		}
	}
}

func accommodationsHoldKeys(w *world) {
	d := w.newExam(1)
	for i, closes := range []exam.Instant{0, 7, 3} {
		is := ofAll()
		is.Window.Close = closes
		w.must(w.gives(w.newUser().ID, d.Slug, nil, is))
		if r, err := w.ReleaseState(w.ctx, d.Slug); err != nil || r.OwnUntil != []exam.Instant{6, 7, 7}[i] {
			w.Errorf("after %d: %+v, %v", closes, r, err)
		}
	}
}

// accommodationsHoldUntilBegun: any bound of a window counts, but of nobody who has no attempt left.
func accommodationsHoldUntilBegun(w *world) {
	d, u, late := w.newExam(1, func(d *exam.Definition) { d.Attempts = 1 }), w.newUser(), w.newUser()
	holds := func(what string, want exam.Instant) {
		w.Helper()
		if r, err := w.ReleaseState(w.ctx, d.Slug); err != nil || r.OwnUntil != want {
			w.Errorf("%s: %+v, %v; want %d", what, r, err, want)
		}
	}
	window := func(user string, own exam.Window) *store.Accommodated {
		is := &store.Accommodated{Accommodation: exam.Accommodation{Window: own}}
		w.must(w.gives(user, d.Slug, nil, is))
		return is
	}
	window(u.ID, exam.Window{Open: 9})
	holds("opens", 9)
	two := window(late.ID, exam.Window{Open: 10, LastStart: 4_000_000_000_000_000})
	holds("last start", 4_000_000_000_000_000)
	id, _, err := start(w.ctx, w.Store, d.Slug, late.ID, uuid.NewString(), 0)
	w.must(err)
	holds("begun", 9)
	is := *two
	is.Attempts = number(2)
	w.must(w.gives(late.ID, d.Slug, two, &is))
	holds("another attempt", 4_000_000_000_000_000)
	is.Attempts = number(1)
	w.must(w.gives(late.ID, d.Slug, &store.Accommodated{Accommodation: exam.Accommodation{Attempts: number(2), Window: two.Window}}, &is))
	s := &sitting{world: w, id: id, user: late, d: d}
	s.wants(by(exam.Admin, exam.Void), exam.Applied)
	holds("voided", 4_000_000_000_000_000)
}
