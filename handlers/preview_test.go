package handlers_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

const previewOf = "/author/exams/test/preview"

// rows counts the rows of every table.
func (s *site) rows() map[string]int {
	s.t.Helper()
	db, err := sql.Open("sqlite", s.file)
	must(s.t, err)
	defer func() { must(s.t, db.Close()) }()
	var list string
	must(s.t, db.QueryRow(`SELECT group_concat(name) FROM sqlite_master WHERE type = 'table'`).Scan(&list))
	out := map[string]int{}
	for _, name := range strings.Split(list, ",") {
		n := 0
		must(s.t, db.QueryRow(fmt.Sprintf(`SELECT count(*) FROM %q`, name)).Scan(&n))
		out[name] = n
	}
	return out
}

// previewing is a site with the exam, as a draft, and cleo at the first question of its preview.
func previewing(t *testing.T, n int, changes ...func(*exam.Definition)) (*site, *client, *answer) {
	s, c := desked(t)
	s.questions(n)
	s.exam(append([]func(*exam.Definition){func(d *exam.Definition) { d.Published = false }}, changes...)...)
	return s, c, c.beginsPreview()
}

func (c *client) beginsPreview() *answer {
	c.t.Helper()
	start := c.get(previewOf).status(http.StatusOK)
	return c.post(previewOf, start.form()).status(http.StatusOK).has("position", "1", "preview", previewOf)
}

// presses sends the page's form with a button pressed and some fields changed.
func (c *client) presses(page *answer, action string, changes ...string) *answer {
	c.t.Helper()
	form := page.commandForm()
	return c.post(form.AttrOr("action", ""), with(fieldsIn(form), append(changes, "action", action)...))
}

// right is the value of the option that the key names.
func (a *answer) right() string {
	value := ""
	a.doc().Find("label.choice").Each(func(_ int, l *selection) {
		if contains(l.Text(), "Option b") {
			value = l.Find("input").AttrOr("value", "")
		}
	})
	return value
}

// An author sits the exam like a candidate, to the score, and nothing at all is stored.
func TestPreviewLeavesNoTrace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*exam.Definition)
	}{
		{"free", func(*exam.Definition) {}}, {"linear", linear}, {"practice", practice}, {"untimed", untimed},
		{"closed long ago", func(d *exam.Definition) { d.Rules.Window.Close = 1 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c, page := previewing(t, 3, tt.change)
			before := s.rows()
			for n := 1; n <= 3; n++ {
				page.has("position", fmt.Sprint(n), "total", "3")
				if page.doc().Find(".preview-banner").Length() != 1 || page.doc().Find("main[data-attempt]").Length() != 0 {
					t.Fatal("the page does not say that it is a preview")
				}
				page = c.presses(page, "next", "answer", page.right()).status(http.StatusOK)
			}
			if n := page.doc().Find("[data-review-position][data-state=answered]").Length(); n != 3 {
				t.Fatalf("%d answered on the review page\n%s", n, page.body)
			}
			result := c.presses(page, "submit").status(http.StatusOK)
			if got := result.doc().Find("[data-points]").AttrOr("data-points", ""); got != "30000" {
				t.Errorf("points %q\n%s", got, result.body)
			}
			if n := result.doc().Find(".result-question .feedback").Length(); n != 3 {
				t.Errorf("%d keys are shown", n)
			}
			if after := s.rows(); !maps.Equal(before, after) {
				t.Errorf("rows before %v, after %v", before, after)
			}
		})
	}
}

// Every type of question is answered and kept while the author moves about.
func TestPreviewOfEveryType(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.questionsOfEveryType()
	s.exam()
	page := c.beginsPreview()
	for n, typ := range everyType {
		form := page.form()
		for name, values := range form {
			if strings.HasPrefix(name, "answer") && values[0] == "" {
				form.Set(name, "1")
			}
		}
		if choices := page.choices(); len(choices) > 0 && typ.IsChoice() {
			form.Set("answer", choices[0])
		}
		form.Set("action", "save")
		kept := c.post(previewOf, form)
		if kept.code != http.StatusOK && typ != exam.Matching && typ != exam.Gaps {
			t.Fatalf("%s: %d\n%s", typ, kept.code, kept.body)
		}
		if kept.code == http.StatusOK {
			page = kept
		}
		page = c.presses(page, fmt.Sprintf("goto:%d", min(n+2, len(everyType)))).status(http.StatusOK)
	}
	page = c.presses(page, "goto:1").status(http.StatusOK)
	if len(page.chosen()) != 1 {
		t.Errorf("the first answer is lost\n%s", page.body)
	}
}

// Flags, review, going back and checking work as in the exam.
func TestPreviewMovesAbout(t *testing.T) {
	t.Parallel()
	_, c, page := previewing(t, 3, practice)
	page = c.presses(page, "flag")
	if page.doc().Find(".flagged").Length() != 1 {
		t.Error("not flagged")
	}
	page = c.presses(page, "check", "answer", page.right()).status(http.StatusOK)
	if page.doc().Find("[data-feedback] .verdict-correct").Length() != 1 {
		t.Errorf("not checked\n%s", page.body)
	}
	review := c.presses(page, "review").status(http.StatusOK)
	back := c.post(previewOf, with(review.form(), "action", "goto:2")).status(http.StatusOK).has("position", "2")
	c.presses(back, "previous").status(http.StatusOK).has("position", "1")
	if hrefs := review.doc().Find(`main a[href^="/attempts"]`).Length(); hrefs != 0 {
		t.Errorf("%d links to an attempt", hrefs)
	}
}

// Linear: moving on without an answer is asked about, and nothing leads back.
func TestR5_PreviewOfALinearExam(t *testing.T) {
	t.Parallel()
	_, c, page := previewing(t, 2, linear)
	asked := c.presses(page, "next").status(http.StatusUnprocessableEntity)
	if asked.doc().Find("input[name=skip]").Length() != 1 || asked.data("reason") != "unanswered" {
		t.Fatalf("not asked\n%s", asked.body)
	}
	page = c.presses(asked, "next", "skip", "1").status(http.StatusOK).has("position", "2")
	c.presses(page, "previous").status(http.StatusBadRequest)
	c.presses(page, "goto:1").status(http.StatusBadRequest)
	review := c.presses(page, "next", "skip", "1").status(http.StatusOK)
	c.post(previewOf, with(review.form(), "action", "goto:1")).status(http.StatusBadRequest)
}

// The state is the author's own and cannot be made up.
func TestPreviewRefuses(t *testing.T) {
	t.Parallel()
	s, c, page := previewing(t, 2)
	form := page.form()
	state := form.Get("state")
	for name, changed := range map[string]url.Values{
		"no signature":                with(form, "state", strings.TrimLeft(state, "0123456789abcdef")),
		"another signature":           with(form, "state", strings.Repeat("0", 64)+state[64:]),
		"another state":               with(form, "state", state[:len(state)-2]+"AA"),
		"no position":                 with(form, "-position", ""),
		"no such position":            with(form, "position", "3"),
		"no such action":              with(form, "action", "explode"),
		"no action at the review":     with(form, "position", "0", "action", "next"),
		"an answer that is not there": with(form, "answer", "zzzzzz", "action", "save"),
	} {
		if a := c.post(previewOf, changed); a.code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.code)
		}
	}
	s.user("dan", store.RoleAuthor)
	s.signedIn("dan").inProcess(s).post(previewOf, form).status(http.StatusBadRequest)
	c.get("/author/exams/none/preview").status(http.StatusNotFound)
	s.exam(func(d *exam.Definition) { d.Rules.PassMark = 50 })
	if a := c.post(previewOf, form).status(http.StatusConflict); a.doc().Find(`a[href="`+previewOf+`"]`).Length() != 1 {
		t.Errorf("nothing leads to a new preview\n%s", a.body)
	}
}

// An exam that cannot be drawn says so, before and after the button.
func TestPreviewOfABrokenExam(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.questions(2)
	s.exam(func(d *exam.Definition) { d.Sections[0].Draw = 5 })
	a := c.get(previewOf).status(http.StatusOK)
	if a.doc().Find("main form").Length() != 0 {
		t.Errorf("a start is offered\n%s", a.body)
	}
	if a := c.post(previewOf, nil).status(http.StatusOK); a.doc().Find("main form").Length() != 0 {
		t.Errorf("begun\n%s", a.body)
	}
}

// More than a form carries is not taken, and says so.
func TestPreviewIsBounded(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.questionsOfEveryType()
	s.exam(func(d *exam.Definition) { d.Shuffle.Questions = false })
	page := c.presses(c.beginsPreview(), "goto:6").status(http.StatusOK) // the essay
	kept := c.presses(page, "save", "answer", unpackable(1, 80_000)).status(http.StatusOK)
	if kept.doc().Find("main > .error").Length() != 0 {
		t.Fatal("a long answer is not taken")
	}
	short := c.presses(kept, "goto:4").status(http.StatusOK)
	full := c.presses(short, "save", "answer", unpackable(2, 80_000)).status(http.StatusOK).has("position", "4")
	if full.doc().Find("main > .error").Length() != 1 || full.form().Get("answer") != "" {
		t.Errorf("taken: %.3000s", full.text("main"))
	}
	if essay := c.presses(full, "goto:6").status(http.StatusOK); len(essay.form().Get("answer")) < 80_000 {
		t.Error("the answer before is lost")
	}
}

// What packs well is bounded too: a state that unfolds to hundreds of megabytes is never made.
func TestPreviewIsBoundedUnpacked(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	var essays []storeQuestion
	for i := range 30 {
		essays = append(essays, loaded(i, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: "Write"}}, exam.Key{Revision: 1}))
	}
	s.load(essays)
	s.exam()
	page, taken := c.beginsPreview(), 0
	for range essays {
		page = c.presses(page, "next", "answer", strings.Repeat("a", 90_000)).status(http.StatusOK)
		if page.doc().Find("main > .error").Length() != 0 {
			break
		}
		taken++
	}
	if taken < 5 || taken == len(essays) {
		t.Errorf("%d essays of 90,000 characters are taken", taken)
	}
}

// unpackable is a text of n characters that says something with each.
func unpackable(seed uint64, n int) string {
	rng := rand.New(rand.NewPCG(seed, 0))
	var b strings.Builder
	for range n {
		b.WriteRune(rune(0x4E00 + rng.IntN(0x5000)))
	}
	return b.String()
}
