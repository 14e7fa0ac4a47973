package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// details stores questions of a set that differ in what they are narrowed by.
func (s *site) details(set string, n int, change func(i int, q *store.LoadedQuestion)) {
	s.t.Helper()
	var list []store.LoadedQuestion
	for i := range n {
		q := loaded(i, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: fmt.Sprintf("%s %d", set, i)}}, exam.Key{Revision: 1})
		change(i, &q)
		list = append(list, q)
	}
	_, err := s.store.PutQuestions(s.t.Context(), set, list)
	must(s.t, err)
}

// offers are the values that a field of the list offers, without the one for all.
func (a *answer) offers(field string) []string {
	var out []string
	a.doc().Find("select#" + field + " option, #" + field + "-offered option").Each(func(_ int, o *selection) {
		if value := o.AttrOr("value", ""); value != "" {
			out = append(out, value)
		}
	})
	return out
}

// TestQuestionsOfAllSetsAreNarrowed: by what questions of any set have; once a set is chosen, by what its own have.
func TestQuestionsOfAllSetsAreNarrowed(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	if page := c.get(bankPath).status(http.StatusOK); len(page.offers("category"))+len(page.offers("year"))+len(page.offers("tag")) != 0 {
		t.Errorf("without questions the page offers something: %s", page.text("main form"))
	}
	s.details("first", 2, func(i int, q *store.LoadedQuestion) {
		q.Category, q.Year, q.Tags = "structure", 2020+i, []string{"frequent"}
	})
	s.details("second", 3, func(i int, q *store.LoadedQuestion) {
		q.Category, q.Year, q.Tags = "design", 2019, []string{"rare", "<b>"}
	})
	page := c.get(bankPath).status(http.StatusOK)
	for field, want := range map[string][]string{
		"category": {"design", "structure"}, "year": {"2019", "2020", "2021"}, "tag": {"<b>", "frequent", "rare"},
	} {
		if got := page.offers(field); !slices.Equal(got, want) {
			t.Errorf("%s: %q are offered, want %q", field, got, want)
		}
	}
	if n := c.get(bankPath + "?category=design&tag=rare&year=2019").doc().Find("tr[data-question]").Length(); n != 3 {
		t.Errorf("%d questions are found", n)
	}
	page = c.get(bankPath + "?set=first&category=design&tag=gone&year=1999").status(http.StatusOK)
	for field, want := range map[string][]string{"category": {"structure", "design"}, "year": {"2020", "2021", "1999"}, "tag": {"frequent", "gone"}} {
		if got := page.offers(field); !slices.Equal(got, want) {
			t.Errorf("%s: of the set %q are offered, want %q", field, got, want)
		}
	}
	if page.doc().Find("#category option[selected][value=design], #year option[selected][value='1999'], #tag[value=gone]").Length() != 3 {
		t.Errorf("what was chosen is not kept: %s", page.text("main form"))
	}
}

// TestDraftsOfASetAreNarrowed: by the values that drafts and retired questions have as well.
func TestDraftsOfASetAreNarrowed(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.details("first", 2, func(i int, q *store.LoadedQuestion) {
		q.Category, q.Year, q.Tags = fmt.Sprint("c", i), 2020+i, []string{fmt.Sprint("t", i)}
	})
	s.exec(`UPDATE questions SET state = 'draft' WHERE category = 'c0'`)
	s.exec(`UPDATE questions SET retired = TRUE WHERE category = 'c1'`)
	for _, path := range []string{bankPath + "?set=first", bankPath + "?set=first&state=draft", "/author/sets/first"} {
		page := c.get(path).status(http.StatusOK)
		if got := page.offers("category"); !slices.Equal(got, []string{"c0", "c1"}) {
			t.Errorf("%s: %q are offered", path, got)
		}
	}
}

// TestVeryManyValuesAreTyped: the list offers some of them, and finds by all.
func TestVeryManyValuesAreTyped(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.details("many", 250, func(i int, q *store.LoadedQuestion) {
		q.Category, q.Year, q.Tags = fmt.Sprintf("c%03d", i), 1800+i, []string{fmt.Sprintf("t%03d", i)}
	})
	for _, path := range []string{bankPath, bankPath + "?set=many"} {
		page := c.get(path).status(http.StatusOK)
		for _, field := range []string{"category", "year", "tag"} {
			if n := len(page.offers(field)); n != 200 || page.doc().Find("input#"+field+"[list]").Length() != 1 {
				t.Errorf("%s: %s offers %d values", path, field, n)
			}
		}
	}
	query := url.Values{"category": {"c249"}, "year": {"2049"}, "tag": {"t249"}}
	page := c.get(bankPath + "?" + query.Encode()).status(http.StatusOK)
	if page.doc().Find("tr[data-question]").Length() != 1 || page.doc().Find("#category[value=c249], #year[value='2049'], #tag[value=t249]").Length() != 3 {
		t.Errorf("the page says %s", page.text("main"))
	}
}
