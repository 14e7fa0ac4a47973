package storetest

import (
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var readingTests = map[string]func(*world){
	"R8 the clock is read with the attempt":              clockIsRead,
	"R14 the paper outlives edits, reloads and restarts": samePaper,
	"an attempt that is not there is not found":          attemptNotFound,
	"a read holds what was asked for and no more":        readsWhatIsAsked,
	"the viewer rides on the read of the attempt":        viewerRides,
	"what is known of a command is read with it":         commandsAreRead,
	"a summary has what a list shows of an attempt":      summaryComplete,
	"rejections are counted by reason":                   rejectionsCounted,
	"an accepted rejection is no late answer any more":   acceptedNotCounted,
	"states of attempts are read again":                  statesRead,
	"every attempt is handed to verification":            everyAttempt,
	"R11 verifying does not mind who writes":             verifiesWhileWriting,
}

func clockIsRead(w *world) {
	s := w.sit(w.newExam(1))
	const tolerance = 2 * time.Second
	last := exam.Instant(0)
	for range 20 {
		now := s.load().Now
		if now < last {
			w.Errorf("the clock went from %d back to %d", last, now)
		}
		last = now
	}
	if off := time.Since(time.UnixMicro(int64(last))).Abs(); off > tolerance {
		w.Errorf("the database's clock is off by %v", off)
	}
}

func statesRead(w *world) {
	running, paused := w.sit(w.newExam(1)), w.sit(w.newExam(1))
	more := by(exam.Admin, exam.Extend)
	more.Amount = exam.Minute
	paused.wants(more, exam.Applied)
	paused.wants(by(exam.Admin, exam.Pause), exam.Applied)
	states, now, err := w.States(w.ctx, []string{running.id, paused.id, uuid.NewString(), "none"})
	w.must(err)
	got := map[string]store.AttemptState{}
	for _, s := range states {
		got[s.Attempt] = s
	}
	for _, s := range []*sitting{running, paused} {
		snap := s.load()
		deadline, _ := snap.Attempt.Deadline(snap.Paper)
		want := store.AttemptState{
			Attempt: s.id, Status: snap.Attempt.Status, Opening: snap.Attempt.Opening, Deadline: deadline, Version: snap.Attempt.Head.Seq,
		}
		if got[s.id] != want || now == 0 || now > snap.Now {
			w.Errorf("state %+v at %d, want %+v", got[s.id], now, want)
		}
	}
	if len(states) != 2 {
		w.Errorf("%d states of two attempts", len(states))
	}
	none, now, err := w.States(w.ctx, nil)
	if w.must(err); len(none) != 0 || now == 0 {
		w.Errorf("%d states of none, the clock %d", len(none), now)
	}
	if _, _, err := w.States(w.ctx, make([]string, store.MaxSeatsOf+1)); err == nil {
		w.Error("more than MaxSeatsOf were read")
	}
}

func samePaper(w *world) {
	s := w.sit(w.newExam(6))
	before := s.load().Paper
	questions := shortText(6)
	for i := range questions {
		questions[i].Question.Stem.Source = "edited"
		questions[i].ContentHash = fmt.Sprintf("%064d", 100+i)
	}
	_, err := w.PutQuestions(w.ctx, s.d.Sections[0].From.Set, questions)
	w.must(err)
	edited := s.d
	edited.Rules.TimeLimit, edited.Rules.Navigation = exam.Minute, exam.Linear
	w.must(w.PutDefinition(w.ctx, edited))
	for name, other := range map[string]*sitting{"a reload": s, "a restart": s.on(w.Again(w.T))} {
		after := other.load().Paper
		if after.Hash() != before.Hash() {
			w.Errorf("%s shows another paper", name)
		}
		w.sameContents(name, other, after)
	}
	s.wants(s.command(exam.Save, 5, 0, "free as before"), exam.Applied)
	s.sound()
}

func (w *world) sameContents(name string, s *sitting, p *exam.Paper) {
	w.Helper()
	var versions []string
	for _, it := range p.Items {
		versions = append(versions, it.Version)
	}
	contents, err := s.Questions(w.ctx, versions)
	w.must(err)
	for i, v := range versions {
		if q, ok := contents[v]; !ok || q.Stem.Source == "edited" {
			w.Errorf("%s: position %d shows %q", name, i+1, q.Stem.Source)
		}
	}
}

func attemptNotFound(w *world) {
	for _, id := range []string{"", "no uuid", uuid.NewString(), "{" + uuid.NewString() + "}", "../../etc/passwd", "\x00"} {
		_, err := w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: id, All: true, SignIn: id, Command: "c"})
		w.is(err, store.ErrNotFound)
	}
}

func readsWhatIsAsked(w *world) {
	s := w.sit(w.newExam(3))
	for p := 1; p <= 3; p++ {
		s.wants(s.command(exam.Save, p, 0, fmt.Sprint(p)), exam.Applied)
	}
	for _, tt := range []struct {
		q    store.AttemptQuery
		want int
	}{
		{store.AttemptQuery{}, 0},
		{store.AttemptQuery{Position: 2}, 1},
		{store.AttemptQuery{Position: 4}, 0},
		{store.AttemptQuery{Position: -1}, 0},
		{store.AttemptQuery{Position: 1 << 40}, 0},
		{store.AttemptQuery{All: true}, 3},
	} {
		tt.q.Attempt = s.id
		snap, err := w.LoadAttempt(w.ctx, tt.q)
		w.must(err)
		if len(snap.Attempt.Responses) != tt.want || snap.Viewer != nil || len(snap.Attempt.Commands) != 0 {
			w.Errorf("%+v read %d responses, viewer %v, commands %v",
				tt.q, len(snap.Attempt.Responses), snap.Viewer, snap.Attempt.Commands)
		}
		if snap.Number != 1 || snap.Paper.Len() != 3 || snap.Attempt.Candidate != s.user.ID {
			w.Errorf("snapshot %+v", snap)
		}
	}
}

func viewerRides(w *world) {
	s := w.sit(w.newExam(1))
	in := w.newSignIn(s.user.ID)
	snap, err := w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: s.id, SignIn: in.ID})
	w.must(err)
	alone, _, err := w.Viewer(w.ctx, in.ID)
	w.must(err)
	if snap.Viewer == nil || fmt.Sprintf("%+v", *snap.Viewer) != fmt.Sprintf("%+v", alone) {
		w.Errorf("with the attempt %+v, alone %+v", snap.Viewer, alone)
	}
	snap, err = w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: s.id, SignIn: uuid.NewString()})
	w.must(err)
	if snap.Viewer != nil {
		w.Errorf("an unknown sign-in has viewer %+v", snap.Viewer)
	}
}

func commandsAreRead(w *world) {
	s := w.sit(w.newExam(2))
	c := s.command(exam.Move, 1, 0, "a")
	c.Target = 2
	o := s.wants(c, exam.Applied)
	reused := c
	reused.Position, reused.Target = 2, 1
	s.wants(reused, exam.Rejected)
	snap, err := w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: s.id, Command: c.ID})
	w.must(err)
	priors := snap.Attempt.Commands[c.ID]
	if len(priors) != 2 {
		w.Fatalf("%d verdicts", len(priors))
	}
	if p := priors[0]; !p.Applied || p.Rev != 1 || p.Target != 2 || p.Receipt != o.Receipt || len(p.Salt) != exam.SaltBytes {
		w.Errorf("first verdict %+v, outcome %+v", p, o)
	}
	if p := priors[1]; p.Applied || p.Reason != exam.IDReused {
		w.Errorf("second verdict %+v", p)
	}
}

// summaryComplete compares both ways to a summary with the attempt itself, before and after its
// close, and after the exam's rules were changed.
func summaryComplete(w *world) {
	s := w.sit(w.newExam(2, func(d *exam.Definition) {
		d.Rules.PassMark, d.Rules.Window.Close = 50, 4_000_000_000_000_000
		d.Rules.Release.Keys = exam.Release{When: exam.At, At: 7}
	}))
	edited := s.d
	edited.Rules.Release.Score, edited.Rules.Window.Close = exam.Release{When: exam.Never}, 5
	w.must(w.PutDefinition(w.ctx, edited))
	s.summarised("begun")
	for p := range 2 {
		s.wants(s.command(exam.Save, p+1, 0, "right 1"), exam.Applied)
	}
	s.wants(by(exam.Admin, exam.Pause), exam.Applied)
	s.summarised("paused")
	s.wants(by(exam.Admin, exam.Resume), exam.Applied)
	s.wants(s.submit(), exam.Applied)
	s.summarised("closed")
	_, err := s.grade()
	w.must(err)
	if got := s.summarised("marked"); got.Passed == nil || !*got.Passed || got.Stopped == 0 {
		w.Errorf("passed %v, stopped %d", got.Passed, got.Stopped)
	}
}

// summarised wants the summaries to say what the attempt says.
func (s *sitting) summarised(step string) store.Summary {
	s.Helper()
	list, _, err := s.OfCandidate(s.ctx, s.user.ID)
	s.must(err)
	state, err := s.LoadStart(s.ctx, s.d.Slug, s.user.ID)
	s.must(err)
	if len(list) != 1 || len(state.Attempts) != 1 {
		s.Fatalf("%s: %d and %d attempts", step, len(list), len(state.Attempts))
	}
	snap := s.load()
	a := &snap.Attempt
	deadline, _ := a.Deadline(snap.Paper)
	want := store.Summary{
		ID: s.id, Exam: s.d.Slug, Title: snap.Paper.Title, Candidate: s.user.ID, Number: 1,
		StartCommand: s.stored().Records[0].Entry.Command, Status: a.Status, Marking: a.Marking, Cursor: a.Cursor,
		Count: snap.Paper.Len(), Started: a.Started, Stopped: a.Stopped, Deadline: deadline, Version: a.Head.Seq,
		Rules: snap.Paper.Rules,
	}
	if a.Score != nil {
		want.Passed = a.Score.Passed
	}
	for _, got := range []store.Summary{list[0], state.Attempts[0]} {
		if !reflect.DeepEqual(got, want) {
			s.Errorf("%s: summary %+v, want %+v", step, got, want)
		}
	}
	return list[0]
}

func rejectionsCounted(w *world) {
	s := w.sit(w.newExam(2))
	s.wants(s.command(exam.Save, 1, 0, "saved"), exam.Applied)
	for range 3 {
		s.wants(s.command(exam.Save, 1, 0, "stale"), exam.Rejected)
	}
	s.wants(s.submit(), exam.Applied)
	s.wants(s.command(exam.Save, 2, 0, "late"), exam.Rejected)
	s.wants(s.submit(), exam.Rejected) // finished, too, but at no position
	for _, tt := range []struct {
		reasons []exam.Reason
		want    int
	}{
		{nil, 0},
		{[]exam.Reason{exam.Stale}, 3},
		{[]exam.Reason{exam.Finished}, 1},
		{[]exam.Reason{exam.Finished, exam.Stale, exam.Stale, exam.IsPaused}, 4},
		{[]exam.Reason{exam.IsPaused, "%"}, 0},
	} {
		before := w.Statements()
		got, err := w.CountRejections(w.ctx, s.id, tt.reasons...)
		w.must(err)
		if n := w.Statements() - before; got != tt.want || n > 1 {
			w.Errorf("%v: %d rejections in %d statements, want %d in one", tt.reasons, got, n, tt.want)
		}
	}
	n, err := w.CountRejections(w.ctx, "no uuid", exam.Stale)
	w.must(err)
	if n != 0 {
		w.Errorf("%d rejections of no attempt", n)
	}
}

func acceptedNotCounted(w *world) {
	s := w.sit(w.newExam(2))
	s.wants(s.submit(), exam.Applied)
	s.wants(s.submit(), exam.Rejected)
	first, second := s.command(exam.Save, 1, 0, "one"), s.command(exam.Save, 2, 0, "two")
	s.wants(first, exam.Rejected)
	s.wants(second, exam.Rejected)
	accept := by(exam.Admin, exam.AcceptLate)
	accept.Late, accept.Position, accept.Page, accept.Seq, accept.Answer = 3, 2, second.Page, second.Seq, second.Answer
	for step, want := range []string{"2 []", "1 [3]"} {
		late, err := w.CountRejections(w.ctx, s.id, exam.Finished)
		w.must(err)
		accepted, err := w.AcceptedRejections(w.ctx, s.id)
		w.must(err)
		if got := fmt.Sprint(late, accepted); got != want {
			w.Errorf("step %d: late and accepted: %s, want %s", step, got, want)
		}
		if step == 0 {
			s.wants(accept, exam.Applied)
		}
	}
}

func everyAttempt(w *world) {
	d := w.newExam(1)
	want := map[string]bool{}
	for range 5 {
		want[w.sit(d).id] = true
	}
	w.must(w.EachAttempt(w.ctx, func(a store.StoredAttempt) error {
		delete(want, a.Attempt.ID)
		return nil
	}))
	if len(want) > 0 {
		w.Errorf("%d attempts were left out", len(want))
	}
	before, err := store.Verify(w.ctx, w.Store, nil, io.Discard)
	w.must(err)
	w.sit(d)
	after, err := store.Verify(w.ctx, w.Store, nil, io.Discard)
	w.must(err)
	if before.Attempts < 5 || after.Attempts != before.Attempts+1 {
		w.Errorf("verified %d attempts, and %d with one more", before.Attempts, after.Attempts)
	}
	stop := fmt.Errorf("enough")
	w.is(w.EachAttempt(w.ctx, func(store.StoredAttempt) error { return stop }), stop)
}

func verifiesWhileWriting(w *world) {
	const answers = 60
	s := w.sit(w.newExam(2))
	done := make(chan struct{})
	together(w, 2, func(i int) (int, error) {
		if i == 0 {
			defer close(done)
			for rev := range int64(answers) {
				if _, _, err := s.do(s.command(exam.Save, 1, rev, fmt.Sprint(rev))); err != nil {
					return 0, err
				}
			}
			return 0, nil
		}
		for {
			s.sound()
			select {
			case <-done:
				return 0, nil
			default:
			}
		}
	})
}
