package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"shiken/exam"
)

// The old accidents of docs/design.md §5, as a browser without JavaScript brings them about.

// R4: two tabs on different questions are both saved, whatever they were based on.
func TestTwoTabsFreeOnDifferentQuestions(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 3)
	first, second := c.question(attempt, 1), c.question(attempt, 2)
	c.answers(second, 1, "next").leads(attempt + "/questions/3")
	c.answers(first, 0, "next").leads(attempt + "/questions/2")
	r := s.stored(attempt).Attempt.Responses
	if r[1].Answer.IsZero() || r[2].Answer.IsZero() || r[1].Rev != 1 || r[2].Rev != 1 {
		t.Errorf("responses %+v", r)
	}
}

// The same question in two tabs: the second gets the conflict page, and its form makes it the answer.
func TestTwoTabsFreeOnTheSameQuestion(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 3)
	first, second := c.question(attempt, 1), c.question(attempt, 1)
	c.answers(first, 0, "next").leads(attempt + "/questions/2")
	page := c.answers(second, 1, "next").rejected(http.StatusConflict, "stale")
	c.press(page).leads(attempt + "/questions/1")
	if got := s.stored(attempt).Attempt.Responses[1]; got.Rev != 2 || got.Answer.Text != second.choices()[1] {
		t.Errorf("response %+v", got)
	}
}

// Two texts: each says what only it has, to the eye and to the ear, and is else as it was typed.
func TestConflictMarksWhatTwoTextsDifferIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.essay()
	c := s.signedIn("ann")
	attempt := c.start()
	first, second := c.question(attempt, 2), c.question(attempt, 2)
	write := func(page *answer, text string) *answer {
		return c.post(attempt+"/questions/2", with(page.form(), "answer", text, "action", "save"))
	}
	write(first, "The <b> bridge is old\nand 木造である.")
	page := write(second, "The <b> bridge is new\nand 石造である.").rejected(http.StatusConflict, "stale")
	for which, want := range map[string]string{"saved": "old|木", "sent": "new|石"} {
		answer := page.doc().Find("[data-answer=" + which + "]")
		marks := answer.Find("mark").Map(func(_ int, m *goquery.Selection) string {
			if m.Find(".visually-hidden").Length() != 2 {
				t.Errorf("%s: a mark that cannot be heard: %s", which, outer(t, m))
			}
			m.Find(".visually-hidden").Remove()
			return m.Text()
		})
		if got := strings.Join(marks, "|"); got != want {
			t.Errorf("%s: marked %q, want %q", which, got, want)
		}
		words := strings.Split(want, "|")
		if got, want := strings.TrimSpace(answer.Find(".typed").Text()), "The <b> bridge is "+words[0]+"\nand "+words[1]+"造である."; got != want {
			t.Errorf("%s: %q, want %q", which, got, want)
		}
	}
}

// Linear: the stale tab is told what was saved, and led to the cursor.
func TestTwoTabsLinear(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 3, linear)
	first, second := c.question(attempt, 1), c.question(attempt, 1)
	c.answers(first, 0, "next").leads(attempt + "/questions/2")
	told := c.answers(second, 1, "next").rejected(http.StatusConflict, "closed_question")
	if !contains(told.saved(), "Option a") {
		t.Errorf("saved %q", told.saved())
	}
	checkNext(t, told, attempt+"/questions/2")
	c.get(attempt).leads(attempt + "/questions/2")
}

// rapid sends n requests at the same time and returns the answers.
func rapid(t *testing.T, c *client, n int, request func(i int) *http.Request) []*answer {
	t.Helper()
	answers, errs := make([]*answer, n), make([]error, n)
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range n {
		req := request(i)
		done.Go(func() {
			ready.Wait()
			answers[i], errs[i] = c.try(req)
		})
	}
	ready.Done()
	done.Wait()
	for _, err := range errs {
		must(t, err)
	}
	return answers
}

func (c *client) postRequest(path string, form url.Values) *http.Request {
	return c.request(http.MethodPost, path, formType, form.Encode())
}

// R2: rapid clicks on Next are one command: one applied, the rest replayed to the same place.
func TestRapidClicksOnNext(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 20} {
		for name, change := range map[string]func(*exam.Definition){"free": untimed, "linear": linear} {
			t.Run(name, func(t *testing.T) {
				s, c, attempt := sat(t, 10, change)
				page := c.question(attempt, 1)
				form := with(page.form(), "answer", page.choices()[1], "action", "next")
				for _, a := range rapid(t, c, n, func(int) *http.Request { return c.postRequest(attempt+"/questions/1", form) }) {
					a.leads(attempt + "/questions/2")
				}
				if n := s.entries(attempt, exam.Move); n != 1 {
					t.Errorf("%d journal entries", n)
				}
				for outcome, want := range map[string]string{"applied": "1", "replayed": itoa(n - 1), "rejected": "0"} {
					name := `shiken_commands_total{kind="move",outcome="` + outcome + `",reason=""}`
					if got := s.metric(name); got != want {
						t.Errorf("%s %s, want %s", got, outcome, want)
					}
				}
				c.get(attempt).leads(attempt + "/questions/2")
			})
		}
	}
}

// R5: clicks that land on the next page need an answer or skip, so no question is closed unseen.
func TestClicksThatLandOnTheNextPage(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 10, linear)
	c.answers(c.question(attempt, 1), 0, "next").leads(attempt + "/questions/2")
	for range 9 {
		page := c.question(attempt, 2)
		c.post(attempt+"/questions/2", with(page.form(), "action", "next")).rejected(422, "unanswered")
	}
	if cursor := s.stored(attempt).Attempt.Cursor; cursor != 2 {
		t.Fatalf("cursor %d", cursor)
	}
}

// R10: twenty simultaneous starts give one attempt, and all land on it.
func TestTwentyStartsGiveOneAttempt(t *testing.T) {
	t.Parallel()
	for _, sameForm := range []bool{true, false} {
		s := newSite(t)
		s.questions(3)
		s.exam()
		c := s.signedIn("ann")
		form := c.get("/exams/test").form()
		led := map[string]bool{}
		for _, a := range rapid(t, c, 20, func(int) *http.Request {
			if !sameForm {
				form = with(form, "command_id", uuid.NewString())
			}
			return c.postRequest("/exams/test/attempts", form)
		}) {
			led[a.status(http.StatusSeeOther).location] = true
		}
		list, _, err := s.store.OfCandidate(t.Context(), s.users["ann"].ID)
		must(t, err)
		if len(led) != 1 || len(list) != 1 {
			t.Errorf("same form %v: %d attempts, led to %v", sameForm, len(list), led)
		}
	}
}

// Twenty devices, so that no queue orders the starts.
func TestTwentyDevicesStartOneAttempt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(3)
	s.exam()
	devices := make([]*client, 20)
	for i := range devices {
		devices[i] = s.signedIn("ann")
	}
	led := map[string]bool{}
	var mu sync.Mutex
	var done sync.WaitGroup
	for _, c := range devices {
		req := c.postRequest("/exams/test/attempts", url.Values{"command_id": {uuid.NewString()}, "seen": {"0"}})
		done.Go(func() {
			a, err := c.try(req)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || a.code != http.StatusSeeOther {
				t.Errorf("start: %v %+v", err, a)
				return
			}
			led[a.location] = true
		})
	}
	done.Wait()
	if len(led) != 1 {
		t.Errorf("led to %v", led)
	}
}

// A start that is sent again after its attempt is over leads there, and opens no other (R10).
func TestDelayedStartOpensNoOtherAttempt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	c := s.signedIn("ann")
	stale := c.get("/exams/test").form()
	attempt := c.start()
	c.submit(attempt)
	a := c.post("/exams/test/attempts", stale).status(http.StatusSeeOther)
	if !strings.HasPrefix(a.location, attempt) {
		t.Errorf("led to %q", a.location)
	}
	c.follow(a).status(http.StatusOK).has("status", "submitted")
	if second := c.start(); second == attempt {
		t.Error("a start that saw the first attempt begins another")
	}
}

// Distinct answers of one page in a burst: the highest seq is the answer of record (R1, R2).
func TestBurstOfOnePageKeepsTheHighestSeq(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	form := page.form()
	for _, a := range rapid(t, c, 20, func(i int) *http.Request {
		return c.postRequest(attempt+"/questions/1", with(form, "command_id", uuid.NewString(), "seq", itoa(i+1),
			"answer", page.choices()[i%3], "action", "save"))
	}) {
		a.leads(attempt + "/questions/1")
	}
	if got := s.stored(attempt).Attempt.Responses[1].Answer.Text; got != page.choices()[19%3] {
		t.Errorf("answer %q", got)
	}
}
