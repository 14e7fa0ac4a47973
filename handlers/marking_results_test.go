package handlers_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"shiken/exam"
)

// released shows all results at once.
func released(d *exam.Definition) {
	now := exam.Release{When: exam.Immediately}
	d.Rules.Release = exam.ReleaseRules{Score: now, Answers: now, Keys: now}
}

// Wherever a part of a score would pass for the score, "awaiting marking" stands in its place.
func TestAwaitingMarkingStandsForAPartOfAScore(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t, released)
	dora, ann := s.signedIn("dora"), s.signedIn("ann")
	attempt := attempts["ann"]
	const waits = "awaiting marking"
	cells := func() []string {
		row := dora.get(resultsOfTest).status(http.StatusOK).doc().Find("tr[data-attempt]").First().Find("td")
		var out []string
		for i := range row.Length() {
			out = append(out, strings.TrimSpace(row.Eq(i).Text()))
		}
		return out[5:8]
	}
	if got := strings.Join(cells(), "|"); got != waits+"||"+waits {
		t.Errorf("the table says %q", got)
	}
	if got := strings.Join(exported(t, dora)[8:12], "|"); got != waits+"|6|"+waits+"|"+waits {
		t.Errorf("the files say %q", got)
	}
	story := dora.get(storyOf(attempt)).text("main")
	paper := dora.get(storyOf(attempt) + "/paper")
	if !contains(story, "answers await a marker") || strings.Contains(story, "3/6") || strings.Contains(story, "50%") {
		t.Errorf("the story says %s", story)
	}
	if paper.doc().Find(".paper-question [data-awaiting]").Length() != 1 || !contains(paper.text(".story-head"), waits) {
		t.Errorf("the paper says %s", paper.text("main"))
	}
	result := ann.get(attempt + "/result").status(http.StatusOK)
	if result.data("phase") != "awaiting" || result.doc().Find(".score-points, .verdict-wrong").Length() != 0 ||
		result.doc().Find("#question-2 [data-awaiting]").Length() != 1 {
		t.Errorf("the candidate reads %s", result.text("main"))
	}
	if home := ann.get("/"); home.doc().Find(".exams-done .verdict").Length() != 0 {
		t.Errorf("the home page says %s", home.text("main"))
	}
	cleo.marks(s.answerOf(attempt), "1.5", "").status(http.StatusSeeOther)
	if got := strings.Join(cells(), "|"); got != "4.5 / 6|75%|✓ Passed" {
		t.Errorf("marked, the table says %q", got)
	}
	if got := strings.Join(exported(t, dora)[8:12], "|"); got != "4.5|6|75|Passed" {
		t.Errorf("marked, the files say %q", got)
	}
}

// exported is the first attempt in the files of results, which say the same.
func exported(t *testing.T, c *client) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.get(resultsOfTest+".csv").body, "\ufeff"))).ReadAll()
	must(t, err)
	f, err := excelize.OpenReader(strings.NewReader(c.get(resultsOfTest + ".xlsx").body))
	must(t, err)
	defer f.Close() //nolint:errcheck // only read
	sheet, err := f.GetRows(f.GetSheetName(0))
	must(t, err)
	if a, b := strings.Join(rows[1][8:12], "|"), strings.Join(sheet[1][8:12], "|"); a != b {
		t.Errorf("CSV says %q, XLSX %q", a, b)
	}
	return rows[1]
}

// R12: points and comment of a marker come with the score and the candidate's own answers, and not
// before; the guide never comes.
func TestMarksAreShownAsFarAsReleased(t *testing.T) {
	t.Parallel()
	now, never := exam.Release{When: exam.Immediately}, exam.Release{When: exam.Never}
	for name, tt := range map[string]struct {
		rules exam.ReleaseRules
		shown bool
	}{
		"nothing":            {exam.ReleaseRules{Score: never, Answers: never, Keys: never}, false},
		"score alone":        {exam.ReleaseRules{Score: now, Answers: never, Keys: never}, false},
		"answers alone":      {exam.ReleaseRules{Score: never, Answers: now, Keys: never}, false},
		"keys alone":         {exam.ReleaseRules{Score: never, Answers: never, Keys: now}, false},
		"score and answers":  {exam.ReleaseRules{Score: now, Answers: now, Keys: never}, true},
		"all of the results": {exam.ReleaseRules{Score: now, Answers: now, Keys: now}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, cleo, attempts := composed(t, func(d *exam.Definition) { d.Rules.Release = tt.rules })
			attempt, ann := attempts["ann"], s.signedIn("ann")
			cleo.marks(s.answerOf(attempt), "1.25", "TO THE CANDIDATE <b>").status(http.StatusSeeOther)
			page := ann.get(attempt + "/result").status(http.StatusOK)
			question := page.doc().Find("#question-2")
			comment, points := question.Find("[data-comment]").Text(), question.Find(".question-score").Text()
			if tt.shown && (comment != "TO THE CANDIDATE <b>" || !contains(points, "1.25 / 3")) || !tt.shown && contains(page.body, "TO THE") ||
				!tt.shown && question.Find(".question-score").Length() != 0 {
				t.Errorf("the candidate reads %s", page.text("main"))
			}
			if contains(page.body, "GUIDE") {
				t.Error("the candidate reads the guide")
			}
		})
	}
}

// Authors and admins read the guide wherever they read the key.
func TestAuthorsReadTheGuide(t *testing.T) {
	t.Parallel()
	s, cleo, attempts := composed(t)
	dora := s.signedIn("dora")
	for _, page := range []*answer{cleo.get("/author/sets/basics"), dora.get(storyOf(attempts["ann"]) + "/paper"), cleo.get(s.task())} {
		if !contains(page.status(http.StatusOK).text(".marking-guide"), essayGuide) {
			t.Errorf("no guide on %s", page.text("h1"))
		}
	}
}
