package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// erasureTests share a log, and leave no job unfinished.
var erasureTests = map[string]func(*world){
	"R11 what is erased is gone, and what stays is sound":      erasedWhole,
	"what keeps a person's data from being erased":             erasureBlocked,
	"nothing is done any more with what was erased":            erasedRests,
	"an entry about two people is erased for each":             erasedForTwo,
	"what was altered after an erasure is found":               erasureAlterationsFound,
	"an attempt that is begun at the same time is no way back": erasedWhileStarting,
	"the log is sound while somebody is erased":                erasedWhileVerified,
	"what was on its way keeps nothing of an erased person":    erasedOnTheWay,
	"reasons of commands and messages to all go":               erasedCommands,
	"names of members are nobody's":                            erasedNamesOfMembers,
	"a practice is not brought up to date afterwards":          erasedPracticeStays,
	"names in reasons and notes of others go, and are counted": erasedTexts,
}

// erases erases a person's data, as an act of its own.
func (w *world) erases(user string) (store.Erasure, error) {
	return w.By(w.act(store.ActEraseUser, nil)).Erase(w.ctx, user)
}

// lived is a person of whom there is something of everything: two attempts, one with an essay that was marked
// and a rejected answer, one a practice.
func (w *world) lived() (essay, practised *sitting) {
	w.Helper()
	s := w.composes(w.newEssayExam(), 2, 3)
	s.user.Name = "消える " + s.user.Username
	by := w.By(store.Act{Actor: uuid.NewString(), ActorName: "Admin", Action: store.ActUpdateUser, Object: s.user.ID,
		Details: map[string]any{"username": s.user.Username, "changes": map[string]any{"name": s.user.Name}}})
	w.must(by.UpdateUser(w.ctx, s.user))
	s.wants(s.marking(2, 5_000, "a comment"), exam.Applied)
	s.graded()
	s.wants(s.command(exam.Save, 1, 0, "late"), exam.Rejected)
	d := w.newExam(1, practice)
	id, _, err := start(w.ctx, w.Store, d.Slug, s.user.ID, uuid.NewString(), 0)
	w.must(err)
	practised = &sitting{world: w, id: id, user: s.user, d: d}
	practised.wants(practised.command(exam.Save, 1, 0, "practice"), exam.Applied)
	practised.wants(practised.submit(), exam.Applied)
	practised.graded()
	practised.follow()
	w.surrounds(s)
	return s, practised
}

// surrounds stores what else belongs to a person.
func (w *world) surrounds(s *sitting) {
	w.Helper()
	admin := w.newUser()
	w.newSignIn(s.user.ID)
	w.must(w.gives(s.user.ID, s.d.Slug, nil, ofAll()))
	w.must(w.ReportGap(w.ctx, store.ReportedGap{ID: uuid.NewString(), Attempt: s.id, Lasted: exam.Minute}))
	w.must(w.RecordFailedSignIn(w.ctx, s.user.Username, "192.0.2.0/24"))
	message := store.Message{ID: uuid.NewString(), Exam: s.d.Slug, Attempt: s.id, Actor: admin.ID, Text: "to one"}
	act := store.Act{Actor: admin.ID, ActorName: admin.Username, Action: store.ActSendMessage, Object: s.d.Slug,
		Details: map[string]any{"attempt": s.id, "text": "to one"}}
	w.must(w.By(act).PutMessage(w.ctx, message))
	for _, u := range []store.Upload{
		{ID: uuid.NewString(), Owner: s.user.ID, Kind: store.UploadQuestions, Name: "own.csv"},
		{ID: uuid.NewString(), Owner: admin.ID, Kind: store.UploadRoster, Name: "roster.csv"},
		{ID: uuid.NewString(), Owner: admin.ID, Kind: store.UploadAccommodations, Name: "extra.csv"},
	} {
		w.must(w.PutUpload(w.ctx, u))
	}
	job := store.Job{ID: uuid.NewString(), Kind: store.JobRoster, Object: "x.csv", Actor: admin.ID, Args: json.RawMessage(`{}`)}
	people := []any{map[string]any{"username": s.user.Username}, map[string]any{"username": "somebody"}}
	_, _, err := w.By(store.Act{Actor: s.user.ID, ActorName: s.user.Username, Action: store.ActImportUsers, Object: job.ID,
		Details: map[string]any{"people": people}}).CreateJob(w.ctx, job)
	w.must(err)
	w.must(w.FinishJob(w.ctx, job.ID, 1, json.RawMessage(`{"theirs":["`+s.user.Username+`","somebody"]}`)))
}

func erasedWhole(w *world) {
	s, p := w.lived()
	other := w.composes(s.d, 2)
	receipt := fmt.Sprintf("%s %d %s", s.id, s.load().Attempt.Head.Seq, s.load().Attempt.Head.Hash)
	scores := []*exam.Score{s.load().Attempt.Score, p.load().Attempt.Score}
	plan, err := w.PlanErasure(w.ctx, s.user.ID)
	w.must(err)
	want := store.Erasure{SignIns: 1, Groups: 2, Accommodations: 1, Messages: 1, Gaps: 1, Answers: 3, Payloads: plan.Payloads,
		Rejections: 1, Practised: 1, Uploads: 1, Waiting: 2, Attempts: 2, Awaiting: 1}
	if plan != want || plan.Payloads < 8 {
		w.Errorf("planned %+v, want %+v", plan, want)
	}
	taken, err := w.erases(s.user.ID)
	if err != nil || taken != plan {
		w.Fatalf("took %+v, %v; planned %+v", taken, err, plan)
	}
	u, err := w.UserByID(w.ctx, s.user.ID)
	if err != nil || u.Erased == 0 || !u.Disabled || u.Name != u.Username || strings.Contains(u.Username, s.user.Username) ||
		len(u.Groups)+len(u.Roles)+u.ExtraPercent+len(u.PasswordHash) > 0 {
		w.Errorf("what is left of the user: %+v, %v", u, err)
	}
	for i, a := range []*sitting{s, p} {
		stored := a.stored()
		for n, r := range stored.Attempt.Responses {
			if !r.Answer.IsZero() || r.Comment != "" {
				w.Errorf("response %d is left: %+v", n, r)
			}
		}
		if !stored.Erased || stored.Practised != nil || string(exam.Canonical(stored.Attempt.Score)) != string(exam.Canonical(scores[i])) {
			w.Errorf("left of the attempt: erased %t, practised %+v, score %+v", stored.Erased, stored.Practised, stored.Attempt.Score)
		}
	}
	w.namedNowhere(&s.user)
	lines, faults := s.verify([]string{receipt})
	if faults != 0 || !strings.Contains(strings.Join(lines, "\n"), "erased: ") {
		w.Errorf("%d faults: %s", faults, strings.Join(lines, "\n"))
	}
	if got := other.saved(2); got.Answer.IsZero() {
		w.Error("an answer of somebody else is gone")
	}
	other.sound()
	again := s.user
	again.ID = uuid.NewString()
	w.must(w.CreateUser(w.ctx, again))
}

// namedNowhere: neither log nor jobs nor lists name a person.
func (w *world) namedNowhere(u *store.User) {
	w.Helper()
	log, _, err := w.AuditLog(w.ctx, store.AuditQuery{Limit: 10_000})
	w.must(err)
	erased := 0
	for _, e := range log {
		if e.Erased > 0 {
			erased++
		}
		if text := e.ActorName + e.Object + string(e.Details); strings.Contains(text, u.Username) || strings.Contains(text, "to one") {
			w.Errorf("entry %d still says %s by %q of %s", e.Seq, e.Details, e.ActorName, e.Object)
		}
	}
	if erased < 3 {
		w.Errorf("only %d entries were touched", erased)
	}
	for _, q := range []store.UserQuery{{Search: u.Username, Limit: 9}, {Search: "erased", Limit: 9}} {
		if list, n, err := w.FindUsers(w.ctx, q); err != nil || n != 0 {
			w.Errorf("%q finds %+v, %v", q.Search, list, err)
		}
	}
	_, err = w.UserByName(w.ctx, u.Username)
	w.is(err, store.ErrNotFound)
}

func erasureBlocked(w *world) {
	admins := func() *sitting { // the only admin of this database, if none is made beside
		s := w.sit(w.newExam(1))
		s.wants(s.submit(), exam.Applied)
		s.graded()
		s.user.Roles = []store.Role{store.RoleAdmin}
		w.must(w.UpdateUser(w.ctx, s.user))
		return s
	}
	admin := admins()
	open, closed := w.sit(w.newExam(1)), w.sit(w.newExam(1))
	closed.wants(closed.submit(), exam.Applied)
	paused := w.sit(w.newExam(1))
	paused.wants(by(exam.Admin, exam.Pause), exam.Applied)
	job := store.Job{ID: uuid.NewString(), Kind: store.JobRoster, Object: "x", Actor: admin.user.ID, Args: json.RawMessage(`{}`)}
	free := w.newUser()
	before := len(w.chain())
	for _, test := range []struct {
		what string
		user string
		why  store.ErasureBlock
	}{
		{"open", open.user.ID, store.ErasureOpen}, {"paused", paused.user.ID, store.ErasureOpen},
		{"not marked", closed.user.ID, store.ErasureUnmarked}, {"the last admin", admin.user.ID, store.ErasureLastAdmin},
	} {
		plan, err := w.PlanErasure(w.ctx, test.user)
		if err != nil || plan.Block != test.why {
			w.Errorf("%s: %q, %v", test.what, plan.Block, err)
		}
		_, err = w.erases(test.user)
		w.is(err, store.ErrNotErasable)
	}
	if n := len(w.chain()); n != before {
		w.Errorf("%d entries of refused erasures", n-before)
	}
	if snap := open.load(); snap.Erased {
		w.Error("an open attempt is marked as erased")
	}
	_, _, err := w.By(w.act(store.ActImportUsers, nil)).CreateJob(w.ctx, job)
	w.must(err)
	if plan, err := w.PlanErasure(w.ctx, free.ID); err != nil || plan.Block != store.ErasureJobs {
		w.Errorf("while a job is under way: %q, %v", plan.Block, err)
	}
	w.must(w.FinishJob(w.ctx, job.ID, 0, json.RawMessage(`{}`)))
	if _, err := w.erases(free.ID); err != nil {
		w.Error(err)
	}
	plan, err := w.PlanErasure(w.ctx, free.ID)
	_, again := w.erases(free.ID)
	if err != nil || plan.Block != store.ErasureDone || !errors.Is(again, store.ErrNotErasable) {
		w.Errorf("a second time: %q, %v, %v", plan.Block, err, again)
	}
	for _, user := range []string{uuid.NewString(), "no id"} {
		_, err := w.PlanErasure(w.ctx, user)
		w.is(err, store.ErrNotFound)
		_, err = w.erases(user)
		w.is(err, store.ErrNotFound)
	}
}

func erasedRests(w *world) {
	s, _ := w.lived()
	before := s.load()
	next, o, err := exam.Apply(before.Paper, before.Attempt, by(exam.Admin, exam.Reopen), before.Now)
	w.must(err)
	_, err = w.erases(s.user.ID)
	w.must(err)
	_, _, err = s.do(by(exam.Admin, exam.Reopen))
	w.is(err, store.ErrErased)
	w.is(w.Commit(w.ctx, &before, next, o), store.ErrMoved)
	if sheets, err := w.Sheets(w.ctx, store.SheetQuery{Exam: s.d.Slug}); err != nil || len(sheets) != 0 {
		w.Errorf("regraded: %v, %v", sheets, err)
	}
	q := store.SeatQuery{Exam: s.d.Slug, Limit: 9}
	for _, ids := range [][]string{nil, {s.id}} {
		if list, _, err := w.Targets(w.ctx, q, ids); err != nil || len(list) != 0 {
			w.Errorf("targets: %+v, %v", list, err)
		}
	}
	if list, n, err := w.RejectedAnswers(w.ctx, s.d.Slug, false, 0, 9); err != nil || n != 0 {
		w.Errorf("rejected answers: %+v, %v", list, err)
	}
	for _, task := range s.tasks() {
		if task != (store.MarkingTask{Version: task.Version}) {
			w.Errorf("to be marked: %+v", task)
		}
	}
	in := store.SignIn{ID: uuid.NewString(), User: s.user.ID, TokenHash: uuid.NewString(), Password: s.user.PasswordHash}
	w.is(w.CreateSignIn(w.ctx, in), store.ErrMoved)
	if rows, n, _, err := w.ResultRows(w.ctx, store.ResultQuery{Exam: s.d.Slug, Limit: 9}); err != nil || n != 1 || rows[0].Score == nil {
		w.Errorf("results: %+v, %v", rows, err)
	}
}

func (w *world) auditSound() {
	w.Helper()
	if lines, found := w.auditFaults(); found.Faults != 0 {
		w.Errorf("%d faults: %q", found.Faults, lines)
	}
}

// erasedPracticeStays: a page that was on its way stores nothing of an erased practice.
func erasedPracticeStays(w *world) {
	s := w.practises(1)
	s.wants(s.command(exam.Save, 1, 0, "right 1"), exam.Applied)
	s.wants(s.submit(), exam.Applied)
	s.graded()
	late := store.PractisedAttempt{Attempt: s.id, Version: 1_000, Items: s.follow().Items}
	_, err := w.erases(s.user.ID)
	w.must(err)
	w.must(w.PutPractised(w.ctx, late))
	if list := s.told(); len(list) > 0 || len(late.Items) == 0 {
		w.Errorf("stored %+v of %+v", list, late.Items)
	}
}

func erasureAlterationsFound(w *world) {
	w.must(w.staff().CreateGroup(w.ctx, name("group"))) // an entry before, which is no erasure
	_, _, entry := w.pair()
	by := entry + 2
	for name, alter := range map[string]struct{ do, undo, want string }{
		"what was left": {`UPDATE audit SET object = object || 'x' WHERE seq = $1`, `UPDATE audit SET object = substr(object, 1, length(object) - 1) WHERE seq = $1`,
			fmt.Sprintf("audit %d: what was left of it was altered", entry)},
		"an erasure that was not": {`INSERT INTO audit_erasures (by_seq, seq, rest) VALUES ($1 + 2, 1000000, 'x')`, `DELETE FROM audit_erasures WHERE by_seq = $1 + 2 AND seq = 1000000`,
			fmt.Sprintf("audit %d: does not record what was erased", by)},
		"its record": {`UPDATE audit_erasures SET rest = 'x' || rest WHERE seq = $1`, `UPDATE audit_erasures SET rest = substr(rest, 2) WHERE seq = $1`,
			fmt.Sprintf("audit %d: what was left of it was altered", entry)},
		"an erasure by another entry": {`UPDATE audit_erasures SET by_seq = by_seq - 3 WHERE seq = $1`, `UPDATE audit_erasures SET by_seq = by_seq + 3 WHERE seq = $1`,
			fmt.Sprintf("audit %d: does not record", entry-1)},
	} {
		w.must(w.Exec(w.ctx, alter.do, entry))
		lines, found := w.auditFaults()
		if found.Faults == 0 || !strings.Contains(strings.Join(lines, "\n"), alter.want) {
			w.Errorf("%s: %d faults, %q; want %q", name, found.Faults, lines, alter.want)
		}
		w.must(w.Exec(w.ctx, alter.undo, entry))
	}
	if _, found := w.auditFaults(); found.Faults != 0 {
		w.Errorf("%d faults are left", found.Faults)
	}
}
