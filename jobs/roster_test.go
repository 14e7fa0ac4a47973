package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/jobs"
	"shiken/store"
)

const rosterHeader = "username,name,password,groups,extra_time_percent\n"

// hasher makes passwords that cost next to nothing.
var hasher = accounts.NewCheapHasher(accounts.Cost{Memory: 8, Passes: 1})

// rosters are those of a store, with a job that imports a file.
func (h *hall) rosters(body string) (*jobs.Rosters, store.Job) {
	h.t.Helper()
	sealer := accounts.NewSealer([]byte(strings.Repeat("secret ", 5)))
	r := &jobs.Rosters{Store: h.store, Hasher: hasher, Sealer: sealer}
	job := store.Job{ID: uuid.NewString(), Kind: store.JobRoster, Actor: h.user(), Created: 77}
	upload := uuid.NewString()
	must(h.t, h.store.PutUpload(context.Background(), store.Upload{
		ID: upload, Owner: job.Actor, Kind: store.UploadRoster, Data: jobs.SealRoster(sealer, upload, []byte(rosterHeader+body)),
	}))
	args, err := json.Marshal(jobs.RosterArgs{Upload: upload, File: "名簿.csv"})
	must(h.t, err)
	job.Args = args
	return r, job
}

func doRoster(t *testing.T, r *jobs.Rosters, job store.Job) jobs.RosterOutcome {
	t.Helper()
	out, err := r.Do(context.Background(), job, func(int) {})
	must(t, err)
	return out.(jobs.RosterOutcome)
}

// mayEnter reports whether a password opens an account.
func (h *hall) mayEnter(username, password string) bool {
	h.t.Helper()
	a := accounts.Authenticator{Accounts: h.store, Hasher: hasher}
	v, err := a.Check(context.Background(), username, password, accounts.Client{Local: true})
	must(h.t, err)
	return v.Kind == accounts.OK
}

func wantOutcome(t *testing.T, got, want jobs.RosterOutcome) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
}

func TestRosterImported(t *testing.T) {
	h := newHall(t, 0)
	r, job := h.rosters("hana,花,,2026,25\nken,,given password,,\n")
	wantOutcome(t, doRoster(t, r, job), jobs.RosterOutcome{New: 2, Made: 1})
	slips, at, err := r.Slips(context.Background(), job.ID, job.Actor)
	if err != nil || len(slips.People) != 1 || slips.People[0].Name != "花" || at == 0 {
		t.Fatalf("slips %+v at %d, %v", slips, at, err)
	}
	if !h.mayEnter("hana", slips.People[0].Password) || !h.mayEnter("ken", "given password") {
		t.Error("a password does not open its account")
	}
	if _, _, err := r.Slips(context.Background(), job.ID, h.user()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another reads the slips: %v", err)
	}
	stored, err := h.store.Upload(context.Background(), jobs.SlipsID(job.ID), job.Actor)
	if err != nil || strings.Contains(string(stored.Data), slips.People[0].Password) || strings.Contains(string(stored.Data), "hana") {
		t.Errorf("the slips are stored in clear, %v", err)
	}
	must(t, r.EraseSlips(context.Background(), job.ID, job.Actor))
	if _, _, err := r.Slips(context.Background(), job.ID, job.Actor); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("erased slips: %v", err)
	}
	entries, n, err := h.store.AuditLog(context.Background(), store.AuditQuery{Limit: 5})
	if err != nil || n != 1 || entries[0].Action != store.ActImportUsers || entries[0].Actor != job.Actor ||
		strings.Contains(string(entries[0].Details), "password\":\"") {
		t.Errorf("%d entries: %+v, %v", n, entries, err)
	}
}

// TestRosterDoneTwice: two runners at once, and one after a crash before the job was ended, tell the same
// passwords and the same numbers.
func TestRosterDoneTwice(t *testing.T) {
	h := newHall(t, 0)
	r, job := h.rosters("a,,,,\nb,,,,\nc,,given password,,\n")
	var both sync.WaitGroup
	for range 3 {
		both.Go(func() { wantOutcome(t, doRoster(t, r, job), jobs.RosterOutcome{New: 3, Made: 2}) })
	}
	both.Wait()
	wantOutcome(t, doRoster(t, r, job), jobs.RosterOutcome{New: 3, Made: 2})
	slips, _, err := r.Slips(context.Background(), job.ID, job.Actor)
	must(t, err)
	for _, p := range slips.People {
		if !h.mayEnter(p.Username, p.Password) {
			t.Errorf("%s cannot sign in", p.Username)
		}
	}
	if _, n, err := h.store.AuditLog(context.Background(), store.AuditQuery{Limit: 5}); err != nil || n != 1 {
		t.Errorf("%d entries of one import, %v", n, err)
	}
}

// losing is a store that does not answer the storing of a roster, once.
type losing struct {
	jobs.RosterStore
	before func()
	lost   bool
}

func (l *losing) By(act store.Act) store.Actions { return losingActions{l.RosterStore.By(act), l} }

type losingActions struct {
	store.Actions
	l *losing
}

func (a losingActions) PutUsers(ctx context.Context, users []store.RosterChange) error {
	if a.l.lost {
		return a.Actions.PutUsers(ctx, users)
	}
	a.l.lost = true
	if a.l.before != nil {
		a.l.before()
		return a.Actions.PutUsers(ctx, users)
	}
	return errors.Join(a.Actions.PutUsers(ctx, users), store.ErrUnavailable)
}

// TestRosterGoneOnWith: the answer is lost, and whoever goes on with the job finds it done.
func TestRosterGoneOnWith(t *testing.T) {
	h := newHall(t, 0)
	r, job := h.rosters("a,,,,\n")
	r.Store = &losing{RosterStore: h.store}
	if _, err := r.Do(context.Background(), job, func(int) {}); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("error %v", err)
	}
	wantOutcome(t, doRoster(t, r, job), jobs.RosterOutcome{New: 1, Made: 1})
	slips, _, err := r.Slips(context.Background(), job.ID, job.Actor)
	if err != nil || !h.mayEnter("a", slips.People[0].Password) {
		t.Errorf("slips %+v, %v", slips, err)
	}
}

// TestRosterBesideOthers: somebody makes one of the people meanwhile; the slips of that one are not told.
func TestRosterBesideOthers(t *testing.T) {
	h := newHall(t, 0)
	r, job := h.rosters("a,A,,,\nb,,,,\n")
	r.Store = &losing{RosterStore: h.store, before: func() {
		must(t, h.store.CreateUser(context.Background(), store.User{
			ID: uuid.NewString(), Username: "a", Name: "Another", Roles: []store.Role{store.RoleCandidate},
		}))
	}}
	wantOutcome(t, doRoster(t, r, job), jobs.RosterOutcome{New: 1, Updated: 1, Made: 1, Theirs: []string{"a"}})
}

func TestRosterRefused(t *testing.T) {
	h := newHall(t, 0)
	r, faulty := h.rosters("-,,,,\n")
	_, gone := h.rosters("a,,,,\n")
	var args jobs.RosterArgs
	must(t, json.Unmarshal(gone.Args, &args))
	must(t, h.store.DropUpload(context.Background(), args.Upload, gone.Actor))
	_, foreign := h.rosters("a,,,,\n")
	foreign.Actor = gone.Actor
	other := accounts.NewSealer([]byte(strings.Repeat("another", 5)))
	_, sealed := h.rosters("a,,,,\n")
	for _, tt := range []struct {
		name    string
		rosters *jobs.Rosters
		job     store.Job
		want    jobs.RosterRefusal
	}{
		{"faults", r, faulty, jobs.RosterFaulty},
		{"gone", r, gone, jobs.RosterGone},
		{"another's", r, foreign, jobs.RosterGone},
		{"another secret", &jobs.Rosters{Store: h.store, Hasher: hasher, Sealer: other}, sealed, jobs.RosterFaulty},
	} {
		if got := doRoster(t, tt.rosters, tt.job); got.Refused != tt.want || got.New != 0 {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
	if _, err := h.store.UserByName(context.Background(), "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody was made: %v", err)
	}
}

// TestRosterIsTidied: an imported roster is kept no longer, since there may be passwords in it; one that
// was not imported stays for another try.
func TestRosterIsTidied(t *testing.T) {
	h := newHall(t, 0)
	r, job := h.rosters("a,,given password,,\n")
	upload, err := jobs.RosterOf(&job)
	must(t, err)
	ctx := context.Background()
	for _, left := range []any{nil, jobs.RosterOutcome{Refused: jobs.RosterMoved}} {
		must(t, r.Tidy(ctx, job, left))
		if _, err := h.store.Upload(ctx, upload, job.Actor); err != nil {
			t.Fatalf("after %+v: %v", left, err)
		}
	}
	must(t, r.Tidy(ctx, job, doRoster(t, r, job)))
	if _, err := h.store.Upload(ctx, upload, job.Actor); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the roster is still there: %v", err)
	}
}
