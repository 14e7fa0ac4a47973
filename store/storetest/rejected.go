package storetest

import (
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var rejectedTests = map[string]func(*world){
	"R15 what of the rejected may be accepted is told":        rejectedTold,
	"R15 what was accepted, or gone on from, is no more":      acceptedIsGone,
	"R15 rejected answers come by the page, the newest first": rejectedPaged,
}

// accept makes a rejected answer the answer of record.
func (s *sitting) accept(r *exam.Rejection) exam.Outcome {
	s.Helper()
	c := by(exam.Admin, exam.AcceptLate)
	c.Late, c.Position, c.Page, c.Seq, c.Answer = r.Number, r.Payload.Position, r.Page, r.Seq, r.Payload.Answer
	_, o, err := s.do(c)
	s.must(err)
	return o
}

// rejected reads the rejected answers of an exam and compares with what the seat counts.
func (r *room) rejected(acceptable bool) []store.RejectedAnswer {
	r.Helper()
	list, total, err := r.RejectedAnswers(r.ctx, r.d.Slug, acceptable, 0, 1_000)
	r.must(err)
	if total != len(list) {
		r.Errorf("%d rejected answers of %d", len(list), total)
	}
	seats, _ := r.seats(store.SeatQuery{})
	counted, told := 0, 0
	for i := range seats {
		counted += seats[i].Rejected
	}
	for i := range list {
		if list[i].Acceptable {
			told++
		}
	}
	if counted != told {
		r.Errorf("the seats count %d acceptable answers, the list has %d", counted, told)
	}
	if acceptable && told != len(list) {
		r.Errorf("%d of %d listed as acceptable are not", len(list)-told, len(list))
	}
	return list
}

// rejectedForAll gives a candidate's commands that are rejected, each for another reason, and returns
// which of the answers may be accepted.
func (s *sitting) rejectedForAll() map[string]bool {
	s.Helper()
	reject := func(reason exam.Reason, c exam.Command) {
		s.Helper()
		if o := s.wants(c, exam.Rejected); o.Reason != reason {
			s.Fatalf("rejected for %s, want %s", o.Reason, reason)
		}
	}
	move := s.command(exam.Move, 1, 0, "one")
	move.Target = 2
	s.wants(move, exam.Applied)
	again := move
	again.Answer = exam.TextAnswer("another")
	reject(exam.IDReused, again)
	reject(exam.ClosedQuestion, s.command(exam.Save, 1, 1, "closed"))
	reject(exam.NotReached, s.command(exam.Save, 3, 0, "too early"))
	reject(exam.OutOfRange, s.command(exam.Save, 4, 0, "nowhere"))
	invalid := s.command(exam.Save, 2, 0, "")
	invalid.Answer = exam.ManyChoices("of another type")
	reject(exam.InvalidAnswer, invalid)
	skip := s.command(exam.Move, 2, 0, "")
	skip.Target = 3
	reject(exam.Unanswered, skip) // carries no answer
	reject(exam.NotReached, s.submit())
	s.wants(by(exam.Admin, exam.Pause), exam.Applied)
	reject(exam.IsPaused, s.command(exam.TimeUp, 2, 0, "paused"))
	s.wants(by(exam.Admin, exam.ForceSubmit), exam.Applied)
	reject(exam.Finished, s.command(exam.Save, 2, 0, "late"))
	reject(exam.Finished, s.command(exam.Save, 9, 0, "late and nowhere"))
	return map[string]bool{
		"another": false, "closed": true, "too early": true, "nowhere": false, "": false, "paused": true, "late": true,
		"late and nowhere": false,
	}
}

func rejectedTold(w *world) {
	r := w.newRoom(3, linear)
	u := r.enter()
	s := r.sits(u, 0)
	want := s.rejectedForAll()
	all := r.rejected(false)
	for i := range all {
		x := &all[i]
		if acceptable, known := want[x.Rejection.Payload.Answer.Text]; !known || acceptable != x.Acceptable {
			w.Errorf("%q, %s: acceptable %t", x.Rejection.Payload.Answer.Text, x.Rejection.Reason, x.Acceptable)
		}
		if x.Attempt != s.id || x.User != u.ID || x.Username != u.Username || x.Name != u.Name || x.AttemptNumber != 1 ||
			x.Status != exam.Submitted || (x.Rejection.Payload.Position == 1) != (x.Saved.Answer.Text == "one") {
			w.Errorf("rejected answer %+v", x)
		}
	}
	if n := len(r.rejected(true)); len(all) != len(want) || n != 4 {
		w.Errorf("%d rejected answers, %d acceptable; want %d and 4", len(all), n, len(want))
	}
	s.wants(by(exam.Admin, exam.Void), exam.Applied)
	if all, n := len(r.rejected(false)), len(r.rejected(true)); all != len(want) || n != 0 {
		w.Errorf("of a voided attempt %d rejected answers, %d acceptable; want %d and 0", all, n, len(want))
	}
}

func acceptedIsGone(w *world) {
	r := w.newRoom(2)
	s := r.sits(r.enter(), 0)
	s.wants(s.command(exam.Save, 1, 0, "first"), exam.Applied)
	stale := s.command(exam.Save, 1, 0, "stale")
	s.wants(stale, exam.Rejected)
	goneOn := s.command(exam.Save, 1, 0, "gone on from")
	s.wants(goneOn, exam.Rejected)
	later := goneOn
	later.ID, later.Seq, later.Rev = uuid.NewString(), 2, 1
	s.wants(later, exam.Applied)
	list := r.rejected(true)
	if len(list) != 1 || list[0].Rejection.Command != stale.ID || list[0].Saved.Answer.Text != "gone on from" {
		w.Fatalf("acceptable: %+v, want the stale one", list)
	}
	if o := s.accept(&list[0].Rejection); o.Result != exam.Applied {
		w.Fatalf("accepted: %s %s", o.Result, o.Reason)
	}
	if n := len(r.rejected(true)); n != 0 {
		w.Errorf("%d acceptable after it was accepted", n)
	}
	s.wants(s.command(exam.Save, 1, 0, "not kept"), exam.Rejected)
	w.must(w.Exec(w.ctx, `UPDATE rejections SET payload = NULL, salt = NULL WHERE attempt_id = $1 AND number = 3`, s.id))
	if n := len(r.rejected(false)); n != 2 {
		w.Errorf("%d rejected answers, want the two that are kept", n)
	}
	w.must(w.Exec(w.ctx, `UPDATE rejections SET page = '', seq = seq + 9 WHERE attempt_id = $1`, s.id))
	if n := len(r.rejected(true)); n != 0 {
		w.Errorf("%d acceptable of no page", n)
	}
}

func rejectedPaged(w *world) {
	r := w.newRoom(1)
	a, b := r.sits(r.enter(), 0), r.sits(r.enter(), 0)
	elsewhere := w.sit(w.newExam(1))
	var want []string
	for i, s := range []*sitting{a, b, elsewhere, a} {
		s.wants(s.command(exam.Save, 1, 0, "saved"), exam.Applied)
		c := s.command(exam.Save, 1, 0, "stale")
		s.wants(c, exam.Rejected)
		if i != 2 {
			want = append([]string{c.ID}, want...)
		}
		if i == 0 {
			s.wants(by(exam.Admin, exam.Pause), exam.Applied)
			s.wants(by(exam.Admin, exam.Resume), exam.Applied)
		}
	}
	var got []string
	for offset := range len(want) + 1 {
		list, total, err := w.RejectedAnswers(w.ctx, r.d.Slug, false, offset, 1)
		w.must(err)
		if total != len(want) {
			w.Errorf("%d counted, want %d", total, len(want))
		}
		for i := range list {
			got = append(got, list[i].Rejection.Command)
		}
	}
	if !slices.Equal(got, want) {
		w.Errorf("rejected %v, want %v", got, want)
	}
	if list, total, err := w.RejectedAnswers(w.ctx, "no-such-exam", false, 0, 1); err != nil || len(list)+total != 0 {
		w.Errorf("of no exam: %d of %d, %v", len(list), total, err)
	}
}
