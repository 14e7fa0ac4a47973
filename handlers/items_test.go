package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// TestItemStatistics: of 20 candidates the ten who have the two other questions right chose "a" in the first,
// whose key says "b", and the ten others "b" there.
func TestItemStatistics(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(3)
	s.exam(func(d *exam.Definition) { d.Shuffle = exam.Shuffle{} })
	s.user("dora", store.RoleAdmin)
	dora := s.signedIn("dora")
	if page := dora.get("/admin/exams/test/questions").status(http.StatusOK); page.doc().Find("table.items").Length() != 0 {
		t.Error("figures of no attempts")
	}
	first := ""
	for i := range exam.MinStatistics {
		c := s.signedIn(fmt.Sprintf("user%d", i))
		attempt := c.start()
		first = s.versionAt(attempt, 1)
		for n, option := range map[bool][3]string{true: {"a", "b", "b"}, false: {"b", "a", "a"}}[i%2 == 0] {
			s.choose(c, attempt, n+1, option)
		}
		c.submit(attempt)
	}
	s.mark()
	page := dora.get("/admin/exams/test/questions").status(http.StatusOK)
	row := page.doc().Find("table.items tbody tr").First()
	if row.AttrOr("data-version", "") != first {
		t.Errorf("the suspicious question does not come first: %s", row.Text())
	}
	for _, want := range []string{"-1.00", "50%", "Negative discrimination", "The best chose a wrong option"} {
		if !contains(row.Text(), want) {
			t.Errorf("the row does not say %q: %s", want, row.Text())
		}
	}
	link := row.Find("td a").AttrOr("href", "")
	dora.get(link).status(http.StatusOK)
	results := dora.get(resultsOfTest).status(http.StatusOK)
	if n := results.doc().Find("[data-suspected] a[href='" + link + "']").Length(); n != 1 {
		t.Errorf("the results name it %d times", n)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(dora.get("/admin/exams/test/questions.csv").status(http.StatusOK).body, "\ufeff"))).ReadAll()
	must(t, err)
	if len(rows) != 10 || rows[1][3] != "20" || rows[1][5] != "0.5" || !strings.Contains(rows[1][6], "-1") {
		t.Errorf("the file holds %q", rows)
	}
	dora.get("/admin/exams/none/questions").status(http.StatusNotFound)
	dora.get("/admin/exams/none/questions.csv").status(http.StatusNotFound)
}

// choose saves an option at a position.
func (s *site) choose(c *client, attempt string, n int, option string) {
	s.t.Helper()
	for _, choice := range s.stored(attempt).Paper.Items[n-1].Choices {
		if choice.Option == option {
			form := c.question(attempt, n).commandForm()
			c.post(questionPath(attempt, n), with(fieldsIn(form), "answer", choice.Value, "action", "save")).status(http.StatusSeeOther)
		}
	}
}
