package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// passages loads a lone question, three that share a passage, and one more.
func (s *site) passages() {
	s.t.Helper()
	var out []store.LoadedQuestion
	for i := range 5 {
		q := exam.Question{Type: exam.SingleChoice, Stem: exam.Text{Source: "Stem"}, Options: options("a", "b")}
		if 1 <= i && i <= 3 {
			q.Group, q.Stimulus = "g", exam.Text{Format: exam.HTML, Source: "<p>The <em>passage</em><script>alert(1)</script></p>"}
		}
		out = append(out, loaded(i, q, exam.Key{Revision: 1, Options: map[string]int{"b": exam.FullCredit}}))
	}
	s.load(out)
}

func openAll(d *exam.Definition) {
	d.Rules.Release.Keys = exam.Release{When: exam.Immediately}
}

// A passage stands above the stem of each question that shares it, in a landmark of its own with a
// heading that says which they are, and is open without a script.
func TestStimulusOnQuestions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.passages()
	s.exam(practice, openAll)
	c := s.signedIn("ann")
	attempt := c.start()
	for _, lang := range []string{"en", "ja"} {
		c.lang = lang
		for n := 1; n <= 5; n++ {
			doc := c.question(attempt, n).doc()
			shown := doc.Find("section.stimulus")
			if n == 1 || n == 5 {
				if shown.Length() != 0 {
					t.Errorf("%s %d: a passage", lang, n)
				}
				continue
			}
			heading := map[string]string{"en": "For questions 2 to 4", "ja": "問 2 ～ 4 に共通の文章・図"}[lang]
			label := doc.Find("#" + shown.AttrOr("aria-labelledby", "none"))
			if label.Text() != heading || label.Closest("summary").Length() != 1 || label.Nodes[0].Data != "h2" {
				t.Errorf("%s %d: named %q", lang, n, label.Text())
			}
			if shown.Find("details[open] p em").Text() != "passage" || shown.Find("script").Length() != 0 {
				t.Errorf("%s %d: shown as %q", lang, n, shown.Text())
			}
			if shown.NextAllFiltered("#stem").Length() != 1 {
				t.Errorf("%s %d: not above the stem", lang, n)
			}
		}
	}
	c.lang = "en"
	checked := c.follow(c.answers(c.question(attempt, 3), 0, "check"))
	if checked.doc().Find("section.stimulus").Length() != 1 || checked.doc().Find("[data-feedback]").Length() != 1 {
		t.Error("a checked question lacks its passage")
	}
}

// Pages that show many questions show a passage once, and lead to it from the others.
func TestStimulusOnLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.passages()
	s.exam(openAll)
	c := s.signedIn("ann")
	attempt := c.start()
	c.submit(attempt)
	s.user("cleo", store.RoleAuthor)
	author := s.signedIn("cleo").inProcess(s)
	for name, page := range map[string]*answer{
		"result": c.get(attempt + "/result").status(http.StatusOK),
		"set":    author.get(templates.SetPath("basics")).status(http.StatusOK),
	} {
		if n := page.doc().Find(".stimulus details[open]").Length(); n != 1 {
			t.Errorf("%s: %d passages", name, n)
		}
		links := page.doc().Find(".stimulus-above a")
		if links.Length() != 2 {
			t.Fatalf("%s: %d links to the passage", name, links.Length())
		}
		for i := range links.Length() {
			href := links.Eq(i).AttrOr("href", "")
			if !strings.HasPrefix(href, "#") || page.doc().Find(".stimulus"+href).Length() != 1 {
				t.Errorf("%s: a link leads to %q", name, href)
			}
		}
	}
}

// gapped loads a question whose stem holds a typed gap, one with choices, and a number; a fourth gap has no
// place in it.
func (s *site) gapped() {
	s.t.Helper()
	q := exam.Question{
		Type: exam.Gaps, Prompts: prompts("p", "q", "r", "u"),
		Stem: exam.Text{Format: exam.HTML, Source: `<p>The _____(1) <b>is _____(2)</b><input name="rev" value="9"> and
			<a href="https://e.example/">_____(3)</a> weighs _____(3) kg.</p>`},
	}
	q.Prompts[1].Options = options("a", "b")
	q.Prompts[2].Number = true
	k := exam.Key{
		Revision: 1, Gaps: map[string][]exam.TextKey{
			"p": {{Pattern: "sun", Weight: exam.FullCredit}, {Pattern: `s*\*`, Weight: 5_000, CaseSensitive: true}},
			"q": {{Pattern: "b", Weight: exam.FullCredit}}, "u": {{Pattern: "end", Weight: exam.FullCredit}},
		},
		GapNumbers: map[string][]exam.NumberKey{"r": {{Min: "1.5", Max: "2.5", Weight: exam.FullCredit}}},
	}
	s.load([]store.LoadedQuestion{loaded(0, q, k)})
}

// The inputs of gaps stand where the stem has them, named by their number; markup of the stem adds no
// field. One without a place is a row below.
func TestGapsInTheStem(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.gapped()
	s.exam(openAll)
	c := s.signedIn("ann")
	attempt := c.start()
	for lang, name := range map[string]string{"en": "Gap (1)", "ja": "空欄 (1)"} {
		c.lang = lang
		doc := c.question(attempt, 1).doc()
		if n := doc.Find("#stem input[type=text]").Length(); n != 2 {
			t.Errorf("%s: %d typed gaps in the stem", lang, n)
		}
		if doc.Find("#stem b select option").Length() != 3 || doc.Find("#stem a input").Length() != 0 {
			t.Errorf("%s: the choice is not where it belongs", lang)
		}
		if doc.Find("ol.rows input").Length() != 1 || doc.Find("input[name=rev]").Length() != 1 {
			t.Errorf("%s: rows %d, revs %d", lang, doc.Find("ol.rows input").Length(), doc.Find("input[name=rev]").Length())
		}
		first := doc.Find("#stem input").First()
		if got := strings.Join(strings.Fields(doc.Find("label[for="+first.AttrOr("id", "")+"]").Text()), " "); got != name {
			t.Errorf("%s: named %q", lang, got)
		}
		if doc.Find("#stem input[inputmode=decimal]").Length() != 1 || doc.Find("fieldset > legend").Length() != 1 {
			t.Errorf("%s: no keyboard for numbers, or no legend", lang)
		}
	}
}

// What is typed is kept in its place, warned about, marked, and shown in the result with the key.
func TestGapsFromQuestionToResult(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.gapped()
	s.exam(openAll)
	c := s.signedIn("ann")
	attempt := c.start()
	page := c.question(attempt, 1)
	names := page.doc().Find("#stem [name^='answer.']").Map(func(_ int, i *selection) string { return i.AttrOr("name", "") })
	option := page.doc().Find("#stem select option").Last().AttrOr("value", "")
	page = c.follow(c.post(attempt+"/questions/1", with(page.form(), names[0], "sun", names[1], option, names[2], "heavy", "action", "save")))
	if got := page.doc().Find("#stem input").First().AttrOr("value", ""); got != "sun" {
		t.Errorf("the first gap holds %q", got)
	}
	wrong := page.doc().Find("#stem input[aria-describedby]")
	if told := page.text("#" + wrong.AttrOr("aria-describedby", "none")); !contains(told, "Gap 3") {
		t.Errorf("warned %q", told)
	}
	stale := c.post(attempt+"/questions/1", with(page.form(), names[0], "moon", "rev", "0", "command_id", uuid.NewString(), "page", uuid.NewString()))
	if doc := stale.rejected(http.StatusConflict, "stale").doc(); doc.Find("#stem input").Length() != 0 || doc.Find("#stem .gap-value").Length() != 3 {
		t.Error("the conflict page does not show the gaps as text")
	}
	c.submit(attempt)
	result := c.get(attempt + "/result").status(http.StatusOK)
	if got := result.text(".result-question .stem"); got != "The Gap (1) sun is Gap (2) Option b and _____(3) weighs Gap (3) heavy kg." {
		t.Errorf("stem %q", got)
	}
	key := result.text(".result-question .feedback")
	for _, part := range []string{"sun / s…* (… stands for any text, capitals count, 50%)", "Option b", "1.5 – 2.5", "end"} {
		if !contains(key, part) {
			t.Errorf("key %q lacks %q", key, part)
		}
	}
	if got := result.text(".question-score"); got != "0.5 / 1 point" {
		t.Errorf("score %q", got)
	}
}

// A preview shows passages as the exam does.
func TestStimulusInPreview(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.passages()
	s.exam(func(d *exam.Definition) { d.Published = false })
	page := c.beginsPreview()
	if page.doc().Find(".stimulus").Length() != 0 {
		t.Error("the first question has a passage")
	}
	if page = c.presses(page, "next"); page.text(".stimulus h2") != "For questions 2 to 4" {
		t.Errorf("the second question's passage: %q", page.text(".stimulus h2"))
	}
}
