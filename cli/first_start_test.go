package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"shiken/accounts"
	"shiken/cli"
	"shiken/cli/phrase"
	"shiken/config"
	"shiken/devtools/services"
	"shiken/exam"
	"shiken/questionset"
	"shiken/questionset/samples"
	"shiken/store"
	"shiken/store/postgres"
)

func configured(t *testing.T, args ...string) *config.Config {
	t.Helper()
	cfg, _, err := config.Load(args, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return &cfg
}

func (sh *shell) firstStart(args ...string) cli.First {
	sh.t.Helper()
	first, err := cli.FirstStart(sh.t.Context(), sh.store(), accounts.NewHasher(), configured(sh.t, args...))
	if err != nil {
		sh.t.Fatal(err)
	}
	return first
}

func TestFirstStartMakesAdminAndSamples(t *testing.T) {
	sh := newShell(t)
	first := sh.firstStart()
	if !first.AdminMade || !first.Demo || !first.DemoLocal || !sh.mayEnter("admin", first.AdminPassword) || !sh.mayEnter("demo", "demo-candidate") {
		t.Errorf("told %+v", first)
	}
	s := sh.store()
	for _, slug := range []string{"sample-free", "sample-linear", "sample-practice"} {
		checkSample(t, s, slug)
	}
	again := sh.firstStart()
	if again.AdminMade || again.AdminPassword != "" || !again.Demo {
		t.Errorf("the second start told %+v", again)
	}
}

// checkSample draws a sample exam with several seeds: ten questions each, as docs/design.md §10 says.
func checkSample(t *testing.T, s store.Store, slug string) {
	t.Helper()
	d, err := s.Definition(t.Context(), slug)
	if err != nil {
		t.Fatalf("%s: %v", slug, err)
	}
	pools, err := s.LoadPools(t.Context(), &d)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(50) {
		paper, err := exam.Draw(exam.DrawRequest{Seed: exam.Seed{byte(seed)}, Definition: &d, Pools: pools})
		if err != nil || paper.Len() != 10 {
			t.Fatalf("%s with seed %d: %d questions, %v", slug, seed, paper.Len(), err)
		}
	}
	if !d.Published || d.Attempts != 0 || !d.OpenToAny(nil) || d.Rules.Release.Score.When != exam.Immediately {
		t.Errorf("%s: %+v", slug, d)
	}
}

func TestFirstStartWithoutSamples(t *testing.T) {
	sh := newShell(t)
	first := sh.firstStart("--demo=0", "--admin-password", "correct horse")
	if !first.AdminMade || first.AdminPassword != "" || first.Demo || !sh.mayEnter("admin", "correct horse") {
		t.Errorf("told %+v", first)
	}
	if exams, err := sh.store().Definitions(t.Context()); err != nil || len(exams) != 0 {
		t.Errorf("exams %v, %v", exams, err)
	}
	if again := sh.firstStart("--demo=1"); again.Demo {
		t.Error("samples were made although there is a user")
	}
}

func TestInterruptedFirstStartIsFinished(t *testing.T) {
	sh := newShell(t)
	demo := store.User{Username: "demo", Roles: []store.Role{store.RoleCandidate}, Demo: true}
	demo, err := accounts.NewUser(t.Context(), accounts.NewHasher(), demo, "demo-candidate", 1)
	if err == nil {
		err = sh.store().CreateUser(t.Context(), demo)
	}
	if err != nil {
		t.Fatal(err)
	}
	if first := sh.firstStart(); !first.AdminMade || !first.Demo {
		t.Errorf("told %+v", first)
	}
}

// TestSeveralFirstStartsAtOnce: instances that start together on one empty database, each on
// connections of its own, make everything once, and none fails.
func TestSeveralFirstStartsAtOnce(t *testing.T) {
	for name, backend := range map[string]func(t *testing.T) func() store.Store{
		"sqlite": func(t *testing.T) func() store.Store { return newShell(t).store },
		"postgres": func(t *testing.T) func() store.Store {
			url := services.Postgres(t)
			return func() store.Store { return openPostgres(t, url) }
		},
	} {
		t.Run(name, func(t *testing.T) { firstStartsAtOnce(t, backend(t)) })
	}
}

func openPostgres(t *testing.T, url string) store.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func firstStartsAtOnce(t *testing.T, open func() store.Store) {
	made := make([]cli.First, 3)
	instances := make([]store.Store, len(made))
	for i := range instances {
		instances[i] = open()
	}
	cfg := configured(t)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			var err error
			if made[i], err = cli.FirstStart(t.Context(), instances[i], accounts.NewHasher(), cfg); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s := instances[0]
	var passwords []string
	for _, first := range made {
		if !first.Demo {
			t.Error("one start does not tell of the demo candidate")
		}
		if first.AdminMade {
			passwords = append(passwords, first.AdminPassword)
		}
	}
	if len(passwords) != 1 || !mayEnter(t, s, "admin", passwords[0]) {
		t.Errorf("passwords of admin that were told: %q", passwords)
	}
	if users, err := s.Users(t.Context()); err != nil || len(users) != 2 {
		t.Errorf("users %+v, %v; want admin and demo", users, err)
	}
	for _, slug := range []string{"sample-free", "sample-linear", "sample-practice"} {
		checkSample(t, s, slug)
	}
	for _, file := range samples.Sets() {
		parsed, err := questionset.Parse(t.Context(), file.Name, bytes.NewReader(file.Data), questionset.Options{})
		if err != nil {
			t.Fatal(err)
		}
		pools, err := s.LoadPools(t.Context(), &exam.Definition{Sections: []exam.SectionDefinition{{From: exam.Source{Set: file.Base()}}}})
		if err != nil || len(pools[0]) != len(parsed.Questions) {
			t.Errorf("%s: %d questions of %d, %v", file.Name, len(pools[0]), len(parsed.Questions), err)
		}
	}
}

func TestGreet(t *testing.T) {
	tests := []struct {
		name     string
		first    cli.First
		want     []string
		unwanted string
	}{
		{"first", cli.First{AdminMade: true, AdminPassword: "s3cret", Demo: true, DemoLocal: true},
			[]string{"http://x:1", "admin", "s3cret", "demo-candidate", "from this machine"}, "SHIKEN_ADMIN_PASSWORD"},
		{"given password", cli.First{AdminMade: true}, []string{"http://x:1", "SHIKEN_ADMIN_PASSWORD"}, "demo"},
		{"later", cli.First{Demo: true}, []string{"http://x:1", "demo-candidate"}, "admin"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			cli.Greet(&out, phrase.English, "http://x:1", tt.first)
			wantContains(t, out.String(), tt.want...)
			if strings.Contains(out.String(), tt.unwanted) {
				t.Errorf("%q is in %s", tt.unwanted, &out)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	sh := newShell(t)
	sh.firstStart()
	_, said := sh.run(cli.ExitOK, "", "verify")
	wantContains(t, said, "sound")
	receipts := filepath.Join(t.TempDir(), "receipts")
	line := "00000000-0000-4000-8000-000000000000 1 " + strings.Repeat("ab", 32) + "\n"
	if err := os.WriteFile(receipts, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	out, said := sh.run(cli.ExitRefused, "", "verify", "--receipts", receipts)
	wantContains(t, out, "00000000-0000-4000-8000-000000000000")
	wantContains(t, said, "1 fault was found.", "Line 1 of the receipts: there is no attempt 00000000", "1 receipt was held against its journal: 0 confirmed.")
	if err := os.WriteFile(receipts, []byte("rubbish\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, said = sh.run(cli.ExitRefused, "", "verify", "--receipts", receipts)
	wantContains(t, said, "attempt seq hash")
}
