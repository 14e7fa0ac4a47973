package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

// banked is the first question of the set "basics".
func (s *rights) banked() string { return s.site.banked(0) }

// banked is the identity of a question of the set "basics".
func (s *site) banked(i int) string {
	s.t.Helper()
	list, _, err := s.store.SetQuestions(s.t.Context(), store.SetQuery{Set: "basics", Limit: 100})
	must(s.t, err)
	return list[i].Identity
}

// bank is a question as it is stored.
func (s *site) bank(identity string) store.StoredQuestion {
	s.t.Helper()
	q, err := s.store.Question(s.t.Context(), identity)
	must(s.t, err)
	return q
}

// drawable counts the questions of the set "basics" that an exam may draw.
func (s *site) drawable() int {
	s.t.Helper()
	d := exam.Definition{Sections: []exam.SectionDefinition{{From: exam.Source{Set: "basics"}}}}
	pools, err := s.store.LoadPools(s.t.Context(), &d)
	must(s.t, err)
	return len(pools[0])
}

// bankDesk is a site with three questions and cleo, who edits them.
func bankDesk(t *testing.T) (*site, *client) {
	s, c := desked(t)
	s.questions(3)
	return s, c
}

const bankPath = "/author/questions"

// editor opens the editor of a question and returns its address and form.
func (c *client) editor(identity string) (string, url.Values) {
	c.t.Helper()
	path := bankPath + "/" + identity + "/edit"
	return path, fieldsIn(c.get(path).status(http.StatusOK).doc().Find("#question-form"))
}

// savedBy is a form of the editor as its button sends it.
func savedBy(form url.Values) url.Values { return with(form, "action", "save") }

func TestAQuestionIsFoundReadAndEdited(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	list := c.get(bankPath + "?q=stem+2&type=single_choice&state=approved").status(http.StatusOK)
	link := list.doc().Find("tr[data-question] a")
	if link.Length() != 1 || link.Text() == "" {
		t.Fatalf("found %s", list.text("main"))
	}
	page := c.get(link.AttrOr("href", "")).status(http.StatusOK)
	if page.data("state") != "approved" || !contains(page.text(".desk-question"), "Stem 2") || !contains(page.text(".feedback"), "Option b") {
		t.Errorf("the page says %s", page.text("main"))
	}
	identity := page.data("question")
	path, form := c.editor(identity)
	if form.Get("stem") != "Stem 2" || form.Get("right") != "2" || form.Get("rows[3].text") != "Option c" {
		t.Errorf("the form holds %v", form)
	}
	form = with(form, "stem", "Which holds?", "rows[4].text", "Option d", "right", "4", "note", "a better question")
	after := c.follow(c.post(path, savedBy(form)).leads(bankPath + "/" + identity + "?note=edit.saved"))
	q := s.bank(identity)
	if q.Revision != 2 || q.Question.Stem.Source != "Which holds?" || len(q.Question.Options) != 4 || q.Key.Options["d"] != exam.FullCredit || q.EditedBy != "cleo" {
		t.Errorf("stored %+v", q)
	}
	if text := after.text("[data-kind=edited]"); !contains(text, "cleo") || !contains(text, "a better question") {
		t.Errorf("history %q", text)
	}
	if text := after.text("[data-version='2'] [data-field=stem]"); !contains(text, "Stem 2") || !contains(text, "Which holds?") {
		t.Errorf("differences %q", after.text("[data-version='2']"))
	}
	if old := c.get(bankPath + "/" + identity + "/versions/1").status(http.StatusOK); !contains(old.text("main"), "Stem 2") {
		t.Errorf("version 1: %s", old.text("main"))
	}
	if got := s.audited(); !slices.Equal(got, []string{"question.edit " + identity}) {
		t.Errorf("audit log %v", got)
	}
	if after.doc().Find("a[data-correct]").Length() != 0 {
		t.Error("an author is led to a page for admins")
	}
	s.user("dora", store.RoleAdmin, store.RoleAuthor)
	dora := s.signedIn("dora")
	keys := dora.get(bankPath + "/" + identity).status(http.StatusOK).doc().Find("a[data-correct]")
	if keys.Length() != 2 {
		t.Errorf("an admin is led to the keys of %d versions", keys.Length())
	}
	dora.get(keys.First().AttrOr("href", "")).status(http.StatusOK)
	c.post(path, savedBy(form)).leads(bankPath + "/" + identity + "?note=edit.saved") // sent again
	if q := s.bank(identity); q.Revision != 2 || len(s.audited()) != 1 {
		t.Errorf("sent again it made revision %d", q.Revision)
	}
}

// Back in the browser, the form that was stored is sent with more in it: its author decides, and is never
// told that it is saved.
func TestAFormThatGoesOnAfterItWasSavedIsNotLost(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	path, form := c.editor(s.banked(0))
	fresh := fieldsIn(c.get(bankPath + "/new?set=basics").status(http.StatusOK).doc().Find("#question-form"))
	for _, tt := range []struct {
		path string
		form url.Values
	}{
		{path, with(form, "stem", "First")},
		{bankPath, with(fresh, "stem", "First", "rows[1].text", "yes", "rows[2].text", "no", "right", "1")},
	} {
		more := fieldsIn(c.post(tt.path, with(tt.form, "action", "more")).status(http.StatusOK).doc().Find("#question-form"))
		saved := c.follow(c.post(tt.path, savedBy(more)).status(http.StatusSeeOther))
		identity := saved.data("question")
		again := fieldsIn(c.post(tt.path, with(more, "action", "more")).status(http.StatusOK).doc().Find("#question-form"))
		c.post(tt.path, savedBy(again)).leads(bankPath + "/" + identity + "?note=edit.saved")
		for _, change := range [][]string{{"stem", "Second"}, {"rows[4].text", "One more"}, {"note", "because"}, {"state", "in_review"}} {
			page := c.post(tt.path, savedBy(with(again, change...))).status(http.StatusConflict)
			kept := fieldsIn(page.doc().Find("main form"))
			if page.data("outcome") != "conflict" || kept.Get(change[0]) != change[1] {
				t.Fatalf("%s: kept %v", change[0], kept)
			}
			if change[0] != "stem" {
				continue
			}
			c.post(bankPath+"/"+identity+"/edit", with(kept, "action", "save")).status(http.StatusSeeOther)
			if q := s.bank(identity); q.Question.Stem.Source != "Second" {
				t.Errorf("stored %q", q.Question.Stem.Source)
			}
		}
	}
}

// A change of the key alone is a new revision of the key of the same version.
func TestAKeyAloneIsEdited(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	identity := s.banked(0)
	before := s.bank(identity)
	path, form := c.editor(identity)
	c.post(path, savedBy(with(form, "right", "3", "explanation", "Otherwise"))).status(http.StatusSeeOther)
	after := s.bank(identity)
	if after.Version != before.Version || after.Key.Revision != 2 || !maps.Equal(after.Key.Options, map[string]int{"c": exam.FullCredit}) ||
		after.Feedback.Explanation.Source != "Otherwise" {
		t.Errorf("stored %+v", after)
	}
}

// The second of two authors sees both, and decides; neither loses anything.
func TestTwoAuthorsEditOneQuestion(t *testing.T) {
	t.Parallel()
	s, cleo := bankDesk(t)
	s.user("dora", store.RoleAdmin)
	dora := s.signedIn("dora").inProcess(s)
	identity := s.banked(0)
	path, first := cleo.editor(identity)
	_, second := dora.editor(identity)
	dora.post(path, savedBy(with(second, "stem", "By dora"))).status(http.StatusSeeOther)
	page := cleo.post(path, savedBy(with(first, "stem", "By cleo", "rows[1].text", "Mine"))).status(http.StatusConflict)
	if page.data("outcome") != "conflict" || !contains(page.text("[data-answer=saved]"), "By dora") || !contains(page.text("[data-answer=sent]"), "By cleo") ||
		!contains(page.text("[role=alert]"), "dora") || page.doc().Find("[data-field='rows[1].text']").Length() != 1 {
		t.Fatalf("the page says %s", page.text("main"))
	}
	if q := s.bank(identity); q.Question.Stem.Source != "By dora" {
		t.Errorf("stored %q", q.Question.Stem.Source)
	}
	form := fieldsIn(page.doc().Find("main form"))
	editor := cleo.post(path, with(form, "action", "show")).status(http.StatusOK)
	if got := fieldsIn(editor.doc().Find("#question-form")); got.Get("stem") != "By cleo" || got.Get("rows[1].text") != "Mine" {
		t.Errorf("the editor holds %v", got)
	}
	cleo.post(path, with(form, "action", "save")).status(http.StatusSeeOther)
	q := s.bank(identity)
	if q.Question.Stem.Source != "By cleo" || q.Revision != 3 || q.Question.Options[0].Text.Source != "Mine" {
		t.Errorf("stored %+v", q)
	}
	versions, err := s.store.QuestionVersions(t.Context(), identity, 9)
	if err != nil || len(versions) != 3 || versions[1].Question.Stem.Source != "By dora" {
		t.Errorf("versions %+v: %v", versions, err)
	}
}

func TestAQuestionThatMakesNoSenseIsNotSaved(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	identity := s.banked(0)
	path, form := c.editor(identity)
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		page := c.post(path, savedBy(with(form, "stem", " ", "rows[2].text", "", "rows[3].text", "", "year", "soon", "note", "kept"))).status(http.StatusUnprocessableEntity)
		var elements []string
		for _, e := range page.doc().Find("[data-refused] li").EachIter() {
			elements = append(elements, e.AttrOr("data-element", ""))
		}
		slices.Sort(elements)
		if want := []string{"rows[1].right", "rows[1].text", "stem", "year"}; !slices.Equal(elements, want) {
			t.Errorf("refused for %v, want %v\n%s", elements, want, page.text("[data-refused]"))
		}
		for _, name := range []string{"stem", "year"} {
			field := page.doc().Find("#" + name)
			if field.AttrOr("aria-invalid", "") != "true" || !contains(field.AttrOr("aria-describedby", ""), name+"-error") || page.doc().Find("#"+name+"-error").Length() != 1 {
				t.Errorf("%s is not marked", name)
			}
		}
		if got := fieldsIn(page.doc().Find("#question-form")); got.Get("year") != "soon" || got.Get("note") != "kept" || got.Get("rows[1].text") != "Option a" {
			t.Errorf("the form kept %v", got)
		}
	}
	if s.bank(identity).Revision != 1 || len(s.audited()) != 0 {
		t.Error("something was stored")
	}
}

func TestANewQuestionIsADraft(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	form := fieldsIn(c.get(bankPath + "/new?set=basics").status(http.StatusOK).doc().Find("#question-form"))
	form = with(form, "stem", "New", "rows[1].text", "yes", "rows[2].text", "no", "right", "1", "tags", "a, b、a")
	refused := c.post(bankPath, savedBy(with(form, "set", ".."))).status(http.StatusUnprocessableEntity)
	if refused.doc().Find("#set[aria-invalid=true]").Length() != 1 {
		t.Errorf("the page says %s", refused.text("main"))
	}
	page := c.follow(c.post(bankPath, savedBy(form)).status(http.StatusSeeOther))
	q := s.bank(page.data("question"))
	if q.State != store.QuestionDraft || q.Set != "basics" || !slices.Equal(q.Tags, []string{"a", "b"}) || s.drawable() != 3 {
		t.Errorf("stored %+v, %d drawable", q, s.drawable())
	}
	c.post(bankPath, savedBy(form)).leads(bankPath + "/" + q.Identity + "?note=edit.saved")
	for _, mark := range []struct {
		action string
		drawn  int
	}{{"in_review", 3}, {"approved", 4}, {"retired", 3}, {"restored", 4}, {"draft", 3}} {
		page := c.get(bankPath + "/" + q.Identity)
		button := page.doc().Find("button[name=action][value=" + mark.action + "]")
		if button.Length() != 1 {
			t.Fatalf("%s: no button on %s", mark.action, page.text("main"))
		}
		form := with(fieldsIn(page.doc().Find("#mark-form")), "action", mark.action, "note", "because "+mark.action)
		after := c.follow(c.post(bankPath+"/"+q.Identity+"/mark", form).status(http.StatusSeeOther))
		if s.drawable() != mark.drawn || !contains(after.text("[data-kind="+mark.action+"]"), "because "+mark.action) || after.doc().Find("p.note").Length() != 1 {
			t.Errorf("%s: %d drawable, %s", mark.action, s.drawable(), after.text("main"))
		}
		c.post(bankPath+"/"+q.Identity+"/mark", form).status(http.StatusSeeOther) // sent again
	}
	if n := len(s.audited()); n != 6 {
		t.Errorf("%d entries of the audit log: %v", n, s.audited())
	}
}

// What was decided on a page of before is not done.
func TestAMarkOfAnEarlierEditionIsNotSet(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	identity := s.banked(0)
	mark := fieldsIn(c.get(bankPath + "/" + identity).doc().Find("#mark-form"))
	path, form := c.editor(identity)
	c.post(path, savedBy(with(form, "stem", "Changed"))).status(http.StatusSeeOther)
	page := c.post(bankPath+"/"+identity+"/mark", with(mark, "action", "retired", "note", "no longer")).status(http.StatusConflict)
	if s.bank(identity).Retired || page.doc().Find("[data-refused=moved]").Length() != 1 || fieldsIn(page.doc().Find("#mark-form")).Get("note") != "no longer" {
		t.Errorf("the page says %s", page.text("main"))
	}
	for _, note := range []string{"", strings.Repeat("x", store.MaxNote+1)} {
		page := c.post(bankPath+"/"+identity+"/mark", with(mark, "action", "comment", "note", note)).status(http.StatusUnprocessableEntity)
		if page.doc().Find("#note[aria-invalid=true]").Length() != 1 {
			t.Error("the comment is not marked")
		}
	}
	c.post(bankPath+"/"+identity+"/mark", with(mark, "action", "approve")).status(http.StatusBadRequest)
	comment := c.follow(c.post(bankPath+"/"+identity+"/mark", with(mark, "action", "comment", "note", "<b>?</b>")).status(http.StatusSeeOther))
	if got := comment.text("[data-kind=comment] .typed"); got != "<b>?</b>" {
		t.Errorf("commented %q", got)
	}
}

func TestACopyIsANewQuestion(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	original := s.bank(s.banked(1))
	page := c.get(bankPath + "/" + original.Identity)
	link := page.doc().Find("a[href*='copy=']").AttrOr("href", "")
	form := fieldsIn(c.get(link).status(http.StatusOK).doc().Find("#question-form"))
	made := c.follow(c.post(bankPath, savedBy(with(form, "stem", "Copy"))).status(http.StatusSeeOther))
	q := s.bank(made.data("question"))
	if q.Identity == original.Identity || q.Set != "basics" || q.State != store.QuestionDraft || len(q.Question.Options) != 3 || s.bank(original.Identity).Revision != 1 {
		t.Errorf("stored %+v", q)
	}
}

func TestBankIsFiltered(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	questions := func(set string) []store.LoadedQuestion {
		var out []store.LoadedQuestion
		for i := range 60 {
			q := loaded(i, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: fmt.Sprintf("%s %d", set, i+1)}}, exam.Key{})
			q.Category, q.Year, q.Tags = fmt.Sprint("c", i%2), 2020+i%3, []string{fmt.Sprint("t", i%5)}
			out = append(out, q)
		}
		return out
	}
	for _, set := range []string{"one", "two"} {
		_, err := s.store.PutQuestions(t.Context(), set, questions(set))
		must(t, err)
	}
	for _, tt := range []struct {
		query string
		want  string
	}{
		{"", "120"}, {"?set=one", "60"}, {"?set=one&category=c1", "30"}, {"?tag=t3", "24"}, {"?year=2021", "40"}, {"?type=essay", "120"},
		{"?type=matching", ""}, {"?state=approved", "120"}, {"?state=draft", ""}, {"?state=retired", ""}, {"?q=two+60", "1"},
		{"?year=x&type=y&state=z&offset=-1", "120"}, {"?set=one&offset=1000", "60"},
	} {
		page := c.get(bankPath + tt.query).status(http.StatusOK)
		if got := page.doc().Find("nav.pager p").First().AttrOr("data-total", ""); got != tt.want {
			t.Errorf("%q: %q questions, want %q", tt.query, got, tt.want)
		}
		if tt.want != "" && page.doc().Find("tr[data-question]").Length() == 0 {
			t.Errorf("%q: none is listed", tt.query)
		}
	}
	c.get(bankPath + "?set=none").status(http.StatusNotFound)
	c.get(bankPath + "/" + "no-id").status(http.StatusNotFound)
}

// Each type is edited by its own rows, and a form that nobody changed stores nothing.
func TestEveryTypeIsEdited(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.questionsOfEveryType()
	changes := map[exam.QuestionType]struct {
		fields []string
		sound  func(*store.StoredQuestion) bool
	}{
		exam.MultipleChoice: {[]string{"weighted", "1", "rows[1].weight", "60", "rows[2].weight", "40", "rows[3].weight", "-50"}, func(q *store.StoredQuestion) bool {
			return q.Key.Weighted && maps.Equal(q.Key.Options, map[string]int{"a": 6000, "b": 4000, "c": -5000})
		}},
		exam.TrueFalse: {[]string{"right", "2"}, func(q *store.StoredQuestion) bool {
			return maps.Equal(q.Key.Options, map[string]int{"false": exam.FullCredit})
		}},
		exam.ShortText: {[]string{"rows[2].text", "to*", "rows[2].weight", "50", "rows[2].case", "1"}, func(q *store.StoredQuestion) bool {
			return len(q.Key.Texts) == 2 && q.Key.Texts[1] == exam.TextKey{Pattern: "to*", Weight: 5000, CaseSensitive: true}
		}},
		exam.Numeric: {[]string{"rows[1].text", "3.14 ± 0.01", "unit", "kg"}, func(q *store.StoredQuestion) bool {
			return q.Question.Unit == "kg" && q.Key.Numbers[0] == exam.NumberKey{Min: "3.13", Max: "3.15", Weight: exam.FullCredit}
		}},
		exam.Essay: {[]string{"guide", "Two reasons"}, func(q *store.StoredQuestion) bool { return q.Key.Guide.Source == "Two reasons" }},
		exam.Matching: {[]string{"rows[1].match", "Option b", "rows[1].option", "b", "rows[4].match", "left over"}, func(q *store.StoredQuestion) bool {
			return q.Key.Pairs["p"] == q.Key.Pairs["q"] && len(q.Question.Options) == 3
		}},
		exam.Ordering: {[]string{"rows[4].text", "Last"}, func(q *store.StoredQuestion) bool {
			return len(q.Key.Order) == 4 && q.Key.Order[0] == "p" && q.Question.Prompts[3].Text.Source == "Last"
		}},
		exam.Gaps: {[]string{"rows[2].answers", "*yes\n%50%maybe\nno", "rows[3].kind", "number", "rows[3].answers", "1..2", "rows[3].weight", "3"}, func(q *store.StoredQuestion) bool {
			p := q.Question.Prompts
			return len(p) == 3 && len(p[1].Options) == 3 && len(q.Key.Gaps["q"]) == 2 && q.Key.Gaps["q"][1].Weight == 5000 &&
				p[2].Number && q.Key.GapNumbers[p[2].ID][0].Max == "2" && q.Key.Weights[p[2].ID] == 3
		}},
		exam.Description: {[]string{"group", "g", "stimulus", "A passage"}, func(q *store.StoredQuestion) bool {
			return q.Question.Group == "g" && q.Question.Stimulus.Source == "A passage"
		}},
		exam.SingleChoice: {[]string{"stem.format", "markdown"}, func(q *store.StoredQuestion) bool { return q.Question.Options[0].Text.Format == exam.Markdown }},
	}
	for i, typ := range everyType {
		identity := s.banked(i)
		path, form := c.editor(identity)
		c.post(path, savedBy(form)).status(http.StatusSeeOther)
		if q := s.bank(identity); q.Edition != 1 {
			t.Errorf("%s: a form that nobody changed made edition %d", typ, q.Edition)
		}
		change := changes[typ]
		c.post(path, savedBy(with(form, change.fields...))).status(http.StatusSeeOther)
		if q := s.bank(identity); q.Edition != 2 || !change.sound(&q) {
			t.Errorf("%s: stored %+v", typ, q)
		}
	}
}

// Rows are added and moved, and the type is changed, without anything being stored or lost.
func TestRowsAreAddedAndMoved(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	identity := s.banked(0)
	path, form := c.editor(identity)
	form = with(form, "rows[3].note", "typed")
	more := fieldsIn(c.post(path, with(form, "action", "more")).status(http.StatusOK).doc().Find("#question-form"))
	if _, there := more["rows[9].text"]; !there || more.Get("rows[3].note") != "typed" {
		t.Errorf("the form holds %v", more)
	}
	moved := fieldsIn(c.post(path, with(form, "action", "up:2")).status(http.StatusOK).doc().Find("#question-form"))
	if moved.Get("rows[1].text") != "Option b" || moved.Get("rows[1].id") != "b" || moved.Get("right") != "1" {
		t.Errorf("the form holds %v", moved)
	}
	essay := c.post(path, with(form, "action", "show", "type", "essay")).status(http.StatusOK)
	if essay.doc().Find("#guide").Length() != 1 || essay.doc().Find(".edit-row").Length() != 0 {
		t.Error("the form is not that of an essay")
	}
	preview := c.post(path, with(form, "action", "preview", "stem", "Shown at once")).status(http.StatusOK)
	if !contains(preview.text("[data-previewed]"), "Shown at once") {
		t.Errorf("previewed %q", preview.text("[data-preview]"))
	}
	c.post(path, with(form, "action", "sideways:2")).status(http.StatusBadRequest)
	c.post(path, with(form, "state", "secret")).status(http.StatusBadRequest)
	if s.bank(identity).Edition != 1 {
		t.Error("something was stored")
	}
}

// A picture is stored with its alternative text, and shown in the question's new version.
func TestAPictureIsAdded(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	identity := s.banked(0)
	path := bankPath + "/" + identity + "/picture"
	fields := fieldsIn(c.get(path).status(http.StatusOK).doc().Find("form[enctype]"))
	sends := func(name, data, alt, place string) *answer {
		parts := []sentPart{aFile(name, data)}
		for field, value := range with(fields, "alt", alt, "place", place) {
			if field != "file" {
				parts = append(parts, sentPart{name: field, value: value[0]})
			}
		}
		contentType, body := formOf(t, parts...)
		return c.do(http.MethodPost, path, contentType, body)
	}
	for _, tt := range []struct{ data, alt, place, problem string }{
		{string(pixel.Data), " ", "stem", "alt"}, {"no picture", "A roof", "stem", "file"}, {string(pixel.Data), "A roof", "title", "place"},
		{"<svg xmlns='http://www.w3.org/2000/svg'/>", "A roof", "stem", "file"},
	} {
		if a := sends("x.png", tt.data, tt.alt, tt.place).status(http.StatusUnprocessableEntity); a.doc().Find("[data-refused="+tt.problem+"]").Length() != 1 {
			t.Errorf("%+v: %s", tt, a.text("main"))
		}
	}
	page := c.follow(sends("roof.png", string(pixel.Data), "A roof", "stem").status(http.StatusSeeOther))
	image := page.doc().Find(".desk-question .stem img")
	if image.AttrOr("alt", "") != "A roof" || !contains(page.text(".desk-question .stem"), "Stem 1") {
		t.Errorf("shown %s", page.text(".desk-question"))
	}
	c.get(image.AttrOr("src", "")).status(http.StatusOK)
	q := s.bank(identity)
	if q.Revision != 2 || q.Question.Options[0].Text.Format == exam.HTML {
		t.Errorf("stored %+v", q.Question)
	}
	sends("again.png", string(pixel.Data), "Another", "stem").status(http.StatusConflict) // it was not stored
	if a := sends("roof.png", string(pixel.Data), "A roof", "stem").status(http.StatusSeeOther); a.location != bankPath+"/"+identity+"?note=edit.saved" || s.bank(identity).Revision != 2 {
		t.Errorf("the same form sent again leads to %q", a.location)
	}
	fields.Set("event", "7d444840-9dc0-11d1-b245-5ffdce74fad2")
	if a := sends("other.png", string(pixel.Data), "Another", "stem").status(http.StatusConflict); a.doc().Find("[data-refused=moved]").Length() != 1 {
		t.Errorf("the page says %s", a.text("main"))
	}
}

// The editor of an exam says what is left out of it.
func TestAnExamSaysWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	s, c := bankDesk(t)
	s.exam()
	for i, kind := range []string{"draft", "retired"} {
		identity := s.banked(i)
		form := fieldsIn(c.get(bankPath + "/" + identity).doc().Find("#mark-form"))
		c.post(bankPath+"/"+identity+"/mark", with(form, "action", kind)).status(http.StatusSeeOther)
	}
	c.lang = "en"
	page := c.get("/author/exams/test").status(http.StatusOK)
	if text := page.text("[data-notice]"); !contains(text, "1 are not approved and 1 are retired") {
		t.Errorf("the editor says %q", text)
	}
}
