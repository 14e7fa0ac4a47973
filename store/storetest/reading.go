package storetest

import (
	"fmt"
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
