package storetest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

var cleaningTests = map[string]func(*world){
	"old sign-ins go, live and recent ones stay":   cleanSignIns,
	"old failed sign-ins go, even many":            cleanFailures,
	"old refused starts go, and nothing of others": cleanStarts,
	"old uploads, ended jobs and messages go":      cleanWork,
}

// ago is an instant some days before now.
func ago(days int) exam.Instant {
	return exam.Instant(time.Now().Add(-time.Duration(days) * 24 * time.Hour).UnixMicro())
}

// cleans wants Clean to remove that many rows, and none the second time.
func (w *world) cleans(want int) {
	w.Helper()
	for _, want := range []int{want, 0} {
		got, err := w.Clean(w.ctx)
		w.must(err)
		if got != want {
			w.Errorf("%d rows were removed, want %d", got, want)
		}
	}
}

func cleanSignIns(w *world) {
	w.cleansFirst()
	u := w.newUser()
	stays := map[store.SignIn]bool{}
	for _, tt := range []struct {
		created, seen, revoked int // days ago; -1 = not
		stays                  bool
	}{
		{100, 100, -1, false}, {100, 91, 91, false}, {91, 0, 91, false},
		{100, 89, -1, true}, {89, 100, -1, true}, {100, 100, 89, false}, {100, 50, 89, true}, {0, 0, -1, true},
	} {
		in := store.SignIn{ID: uuid.NewString(), User: u.ID, TokenHash: uuid.NewString(), Created: ago(tt.created), LastSeen: ago(tt.seen)}
		if tt.revoked >= 0 {
			in.Revoked = ago(tt.revoked)
		}
		w.must(w.CreateSignIn(w.ctx, in))
		stays[in] = tt.stays
	}
	w.cleans(4)
	for in, want := range stays {
		_, _, err := w.Viewer(w.ctx, in.ID)
		if (err == nil) != want {
			w.Errorf("%+v: %v, want it to stay: %t", in, err, want)
		}
	}
}

// cleansFirst removes what other tests on the same database left.
func (w *world) cleansFirst() {
	w.Helper()
	_, err := w.Clean(w.ctx)
	w.must(err)
}

// cleanFailures removes more than one statement does.
func cleanFailures(w *world) {
	w.cleansFirst()
	const old = 1_200
	account := name("account")
	w.must(w.RecordFailedSignIn(w.ctx, account, "p"))
	for i := range old {
		w.must(w.Exec(w.ctx, `INSERT INTO failed_sign_ins (account, prefix, at) VALUES ($1, 'p', $2)`, account, int64(ago(2))+int64(i)))
	}
	w.cleans(old)
	n, err := w.FailedSignIns(w.ctx, account, "p", 365*24*60*exam.Minute)
	w.must(err)
	if n != 1 {
		w.Errorf("%d failures are left, want that of today", n)
	}
}

func cleanStarts(w *world) {
	w.cleansFirst()
	s := w.sit(w.newExam(1))
	old, recent := uuid.NewString(), uuid.NewString()
	for _, command := range []string{old, recent} {
		w.must(w.KeepRejectedStart(w.ctx, s.d.Slug, s.user.ID, command, exam.NotOpen))
	}
	w.must(w.Exec(w.ctx, `UPDATE start_rejections SET at = $2 WHERE command = $1`, old, int64(ago(366))))
	w.must(w.Exec(w.ctx, `UPDATE start_rejections SET at = $2 WHERE command = $1`, recent, int64(ago(364))))
	w.cleans(1)
	for command, want := range map[string]exam.Reason{old: "", recent: exam.NotOpen} {
		got, err := w.StartRejection(w.ctx, s.d.Slug, s.user.ID, command)
		w.must(err)
		if got != want {
			w.Errorf("remembered %q, want %q", got, want)
		}
	}
	s.sound()
}

// kept is a kind of row that is kept for some time.
type kept struct {
	table string
	put   func(id string) error
	found func(id string) bool
}

func (w *world) keptRows() (uploads, jobs, messages kept) {
	d, u := w.newExam(1), w.newUser()
	by := w.By(w.act(store.ActCommand, nil))
	uploads = kept{"uploads",
		func(id string) error { return w.PutUpload(w.ctx, store.Upload{ID: id, Owner: u.ID}) },
		func(id string) bool { _, err := w.Upload(w.ctx, id, u.ID); return err == nil }}
	jobs = kept{"jobs",
		func(id string) error {
			_, _, err := by.CreateJob(w.ctx, store.Job{ID: id, Kind: store.JobRoster, Actor: u.ID, Args: json.RawMessage(`{}`)})
			return err
		},
		func(id string) bool { _, _, err := w.Job(w.ctx, id); return err == nil }}
	messages = kept{"messages",
		func(id string) error {
			return by.PutMessage(w.ctx, store.Message{ID: id, Exam: d.Slug, Actor: u.ID, Text: "text"})
		},
		func(id string) bool {
			list, err := w.MessagesOf(w.ctx, d.Slug, 9)
			w.must(err)
			return slices.ContainsFunc(list, func(m store.Message) bool { return m.ID == id })
		}}
	return uploads, jobs, messages
}

// cleanWork ages rows by the column that decides; a job that never ended stays.
func cleanWork(w *world) {
	w.cleansFirst()
	uploads, jobs, messages := w.keptRows()
	rows := []struct {
		kept
		column string
		days   int
		stays  bool
	}{
		{uploads, "created", 0, true}, {uploads, "created", 2, false},
		{jobs, "finished", 89, true}, {jobs, "finished", 91, false}, {jobs, "created", 1_000, true},
		{messages, "created", 399, true}, {messages, "created", 401, false},
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = uuid.NewString()
		w.must(r.put(ids[i]))
		w.must(w.Exec(w.ctx, `UPDATE `+r.table+` SET `+r.column+` = $2 WHERE id = $1`, ids[i], int64(ago(r.days))))
	}
	w.cleans(3)
	for i, r := range rows {
		if got := r.found(ids[i]); got != r.stays {
			w.Errorf("%s of %d days by %s: found: %t", r.table, r.days, r.column, got)
		}
	}
}
