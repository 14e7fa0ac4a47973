package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"shiken/devtools/browser"
	"shiken/devtools/cluster"
)

// TestDatabaseOutage: Postgres is killed while candidates sit. What was typed stays on the page of the
// outage, which sends it by itself where scripts run and by its button where not; every answer arrives
// when the database is back, once, and nobody signs in again.
func TestDatabaseOutage(t *testing.T) {
	t.Parallel()
	c := cluster.Start(t, 2, func(o *cluster.Options) { o.Binary = program(t) })
	load(t, c.Instances[0], "write.gift", "::A::Write about the first. {}\n\n::B::Write about the second. {}\n\n::C::Write about the third. {}\n")
	// Linear, since a page of a free exam goes on by itself as soon as it has the next one.
	load(t, c.Instances[0], "write.yaml", `exam: write
title: {ja: 作文, en: Writing}
navigation: linear
attempts: 0
release: {score: immediately, answers: immediately, keys: never}
open_to: [everyone]
published: true
sections: [{from: {set: write}}]
`)
	accounts := candidates(t, c.Instances[0], 5)
	w := sitAndWrite(t, c, accounts[0])
	x := gather(t, c, accounts[1:], true)
	x.answers(t, 10)

	w.write("before the database was killed")
	over := time.After(awayFor(t))
	if err := c.Postgres.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitStage(t, c, 4) // a killed server's processes answer for a moment longer
	w.waits("before the database was killed")
	<-over
	if err := c.Postgres.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.arrives(1, "before the database was killed")
	awaitStage(t, c, 1)
	x.answers(t, 10)
	if x.failed.Load() == 0 {
		t.Error("no candidate met the outage")
	}
	x.goHome(t, c)

	// Every instance is gone: the browser has only what its page keeps.
	w.write("before the instances were killed")
	for _, i := range c.Instances {
		i.Kill()
	}
	w.waits("before the instances were killed")
	for _, i := range c.Instances {
		start(t, i)
	}
	w.arrives(2, "before the instances were killed")
	verify(t, c.Instances[0])
}

// essayist sits an exam of essays in a browser.
type essayist struct {
	t       *testing.T
	c       *cluster.Cluster
	tab     *browser.Tab
	attempt string
}

func sitAndWrite(t *testing.T, c *cluster.Cluster, a cluster.Account) *essayist {
	t.Helper()
	person := signedIn(t, c.URL(), a)
	attempt := begin(t, person, "write").Data("attempt")
	browsing := browser.Start(t).Person(t, browser.Options{Base: c.URL(), Language: "en"})
	browsing.Carry(person.Cookies())
	w := &essayist{t: t, c: c, tab: browsing.First(), attempt: attempt}
	w.tab.Allow(`: 50[0-9]$`) // that the server is away
	w.tab.Open("/attempts/" + attempt + "/questions/1")
	return w
}

func (w *essayist) write(text string) {
	w.t.Helper()
	w.tab.Click("textarea")
	w.tab.Paste(text)
}

// waits presses Next, which nobody answers: the page stays, with what was typed, and says so.
func (w *essayist) waits(text string) {
	w.t.Helper()
	w.tab.Click(`button[value=next]`)
	w.tab.Await(fmt.Sprintf(`document.querySelector("[data-travel]").textContent !== "" && document.querySelector("textarea").value === %q`, text))
}

// arrives wants the answer of question n to be saved once, and the next question to be shown without
// anybody having done anything.
func (w *essayist) arrives(n int, text string) {
	w.t.Helper()
	w.tab.Await(fmt.Sprintf(`document.querySelector("main")?.dataset.position === "%d"`, n+1))
	w.tab.Await(`document.querySelector("[data-travel]").textContent === "" && !document.querySelector("main").inert`)
	// On a slow machine a draft was saved before the outage, and the answer with it.
	const saved = `SELECT count(*) FROM responses WHERE attempt_id = $1 AND position = $2 AND rev <= 2 AND strpos(answer::text, $3) > 0`
	if rows := countRows(w.t, w.c.DatabaseURL(), saved, w.attempt, n, text); rows != 1 {
		w.t.Errorf("question %d: the answer is not what was typed, or was saved twice", n)
	}
	if moves := countRows(w.t, w.c.DatabaseURL(), `SELECT count(*) FROM journal WHERE attempt_id = $1 AND kind = 'move'`, w.attempt); moves != n {
		w.t.Errorf("%d moves in the journal, want %d", moves, n)
	}
}
