package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// rows are the cells of a table's body.
func rows(a *answer, table string) [][]string {
	var out [][]string
	for _, tr := range a.doc().Find(table + " tbody tr").EachIter() {
		var row []string
		for _, cell := range tr.Find("th, td:not(.rate-cell)").EachIter() {
			row = append(row, strings.TrimSpace(cell.Text()))
		}
		out = append(out, row)
	}
	return out
}

// practised is a practice of nine questions of which 1, 2 and 5 were right, 4 and 7 not, in three weeks.
func practised(t *testing.T) (*site, *client) {
	s, c := practices(t, 9)
	attempt := c.start()
	for n, k := range map[int]int{1: right, 2: right, 4: wrong, 5: right, 7: wrong} {
		c.checksAt(attempt, n, k)
	}
	s.ends(c, attempt)
	c.get("/practice")
	day := func(position int, date string) {
		s.exec(`UPDATE practised SET at = unixepoch(?) * 1000000 WHERE position = ?`, date, position)
	}
	day(1, "2026-10-04 23:59:59") // a Sunday
	day(2, "2026-10-05 00:00:00") // a Monday
	day(4, "2026-10-11 12:00:00")
	day(5, "2026-10-19 12:00:00")
	day(7, "2026-10-20 12:00:00")
	return s, c
}

// Answers are counted by the week in which they were given, by category and by year; links narrow the weeks.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	_, c := practised(t)
	page := c.get("/practice/accuracy").has("answers", "5", "right", "3")
	checkRows(t, page, ".chart-table table", "28 Sep 2026 1 1 100%", "5 Oct 2026 2 1 50%", "12 Oct 2026 0 0 –", "19 Oct 2026 2 1 50%")
	checkRows(t, page, "[data-by=category]", "構造 3 1 33.3%", "設計 2 2 100%")
	checkRows(t, page, "[data-by=year]", "2020 2 2 100%", "2019 3 1 33.3%")

	link := page.doc().Find("[data-by=category] a").First().AttrOr("href", "")
	page = c.get(link).has("answers", "3", "right", "1")
	checkRows(t, page, ".chart-table table", "28 Sep 2026 1 1 100%", "5 Oct 2026 1 0 0%", "12 Oct 2026 0 0 –", "19 Oct 2026 1 0 0%")
	checkRows(t, page, "[data-by=category]", "構造 3 1 33.3%", "設計 2 2 100%")
	if page.doc().Find("[aria-current=true]").Text() != "構造" || !contains(page.text("#weeks"), "構造") || contains(page.text("#weeks"), "設計") {
		t.Errorf("the page is about %q", page.text("#weeks"))
	}
	if back := page.doc().Find("[aria-current=true]").AttrOr("href", ""); back != "/practice/accuracy" {
		t.Errorf("the chosen category leads to %q", back)
	}
	c.get("/practice/accuracy?year=2020").has("answers", "2", "right", "2")
	c.get("/practice/accuracy?"+url.Values{"category": {"構造"}, "year": {"2020"}}.Encode()).has("answers", "0")
	c.get("/practice/accuracy?category=").has("answers", "0")
	c.get("/practice/accuracy?category=%00&year=x").status(http.StatusOK).has("answers", "5")
}

func checkRows(t *testing.T, page *answer, table string, want ...string) {
	t.Helper()
	var got []string
	for _, row := range rows(page, table) {
		got = append(got, strings.Join(row, " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", table, got, want)
	}
}

// The chart has a bar and a number for each week with answers, a name and a description for who does not see
// it, and needs no style of its own (the policy forbids it).
func TestChartOfWeeks(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		_, c := practised(t)
		c.lang = lang
		chart := c.get("/practice/accuracy").doc().Find("svg[role=img]")
		for _, id := range strings.Fields(chart.AttrOr("aria-labelledby", "")) {
			if strings.TrimSpace(chart.Find("#"+id).Text()) == "" {
				t.Errorf("the chart has no %s", id)
			}
		}
		values := chart.Find(".chart-value").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		heights := chart.Find("rect").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("height", "") })
		if !slices.Equal(values, []string{"100", "50", "50"}) || !slices.Equal(heights, []string{"252", "126", "126"}) {
			t.Errorf("bars of %v say %v", heights, values)
		}
		if n := chart.Find("g > title").Length(); n != 4 {
			t.Errorf("%d weeks are named", n)
		}
		if n := chart.Find("[style]").Length(); n != 0 {
			t.Errorf("%d elements with a style", n)
		}
	}
}

// The chart goes back twelve weeks from the last answer.
func TestChartIsBounded(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 3)
	attempt := c.start()
	for n := range 3 {
		c.checksAt(attempt, n+1, n%2)
	}
	s.ends(c, attempt)
	c.get("/practice")
	for position, date := range map[int]string{1: "2025-01-01", 2: "2026-05-05", 3: "2026-06-01"} {
		s.exec(`UPDATE practised SET at = unixepoch(?) * 1000000 WHERE position = ?`, date, position)
	}
	weeks := rows(c.get("/practice/accuracy").has("answers", "3"), ".chart-table table")
	if len(weeks) != 12 || weeks[0][0] != "16 Mar 2026" || weeks[11][0] != "1 Jun 2026" {
		t.Errorf("weeks %v", weeks)
	}
}

// Without answers there is no chart, and where nothing differs no table by year.
func TestAccuracyOfLittle(t *testing.T) {
	t.Parallel()
	s, c := practices(t, 2)
	if page := c.get("/practice/accuracy").has("answers", "0"); page.doc().Find("svg, table").Length() != 0 || page.doc().Find(".empty").Length() != 1 {
		t.Errorf("the page says %s", page.text("main"))
	}
	attempt := c.start()
	c.checksAt(attempt, 1, right)
	page := c.get("/practice/accuracy").has("answers", "1", "right", "1")
	if n := page.doc().Find("[data-by=year]").Length(); n != 0 {
		t.Error("one year is no table")
	}
	if got := fmt.Sprint(rows(page, "[data-by=category]")); got != "[[構造 1 1 100%]]" {
		t.Errorf("categories %s", got)
	}
	other := s.signedIn("bob")
	other.get("/practice/accuracy").has("answers", "0")
}
