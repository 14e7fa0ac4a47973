package handlers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"shiken/devtools/effort"
	"shiken/exam"
	"shiken/store"
)

// R12: of two exams that differ only in keys, weights, explanations, notes for markers and other candidates' data,
// ann is sent the same to the byte, whatever she asks and does, before results are released. Nothing is left out of
// the comparison: the clock stands still, and chance is the same for both, so that ids, nonces, times and opaque values
// are. Only the hashes of what marking writes into the journal are others, and those are known (twin.settle).
//
// That the comparison sees what it should is shown by the planted bugs unchecked_explained, score_released_unasked and
// right_options_counted (docs/planted-bugs.md).
func TestR12_TwinsAreAnsweredAlike(t *testing.T) {
	for _, w := range twinWorlds() {
		t.Run(w.name(), func(t *testing.T) {
			one, other := w.sit(t, 0), w.sit(t, 1)
			compareTwins(t, one.told, other.told)
			one.sawEverything(t)
			if one.points == other.points {
				t.Errorf("both twins reached %d: the keys don't differ", one.points)
			}
			for _, row := range one.server.Rows() {
				pattern := row.Method + " " + row.Pattern
				if open := may[row.Access][1]; (open == "yes" || open == "own") && !one.asked[pattern] {
					t.Errorf("%s is open to candidates, and was not asked", pattern)
				}
			}
		})
	}
}

// sawEverything: the twins were sent every reason of rejection that their kind of exam has, and as many pages as such a
// tour has.
func (w *twin) sawEverything(t *testing.T) {
	t.Helper()
	var all strings.Builder
	for _, a := range w.told {
		all.WriteString(a.text)
	}
	reasons := []exam.Reason{
		exam.Stale, exam.IDReused, exam.OutOfRange, exam.TimeIsUp, exam.Finished, exam.IsPaused, exam.IsVoided, exam.InvalidAnswer,
	}
	if !w.isFree() {
		reasons = append(reasons, exam.NotReached, exam.ClosedQuestion, exam.Unanswered)
	}
	for _, r := range reasons {
		if !contains(all.String(), `data-reason="`+string(r)+`"`) && !contains(all.String(), `"reason":"`+string(r)+`"`) {
			t.Errorf("nothing was refused as %s", r)
		}
	}
	if len(w.told) < 1_000 {
		t.Errorf("only %d answers", len(w.told))
	}
	for row, n := range map[string]int{"/result": 5, "/review": 2, "/events": 10, "/receipts?code=": 10, "/practice": 5, "/attachments/1": 4} {
		if got := w.countSent(row); got < n {
			t.Errorf("%d answers with a body at …%s, at least %d are expected", got, row, n)
		}
	}
}

// countSent counts the answers of status 200 at addresses with a part.
func (w *twin) countSent(part string) int {
	n := 0
	for _, a := range w.told {
		if contains(a.what, part) && strings.HasPrefix(a.text, "200 ") {
			n++
		}
	}
	return n
}

// compareTwins holds answers against each other, in the order in which they were given.
func compareTwins(t *testing.T, one, other []twinAnswer) {
	t.Helper()
	differ := 0
	for i := range min(len(one), len(other)) {
		a, b := one[i], other[i]
		if a.what != b.what {
			t.Fatalf("%s was asked of one, %s of the other", a.what, b.what)
		}
		if a.text == b.text {
			continue
		}
		if differ++; differ <= 5 {
			t.Errorf("%s depends on what is secret (%d and %d bytes): %s", a.what, len(a.text), len(b.text), difference(a.text, b.text))
		}
	}
	if differ > 5 || len(one) != len(other) {
		t.Errorf("%d answers differ, of %d and %d", differ, len(one), len(other))
	}
}

// difference is where two texts part, with what stands around it.
func difference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	around := func(s string) string { return s[max(0, at-120):min(len(s), at+120)] }
	return fmt.Sprintf("at byte %d\n%q\n%q", at, around(a), around(b))
}

// twinWorld is what a pair of exams has in common.
type twinWorld struct {
	shape
	release exam.ReleaseWhen
	checks  bool // ann has a question of the practice checked; what tells of it is excepted
}

func twinWorlds() []twinWorld {
	all := []twinWorld{
		{shape{exam.Free, exam.ExamFeedback, "ja"}, exam.Never, false},
		{shape{exam.Linear, exam.PracticeFeedback, "en"}, exam.Manually, true},
		{shape{exam.Linear, exam.ExamFeedback, "en"}, exam.AfterClose, false},
		{shape{exam.Free, exam.PracticeFeedback, "en"}, exam.Never, false},
		{shape{exam.Free, exam.ExamFeedback, "en"}, exam.Manually, false},
		{shape{exam.Free, exam.PracticeFeedback, "ja"}, exam.AfterClose, true},
	}
	if effort.Sampled() || raceEnabled {
		return all[:2]
	}
	return all
}

func (w twinWorld) name() string {
	name := fmt.Sprintf("%s_%s_%s_%s", w.navigation, w.feedback, w.release, w.lang)
	if w.checks {
		name += "_checked"
	}
	return name
}

// twinAnswer is an answer, whole: status, headers and body.
type twinAnswer struct{ what, text string }

// twin is one of the two sites, and ann's browser.
type twin struct {
	*site
	twinWorld
	secret   int // which of the two it is
	ann      *client
	attempts []string // ann's, and one that is nobody's
	told     []twinAnswer
	asked    map[string]bool // method and pattern
	hidden   map[int]bool    // positions that were checked
	marked   *strings.Replacer
	points   int // that ann's first attempt reached
}

// sit runs one of the twins from before the start to long after the end.
func (w twinWorld) sit(t *testing.T, secret int) (out *twin) {
	_, err := passwordHash() // once for all, and not by the clock that stands still
	must(t, err)
	synctest.Test(t, func(t *testing.T) {
		cryptotest.SetGlobalRandom(t, 1)
		s := newSite(t)
		out = &twin{site: s, twinWorld: w, secret: secret, asked: map[string]bool{}, hidden: map[int]bool{}}
		out.prepare()
		out.before()
		out.during()
		out.paused()
		out.after()
		out.late()
		out.leaves()
	})
	return out
}

// prepare makes what is the same first, since chance goes on differently after what is not.
func (w *twin) prepare() {
	w.load(twinQuestions(w.secret))
	w.stores(pixel)
	w.exec(sameVersions)
	now := exam.Instant(time.Now().UnixMicro())
	release := exam.Release{When: w.release}
	w.exam(w.rules, func(d *exam.Definition) {
		d.Rules.Window.Close = now.Add(10 * 60 * exam.Minute)
		d.Rules.Release = exam.ReleaseRules{Score: release, Answers: release, Keys: release}
		d.Rules.PassMark = 60
		d.Sections[0].Wrong = exam.FullCredit / 4
	})
	w.attaches(titledFile(sheet, "公式集", "Formulas"), figure)
	w.ann = w.signedIn("ann").inProcess(w.site)
	w.ann.lang = w.lang
	w.attempts = []string{"/attempts/" + uuid.NewString()}
	w.user("officer", store.RoleAdmin)
	if w.secret == 1 {
		w.others("bob", "cat")
		w.corrects(1)
	}
}

// others sit the exam as well: the first hands in and gets marks by hand, the rest goes on writing.
func (w *twin) others(names ...string) {
	for i, name := range names {
		c := w.signedIn(name).inProcess(w.site)
		attempt := c.start()
		w.beginsWith(c, attempt)
		if i > 0 {
			continue
		}
		c.reports(attempt, gapBody(uuid.NewString(), 5_000))
		w.admin(attempt, exam.Command{Kind: exam.ForceSubmit})
		must(w.t, w.proctor.Round(w.t.Context()))
		w.marks(attempt, 9_000)
	}
}

// beginsWith answers what an attempt begins with, and leaves a rejection.
func (w *twin) beginsWith(c *client, attempt string) {
	cursor := w.stored(attempt).Attempt.Cursor
	q := newCall(answerTo(w.stored(attempt).Paper.Item(cursor), 1)).but("flagged", true)
	c.put(attempt, cursor, q).status(http.StatusOK)
	c.put(attempt, cursor, q.but("answer", nil)).status(http.StatusConflict)
}

// marks gives points for the essay of an attempt by hand.
func (w *twin) marks(attempt string, points int) {
	stored := w.stored(attempt)
	n := 1 + slices.IndexFunc(stored.Paper.Items, func(it exam.Item) bool { return it.Type == exam.Essay })
	saved := stored.Attempt.Response(n)
	w.admin(attempt, exam.Command{
		Kind: exam.MarkByHand, Position: n, Rev: saved.Rev, Marked: saved.Marked, Points: points,
		Comment: strings.Repeat("well put ", 1+points/1_000),
	})
	must(w.t, w.proctor.Round(w.t.Context()))
}

// corrects makes a further revision of the key of one question.
func (w *twin) corrects(number int) {
	officer := w.users["officer"]
	attempt := ""
	w.eachStored(func(path string, _ *store.StoredAttempt) { attempt = path })
	version := w.stored(attempt).Paper.Item(number).Version
	revisions, err := w.store.KeyRevisions(context.Background(), version)
	must(w.t, err)
	c := store.Correction{ID: uuid.NewString(), Version: version, Reason: "wrong", Actor: officer.ID}
	key := revisions[len(revisions)-1].Key
	key.Treatment = exam.FullMarks
	job := store.Job{ID: c.ID, Kind: store.JobRegrade, Actor: officer.ID, Args: []byte(`{"correction":"` + c.ID + `"}`)}
	act := store.Act{Actor: officer.ID, ActorName: officer.Username, Action: store.ActCorrectKey}
	_, _, err = w.store.By(act).CorrectKey(context.Background(), c, key.Revision, key, job)
	must(w.t, err)
}

// send sends one of ann's requests, with chance as it is for that one, and keeps the answer. excepted leaves it out.
func (w *twin) send(req *http.Request, excepted bool) *answer {
	w.t.Helper()
	w.chance()
	a := w.ann.send(req)
	w.keep(req, a, excepted)
	return a
}

func (w *twin) keep(req *http.Request, a *answer, excepted bool) {
	rctx := chi.NewRouteContext()
	if w.routes.Match(rctx, req.Method, req.URL.Path) {
		w.asked[req.Method+" "+rctx.RoutePattern()] = true
		w.asked["* "+rctx.RoutePattern()] = true
	}
	text := fmt.Sprintf("%d %s\n", a.code, w.settle(req.URL.RequestURI()))
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		text += fmt.Sprintf("%s: %q\n", name, a.header[name])
	}
	if text += "\n" + a.body; excepted {
		text = "excepted"
	}
	what := fmt.Sprintf("%d: %s %s", len(w.told)+1, req.Method, w.settle(req.URL.RequestURI()))
	w.told = append(w.told, twinAnswer{what, w.settle(text)})
}

// settle puts others, of the same length, in place of what learns knows.
func (w *twin) settle(text string) string {
	if w.marked == nil {
		return text
	}
	return w.marked.Replace(text)
}

// learns reads the hashes and codes of the entries of ann's journals from the first on that marks her: they hash the
// marks.
func (w *twin) learns() {
	var pairs []string
	for i, path := range w.attempts[1:] {
		marked := false
		for _, r := range w.stored(path).Records {
			e := &r.Entry
			if marked = marked || slices.Contains(exam.MarkingKinds, e.Kind); !marked {
				continue
			}
			receipt, n := exam.Receipt{Seq: e.Seq, Hash: e.Hash}, (i+1)*1_000+int(e.Seq)
			pairs = append(pairs, receipt.Hash.String(), fmt.Sprintf("%064d", n), receipt.Code(), fmt.Sprintf("%014d", n))
		}
	}
	w.marked = strings.NewReplacer(pairs...)
}

// orders gives a command of an admin to ann's attempt.
func (w *twin) orders(kind exam.Kind) {
	w.chance()
	w.admin(w.current(), exam.Command{Kind: kind})
	w.learns()
}

// rounds lets the server close and mark what is due.
func (w *twin) rounds() {
	w.chance()
	must(w.t, w.proctor.Round(w.t.Context()))
	w.learns()
}

// chance makes it the same for both twins from now on, until one does what the other does not.
func (w *twin) chance() { cryptotest.SetGlobalRandom(w.t, uint64(1_000+len(w.told))) }

func (w *twin) get(path string) *answer {
	w.t.Helper()
	return w.send(w.ann.request(http.MethodGet, path, "", ""), w.tells(path))
}

func (w *twin) post(path string, form url.Values) *answer {
	w.t.Helper()
	return w.send(w.ann.request(http.MethodPost, path, formType, form.Encode()), false)
}

// put saves by the API; ids in the order of the requests.
func (w *twin) put(attempt string, n int, q call) *answer {
	w.t.Helper()
	body, err := json.Marshal(q)
	must(w.t, err)
	return w.send(w.ann.request(http.MethodPut, savePath(attempt, n), "application/json", string(body)), false)
}

// freshCall is newCall with ids that are the same for both twins.
func (w *twin) freshCall(answer any) call {
	cryptotest.SetGlobalRandom(w.t, uint64(1_000_000+len(w.told)))
	return newCall(answer)
}

// tells: the answer may tell of a question that was checked.
func (w *twin) tells(path string) bool {
	if len(w.hidden) == 0 {
		return false
	}
	path, _, _ = strings.Cut(path, "?")
	if path == "/practice" || path == "/practice/accuracy" || path == "/exams/test" {
		return true
	}
	for n := range w.hidden {
		if strings.HasSuffix(path, fmt.Sprintf("/questions/%d", n)) {
			return true
		}
	}
	return false
}

// twinValues give what is put in place of a parameter of a path. A parameter that is not here fails the test.
var twinValues = map[string]func(*twin) []string{
	"*": func(*twin) []string { return []string{parameters["*"](nil)} },
	"attempt": func(w *twin) []string {
		var out []string
		for _, path := range w.attempts[max(0, len(w.attempts)-2):] {
			out = append(out, idOf(path))
		}
		return out
	},
	"position": func(*twin) []string {
		var out []string
		for n := range len(twinQuestions(0)) + 2 {
			out = append(out, itoa(n+1))
		}
		return out
	},
	"command": func(w *twin) []string {
		out := []string{uuid.Nil.String(), "x"}
		if n := len(w.attempts) - 1; n > 0 { // the first is none
			records := w.stored(w.attempts[n]).Records
			out = append(out, records[len(records)-1].Entry.Command)
		}
		return out
	},
	"exam":       func(*twin) []string { return []string{"test", "nothing"} },
	"attachment": func(*twin) []string { return []string{"1", "2", "3"} },
	"media":      func(*twin) []string { return []string{mediaName(pixel)} },
}

// looks asks for everything that a candidate may ask for, by the table of routes.
func (w *twin) looks() {
	w.t.Helper()
	for _, row := range w.server.Rows() {
		if open := may[row.Access][1]; row.Body != "" || open != "yes" && open != "own" {
			continue
		}
		for _, path := range w.paths(row.Pattern) {
			w.get(path)
		}
	}
	for _, path := range []string{
		"/practice/accuracy?category=x&year=2020", "/receipts?code=0000-0000-0000", "/login?next=%2Fpractice", "/nothing", "/admin",
		"/author", "/api/v1/nothing",
	} {
		w.get(path)
	}
	for _, attempt := range w.attempts[1:] {
		w.follow(attempt)
		records := w.stored(attempt).Records
		for _, r := range records[max(0, len(records)-2):] { // a receipt costs the reading of the whole journal
			w.get("/receipts?code=" + exam.Receipt{Seq: r.Entry.Seq, Hash: r.Entry.Hash}.Code())
		}
	}
}

// paths fills in a pattern in every way.
func (w *twin) paths(pattern string) []string {
	pattern = strings.ReplaceAll(pattern, position, "{position}")
	hole := parameter.FindString(pattern)
	if hole == "" {
		return []string{pattern}
	}
	values, ok := twinValues[strings.Trim(hole, "{}")]
	if !ok {
		w.t.Fatalf("%s: nothing to put in place of %s", pattern, hole)
	}
	var out []string
	for _, v := range values(w) {
		out = append(out, w.paths(strings.Replace(pattern, hole, v, 1))...)
	}
	return out
}

// follow opens the stream of an attempt, and leaves it after the first event.
func (w *twin) follow(attempt string) {
	w.t.Helper()
	w.chance()
	req := w.ann.request(http.MethodGet, attempt+"/events", "", "")
	req.Header.Set("Accept", "text/event-stream")
	for _, cookie := range w.ann.http.Jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	ctx, leave := context.WithCancel(w.t.Context())
	defer leave()
	rec := &streamRecorder{ResponseRecorder: httptest.NewRecorder(), leave: leave}
	req.RemoteAddr = "127.0.0.1:1"
	w.handler.ServeHTTP(rec, req.WithContext(ctx))
	w.keep(req, &answer{t: w.t, code: rec.Code, header: rec.Result().Header, body: rec.Body.String()}, false)
}

// streamRecorder is a recorder whose client leaves after the first event.
type streamRecorder struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
}

func (r *streamRecorder) SetReadDeadline(time.Time) error  { return nil }
func (r *streamRecorder) SetWriteDeadline(time.Time) error { return nil }

func (r *streamRecorder) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), "event:") {
		defer r.leave()
	}
	return r.ResponseRecorder.Write(p)
}

func (w *twin) before() {
	w.looks()
	w.begins()
	if w.secret == 1 {
		w.others("dan")
	}
}

// begins starts an attempt by the page of the exam.
func (w *twin) begins() {
	form := w.get("/exams/test").status(http.StatusOK).form()
	a := w.post("/exams/test/attempts", form).status(http.StatusSeeOther)
	path, _, _ := strings.Cut(a.location, "/questions/")
	w.attempts = append(w.attempts, path)
	w.post("/exams/test/attempts", form)
}

// current is ann's newest attempt.
func (w *twin) current() string { return w.attempts[len(w.attempts)-1] }

func (w *twin) paper() *exam.Paper { return &w.stored(w.current()).Paper }

func (w *twin) during() {
	w.looks()
	paper := w.paper()
	for n := 1; n <= paper.Len(); n++ {
		w.works(n, paper.Item(n))
	}
	w.looks()
	if !w.isFree() {
		w.put(w.current(), 1, w.freshCall("x"))
		w.post(questionPath(w.current(), 1), with(w.get(questionPath(w.current(), paper.Len())).form(), "action", "save"))
	}
}

// works does at one question whatever may be done there.
func (w *twin) works(n int, it *exam.Item) {
	attempt, path := w.current(), questionPath(w.current(), n)
	last := n == w.paper().Len()
	first := w.get(path).status(http.StatusOK).form()
	w.post(path, with(first, "answer", "zzzzzz", "answer.zzzzzz", "x", "action", "save"))
	if w.isFree() {
		w.post(path, with(first, "action", "nothing"))
	} else if it.Type != exam.Description {
		form := w.get(path).form()
		if form.Has("answer") {
			form.Set("answer", "")
		}
		w.post(path, with(form, "action", "next")).status(http.StatusUnprocessableEntity)
	}
	actions := []string{"save", "flag", "unflag", "clear", "previous", "goto:2", "review", "time_up", "save"}
	for i, action := range actions {
		form := asForm(w.get(path).form(), answerTo(it, i%2))
		w.post(path, with(form, "action", action))
		w.get(path)
		if i == 0 {
			w.post(path, with(form, "action", action))                    // replayed
			w.post(path, asForm(with(form, "rev", "0"), answerTo(it, 1))) // id_reused
			w.post(path, asForm(with(first, "action", "save"), answerTo(it, 1)))
		}
	}
	w.saves(attempt, n, it)
	if w.checks && n == 1 {
		w.post(path, with(asForm(w.get(path).form(), answerTo(it, 0)), "action", "check"))
		w.hidden[n] = true
		w.post(path, with(asForm(first, answerTo(it, 1)), "action", "save"))
	}
	if w.isFree() || !last {
		w.post(path, with(w.get(path).form(), "action", "next", "skip", "1"))
	}
}

// saves does by the API whatever may be done.
func (w *twin) saves(attempt string, n int, it *exam.Item) {
	q := w.freshCall(answerTo(it, 0)).but("rev", 100, "flagged", n%2 == 0)
	w.put(attempt, n, q)
	w.put(attempt, n, q)
	w.put(attempt, n, q.but("answer", answerTo(it, 1)))
	w.put(attempt, n, w.freshCall(answerTo(it, 1)))
	w.put(attempt, n, w.freshCall("zzzzzz").but("rev", 100))
	w.put(attempt, n, w.freshCall(map[string]string{"zzzzzz": "x"}).but("rev", 100))
	w.put(attempt, n, w.freshCall(nil).but("-seq", nil))
	w.put(attempt, n+1, w.freshCall(nil))
	w.send(w.ann.request(http.MethodPost, "/api/v1"+attempt+"/gaps", "application/json", gapBody(w.freshCall(nil)["page"].(string), 5_000)), false)
}

// tries sends answers that may be refused, by form and by API.
func (w *twin) tries(n int) {
	form := url.Values{
		"rev": {"100"}, "command_id": {w.freshCall(nil)["page"].(string)}, "page": {w.freshCall(nil)["command_id"].(string)}, "seq": {"1"},
		"opening": {"1"}, "action": {"save"},
	}
	it := w.paper().Item(n)
	w.post(questionPath(w.current(), n), asForm(form, answerTo(it, 1)))
	w.put(w.current(), n, w.freshCall(answerTo(it, 1)))
}

func (w *twin) paused() {
	w.post(w.current()+"/take-over", url.Values{"command_id": {w.freshCall(nil)["page"].(string)}, "opening": {"1"}})
	w.orders(exam.Pause)
	w.looks()
	w.tries(2)
	w.tries(w.paper().Len())
	w.orders(exam.Resume)
}

func (w *twin) after() {
	attempt := w.current()
	if !w.isFree() {
		path := questionPath(attempt, w.paper().Len())
		w.post(path, with(w.get(path).form(), "action", "next", "skip", "1"))
	}
	form := w.get(attempt + "/review").status(http.StatusOK).form()
	w.post(attempt+"/submit", with(form, "rev", "1"))
	form = w.get(attempt + "/review").form()
	w.post(attempt+"/submit", form).leads(attempt + "/result")
	w.learns()
	w.post(attempt+"/submit", form)
	w.looks()
	w.tries(2)
	w.rounds()
	w.looks()
	w.marks(attempt, 1_000+w.secret*7_000)
	w.learns()
	w.points = w.stored(attempt).Attempt.Score.Total
	if w.secret == 1 {
		w.corrects(2)
		w.others("emil")
	}
	w.looks()
	w.orders(exam.Void)
	w.looks()
	w.tries(2)
	w.orders(exam.Unvoid)
}

// late is an attempt whose time is over, and which the server then closes.
func (w *twin) late() {
	w.chance()
	w.attempts = append(w.attempts, w.beganAt("ann", 2*60*exam.Minute))
	w.looks()
	w.tries(1)
	w.post(questionPath(w.current(), 1), url.Values{
		"rev": {"0"}, "command_id": {w.freshCall(nil)["page"].(string)}, "page": {w.freshCall(nil)["command_id"].(string)}, "seq": {"1"},
		"opening": {"1"}, "action": {"time_up"},
	})
	w.rounds()
	w.looks()
	w.begins() // another one
	w.looks()
}

// leaves does what is no part of an exam, and signs out.
func (w *twin) leaves() {
	w.post("/locale", url.Values{"locale": {"en"}, "next": {"/"}})
	w.post("/display", url.Values{"theme": {"dark"}, "text": {"150"}, "next": {"/"}})
	w.looks()
	w.post("/account/password", url.Values{"current": {"wrong"}, "password": {"another long password"}, "again": {"another long password"}})
	w.post("/account/sign-out", url.Values{})
	w.post("/logout", url.Values{})
	w.looks()
	w.tries(1)
	w.post("/login", credentials("ann", "wrong"))
}
