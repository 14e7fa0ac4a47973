package storetest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

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
