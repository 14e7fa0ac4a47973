package exam_test

import (
	"reflect"
	"testing"

	"shiken/exam"
)

// TestR1_Revisions: which commands raise rev, on a question that holds "x" at rev 1 by page p.
func TestR1_Revisions(t *testing.T) {
	t.Parallel()
	command := func(kind exam.Kind, page string, rev int64, text string) exam.Command {
		c := onQuestion("c", kind, 1, page, 2, rev, text)
		if kind == exam.Move {
			c.Target = 2
		}
		return c
	}
	for _, test := range []struct {
		name    string
		c       exam.Command
		rev     int64 // saved afterwards
		pageRev int64
		answer  string
	}{
		{"save, equal", command(exam.Save, "p", 1, "x"), 2, 2, "x"},
		{"save, other", command(exam.Save, "p", 1, "y"), 2, 2, "y"},
		{"save, nothing", command(exam.Save, "p", 1, ""), 2, 2, ""},
		{"draft, equal", draft(command(exam.Save, "p", 1, "x")), 1, 1, "x"},
		{"draft, other", draft(command(exam.Save, "p", 1, "y")), 2, 2, "y"},
		{"time_up, equal", command(exam.TimeUp, "p", 1, "x"), 2, 2, "x"},
		{"time_up is never a draft", draft(command(exam.TimeUp, "p", 1, "x")), 2, 2, "x"},
		{"move, equal", command(exam.Move, "p", 1, "x"), 1, 1, "x"},
		{"move, other", command(exam.Move, "p", 1, "y"), 2, 2, "y"},
		{"flag, equal", flagging(command(exam.Flag, "p", 1, "x"), true), 1, 1, "x"},
		{"flag, other", flagging(command(exam.Flag, "p", 1, "y"), true), 2, 2, "y"},
		{"check, equal", command(exam.Check, "p", 1, "x"), 1, 1, "x"},
		{"check, other", command(exam.Check, "p", 1, "y"), 2, 2, "y"},
		{"own page, old rev", command(exam.Save, "p", 0, "y"), 2, 2, "y"},
		{"other page, new rev", command(exam.Save, "q", 1, "y"), 2, 2, "y"},
		{"other page, equal, old rev", command(exam.Save, "q", 0, "x"), 1, 0, "x"},
		{"other page, draft, equal, new rev", draft(command(exam.Save, "q", 1, "x")), 1, 1, "x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, threeTexts(exam.Free, exam.PracticeFeedback))
			s.must(t, save("first", 1, "p", 1, 0, "x"), t0)
			s.must(t, test.c, t0+5)
			r := s.a.Response(1)
			if r.Rev != test.rev || r.Pages[test.c.Page] != (exam.PageMark{Seq: 2, Rev: test.pageRev, Entry: 3}) || r.Answer.Text != test.answer {
				t.Errorf("%+v; want rev %d, page's rev %d, %q", r, test.rev, test.pageRev, test.answer)
			}
			if saved := r.SavedAt == t0+5; saved != (test.rev > 1) {
				t.Errorf("saved at %d", r.SavedAt.Sub(t0))
			}
		})
	}
}

// TestR2_Digest: what makes two commands of one id the same, and what does not.
func TestR2_Digest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		alter func(*exam.Command)
		same  bool
	}{
		{"unchanged", func(*exam.Command) {}, true},
		{"rev", func(c *exam.Command) { c.Rev = 7 }, true},
		{"page", func(c *exam.Command) { c.Page = "another" }, true},
		{"seq", func(c *exam.Command) { c.Seq = 9 }, true},
		{"opening", func(c *exam.Command) { c.Opening = 2 }, true},
		{"skip", func(c *exam.Command) { c.Skip = true }, true},
		{"salt", func(c *exam.Command) { c.Salt = saltFor("another") }, true},
		{"line ends", func(c *exam.Command) { c.Answer.Text = "x\r\ny" }, true},
		{"kind", func(c *exam.Command) { c.Kind = exam.Save }, false},
		{"draft", func(c *exam.Command) { c.Draft = true }, false},
		{"position", func(c *exam.Command) { c.Position, c.Target = 2, 2 }, false},
		{"answer", func(c *exam.Command) { c.Answer.Text = "z" }, false},
		{"flag", func(c *exam.Command) { c.Flagged = ptr(false) }, false},
		{"target", func(c *exam.Command) { c.Target = 0 }, false},
	} {
		for _, applied := range []bool{true, false} {
			s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
			c := onQuestion("c", exam.Flag, 1, "p", 1, 0, "x\ny")
			c.Target = 1
			want := exam.Replayed
			if applied {
				s.must(t, c, t0)
			} else {
				s.refused(t, c, t0.Add(limit+grace)+1, exam.TimeIsUp)
				want = exam.Rejected
			}
			again := c
			test.alter(&again)
			before := s.a
			o, err := s.send(again, t0)
			if err != nil || !sameState(&before, &s.a) {
				t.Fatalf("%s: %v", test.name, err)
			}
			if same := o.Result == want && o.Reason != exam.IDReused; same != test.same {
				t.Errorf("%s, first applied %t: %s %s", test.name, applied, o.Result, o.Reason)
			}
		}
	}
}

// TestR2_FirstOutcomeAgain: a replay names the rev, target and receipt of the first time, whatever
// happened since, and also when the attempt is closed.
func TestR2_FirstOutcomeAgain(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	c := move("c1", 1, "p", 1, 0, "x", 2)
	first := s.must(t, c, t0)
	s.must(t, save("c2", 1, "p", 2, 1, "y"), t0)
	s.must(t, submit("c3", 2), t0)
	o, err := s.send(c, t0.Add(10*limit))
	if err != nil || o.Result != exam.Replayed || o.Rev != first.Rev || o.Target != 2 || o.Receipt != first.Receipt || !o.Acknowledged() {
		t.Errorf("%+v, %v", o, err)
	}
	if s.a.Response(1).Answer.Text != "y" {
		t.Error("R1: the replay brought the older answer back")
	}
}

// TestR5_SkipOrAnswer: only an answer, skip=1, or a question that asks nothing lets a linear
// candidate go on.
func TestR5_SkipOrAnswer(t *testing.T) {
	t.Parallel()
	s := begin(t, paperOf(exam.Linear, exam.ExamFeedback, exam.ShortText, exam.ShortText, exam.Description))
	s.refused(t, move("c1", 1, "p", 1, 0, "", 2), t0, exam.Unanswered)
	s.refused(t, move("c2", 1, "p", 1, 0, "x", 3), t0, exam.OutOfRange)
	s.refused(t, move("c3", 1, "p", 1, 0, "x", 1), t0, exam.OutOfRange)
	s.refused(t, move("c4", 2, "q", 1, 0, "x", 3), t0, exam.NotReached)
	s.must(t, move("c5", 1, "p", 1, 0, "x", 2), t0)
	s.refused(t, save("c6", 1, "p", 2, 1, "y"), t0, exam.ClosedQuestion)
	s.refused(t, submit("c7", 1), t0, exam.NotReached)
	s.must(t, skip(move("c8", 2, "q", 1, 0, "", 3)), t0)
	s.must(t, move("c9", 3, "r", 1, 0, "", 4), t0)
	s.refused(t, move("c10", 4, "s", 1, 0, "x", 5), t0, exam.OutOfRange)
	if s.a.Cursor != 4 {
		t.Errorf("R6: cursor %d", s.a.Cursor)
	}
	s.must(t, submit("c11", 1), t0)
}

// TestR5_OvertakenMoveWaits: an overtaken move is answered as overtaken, but not made, while the
// candidate may not write; it is made when it comes again and is still due.
func TestR5_OvertakenMoveWaits(t *testing.T) {
	t.Parallel()
	overtaken := func(s *sitting, at exam.Instant, cursor int) {
		t.Helper()
		o, err := s.send(move("c1", 1, "p", 1, 0, "x", 2), at)
		if err != nil || o.Result != exam.Overtaken || o.Target != 2 || o.Receipt != s.a.Head || s.a.Cursor != cursor || (o.Entry != nil) != (cursor == 2) {
			t.Errorf("%+v, %v, cursor %d; want %d", o, err, s.a.Cursor, cursor)
		}
	}
	s := begin(t, threeTexts(exam.Linear, exam.ExamFeedback))
	s.must(t, save("c2", 1, "p", 2, 0, "y"), t0)
	s.must(t, byAdmin("a1", exam.Pause), t0)
	overtaken(&s, t0, 1)
	s.must(t, byAdmin("a2", exam.Resume), t0)
	overtaken(&s, t0.Add(limit+grace)+1, 1)
	closed := s
	closed.must(t, byAdmin("a3", exam.ForceSubmit), t0)
	overtaken(&closed, t0, 1)
	closed.must(t, byAdmin("a4", exam.Reopen), t0)
	overtaken(&closed, t0, 1)
	overtaken(&s, t0, 2)
}

// TestR6_FreeCursor: in free navigation the cursor follows the target of what was applied, and
// nothing else.
func TestR6_FreeCursor(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, move("c1", 1, "p", 1, 0, "", 4), t0)
	s.must(t, save("c2", 2, "q", 1, 0, "x"), t0) // no target: the API never moves
	if s.a.Cursor != 4 {
		t.Errorf("cursor %d, want 4", s.a.Cursor)
	}
	s.refused(t, move("c3", 1, "p", 2, 0, "", 5), t0, exam.OutOfRange)
	s.refused(t, move("c4", 1, "p", 2, 0, "", 0), t0, exam.OutOfRange)
	s.refused(t, save("c5", 0, "p", 1, 0, "x"), t0, exam.OutOfRange)
	s.refused(t, save("c6", 1_000_000_000, "p", 1, 0, "x"), t0, exam.OutOfRange)
	stay := save("c7", 3, "r", 1, 0, "x")
	stay.Target = 3
	s.must(t, stay, t0)
	if s.a.Cursor != 3 {
		t.Errorf("cursor %d, want 3", s.a.Cursor)
	}
}

// TestR7_OnePerOpening: a submission for each opening; commands of an earlier one are finished, and
// those of a voided attempt voided.
func TestR7_OnePerOpening(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, submit("c1", 0), t0)
	s.refused(t, submit("c2", 0), t0, exam.Finished)
	s.must(t, grading("g1", exam.Grader{}.Mark(s.p, &s.a, nil)), t0)
	s.must(t, byAdmin("a1", exam.Reopen), t0)
	if s.a.Score != nil || s.a.Marking != exam.MarkingNone || s.a.Opening != 2 {
		t.Errorf("reopened: score %v, marking %s, opening %d", s.a.Score, s.a.Marking, s.a.Opening)
	}
	s.refused(t, submit("c3", 0), t0, exam.Finished)
	s.refused(t, save("c4", 1, "p", 1, 0, "x"), t0, exam.Finished)
	s.must(t, byAdmin("a2", exam.Void), t0)
	s.refused(t, save("c5", 1, "p", 1, 0, "x"), t0, exam.IsVoided)
	s.must(t, byAdmin("a3", exam.Unvoid), t0)
	again := submit("c6", 0)
	again.Opening = 2
	s.must(t, again, t0)
	if s.a.Marking != exam.MarkingPending {
		t.Errorf("marking %s", s.a.Marking)
	}
}

// TestR7_SubmitNamesWhatItSaw: answers changed since the review page was shown stop a submission,
// and are listed.
func TestR7_SubmitNamesWhatItSaw(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, save("c1", 3, "r", 1, 0, "x"), t0)
	s.must(t, save("c2", 1, "p", 1, 0, "x"), t0)
	s.must(t, save("c3", 3, "r", 2, 1, "y"), t0)
	s.must(t, save("c4", 1, "p", 2, 1, "x"), t0) // equal: raises rev, but is no change
	if got := s.a.ChangedSince(s.p, 1); !reflect.DeepEqual(got, []int{1, 3}) {
		t.Errorf("changed since the first: %v", got)
	}
	if got := s.a.ChangedSince(s.p, 2); !reflect.DeepEqual(got, []int{3}) {
		t.Errorf("changed since the second: %v", got)
	}
	s.refused(t, submit("c5", 2), t0, exam.Stale)
	s.must(t, submit("c6", 3), t0)
}

// TestR13_CloseBeforeMarking: grades come only to a closed attempt whose marking is pending.
func TestR13_CloseBeforeMarking(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	score := exam.Grader{}.Mark(s.p, &s.a, nil)
	s.refused(t, grading("g1", score), t0, exam.Stale)
	s.must(t, submit("c1", 0), t0)
	s.refused(t, byServer("g2", exam.Grade), t0, exam.Stale) // without a score
	s.must(t, grading("g3", score), t0)
	s.refused(t, grading("g4", score), t0, exam.Stale)
	s.must(t, byAdmin("a1", exam.Regrade), t0)
	if s.a.Score != nil {
		t.Error("a score is shown while it is computed anew")
	}
	s.must(t, grading("g5", score), t0)
	if s.a.Marking != exam.MarkingDone || len(s.kept) != 0 {
		t.Errorf("marking %s, kept %v", s.a.Marking, s.kept)
	}
}

// TestR15_AcceptLate: a kept answer becomes the answer of record once, also of a closed attempt,
// unless its page has gone on since.
func TestR15_AcceptLate(t *testing.T) {
	t.Parallel()
	s := begin(t, paperOf(exam.Linear, exam.ExamFeedback, exam.SingleChoice, exam.ShortText))
	s.must(t, move("c1", 1, "p", 1, 0, "q", 2), t0)
	s.refused(t, save("c2", 1, "p", 2, 1, "p"), t0, exam.ClosedQuestion)
	s.refused(t, save("c3", 1, "p", 3, 1, "nowhere"), t0, exam.ClosedQuestion)
	s.refused(t, save("c4", 9, "p", 3, 1, "x"), t0, exam.OutOfRange)
	s.must(t, byServer("s1", exam.Expire), t0.Add(limit+grace+exam.W))
	s.must(t, grading("g1", exam.Grader{}.Mark(s.p, &s.a, nil)), t0)

	mayAccept(t, &s, exam.InvalidAnswer, s.kept[1])
	s.refused(t, accept("a1", s.kept[1]), t0, exam.InvalidAnswer)
	mayAccept(t, &s, exam.OutOfRange, s.kept[2])
	s.refused(t, accept("a2", s.kept[2]), t0, exam.OutOfRange)
	mayAccept(t, &s, "", s.kept[0])
	s.must(t, accept("a3", s.kept[0]), t0)
	if r := s.a.Response(1); r.Answer.Text != "p" || r.Rev != 2 || r.Pages["p"] != (exam.PageMark{Seq: 2, Rev: 2, Entry: s.a.Head.Seq}) {
		t.Errorf("%+v", r)
	}
	if s.a.Marking != exam.MarkingPending || s.a.Score != nil || s.a.Cursor != 2 {
		t.Errorf("marking %s, score %v, cursor %d", s.a.Marking, s.a.Score, s.a.Cursor)
	}
	mayAccept(t, &s, exam.Stale, s.kept[0])
	s.refused(t, accept("a4", s.kept[0]), t0, exam.Stale)
	if r := s.kept[0]; r.Number != 1 || r.Command != "c2" || r.Reason != exam.ClosedQuestion || r.Seq != 2 || r.Actor != "candidate:cand" {
		t.Errorf("kept %+v", r)
	}
}

func mayAccept(t *testing.T, s *sitting, want exam.Reason, r exam.Rejection) {
	t.Helper()
	if got := exam.MayAccept(s.p, &s.a, &r); got != want {
		t.Errorf("rejection %d may be accepted: %q, want %q", r.Number, got, want)
	}
}

// TestR15_NotAccepted: what is no answer to the paper, or not kept, is offered to nobody; and nothing
// of a voided attempt is.
func TestR15_NotAccepted(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, submit("end", 0), t0)
	s.refused(t, save("late", 1, "p", 1, 0, "x"), t0, exam.Finished)
	late := s.kept[0]
	mayAccept(t, &s, "", late)
	for name, test := range map[string]struct {
		change func(*exam.Rejection)
		want   exam.Reason
	}{
		"another id's":  {func(r *exam.Rejection) { r.Reason = exam.IDReused }, exam.IDReused},
		"invalid":       {func(r *exam.Rejection) { r.Reason = exam.InvalidAnswer }, exam.InvalidAnswer},
		"off the paper": {func(r *exam.Rejection) { r.Reason = exam.OutOfRange }, exam.OutOfRange},
		"not kept":      {func(r *exam.Rejection) { r.Payload = exam.Payload{} }, exam.InvalidAnswer},
		"empty":         {func(r *exam.Rejection) { r.Payload.Answer = exam.Answer{} }, exam.InvalidAnswer},
		"a submission":  {func(r *exam.Rejection) { r.Kind = exam.Submit }, exam.InvalidAnswer},
		"of no page":    {func(r *exam.Rejection) { r.Page = "" }, exam.InvalidAnswer},
		"of no seq":     {func(r *exam.Rejection) { r.Seq = 0 }, exam.InvalidAnswer},
		"elsewhere":     {func(r *exam.Rejection) { r.Payload.Position = 4 }, exam.OutOfRange},
		"of other type": {func(r *exam.Rejection) { r.Payload.Answer = exam.ManyChoices("p") }, exam.InvalidAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			r := late
			test.change(&r)
			mayAccept(t, &s, test.want, r)
		})
	}
	s.must(t, byAdmin("void", exam.Void), t0)
	mayAccept(t, &s, exam.IsVoided, late)
}

// TestGuardsAgreeWithApply: in every state of a script, what the guards allow is what Apply does,
// so that no page offers what would be rejected.
func TestGuardsAgreeWithApply(t *testing.T) {
	t.Parallel()
	for _, nav := range []exam.Navigation{exam.Free, exam.Linear} {
		s := begin(t, threeTexts(nav, exam.PracticeFeedback))
		for i, c := range []exam.Command{
			move("1", 1, "p", 1, 0, "x", 2), onQuestion("2", exam.Check, 2, "q", 1, 0, "x"), byAdmin("3", exam.Pause),
			byAdmin("4", exam.Resume), move("5", 2, "q", 2, 1, "x", 3), skip(move("6", 3, "r", 1, 0, "", 4)),
			submit("7", 9), byAdmin("8", exam.Void),
		} {
			for _, at := range []exam.Instant{t0, t0.Add(limit+grace) + 1} {
				guardsAgree(t, s, at)
			}
			if o, err := s.send(c, t0); err != nil || o.Result != exam.Applied {
				t.Fatalf("%s %d: %v %v", nav, i, o, err)
			}
		}
	}
}

func guardsAgree(t *testing.T, s sitting, at exam.Instant) {
	t.Helper()
	try := func(name string, c exam.Command, guard exam.Reason) {
		t.Helper()
		copied := s
		o, err := copied.send(c, at)
		if err != nil || o.Reason != guard {
			t.Errorf("%s, cursor %d, %s at %d: guard says %q, Apply %q %v", s.p.Rules.Navigation, s.a.Cursor, name, c.Position, guard, o.Reason, err)
		}
	}
	for position := range s.p.Len() + 2 {
		rev := s.a.Response(position).Rev
		try("answer", save("try", position, "new", 1, rev, "fresh"), exam.MayAnswer(s.p, &s.a, position, at))
		try("check", onQuestion("try", exam.Check, position, "new", 1, rev, "fresh"), exam.MayCheck(s.p, &s.a, position, at))
		if exam.MayAnswer(s.p, &s.a, position, at) == "" {
			for target := range s.p.Len() + 3 {
				try("move", move("try", position, "new", 1, rev, "fresh", target), exam.MayMove(s.p, &s.a, position, target))
			}
		}
	}
	try("submit", submit("try", s.a.Changes), exam.MaySubmit(s.p, &s.a, at))
	review := exam.MayReview(s.p, &s.a)
	if wait := s.p.Rules.Navigation == exam.Linear && s.a.Cursor <= s.p.Len(); (review == exam.NotReached) != wait {
		t.Errorf("review at cursor %d: %q", s.a.Cursor, review)
	}
}

// TestCheckOnlyInPractice: an exam reveals nothing.
func TestCheckOnlyInPractice(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	if got := exam.MayCheck(s.p, &s.a, 1, t0); got != exam.ClosedQuestion {
		t.Errorf("guard %q", got)
	}
	s.refused(t, onQuestion("c", exam.Check, 1, "p", 1, 0, "x"), t0, exam.ClosedQuestion)
}

// TestApplyLeavesItsArgumentsAlone: the attempt that is given is the same afterwards, so that a
// command can be judged again on what was read.
func TestApplyLeavesItsArgumentsAlone(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, save("c1", 1, "p", 1, 0, "x"), t0)
	given := s.a
	before := exam.Canonical(given)
	for _, c := range []exam.Command{save("c1", 1, "p", 1, 0, "y"), save("c2", 1, "p", 2, 1, "y"), save("c3", 2, "q", 1, 0, "z"), submit("c4", 0), submit("c5", 9)} {
		first, o1, err1 := exam.Apply(s.p, given, c, t0)
		second, o2, err2 := exam.Apply(s.p, given, c, t0)
		if err1 != nil || err2 != nil || !reflect.DeepEqual(first, second) || !reflect.DeepEqual(o1, o2) {
			t.Errorf("%s: applied twice, two results", c.ID)
		}
	}
	if string(exam.Canonical(given)) != string(before) {
		t.Error("the attempt that was given changed")
	}
}

// TestApplySharesNoMemory: two verdicts on the same attempt, reached from the same memory of an id,
// do not write over each other.
func TestApplySharesNoMemory(t *testing.T) {
	t.Parallel()
	s := begin(t, threeTexts(exam.Free, exam.ExamFeedback))
	s.must(t, save("c", 1, "p", 1, 0, "1"), t0)
	for _, text := range []string{"2", "3"} {
		s.refused(t, save("c", 1, "p", 1, 0, text), t0, exam.IDReused)
	}
	one, other := s, s
	one.refused(t, save("c", 1, "p", 1, 0, "one"), t0, exam.IDReused)
	other.refused(t, save("c", 1, "p", 1, 0, "other"), t0, exam.IDReused)
	kept := len(one.kept)
	one.refused(t, save("c", 1, "p", 1, 0, "one"), t0, exam.IDReused)
	if len(one.kept) != kept {
		t.Error("R2: what was rejected before was judged anew")
	}
}
