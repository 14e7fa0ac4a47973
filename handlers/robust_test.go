package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Unknown paths and browsers' probes are 404 and never touch the session store.
func TestUnknownPathsTouchNoSession(t *testing.T) {
	t.Parallel()
	s, c, _ := sat(t, 1)
	reads, writes := s.kept.Reads(), s.kept.Writes()
	for _, path := range []string{
		"/.well-known/appspecific/com.chrome.devtools.json", "/favicon.ico", "/robots.txt", "/apple-touch-icon.png",
		"/wp-login.php", "/exams", "/attempts", "/exams/", "/exams/test/", "//", "/login/", "/static/", "/static/none.css",
		"/static/../handlers/site.go", "/attempts/x/y/z", "/api", "/api/v1/", "/" + strings.Repeat("a", 8_000), "/%00", "/%ff",
		"/exams/test/attempts/", "/api/v1/attempts/" + uuid.NewString() + "/responses/0",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
			if a := c.do(method, path, "", ""); a.code != http.StatusNotFound {
				t.Errorf("%s %.60s: %d", method, path, a.code)
			}
		}
	}
	// Known paths with a wrong method touch none either.
	a := c.do(http.MethodDelete, "/login", "", "").status(http.StatusMethodNotAllowed)
	if got := a.header.Get("Allow"); got != "GET, HEAD, POST" {
		t.Errorf("Allow %q", got)
	}
	for line := range strings.Lines(s.client().get("/metrics").body) {
		if contains(line, "wp-login") || contains(line, "aaaa") {
			t.Errorf("a made-up path is a label: %.200s", line)
		}
	}
	if r, w := s.kept.Reads()-reads, s.kept.Writes()-writes; r != 0 || w != 0 {
		t.Errorf("%d session reads, %d writes", r, w)
	}
}

func TestWrongMethod(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 1)
	for path, allow := range map[string]string{
		"/": "GET, HEAD", "/logout": "POST", "/locale": "POST", "/display": "POST", "/exams/test": "GET, HEAD", "/exams/test/attempts": "POST",
		attempt: "GET, HEAD", attempt + "/questions/1": "GET, HEAD, POST", attempt + "/review": "GET, HEAD",
		attempt + "/submit": "POST", attempt + "/take-over": "POST", attempt + "/result": "GET, HEAD", "/api/v1/session": "GET, HEAD",
		standingPath(attempt): "GET, HEAD", savePath(attempt, 1): "PUT", "/healthz": "GET, HEAD", "/readyz": "GET, HEAD", "/metrics": "GET, HEAD",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
			if slices.Contains(strings.Split(allow, ", "), method) {
				continue
			}
			a := c.do(method, path, "", "")
			if a.code != http.StatusMethodNotAllowed || a.header.Get("Allow") != allow {
				t.Errorf("%s %s: %d, Allow %q, want %q", method, path, a.code, a.header.Get("Allow"), allow)
			}
		}
	}
	if a := c.do(http.MethodHead, attempt+"/questions/1", "", ""); a.code != http.StatusOK || a.body != "" {
		t.Errorf("HEAD: %d %q", a.code, a.body)
	}
}

// A foreign attempt is as unknown as one that is not there: the same page for both.
func TestForeignAttemptsAreUnknown(t *testing.T) {
	t.Parallel()
	s, ann, attempt := sat(t, 2)
	form := with(ann.question(attempt, 1).form(), "action", "save")
	bob := s.signedIn("bob")
	submit := url.Values{"command_id": {uuid.NewString()}, "opening": {"1"}, "rev": {"0"}}
	requests := map[string]func(base string) *answer{
		"attempt":  func(base string) *answer { return bob.get(base) },
		"question": func(base string) *answer { return bob.get(base + "/questions/1") },
		"beyond":   func(base string) *answer { return bob.get(base + "/questions/77") },
		"review":   func(base string) *answer { return bob.get(base + "/review") },
		"result":   func(base string) *answer { return bob.get(base + "/result") },
		"save":     func(base string) *answer { return bob.post(base+"/questions/1", form) },
		"submit":   func(base string) *answer { return bob.post(base+"/submit", submit) },
		"take":     func(base string) *answer { return bob.post(base+"/take-over", submit) },
	}
	for name, send := range requests {
		foreign := send(attempt).status(http.StatusNotFound)
		unknown := send("/attempts/" + uuid.NewString()).status(http.StatusNotFound)
		noID := send("/attempts/not-an-id").status(http.StatusNotFound)
		echoed := strings.ReplaceAll(noID.body, "not-an-id", uuid.NewString()) // where the language switch returns
		if normal(foreign.body) != normal(unknown.body) || normal(echoed) != normal(unknown.body) {
			t.Errorf("%s: the pages differ:\n%s\n%s", name, normal(foreign.body), normal(unknown.body))
		}
	}
	if stored := s.stored(attempt); len(stored.Records) != 1 || len(stored.Rejections) != 0 {
		t.Error("a foreign command left a trace")
	}
	s.client().get("/exams/none").status(http.StatusSeeOther)
	bob.get("/exams/none").status(http.StatusNotFound)
	s.exam(func(d *exam.Definition) { d.Slug, d.OpenTo = "closed", []string{"others"} })
	bob.get("/exams/closed").status(http.StatusNotFound)
	bob.post("/exams/closed/attempts", url.Values{"command_id": {uuid.NewString()}, "seen": {"0"}}).status(http.StatusNotFound)
}

// A foreign origin is refused before anything is read.
func TestForeignOrigins(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	page := c.question(attempt, 1)
	body := with(page.form(), "answer", page.choices()[0], "action", "save").Encode()
	cases := []struct {
		header, value string
		ok            bool
	}{
		{"Sec-Fetch-Site", "cross-site", false}, {"Sec-Fetch-Site", "same-site", false}, {"Origin", "null", false},
		{"Origin", "https://evil.example", false}, {"Origin", s.url + ".evil.example", false},
		{"Sec-Fetch-Site", "same-origin", true}, {"Sec-Fetch-Site", "none", true}, {"Origin", s.url, true}, {"X-None", "x", true},
	}
	for _, test := range cases {
		req := c.request(http.MethodPost, attempt+"/questions/1", formType, body)
		req.Header.Set(test.header, test.value)
		want := http.StatusForbidden
		if test.ok {
			want = http.StatusSeeOther
		}
		if a := c.send(req); a.code != want {
			t.Errorf("%s: %s: %d", test.header, test.value, a.code)
		}
		get := c.request(http.MethodGet, attempt+"/questions/1", "", "")
		get.Header.Set(test.header, test.value)
		c.send(get).status(http.StatusOK)
	}
	if n := s.entries(attempt, exam.Save); n != 1 {
		t.Errorf("%d saves of one command", n)
	}
}

// questionForm is a form of question 1 that would be saved, and a sender of bodies to its address.
func questionForm(t *testing.T) (s *site, attempt string, form url.Values, send func(contentType, body string) int) {
	s, c, attempt := sat(t, 2)
	page := c.question(attempt, 1)
	form = with(page.form(), "answer", page.choices()[0], "action", "save")
	return s, attempt, form, func(contentType, body string) int {
		t.Helper()
		return c.do(http.MethodPost, attempt+"/questions/1", contentType, body).code
	}
}

// untouched fails the test if anything was applied or kept; the good form must work after all.
func (s *site) untouched(attempt string, form url.Values, send func(contentType, body string) int) {
	s.t.Helper()
	if stored := s.stored(attempt); len(stored.Records) != 1 || len(stored.Rejections) != 0 {
		s.t.Error("something malformed left a trace")
	}
	if code := send(formType+"; charset=UTF-8", form.Encode()); code != http.StatusSeeOther {
		s.t.Errorf("the good form: %d", code)
	}
}

// What is no form is refused, by the status of the contract.
func TestMalformedForms(t *testing.T) {
	t.Parallel()
	s, attempt, good, send := questionForm(t)
	for name, body := range map[string]string{
		"nothing": "", "bad escape": good.Encode() + "&x=%zz", "half an escape": good.Encode() + "&x=%", "NUL": good.Encode() + "&x=%00",
		"no UTF-8": good.Encode() + "&x=%ff", "semicolons": strings.ReplaceAll(good.Encode(), "&", ";"), "JSON": `{"rev":0}`,
		"10,000 fields": good.Encode() + strings.Repeat("&x=y", 10_000), "NUL in a name": good.Encode() + "&%00=x",
		"raw bytes": "\xff\xfe\x00",
	} {
		if code := send(formType, body); code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, code)
		}
	}
	for _, contentType := range []string{"", "text/plain", "multipart/form-data; boundary=x", "application/json", formType + "; charset=shift_jis", "x"} {
		if code := send(contentType, good.Encode()); code != http.StatusUnsupportedMediaType {
			t.Errorf("type %q: %d", contentType, code)
		}
	}
	if code := send(formType, good.Encode()+"&x="+strings.Repeat("y", 1<<20)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("huge form: %d", code)
	}
	s.untouched(attempt, good, send)
}

// R3: the hidden fields are there, once, and are what they should be.
func TestMalformedHiddenFields(t *testing.T) {
	t.Parallel()
	s, attempt, good, send := questionForm(t)
	for _, name := range []string{"rev", "command_id", "page", "seq", "opening"} {
		values := []string{"", " ", "x", "-1", "1e1", "01", "0x1", "１", "99999999999999999999", "1.0"}
		if name == "command_id" || name == "page" {
			values = []string{"", "x", strings.Repeat("0", 32), "{" + uuid.NewString() + "}", "urn:uuid:" + uuid.NewString(), strings.Repeat("g", 36)}
		}
		for _, value := range values {
			if code := send(formType, with(good, name, value).Encode()); code != http.StatusBadRequest {
				t.Errorf("%s = %q: %d", name, value, code)
			}
		}
		if code := send(formType, with(good, "-"+name, "").Encode()); code != http.StatusBadRequest {
			t.Errorf("no %s: %d", name, code)
		}
	}
	for _, name := range []string{"rev", "command_id", "page", "seq", "opening", "answer", "action"} {
		if code := send(formType, good.Encode()+"&"+name+"="+good.Get(name)); code != http.StatusBadRequest {
			t.Errorf("%s twice: %d", name, code)
		}
	}
	if code := send(formType, with(good, "opening", "4294967296").Encode()); code != http.StatusBadRequest {
		t.Errorf("an opening that no column takes: %d", code)
	}
	s.untouched(attempt, good, send)
}

// Inputs that a browser always sends must be there: text and number, and every row.
func TestAnswersThatABrowserAlwaysSends(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	for i, typ := range everyType {
		page := c.question(attempt, i+1)
		form := with(page.form(), "action", "save")
		c.post(questionPath(attempt, i+1), form).leads(questionPath(attempt, i+1))
		for name := range form {
			if name != "answer" && !strings.HasPrefix(name, "answer.") {
				continue
			}
			if a := c.post(questionPath(attempt, i+1), with(form, "-"+name, "", "command_id", uuid.NewString())); a.code != http.StatusBadRequest {
				t.Errorf("%s without %s: %d", typ, name, a.code)
			}
		}
		if typ.IsKeyed() {
			c.post(questionPath(attempt, i+1), with(form, "answer.zzzzzz", "1", "command_id", uuid.NewString())).rejected(422, "invalid_answer")
		}
	}
}

// Every route with every odd method, id and body answers below 500, whoever asks.
func TestNothingAnswers500(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2)
	s.user("dora", store.RoleAdmin)
	askers := []*client{c.inProcess(s), s.client().inProcess(s), s.signedIn("dora").inProcess(s)}
	ids := []string{uuid.NewString(), "x", "test", "%00", "%ff", "..%2f..", strings.TrimPrefix(attempt, "/attempts/")}
	bodies := []struct{ contentType, body string }{
		{"", ""}, {formType, "a=b"}, {formType, "%"}, {formType, c.question(attempt, 1).form().Encode()}, {formType, "\x00\xff"},
		{"application/json", "{}"}, {"application/json", `{"rev":0,"answer":{"a":"b"}}`}, {"application/json", "nul"},
		{"multipart/form-data; boundary=x", "--x--"}, {"multipart/form-data; boundary=x", "--x\r\n\r\n"},
		{"text/plain", strings.Repeat("x", 1<<20+1)},
	}
	sent := 0
	for _, pattern := range s.patterns() {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE"} {
			for i := range len(ids) + len(bodies) - 1 {
				id, body, who := ids[min(i, len(ids)-1)], bodies[max(0, i-len(ids)+1)], askers[sent%len(askers)]
				path := filled(pattern, func(name string) string {
					if name == "position" {
						return "1"
					}
					return id
				})
				sent++
				if a := who.do(method, path, body.contentType, body.body); a.code >= 500 || a.code < 200 {
					t.Errorf("%s %s with %.20q: %d", method, path, body.body, a.code)
				}
			}
		}
	}
	if sent < 1_000 {
		t.Errorf("only %d requests: are the routes there?", sent)
	}
}

// Odd headers do no harm.
func TestOddHeaders(t *testing.T) {
	t.Parallel()
	_, c, attempt := sat(t, 1)
	for name, values := range map[string][]string{
		"Accept-Language": {"*", "xx", "ja;q=x", strings.Repeat("ja,", 2_000), "\xff", ";;;"},
		"Cookie":          {"shiken_session=x", "shiken_session=" + strings.Repeat("a", 43), "shiken_locale=../../x", "=", strings.Repeat("a=b; ", 500)},
		"X-Forwarded-For": {"x", "1.2.3.4", "::1", strings.Repeat("1.2.3.4,", 1_000)},
		"Range":           {"bytes=0-1"}, "If-None-Match": {"*"}, "X-Request-Id": {"made-up"}, "Accept": {"application/json"},
	} {
		for _, value := range values {
			for _, path := range []string{"/", "/login", attempt + "/questions/1", "/nothing"} {
				req := c.request(http.MethodGet, path, "", "")
				req.Header.Set(name, value)
				if a := c.send(req); a.code >= 500 || a.header.Get("X-Request-Id") == "made-up" {
					t.Errorf("%s: %.40q on %s: %d", name, value, path, a.code)
				}
			}
		}
	}
}
