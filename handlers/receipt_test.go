package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"shiken/exam"
	"shiken/store"
	"shiken/templates"
)

// saves puts an answer and returns the code of its receipt.
func (c *client) saves(s *site, attempt string, n int, rev int64, option int) string {
	c.t.Helper()
	q := newCall(s.choice(attempt, n, option)).but("rev", rev)
	body := c.put(attempt, n, q).status(http.StatusOK).json()
	return body["receipt"].(map[string]any)["code"].(string)
}

// looksUp asks for a code, with further fields.
func (c *client) looksUp(code string, more ...string) *answer {
	c.t.Helper()
	q := url.Values{"code": {code}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return c.get("/receipts?" + q.Encode()).status(http.StatusOK)
}

func (a *answer) says(answer templates.ReceiptAnswer) *goquery.Selection {
	a.t.Helper()
	if got := a.doc().Find("main").AttrOr("data-answer", ""); got != string(answer) {
		a.t.Errorf("the answer is %q, want %q: %s", got, answer, a.doc().Find("main").Text())
	}
	return a.doc().Find(".receipt-found")
}

// R11: a candidate is told where the entry of a code stands, and whether the answer still counts.
func TestR11_AReceiptIsLookedUpByItsCandidate(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	first := ann.saves(s, attempt, 1, 0, 0)
	second := ann.saves(s, attempt, 1, 1, 1)

	found := ann.looksUp(strings.ToLower(strings.ReplaceAll(first, "-", " "))).says(templates.ReceiptKnown)
	if found.AttrOr("data-seq", "") != "2" || found.AttrOr("data-whole", "") != "true" || found.AttrOr("data-replaced-by", "") != "3" {
		t.Errorf("the first answer: %s", outer(t, found))
	}
	if text := found.Text(); !strings.Contains(text, "question 1") || !strings.Contains(text, "Entry 3") {
		t.Errorf("the first answer is told as %q", text)
	}
	found = ann.looksUp(second).says(templates.ReceiptKnown)
	if found.Find("[data-counts]").Length() != 1 || found.AttrOr("data-attempt", "") != strings.TrimPrefix(attempt, "/attempts/") {
		t.Errorf("the second answer: %s", outer(t, found))
	}
	if to, _ := found.Find("a").Attr("href"); to != attempt+"/result" {
		t.Errorf("it leads to %q", to)
	}
	if strings.Contains(found.Text(), "ann") {
		t.Error("a candidate is told names")
	}
}

func outer(t *testing.T, s *goquery.Selection) string {
	t.Helper()
	html, err := goquery.OuterHtml(s)
	must(t, err)
	return html
}

// R12: a code of another's attempt is answered to the byte as one of none, whatever fields come with it.
func TestR12_AForeignReceiptIsAsUnknownAsNone(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 1)
	code := ann.saves(s, attempt, 1, 0, 0)
	bob := s.signedIn("bob")
	bob.start()
	const none = "0000-0000-0000"
	for _, more := range [][]string{nil, {"exam", "test"}, {"user", "ann"}, {"exam", "test", "user", "ann"}} {
		foreign, unknown := bob.looksUp(code, more...), bob.looksUp(none, more...)
		foreign.says(templates.ReceiptUnknown)
		if strings.ReplaceAll(mainOf(foreign), code, none) != mainOf(unknown) {
			t.Errorf("with %v a foreign code is told as %q, none as %q", more, mainOf(foreign), mainOf(unknown))
		}
	}
	if s.client().get("/receipts?code="+code).status(http.StatusSeeOther).location == "" {
		t.Error("nobody is led to sign in")
	}
}

func mainOf(a *answer) string {
	html, _ := a.doc().Find("main").Html()
	return html
}

func TestAnAdminLooksUpReceiptsByExamOrPerson(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 1)
	code := ann.saves(s, attempt, 1, 0, 0)
	s.user("dora", store.RoleAdmin)
	dora := s.signedIn("dora")
	for _, more := range [][]string{{"exam", "test"}, {"user", " Ann "}, {"exam", "test", "user", "ann"}} {
		found := dora.looksUp(code, more...).says(templates.ReceiptKnown)
		if !strings.Contains(found.Text(), "Name of ann (ann)") || found.Find("a").AttrOr("href", "") != templates.StoryPath(strings.TrimPrefix(attempt, "/attempts/")) {
			t.Errorf("%v: %s", more, outer(t, found))
		}
	}
	dora.looksUp(code).says(templates.ReceiptUnknown)
	dora.looksUp(code, "exam", "no-such").says(templates.ReceiptUnknown)
	dora.looksUp(code, "user", "nobody").says(templates.ReceiptNoUser)
	dora.looksUp(code, "user", "\x01").says(templates.ReceiptNoUser)
	story := dora.get(templates.StoryPath(strings.TrimPrefix(attempt, "/attempts/")))
	link, _ := story.doc().Find("a[href^='/receipts?']").Attr("href")
	if found := dora.get(link).says(templates.ReceiptKnown); found.Length() != 1 {
		t.Errorf("the attempt's page leads to %q", link)
	}
}

func TestWhatCannotBeAReceiptIsToldSo(t *testing.T) {
	t.Parallel()
	_, ann, _ := sat(t, 1)
	for _, code := range []string{"x", "0000-0000-000U", "<script>alert(1)</script>", strings.Repeat("0", 5_000), "\x00\xff", "ああああ"} {
		a := ann.looksUp(code)
		a.says(templates.ReceiptMisread)
		if typed := a.doc().Find("#code").AttrOr("value", ""); len(typed) > 64+8 {
			t.Errorf("%d bytes are shown again", len(typed))
		}
	}
	ann.get("/receipts").status(http.StatusOK).says("")
	ann.get("/receipts?code=%20").status(http.StatusOK).says("")
}

// Every kind of entry has its words, in both languages.
func TestReceiptsOfEveryKindHaveWords(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	ann.saves(s, attempt, 1, 0, 0)
	for _, kind := range []exam.Kind{exam.Extend, exam.Pause, exam.Resume, exam.Void, exam.Unvoid, exam.ForceSubmit, exam.Reopen} {
		s.admin(attempt, exam.Command{Kind: kind, Amount: exam.Second})
	}
	ann.submit(attempt)
	s.mark()
	s.admin(attempt, exam.Command{Kind: exam.Regrade})
	for _, r := range s.stored(attempt).Records {
		for _, lang := range []string{"ja", "en"} {
			ann.lang = lang
			found := ann.looksUp(exam.Receipt{Seq: r.Entry.Seq, Hash: r.Entry.Hash}.Code()).says(templates.ReceiptKnown)
			if strings.Contains(found.Text(), "receipt.") || found.Length() != 1 {
				t.Errorf("%s in %s: %s", r.Entry.Kind, lang, found.Text())
			}
		}
	}
	result := ann.get(attempt + "/result").status(http.StatusOK)
	link, _ := result.doc().Find("a[href^='/receipts?']").Attr("href")
	ann.get(link).says(templates.ReceiptKnown)
}

// spoilt is a store whose journals were altered, and in which a look-up can be held up.
type spoilt struct {
	store.Store
	alter *atomic.Bool
	begun chan struct{} // a look-up that is held up says so here
	hold  chan struct{}
}

func (s spoilt) Story(ctx context.Context, attempt string) (store.StoredAttempt, error) {
	a, err := s.Store.Story(ctx, attempt)
	if s.alter.Load() && err == nil {
		a.Records[0].Entry.Arrived++
	}
	return a, err
}

func (s spoilt) FindReceipt(ctx context.Context, q store.ReceiptQuery) ([]store.ReceiptPlace, error) {
	if s.hold != nil {
		s.begun <- struct{}{}
		<-s.hold
	}
	return s.Store.FindReceipt(ctx, q)
}

// R11: the chain is verified there and then, and nothing is said of an entry in one that does not hold.
func TestR11_AReceiptInABrokenJournalIsAnAlarm(t *testing.T) {
	t.Parallel()
	alter := &atomic.Bool{}
	s := newSite(t, func(s *site) { s.between = func(in store.Store) store.Store { return spoilt{Store: in, alter: alter} } })
	s.questions(1)
	s.exam()
	ann := s.signedIn("ann")
	attempt := ann.start()
	code := ann.saves(s, attempt, 1, 0, 0)
	alter.Store(true)
	found := ann.looksUp(code).says(templates.ReceiptKnown)
	if found.AttrOr("data-whole", "") != "false" || found.Find("[role=alert]").Length() != 1 || found.Find("[data-counts]").Length() != 0 {
		t.Errorf("%s", outer(t, found))
	}
}

// Look-ups read whole journals: only so many are done at once.
func TestReceiptsAreLookedUpAFewAtATime(t *testing.T) {
	t.Parallel()
	const most = 4
	begun, hold := make(chan struct{}, most), make(chan struct{})
	s := newSite(t, func(s *site) {
		s.between = func(in store.Store) store.Store { return spoilt{in, &atomic.Bool{}, begun, hold} }
	})
	s.questions(1)
	s.exam()
	ann := s.signedIn("ann")
	answers := make(chan int, most)
	for range most {
		go func() {
			a, err := ann.try(ann.request(http.MethodGet, "/receipts?code=0000-0000-0000", "", ""))
			if err != nil {
				t.Error(err)
				answers <- 0
				return
			}
			answers <- a.code
		}()
	}
	// All that may are under way before another one asks: one that asked sooner could take a turn from them.
	for range most {
		<-begun
	}
	refused := ann.get("/receipts?code=misread").code
	close(hold)
	if refused != http.StatusServiceUnavailable {
		t.Errorf("one more: %d", refused)
	}
	for range most {
		if code := <-answers; code != http.StatusOK {
			t.Errorf("one that had its turn: %d", code)
		}
	}
}
