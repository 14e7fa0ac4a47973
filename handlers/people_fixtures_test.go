package handlers_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"shiken/accounts"
	"shiken/jobs"
	"shiken/store"
)

const rosterHeader = "username,name,password,groups,extra_time_percent\n"

// upload keeps a roster of these lines as the page does, and returns its id.
func (s *site) upload(owner, lines string) string {
	s.t.Helper()
	id := uuid.NewString()
	must(s.t, s.store.PutUpload(s.t.Context(), store.Upload{
		ID: id, Owner: s.users[owner].ID, Kind: store.UploadRoster, Name: "roster.csv",
		Data: jobs.SealRoster(s.rosters.Sealer, id, []byte(rosterHeader+lines)),
	}))
	return id
}

const givenHeader = "username,exam,extra_time_percent,open,last_start,close,attempts,reason\n"

// gave keeps a file of accommodations of these lines as the page does, and returns its id.
func (s *site) gave(owner, lines string) string {
	s.t.Helper()
	id := uuid.NewString()
	must(s.t, s.store.PutUpload(s.t.Context(), store.Upload{
		ID: id, Owner: s.users[owner].ID, Kind: store.UploadAccommodations, Name: "given.csv",
		Data: s.rosters.Sealer.Seal([]byte("\x00"+givenHeader+lines), "accommodations "+id),
	}))
	return id
}

// importDone stores a finished import of somebody's, which made a password for "nobody".
func (s *site) importDone(actor string) string {
	s.t.Helper()
	ctx, u, id := s.t.Context(), s.users[actor], uuid.NewString()
	args, err := json.Marshal(jobs.RosterArgs{File: "roster.csv"})
	must(s.t, err)
	_, _, err = s.store.By(store.Act{Actor: u.ID, ActorName: u.Username, Action: store.ActImportUsers, Object: "roster.csv"}).CreateJob(ctx, store.Job{
		ID: id, Kind: store.JobRoster, Actor: u.ID, Args: args, Total: 1,
	})
	must(s.t, err)
	outcome, err := json.Marshal(jobs.RosterOutcome{New: 1, Made: 1})
	must(s.t, err)
	must(s.t, s.store.FinishJob(ctx, id, 1, outcome))
	slips, err := json.Marshal(jobs.Slips{New: 1, People: []accounts.MadePassword{{Username: "nobody", Name: "=1+1", Password: "made-password"}}})
	must(s.t, err)
	upload := jobs.SlipsID(id)
	must(s.t, s.store.PutUpload(ctx, store.Upload{
		ID: upload, Owner: u.ID, Kind: store.UploadSlips, Data: s.rosters.Sealer.Seal(slips, "slips "+upload),
	}))
	return id
}

// staffed is a site with dora, an admin, in a browser.
func staffed(t *testing.T) (*site, *client) {
	s := newSite(t)
	s.user("dora", store.RoleAdmin)
	return s, s.signedIn("dora").inProcess(s)
}

// found reads a user again.
func (s *site) found(name string) store.User {
	s.t.Helper()
	u, err := s.store.UserByName(s.t.Context(), name)
	must(s.t, err)
	return u
}

// enters reports whether a password opens an account.
func (s *site) enters(name, word string) bool {
	s.t.Helper()
	a := s.client().inProcess(s).post("/login", credentials(name, word))
	return a.code == http.StatusSeeOther
}

// auditLog lists the newest entries of the audit log, the newest first.
func (s *site) auditLog() []store.AuditEntry {
	s.t.Helper()
	entries, _, err := s.store.AuditLog(s.t.Context(), store.AuditQuery{Limit: 100})
	must(s.t, err)
	for _, e := range entries {
		if text := string(e.Details); contains(text, password) || contains(text, "argon2") {
			s.t.Errorf("an entry tells a password: %s", text)
		}
	}
	return entries
}

// personForm is the form of a person's page as a browser would send it.
func (a *answer) personForm() url.Values {
	a.t.Helper()
	form := a.doc().Find("form.editor").First()
	if form.Length() == 0 {
		a.t.Fatalf("no form on the page\n%s", a.body)
	}
	out := fieldsIn(form)
	form.Find("input[type=number]").Each(func(_ int, i *selection) { out.Set(i.AttrOr("name", ""), i.AttrOr("value", "")) })
	return out
}

// databaseBytes are all files of the database.
func databaseBytes(s *site) ([]byte, error) {
	var out []byte
	files, err := filepath.Glob(s.file + "*")
	for _, file := range files {
		data, errRead := os.ReadFile(file)
		out, err = append(out, data...), errors.Join(err, errRead)
	}
	return out, err
}
