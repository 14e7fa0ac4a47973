package cli_test

import (
	"strings"
	"testing"

	"shiken/cli"
	"shiken/store"
)

// recorded are action and object of the entries of the audit log, the oldest first.
func (sh *shell) recorded() string {
	sh.t.Helper()
	entries, _, err := sh.store().AuditLog(sh.t.Context(), store.AuditQuery{Limit: 100})
	if err != nil {
		sh.t.Fatal(err)
	}
	var lines []string
	for i := range entries {
		e := &entries[len(entries)-1-i]
		if e.Actor != "" || e.ActorName == "" {
			sh.t.Errorf("%s by %q %q: nobody at the terminal has an id", e.Action, e.Actor, e.ActorName)
		}
		if strings.Contains(string(e.Details), "argon2") {
			sh.t.Errorf("a password is told: %s", e.Details)
		}
		object := e.Object
		if strings.HasPrefix(string(e.Action), "user.") {
			object = ""
		}
		lines = append(lines, strings.TrimSpace(string(e.Action)+" "+object))
	}
	return strings.Join(lines, "\n")
}

// TestLoadIsRecorded: a load that is refused or changes no exam leaves no entry.
func TestLoadIsRecorded(t *testing.T) {
	sh := newShell(t)
	set := sh.file("basics.csv", basics)
	exam := sh.file("exam.yaml", examText("e", "true", "  - from: {set: basics}\n"))
	sh.run(cli.ExitRefused, "", "load", exam)
	sh.run(cli.ExitOK, "", "load", "--dry-run", set, exam)
	sh.run(cli.ExitOK, "", "load", set, exam)
	sh.run(cli.ExitOK, "", "load", exam)
	if got, want := sh.recorded(), "questions.load basics\nexam.save e"; got != want {
		t.Errorf("recorded:\n%s\nwant:\n%s", got, want)
	}
}

// TestFirstStartIsRecorded: what is there before anybody signs in has an entry, too.
func TestFirstStartIsRecorded(t *testing.T) {
	sh := newShell(t)
	sh.firstStart()
	first := sh.recorded()
	sh.firstStart()
	got := sh.recorded()
	if got != first || strings.Count(got, "user.create") != 2 || strings.Count(got, "exam.save sample-") != 3 ||
		!strings.HasPrefix(got, "questions.load ") {
		t.Errorf("recorded:\n%s\nafter the second start:\n%s", first, got)
	}
	_, said := sh.run(cli.ExitOK, "", "verify")
	wantContains(t, said, "entries of the audit log", "sound")
}
