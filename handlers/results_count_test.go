package handlers_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// sits sits the exam "test" once, with so many right answers of two and perhaps an essay, and hands it in.
func (s *site) sits(name string, right int, essay bool) string {
	s.t.Helper()
	c := s.signedIn(name)
	attempt := c.start()
	for n := 1; n <= right; n++ {
		form := c.question(attempt, n).commandForm()
		c.post(questionPath(attempt, n), with(fieldsIn(form), "answer", s.right(attempt, n), "action", "save")).status(http.StatusSeeOther)
	}
	if essay {
		form := c.question(attempt, 3).commandForm()
		c.post(questionPath(attempt, 3), with(fieldsIn(form), "answer", "An essay", "action", "save")).status(http.StatusSeeOther)
	}
	c.submit(attempt)
	return attempt
}

// resitting is a site on which ann sat an exam of two questions and an essay three times, the last time with
// an essay, which nobody has marked, when it waits, and bob once.
func resitting(t *testing.T, waits bool, changes ...func(*exam.Definition)) (*site, *client, []string) {
	s := newSite(t)
	key := exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}}
	s.load([]store.LoadedQuestion{
		loaded(0, exam.Question{Type: exam.SingleChoice, Options: options("a", "b", "c")}, key),
		loaded(1, exam.Question{Type: exam.SingleChoice, Options: options("a", "b", "c")}, key),
		loaded(2, exam.Question{Type: exam.Essay}, exam.Key{Revision: 1}),
	})
	s.exam(append([]func(*exam.Definition){func(d *exam.Definition) { d.Attempts, d.Rules.PassMark = 0, 50 }}, changes...)...)
	s.user("dora", store.RoleAdmin)
	attempts := []string{s.sits("ann", 1, false), s.sits("ann", 2, false), s.sits("bob", 0, false), s.sits("ann", 0, waits)}
	s.mark()
	return s, s.signedIn("dora"), attempts
}

// countedIn lists what a table of results says of each attempt: points and whether it counts.
func countedIn(page *answer) string {
	return strings.Join(page.doc().Find("table.results tbody tr").Map(func(_ int, row *selection) string {
		return strings.TrimSpace(row.Find("th .hint").Text()) + ":" + row.Find("[data-points]").AttrOr("data-points", "") + row.Find("[data-counted]").AttrOr("data-counted", "-")
	}), " ")
}

func TestResultsSayWhichAttemptCounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		counts    exam.Counting
		wait      bool
		all, each string
	}{
		{exam.CountBest, false, "ann:10000 ann:20000yes ann:0 bob:0yes", "ann:20000yes bob:0yes"},
		{exam.CountLast, false, "ann:10000 ann:20000 ann:0yes bob:0yes", "ann:0yes bob:0yes"},
		{exam.CountFirst, false, "ann:10000yes ann:20000 ann:0 bob:0yes", "ann:10000yes bob:0yes"},
		{exam.CountAverage, false, "ann:10000yes ann:20000yes ann:0yes bob:0yes", "ann:10000yes bob:0yes"},
		{exam.CountBest, true, "ann:10000awaiting ann:20000awaiting ann:awaiting bob:0yes", "ann:awaiting bob:0yes"},
		{exam.CountFirst, true, "ann:10000yes ann:20000 ann: bob:0yes", "ann:10000yes bob:0yes"},
	} {
		_, dora, _ := resitting(t, tt.wait, func(d *exam.Definition) { d.Counts = tt.counts })
		if got := countedIn(dora.get(resultsOfTest).status(http.StatusOK)); got != tt.all {
			t.Errorf("%q: every attempt: %s, want %s", tt.counts, got, tt.all)
		}
		page := dora.get(resultsOfTest + "?per=candidate&sort=-score&pass=failed").status(http.StatusOK)
		if got := countedIn(page); got != tt.each {
			t.Errorf("%q: every candidate: %s, want %s", tt.counts, got, tt.each)
		}
	}
}

// Voided attempts never count, and where everybody has one attempt the table says nothing of counting.
func TestVoidedAttemptsNeverCount(t *testing.T) {
	t.Parallel()
	s, dora, attempts := resitting(t, false)
	s.admin(attempts[1], exam.Command{Kind: exam.Void, Note: "copied"})
	if got, want := countedIn(dora.get(resultsOfTest)), "ann:10000yes ann:20000 ann:0 bob:0yes"; got != want {
		t.Errorf("the table says %s, want %s", got, want)
	}
	_, dora, _ = marked(t, func(d *exam.Definition) { d.Attempts = 1 })
	if n := dora.get(resultsOfTest).doc().Find("[data-counted], [data-counts], #per").Length(); n != 0 {
		t.Errorf("%d mentions where there is one attempt each", n)
	}
}

func TestFilesSayWhichAttemptCounts(t *testing.T) {
	t.Parallel()
	_, dora, _ := resitting(t, false, func(d *exam.Definition) { d.Counts = exam.CountAverage })
	for query, want := range map[string][]string{
		"":               {"ann 1 1 counts", "ann 2 2 counts", "ann 3 0 counts", "bob 1 0 counts"},
		"?per=candidate": {"ann 3 1 counts", "bob 1 0 counts"},
	} {
		a := dora.get(resultsOfTest + ".csv" + query).status(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
		must(t, err)
		var got []string
		at := func(name string) int { return slices.Index(rows[0], name) }
		for _, row := range rows[1:] {
			got = append(got, strings.Join([]string{row[at("Username")], row[at("Attempt")], row[at("Points")], row[at("Counts")]}, " "))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	dora.get(resultsOfTest + ".xlsx?per=candidate").status(http.StatusOK)
}

// R12: a candidate learns which attempt counts, and its result, only as the scores are released that this
// tells of.
func TestR12_OwnResultAsReleased(t *testing.T) {
	t.Parallel()
	manually := func(d *exam.Definition) { d.Rules.Release.Score.When = exam.Manually }
	for _, tt := range []struct {
		name   string
		counts exam.Counting
		wait   bool
		change func(*exam.Definition)
		state  string
		points string
	}{
		{"the best", exam.CountBest, false, nil, "known", "20000"},
		{"the average", exam.CountAverage, false, nil, "known", "10000"},
		{"not released", exam.CountBest, false, manually, "later", ""},
		{"the last, not released", exam.CountLast, false, manually, "later", ""},
		{"one is not marked", exam.CountBest, true, nil, "awaiting", ""},
		{"the first is", exam.CountFirst, true, nil, "known", "10000"},
	} {
		changes := []func(*exam.Definition){func(d *exam.Definition) { d.Counts = tt.counts }}
		if tt.change != nil {
			changes = append(changes, tt.change)
		}
		s, _, _ := resitting(t, tt.wait, changes...)
		box := s.signedIn("ann").get("/exams/test").status(http.StatusOK).doc().Find("[data-counts]")
		if got := box.AttrOr("data-result", "none"); got != tt.state || box.Find("[data-points]").AttrOr("data-points", "") != tt.points {
			t.Errorf("%s: %q, %q", tt.name, got, box.Text())
		}
		if tt.points == "" && (contains(box.Text(), "/ 3") || contains(box.Text(), "attempt 1") || contains(box.Text(), "attempt 2")) {
			t.Errorf("%s: the page tells %q", tt.name, box.Text())
		}
	}
}

// Some scores released and others not: what counts would tell of those that are not.
func TestR12_BestOfSomeReleased(t *testing.T) {
	t.Parallel()
	s, _, _ := resitting(t, false)
	s.exam(func(d *exam.Definition) { d.Attempts, d.Rules.Release.Score.When = 0, exam.Never })
	s.sits("ann", 0, false)
	s.mark()
	box := s.signedIn("ann").get("/exams/test").status(http.StatusOK).doc().Find("[data-counts]")
	if got := box.AttrOr("data-result", "none"); got != "later" || contains(box.Text(), "/ 3") {
		t.Errorf("%q: %q", got, box.Text())
	}
}
