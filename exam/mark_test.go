package exam_test

import (
	"errors"
	"strings"
	"testing"

	"shiken/exam"
)

// essaySat is a closed attempt of one essay, which was answered.
func essaySat(t *testing.T) sitting {
	t.Helper()
	s := begin(t, paperOf(exam.Free, exam.ExamFeedback, exam.Essay))
	s.must(t, save("answer", 1, "p", 1, 0, "long text"), t0)
	s.must(t, submit("submit", 1), t0)
	return s
}

// marking is a mark of the first position as it stands.
func marking(s *sitting, id string, points int, comment string) exam.Command {
	c, saw := byAdmin(id, exam.MarkByHand), s.a.Response(1)
	c.Position, c.Points, c.Comment, c.Rev, c.Marked = 1, points, comment, saw.Rev, saw.Marked
	return c
}

// given tells what stands at the first position.
func given(t *testing.T, s *sitting, points int, comment string) {
	t.Helper()
	r := s.a.Response(1)
	if r.Points == nil || *r.Points != points || r.Comment != comment || r.Marked != s.a.Head.Seq {
		t.Errorf("points %v, comment %q, by entry %d of %d; want %d, %q, the last", r.Points, r.Comment, r.Marked, s.a.Head.Seq, points, comment)
	}
	if err := checkReplay(s); err != nil {
		t.Error(err)
	}
}

// TestR15_NoMarkIsOverwrittenUnseen: of two markers who saw the same the second is told, and what was
// meant is kept; who saw the first mark may replace it.
func TestR15_NoMarkIsOverwrittenUnseen(t *testing.T) {
	t.Parallel()
	s := essaySat(t)
	one, other := marking(&s, "one", 5_000, "clear"), marking(&s, "other", 7_000, "thin")
	s.must(t, one, t0)
	given(t, &s, 5_000, "clear")
	o := s.refused(t, other, t0, exam.Stale)
	if k := o.Rejection; k == nil || k.Payload.Points != 7_000 || k.Payload.Comment != "thin" {
		t.Errorf("kept %+v", k)
	}
	given(t, &s, 5_000, "clear")
	s.must(t, marking(&s, "after both", 6_000, ""), t0)
	given(t, &s, 6_000, "")
}

// TestR2_AMarkCountsOnce: the same mark sent again is replayed, also when another replaced it since; its
// id never gives other points.
func TestR2_AMarkCountsOnce(t *testing.T) {
	t.Parallel()
	s := essaySat(t)
	c := marking(&s, "m", 5_000, "clear")
	first := s.must(t, c, t0)
	s.must(t, marking(&s, "n", 6_000, "clearer"), t0)
	if o, err := s.send(c, t0); err != nil || o.Result != exam.Replayed || o.Receipt != first.Receipt {
		t.Errorf("again: %s %s %v", o.Result, o.Reason, err)
	}
	for name, change := range map[string]func(*exam.Command){
		"points":  func(c *exam.Command) { c.Points = 5_001 },
		"comment": func(c *exam.Command) { c.Comment = "clear?" },
	} {
		altered := c
		change(&altered)
		t.Log(name)
		s.refused(t, altered, t0, exam.IDReused)
	}
	r := s.a.Response(1)
	if *r.Points != 6_000 || r.Comment != "clearer" {
		t.Errorf("stands %d %q", *r.Points, r.Comment)
	}
}

// TestR13_MarksAreForTheAnswerSeen: a mark of an answer that is another by now is stale, and another
// answer drops mark and comment; an attempt that goes on with the same answer keeps them.
func TestR13_MarksAreForTheAnswerSeen(t *testing.T) {
	t.Parallel()
	s := essaySat(t)
	early := marking(&s, "early", 5_000, "clear")
	s.must(t, marking(&s, "mark", 4_000, "short"), t0)
	s.must(t, byAdmin("reopen", exam.Reopen), t0)
	if r := s.a.Response(1); r.Points == nil || r.Comment != "short" {
		t.Error("the mark of an answer that is the same is gone")
	}
	again := save("longer", 1, "q", 1, 1, "longer text")
	again.Opening = 2
	s.must(t, again, t0)
	if r := s.a.Response(1); r.Points != nil || r.Comment != "" || r.Marked != 0 {
		t.Errorf("another answer has %v, %q, entry %d", r.Points, r.Comment, r.Marked)
	}
	if err := checkReplay(&s); err != nil {
		t.Error(err)
	}
	s.must(t, byAdmin("force", exam.ForceSubmit), t0)
	s.refused(t, early, t0, exam.Stale) // no mark stands there, as when it was made; but another answer does
}

// TestR11_CommentsCanBeErased: without its payload the journal folds to the same points, and no comment.
func TestR11_CommentsCanBeErased(t *testing.T) {
	t.Parallel()
	s := essaySat(t)
	s.must(t, marking(&s, "mark", 4_000, "short"), t0)
	last := &s.records[len(s.records)-1]
	last.Payload, last.Salt = nil, nil
	told, _, err := exam.Replay(s.p, s.records)
	if err != nil {
		t.Fatal(err)
	}
	if r := told.Response(1); r.Points == nil || *r.Points != 4_000 || r.Comment != "" || r.Marked != told.Head.Seq {
		t.Errorf("folds to %v, %q, entry %d", r.Points, r.Comment, r.Marked)
	}
}

// TestCommentsAreBounded, and have one form: line breaks as answers have them.
func TestCommentsAreBounded(t *testing.T) {
	t.Parallel()
	s := essaySat(t)
	if _, err := s.send(marking(&s, "long", 0, strings.Repeat("評", exam.MaxComment+1)), t0); !errors.Is(err, exam.ErrMalformed) {
		t.Errorf("error %v", err)
	}
	s.must(t, marking(&s, "lines", 0, strings.Repeat("評", exam.MaxComment-4)+"\r\n.\xff"), t0)
	given(t, &s, 0, strings.Repeat("評", exam.MaxComment-4)+"\n.\uFFFD")
}
