package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"shiken/exam"
	"shiken/store"
)

var variable = []struct {
	find *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`nonce="[^"]*"`), "NONCE"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`), "TIME"},
	{regexp.MustCompile(`\b\d{1,2}:\d\d(:\d\d)?\b`), "CLOCK"},
	{regexp.MustCompile(`[0-9a-f]{64}`), "HASH"},
	{regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`), "CODE"},
	{regexp.MustCompile(`((?:value|name)="(?:answer\.)?)[a-z2-7]{6}"`), `${1}OPAQUE"`},
}

// normal is a page without what differs by chance: ids, nonces, times, opaque values.
func normal(page string) string {
	for _, v := range variable {
		page = v.find.ReplaceAllString(page, v.put)
	}
	return page
}

// release is what a candidate sees of a result.
type release struct{ score, answers, keys, points bool }

func shownIn(a *answer) release {
	body := a.body
	return release{
		score:   a.doc().Find("[data-points]").Length() == 1,
		answers: contains(body, "Option a"),
		points:  a.doc().Find(".result-question .verdict, .question-score").Length() > 0,
		keys:    contains(body, "Because") || a.doc().Find(".result-question .feedback").Length() > 0,
	}
}

// Score, answers and keys are shown as far as each is released, keys never while an attempt is open.
func TestReleaseRules(t *testing.T) {
	t.Parallel()
	past, future := exam.Release{When: exam.At, At: 1}, exam.Release{When: exam.At, At: 1 << 52}
	now, never := exam.Release{When: exam.Immediately}, exam.Release{When: exam.Never}
	byHand, closing := exam.Release{When: exam.Manually}, exam.Release{When: exam.AfterClose}
	cases := []struct {
		name  string
		rules exam.ReleaseRules
		want  release
	}{
		{"all now", exam.ReleaseRules{Score: now, Answers: now, Keys: now}, release{true, true, true, true}},
		{"all never", exam.ReleaseRules{Score: never, Answers: never, Keys: never}, release{}},
		{"score alone", exam.ReleaseRules{Score: now, Answers: never, Keys: never}, release{score: true}},
		{"answers alone", exam.ReleaseRules{Score: never, Answers: now, Keys: never}, release{answers: true}},
		{"score and answers", exam.ReleaseRules{Score: now, Answers: now, Keys: never}, release{score: true, answers: true}},
		{"score and keys", exam.ReleaseRules{Score: now, Answers: never, Keys: now}, release{score: true, keys: true, points: true}},
		{"keys alone", exam.ReleaseRules{Score: never, Answers: never, Keys: now}, release{keys: true}},
		{"at a time that is over", exam.ReleaseRules{Score: past, Answers: past, Keys: past}, release{true, true, true, true}},
		{"at a time to come", exam.ReleaseRules{Score: future, Answers: future, Keys: future}, release{}},
		{"by hand, not yet", exam.ReleaseRules{Score: byHand, Answers: byHand, Keys: byHand}, release{}},
		{"after a close that there is not", exam.ReleaseRules{Score: closing, Answers: closing, Keys: closing}, release{}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			s, c, attempt := sat(t, 2, func(d *exam.Definition) { d.Rules.Release = test.rules })
			c.answers(c.question(attempt, 1), 0, "save")
			if got := shownIn(c.get(attempt + "/result").status(http.StatusOK)); got != (release{}) {
				t.Errorf("in progress: %+v", got)
			}
			c.submit(attempt)
			if got := shownIn(c.get(attempt + "/result")); got != test.want {
				t.Errorf("submitted: %+v, want %+v", got, test.want)
			}
			bob := s.signedIn("bob")
			other := bob.start()
			want := test.want
			want.keys, want.points = false, false
			if got := shownIn(c.get(attempt + "/result")); got != want {
				t.Errorf("another writes: %+v, want %+v", got, want)
			}
			bob.submit(other)
			s.admin(attempt, exam.Command{Kind: exam.Void})
			if got := shownIn(c.get(attempt+"/result").has("status", "voided")); got != (release{}) {
				t.Errorf("voided: %+v", got)
			}
		})
	}
}

// The receipt of a result is the last entry of its journal.
func TestResultShowsTheReceipt(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		s, c, attempt := sat(t, 2)
		c.lang = lang
		c.answers(c.question(attempt, 1), 1, "save")
		c.submit(attempt)
		result := c.get(attempt+"/result").has("status", "submitted", "phase", "done")
		records := s.stored(attempt).Records
		last := records[len(records)-1].Entry
		receipt := exam.Receipt{Seq: last.Seq, Hash: last.Hash}
		result.has("receipt", fmt.Sprintf("%d %s", receipt.Seq, receipt.Hash))
		if got := result.text("code.receipt"); got != receipt.Code() {
			t.Errorf("code %q", got)
		}
		if got := result.doc().Find("[data-points]").AttrOr("data-points", ""); got != "10000" {
			t.Errorf("points %q", got)
		}
	}
}

// R14: a reload and another device show the same order, and an edited exam changes no paper.
func TestSamePaper(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 5, func(d *exam.Definition) { d.Shuffle = exam.Shuffle{Questions: true, Options: true} })
	shown := func(c *client) (out []string) {
		for n := 1; n <= 5; n++ {
			page := c.question(attempt, n)
			out = append(out, page.text(".stem")+strings.Join(page.choices(), " ")+page.text("fieldset.answer"))
		}
		return out
	}
	first := shown(c)
	compare := func(when string, c *client) {
		t.Helper()
		for i, page := range shown(c) {
			if page != first[i] {
				t.Errorf("%s: question %d is %q, was %q", when, i+1, page, first[i])
			}
		}
	}
	compare("reload", c)
	compare("another device", s.signedIn("ann"))
	s.exam(linear, func(d *exam.Definition) { d.Sections[0].Draw = 1; d.Rules.TimeLimit = exam.Minute })
	var changed []store.LoadedQuestion
	for i := range 5 {
		q := loaded(i, exam.Question{
			Type: exam.SingleChoice, Stem: exam.Text{Source: "Rewritten"}, Options: options("a", "x"),
		}, exam.Key{Revision: 1, Options: map[string]int{"x": exam.FullCredit}})
		q.ContentHash = fmt.Sprintf("%064d", 100+i)
		changed = append(changed, q)
	}
	s.load(changed)
	compare("edited exam", c)
	s.serve() // a restart forgets everything that was kept in memory
	again := s.signedIn("ann")
	compare("restart", again)
	again.answers(again.question(attempt, 4), 0, "goto:2").leads(attempt + "/questions/2")
}

// Logs hold no answer, password or token: the site looks through them after every test.
func TestLogOfASittingHoldsNoSecret(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	s.questionsOfEveryType()
	s.exam()
	c := s.client()
	typed := "Secret Answer 日本"
	s.secrets = append(s.secrets, typed, url.QueryEscape(typed), "Secret", "guess-of-a-password", "typed-into-a-query")
	c.post("/login", credentials("ann", "guess-of-a-password")).status(http.StatusUnauthorized)
	in := c.post("/login", credentials("ann", password)).leads("/")
	for _, cookie := range in.cookies() {
		s.secrets = append(s.secrets, cookie.Value)
	}
	attempt := c.start()
	page := c.question(attempt, 4)
	form := with(page.form(), "answer", typed, "action", "save")
	c.post(attempt+"/questions/4", form).leads(attempt + "/questions/4")
	c.post(attempt+"/questions/4", with(form, "answer", typed+"!")).rejected(409, "id_reused")
	c.post(attempt+"/questions/4?q=typed-into-a-query", with(form, "answer", "%")).rejected(409, "id_reused")
	c.put(attempt, 4, newCall(typed).but("rev", 1)).acknowledged("applied", 2)
	c.putText(attempt, 4, typed).fails(http.StatusBadRequest, "MALFORMED")
	c.get(attempt + "/nothing?q=typed-into-a-query")
	c.submit(attempt)
	c.post("/logout", url.Values{})
	c.post(attempt+"/questions/4", form).status(http.StatusUnauthorized)
	if !contains(s.log.String(), attempt) {
		t.Error("nothing was logged")
	}
}
