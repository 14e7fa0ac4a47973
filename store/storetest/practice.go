package storetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var practiceTests = map[string]func(*world){
	"practices whose attempts went on are stale":          practicesStale,
	"what was practised replaces what is stored":          practisedReplaced,
	"what is as of an older version changes nothing":      practisedInOrder,
	"what was practised is told by question":              practisedByQuestion,
	"of a voided practice nothing is told":                practisedVoided,
	"checks are told with their first time":               checksTold,
	"the index of pools is that of the pools":             poolsIndexed,
	"counts and entries are those of the index":           poolsCounted,
	"verification compares what is stored of a practice":  practisedVerified,
	"who brings a practice up to date at once does it so": practisedTogether,
}

// practises sits a practice of the whole of a set of n questions.
func (w *world) practises(n int) *sitting {
	w.Helper()
	return w.sit(w.newExam(n, practice, untimed, func(d *exam.Definition) { d.Shuffle = exam.Shuffle{} }))
}

// follow brings the practice up to date as far as its journal and score tell it.
func (s *sitting) follow() store.PractisedAttempt {
	s.Helper()
	snap := s.load()
	checked, err := s.CheckedAt(s.ctx, s.id)
	s.must(err)
	p := store.PractisedAttempt{
		Attempt: s.id, Version: snap.Attempt.Head.Seq, Items: exam.PractisedItems(snap.Paper, &snap.Attempt, nil, checked),
	}
	s.must(s.PutPractised(s.ctx, p))
	return p
}

// told is what is stored of the candidate.
func (s *sitting) told() []exam.Practised {
	s.Helper()
	list, err := s.Practised(s.ctx, s.user.ID)
	s.must(err)
	return list
}

func (s *sitting) stale() []string {
	s.Helper()
	list, err := s.StalePractices(s.ctx, s.user.ID)
	s.must(err)
	return list
}

// again begins another attempt of the sitting's candidate and exam.
func (s *sitting) again(number int) *sitting {
	s.Helper()
	id, reason, err := start(s.ctx, s.Store, s.d.Slug, s.user.ID, uuid.NewString(), number)
	s.must(err)
	if id == "" || id == s.id {
		s.Fatalf("start leads to %q, %s", id, reason)
	}
	return &sitting{world: s.world, id: id, user: s.user, d: s.d}
}

func practicesStale(w *world) {
	s := w.practises(2)
	want := func(step string, ids ...string) {
		w.Helper()
		if got := s.stale(); !slices.Equal(got, ids) {
			w.Errorf("%s: stale %v, want %v", step, got, ids)
		}
	}
	want("begun", s.id)
	s.follow()
	want("followed")
	s.wants(s.command(exam.Save, 1, 0, "right 1"), exam.Applied)
	want("answered", s.id)
	s.follow()
	s.wants(s.submit(), exam.Applied)
	s.graded()
	second := s.again(1)
	want("handed in, and another begun", s.id, second.id)
	s.follow()
	second.follow()
	want("both followed")
	if other := w.sit(w.newExam(1)).stale(); len(other) > 0 {
		w.Errorf("an exam is a practice: %v", other)
	}
	for _, user := range []string{uuid.NewString(), "nobody"} {
		if list, err := w.StalePractices(w.ctx, user); err != nil || len(list) > 0 {
			w.Errorf("of nobody %v, %v", list, err)
		}
	}
}

func practisedReplaced(w *world) {
	s := w.practises(3)
	flag := s.command(exam.Flag, 2, 0, "")
	marked := true
	flag.Flagged = &marked
	s.wants(flag, exam.Applied)
	s.wants(s.command(exam.Check, 1, 0, "right 1"), exam.Applied)
	p := s.follow()
	s.holds("checked and flagged", p.Items)
	unflag := s.command(exam.Flag, 2, 0, "")
	unmarked := false
	unflag.Flagged = &unmarked
	s.wants(unflag, exam.Applied)
	s.wants(s.command(exam.Save, 3, 0, "wrong"), exam.Applied)
	s.wants(s.submit(), exam.Applied)
	s.graded()
	p = s.follow()
	s.holds("marked", p.Items)
	if len(p.Items) != 2 || p.Items[0].Verdict != exam.Right || p.Items[1].Verdict != exam.Wrong || p.Items[1].Position != 3 {
		w.Errorf("practised %+v", p.Items)
	}
	s.sound()
}

// holds wants these items to be stored of the candidate.
func (s *sitting) holds(step string, items []exam.PractisedItem) {
	s.Helper()
	list := s.told()
	var got []exam.PractisedItem
	for _, p := range list {
		p.Version = items[min(len(got), len(items)-1)].Version
		got = append(got, p.PractisedItem)
	}
	if !equalJSON(got, items) {
		s.Errorf("%s: stored %+v, want %+v", step, got, items)
	}
}

func practisedInOrder(w *world) {
	s := w.practises(2)
	s.wants(s.command(exam.Check, 1, 0, "right 1"), exam.Applied)
	p := s.follow()
	for _, version := range []int64{p.Version, p.Version - 1} {
		w.must(w.PutPractised(w.ctx, store.PractisedAttempt{Attempt: s.id, Version: version}))
	}
	s.holds("older", p.Items)
	w.is(w.PutPractised(w.ctx, store.PractisedAttempt{Attempt: "none", Version: 1}), store.ErrNotFound)
}

func practisedByQuestion(w *world) {
	s := w.practises(4)
	s.wants(s.command(exam.Check, 2, 0, "right 2"), exam.Applied)
	s.follow()
	s.wants(s.submit(), exam.Applied)
	s.graded()
	s.follow()
	second := s.again(1)
	second.wants(second.command(exam.Check, 2, 0, "x"), exam.Applied)
	second.follow()
	list := s.told()
	pools, err := w.PoolIndex(w.ctx, &s.d)
	w.must(err)
	if len(list) != 2 || list[0].Attempt != s.id || list[1].Attempt != second.id {
		w.Fatalf("told %+v", list)
	}
	for _, p := range list {
		if q := pools[0][1]; p.Question != q.Identity || p.Category != "c1" || p.Year != 2020 || p.Position != 2 || !p.Checked {
			w.Errorf("told %+v of %+v", p, q)
		}
	}
	other := w.sit(s.d)
	if told := other.told(); len(told) > 0 {
		w.Errorf("another candidate is told %+v", told)
	}
}

func practisedVoided(w *world) {
	s := w.practises(1)
	s.wants(s.command(exam.Check, 1, 0, "right 1"), exam.Applied)
	s.wants(by(exam.Admin, exam.Void), exam.Applied)
	s.follow()
	if told := s.told(); len(told) > 0 {
		w.Errorf("told %+v", told)
	}
	s.wants(by(exam.Admin, exam.Unvoid), exam.Applied)
	s.follow()
	if told := s.told(); len(told) != 1 {
		w.Errorf("told %+v after the void was taken back", told)
	}
}

func checksTold(w *world) {
	s := w.practises(3)
	s.wants(s.command(exam.Save, 1, 0, "right 1"), exam.Applied)
	s.wants(s.command(exam.Check, 3, 0, ""), exam.Applied)
	first := s.load().Now
	s.wants(s.command(exam.Check, 3, 0, ""), exam.Applied)
	checked, err := w.CheckedAt(w.ctx, s.id)
	w.must(err)
	if len(checked) != 1 || checked[3] == 0 || checked[3] > first {
		w.Errorf("checked %v, by %d", checked, first)
	}
	s.follow()
	if told := s.told(); len(told) != 2 || told[1].At != checked[3] {
		w.Errorf("told %+v", told)
	}
	s.sound()
}

func poolsIndexed(w *world) {
	d := w.newExam(6, func(d *exam.Definition) {
		d.Sections = append(d.Sections, d.Sections[0], d.Sections[0], d.Sections[0])
		d.Sections[1].From.Category = []string{"c1"}
		d.Sections[2].From.Tag = []string{"t"}
		d.Sections[3].From.Tag = []string{"other"}
	})
	pools, err := w.LoadPools(w.ctx, &d)
	w.must(err)
	index, err := w.PoolIndex(w.ctx, &d)
	w.must(err)
	var questions []string
	versions := map[string]string{}
	for i := range pools {
		for j := range pools[i] {
			q := &pools[i][j]
			questions, versions[q.Identity] = append(questions, q.Identity), q.Version
			q.Version, q.Question = "", exam.Question{Type: q.Question.Type}
		}
	}
	current, err := w.CurrentVersions(w.ctx, append(questions, uuid.NewString(), "none"))
	w.must(err)
	if !equalJSON(current, versions) {
		w.Errorf("current versions %v, want %v", current, versions)
	}
	if !equalJSON(index, pools) || len(index[0]) != 6 || len(index[1]) != 2 || len(index[2]) != 6 || len(index[3]) != 0 {
		w.Errorf("index %+v, pools %+v", index, pools)
	}
	if q := index[1][0]; q.Category != "c1" || q.Year != 2020 || q.Question.Type != exam.ShortText {
		w.Errorf("indexed %+v", q)
	}
}

// poolsCounted: counts and entries say of each set what its index says.
func poolsCounted(w *world) {
	d := w.newExam(7)
	set := d.Sections[0].From.Set
	var all []string
	index := func(from exam.Source) map[string]int {
		from.Set = set
		pools, err := w.PoolIndex(w.ctx, &exam.Definition{Sections: []exam.SectionDefinition{{From: from}}})
		w.must(err)
		out := map[string]int{}
		all = nil
		for _, q := range pools[0] {
			out[fmt.Sprint(q.Category, q.Year, q.Question.Type)]++
			all = append(all, q.Identity)
		}
		return out
	}
	for _, from := range []exam.Source{{Tag: []string{"t"}}, {Category: []string{"c1"}}, {}} {
		want, got := index(from), map[string]int{}
		counts, err := w.PoolCounts(w.ctx, set, len(from.Tag) > 0)
		w.must(err)
		for _, n := range counts {
			if from.Takes(n.Category, n.Year, n.Tags) {
				got[fmt.Sprint(n.Category, n.Year, n.Type)] += n.N
			}
		}
		if !equalJSON(got, want) || len(want) == 0 {
			w.Errorf("of %+v counted %v, want %v", from, got, want)
		}
	}
	other := w.newExam(1)
	w.mark(all[2], store.QuestionRetired)
	pools, err := w.PoolIndex(w.ctx, &other)
	w.must(err)
	asked := append(slices.Clone(all), uuid.NewString(), "none", all[0], pools[0][0].Identity)
	slices.Reverse(asked)
	entries, err := w.PoolEntries(w.ctx, asked)
	w.must(err)
	var got []string
	for _, e := range entries {
		if e.Set == set {
			got = append(got, e.Identity)
		}
	}
	if want := slices.Delete(slices.Clone(all), 2, 3); !slices.Equal(got, want) || len(entries) != len(want)+1 {
		w.Errorf("read %v of %d, want %v", got, len(entries), want)
	}
	if e := entries[slices.IndexFunc(entries, func(e store.PoolEntry) bool { return e.Identity == all[1] })]; e.Category != "c1" || e.Year != 2020 ||
		e.Question.Type != exam.ShortText || !slices.Equal(e.Tags, []string{"t"}) {
		w.Errorf("read %+v", e)
	}
	if none, err := w.PoolCounts(w.ctx, "none", true); err != nil || len(none) > 0 {
		w.Errorf("of no set %+v, %v", none, err)
	}
	if none, err := w.PoolEntries(w.ctx, nil); err != nil || len(none) > 0 {
		w.Errorf("of no question %+v, %v", none, err)
	}
}

func practisedVerified(w *world) {
	alter := map[string]string{
		"verdict": `UPDATE practised SET verdict = 'right' WHERE attempt_id = $1 AND position = 2`,
		"flag":    `UPDATE practised SET flagged = NOT flagged WHERE attempt_id = $1 AND position = 1`,
		"time":    `UPDATE practised SET at = at + 1 WHERE attempt_id = $1 AND position = 1`,
		"row":     `DELETE FROM practised WHERE attempt_id = $1 AND position = 1`,
	}
	for name, sql := range alter {
		s := w.practises(2)
		s.wants(s.command(exam.Check, 1, 0, "right 1"), exam.Applied)
		s.follow()
		s.sound()
		s.wants(s.command(exam.Save, 2, 0, "wrong"), exam.Applied)
		s.sound() // what is of an older version is no fault
		s.wants(s.submit(), exam.Applied)
		s.graded()
		s.follow()
		s.sound()
		w.must(w.Exec(w.ctx, sql, s.id))
		if lines := s.faults(); len(lines) != 1 || !strings.Contains(lines[0], "practised questions") {
			w.Errorf("%s: %v", name, lines)
		}
		w.must(w.Exec(w.ctx, `DELETE FROM practised WHERE attempt_id = $1`, s.id))
		w.must(w.Exec(w.ctx, `DELETE FROM practices WHERE attempt_id = $1`, s.id))
		s.follow()
		s.sound()
	}
}

func practisedTogether(w *world) {
	s := w.practises(5)
	for n := 1; n <= 5; n++ {
		s.wants(s.command(exam.Check, n, 0, "x"), exam.Applied)
	}
	together(w, 10, func(int) (struct{}, error) {
		snap, err := w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: s.id, All: true})
		if err != nil {
			return struct{}{}, err
		}
		items := exam.PractisedItems(snap.Paper, &snap.Attempt, nil, nil)
		return struct{}{}, w.PutPractised(w.ctx, store.PractisedAttempt{Attempt: s.id, Version: snap.Attempt.Head.Seq, Items: items})
	})
	if told := s.told(); len(told) != 5 {
		w.Errorf("told %+v", told)
	}
	s.sound()
}
