package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shiken/questionset"
	"shiken/store"
)

// brokenGIFT has a sound question, one without a right answer, and one whose brace stays open.
const brokenGIFT = "::one::What holds? {=beam ~wall}\n\n::two::What opens? {~door ~wall}\n\n::three::Broken {=a\n"

// mends is the address where the n-th question that a report shows is mended.
func (a *answer) mends(number string) string {
	a.t.Helper()
	path := a.doc().Find("article[data-number='"+number+"'] a.mend").AttrOr("href", "")
	if path == "" {
		a.t.Fatalf("question %s cannot be mended\n%s", number, a.text("main"))
	}
	return path
}

// A refused question is mended in the editor, kept with its upload, and loaded as the others are; nothing of it
// is stored before.
func TestMendHere(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		report := c.brings("bank.gift", brokenGIFT)
		if n := report.doc().Find(".desk-question").Length(); n != 3 {
			t.Fatalf("%d questions are shown\n%s", n, report.text("main"))
		}
		at := report.mends("two")
		page := c.get(at).status(http.StatusOK)
		form := fieldsIn(page.doc().Find("#question-form"))
		if form.Get("stem") != "What opens?" || form.Get("rows[1].text") != "door" || form.Get("rows[2].text") != "wall" || form.Has("rows[1].right") || form.Has("right") {
			t.Fatalf("%s: the editor holds %v", lang, form)
		}
		if page.doc().Find(".findings li[data-severity=error]").Length() != 1 || !contains(page.text("pre"), "::two::") {
			t.Errorf("%s: beside it stands %s", lang, page.text("section.card"))
		}
		refused := c.post(at, with(form, "action", "save")).status(http.StatusUnprocessableEntity)
		if refused.doc().Find("[data-refused=unsound] a[href='#rows[1].right']").Length() != 1 {
			t.Errorf("%s: without a right answer: %s", lang, refused.text(".alert"))
		}
		after := c.follow(c.post(at, with(form, "action", "save", "rows[1].right", "1")).status(http.StatusSeeOther)).status(http.StatusOK)
		if after.doc().Find("article[data-number='two'] .chip").Length() == 0 || after.text("article[data-number='two'] .feedback") == "" {
			t.Errorf("%s: the report shows %s", lang, after.text("article[data-number='two']"))
		}
		if sets, err := s.store.Sets(t.Context()); err != nil || len(sets) != 0 && lang == "ja" {
			t.Fatalf("stored before the load: %v %v", sets, err)
		}
		if after.doc().Find("[data-verdict=partly]").Length() != 1 {
			t.Errorf("%s: the third is refused, and the report says %s", lang, after.text("main"))
		}
		got := s.loads(c, after)
		if want := map[string]int{"ja": 2, "en": 0}[lang]; got.Result.New != want || got.Result.New+got.Result.Unchanged != 2 {
			t.Errorf("%s: loaded %+v", lang, got.Result)
		}
	}
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "bank", Limit: 9})
	must(t, err)
	if len(list) != 2 || list[1].Number != "two" || list[1].Key.Options["a"] == 0 {
		t.Errorf("the set holds %+v", list)
	}
}

// What could not be read as a question at all is mended as text, which the format's own parser reads again.
func TestMendText(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	for _, tt := range []struct{ name, data, number, mended string }{
		{"a.gift", brokenGIFT, "three", "::three::Broken no more {=a ~b}"},
		{"a.csv", questionsCSV + "3,c,2020,\"Which\"x?,beam,wall,door,A,\n", "3", "3,c,2020,Which?,beam,wall,door,A,"},
		{"a.txt", "What holds?\nA) beam\nB) wall\nANSWER: A\n\nWhat opens?\nA) beam\nANSWER: A\n", "", "What opens?\nA) beam\nB) door\nANSWER: B"},
	} {
		report := c.brings(tt.name, tt.data)
		at := report.mends(tt.number)
		page := c.get(at + "&as=text")
		if !strings.Contains(at, "?") {
			page = c.get(at + "?as=text")
		}
		form := page.status(http.StatusOK).doc().Find("form:has(#source)")
		if form.Length() != 1 {
			t.Fatalf("%s: no text\n%s", tt.name, page.text("main"))
		}
		bad := c.post(form.AttrOr("action", ""), with(fieldsIn(form), "source", "::x:: {", "action", "save")).status(http.StatusUnprocessableEntity)
		if bad.doc().Find("[data-refused] li").Length() == 0 || bad.doc().Find("#source").Text() != "::x:: {" {
			t.Errorf("%s: refused as %s", tt.name, bad.text("main"))
		}
		after := c.follow(c.post(form.AttrOr("action", ""), with(fieldsIn(form), "source", tt.mended, "action", "save")).status(http.StatusSeeOther))
		if after.doc().Find("section > .findings .finding-error").Length() != map[bool]int{true: 1}[tt.name == "a.gift"] {
			t.Errorf("%s: the report says %s", tt.name, after.text(".findings"))
		}
		if again := c.get(at); again.doc().Find("#source").Text() != tt.mended {
			t.Errorf("%s: opened again it shows %s", tt.name, again.text("main"))
		}
		if got := s.loads(c, after); got.Refused != "" {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// Of two tabs that mend the same question the second sees both versions, and one click decides.
func TestMendInTwoTabs(t *testing.T) {
	t.Parallel()
	_, c := desked(t)
	at := c.brings("bank.gift", brokenGIFT).mends("two")
	form := with(fieldsIn(c.get(at).doc().Find("#question-form")), "action", "save")
	c.post(at, with(form, "rows[1].right", "1")).status(http.StatusSeeOther)
	c.post(at, with(form, "rows[1].right", "1")).status(http.StatusSeeOther) // sent again
	conflict := c.post(at, with(form, "rows[2].right", "1", "stem", "What opens, then?")).status(http.StatusConflict).has("outcome", "conflict")
	if conflict.doc().Find("[data-answer=saved]").Length() != 1 || !contains(conflict.text("[data-answer=sent]"), "What opens, then?") {
		t.Errorf("the page says %s", conflict.text("main"))
	}
	mine := fieldsIn(conflict.doc().Find("form.actions"))
	after := c.follow(c.post(at, with(mine, "action", "save")).status(http.StatusSeeOther))
	if !contains(after.text("article[data-number='two']"), "What opens, then?") {
		t.Errorf("kept is %s", after.text("article[data-number='two']"))
	}
	undo := fieldsIn(c.get(at).doc().Find("form:has(button[value=undo])"))
	back := c.follow(c.post(at, with(undo, "action", "undo")).status(http.StatusSeeOther))
	if back.doc().Find("article[data-number='two'] .findings .finding-error").Length() != 1 {
		t.Errorf("taken back: %s", back.text("article[data-number='two']"))
	}
	c.post(at, with(undo, "action", "undo", "edition", "1")).status(http.StatusSeeOther)
}

// A question that only wants a look is mended as well; what was loaded is what was mended.
func TestMendASoundQuestion(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	report := c.brings("bank.csv", strings.Replace(questionsCSV, ",door,C", ",beam,C", 1))
	at := report.mends("2")
	form := fieldsIn(c.get(at).status(http.StatusOK).doc().Find("#question-form"))
	if form.Get("right") != "3" {
		t.Errorf("the key of a sound question is %q", form.Get("right"))
	}
	preview := c.post(at+"/preview", form)
	if strings.Contains(at, "?") {
		preview = c.post(strings.Replace(at, "?", "/preview?", 1), form)
	}
	if preview.status(http.StatusOK).doc().Find("[data-previewed]").Length() != 1 {
		t.Errorf("preview: %s", preview.body)
	}
	if shown := c.post(at, with(form, "action", "preview")).status(http.StatusOK); shown.doc().Find("[data-previewed]").Length() != 1 {
		t.Errorf("preview without scripts: %s", shown.text("main"))
	}
	after := c.follow(c.post(at, with(form, "rows[3].text", "door", "action", "save")).status(http.StatusSeeOther))
	s.loads(c, after)
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "bank", Limit: 9})
	must(t, err)
	if len(list) != 2 || list[1].Question.Options[2].Text.Source != "door" {
		t.Errorf("loaded %+v", list)
	}
}

// Pictures within what was typed are kept with the upload, shown from there, and stored by the load.
func TestMendWithAPicture(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	at := c.brings("bank.gift", brokenGIFT).mends("two")
	form := fieldsIn(c.get(at).doc().Find("#question-form"))
	picture := `<p>What opens? <img alt="a dot" src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="></p>`
	after := c.follow(c.post(at, with(form, "action", "save", "rows[1].right", "1", "stem", picture, "stem.format", "html")).status(http.StatusSeeOther))
	src := after.doc().Find("article[data-number='two'] img").AttrOr("src", "")
	c.get(src).status(http.StatusOK)
	form = fieldsIn(c.get(at).doc().Find("#question-form"))
	after = c.follow(c.post(at, with(form, "action", "save", "explanation", "because")).status(http.StatusSeeOther))
	s.loads(c, after)
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "bank", Limit: 9})
	must(t, err)
	shown := ""
	questionset.MediaRefs(list[1].Question, list[1].Key, list[1].Feedback, func(hash string) { shown = hash })
	c.get("/media/" + shown + ".png").status(http.StatusOK)
}

// What is mended is its owner's, and of a question that there is.
func TestMendRefused(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	at := c.brings("bank.gift", brokenGIFT).mends("two")
	s.user("dan", store.RoleAuthor)
	other := s.signedIn("dan").inProcess(s)
	other.get(at).status(http.StatusNotFound)
	other.post(at, url.Values{"edition": {"0"}, "action": {"save"}}).status(http.StatusNotFound)
	for _, nth := range []string{"0", "4", "x", "-1", "1000000000"} {
		c.get(strings.Replace(at, "/mend/2", "/mend/"+nth, 1)).status(http.StatusNotFound)
	}
	c.post(at, url.Values{"edition": {"x"}}).status(http.StatusBadRequest)
	c.post(at, url.Values{"edition": {"0"}, "action": {"explode"}}).status(http.StatusBadRequest)
}

// A file of the program's own format: what is refused is mended as elsewhere, and each finding stands beside its
// own question.
func TestReportOfLines(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.categorised(3)
	lines := c.get("/author/sets/basics/export?format=shiken").status(http.StatusOK).body
	broken := strings.Replace(lines, `"b":10000`, `"b":20000`, 1)
	if broken == lines {
		t.Fatalf("nothing was broken in %s", lines)
	}
	report := c.brings("bank.jsonl", broken)
	if n := report.doc().Find(".desk-question").Length(); n != 3 {
		t.Fatalf("%d questions are shown\n%s", n, report.text("main"))
	}
	if n := report.doc().Find(".desk-question .finding").Length(); n != 1 || report.doc().Find(".desk-question a.mend").Length() != 1 {
		t.Fatalf("%d findings beside questions\n%s", n, report.text("main"))
	}
	at := report.doc().Find("a.mend").First().AttrOr("href", "")
	c.get(at).status(http.StatusOK)
}

// What a format brings and is left out of many questions stands beside each of them.
func TestSharedFindingStandsBesideEachQuestion(t *testing.T) {
	t.Parallel()
	_, c := desked(t)
	var quiz strings.Builder
	quiz.WriteString("<quiz>")
	for _, name := range []string{"one", "two", "three"} {
		hint := "<hint format='html'><text>think</text></hint>"
		if name == "two" {
			hint = ""
		}
		quiz.WriteString("<question type='truefalse'><name><text>" + name + "</text></name><questiontext format='html'><text>Is " + name +
			" so?</text></questiontext><answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false</text></answer>" + hint + "</question>")
	}
	report := c.brings("quiz.xml", quiz.String()+"</quiz>")
	for name, want := range map[string]int{"one": 1, "two": 0, "three": 1} {
		if n := report.doc().Find("article[data-number='" + name + "'] .finding-warning").Length(); n != want {
			t.Errorf("%s: %d warnings beside it, want %d\n%s", name, n, want, report.text("article[data-number='"+name+"']"))
		}
	}
}
