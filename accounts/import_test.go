package accounts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"shiken/accounts"
	"shiken/store"
)

// parsed reads a roster without faults.
func parsed(t *testing.T, body string) []accounts.RosterLine {
	t.Helper()
	roster, err := accounts.ParseRoster(strings.NewReader(rosterHeader + body))
	if err != nil || roster.Faults != nil {
		t.Fatal(roster.Faults, err)
	}
	return roster.Lines
}

// importing is an import of random passwords into the fake store.
func importing(a *accounts.Authenticator, f *fakeStore) (*accounts.Import, func(*accounts.Plan) []accounts.MadePassword) {
	im, told := accounts.ImportOnce(f, a.Hasher, 77)
	im.Put = func(ctx context.Context, _ *accounts.Plan, changes []store.RosterChange) error {
		return f.putUsers(ctx, changes)
	}
	return im, told
}

func TestPlanRoster(t *testing.T) {
	_, f := setUp(t)
	f.groups = []string{"2026"}
	hana := f.users["hana"]
	hana.Name, hana.Roles, hana.Groups = "花", []store.Role{store.RoleCandidate, store.RoleAdmin}, []string{"a", "2026"}
	f.users["hana"] = hana
	p, err := accounts.PlanRoster(t.Context(), f, parsed(t,
		"hana,花,,2026;a,\n"+"demo,Demo,"+goodPassword+",,\n"+"old,Another,,new group,\n"+"new1,,,2026,\n"+"new2,,given password,,\n"))
	if err != nil || p.New != 2 || p.Updated != 2 || p.Unchanged != 1 || p.Given != 2 || p.Made != 1 ||
		!slices.Equal(p.Groups, []string{"a", "new group"}) {
		t.Fatalf("%+v, %v", p, err)
	}
	want := []accounts.LineChange{
		accounts.LineUnchanged, accounts.LineUpdate, accounts.LineUpdate, accounts.LineNew, accounts.LineNew,
	}
	for i := range p.Lines {
		if p.Lines[i].Change != want[i] || p.Lines[i].IsStaff() != (i == 0) {
			t.Errorf("line %d: %s, staff %v", i, p.Lines[i].Change, p.Lines[i].IsStaff())
		}
	}
}

// TestShortRosterKeeps: what a roster has no column for stays, and an empty name.
func TestShortRosterKeeps(t *testing.T) {
	a, f := setUp(t)
	hana := f.users["hana"]
	hana.Name, hana.Roles, hana.Groups, hana.ExtraPercent = "花", []store.Role{store.RoleCandidate}, []string{"2026"}, 25
	f.users["hana"] = hana
	for _, tt := range []struct {
		roster string
		groups []string
		extra  int
	}{
		{"username\nhana\n", []string{"2026"}, 25},
		{"username,name,groups\nhana,,a\n", []string{"a"}, 25},
		{"username,groups,extra_time_percent\nhana,,\n", nil, 0},
	} {
		roster, err := accounts.ParseRoster(strings.NewReader(tt.roster))
		if err != nil || roster.Faults != nil {
			t.Fatal(roster.Faults, err)
		}
		im, _ := importing(a, f)
		if _, err := im.Run(t.Context(), roster.Lines); err != nil {
			t.Fatal(err)
		}
		if got := f.users["hana"]; got.Name != "花" || got.ExtraPercent != tt.extra || !slices.Equal(got.Groups, tt.groups) {
			t.Errorf("%q: hana is %+v", tt.roster, got)
		}
	}
}

func TestImport(t *testing.T) {
	a, f := setUp(t)
	hana := f.users["hana"]
	hana.Roles, hana.Groups = []store.Role{store.RoleAdmin}, []string{"old group"}
	f.users["hana"] = hana
	demo := f.users["demo"]
	demo.Name, demo.Roles = "demo", []store.Role{store.RoleCandidate}
	f.users["demo"] = demo
	lines := parsed(t, "hana,Hana,,2026,50\n"+ // known, keeps its password
		"demo,,"+goodPassword+",,\n"+ // known, the same password
		"old,Old,another horse,,\n"+ // known, a new password
		"new1,,given password,,\n"+"new2,,,,\n"+"new3,,,,\n")
	var progress atomic.Int64
	im, told := importing(a, f)
	im.Progress = func(done int) { progress.Add(int64(done)) }
	p, err := im.Run(t.Context(), lines)
	if err != nil || p.New != 3 || p.Updated != 2 || p.Unchanged != 1 || progress.Load() != 1+2+3+4+5+6 {
		t.Fatalf("imported %+v, %v; progress %d", p, err, progress.Load())
	}
	made := told(p)
	if len(made) != 2 || made[0].Username != "new2" || made[1].Username != "new3" {
		t.Fatalf("made passwords for %v", made)
	}
	if !slices.Equal(f.revoked, []string{"old"}) {
		t.Errorf("new passwords of %v, want of old only", f.revoked)
	}
	got := f.users["hana"]
	if got.Name != "Hana" || got.ExtraPercent != 50 || !slices.Equal(got.Groups, []string{"2026"}) ||
		!slices.Equal(got.Roles, []store.Role{store.RoleAdmin, store.RoleCandidate}) || got.PasswordHash != hana.PasswordHash {
		t.Errorf("hana is now %+v", got)
	}
	if got := f.users["new1"]; got.ID == "" || got.Created != 77 || !slices.Equal(got.Roles, []store.Role{store.RoleCandidate}) {
		t.Errorf("new1 is %+v", got)
	}
	for username, password := range map[string]string{
		"hana": goodPassword, "new1": "given password", "new2": made[0].Password, "demo": goodPassword,
	} {
		if v := check(t, a, username, password, here); v.Kind != accounts.OK {
			t.Errorf("%s: kind %d", username, v.Kind)
		}
	}
}

// TestImportIsAllOrNothing: what the store refuses is not there in part.
func TestImportIsAllOrNothing(t *testing.T) {
	a, f := setUp(t)
	f.broken = store.ErrUnavailable
	im, _ := importing(a, f)
	if _, err := im.Run(t.Context(), []accounts.RosterLine{{Line: 2, Username: "x"}}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	if slices.Contains(f.named(), "x") {
		t.Error("somebody was stored")
	}
}

// TestImportAgainAfterALostAnswer: it was stored and nobody heard so; the passwords told are right, and a
// second import changes nothing.
func TestImportAgainAfterALostAnswer(t *testing.T) {
	a, f := setUp(t)
	lines := parsed(t, "p1,,,,\np2,,given password,,\n")
	im, told := importing(a, f)
	put := im.Put
	im.Put = func(ctx context.Context, p *accounts.Plan, c []store.RosterChange) error {
		return errors.Join(put(ctx, p, c), store.ErrUnavailable)
	}
	p, err := im.Run(t.Context(), lines)
	if !errors.Is(err, store.ErrUnavailable) || len(told(p)) != 1 {
		t.Fatalf("imported %+v, %v", p, err)
	}
	second, tells := importing(a, f)
	again, err := second.Run(t.Context(), lines)
	if err != nil || again.Unchanged != 2 || len(tells(again)) != 0 {
		t.Fatalf("imported again %+v, %v", again, err)
	}
	if v := check(t, a, "p1", told(p)[0].Password, here); v.Kind != accounts.OK {
		t.Errorf("kind %d", v.Kind)
	}
}

// TestImportBesideOthers: somebody creates one of the people meanwhile; the roster is planned anew, and
// nobody is told a password that is not theirs.
func TestImportBesideOthers(t *testing.T) {
	a, f := setUp(t)
	lines := parsed(t, "p,,,,\nq,,,,\n")
	im, told := importing(a, f)
	put, tries := im.Put, 0
	im.Put = func(ctx context.Context, p *accounts.Plan, c []store.RosterChange) error {
		if tries++; tries == 1 {
			f.users["p"] = store.User{ID: "another's", Username: "p", Name: "P", PasswordHash: f.users["hana"].PasswordHash}
		}
		return put(ctx, p, c)
	}
	p, err := im.Run(t.Context(), lines)
	if err != nil || tries != 2 || p.New != 1 || p.Updated != 1 {
		t.Fatalf("%d tries: %+v, %v", tries, p, err)
	}
	if made := told(p); len(made) != 1 || made[0].Username != "q" {
		t.Errorf("made %v", made)
	}
	im.Put = func(context.Context, *accounts.Plan, []store.RosterChange) error { return store.ErrMoved }
	if _, err := im.Run(t.Context(), parsed(t, "z,,given password,,\n")); !errors.Is(err, store.ErrMoved) {
		t.Errorf("others without end: %v", err)
	}
}

// TestImportDetails: the audit log is told who changes how, as far as there is room, and no password.
func TestImportDetails(t *testing.T) {
	_, f := setUp(t)
	body := "hana,Hana,another horse,,25\n"
	for i := range 3_000 {
		body += fmt.Sprintf("p%d,,,%s,\n", i, strings.Repeat("群", 20))
	}
	p, err := accounts.PlanRoster(t.Context(), f, parsed(t, body))
	if err != nil {
		t.Fatal(err)
	}
	var changes []store.RosterChange
	for i := range p.Lines {
		line := &p.Lines[i]
		changes = append(changes, store.RosterChange{New: line.Change == accounts.LineNew, User: store.User{
			Username: line.Username, Name: line.Name, ExtraPercent: line.ExtraPercent, Groups: line.Groups, PasswordHash: "hash",
		}})
	}
	d := p.Details("名簿.csv", changes)
	text, err := json.Marshal(d)
	if err != nil || len(text) > store.MaxAuditDetails || strings.Contains(string(text), "hash") || strings.Contains(string(text), "horse") {
		t.Errorf("%d bytes: %.200s, %v", len(text), text, err)
	}
	if first := d.People[0]; first.Username != "hana" || !first.Password || first.New != nil || first.Changes["extra_time_percent"].After != 25 {
		t.Errorf("the first is %+v", first)
	}
	if second := d.People[1]; second.New == nil || second.New.Name != "p0" || second.Password {
		t.Errorf("the second is %+v", second)
	}
	if len(d.People)+d.Unlisted != 3_001 || d.Unlisted == 0 || d.New != 3_000 || d.Updated != 1 {
		t.Errorf("%d listed, %d not", len(d.People), d.Unlisted)
	}
}
