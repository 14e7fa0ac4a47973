package storetest

import (
	"context"
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
		Rejections: 1, Practised: 1, Uploads: 1, Waiting: 1, Attempts: 2, Awaiting: 1}
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

// erasedCommands: the reason of a command goes from its job and from the log, which names the job alone; so
// does a message to all that names the person.
func erasedCommands(w *world) {
	s, admin := w.sit(w.newExam(1)), w.newUser()
	s.user.Name = "A&B " + s.user.Username
	w.must(w.UpdateUser(w.ctx, s.user))
	s.wants(s.submit(), exam.Applied)
	s.graded()
	const why = "panic attack, nurse came"
	var jobs []string
	for _, args := range []string{
		`{"kind":"extend","reason":"` + why + `","attempts":["` + s.id + `"]}`,
		`{"kind":"extend","reason":"for A\u0026B ` + s.user.Username + `","attempts":["` + uuid.NewString() + `"]}`,
	} {
		job := store.Job{ID: uuid.NewString(), Kind: store.JobCommands, Object: s.d.Slug, Actor: admin.ID, Args: json.RawMessage(args)}
		details := map[string]any{"kind": "extend", "reason": why, "count": 1, "job": job.ID}
		_, _, err := w.By(w.act(store.ActCommand, details)).CreateJob(w.ctx, job)
		w.must(err)
		w.must(w.FinishJob(w.ctx, job.ID, 1, json.RawMessage(`{"applied":1}`)))
		jobs = append(jobs, job.ID)
	}
	terminal := store.Act{ActorName: s.user.Username, Action: store.ActCreateGroup, Object: name("group"), Details: map[string]any{}}
	w.must(w.By(terminal).CreateGroup(w.ctx, terminal.Object))
	message := store.Message{ID: uuid.NewString(), Exam: s.d.Slug, Actor: admin.ID, Text: s.user.Name + ", come to the desk"}
	w.must(w.By(w.act(store.ActSendMessage, map[string]any{"text": message.Text})).PutMessage(w.ctx, message))
	_, err := w.erases(s.user.ID)
	w.must(err)
	for _, id := range jobs {
		if job, _, err := w.Job(w.ctx, id); err != nil || strings.Contains(string(job.Args), "nurse") || strings.Contains(string(job.Args), s.user.Username) {
			w.Errorf("the job says %s, %v", job.Args, err)
		}
	}
	log, _, err := w.AuditLog(w.ctx, store.AuditQuery{Limit: 10_000})
	w.must(err)
	for _, e := range log {
		text := e.ActorName + string(e.Details)
		if strings.Contains(text, jobs[0]) && strings.Contains(text, "nurse") || strings.Contains(text, s.user.Username) {
			w.Errorf("entry %d by %q says %s", e.Seq, e.ActorName, e.Details)
		}
	}
	w.is(w.staff().PutMessage(w.ctx, message), store.ErrExists) // another text is there
	w.auditSound()
}

// erasedTexts: of corrections, which stand in the history of their question, too, questions and accommodations of
// others the texts that name the person go, and no others.
func erasedTexts(w *world) {
	d, u, other := w.newExam(1), w.newUser(), w.newUser()
	u.Name = "消 える子"
	w.must(w.UpdateUser(w.ctx, u))
	told := map[bool]string{true: u.Name + "さんの指摘による", false: "消えない"}
	corrections, notes := map[bool]string{}, map[bool]string{}
	_, identity := w.banked()
	for named, text := range told {
		c, j := w.correctionOf(d.Slug, w.versionsOf(d)[0])
		c.Reason, corrections[named] = text, c.ID
		key := exam.Key{Texts: []exam.TextKey{{Pattern: text, Weight: exam.FullCredit}}}
		_, _, err := w.staff().CorrectKey(w.ctx, c, len(corrections), key, j)
		w.must(err)
		w.must(w.FinishJob(w.ctx, j.ID, 0, json.RawMessage(`{}`)))
		m := store.QuestionMark{Identity: identity, Event: uuid.NewString(), Kind: store.QuestionCommented, Note: text, Editor: "cleo"}
		notes[named] = m.Event
		w.must(w.By(w.act(store.ActReviewQuestion, nil)).MarkQuestion(w.ctx, m))
		is := ofAll()
		if is.Reason = text; named {
			w.must(w.gives(other.ID, d.Slug, nil, is))
		} else {
			w.must(w.gives(other.ID, w.newExam(1).Slug, nil, is))
		}
	}
	own := ofAll()
	own.Reason = told[true]
	w.must(w.gives(u.ID, d.Slug, nil, own))
	plan, err := w.PlanErasure(w.ctx, u.ID)
	if w.must(err); plan.Texts != 4 || plan.Accommodations != 1 {
		w.Errorf("planned %+v", plan)
	}
	if taken, err := w.erases(u.ID); err != nil || taken.Texts != 4 {
		w.Errorf("took %+v, %v", taken, err)
	}
	told[true] = store.ErasedWord
	for named, text := range told {
		if c, err := w.Correction(w.ctx, corrections[named]); err != nil || c.Reason != text {
			w.Errorf("a correction says %q, %v", c.Reason, err)
		}
	}
	events, err := w.QuestionEvents(w.ctx, identity, 9)
	w.must(err)
	found := 0
	for _, e := range events {
		for named, text := range told {
			if e.ID == notes[named] && e.Note == text {
				found++
			}
		}
	}
	list, err := w.AccommodationsOf(w.ctx, other.ID)
	if w.must(err); found != 2 || len(list) != 2 {
		w.Errorf("%d notes as they are to be, %d accommodations", found, len(list))
	}
	for _, a := range list {
		if a.Reason != told[a.Exam == d.Slug] {
			w.Errorf("the reason of %s is %q", a.Exam, a.Reason)
		}
	}
}

// erasedNamesOfMembers: whoever is called like a member of the log's details takes nothing from others.
func erasedNamesOfMembers(w *world) {
	kept := map[string]any{"file": "roster.csv", "changes": map[string]any{"count": 1}}
	w.must(w.By(w.act(store.ActImportUsers, kept)).CreateGroup(w.ctx, name("group")))
	entry := int64(len(w.chain()))
	_, err := w.erases(w.newUser().ID)
	w.must(err)
	for _, called := range []string{"log", "digest", "answers", "groups", "count", "file", "changes", "entries"} {
		u := w.newUser()
		u.Username, u.Name = called, called
		w.must(w.UpdateUser(w.ctx, u))
		_, err := w.erases(u.ID)
		w.must(err)
		w.namedIn(entry, `{"changes":{"count":1},"file":"roster.csv"}`)
	}
	w.auditSound()
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

func erasedWhileStarting(w *world) {
	d, u := w.newExam(1), w.newUser()
	state, err := w.LoadStart(w.ctx, d.Slug, u.ID)
	w.must(err)
	n, err := newAttempt(w.ctx, w.Store, &state, uuid.NewString())
	w.must(err)
	_, err = w.erases(u.ID)
	w.must(err)
	w.is(w.Create(w.ctx, n), store.ErrNotFound)
	_, err = w.LoadAttempt(w.ctx, store.AttemptQuery{Attempt: n.Attempt.ID})
	w.is(err, store.ErrNotFound)
}

// verifiedWhile is a store of which Verify reads, and meanwhile calls once, as soon as it has read what the first
// erasure left.
type verifiedWhile struct {
	store.Store
	meanwhile func()
}

func (s *verifiedWhile) EachAudit(ctx context.Context, left func(int64, store.Rest) error, fn func(store.AuditEntry, error) error) (exam.Receipt, error) {
	return s.Store.EachAudit(ctx, func(by int64, r store.Rest) error {
		err := left(by, r)
		s.meanwhile()
		s.meanwhile = func() {}
		return err
	}, fn)
}

func erasedWhileVerified(w *world) {
	w.pair()
	s, other := w.sit(w.newExam(1)), w.newUser()
	people := []any{map[string]any{"username": other.Username}}
	w.must(w.By(w.act(store.ActImportUsers, map[string]any{"people": people})).CreateGroup(w.ctx, name("group")))
	var out strings.Builder
	found, err := store.Verify(w.ctx, &verifiedWhile{w.Store, func() {
		_, err := w.erases(other.ID)
		w.must(err)
	}}, nil, &out)
	w.must(err)
	if u, err := w.UserByID(w.ctx, other.ID); err != nil || u.Erased == 0 {
		w.Errorf("%+v is not erased, %v", u, err)
	}
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "audit ") && !strings.Contains(line, "erased: ") {
			w.Errorf("%d faults: %s", found.Faults, line)
		}
	}
	s.sound()
	w.auditSound()
}

// erasedOnTheWay: what was sent before an erasure and comes after it is stored no more.
func erasedOnTheWay(w *world) {
	d, u := w.newExam(1), w.newUser()
	_, err := w.erases(u.ID)
	w.must(err)
	before := len(w.chain())
	w.is(w.gives(u.ID, d.Slug, nil, ofAll()), store.ErrNotFound)
	w.is(w.UpdateUser(w.ctx, u), store.ErrNotFound)
	w.is(w.By(w.act(store.ActSetPassword, nil)).SetPassword(w.ctx, u.ID, "x", ""), store.ErrNotFound)
	w.is(w.By(w.act(store.ActImportUsers, nil)).PutUsers(w.ctx, []store.RosterChange{{User: u}}), store.ErrMoved)
	for _, kind := range []store.UploadKind{store.UploadQuestions, store.UploadSlips} {
		up := store.Upload{ID: uuid.NewString(), Owner: u.ID, Kind: kind, Name: "own.csv"}
		w.is(w.PutUpload(w.ctx, up), store.ErrNotFound)
		_, err = w.Upload(w.ctx, up.ID, u.ID)
		w.is(err, store.ErrNotFound)
	}
	if plan, err := w.PlanErasure(w.ctx, u.ID); err != nil || plan.Accommodations+plan.Uploads > 0 {
		w.Errorf("kept %+v, %v", plan, err)
	}
	if n := len(w.chain()); n != before {
		w.Errorf("%d entries more", n-before)
	}
}

// pair stores an entry about two people, and erases both.
func (w *world) pair() (first, second store.User, entry int64) {
	w.Helper()
	first, second = w.newUser(), w.newUser()
	people := []any{map[string]any{"username": first.Username}, map[string]any{"username": second.Username}}
	w.must(w.By(w.act(store.ActImportUsers, map[string]any{"people": people})).CreateGroup(w.ctx, name("group")))
	entry = int64(len(w.chain()))
	for _, u := range []store.User{first, second} {
		_, err := w.erases(u.ID)
		w.must(err)
	}
	return first, second, entry
}

func erasedForTwo(w *world) {
	first, second, entry := w.pair()
	w.namedIn(entry, `{"people":[{"erased":true},{"erased":true}]}`)
	lines, found := w.auditFaults()
	want := fmt.Sprintf("audit %d: erased: a part, as entry %d records", entry, entry+2)
	if found.Faults != 0 || !strings.Contains(strings.Join(lines, "\n"), want) {
		w.Errorf("%s and %s: %d faults, %q; want %q", first.Username, second.Username, found.Faults, lines, want)
	}
}

// namedIn wants the details of an entry.
func (w *world) namedIn(seq int64, want string) {
	w.Helper()
	_, err := w.EachAudit(w.ctx, nil, func(e store.AuditEntry, damage error) error {
		if e.Seq == seq && string(e.Details) != want {
			w.Errorf("entry %d says %s", seq, e.Details)
		}
		return damage
	})
	w.must(err)
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
