package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var auditTests = map[string]func(*world){
	"each write of an author or admin is recorded once":     writesRecorded,
	"what fails, or was done before, is not recorded":       failuresNotRecorded,
	"details that are too long fail the write":              detailsBounded,
	"writes at once make one chain":                         oneChain,
	"the log is listed by page, the newest first":           auditPaged,
	"the log is filtered by actor, action, object and time": auditFiltered,
	"the log is read as of one point in time":               auditSnapshot,
	"of ten authors who saw one revision one saves":         revisionRace,
	"a definition is new once":                              newOnce,
	"results are released by hand and taken back":           releasedByHand,
}

// act is one of an admin of this test alone.
func (w *world) act(action store.Action, details any) store.Act {
	return store.Act{Actor: uuid.NewString(), ActorName: "Admin", Action: action, Object: name("object"), Details: details}
}

// recorded lists the entries of an act's actor, the oldest first.
func (w *world) recorded(act store.Act) []store.AuditEntry {
	w.Helper()
	list, total, err := w.AuditLog(w.ctx, store.AuditQuery{Actor: act.Actor, Limit: 1_000})
	w.must(err)
	if total != len(list) {
		w.Errorf("%d entries listed, %d counted", len(list), total)
	}
	slices.Reverse(list)
	return list
}

// writes are all of store.Actions with arguments that succeed once.
func (w *world) writes() map[string]func(store.Actions) error {
	d, u, group := w.newExam(1), w.newUser(), name("group")
	erased := w.newUser()
	signIn := w.newSignIn(u.ID)
	revised, added := d, u
	revised.Attempts = 3
	added.ID, added.Username = uuid.NewString(), name("added")
	job := store.Job{ID: uuid.NewString(), Kind: store.JobCommands, Object: d.Slug, Actor: u.ID, Args: json.RawMessage(`{}`)}
	w.must(w.By(w.act(store.ActCreateGroup, nil)).CreateGroup(w.ctx, group))
	_, banked := w.banked()
	sat := w.composes(w.newEssayExam(), 2)
	edit := w.edits(banked, func(e *store.QuestionEdit) { e.Question.Number = "changed" })
	return map[string]func(store.Actions) error{
		"questions": func(a store.Actions) error {
			_, err := a.PutQuestions(w.ctx, name("set"), shortText(2))
			return err
		},
		"replaced questions": func(a store.Actions) error {
			load := store.LoadOf(name("set"), shortText(2))
			load.Choice = store.LoadChoice{ReplaceAll: true, RetireAll: true}
			_, err := a.LoadQuestions(w.ctx, load)
			return err
		},
		"definition": func(a store.Actions) error {
			changed := d
			changed.Attempts = 2
			return a.PutDefinition(w.ctx, changed)
		},
		"revision": func(a store.Actions) error {
			other := revised
			other.Slug = name("other")
			_, err := a.ReviseDefinition(w.ctx, other, 0)
			return err
		},
		"release":      func(a store.Actions) error { return a.SetReleased(w.ctx, d.Slug, store.ByHand{Score: 1}) },
		"archive":      func(a store.Actions) error { return a.SetArchived(w.ctx, d.Slug, true) },
		"create user":  func(a store.Actions) error { return a.CreateUser(w.ctx, added) },
		"update user":  func(a store.Actions) error { return a.UpdateUser(w.ctx, u) },
		"revise user":  func(a store.Actions) error { return a.ReviseUser(w.ctx, u, u) },
		"roster":       func(a store.Actions) error { return a.PutUsers(w.ctx, []store.RosterChange{{User: u}}) },
		"password":     func(a store.Actions) error { return a.SetPassword(w.ctx, u.ID, "hash", "") },
		"sign-in":      func(a store.Actions) error { return a.RevokeSignInOf(w.ctx, u.ID, signIn.ID) },
		"sign-ins":     func(a store.Actions) error { return a.RevokeAll(w.ctx, u.ID) },
		"make group":   func(a store.Actions) error { return a.CreateGroup(w.ctx, name("group")) },
		"delete group": func(a store.Actions) error { return a.DeleteGroup(w.ctx, group) },
		"job": func(a store.Actions) error {
			_, _, err := a.CreateJob(w.ctx, job)
			return err
		},
		"question": func(a store.Actions) error { return a.ReviseQuestion(w.ctx, edit) },
		"mark": func(a store.Actions) error {
			return a.MarkQuestion(w.ctx, store.QuestionMark{Identity: banked, Event: uuid.NewString(), Kind: store.QuestionCommented, Editor: "cleo"})
		},
		"mark of an answer": func(a store.Actions) error {
			snap, next, o := sat.judged(sat.marking(2, 5_000, ""))
			return a.Commit(w.ctx, &snap, next, o)
		},
		"correction": func(a store.Actions) error {
			c, j := w.correctionOf("", w.versionsOf(w.newExam(1))[0])
			_, _, err := a.CorrectKey(w.ctx, c, 1, exam.Key{}, j)
			return err
		},
		"accommodation": func(a store.Actions) error {
			return a.PutAccommodations(w.ctx, []store.AccommodationChange{{User: u.ID, Exam: d.Slug, Is: ofAll()}})
		},
		"accommodation by file": func(a store.Actions) error {
			given := store.Upload{ID: uuid.NewString(), Owner: u.ID, Kind: store.UploadAccommodations, Data: []byte("sealed")}
			w.must(w.PutUpload(w.ctx, given)) // by now: an erasure takes all that wait
			return a.PutAccommodationFile(w.ctx, given.ID, u.ID, nil)
		},
		"erasure": func(a store.Actions) error {
			w.must(w.Exec(w.ctx, `UPDATE jobs SET finished = 1`)) // nothing is erased while a job is under way
			_, err := a.Erase(w.ctx, erased.ID)
			return err
		},
		"print": func(a store.Actions) error { return a.Record(w.ctx) },
		"message": func(a store.Actions) error {
			return a.PutMessage(w.ctx, store.Message{ID: uuid.NewString(), Exam: d.Slug, Actor: u.ID, Text: "text"})
		},
	}
}

// writesRecorded knows every method of store.Actions: a new one is missed here.
func writesRecorded(w *world) {
	writes := w.writes()
	if want := reflect.TypeFor[store.Actions]().NumMethod(); len(writes) != want {
		w.Errorf("%d writes are tried, there are %d", len(writes), want)
	}
	for what, write := range writes {
		details := map[string]any{"z": 1, "a": "<漢字> & \x00", "list": []int{1, 2}}
		act := w.act(store.ActSaveExam, details)
		w.must(write(w.By(act)))
		entries := w.recorded(act)
		if len(entries) != 1 {
			w.Errorf("%s: %d entries", what, len(entries))
			continue
		}
		e := entries[0]
		if what == "erasure" { // tells what was erased, and nothing else
			details = map[string]any{}
			w.must(json.Unmarshal(e.Details, &details))
		}
		want := store.AuditEntry{Seq: e.Seq, Prev: e.Prev, At: e.At, Actor: act.Actor, ActorName: act.ActorName,
			Action: act.Action, Object: act.Object, Details: exam.Canonical(details), Hash: e.ComputeHash()}
		if !reflect.DeepEqual(e, want) || e.At == 0 {
			w.Errorf("%s: recorded %+v, want %+v", what, e, want)
		}
	}
}

func failuresNotRecorded(w *world) {
	d, u, signIn := w.newExam(1), w.newUser(), ""
	signIn = w.newSignIn(u.ID).ID
	other := d
	other.Attempts = 5
	job := store.Job{ID: uuid.NewString(), Kind: store.JobCommands, Object: d.Slug, Actor: u.ID, Args: json.RawMessage(`{}`)}
	message := store.Message{ID: uuid.NewString(), Exam: d.Slug, Actor: u.ID, Text: "text"}
	before := w.By(w.act(store.ActCommand, nil))
	_, _, err := before.CreateJob(w.ctx, job)
	w.must(errors.Join(err, before.PutMessage(w.ctx, message)))
	act := w.act(store.ActSaveExam, nil)
	by := w.By(act)
	_, stale := by.ReviseDefinition(w.ctx, other, 7)
	_, taken := by.ReviseDefinition(w.ctx, other, 0)
	_, keyTwice := by.PutQuestions(w.ctx, name("set"), append(shortText(1), shortText(1)...))
	for _, got := range []struct{ err, want error }{
		{stale, store.ErrMoved}, {taken, store.ErrExists}, {keyTwice, store.ErrExists},
		{by.SetReleased(w.ctx, "no-such-exam", store.ByHand{}), store.ErrNotFound},
		{by.SetArchived(w.ctx, "no-such-exam", true), store.ErrNotFound},
		{by.CreateUser(w.ctx, u), store.ErrExists},
		{by.UpdateUser(w.ctx, store.User{ID: uuid.NewString()}), store.ErrNotFound},
		{by.SetPassword(w.ctx, uuid.NewString(), "hash", ""), store.ErrNotFound},
		{by.RevokeSignInOf(w.ctx, w.newUser().ID, signIn), store.ErrNotFound},
		{by.RevokeSignInOf(w.ctx, u.ID, "no id"), store.ErrNotFound},
		{by.CreateGroup(w.ctx, "g1"), store.ErrExists},
		{by.DeleteGroup(w.ctx, "no such group"), store.ErrNotFound},
	} {
		w.is(got.err, got.want)
	}
	revision, err := by.ReviseDefinition(w.ctx, d, 0)
	if err != nil || revision != 1 {
		w.Errorf("the same definition sent again: revision %d, %v", revision, err)
	}
	w.must(errors.Join(by.PutDefinition(w.ctx, d), by.SetArchived(w.ctx, d.Slug, false)))
	_, made, err := by.CreateJob(w.ctx, job)
	if err != nil || made {
		w.Errorf("the same job sent again: made %t, %v", made, err)
	}
	w.must(by.PutMessage(w.ctx, message))
	if entries := w.recorded(act); len(entries) != 0 {
		w.Errorf("recorded %+v", entries)
	}
	if v, _, err := w.Viewer(w.ctx, signIn); err != nil || v.SignIn.Revoked != 0 {
		w.Errorf("the sign-in of another user is revoked at %d: %v", v.SignIn.Revoked, err)
	}
}

func detailsBounded(w *world) {
	d := w.newExam(1)
	fits := strings.Repeat("x", store.MaxAuditDetails-len(`""`))
	w.must(w.By(w.act(store.ActReleaseResults, fits)).SetReleased(w.ctx, d.Slug, store.ByHand{Score: 1}))
	for _, details := range []any{fits + "x", func() {}} {
		act := w.act(store.ActReleaseResults, details)
		if err := w.By(act).SetReleased(w.ctx, d.Slug, store.ByHand{Score: 2}); err == nil {
			w.Errorf("details of %T were taken", details)
		}
		if entries := w.recorded(act); len(entries) != 0 {
			w.Errorf("recorded %+v", entries)
		}
	}
	if r, err := w.ReleaseState(w.ctx, d.Slug); err != nil || r.Score != 1 {
		w.Errorf("%+v, %v: the write was done without its entry", r, err)
	}
}

// chain reads the whole log and wants it in order.
func (w *world) chain() []store.AuditEntry {
	w.Helper()
	var list []store.AuditEntry
	head, err := w.EachAudit(w.ctx, nil, func(e store.AuditEntry, damage error) error {
		w.must(damage)
		var prev exam.Hash
		if len(list) > 0 {
			prev = list[len(list)-1].Hash
		}
		if e.Seq != int64(len(list)+1) || e.Prev != prev || e.Erased == 0 && e.Hash != e.ComputeHash() {
			w.Errorf("entry %d of %d after %s: %+v", e.Seq, len(list)+1, prev, e)
		}
		list = append(list, e)
		return nil
	})
	w.must(err)
	if n := len(list); n > 0 && head != (exam.Receipt{Seq: int64(n), Hash: list[n-1].Hash}) {
		w.Errorf("the head is %+v after entry %+v", head, list[n-1])
	}
	return list
}

func oneChain(w *world) {
	const writers, each = 8, 5
	other := w.Again(w.T)
	before := len(w.chain())
	acts := make([]store.Act, writers)
	for i := range acts {
		acts[i] = w.act(store.ActCreateGroup, i)
	}
	together(w, writers, func(i int) (int, error) {
		s := []store.Store{w.Store, other}[i%2]
		for range each {
			if err := s.By(acts[i]).CreateGroup(w.ctx, name("group")); err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	if n := len(w.chain()) - before; n != writers*each {
		w.Errorf("%d entries of %d", n, writers*each)
	}
	for i := range acts {
		if n := len(w.recorded(acts[i])); n != each {
			w.Errorf("writer %d: %d entries of %d", i, n, each)
		}
	}
}

func auditPaged(w *world) {
	act := w.act(store.ActCreateGroup, nil)
	for range 5 {
		w.must(w.By(act).CreateGroup(w.ctx, name("group")))
	}
	all := w.recorded(act)
	slices.Reverse(all)
	for _, offset := range []int{0, 2, 4, 5} {
		page, total, err := w.AuditLog(w.ctx, store.AuditQuery{Actor: act.Actor, Offset: offset, Limit: 2})
		w.must(err)
		want := all[offset:min(offset+2, len(all))]
		if total != 5 || len(page) != len(want) || len(page) > 0 && !reflect.DeepEqual(page, want) {
			w.Errorf("page from %d: %+v of %d, want %+v", offset, page, total, want)
		}
	}
	list, total, err := w.AuditLog(w.ctx, store.AuditQuery{Limit: 3})
	w.must(err)
	if len(list) != 3 || total < 5 || list[0].Seq != list[2].Seq+2 {
		w.Errorf("the whole log: %+v of %d", list, total)
	}
}

func auditFiltered(w *world) {
	who, object := name("Wer%"), name("Exam_")
	made := store.Act{Actor: uuid.NewString(), ActorName: who, Action: store.ActCreateGroup, Object: object}
	gone := store.Act{ActorName: who, Action: store.ActDeleteGroup, Object: object + "x"}
	group := name("group")
	w.must(w.By(made).CreateGroup(w.ctx, group))
	w.must(w.By(gone).DeleteGroup(w.ctx, group))
	list, _, err := w.AuditLog(w.ctx, store.AuditQuery{Actor: who, Limit: 9})
	w.must(err)
	if len(list) != 2 {
		w.Fatalf("%d entries of %s", len(list), who)
	}
	first, second := list[1].At, list[0].At
	for _, tt := range []struct {
		name string
		q    store.AuditQuery
		want int
	}{
		{"part of the name", store.AuditQuery{Actor: who[1 : len(who)-1]}, 2},
		{"in other letters", store.AuditQuery{Actor: strings.ToUpper(who)}, 2},
		{"a wildcard is a letter", store.AuditQuery{Actor: "%" + who[5:]}, 0},
		{"another wildcard is, too", store.AuditQuery{Actor: who, Object: "E_am_"}, 0},
		{"a backslash is, too", store.AuditQuery{Actor: who, Object: `\`}, 0},
		{"the id", store.AuditQuery{Actor: strings.ToUpper(made.Actor)}, 1},
		{"the action", store.AuditQuery{Actor: who, Action: store.ActDeleteGroup}, 1},
		{"part of the object", store.AuditQuery{Actor: who, Object: strings.ToLower(object)}, 2},
		{"the object", store.AuditQuery{Actor: who, Object: object + "X"}, 1},
		{"from a time on", store.AuditQuery{Actor: who, From: first}, 2},
		{"from the second on", store.AuditQuery{Actor: who, From: second}, 1},
		{"until a time", store.AuditQuery{Actor: who, Until: second}, 1},
		{"everything at once", store.AuditQuery{Actor: who, Action: made.Action, Object: object, From: first, Until: second}, 1},
		{"a text that none can have", store.AuditQuery{Actor: who, Object: "\x00\xff"}, 0},
	} {
		tt.q.Limit = 9
		list, total, err := w.AuditLog(w.ctx, tt.q)
		w.must(err)
		if len(list) != tt.want || total != tt.want {
			w.Errorf("%s: %d of %d entries, want %d", tt.name, len(list), total, tt.want)
		}
	}
}

// auditSnapshot writes while the log is read.
func auditSnapshot(w *world) {
	act := w.act(store.ActCreateGroup, nil)
	w.must(w.By(act).CreateGroup(w.ctx, name("group")))
	before, seen := len(w.chain()), 0
	head, err := w.EachAudit(w.ctx, nil, func(store.AuditEntry, error) error {
		if seen++; seen == 1 {
			return w.By(act).CreateGroup(w.ctx, name("group"))
		}
		return nil
	})
	w.must(err)
	if seen != before || head.Seq != int64(before) {
		w.Errorf("%d entries and a head of %d, %d when reading began", seen, head.Seq, before)
	}
	stop := errors.New("stop")
	_, err = w.EachAudit(w.ctx, nil, func(store.AuditEntry, error) error { return stop })
	w.is(err, stop)
}

func revisionRace(w *world) {
	const authors = 10
	d := w.newExam(1)
	for base := 1; base <= 3; base++ {
		act := w.act(store.ActSaveExam, nil)
		revisions := together(w, authors, func(i int) (int, error) {
			own := d
			own.Attempts = 100*base + i
			revision, err := w.By(act).ReviseDefinition(w.ctx, own, base)
			if err != nil {
				w.is(err, store.ErrMoved)
			}
			return revision, nil
		})
		slices.Sort(revisions)
		if revisions[authors-1] != base+1 || revisions[authors-2] != 0 {
			w.Errorf("revisions %v after %d", revisions, base)
		}
		if n := len(w.recorded(act)); n != 1 {
			w.Errorf("%d entries of one save", n)
		}
	}
}

func newOnce(w *world) {
	const authors = 10
	d := w.newExam(1)
	d.Slug = name("new")
	made := together(w, authors, func(i int) (int, error) {
		own := d
		own.Attempts = i
		revision, err := w.By(w.act(store.ActSaveExam, nil)).ReviseDefinition(w.ctx, own, 0)
		if err != nil {
			w.is(err, store.ErrExists)
		}
		return revision, nil
	})
	slices.Sort(made)
	if made[authors-1] != 1 || made[authors-2] != 0 {
		w.Errorf("revisions %v of a new exam", made)
	}
	_, err := w.By(w.act(store.ActSaveExam, nil)).ReviseDefinition(w.ctx, exam.Definition{Slug: name("none")}, 1)
	w.is(err, store.ErrMoved)
}

func releasedByHand(w *world) {
	d := w.newExam(1)
	for _, r := range []store.ByHand{{Score: 3, Keys: 5}, {Answers: 7}, {}} {
		w.must(w.By(w.act(store.ActReleaseResults, nil)).SetReleased(w.ctx, d.Slug, r))
		got, err := w.ReleaseState(w.ctx, d.Slug)
		w.must(err)
		if got != (exam.ReleaseState{Score: r.Score, Answers: r.Answers, Keys: r.Keys}) {
			w.Errorf("released %+v, want %s", got, fmt.Sprint(r))
		}
	}
}
