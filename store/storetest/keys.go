package storetest

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var keyTests = map[string]func(*world){
	"KeysAreRevised":         keysAreRevised,
	"R2_CorrectionOnce":      correctionOnce,
	"R11_KeptMarks":          keptMarks,
	"RegradesAreListed":      regradesAreListed,
	"SheetsOfAVersion":       sheetsOfAVersion,
	"MarkedOfAnExam":         markedOfAnExam,
	"CorrectionsOfTheirExam": correctionsOfTheirExam,
}

// corrected makes a correction of the first question of an exam's set.
func (w *world) corrected(slug, version string, base int) store.Correction {
	w.Helper()
	c, j := w.correctionOf(slug, version)
	key := exam.Key{Texts: []exam.TextKey{{Pattern: "corrected", Weight: exam.FullCredit}}}
	got, created, err := w.staff().CorrectKey(w.ctx, c, base, key, j)
	w.must(err)
	if !created {
		w.Fatal("the correction was there before")
	}
	return got
}

func (w *world) correctionOf(slug, version string) (store.Correction, store.Job) {
	w.Helper()
	actor := w.newUser().ID
	c := store.Correction{ID: uuid.NewString(), Version: version, Exam: slug, Lower: true, Reason: "誤り", Actor: actor}
	return c, store.Job{
		ID: c.ID, Kind: store.JobRegrade, Object: slug, Actor: actor, Args: json.RawMessage(`{"correction":"` + c.ID + `"}`), Total: 3,
	}
}

// versionsOf are the question versions of an exam.
func (w *world) versionsOf(d exam.Definition) []string {
	w.Helper()
	pools, err := w.LoadPools(w.ctx, &d)
	w.must(err)
	var out []string
	for _, q := range pools[0] {
		out = append(out, q.Version)
	}
	return out
}

func keysAreRevised(w *world) {
	d := w.newExam(2)
	version := w.versionsOf(d)[0]
	first := w.corrected("", version, 1)
	c := w.corrected("", version, 2)
	list, err := w.KeyRevisions(w.ctx, version)
	w.must(err)
	if len(list) != 3 || list[0].Key.Revision != 3 || list[0].Correction == nil || *list[0].Correction != c || *list[1].Correction != first ||
		list[2].Correction != nil || list[2].Key.Texts[0].Pattern != "right 1" || list[0].Feedback.Explanation.Source != "because" {
		w.Errorf("revisions %+v", list)
	}
	q, err := w.QuestionVersion(w.ctx, version)
	w.must(err)
	if q.Set != d.Sections[0].From.Set || !q.Current || q.Number != "No. 1" || q.Key.Revision != 3 || q.Edition < 2 || q.EditedBy == "" {
		w.Errorf("question %+v", q)
	}
	events, err := w.QuestionEvents(w.ctx, q.Identity, 10)
	w.must(err)
	if len(events) != 2 || events[0].Kind != store.QuestionKeyed || events[0].KeyRevision != 3 || events[0].Note != "誤り" {
		w.Errorf("events %+v", events)
	}
	unknown, job := w.correctionOf("", uuid.NewString())
	_, _, err = w.staff().CorrectKey(w.ctx, unknown, 1, exam.Key{}, job)
	w.is(err, store.ErrNotFound)
	_, err = w.QuestionVersion(w.ctx, uuid.NewString())
	w.is(err, store.ErrNotFound)
}

// correctionOnce: a form that is sent again, or by two at once, is one correction with one job.
func correctionOnce(w *world) {
	version := w.versionsOf(w.newExam(1))[0]
	c, j := w.correctionOf("", version)
	key := exam.Key{Texts: []exam.TextKey{{Pattern: "x", Weight: exam.FullCredit}}}
	made := together(w, 4, func(int) (bool, error) {
		got, created, err := w.staff().CorrectKey(w.ctx, c, 1, key, j)
		if err == nil && (got.Revision != 2 || got.Created == 0 || got.Reason != c.Reason || !got.Lower) {
			w.Errorf("correction %+v", got)
		}
		return created, err
	})
	if n := len(slices.DeleteFunc(made, func(b bool) bool { return !b })); n != 1 {
		w.Errorf("%d corrections, want 1", n)
	}
	if job, _, err := w.Job(w.ctx, c.ID); err != nil || job.Kind != store.JobRegrade || job.Total != 3 {
		w.Errorf("job %+v, %v", job, err)
	}
	other, j := w.correctionOf("", version)
	_, _, err := w.staff().CorrectKey(w.ctx, other, 1, key, j)
	w.is(err, store.ErrMoved)
	_, err = w.Correction(w.ctx, other.ID)
	w.is(err, store.ErrNotFound)
	_, _, err = w.Job(w.ctx, other.ID)
	w.is(err, store.ErrNotFound)
}

// keptMarks: what a regrade left a position with is stored, read by every reader, and part of what
// verification compares.
func keptMarks(w *world) {
	r := w.newRoom(2, hasMark)
	s := r.scores(r.enter(), 1)
	snap := s.load()
	key := exam.Key{Revision: 2, Treatment: exam.Excluded}
	made := exam.Grader{}.Regrade(snap.Paper, &snap.Attempt, &key, 1, snap.Attempt.Score.Items[0], false)
	c := by(exam.Admin, exam.Regrade)
	c.Position, c.Revision, c.Score, c.Kept, c.Note = 1, 2, &made.Score, made.Kept, "wrong key"
	if made.Kept == nil {
		w.Fatal("nothing is kept")
	}
	s.wants(c, exam.Applied)
	s.wants(c, exam.Replayed)
	after := s.load()
	if kept := after.Attempt.Responses[1].Kept; kept == nil || *kept != exam.FullCredit || !equalJSON(after.Attempt.Score, made.Score) {
		w.Errorf("kept %v, score %+v", kept, after.Attempt.Score)
	}
	if after.Attempt.Marking != exam.MarkingDone || after.Attempt.Head.Seq != snap.Attempt.Head.Seq+1 {
		w.Errorf("marking %s, version %d", after.Attempt.Marking, after.Attempt.Head.Seq)
	}
	w.must(w.EachSheet(w.ctx, []string{s.id}, func(sheet store.Sheet) error {
		if !equalJSON(sheet.Attempt.Responses[1].Kept, made.Kept) || !equalJSON(sheet.Attempt.Score, made.Score) {
			w.Errorf("sheet %+v", sheet.Attempt)
		}
		return nil
	}))
	w.must(w.Exec(w.ctx, `UPDATE responses SET kept = 1 WHERE attempt_id = $1 AND position = 1`, s.id))
	s.found(w.report(), "response 1: kept", "stored 1")
	w.must(w.Exec(w.ctx, `UPDATE responses SET kept = 10000 WHERE attempt_id = $1 AND position = 1`, s.id))
}

func regradesAreListed(w *world) {
	r := w.newRoom(2, hasMark)
	version := w.versionsOf(r.d)[0]
	c := w.corrected("", version, 1)
	pass, fail := true, false
	rows := map[string]store.Regrade{
		"raised":  {Before: store.Mark{Total: 1, Max: 2, Passed: &fail}, After: store.Mark{Total: 2, Max: 2, Passed: &pass}},
		"lowered": {Before: store.Mark{Total: 2, Max: 2, Passed: &pass}, After: store.Mark{Total: 1, Max: 2, Passed: &fail}},
		"same":    {Before: store.Mark{Total: 2, Max: 2}, After: store.Mark{Total: 1, Max: 1}},
		"kept":    {Before: store.Mark{Total: 1, Max: 2}, After: store.Mark{Total: 1, Max: 2}, Kept: true},
		"empty":   {Before: store.Mark{Total: 0, Max: 2}, After: store.Mark{Total: 0, Max: 0}}, // nothing of nothing is the whole
	}
	users := map[string]string{}
	for what, row := range rows {
		u := r.enter(called(name(what), what))
		row.Attempt = r.sits(u, 0).id
		users[what] = u.Username
		w.must(w.PutRegrade(w.ctx, c.ID, row))
		if what == "raised" { // once more: what it was before stays
			again := row
			again.Before = again.After
			w.must(w.PutRegrade(w.ctx, c.ID, again))
		}
	}
	for change, want := range map[store.RegradeChange][]string{
		"": {"empty", "kept", "lowered", "raised", "same"}, store.RegradeRaised: {"empty", "raised"}, store.RegradeLowered: {"lowered"},
		store.RegradeSame: {"kept", "same"}, store.RegradeKept: {"kept"}, store.RegradeFlips: {"lowered", "raised"},
	} {
		list, total, err := w.Regrades(w.ctx, store.RegradeQuery{Correction: c.ID, Change: change, Limit: 10})
		w.must(err)
		var got []string
		for _, g := range list {
			got = append(got, g.Name)
			if !equalJSON(g.Before, rows[g.Name].Before) || !equalJSON(g.After, rows[g.Name].After) || g.Username != users[g.Name] || g.Exam != r.d.Slug {
				w.Errorf("%s: %+v", change, g)
			}
		}
		if !slices.Equal(got, want) || total != len(want) {
			w.Errorf("%q: %v of %d, want %v", change, got, total, want)
		}
	}
	n, err := w.CountRegrades(w.ctx, c.ID)
	w.must(err)
	if want := (store.RegradeCounts{All: 5, Raised: 2, Lowered: 1, Same: 2, Kept: 1, ToPass: 1, ToFail: 1}); n != want {
		w.Errorf("counts %+v, want %+v", n, want)
	}
	if n, err := w.CountRegrades(w.ctx, uuid.NewString()); err != nil || n.All != 0 {
		w.Errorf("of no correction: %+v, %v", n, err)
	}
}

func sheetsOfAVersion(w *world) {
	r := w.newRoom(3, hasMark)
	s := r.scores(r.enter(), 2)
	other := w.sit(w.newExam(1))
	version := s.load().Paper.Items[1].Version
	for what, tt := range map[string]struct {
		q    store.SheetQuery
		want []string
	}{
		"of a version":           {store.SheetQuery{Version: version}, []string{s.id}},
		"of version and exam":    {store.SheetQuery{Version: version, Exam: r.d.Slug}, []string{s.id}},
		"of an exam":             {store.SheetQuery{Exam: other.d.Slug}, []string{other.id}},
		"of another exam":        {store.SheetQuery{Version: version, Exam: other.d.Slug}, nil},
		"of what is no version":  {store.SheetQuery{Version: "%"}, nil},
		"of an unknown version":  {store.SheetQuery{Version: uuid.NewString()}, nil},
		"of an exam that is not": {store.SheetQuery{Exam: "none"}, nil},
	} {
		got, err := w.Sheets(w.ctx, tt.q)
		w.must(err)
		if !slices.Equal(got, tt.want) {
			w.Errorf("%s: %v, want %v", what, got, tt.want)
		}
	}
	stored := s.stored()
	seen := 0
	w.must(w.EachSheet(w.ctx, []string{uuid.NewString(), s.id, "no id", other.id}, func(sheet store.Sheet) error {
		seen++
		if sheet.Attempt.ID == other.id {
			return nil
		}
		if sheet.Username != s.user.Username || sheet.Exam != r.d.Slug || sheet.Number != 1 || !equalJSON(sheet.Paper, stored.Paper) ||
			!equalJSON(sheet.Attempt.Score, stored.Attempt.Score) {
			w.Errorf("sheet %+v", sheet)
		}
		for n, response := range stored.Attempt.Responses {
			if got := sheet.Attempt.Responses[n]; !got.Answer.Equal(response.Answer) || got.Rev != response.Rev {
				w.Errorf("response %d: %+v", n, got)
			}
		}
		return nil
	}))
	if seen != 2 {
		w.Errorf("%d sheets, want 2", seen)
	}
}

func correctionsOfTheirExam(w *world) {
	r := w.newRoom(1, hasMark)
	version := w.versionsOf(r.d)[0]
	own := w.corrected(r.d.Slug, version, 1)
	all := w.corrected("", version, 2)
	unrelated := w.corrected("", w.versionsOf(w.newExam(1))[0], 1)
	listed := func() []string {
		list, err := w.CorrectionsOf(w.ctx, r.d.Slug, 10)
		w.must(err)
		var out []string
		for _, c := range list {
			out = append(out, c.ID)
		}
		slices.Sort(out)
		return out
	}
	if got := listed(); !slices.Equal(got, []string{own.ID}) {
		w.Errorf("made for the exam: %v", got)
	}
	w.must(w.PutRegrade(w.ctx, all.ID, store.Regrade{Attempt: r.sits(r.enter(), 0).id}))
	want := []string{own.ID, all.ID}
	slices.Sort(want)
	if got := listed(); !slices.Equal(got, want) || slices.Contains(got, unrelated.ID) {
		w.Errorf("regraded: %v, want %v", got, want)
	}
}

// markedOfAnExam: of closed attempts with a score, statistics find the same as in whole sheets.
func markedOfAnExam(w *world) {
	r := w.newRoom(3, hasMark)
	s := r.scores(r.enter(), 2)
	r.scores(r.enter(), 1)
	r.enter()
	w.sit(w.newExam(1))
	var papers []*exam.Paper
	var attempts []exam.Attempt
	w.must(w.EachMarked(w.ctx, r.d.Slug, func(p *exam.Paper, a *exam.Attempt) error {
		var paper exam.Paper
		var attempt exam.Attempt
		w.copied(p, &paper)
		w.copied(a, &attempt)
		papers, attempts = append(papers, &paper), append(attempts, attempt)
		return nil
	}))
	if len(attempts) != 2 {
		w.Fatalf("%d attempts, want 2", len(attempts))
	}
	stored := s.stored()
	at := slices.IndexFunc(attempts, func(a exam.Attempt) bool { return a.Score.Total == stored.Attempt.Score.Total })
	if at < 0 {
		w.Fatalf("%+v", attempts)
	}
	if got, want := attempts[at].Score, stored.Attempt.Score; !slices.Equal(got.Items, want.Items) || got.Max != want.Max || attempts[at].Status != stored.Attempt.Status {
		w.Errorf("score %+v, want %+v", got, want)
	}
	for i := range stored.Paper.Items {
		got, want := papers[at].Items[i], stored.Paper.Items[i]
		answer := attempts[at].Responses[i+1].Answer
		if got.Version != want.Version || got.Type != want.Type || got.Points != want.Points || !answer.Equal(stored.Attempt.Responses[i+1].Answer) {
			w.Errorf("item %d: %+v answered %+v", i+1, got, answer)
		}
	}
	failed := errors.New("no more")
	w.is(w.EachMarked(w.ctx, r.d.Slug, func(*exam.Paper, *exam.Attempt) error { return failed }), failed)
}

// copied takes over what from says, which is forgotten afterwards.
func (w *world) copied(from, to any) {
	w.Helper()
	text, err := json.Marshal(from)
	w.must(err)
	w.must(json.Unmarshal(text, to))
}
