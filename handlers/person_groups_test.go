package handlers_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
)

// TestPersonOfSeveralGroups: pages, filters, roster, results and open_to all know each group of a person.
func TestPersonOfSeveralGroups(t *testing.T) {
	t.Parallel()
	s, dora := staffed(t)
	s.questions(1)
	s.exam(func(d *exam.Definition) { d.OpenTo = []string{"evening"} })
	s.user("ann")
	s.user("bob")
	path := "/admin/people/" + s.users["ann"].ID
	dora.post(path, with(dora.get(path).personForm(), "new_groups", "morning; evening ;2026")).status(http.StatusSeeOther)
	if got := s.found("ann").Groups; !slices.Equal(got, []string{"2026", "evening", "morning"}) {
		t.Fatalf("ann is in %q", got)
	}
	if form := dora.get(path).personForm(); !slices.Equal(form["group"], []string{"2026", "evening", "morning"}) {
		t.Errorf("the page ticks %q", form["group"])
	}
	for _, group := range []string{"2026", "evening", "morning"} {
		if got := dora.get("/admin/people?group=" + group).listedUsers(); !slices.Equal(got, []string{"ann"}) {
			t.Errorf("%s lists %q", group, got)
		}
		page := dora.get("/admin/exams/test/accommodations?show=all&group=" + group)
		if n := page.doc().Find("tr[data-user]").Length(); n != 1 {
			t.Errorf("%s lists %d candidates for accommodations", group, n)
		}
	}
	ann := s.signedIn("ann")
	ann.submit(ann.start())
	s.signedIn("bob").get("/exams/test").status(http.StatusNotFound)
	for _, group := range []string{"2026", "evening"} {
		seats := dora.get("/admin/exams/test?group=" + group).doc().Find("tr[data-state]").Length()
		results := dora.get("/admin/exams/test/results?group=" + group).doc().Find("tr[data-attempt]").Length()
		if seats != 1 || results != 1 {
			t.Errorf("%s: %d seats, %d results", group, seats, results)
		}
	}
	file := dora.get("/admin/exams/test/results.csv?group=morning").status(http.StatusOK).body
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][2] != "2026; evening; morning" {
		t.Errorf("the file holds %q, %v", rows, err)
	}
	page := dora.uploads("r.csv", rosterHeader+"ann,,,2026;night,\nbob,,,evening;2026,\n")
	if !contains(page.text("main"), "night") {
		t.Errorf("the report says %q", page.text("main"))
	}
	s.loadsRoster(dora, page)
	if a, b := s.found("ann").Groups, s.found("bob").Groups; !slices.Equal(a, []string{"2026", "night"}) || !slices.Equal(b, []string{"2026", "evening"}) {
		t.Errorf("ann is in %q, bob in %q", a, b)
	}
	s.signedIn("bob").get("/exams/test").status(http.StatusOK)
}
