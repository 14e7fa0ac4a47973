package handlers_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// longest is the longest answer there may be, in one script or another.
func longest(unit string, units int) string { return strings.Repeat(unit, 100_000/units) }

// essay is ann's attempt of an exam that asks for a text, a text with gaps, and one choice.
func essay(t *testing.T, changes ...func(*site)) (s *site, c *client, attempt string) {
	s = newSite(t, changes...)
	s.load([]storeQuestion{
		loaded(0, exam.Question{Type: exam.Essay, Stem: exam.Text{Source: "Write."}}, exam.Key{Revision: 1}),
		loaded(1, exam.Question{Type: exam.Gaps, Stem: exam.Text{Source: "Fill."}, Prompts: prompts("p", "q")}, exam.Key{Revision: 1}),
	})
	s.exam()
	c = s.signedIn("ann")
	return s, c, c.start()
}

// An answer may have 100,000 UTF-16 units, a line break being one, and not one more.
func TestLengthOfAnAnswer(t *testing.T) {
	t.Parallel()
	_, c, attempt := essay(t)
	page := c.question(attempt, 1)
	for name, text := range map[string]string{
		"latin": longest("a", 1), "kanji": longest("漢", 1), "astral": longest("𠮷", 2), "lines": longest("\r\n", 1),
	} {
		form := with(page.form(), "command_id", uuid.NewString(), "page", uuid.NewString(), "action", "save", "answer", text)
		form.Set("rev", c.question(attempt, 1).data("rev"))
		c.post(attempt+"/questions/1", form).leads(attempt + "/questions/1")
		refused := c.post(attempt+"/questions/1", with(form, "answer", text+"x")).status(http.StatusRequestEntityTooLarge)
		if refused.text("[role=alert] p") == "" || !contains(refused.sent(), strings.TrimSpace(text)+"x") && name != "lines" {
			t.Errorf("%s: no word, or the text is lost", name)
		}
	}
	c.put(attempt, 1, newCall(longest("漢", 1)).but("rev", 9)).status(http.StatusOK)
	c.put(attempt, 1, newCall(longest("漢", 1)+"x")).fails(http.StatusRequestEntityTooLarge, "MALFORMED")
	half := longest("b", 2)
	keyed := func(more string) map[string]string { return map[string]string{"k": half, "l": half + more} }
	c.put(attempt, 2, newCall(keyed("x"))).fails(http.StatusRequestEntityTooLarge, "MALFORMED")
	c.put(attempt, 2, newCall(keyed(""))).fails(http.StatusUnprocessableEntity, "INVALID_ANSWER")
	many := strings.Split(strings.Repeat("x,", 100_001), ",")
	c.put(attempt, 2, newCall(many)).fails(http.StatusRequestEntityTooLarge, "MALFORMED")
	gaps := with(c.question(attempt, 2).form(), "action", "save")
	for name := range gaps {
		if strings.HasPrefix(name, "answer.") {
			gaps.Set(name, half+"x")
		}
	}
	c.post(attempt+"/questions/2", gaps).status(http.StatusRequestEntityTooLarge)
}

// The longest answer travels through the sign-in of somebody who was signed in; for anybody else the
// page keeps little and says what to do.
func TestSignedOutPagesKeepNoMoreThanTheyMay(t *testing.T) {
	t.Parallel()
	s, c, attempt := essay(t)
	form := with(c.question(attempt, 1).form(), "action", "save", "answer", longest("漢", 1))
	must(t, s.store.RevokeSignIn(t.Context(), c.signIn))
	page := c.post(attempt+"/questions/1", form).status(http.StatusUnauthorized)
	kept := c.post("/login", resume(page, "ann")).status(http.StatusOK)
	c.press(kept).leads(attempt + "/questions/1")

	for name, size := range map[string]int{"a stranger": 33 << 10, "too much for anybody": 390 << 10} {
		who := s.client()
		if size > 384<<10 {
			who = c
			c.post("/logout", url.Values{})
			must(t, s.store.RevokeAll(t.Context(), s.users["ann"].ID))
		}
		big := with(form, "answer", "short", "x", strings.Repeat("x", size))
		for _, lang := range []string{"ja", "en"} {
			who.lang = lang
			told := who.post(attempt+"/questions/1", big).status(http.StatusUnauthorized)
			if len(told.body) > 20_000 || told.doc().Find("main form").Length() != 0 {
				t.Errorf("%s: a page of %d bytes", name, len(told.body))
			}
			link := told.doc().Find("main a[href='/login'][target=_blank]")
			if link.Length() != 1 || told.text("[role=alert] p") == "" {
				t.Errorf("%s is not told what to do: %s", name, told.text("main"))
			}
		}
	}
	short := s.client().post(attempt+"/questions/1", with(form, "answer", longest("a", 4))).status(http.StatusUnauthorized)
	if got := fieldsIn(short.doc().Find("main form")); got.Get("resume_path") == "" {
		t.Error("a short answer is not kept")
	}
	// A sign-in form that carries too much, and was refused, carries it no further.
	refused := with(credentials("ann", "wrong"), "resume_path", attempt+"/questions/1", "resume_name", "x", "resume_value", strings.Repeat("x", 33<<10))
	if a := s.client().post("/login", refused).status(http.StatusUnauthorized); len(a.body) > 20_000 {
		t.Errorf("a page of %d bytes", len(a.body))
	}
}

// While the database is down a known browser's command is kept whole, a stranger's as far as it is small.
func TestUnavailablePagesKeepNoMoreThanTheyMay(t *testing.T) {
	t.Parallel()
	s, c, attempt, fail := satFaulty(t)
	long := with(c.question(attempt, 1).form(), "action", "save", "x", strings.Repeat("x", 300<<10))
	fail(store.ErrUnavailable)
	down := c.post(attempt+"/questions/1", long).status(http.StatusServiceUnavailable)
	if got := down.form().Get("x"); got != long.Get("x") {
		t.Errorf("kept %d bytes", len(got))
	}
	over := c.post(attempt+"/questions/1", with(long, "x", strings.Repeat("x", 400<<10))).status(http.StatusServiceUnavailable)
	stranger := s.client().post(attempt+"/questions/1", long).status(http.StatusServiceUnavailable)
	for _, told := range []*answer{over, stranger} {
		if len(told.body) > 20_000 || told.text("[data-unkept]") == "" || told.header.Get("Retry-After") == "" {
			t.Errorf("%d bytes: %s", len(told.body), told.text("main"))
		}
	}
}

// A sign-in that cannot be judged shows its form again, and says so.
func TestBusySignIn(t *testing.T) {
	t.Parallel()
	s, _, _, fail := satFaulty(t)
	fail(store.ErrUnavailable)
	for _, lang := range []string{"ja", "en"} {
		c := s.client()
		c.lang = lang
		a := c.post("/login", with(credentials("ann", password), "next", "/exams/test")).status(http.StatusServiceUnavailable)
		form := fieldsIn(a.doc().Find("main form"))
		if a.text("#problem") == "" || form.Get("username") != "ann" || form.Get("next") != "/exams/test" || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: form %v, %s", lang, form, a.text("main"))
		}
		if contains(a.body, password) {
			t.Error("the page holds the password")
		}
	}
}

// stalled opens a request for a question, sends part of its large body, and waits.
func (s *site) stalled(c *client, path string, sent int) net.Conn {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	must(s.t, err)
	s.t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nCookie: shiken_session=%s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		path, c.token, formType, 1<<20)
	must(s.t, err)
	_, err = bufio.NewReader(conn).ReadString('\n') // 100: the body is being read
	must(s.t, err)
	_, err = io.WriteString(conn, strings.Repeat("a", sent))
	must(s.t, err)
	return conn
}

// The bodies of all requests together are bounded; ordinary answers pass while large ones fill the room.
func TestRoomForBodies(t *testing.T) {
	t.Parallel()
	s, c, attempt := essay(t)
	const room, held = 600 << 10, 240 << 10 // what 150 KB hold: a buffer of 256 KiB without its free part
	s.server.SetRoom(room)
	large := with(c.question(attempt, 1).form(), "action", "save", "answer", longest("a", 1), "x", strings.Repeat("x", 200<<10))
	c.post(attempt+"/questions/1", large).leads(attempt + "/questions/1")
	until(t, "the first body has left", func() bool { return s.server.HasRoom(room) })
	other := s.signedIn("bob")
	holder := s.stalled(other, attempt+"/questions/1", 150<<10)
	until(t, "the second has its room", func() bool { return !s.server.HasRoom(room - held + 1) })
	refused := c.post(attempt+"/questions/1", with(large, "command_id", uuid.NewString(), "seq", "2")).status(http.StatusServiceUnavailable)
	if refused.header.Get("Retry-After") == "" || refused.text("[data-unkept]") == "" {
		t.Errorf("the page says %q", refused.text("main"))
	}
	small := with(c.question(attempt, 1).form(), "action", "save", "answer", "short")
	c.post(attempt+"/questions/1", small).leads(attempt + "/questions/1")
	must(t, holder.Close())
	until(t, "there is room again", func() bool {
		large.Set("rev", c.question(attempt, 1).data("rev"))
		return c.post(attempt+"/questions/1", with(large, "command_id", uuid.NewString(), "page", uuid.NewString())).code == http.StatusSeeOther
	})
}
