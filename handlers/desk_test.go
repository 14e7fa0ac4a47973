package handlers_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/text/encoding/japanese"

	"shiken/desk"
	"shiken/exam"
	"shiken/questionset"
	"shiken/store"
)

// What was edited here is named by the report and by the load, and kept unless the author ticks the box.
func TestALoadKeepsWhatWasEditedHere(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	load := func() *answer { return c.brings("edited.csv", questionsCSV) }
	s.loads(c, load())
	list, _, err := s.store.SetQuestions(t.Context(), store.SetQuery{Set: "edited", Limit: 9})
	must(t, err)
	path, form := c.editor(list[0].Identity)
	c.post(path, savedBy(with(form, "stem", "Edited here"))).status(http.StatusSeeOther)
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		report := load()
		if report.doc().Find("[data-edited='1'] .chip").Text() != list[0].Number || report.doc().Find(`a[href*="/difference"]`).Length() != 1 {
			t.Errorf("the report says %s", report.text("main"))
		}
		if got := s.loads(c, report); got.Result.Edited != 1 || !slices.Equal(got.Result.EditedList, []string{list[0].Number}) {
			t.Errorf("loaded %+v", got.Result)
		}
	}
	if q := s.bank(list[0].Identity); q.Question.Stem.Source != "Edited here" {
		t.Errorf("stored %q", q.Question.Stem.Source)
	}
	report := load()
	c.post(report.doc().Find(`a[href*="/difference"]`).AttrOr("href", ""), url.Values{"action": {"replace_all"}}).status(http.StatusSeeOther)
	if got := s.loads(c, report); got.Result.Edited != 0 || got.Result.Changed != 1 {
		t.Errorf("replaced %+v", got.Result)
	}
	if q := s.bank(list[0].Identity); q.Question.Stem.Source == "Edited here" {
		t.Error("it was not replaced")
	}
}

// desked is a site with cleo, an author, in a browser.
func desked(t *testing.T) (*site, *client) {
	s := newSite(t)
	s.user("cleo", store.RoleAuthor)
	return s, s.signedIn("cleo").inProcess(s)
}

// brings uploads a question file and returns its report.
func (c *client) brings(name, data string, fields ...string) *answer {
	c.t.Helper()
	parts := []sentPart{aFile(name, data)}
	for i := 0; i+1 < len(fields); i += 2 {
		parts = append(parts, sentPart{name: fields[i], value: fields[i+1]})
	}
	contentType, body := formOf(c.t, parts...)
	return c.onceRead(c.follow(c.do(http.MethodPost, "/author/upload", contentType, body)))
}

// onceRead is the report of an upload, once it is read: until then its page tells how far the reading is, and
// each look at it waits a while.
func (c *client) onceRead(a *answer) *answer {
	c.t.Helper()
	for range 40 {
		again := a.doc().Find("[data-reading] a.button")
		if again.Length() == 0 {
			return a
		}
		a = c.get(again.AttrOr("href", ""))
	}
	c.t.Fatal("an upload is never read")
	return nil
}

// loads presses a report's button to load the file, and does the job that this asks for.
func (s *site) loads(c *client, report *answer) desk.LoadOutcome {
	s.t.Helper()
	form := report.doc().Find(`form[action$="/load"]`).First()
	if form.Length() == 0 {
		s.t.Fatalf("nothing to load\n%s", report.body)
	}
	a := c.post(form.AttrOr("action", ""), fieldsIn(form)).status(http.StatusSeeOther)
	id, found := strings.CutPrefix(a.location, "/author/jobs/")
	if !found {
		s.t.Fatalf("loading leads to %q", a.location)
	}
	if page := c.get(a.location).status(http.StatusOK); page.data("ended") != "false" {
		s.t.Errorf("the load has ended before it began\n%s", page.body)
	}
	return s.doesLoad(id)
}

// doesLoad does a job as the runner would.
func (s *site) doesLoad(id string) desk.LoadOutcome {
	s.t.Helper()
	ctx := context.Background()
	job, _, err := s.store.Job(ctx, id)
	must(s.t, err)
	outcome, err := (&desk.Loader{Store: s.store}).Do(ctx, job, func(int) {})
	must(s.t, err)
	text, err := json.Marshal(outcome)
	must(s.t, err)
	must(s.t, s.store.FinishJob(ctx, id, 1, text))
	return outcome.(desk.LoadOutcome)
}

// lastLoad is the id of the load that was asked for last.
func (s *site) lastLoad() string {
	s.t.Helper()
	list, _, err := s.store.RecentJobs(context.Background(), store.JobQuestions, exam.Minute)
	must(s.t, err)
	if len(list) == 0 {
		s.t.Fatal("nothing was asked for")
	}
	return slices.MaxFunc(list, func(a, b store.Job) int { return cmp.Compare(a.Created, b.Created) }).ID
}

// audited lists what the audit log holds, the oldest first, as "action object".
func (s *site) audited() (out []string) {
	s.t.Helper()
	entries, _, err := s.store.AuditLog(context.Background(), store.AuditQuery{Limit: 100})
	must(s.t, err)
	for _, e := range entries {
		if e.ActorName != "cleo" {
			s.t.Errorf("%s by %q", e.Action, e.ActorName)
		}
		out = append(out, string(e.Action)+" "+e.Object)
	}
	slices.Reverse(out)
	return out
}

const questionsCSV = "id,category,year,question,option_a,option_b,option_c,correct_answer,explanation\n" +
	"1,構造,2019,Which holds?,beam,wall,door,A,Because\n" +
	"2,設計,2020,Which opens?,beam,wall,door,C,\n"

func TestDeskWithoutAnything(t *testing.T) {
	t.Parallel()
	_, c := desked(t)
	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		for _, path := range []string{"/author", "/author/sets", "/author/exams"} {
			a := c.get(path).status(http.StatusOK)
			if a.doc().Find(".empty").Length() == 0 || a.doc().Find("a[href^='/author/upload'], a[href='/author/exams/new']").Length() == 0 {
				t.Errorf("%s: nothing says what to do next\n%s", path, a.body)
			}
			if a.doc().Find("nav.tabs a[aria-current=page]").Length() != 1 {
				t.Errorf("%s: no tab is current", path)
			}
		}
	}
}

// A form that comes back by the browser's Back, and is sent with another name of the set, is another load:
// it is shown again.
func TestLoadSentAgainWithOtherEntries(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	form := c.brings("a.csv", questionsCSV).doc().Find(`form[action$="/load"]`).First()
	fields := fieldsIn(form)
	first := c.post(form.AttrOr("action", ""), fields).status(http.StatusSeeOther)
	c.post(form.AttrOr("action", ""), fields).leads(first.location)
	again := c.follow(c.post(form.AttrOr("action", ""), with(fields, "set", "other")).status(http.StatusSeeOther)).status(http.StatusOK)
	if again.doc().Find("p.note:not(.good)").Length() != 1 || again.doc().Find("form[action$='/load'] input[name=set]").AttrOr("value", "") != "other" {
		t.Errorf("the page says %q", again.text("main"))
	}
	if out := s.loads(c, again); out.Set != "other" {
		t.Errorf("loaded %+v", out)
	}
}

// A file is shown before anything of it is stored, and loaded by a job.
func TestUploadAndLoad(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	report := c.brings("基礎.csv", questionsCSV).status(http.StatusOK)
	if v := report.doc().Find("[data-verdict]").AttrOr("data-verdict", ""); v != "sound" {
		t.Fatalf("verdict %q\n%s", v, report.body)
	}
	if n := report.doc().Find(".desk-question").Length(); n != 2 {
		t.Errorf("%d questions are shown", n)
	}
	if text := report.text(".desk-question[data-number='1'] .feedback"); !contains(text, "beam") || !contains(text, "Because") {
		t.Errorf("key and explanation: %q", text)
	}
	if sets, err := s.store.Sets(t.Context()); err != nil || len(sets) != 0 {
		t.Fatalf("stored before it was loaded: %v %v", sets, err)
	}
	if got := s.loads(c, report); got.Set != "基礎" || got.Result == nil || got.Result.New != 2 {
		t.Errorf("loaded: %+v", got)
	}
	page := c.get("/author/jobs/"+s.lastLoad()).status(http.StatusOK).has("ended", "true")
	if page.doc().Find("[data-loaded='基礎']").Length() != 1 || page.doc().Find("body[data-refresh]").Length() != 0 {
		t.Errorf("the page of the load: %s", page.text("main"))
	}
	if n := c.get("/author/sets").doc().Find("tr[data-set='基礎']").Length(); n != 1 {
		t.Error("the set is not listed")
	}
	again := c.brings("other.csv", strings.Replace(questionsCSV, "opens", "closes", 1), "set", " 基礎 ")
	if text := again.text(".terms"); !contains(text, "1 changed") || !contains(text, "1 unchanged") {
		t.Errorf("plan: %q", text)
	}
	want := []string{"questions.load 基礎", "questions.load 基礎"} // asked for, and done
	if got := s.audited(); !slices.Equal(got, want) {
		t.Errorf("audit log: %v, want %v", got, want)
	}
}

// A job that was asked for twice is one.
func TestLoadAskedTwice(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	report := c.brings("a.csv", questionsCSV)
	form := report.doc().Find(`form[action$="/load"]`).First()
	first := c.post(form.AttrOr("action", ""), fieldsIn(form)).status(http.StatusSeeOther)
	c.post(form.AttrOr("action", ""), fieldsIn(form)).leads(first.location)
	if n := len(s.audited()); n != 1 {
		t.Errorf("%d entries in the audit log", n)
	}
}

func TestUploadRefused(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	send := func(parts ...sentPart) *answer {
		contentType, body := formOf(t, parts...)
		return c.do(http.MethodPost, "/author/upload", contentType, body)
	}
	for _, tt := range []struct {
		name, problem string
		parts         []sentPart
	}{
		{"no file", "no_file", []sentPart{aFile("", "")}},
		{"no name of a set", "set", []sentPart{aFile("a.csv", questionsCSV), {name: "set", value: "-"}}},
	} {
		a := send(tt.parts...).status(http.StatusUnprocessableEntity)
		if got := a.doc().Find("#problem").AttrOr("data-problem", ""); got != tt.problem {
			t.Errorf("%s: problem %q", tt.name, got)
		}
	}
	send(aFile("a.csv", questionsCSV), sentPart{name: "format", value: "docx"}).status(http.StatusBadRequest)
	report := send(aFile("a.csv", questionsCSV)).status(http.StatusSeeOther).location
	s.user("dan", store.RoleAuthor)
	other := s.signedIn("dan").inProcess(s)
	other.get(report).status(http.StatusNotFound)
	other.post(report+"/load", url.Values{"job": {uuid.NewString()}}).status(http.StatusNotFound)
	other.post(report+"/discard", nil).status(http.StatusNotFound)
	c.post(report+"/load", url.Values{"job": {"x"}}).status(http.StatusBadRequest)
	c.post(report+"/discard", nil).leads("/author/upload?note=desk.discarded")
	c.get(report).status(http.StatusNotFound)
	c.get("/author/uploads/x").status(http.StatusNotFound)
}

func sjis(t *testing.T, text string) string {
	t.Helper()
	b, err := japanese.ShiftJIS.NewEncoder().String(text)
	must(t, err)
	return b
}

// Bad files give a report for each line, on a page of less than a megabyte, and nothing half done.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	lines := 100_000
	if raceEnabled {
		lines = 5_000
	}
	many := strings.Repeat("1,x,2019,Which?,p,q,r,Z,\n", lines)
	huge := strings.Repeat("<b>あ</b>", 3_000)
	var long strings.Builder
	long.WriteString("id,question,option_a,option_b,correct_answer\n")
	for i := range 15 {
		long.WriteString(strconv.Itoa(i+1) + "," + strconv.Itoa(i) + huge + ",x,y,A\n")
	}
	for _, tt := range []struct {
		name, file, data, verdict string
		lines                     int // of errors, at least
	}{
		{"wrong encoding", "a.csv", "\xff\xfe" + "q\x00", "refused", 0},
		{"cp932", "a.csv", sjis(t, strings.ReplaceAll(questionsCSV, "Which", "どれが")), "sound", 0},
		{"missing columns", "a.csv", "number,year\n1,2019\n", "refused", 1},
		{"no key", "a.csv", questionsCSV + "3,x,2021,Which?,p,q,r,,\n", "partly", 1},
		{"formulas and markup", "a.csv", "id,question,option_a,option_b,correct_answer\n=1+1,<script>alert(1)</script>,=cmd|x,\"<img src=x onerror=1>\",A\n", "sound", 0},
		{"a hundred thousand lines", "a.csv", strings.SplitAfter(questionsCSV, "\n")[0] + many, "refused", 50},
		{"long questions", "a.csv", long.String(), "sound", 0},
		{"no exam", "e.yaml", "exam: A B\ntitle: x\nsections: []\n", "refused", 2},
		{"an exam that cannot be drawn", "e.yaml", "exam: a\ntitle: x\npublished: true\nopen_to: everyone\nsections: [{from: {set: nope}}]\n", "refused", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := c.brings(tt.file, tt.data)
			a.t = t
			a.status(http.StatusOK)
			if got := a.doc().Find("[data-verdict]").AttrOr("data-verdict", ""); got != tt.verdict {
				t.Errorf("verdict %q\n%.4000s", got, a.text("main"))
			}
			if n := a.doc().Find("[data-severity=error]").Length(); n < tt.lines {
				t.Errorf("%d errors are listed", n)
			}
			if len(a.body) > 1<<20 {
				t.Errorf("the page has %d bytes", len(a.body))
			}
			if a.doc().Find("main script, main [onerror]").Length() > 0 {
				t.Error("markup of the file stands in the page")
			}
		})
	}
	if sets, err := s.store.Sets(t.Context()); err != nil || len(sets) != 0 {
		t.Errorf("sets %v, %v", sets, err)
	}
}

// What the page would not offer is not loaded either.
func TestLoadRefused(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	unsound := questionsCSV + "3,x,2021,Which?,p,q,r,,\n"
	ask := func(name, data string, change ...string) desk.LoadOutcome {
		t.Helper()
		report := c.brings(name, data)
		path := report.doc().Find(`form[action$="/discard"]`).AttrOr("action", "")
		form := with(url.Values{"job": {uuid.NewString()}}, change...)
		a := c.post(strings.TrimSuffix(path, "discard")+"load", form).status(http.StatusSeeOther)
		return s.doesLoad(strings.TrimPrefix(a.location, "/author/jobs/"))
	}
	c.get("/author/jobs/x").status(http.StatusNotFound)
	if got := ask("a.csv", unsound); got.Refused != desk.RefusedFile {
		t.Errorf("an unsound file whole: %+v", got)
	}
	if page := c.get("/author/jobs/"+s.lastLoad()).has("ended", "true"); page.doc().Find("[data-refused=file]").Length() != 1 {
		t.Errorf("the page of the load: %s", page.text("main"))
	}
	s.user("dan", store.RoleAuthor)
	s.signedIn("dan").inProcess(s).get("/author/jobs/" + s.lastLoad()).status(http.StatusNotFound)
	if got := ask("e.yaml", "exam: a\ntitle: x\npublished: true\nsections: [{from: {set: nope}}]\n"); got.Refused != desk.RefusedExams {
		t.Errorf("an exam that cannot be drawn: %+v", got)
	}
	if got := ask("a.csv", unsound, "sound_only", "1"); got.Result == nil || got.Result.New != 2 {
		t.Errorf("the sound ones: %+v", got)
	}
	if got := ask("e.yaml", "exam: a\ntitle: x\npublished: true\nopen_to: everyone\nsections: [{from: {set: a}}]\n"); !slices.Equal(got.Exams, []string{"a"}) {
		t.Errorf("an exam: %+v", got)
	}
	gone := uuid.NewString()
	args, err := json.Marshal(desk.LoadArgs{Upload: uuid.NewString(), File: "x.csv", Format: questionset.Auto})
	must(t, err)
	_, _, err = s.store.By(store.Act{Actor: s.users["cleo"].ID, ActorName: "cleo", Action: store.ActLoadQuestions}).CreateJob(t.Context(),
		store.Job{ID: gone, Kind: store.JobQuestions, Actor: s.users["cleo"].ID, Args: args})
	must(t, err)
	if got := s.doesLoad(gone); got.Refused != desk.RefusedGone {
		t.Errorf("a file that is gone: %+v", got)
	}
}

// A load that ended its process each time says so, and names the line in the log.
func TestLoadGivenUp(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	id := uuid.NewString()
	_, _, err := s.store.By(store.Act{Actor: s.users["cleo"].ID, ActorName: "cleo", Action: store.ActLoadQuestions}).CreateJob(t.Context(),
		store.Job{ID: id, Kind: store.JobQuestions, Actor: s.users["cleo"].ID, Args: json.RawMessage(`{}`)})
	must(t, err)
	must(t, s.store.FinishJob(t.Context(), id, 0, json.RawMessage(`{"failed":"ref-1","deadly":true}`)))
	page := c.get("/author/jobs/"+id).status(http.StatusOK).has("ended", "true")
	if alert := page.text("[role=alert]"); !contains(alert, "ref-1") || !contains(alert, "memory") {
		t.Errorf("the page says %q", alert)
	}
}

// A set shows its questions as candidates see them, with the key, and is searched and paged.
func TestSet(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.questionsOfEveryType()
	a := c.get("/author/sets/basics").status(http.StatusOK)
	if n := a.doc().Find(".desk-question").Length(); n != len(everyType) {
		t.Fatalf("%d questions", n)
	}
	keys := map[exam.QuestionType]string{
		exam.SingleChoice: "Option b", exam.MultipleChoice: "Option a", exam.TrueFalse: "True", exam.ShortText: "tokyo",
		exam.Numeric: "2 – 3 m", exam.Matching: "Option b", exam.Ordering: "3. Prompt r", exam.Gaps: "one",
	}
	for i, typ := range everyType {
		q := a.doc().Find(".desk-question").Eq(i)
		if !contains(q.Find(".stem").Text(), string(typ)) {
			t.Errorf("question %d is no %s", i+1, typ)
		}
		if text := strings.Join(strings.Fields(q.Find(".feedback").Text()), " "); !contains(text, keys[typ]) {
			t.Errorf("%s: key %q", typ, text)
		}
		if enabled := q.Find("input, select, textarea").Not("[disabled], fieldset[disabled] *"); enabled.Length() > 0 {
			t.Errorf("%s: inputs that may be used", typ)
		}
	}
	if v := a.doc().Find(".desk-question").First().Find("input[checked]"); v.Length() != 1 {
		t.Errorf("%d options are marked as right", v.Length())
	}
	for _, tt := range []struct {
		query string
		want  int
	}{{"q=essay", 1}, {"type=gaps", 1}, {"type=nope", 10}, {"q=nothing", 0}, {"year=1999", 0}, {"page=7", 10}, {"page=x", 10}} {
		a := c.get("/author/sets/basics?" + tt.query).status(http.StatusOK)
		if n := a.doc().Find(".desk-question").Length(); n != tt.want {
			t.Errorf("%s: %d questions, want %d", tt.query, n, tt.want)
		}
	}
	c.get("/author/sets/none").status(http.StatusNotFound)
}

func TestSetOfManyPages(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.questions(45)
	first := c.get("/author/sets/basics").status(http.StatusOK)
	if n := first.doc().Find(".desk-question").Length(); n != 20 {
		t.Errorf("%d questions on the first page", n)
	}
	next := first.doc().Find("a[rel=next]").First().AttrOr("href", "")
	last := c.get(c.get(next).doc().Find("a[rel=next]").First().AttrOr("href", ""))
	if n := last.doc().Find(".desk-question").Length(); n != 5 || last.doc().Find("a[rel=next]").Length() != 0 {
		t.Errorf("%d questions on the last page", n)
	}
	_, err := s.store.PutQuestions(t.Context(), "a/b 名", []store.LoadedQuestion{loaded(0, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: "?"}}, exam.Key{Revision: 1})})
	must(t, err)
	link := c.get("/author/sets").doc().Find(`tr[data-set="a/b 名"] a`).AttrOr("href", "")
	if n := c.get(link).status(http.StatusOK).doc().Find(".desk-question").Length(); n != 1 {
		t.Errorf("%s: %d questions", link, n)
	}
}

// An exam file is what the editor sends back.
func TestExamFile(t *testing.T) {
	t.Parallel()
	s, c := desked(t)
	s.questions(2)
	s.exam()
	a := c.get("/author/exams/test/file").status(http.StatusOK)
	if ct, cd := a.header.Get("Content-Type"), a.header.Get("Content-Disposition"); ct != "application/yaml; charset=utf-8" ||
		cd != `attachment; filename="test.yaml"` {
		t.Errorf("%q %q", ct, cd)
	}
	f, err := questionset.Parse(t.Context(), "test.yaml", strings.NewReader(a.body), questionset.Options{})
	must(t, err)
	stored, err := s.store.Definition(t.Context(), "test")
	must(t, err)
	if len(f.Definitions) != 1 || !bytes.Equal(exam.Canonical(f.Definitions[0]), exam.Canonical(stored)) {
		t.Errorf("%s", a.body)
	}
	c.get("/author/exams/none/file").status(http.StatusNotFound)
}
