package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const strangeCSV = "Kode,Tekst,Svar en,Svar to,Rett\nx1,Which holds?,wall,beam,B\n"

// A header that is not understood: its author says which column is what, without JavaScript, and the job
// that loads the file reads it so.
func TestColumnsAreAsked(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	report := c.brings("quiz.csv", strangeCSV).status(http.StatusOK)
	form := report.doc().Find("#columns[open] form")
	if form.Length() != 1 || form.Find("select[name^='column.']").Length() != 5 {
		t.Fatalf("no form for the columns\n%s", report.text("main"))
	}
	if !contains(form.Find("tbody tr").Eq(1).Text(), "Which holds?") {
		t.Errorf("the first row is not shown beside the names: %s", form.Text())
	}
	fields := with(fieldsIn(form), "column.2", "question", "column.3", "option_a", "column.4", "option_b", "column.5", "correct_answer")
	again := c.get(form.AttrOr("action", "") + "?" + fields.Encode()).status(http.StatusOK)
	if text := again.text(".desk-question .feedback"); !contains(text, "beam") || again.doc().Find("[data-verdict=sound]").Length() != 1 {
		t.Fatalf("read as %q\n%s", text, again.text("main"))
	}
	if got := again.doc().Find("#columns select[name='column.4'] option[selected]").AttrOr("value", ""); got != "option_b" {
		t.Errorf("column 4 is shown as %q", got)
	}
	if got := s.loads(c, again); got.Refused != "" || got.Result == nil || got.Result.New != 1 {
		t.Errorf("loaded: %+v", got)
	}
}

func TestColumnsThatContradict(t *testing.T) {
	t.Parallel()
	_, c := desked(t)
	report := c.brings("quiz.csv", strangeCSV)
	path := report.doc().Find("#columns form").AttrOr("action", "")
	twice := c.get(path + "?" + url.Values{"column.1": {"question"}, "column.2": {"question"}}.Encode()).status(http.StatusOK)
	if got := twice.doc().Find("#problem").AttrOr("data-problem", ""); got != "columns" {
		t.Errorf("problem %q", got)
	}
	c.get(path + "?text=latex").status(http.StatusBadRequest)
	if n := c.brings("a.csv", questionsCSV).doc().Find("#columns:not([open])").Length(); n != 1 {
		t.Error("the form stands open though the header was understood")
	}
	if n := c.brings("a.gift", "::a::S{T}").doc().Find("#columns").Length(); n != 0 {
		t.Error("a GIFT file has no columns")
	}
}

// pastes sends a text instead of a file.
func (c *client) pastes(text string, parts ...sentPart) *answer {
	c.t.Helper()
	contentType, body := formOf(c.t, append([]sentPart{{name: "pasted", value: text}}, parts...)...)
	return c.follow(c.do(http.MethodPost, "/author/upload", contentType, body))
}

func TestPastedText(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	for format, text := range map[string]string{
		"Aiken":      "Which holds?\r\nA) wall\r\nB) beam\r\nANSWER: B\r\n",
		"GIFT":       "::q::Which holds? {=beam ~wall}",
		"CSV":        questionsCSV,
		"Typed text": "1. Which holds?\n a) wall\n*b) beam\n",
	} {
		report := c.pastes(text).status(http.StatusOK)
		if got := report.text(".terms"); !contains(got, format) || report.doc().Find("[data-verdict=sound]").Length() != 1 {
			t.Errorf("%s: %s", format, report.text("main"))
		}
		if !contains(report.text("h1"), "pasted.txt") {
			t.Errorf("%s: it is called %q", format, report.text("h1"))
		}
	}
	report := c.pastes("1. S?\na) p\n*b) q", sentPart{name: "set", value: "typed"})
	if got := s.loads(c, report); got.Set != "typed" || got.Result == nil || got.Result.New != 1 {
		t.Errorf("loaded: %+v", got)
	}
}

func TestPastedTextRefused(t *testing.T) {
	t.Parallel()
	_, c := desked(t)
	both := c.pastes("Q{T}", aFile("a.csv", questionsCSV)).status(http.StatusUnprocessableEntity)
	if got := both.doc().Find("#problem").AttrOr("data-problem", ""); got != "both" || both.text("textarea[name=pasted]") != "Q{T}" {
		t.Errorf("problem %q, kept %q", got, both.text("textarea[name=pasted]"))
	}
	empty := c.pastes(" \r\n ").status(http.StatusUnprocessableEntity)
	if got := empty.doc().Find("#problem").AttrOr("data-problem", ""); got != "no_file" {
		t.Errorf("problem %q", got)
	}
	c.pastes(strings.Repeat("a", 1<<20)).status(http.StatusOK)
	c.pastes(strings.Repeat("a", 1<<20+1)).status(http.StatusRequestEntityTooLarge)
	c.pastes("a\x00b").status(http.StatusBadRequest)
}
