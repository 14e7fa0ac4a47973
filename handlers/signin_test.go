package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/sessionguard"
	"shiken/store"
)

func credentials(name, word string) url.Values {
	return url.Values{"username": {name}, "password": {word}}
}

// Unknown user and wrong password look the same.
func TestSignInThatIsRefused(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t)
			s.user("ann")
			c := s.client()
			c.lang = lang
			wrong := c.post("/login", credentials("ann", "wrong")).status(http.StatusUnauthorized)
			unknown := c.post("/login", credentials("bob", "wrong")).status(http.StatusUnauthorized)
			if wrong.text("#problem") == "" || wrong.text("main") != unknown.text("main") {
				t.Errorf("wrong %q, unknown %q", wrong.text("main"), unknown.text("main"))
			}
			if got := wrong.doc().Find("input[name=username]").AttrOr("value", ""); got != "ann" {
				t.Errorf("the username typed is lost: %q", got)
			}
			if contains(wrong.body, "wrong\"") {
				t.Error("the password typed is shown")
			}
		})
	}
}

// A sign-in says from where it was made.
func TestSignInIsDescribed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ann := s.user("ann")
	s.client().post("/login", credentials("ann", password)).leads("/")
	list, _, err := s.store.SignInsOf(t.Context(), ann.ID, 9)
	must(t, err)
	if len(list) != 1 || list[0].Address != "127.0.0.1" || list[0].Agent == "" {
		t.Errorf("sign-ins %+v", list)
	}
}

func TestSignInIsThrottled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	s.user("bob")
	for range 10 {
		must(t, s.store.RecordFailedSignIn(t.Context(), "ann", "127.0.0.0/24"))
	}
	c := s.client()
	a := c.post("/login", credentials("ann", password)).status(http.StatusTooManyRequests)
	if a.header.Get("Retry-After") == "" || a.text("#problem") == "" {
		t.Errorf("no word of how long: %q", a.text("#problem"))
	}
	c.post("/login", credentials("bob", password)).leads("/")
}

// Where a sign-in leads is always here.
func TestSignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	for next, want := range map[string]string{
		"": "/", "/": "/", "/exams/test": "/exams/test", "/a?b=c": "/a?b=c",
		"//evil.example": "/", "https://evil.example": "/", "http:evil.example": "/", "evil.example": "/",
		`/\evil.example`: "/", `\\evil.example`: "/", "/\t/evil.example": "/", "/\n/evil.example": "/",
		"/\r\nSet-Cookie: a=b": "/", "javascript:alert(1)": "/", "///evil.example": "/", " //evil.example": "/",
	} {
		c := s.signedIn("ann")
		at := c.get("/login?next=" + url.QueryEscape(next)).status(http.StatusSeeOther).location
		if at != want {
			t.Errorf("signed in already, next %q leads to %q", next, at)
		}
	}
	c := s.client()
	form := with(credentials("ann", password), "next", "//evil.example")
	c.post("/login", form).leads("/")
	shown := s.client().get("/login?next=" + url.QueryEscape("https://evil.example")).status(http.StatusOK)
	if got := shown.doc().Find("main input[name=next]").AttrOr("value", ""); strings.Contains(got, "evil") {
		t.Errorf("next %q", got)
	}
}

func TestSignInMalformed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.client()
	for _, form := range []url.Values{
		{}, {"username": {"a"}}, {"password": {"a"}}, {"username": {"a", "b"}, "password": {"c"}},
		{"username": {strings.Repeat("a", 1025)}, "password": {"a"}}, {"username": {"a"}, "password": {strings.Repeat("a", 1025)}},
		{"username": {"a\x00"}, "password": {"a"}}, {"username": {"\xff"}, "password": {"a"}},
	} {
		c.post("/login", form).status(http.StatusBadRequest)
	}
}

// Signed out: a page leads to sign-in and back.
func TestSignedOutPagesLeadToSignInAndBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user("ann")
	s.questions(1)
	s.exam()
	attempt := s.beganAt("ann", 0)
	for _, path := range []string{"/exams/test", attempt, attempt + "/questions/1?note=saved", attempt + "/review", attempt + "/result"} {
		s.client().get(path).leads("/login?next=" + url.QueryEscape(path))
	}
	s.client().get("/").leads("/login")
	c := s.client()
	page := c.follow(c.get(attempt + "/questions/1")).status(http.StatusOK)
	form := with(fieldsIn(page.doc().Find("main form")), "username", "ann", "password", password)
	c.post("/login", form).leads(attempt + "/questions/1")
}

// unsent is ann's browser, whose sign-in ended before it sent an answer, and the 401 page of that.
func unsent(t *testing.T) (s *site, c *client, attempt string, page *answer) {
	s, c, attempt = sat(t, 2)
	s.user("bob")
	question := c.question(attempt, 1)
	must(t, s.store.RevokeSignIn(t.Context(), c.signIn))
	return s, c, attempt, c.answers(question, 1, "next").status(http.StatusUnauthorized)
}

func resume(page *answer, user string) url.Values {
	return with(fieldsIn(page.doc().Find("main form")), "username", user, "password", password)
}

// A command sent while signed out travels through the sign-in and is applied by one button.
func TestUnsentCommandIsAppliedAfterSignIn(t *testing.T) {
	t.Parallel()
	s, c, attempt, page := unsent(t)
	if action := page.doc().Find("main form").AttrOr("action", ""); action != "/login" {
		t.Fatalf("the 401 page posts to %q", action)
	}
	again := c.post("/login", with(resume(page, "ann"), "password", "wrong")).status(http.StatusUnauthorized)
	kept := c.post("/login", resume(again, "ann")).status(http.StatusOK)
	if buttons := kept.doc().Find("main button"); buttons.Length() != 1 {
		t.Fatalf("%d buttons", buttons.Length())
	}
	if n := s.entries(attempt, exam.Move); n != 0 {
		t.Error("the command was applied without a click")
	}
	c.press(kept).leads(attempt + "/questions/2")
	c.press(kept).leads(attempt + "/questions/2")
	if n := s.entries(attempt, exam.Move); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestUnsentCommandIsNotSentByAnother(t *testing.T) {
	t.Parallel()
	s, c, attempt, page := unsent(t)
	other := c.post("/login", resume(page, "bob")).leads("/")
	if contains(other.body, "resume") {
		t.Error("bob is shown what ann typed")
	}
	if n := len(s.stored(attempt).Records) + len(s.stored(attempt).Rejections); n != 1 {
		t.Errorf("something was sent: %d", n)
	}
}

// Without a cookie the attempt tells whose command it is; a form that hides it is not resumed.
func TestUnsentCommandWithoutCookie(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	s.user("bob")
	form := with(c.question(attempt, 1).form(), "action", "save")
	c.post("/logout", url.Values{}).leads("/login")
	page := c.post(attempt+"/questions/1", form).status(http.StatusUnauthorized)
	s.client().post("/login", resume(page, "bob")).leads("/")
	for _, forged := range []string{"", "x", strings.Repeat("0", 64), s.users["bob"].ID} {
		s.client().post("/login", with(resume(page, "bob"), "resume_user", forged)).leads("/")
	}
	kept := c.post("/login", resume(page, "ann")).status(http.StatusOK)
	c.press(kept).leads(attempt + "/questions/1")
	// An attempt that is not there looks the same.
	unknown := s.client().post("/attempts/"+uuid.NewString()+"/questions/1", form).status(http.StatusUnauthorized)
	signed := func(a *answer) int { return len(fieldsIn(a.doc().Find("main form")).Get("resume_user")) }
	if signed(unknown) != signed(page) || signed(page) == 0 {
		t.Errorf("the 401 page tells which attempts there are: %d, %d", signed(unknown), signed(page))
	}
}

// On a shared computer the cookie may be another's: the command is still offered to its candidate.
func TestUnsentCommandUnderAnothersCookie(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	form := with(c.question(attempt, 1).form(), "action", "save")
	bob := s.signedIn("bob")
	must(t, s.store.RevokeSignIn(t.Context(), bob.signIn))
	page := bob.post(attempt+"/questions/1", form).status(http.StatusUnauthorized)
	kept := bob.post("/login", resume(page, "ann")).status(http.StatusOK)
	bob.press(kept).leads(attempt + "/questions/1")
}

func TestResumeLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	_, c, _, page := unsent(t)
	for _, path := range []string{
		"https://evil.example/attempts/x/submit", "//evil.example/attempts/", "/logout", "/attempts/../logout", "/attempts/",
		"/attempts/%2e%2e/logout", `/attempts/\evil`, "/locale", "/exams/../logout", "/exams/a/b/attempts", "/login", "",
	} {
		c.post("/login", with(resume(page, "ann"), "resume_path", path)).leads("/")
	}
}

// A start that was sent while signed out is resumed too.
func TestUnsentStart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questions(1)
	s.exam()
	s.user("ann")
	c := s.client()
	page := c.post("/exams/test/attempts", url.Values{"command_id": {uuid.NewString()}, "seen": {"0"}}).status(http.StatusUnauthorized)
	kept := c.post("/login", resume(page, "ann")).status(http.StatusOK)
	c.press(kept).status(http.StatusSeeOther)
}

// The largest answer that a form takes survives the way through the sign-in.
func TestUnsentCommandWithVeryManyFields(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 1)
	form := with(c.question(attempt, 1).form(), "action", "save")
	for i := range 1_900 {
		form.Set("x"+itoa(i), "y")
	}
	c.post(attempt+"/questions/1", form).leads(attempt + "/questions/1")
	c.post("/logout", url.Values{}).leads("/login")
	page := c.post(attempt+"/questions/1", form).status(http.StatusUnauthorized)
	kept := c.post("/login", resume(page, "ann")).status(http.StatusOK)
	c.press(kept).leads(attempt + "/questions/1")
}

// §3: sign-out revokes one row, "everywhere" all; lifetimes are judged on the row, but not while
// there is an attempt to write.
func TestSignInsEnd(t *testing.T) {
	t.Parallel()
	s, laptop, attempt := sat(t, 1)
	phone := s.signedIn("ann")
	laptop.post("/logout", url.Values{}).leads("/login")
	laptop.get(attempt).status(http.StatusSeeOther)
	phone.get(attempt).leads(attempt + "/questions/1")
	must(t, s.store.RevokeAll(t.Context(), s.users["ann"].ID))
	phone.get(attempt).leads("/login?next=" + url.QueryEscape(attempt))
}

// oldSignIn is a browser that was signed in long ago.
func (s *site) oldSignIn(name string, ago time.Duration) *client {
	s.t.Helper()
	token, at := newToken(), exam.Instant(time.Now().Add(-ago).UnixMicro())
	row := store.SignIn{
		ID: uuid.NewString(), User: s.users[name].ID, TokenHash: sessionguard.HashToken(token), Created: at, LastSeen: at,
	}
	must(s.t, s.store.CreateSignIn(s.t.Context(), row))
	s.keepSession(token, map[string]any{"sign_in": row.ID})
	return s.withToken(token)
}

func TestLifetimesDoNotApplyWhileWriting(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	old := s.oldSignIn("ann", 30*24*time.Hour)
	old.get(attempt).leads(attempt + "/questions/1")
	c.submit(attempt)
	old.get(attempt).leads("/login?next=" + url.QueryEscape(attempt))
	c.get(attempt).leads(attempt + "/result")
}
