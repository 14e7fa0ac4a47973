package storetest

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"shiken/exam"
	"shiken/store"
)

var markingTests = map[string]func(*world){
	"answers that a person marks are counted by question": tasksCounted,
	"answers to mark come by label, which tells nothing":  answersByLabel,
	"a mark is stored with its entry of the audit log":    markRecorded,
	"of two marks on one answer one is stored":            marksCompared,
	"comments are erased with their payload":              commentErased,
}

// newEssayExam stores an exam of a short text and two essays, in this order.
func (w *world) newEssayExam() exam.Definition {
	w.Helper()
	d := w.newExam(1, func(d *exam.Definition) { d.Shuffle = exam.Shuffle{} })
	list := shortText(3)
	for i := 1; i < 3; i++ {
		list[i].Question.Type, list[i].Key = exam.Essay, exam.Key{Guide: exam.Text{Source: "採点基準"}}
	}
	_, err := w.PutQuestions(w.ctx, d.Sections[0].From.Set, list)
	w.must(err)
	return d
}

// composes sits an exam of essays, answers some positions, hands in, and is marked as far as that goes.
func (w *world) composes(d exam.Definition, positions ...int) *sitting {
	w.Helper()
	s := w.sit(d)
	for _, n := range positions {
		s.wants(s.command(exam.Save, n, 0, "作文"), exam.Applied)
	}
	s.wants(s.submit(), exam.Applied)
	s.graded()
	return s
}

func (s *sitting) graded() {
	s.Helper()
	o, err := s.grade()
	s.must(err)
	if o.Result != exam.Applied {
		s.Fatalf("grade: %s %s", o.Result, o.Reason)
	}
}

// saved is the response at a position.
func (s *sitting) saved(position int) exam.Response {
	s.Helper()
	a := s.load().Attempt
	return a.Response(position)
}

// marking is a mark of the answer at a position as it stands.
func (s *sitting) marking(position, points int, comment string) exam.Command {
	s.Helper()
	saw := s.saved(position)
	c := by(exam.Admin, exam.MarkByHand)
	c.Position, c.Points, c.Comment, c.Rev, c.Marked = position, points, comment, saw.Rev, saw.Marked
	return c
}

// tasks are those of an exam by the place of the question.
func (s *sitting) tasks() map[int]store.MarkingTask {
	s.Helper()
	return s.tasksWithout("")
}

// tasksWithout are those of whoever may not see the answers of a candidate.
func (s *sitting) tasksWithout(candidate string) map[int]store.MarkingTask {
	s.Helper()
	list, err := s.MarkingTasks(s.ctx, s.d.Slug, candidate)
	s.must(err)
	paper, out := s.load().Paper, map[int]store.MarkingTask{}
	for _, t := range list {
		i := slices.IndexFunc(paper.Items, func(it exam.Item) bool { return it.Version == t.Version })
		t.Version = ""
		out[i+1] = t
	}
	return out
}

func tasksCounted(w *world) {
	d := w.newEssayExam()
	s := w.composes(d, 1, 2)
	blank := w.composes(d)
	open := w.sit(d)
	open.wants(open.command(exam.Save, 2, 0, "still writing"), exam.Applied)
	want := func(step string, awaiting int, tasks map[int]store.MarkingTask) {
		w.Helper()
		if got := s.tasks(); !equalJSON(got, tasks) {
			w.Errorf("%s: %+v, want %+v", step, got, tasks)
		}
		all, err := w.AwaitingMarker(w.ctx, "")
		w.must(err)
		if n, known := all[d.Slug]; n != awaiting || !known {
			w.Errorf("%s: %d attempts await a marker, want %d", step, n, awaiting)
		}
	}
	other := w.newExam(1)
	w.sit(other)
	if all, err := w.AwaitingMarker(w.ctx, ""); err != nil || slices.Contains(slices.Collect(maps.Keys(all)), other.Slug) {
		w.Errorf("an exam without essays is among %v, %v", all, err)
	}
	want("closed", 1, map[int]store.MarkingTask{2: {Waiting: 1, Blank: 1}, 3: {Blank: 2}})
	s.wants(s.marking(2, 5_000, ""), exam.Applied)
	want("marked", 0, map[int]store.MarkingTask{2: {Given: 1, Blank: 1}, 3: {Blank: 2}})
	s.graded()
	blank.wants(by(exam.Admin, exam.Void), exam.Applied)
	want("graded, and the other voided", 0, map[int]store.MarkingTask{2: {Given: 1}, 3: {Blank: 1}})
	open.wants(open.submit(), exam.Applied)
	open.graded()
	want("handed in", 1, map[int]store.MarkingTask{2: {Waiting: 1, Given: 1}, 3: {Blank: 2}})
	for _, tt := range []struct {
		without string
		waiting int
		tasks   map[int]store.MarkingTask
	}{
		{open.user.ID, 0, map[int]store.MarkingTask{2: {Given: 1}, 3: {Blank: 1}}},
		{s.user.ID, 1, map[int]store.MarkingTask{2: {Waiting: 1}, 3: {Blank: 1}}},
	} {
		all, err := w.AwaitingMarker(w.ctx, tt.without)
		w.must(err)
		if got := s.tasksWithout(tt.without); !equalJSON(got, tt.tasks) || all[d.Slug] != tt.waiting {
			w.Errorf("without one: %d attempts, %+v; want %d, %+v", all[d.Slug], got, tt.waiting, tt.tasks)
		}
	}
	s.sound()
}

var labels = regexp.MustCompile(`^[0-9a-f]{16}$`)

func answersByLabel(w *world) {
	d := w.newEssayExam()
	var sittings []*sitting
	for range 5 {
		sittings = append(sittings, w.composes(d, 2, 3))
	}
	sittings[3].wants(sittings[3].marking(2, 5_000, ""), exam.Applied)
	version := sittings[0].load().Paper.Items[1].Version
	list := func(q store.MarkingQuery, wantTotal int) []store.MarkedAnswer {
		w.Helper()
		q.Exam, q.Version = d.Slug, version
		found, total, err := w.MarkedAnswers(w.ctx, q)
		w.must(err)
		if total != wantTotal {
			w.Errorf("%+v: %d in all, want %d", q, total, wantTotal)
		}
		return found
	}
	all := list(store.MarkingQuery{Limit: 10}, 5)
	if !slices.IsSortedFunc(all, func(a, b store.MarkedAnswer) int { return strings.Compare(a.Label, b.Label) }) {
		w.Errorf("not by label: %+v", all)
	}
	for _, m := range all {
		if !labels.MatchString(m.Label) || strings.Contains(m.Attempt, m.Label) || m.Position != 2 || m.Version != version {
			w.Errorf("answer %+v", m)
		}
		found, err := w.MarkedAnswer(w.ctx, d.Slug, m.Label)
		w.must(err)
		if !equalJSON(found, m) {
			w.Errorf("by its label %+v, in the list %+v", found, m)
		}
		_, err = w.MarkedAnswer(w.ctx, "another", m.Label)
		w.is(err, store.ErrNotFound)
	}
	given := list(store.MarkingQuery{State: store.MarkGiven, Limit: 10}, 1)
	if len(given) != 1 || given[0].Attempt != sittings[3].id || given[0].Points == nil || *given[0].Points != 5_000 {
		w.Errorf("given %+v", given)
	}
	if page := list(store.MarkingQuery{Offset: 1, Limit: 2}, 5); !equalJSON(page, all[1:3]) {
		w.Errorf("page %+v", page)
	}
	if rest := list(store.MarkingQuery{From: all[2].Label, Limit: 10}, 3); !equalJSON(rest, all[2:]) {
		w.Errorf("from the third on %+v", rest)
	}
	list(store.MarkingQuery{State: store.MarkWaiting, Limit: 10}, 4)
	for _, m := range list(store.MarkingQuery{Without: sittings[1].user.ID, Limit: 10}, 4) {
		if m.Attempt == sittings[1].id {
			w.Errorf("an answer of who is left out: %+v", m)
		}
	}
	gone := sittings[slices.IndexFunc(sittings, func(s *sitting) bool { return s.id == all[0].Attempt })]
	gone.wants(by(exam.Admin, exam.Void), exam.Applied)
	void, err := w.MarkedAnswer(w.ctx, d.Slug, all[0].Label)
	w.must(err)
	if void.Closed || !all[0].Closed {
		w.Errorf("void %+v, before %+v", void, all[0])
	}
	list(store.MarkingQuery{Limit: 10}, 4)
}

func markRecorded(w *world) {
	s := w.composes(w.newEssayExam(), 2)
	act := w.act(store.ActMark, map[string]int{"points": 7_500})
	const comment = "講評 \"と\"\n改行 \\ <b>"
	snap, next, o := s.judged(s.marking(2, 7_500, comment))
	w.must(s.By(act).Commit(w.ctx, &snap, next, o))
	r := s.saved(2)
	if r.Points == nil || *r.Points != 7_500 || r.Comment != comment || r.Marked != o.Entry.Seq {
		w.Errorf("stored %+v", r)
	}
	stored := s.stored().Attempt
	if told := stored.Response(2); !equalJSON(told, r) {
		w.Errorf("verification reads %+v, pages read %+v", told, r)
	}
	if log := w.recorded(act); len(log) != 1 || log[0].Action != store.ActMark {
		w.Errorf("recorded %+v", log)
	}
	s.sound()
}

func marksCompared(w *world) {
	s := w.composes(w.newEssayExam(), 2)
	act := w.act(store.ActMark, nil)
	snap, next, o := s.judged(s.marking(2, 5_000, "first"))
	s.wants(s.marking(2, 6_000, "quicker"), exam.Applied)
	w.is(s.By(act).Commit(s.ctx, &snap, next, o), store.ErrMoved)
	if r := s.saved(2); *r.Points != 6_000 || r.Comment != "quicker" {
		w.Errorf("stored %+v", r)
	}
	if log := w.recorded(act); len(log) != 0 {
		w.Errorf("a mark that was not stored is recorded: %+v", log)
	}
	s.sound()
}

func commentErased(w *world) {
	s := w.composes(w.newEssayExam(), 2)
	s.wants(s.marking(2, 5_000, "to be erased"), exam.Applied)
	const journal = `UPDATE journal SET payload = NULL, salt = NULL WHERE attempt_id = $1 AND kind = 'mark'`
	w.must(errors.Join(w.Exec(w.ctx, journal, s.id),
		w.Exec(w.ctx, `UPDATE responses SET comment = '""' WHERE attempt_id = $1 AND position = 2`, s.id)))
	if lines, faults := s.verify(nil); faults > 0 {
		w.Errorf("%d faults: %s", faults, strings.Join(lines, "\n"))
	}
	if r := s.saved(2); *r.Points != 5_000 || r.Comment != "" {
		w.Errorf("stored %+v", r)
	}
}
