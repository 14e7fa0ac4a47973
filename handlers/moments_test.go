package handlers_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
)

// Each hard moment says what is true, what is safe and what to do, in both languages.

func TestWrongPasswordSaysWhatIsSafe(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	for lang, want := range map[string][]string{
		"en": {"not right", "what you saved stays saved", "ask an invigilator"},
		"ja": {"正しくありません", "そのまま残っています", "監督に"},
	} {
		c := s.client()
		c.lang = lang
		problem := c.post("/login", credentials("ann", "wrong")).status(http.StatusUnauthorized).text("#problem")
		for _, part := range want {
			if !contains(problem, part) {
				t.Errorf("%s: %q lacks %q", lang, problem, part)
			}
		}
	}
}

// An exam that opens soon is waited for on its page, which looks again at the right time; one that opens
// tomorrow is not.
func TestWaitingRoomOpensByItself(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		opens time.Duration
		waits bool
	}{"soon": {40 * time.Second, true}, "in half an hour": {30 * time.Minute, true}, "tomorrow": {24 * time.Hour, false}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.questions(1)
			s.exam(func(d *exam.Definition) {
				d.Rules.Window.Open = exam.Instant(time.Now().Add(tt.opens).UnixMicro())
			})
			page := s.signedIn("ann").get("/exams/test").status(http.StatusOK)
			seconds := page.doc().Find("body").AttrOr("data-refresh", "")
			if waits := page.doc().Find("[data-waiting]").Length() == 1; waits != tt.waits || (seconds != "") != tt.waits {
				t.Errorf("waits %t, looks again after %q s", waits, seconds)
			}
			if n, err := strconv.Atoi(seconds); name == "soon" && (err != nil || n > 41) {
				t.Errorf("opens in 40 s, looks again after %q", seconds)
			}
		})
	}
}

// A late answer is told by how much, and that it is kept.
func TestLateAnswerSaysByHowMuch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	c := s.signedIn("ann")
	attempt := s.beganAt("ann", 30*exam.Minute+14*exam.Second)
	form := url.Values{
		"rev": {"0"}, "command_id": {uuid.NewString()}, "page": {uuid.NewString()}, "seq": {"1"}, "opening": {"1"},
		"answer": {s.choice(attempt, 1, 1)}, "action": {"save"},
	}
	page := c.post(questionPath(attempt, 1), form).rejected(http.StatusConflict, "time_up")
	by, err := time.ParseDuration(page.doc().Find("[data-late-by]").AttrOr("data-late-by", ""))
	if err != nil || by < 14*time.Second || by > 74*time.Second {
		t.Errorf("late by %v, %v", by, err)
	}
	if text := page.text("main"); !contains(text, "s late") || !contains(text, "it is kept with its time") {
		t.Errorf("the page says %q", text)
	}
}

// A number may be typed in full-width digits; the page says how it was read, where that is not plain.
func TestNumbersAreSaidAsUnderstood(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	for typed, want := range map[string]string{
		"１２．５": "12.5", "−３": "-3", "1,200": "1200", "1e3": "1000", "2.5": "", "-7": "", "twelve": "", "1e-90": "", "１e９９": "",
	} {
		page := c.question(attempt, 5)
		c.post(questionPath(attempt, 5), with(page.form(), "answer", typed, "action", "save")).status(http.StatusSeeOther)
		if got := c.question(attempt, 5).doc().Find("[data-understood]").AttrOr("data-understood", ""); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}
