package handlers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/handlers"
	"shiken/questionset"
	"shiken/static"
	"shiken/store"
)

// emptyBody is a body of each kind that is well formed and says nothing.
var emptyBody = map[string]struct{ contentType, body string }{
	"":       {"", ""},
	"form":   {formType, ""},
	"secret": {formType, ""},
	"json":   {"application/json", "{}"},
	"upload": {"multipart/form-data; boundary=x", "--x--\r\n"},
}

// rights is a site on which everybody asks everything: ann, whose attempt it is, bob, who is another
// candidate, cleo, an author, and dora, an admin.
type rights struct {
	*site
	attempt string
	job     string
	// sound holds the bodies of commands that are judged only when they are well formed, by route.
	sound map[string]string
	// asking is whose request it is; some fixtures are the asker's own.
	asking persona
	writes *store.MarkedAnswer // waits for a marker; nil: not written yet
}

func newRights(t *testing.T) *rights {
	s := attached(t)
	ann := s.signedIn("ann")
	attempt := ann.start()
	s.user("bob")
	s.user("cleo", store.RoleAuthor)
	s.user("dora", store.RoleAdmin)
	s.rejects(ann, attempt)
	s.stores(pixel)
	call, err := json.Marshal(newCall(nil))
	must(t, err)
	return &rights{site: s, job: s.jobOf("cleo"), attempt: strings.TrimPrefix(attempt, "/attempts/"), sound: map[string]string{
		"POST /attempts/{attempt}/questions/" + position: with(ann.question(attempt, 1).form(), "action", "save").Encode(),
		"POST /attempts/{attempt}/take-over":             "opening=1&command_id=" + uuid.NewString(),
		"POST /attempts/{attempt}/submit":                ann.get(attempt + "/review").form().Encode(),

		"PUT /api/v1/attempts/{attempt}/responses/" + position: string(call),
	}}
}

// parameters gives what stands for a parameter of a path, by its name: something that is there. It is
// asked anew for each request, since a request may use up what it is about. A route with a parameter
// that has no fixture fails the test.
var parameters = map[string]func(*rights) string{
	"*":          func(*rights) string { return strings.TrimPrefix(static.Path("app.css"), static.Prefix) },
	"attachment": func(*rights) string { return "2" },
	"command":    func(*rights) string { return uuid.NewString() },
	"content":    func(*rights) string { return figure.Media },
	"attempt":    func(s *rights) string { return s.attempt },
	"file":       func(s *rights) string { return s.gave("dora", "ann,test,137,,,2036-12-01 09:00,,marked-reason\n") },
	"job":        func(s *rights) string { return s.job },
	"exam":       func(*rights) string { return "test" },
	"import":     func(s *rights) string { return s.importDone("dora") },
	"position":   func(*rights) string { return "1" },
	"roster":     func(s *rights) string { return s.upload("dora", "ken,,,,\n") },
	"set":        func(*rights) string { return "basics" },
	"number":     func(*rights) string { return "1" },
	"question":   (*rights).banked,
	"revision":   func(*rights) string { return "1" },
	"upload":     (*rights).ownUpload,
	"load":       (*rights).ownLoad,
	"piece":      func(*rights) string { return "1" },
	"media":      func(*rights) string { return mediaName(pixel) },
	"version":    func(s *rights) string { return s.versionAt("/attempts/"+s.attempt, 1) },
	"correction": (*rights).correction,
	"user":       func(s *rights) string { return s.user(uuid.NewString()).ID },
	"task":       func(s *rights) string { return s.essayToMark().Version },
	"answer":     func(s *rights) string { return s.essayToMark().Label },
}

// author is who asks, or cleo for those who are no author.
func (s *rights) author() store.User {
	if s.asking.name == "dora" {
		return s.users["dora"]
	}
	return s.users["cleo"]
}

// essayToMark is an answer of the exam that waits for a marker.
func (s *rights) essayToMark() store.MarkedAnswer {
	if s.writes != nil {
		return *s.writes
	}
	stem := exam.Question{Type: exam.Essay, Stem: exam.Text{Source: essayStem}}
	s.load([]storeQuestion{loaded(7, stem, exam.Key{Revision: 1, Guide: exam.Text{Source: essayGuide}})})
	writer := s.signedIn("emma")
	attempt := writer.start()
	paper := s.stored(attempt).Paper
	n := 1 + slices.IndexFunc(paper.Items, func(it exam.Item) bool { return it.Type == exam.Essay })
	writer.post(questionPath(attempt, n), with(writer.question(attempt, n).form(), "answer", essayText, "action", "save")).status(http.StatusSeeOther)
	writer.submit(attempt)
	q := store.MarkingQuery{Exam: "test", Version: paper.Items[n-1].Version, Limit: 1}
	list, _, err := s.store.MarkedAnswers(context.Background(), q)
	must(s.t, err)
	s.writes = &list[0]
	return *s.writes
}

// ownLoad is a load that the author has asked for.
func (s *rights) ownLoad() string {
	u := s.author()
	job := store.Job{ID: uuid.NewString(), Kind: store.JobQuestions, Actor: u.ID, Args: []byte("{}")}
	act := store.Act{Actor: u.ID, ActorName: u.Username, Action: store.ActLoadQuestions, Object: "basics"}
	_, _, err := s.store.By(act).CreateJob(context.Background(), job)
	must(s.t, err)
	return job.ID
}

// ownUpload is a file of the author's.
func (s *rights) ownUpload() string {
	up := store.Upload{
		ID: uuid.NewString(), Owner: s.author().ID, Kind: store.UploadQuestions, Name: "basics.csv",
		Data: []byte("id,question,option_a,option_b,correct_answer\nq1,Q,1,2,C\nq2,Which of them holds?,beam,wall,A\n"),
	}
	must(s.t, s.store.PutUpload(context.Background(), up))
	f, err := questionset.Parse(context.Background(), up.Name, bytes.NewReader(up.Data), questionset.Options{Pieces: true})
	must(s.t, err)
	s.server.Shelve(up.ID+"?||", f, pixel)
	return up.ID
}

func (s *rights) path(t *testing.T, pattern string) string {
	return filled(pattern, func(name string) string {
		value, ok := parameters[name]
		if !ok {
			t.Fatalf("%s: no fixture for parameter %s", pattern, name)
		}
		return value(s)
	})
}

// persona asks as somebody; column is theirs in the table of rights.
type persona struct {
	name   string
	column int
}

var personas = []persona{{"", 0}, {"ann", 1}, {"bob", 1}, {"cleo", 2}, {"dora", 3}}

// permitted: the persona may ask a route of this access, from near, ann being the candidate of the attempt.
func (p persona) permitted(access string) bool {
	switch may[access][p.column] {
	case "yes", "near":
		return true
	case "own":
		return p.name == "ann"
	}
	return false
}

// browser is a browser of the persona: a new one for each request that may end a sign-in.
func (s *rights) browser(p persona) *client {
	if p.name == "" {
		return s.client().inProcess(s.site)
	}
	return s.signedIn(p.name).inProcess(s.site)
}

// Every route is answered to those who may ask it, and to nobody else: by role, and by whose it is.
func TestRightsOfEveryRoute(t *testing.T) {
	t.Parallel()
	s := newRights(t)
	reading := map[string]*client{}
	for _, p := range personas {
		reading[p.name] = s.browser(p)
	}
	for _, row := range s.server.Rows() {
		if _, ok := may[row.Access]; !ok {
			t.Errorf("%s %s: access %q has no rights", row.Method, row.Pattern, row.Access)
		}
		for _, p := range personas {
			c, method := reading[p.name], strings.ReplaceAll(row.Method, "*", http.MethodGet)
			if method != http.MethodGet {
				c = s.browser(p)
			}
			s.asks(t, c, p, row, method)
		}
	}
}

// asks sends one request and judges its answer.
func (s *rights) asks(t *testing.T, c *client, p persona, row handlers.Row, method string) {
	t.Helper()
	s.asking = p
	path, empty := s.path(t, row.Pattern), emptyBody[row.Body]
	body := empty.body
	if form, ok := s.sound[method+" "+row.Pattern]; ok {
		body = form
	}
	a := c.do(method, path, empty.contentType, body)
	toSignIn := a.code == http.StatusUnauthorized || a.code == http.StatusSeeOther && strings.HasPrefix(a.location, "/login")
	fine := false
	switch {
	case p.permitted(row.Access):
		fine = a.code < 500 && a.code != http.StatusNotFound && (!toSignIn || row.Access == "public")
	case p.name == "" && method == http.MethodGet && !strings.HasPrefix(path, "/api/"):
		fine = a.code == http.StatusSeeOther && toSignIn
	case p.name == "":
		fine = a.code == http.StatusUnauthorized
	default:
		fine = a.code == http.StatusNotFound && s.saysNothing(c, a, method, path)
	}
	if !fine {
		t.Errorf("%s %s asked by %q: %d, location %q", method, path, p.name, a.code, a.location)
	}
}

// saysNothing: the page is the one of a path that is not there, to the byte.
func (s *rights) saysNothing(c *client, a *answer, method, path string) bool {
	unknown := "/nothing/" + uuid.NewString()
	if strings.HasPrefix(path, "/api/") {
		unknown = "/api" + unknown
	}
	other := c.do(method, unknown, "", "")
	return normal(strings.ReplaceAll(a.body, path, "PATH")) == normal(strings.ReplaceAll(other.body, unknown, "PATH"))
}

// routesFor is a site with a route of each access for staff, which tell what they were asked with.
func routesFor(t *testing.T) *rights {
	s := newRights(t)
	tell := func(w http.ResponseWriter, r *http.Request) error {
		v := handlers.ViewerOf(r)
		w.Header().Set("X-Viewer", v.User.Username)
		if handlers.NowOf(r) == 0 {
			t.Error("the handler is not told the time")
		}
		return nil
	}
	s.handler = s.server.HandlerWith(
		handlers.Row{Method: "GET", Pattern: "/staff/author", Access: "author", Handle: tell},
		handlers.Row{Method: "POST", Pattern: "/staff/author", Access: "author", Body: "form", Handle: tell},
		handlers.Row{Method: "POST", Pattern: "/staff/admin", Access: "admin", Body: "form", Handle: tell},
		handlers.Row{Method: "POST", Pattern: "/staff/secret", Access: "admin", Body: "secret", Handle: tell},
	)
	return s
}

// The handler of a staff route is told who asks and when.
func TestHandlersAreToldWhoAsks(t *testing.T) {
	t.Parallel()
	s := routesFor(t)
	for _, name := range []string{"cleo", "dora"} {
		a := s.signedIn(name).inProcess(s.site).get("/staff/author").status(http.StatusOK)
		if got := a.header.Get("X-Viewer"); got != name {
			t.Errorf("%s was taken for %q", name, got)
		}
	}
}

// Whoever's sign-ins end, as they do with a change of roles, is refused from then on.
func TestRightsEndWithTheSignIn(t *testing.T) {
	t.Parallel()
	s := routesFor(t)
	c := s.signedIn("dora").inProcess(s.site)
	c.post("/staff/admin", url.Values{}).status(http.StatusOK)
	must(t, s.store.RevokeAll(t.Context(), s.users["dora"].ID))
	c.post("/staff/admin", url.Values{}).status(http.StatusUnauthorized)
}

// A form that staff sent while signed out travels through the sign-in; a password in it does not.
func TestFormsOfStaffTravelThroughTheSignIn(t *testing.T) {
	t.Parallel()
	s := routesFor(t)
	c := s.signedIn("dora").inProcess(s.site)
	must(t, s.store.RevokeSignIn(t.Context(), c.signIn))
	page := c.post("/staff/admin", url.Values{"reason": {"half a day's work"}}).status(http.StatusUnauthorized)
	again := c.post("/login", resume(page, "dora")).status(http.StatusOK)
	form := again.doc().Find("main form")
	if form.AttrOr("action", "") != "/staff/admin" || fieldsIn(form).Get("reason") != "half a day's work" {
		t.Errorf("sends %v to %q", fieldsIn(form), form.AttrOr("action", ""))
	}
	other := s.client().inProcess(s.site)
	other.post("/login", resume(page, "bob")).leads("/")

	for _, lang := range []string{"ja", "en"} {
		c.lang = lang
		c.post("/logout", url.Values{})
		told := c.post("/staff/secret", url.Values{"password": {"typed-secret"}}).status(http.StatusUnauthorized)
		if contains(told.body, "typed-secret") || told.text("[role=alert] p") == "" || told.doc().Find("main a[href='/login']").Length() != 1 {
			t.Errorf("the page says %s", told.text("main"))
		}
	}
}

// correction is one that dora has made.
func (s *rights) correction() string {
	dora, id := s.users["dora"], uuid.NewString()
	version := s.versionAt("/attempts/"+s.attempt, 1)
	revisions, err := s.store.KeyRevisions(context.Background(), version)
	must(s.t, err)
	c := store.Correction{ID: id, Version: version, Reason: "wrong", Actor: dora.ID}
	job := store.Job{ID: id, Kind: store.JobRegrade, Actor: dora.ID, Args: []byte(`{"correction":"` + id + `"}`)}
	key := revisions[0].Key
	_, _, err = s.store.By(store.Act{Actor: dora.ID, ActorName: dora.Username, Action: store.ActCorrectKey}).CorrectKey(context.Background(), c, key.Revision, key, job)
	must(s.t, err)
	return id
}
