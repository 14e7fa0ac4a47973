package storetest

import (
	"errors"
	"reflect"
	"slices"

	"shiken/exam"
	"shiken/store"
)

var resultTests = map[string]func(*world){
	"a result has what the table shows of an attempt": resultComplete,
	"results are filtered and searched":               resultsFiltered,
	"results come in the order asked for":             resultsOrdered,
	"results come by the page, with their number":     resultsPaged,
	"a stream of results holds up nobody":             resultsStream,
	"all results of some candidates are read":         resultsOfCandidates,
}

// hasMark lets an attempt pass with half of the points.
func hasMark(d *exam.Definition) { d.Rules.PassMark = 50 }

// results reads those of a query, of the room's own exam.
func (r *room) results(q store.ResultQuery) ([]store.ResultRow, int) {
	r.Helper()
	q.Exam = r.d.Slug
	if q.Limit == 0 {
		q.Limit = 1_000
	}
	list, total, now, err := r.ResultRows(r.ctx, q)
	r.must(err)
	for i := range list {
		if list[i].Summary.Started > now {
			r.Errorf("started at %d, read at %d", list[i].Summary.Started, now)
		}
	}
	return list, total
}

// scores sits an exam with some right answers and has it marked.
func (r *room) scores(u store.User, right int) *sitting {
	r.Helper()
	s := r.sits(u, 0)
	paper := s.load().Paper
	var versions []string
	for _, it := range paper.Items {
		versions = append(versions, it.Version)
	}
	keys, err := r.Keys(r.ctx, versions)
	r.must(err)
	for i := range right {
		key := keys[paper.Items[i].Version].Key
		s.wants(s.command(exam.Save, i+1, 0, key.Texts[0].Pattern), exam.Applied)
	}
	s.wants(s.submit(), exam.Applied)
	_, err = s.grade()
	r.must(err)
	return s
}

func resultComplete(w *world) {
	r := w.newRoom(4, hasMark, func(d *exam.Definition) {
		d.Sections[0].Draw, d.Sections[0].Minimum = 2, 30
		second := d.Sections[0]
		second.Title, second.From.Category, second.Draw = exam.Title{"ja": "第二", "en": "Second"}, []string{"c1"}, 1
		second.Minimum = 0
		d.Sections[0].From.Category = []string{"c0"}
		d.Sections = append(d.Sections, second)
	})
	u := r.enter(func(u *store.User) { u.Groups = append(u.Groups, "a;b") })
	s := r.scores(u, 2)
	stored := s.stored()
	list, total := r.results(store.ResultQuery{})
	if total != 1 || len(list) != 1 {
		w.Fatalf("%d results of %d", len(list), total)
	}
	got := list[0]
	slices.Sort(u.Groups)
	slices.Sort(got.Groups)
	if got.User != u.ID || got.Username != u.Username || got.Name != u.Name || !slices.Equal(got.Groups, u.Groups) {
		w.Errorf("result of %+v: %+v", u, got)
	}
	if !equalJSON(got.Score, stored.Attempt.Score) || got.Score.Total != 2*exam.FullCredit || len(got.Score.Sections) != 2 {
		w.Errorf("score %+v, want %+v", got.Score, stored.Attempt.Score)
	}
	if !equalJSON(got.SectionTitles, []exam.Title{{"": "A"}, {"ja": "第二", "en": "Second"}}) {
		w.Errorf("sections %v", got.SectionTitles)
	}
	own, _, err := w.OfCandidate(w.ctx, u.ID)
	w.must(err)
	if !equalJSON(got.Summary, own[0]) || got.Summary.Passed == nil || !*got.Summary.Passed {
		w.Errorf("summary %+v, want %+v", got.Summary, own[0])
	}
	open := r.sits(r.enter(), 0)
	for _, row := range mustRows(r.results(store.ResultQuery{Search: open.user.Username})) {
		if row.Score != nil || row.Summary.Passed != nil || row.Summary.ID != open.id {
			w.Errorf("open: %+v", row)
		}
	}
}

func mustRows(list []store.ResultRow, _ int) []store.ResultRow { return list }

func resultsFiltered(w *world) {
	r := w.newRoom(2, hasMark)
	prefix, side := name("f"), name("side")
	passed, failed := r.enter(called(prefix+"p", "合格 Pass")), r.enter(called(prefix+"f", "不合格 Fail_"))
	voided := r.enter(called(prefix+"v", "V"), func(u *store.User) { u.Groups = append(u.Groups, side) })
	r.scores(passed, 1)
	r.scores(failed, 0)
	r.scores(voided, 2).wants(by(exam.Admin, exam.Void), exam.Applied)
	again := r.sits(failed, 1)
	pending := r.enter(called(prefix+"w", "W"))
	r.sits(pending, 0).wants(by(exam.Admin, exam.ForceSubmit), exam.Applied)
	w.sit(w.newExam(1))
	for what, tt := range map[string]struct {
		q    store.ResultQuery
		want string // last letters of usernames
	}{
		"all":            {store.ResultQuery{}, "ffpvw"},
		"passed":         {store.ResultQuery{Pass: store.PassedState}, "p"},
		"failed":         {store.ResultQuery{Pass: store.FailedState}, "f"},
		"neither":        {store.ResultQuery{Pass: store.NeitherPass}, "fvw"},
		"open":           {store.ResultQuery{Status: exam.InProgress}, "f"},
		"submitted":      {store.ResultQuery{Status: exam.Submitted}, "fpw"},
		"pending":        {store.ResultQuery{Marking: exam.MarkingPending}, "w"},
		"of a group":     {store.ResultQuery{Group: side}, "v"},
		"found by name":  {store.ResultQuery{Search: "合格"}, "ffp"},
		"found":          {store.ResultQuery{Search: "FAIL_"}, "ff"},
		"found and open": {store.ResultQuery{Search: "fail", Status: exam.InProgress}, "f"},
		"nothing":        {store.ResultQuery{Search: "%"}, ""},
	} {
		list, total := r.results(tt.q)
		if got := letters(list, prefix); got != tt.want || total != len(tt.want) {
			w.Errorf("%s: %d results of %q, want %q", what, total, got, tt.want)
		}
	}
	if list, _ := r.results(store.ResultQuery{Status: exam.InProgress}); len(list) != 1 || list[0].Summary.ID != again.id {
		w.Errorf("open: %+v", list)
	}
}

// letters are what follows a prefix in the usernames of results.
func letters(list []store.ResultRow, prefix string) string {
	out := ""
	for i := range list {
		out += list[i].Username[len(prefix):]
	}
	return out
}

func resultsOrdered(w *world) {
	r := w.newRoom(3)
	prefix := name("o")
	for _, who := range []struct {
		letter string
		right  int
	}{{"c", 1}, {"a", 3}, {"d", 0}, {"b", 1}} {
		r.scores(r.enter(called(prefix+who.letter, "N")), who.right)
	}
	r.sits(r.enter(called(prefix+"e", "N")), 0)
	for order, want := range map[store.ResultOrder][2]string{
		"": {"abcde", "edcba"}, store.ResultsByName: {"abcde", "edcba"}, store.ResultsByScore: {"dbcae", "abcde"},
		store.ResultsByClosed: {"cadbe", "bdace"}, store.ResultsByStarted: {"cadbe", "ebdac"},
	} {
		for i, descending := range []bool{false, true} {
			q := store.ResultQuery{Order: order, Descending: descending}
			list, _ := r.results(q)
			if got := letters(list, prefix); got != want[i] {
				w.Errorf("order %q, descending %t: %s, want %s", order, descending, got, want[i])
			}
			streamed := ""
			q.Exam, q.Offset, q.Limit = r.d.Slug, 2, 1
			w.must(w.EachResult(w.ctx, q, func(row store.ResultRow) error {
				streamed += letters([]store.ResultRow{row}, prefix)
				return nil
			}))
			if streamed != want[i] {
				w.Errorf("order %q, descending %t: streamed %s, want %s", order, descending, streamed, want[i])
			}
		}
	}
	q := store.ResultQuery{Exam: r.d.Slug, Order: "no such order", Limit: 1}
	if _, _, _, err := w.ResultRows(w.ctx, q); err == nil {
		w.Error("an order that is none was taken")
	}
	if err := w.EachResult(w.ctx, q, nil); err == nil {
		w.Error("an order that is none was streamed")
	}
}

func resultsPaged(w *world) {
	r := w.newRoom(1)
	prefix := name("p")
	for _, letter := range []string{"a", "b", "c"} {
		r.sits(r.enter(called(prefix+letter, letter)), 0)
	}
	for _, tt := range []struct {
		offset, limit int
		want          string
	}{{0, 2, "ab"}, {2, 2, "c"}, {3, 2, ""}, {1, 1, "b"}} {
		list, total := r.results(store.ResultQuery{Offset: tt.offset, Limit: tt.limit})
		if got := letters(list, prefix); got != tt.want || total != 3 {
			w.Errorf("from %d: %s of %d, want %s of 3", tt.offset, got, total, tt.want)
		}
	}
	list, total, _, err := w.ResultRows(w.ctx, store.ResultQuery{Exam: "no-such-exam", Limit: 1})
	if err != nil || len(list)+total != 0 {
		w.Errorf("of no exam: %d of %d, %v", len(list), total, err)
	}
}

// resultsStream writes from within, for more results than are read at once.
func resultsStream(w *world) {
	h := FillHall(w.T, w.Backend, 120)
	s := w.sit(w.newExam(1))
	seen := map[string]bool{}
	q := store.ResultQuery{Exam: h.Exam, Order: store.ResultsByStarted}
	w.must(w.EachResult(w.ctx, q, func(row store.ResultRow) error {
		if i := len(seen); row.Summary.ID != h.Attempts[i] {
			w.Errorf("result %d is of %s, want %s", i, row.Summary.ID, h.Attempts[i])
		}
		seen[row.Summary.ID] = true
		if len(seen)%50 == 1 {
			s.wants(s.command(exam.Save, 1, int64(len(seen)), row.Username), exam.Applied)
		}
		return nil
	}))
	if len(seen) != len(h.Attempts) {
		w.Errorf("%d results of %d", len(seen), len(h.Attempts))
	}
	stop, calls := errors.New("enough"), 0
	w.is(w.EachResult(w.ctx, q, func(store.ResultRow) error { calls++; return stop }), stop)
	if calls != 1 {
		w.Errorf("called %d times after it said enough", calls)
	}
}

// resultsOfCandidates are read whole, and the first of each may be asked for alone.
func resultsOfCandidates(w *world) {
	r := w.newRoom(2)
	ann, bob, eve := r.enter(), r.enter(), r.enter()
	first, other := r.scores(ann, 1), r.scores(bob, 2)
	again := r.sits(ann, 1)
	r.scores(eve, 0)
	list, err := r.CandidateResults(r.ctx, r.d.Slug, []string{ann.ID, bob.ID, name("nobody")})
	r.must(err)
	got := map[string][]string{}
	for i := range list {
		got[list[i].User] = append(got[list[i].User], list[i].Summary.ID)
	}
	want := map[string][]string{ann.ID: {first.id, again.id}, bob.ID: {other.id}}
	if !reflect.DeepEqual(got, want) {
		w.Errorf("attempts %v, want %v", got, want)
	}
	if none, err := r.CandidateResults(r.ctx, name("none"), []string{ann.ID}); err != nil || len(none) != 0 {
		w.Errorf("of another exam %+v: %v", none, err)
	}
	firsts, total := r.results(store.ResultQuery{First: true})
	if total != 3 || len(firsts) != 3 || slices.ContainsFunc(firsts, func(x store.ResultRow) bool { return x.Summary.Number != 1 }) {
		w.Errorf("%d firsts of %d: %+v", len(firsts), total, firsts)
	}
}
