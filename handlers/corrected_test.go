package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"shiken/exam"
)

// corrects lets an admin say that "a" is right at a position of a paper without shuffling, and waits until every
// attempt is regraded.
func (s *site) corrects(c *client, attempt string, position int, pairs ...string) {
	s.t.Helper()
	path := "/admin/questions/" + s.versionAt(attempt, position) + "/key"
	form := with(fieldsIn(c.get(path).doc().Find("form[data-key-form]")),
		append([]string{"action", "correct", "reason", "print error", "job", uuid.NewString(), "right", "0"}, pairs...)...)
	page := "/admin/corrections/" + form.Get("job")
	c.post(path, form).leads(page)
	s.regraded(c, page)
}

func correctedOn(a *answer) *goquery.Selection { return a.doc().Find("[data-corrected-keys] li") }

func wordsOf(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// A key that is corrected after the release is told on the result, as far as the release goes: ann had the question
// right by the old key, eve had not answered it.
func TestR12_CorrectedKeyIsTold(t *testing.T) {
	now, never, byHand := exam.Release{When: exam.Immediately}, exam.Release{When: exam.Never}, exam.Release{When: exam.Manually}
	lowers := []string{"lower", "1"}
	for name, tt := range map[string]struct {
		rules    exam.ReleaseRules
		lower    []string
		position string // "": nothing is told
		en, ja   []string
	}{
		"lowered":           {exam.ReleaseRules{Score: now, Answers: now, Keys: now}, lowers, "1", []string{"Question 1", "1 / 1 point before, 0 / 1 point now"}, []string{"問題 1", "訂正前 1 / 1点、訂正後 0 / 1点"}},
		"kept":              {exam.ReleaseRules{Score: now, Answers: now, Keys: now}, nil, "1", []string{"stay the same: 1 / 1", "you keep what you had"}, []string{"変わりません", "訂正前の得点のまま"}},
		"score alone":       {exam.ReleaseRules{Score: now, Answers: now, Keys: never}, lowers, "0", []string{"Your score: 2 / 2 points before, 1 / 2 points now"}, []string{"あなたの得点：訂正前 2 / 2点、訂正後 1 / 2点"}},
		"score alone, kept": {exam.ReleaseRules{Score: now, Answers: now, Keys: never}, nil, "", nil, nil},
		"keys alone":        {exam.ReleaseRules{Score: never, Answers: never, Keys: now}, lowers, "1", []string{"Question 1: the key was corrected."}, []string{"問題 1 の正解が訂正されました。"}},
		"answers alone":     {exam.ReleaseRules{Score: never, Answers: now, Keys: never}, lowers, "", nil, nil},
		"nothing":           {exam.ReleaseRules{Score: never, Answers: never, Keys: never}, lowers, "", nil, nil},
		"not released yet":  {exam.ReleaseRules{Score: byHand, Answers: byHand, Keys: byHand}, lowers, "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, dora, attempts := marked(t, func(d *exam.Definition) {
				d.Rules.Release, d.Shuffle = tt.rules, exam.Shuffle{}
			})
			s.works(s.jobs)
			ann := s.signedIn("ann")
			result := attempts["ann"] + "/result"
			if n := correctedOn(ann.get(result).status(http.StatusOK)).Length(); n != 0 {
				t.Errorf("%d corrections before there was one", n)
			}
			s.corrects(dora, attempts["ann"], 1, tt.lower...)
			for lang, want := range map[string][]string{"en": tt.en, "ja": tt.ja} {
				ann.lang = lang
				list := correctedOn(ann.get(result).status(http.StatusOK))
				if got := list.AttrOr("data-corrected", ""); got != tt.position || list.Length() > 1 {
					t.Errorf("%s: told of position %q, want %q", lang, got, tt.position)
				}
				for _, words := range want {
					if !contains(wordsOf(list), words) {
						t.Errorf("%s: %q lacks %q", lang, wordsOf(list), words)
					}
				}
				if name == "keys alone" && contains(wordsOf(list), " / 1") {
					t.Errorf("%s: points that are not released: %q", lang, wordsOf(list))
				}
			}
		})
	}
}

// What was corrected before the release changed nothing that the candidate saw: it is told neither then nor later. The
// next correction is, with its time, which is that of the journal; a question that is dropped counts no more.
func TestCorrectedKeyIsToldFromTheReleaseOn(t *testing.T) {
	byHand := exam.Release{When: exam.Manually}
	s, dora, attempts := marked(t, func(d *exam.Definition) {
		d.Rules.Release, d.Shuffle = exam.ReleaseRules{Score: byHand, Answers: byHand, Keys: byHand}, exam.Shuffle{}
	})
	s.works(s.jobs)
	ann, result := s.signedIn("ann"), attempts["ann"]+"/result"
	s.corrects(dora, attempts["ann"], 1, "lower", "1")
	stands := dora.get(resultsOfTest).doc().Find("#release [name=shown]").AttrOr("value", "")
	dora.post("/admin/exams/test/release", url.Values{"shown": {stands}, "score": {"1"}, "keys": {"1"}}).status(http.StatusSeeOther)
	released := ann.get(result).status(http.StatusOK)
	if correctedOn(released).Length() != 0 || released.doc().Find(".result-question .feedback").Length() != 2 {
		t.Error("a correction from before the release is told, or nothing is released")
	}
	s.corrects(dora, attempts["ann"], 2, "action", "drop", "lower", "1")
	list := correctedOn(ann.get(result))
	if list.Length() != 1 || list.AttrOr("data-corrected", "") != "2" || !contains(wordsOf(list), "1 / 1 point before, not counted now") {
		t.Errorf("told %q", wordsOf(list))
	}
	if to, ok := list.Find("a").Attr("href"); !ok || ann.get(result).doc().Find(to).Length() != 1 {
		t.Errorf("the question is not at %q", to)
	}
	records := s.stored(attempts["ann"]).Records
	want := time.UnixMicro(int64(records[len(records)-1].Entry.Arrived)).UTC().Format("15:04:05")
	if got := wordsOf(list.Find("time")); !contains(got, want) {
		t.Errorf("corrected at %q, want %s", got, want)
	}
}
