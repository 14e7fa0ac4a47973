package handlers_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/exam"
)

// call is the body of a save; absent fields are left out by removing them.
type call map[string]any

func newCall(answer any) call {
	return call{
		"rev": 0, "command_id": uuid.NewString(), "page": uuid.NewString(), "seq": 1, "opening": 1,
		"draft": false, "answer": answer,
	}
}

// but is the call with fields replaced; a field named "-name" is removed.
func (q call) but(pairs ...any) call {
	out := call{}
	for k, v := range q {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].(string)
		if gone, ok := strings.CutPrefix(name, "-"); ok {
			delete(out, gone)
			continue
		}
		out[name] = pairs[i+1]
	}
	return out
}

func (c *client) put(attempt string, n any, q call) *answer {
	c.t.Helper()
	body, err := json.Marshal(q)
	must(c.t, err)
	return c.putText(attempt, n, string(body))
}

func (c *client) putText(attempt string, n any, body string) *answer {
	c.t.Helper()
	return c.do(http.MethodPut, savePath(attempt, n), "application/json", body)
}

// json reads the body as an object.
func (a *answer) json() map[string]any {
	a.t.Helper()
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		a.t.Fatalf("type %q: %s", got, a.body)
	}
	out := map[string]any{}
	must(a.t, json.Unmarshal([]byte(a.body), &out))
	return out
}

// sentence is plain English, without names of the inside.
var sentence = regexp.MustCompile(`^([A-Z][a-z0-9,: ]*( command_id[a-z ]+)?\. ?)+$`)

// fails checks an error's status, code and form, and returns it.
func (a *answer) fails(status int, code string) map[string]any {
	a.t.Helper()
	body := a.status(status).json()
	if body["success"] != false || body["error_code"] != code || body["error"] == "" {
		a.t.Fatalf("error body %s, want %s", a.body, code)
	}
	if text, _ := body["error"].(string); !sentence.MatchString(text) {
		a.t.Fatalf("error %q is no plain sentence", text)
	}
	if id, _ := body["request_id"].(string); id == "" || id != a.header.Get("X-Request-Id") {
		a.t.Fatalf("request id %q, header %q", id, a.header.Get("X-Request-Id"))
	}
	return body
}

// acknowledged checks the answer to a save that is on record.
func (a *answer) acknowledged(outcome string, rev float64) map[string]any {
	a.t.Helper()
	body := a.status(http.StatusOK).json()
	if body["success"] != true || body["outcome"] != outcome || body["rev"] != rev {
		a.t.Fatalf("%s, want %s at rev %v", a.body, outcome, rev)
	}
	return body
}

func keysOf(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func checkKeys(t *testing.T, m map[string]any, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := keysOf(m); !slices.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
}

func (s *site) choice(attempt string, n, i int) string {
	s.t.Helper()
	return s.stored(attempt).Paper.Item(n).Choices[i].Value
}

func TestAPISession(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 3)
	body := c.get("/api/v1/session").status(http.StatusOK).json()
	checkKeys(t, body, "user", "owner", "attempts", "server_time", "stage")
	if shown := c.get("/").doc().Find("body").AttrOr("data-owner", ""); shown == "" || body["owner"] != shown {
		t.Errorf("owner %v, on pages %q", body["owner"], shown)
	}
	if at, err := time.Parse(time.RFC3339, body["server_time"].(string)); err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("server_time %v", body["server_time"])
	}
	list := body["attempts"].([]any)
	first := list[0].(map[string]any)
	checkKeys(t, first, "id", "exam", "status", "cursor", "count", "deadline")
	id := strings.TrimPrefix(attempt, "/attempts/")
	if len(list) != 1 || first["id"] != id || first["exam"] != "test" || first["status"] != "in_progress" ||
		first["cursor"] != 1.0 || first["count"] != 3.0 || body["stage"] != 1.0 {
		t.Errorf("session %v", body)
	}
	if deadline := first["deadline"].(string); !strings.HasSuffix(deadline, "Z") {
		t.Errorf("deadline %q is not in UTC", deadline)
	}
	s.client().get("/api/v1/session").fails(http.StatusUnauthorized, "UNAUTHENTICATED")
	other := s.signedIn("bob").get("/api/v1/session").json()
	if len(other["attempts"].([]any)) != 0 {
		t.Error("another's attempts are listed")
	}
}

// The fields of an acknowledgement; receipts are those of the journal.
func TestAPISave(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 3)
	q := newCall(s.choice(attempt, 2, 1))
	body := c.put(attempt, 2, q).acknowledged("applied", 1)
	checkKeys(t, body, "success", "outcome", "rev", "deadline", "receipt")
	receipt := body["receipt"].(map[string]any)
	checkKeys(t, receipt, "seq", "hash", "code")
	last := s.stored(attempt).Records[1].Entry
	want := exam.Receipt{Seq: last.Seq, Hash: last.Hash}
	if receipt["seq"] != float64(want.Seq) || receipt["hash"] != want.Hash.String() || receipt["code"] != want.Code() {
		t.Errorf("receipt %v, journal %v", receipt, want)
	}
	again := c.put(attempt, 2, q).acknowledged("replayed", 1)
	if !reflect.DeepEqual(again["receipt"], body["receipt"]) {
		t.Errorf("replayed receipt %v", again["receipt"])
	}
	c.get(attempt).leads(attempt + "/questions/1") // it never moves
	if page := c.question(attempt, 2); page.chosen()[0] != q["answer"] {
		t.Error("the page does not show what the API saved")
	}
}

func TestAPIUntimedDeadlineIsNull(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1, untimed)
	body := c.put(attempt, 1, newCall(s.choice(attempt, 1, 0))).acknowledged("applied", 1)
	if deadline, there := body["deadline"]; !there || deadline != nil {
		t.Errorf("deadline %v", deadline)
	}
	first := c.get("/api/v1/session").json()["attempts"].([]any)[0].(map[string]any)
	if deadline, there := first["deadline"]; !there || deadline != nil {
		t.Errorf("deadline %v in the session", deadline)
	}
}

// Every type of question, its shape of answer, and what a page shows of it.
func TestAPIAnswerShapes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	paper := s.stored(attempt).Paper
	for i, typ := range everyType {
		t.Run(string(typ), func(t *testing.T) {
			n, it := i+1, paper.Item(i+1)
			good, bad := shapesOf(it)
			rev := 0.0
			for _, a := range good {
				body := c.put(attempt, n, newCall(a).but("rev", rev))
				rev++
				body.acknowledged("applied", rev)
				c.question(attempt, n).has("rev", itoa(int(rev)))
			}
			for _, a := range bad {
				e := c.put(attempt, n, newCall(a).but("rev", rev)).fails(http.StatusUnprocessableEntity, "INVALID_ANSWER")
				if e["reason"] != "invalid_answer" {
					t.Errorf("reason %v", e["reason"])
				}
			}
			for _, a := range []any{true, 1, []any{1}, []any{[]any{}}, map[string]any{"a": 1}} {
				c.put(attempt, n, newCall(a).but("rev", rev)).fails(http.StatusBadRequest, "MALFORMED")
			}
			c.put(attempt, n, newCall(nil).but("rev", rev)).acknowledged("applied", rev+1)
			current := c.put(attempt, n, newCall("x").but("rev", 0, "opening", 9)).fails(http.StatusConflict, "FINISHED")["current"]
			if got := current.(map[string]any)["answer"]; got != nil {
				t.Errorf("null = unanswered, but saved is %v", got)
			}
		})
	}
}

// shapesOf gives answers of an item that are saved, and ones that are not on the paper.
func shapesOf(it *exam.Item) (good, bad []any) {
	switch {
	case it.Type == exam.Description:
		return nil, []any{"x", []string{"x"}, map[string]string{"a": "b"}}
	case it.Type == exam.MultipleChoice:
		a, b := it.Choices[0].Value, it.Choices[1].Value
		return []any{[]string{a}, []string{b, a, b}, []string{}}, []any{[]string{a, "zzzzzz"}, a, []any{nil}}
	case it.Type.IsChoice():
		return []any{it.Choices[0].Value, ""}, []any{"zzzzzz", it.Choices[0].Option + "!", []string{it.Choices[0].Value}}
	case it.Type.IsKeyed():
		p, q := &it.Prompts[0], &it.Prompts[1]
		value := func(p *exam.PaperPrompt) string {
			if len(p.Values) == 0 {
				return "typed 日本語"
			}
			return p.Values[0].Value
		}
		good = []any{map[string]string{p.Key: value(p), q.Key: value(q)}, map[string]string{p.Key: value(p)}, map[string]string{}}
		bad = []any{map[string]string{"zzzzzz": value(p)}, "text", []string{"text"}}
		if len(q.Values) > 0 {
			bad = append(bad, map[string]string{q.Key: "zzzzzz"})
		}
		return good, bad
	}
	return []any{"1.5", "  spaces  ", "漢字 🎌 \\u0000 \"", "line\nline", strings.Repeat("あ", 20_000)}, []any{[]string{"x"}, map[string]string{"a": "b"}}
}

// An unparsable number is saved as typed, with a warning on the page.
func TestUnparsableNumberIsSavedWithAWarning(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.questionsOfEveryType()
	s.exam()
	c := s.signedIn("ann")
	attempt := c.start()
	for _, test := range []struct {
		typed   string
		warning bool
	}{{"2.5", false}, {"２．５", false}, {"−3", false}, {"two and a half", true}, {"1,5", true}, {"", false}} {
		page := c.question(attempt, 5)
		c.post(attempt+"/questions/5", with(page.form(), "answer", test.typed, "action", "save")).leads(attempt + "/questions/5")
		shown := c.question(attempt, 5)
		if got := shown.form().Get("answer"); got != test.typed {
			t.Errorf("typed %q, shown %q", test.typed, got)
		}
		if warned := shown.doc().Find("#number-help.warning").Length() == 1; warned != test.warning {
			t.Errorf("%q: warning %v", test.typed, warned)
		}
	}
}

// Absent = unchanged.
func TestAPIFlagged(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	answer := s.choice(attempt, 1, 0)
	flagged := func() bool { return s.stored(attempt).Attempt.Responses[1].Flagged }
	c.put(attempt, 1, newCall(answer).but("flagged", true)).acknowledged("applied", 1)
	if !flagged() {
		t.Error("not flagged")
	}
	c.put(attempt, 1, newCall(answer).but("rev", 1)).acknowledged("applied", 2)
	c.put(attempt, 1, newCall(answer).but("rev", 2, "flagged", nil)).acknowledged("applied", 3)
	if !flagged() {
		t.Error("absent changed the flag")
	}
	c.put(attempt, 1, newCall(answer).but("rev", 3, "flagged", false)).acknowledged("applied", 4)
	if flagged() {
		t.Error("still flagged")
	}
}

// rev: +1 with every change and every explicit save, even an equal one; not with an equal draft.
func TestAPIDraft(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	a, b := s.choice(attempt, 1, 0), s.choice(attempt, 1, 1)
	q := newCall(a)
	next := func(seq int, draft bool, answer string) call {
		return q.but("command_id", uuid.NewString(), "seq", seq, "draft", draft, "answer", answer)
	}
	c.put(attempt, 1, next(1, true, a)).acknowledged("applied", 1)
	c.put(attempt, 1, next(2, true, a)).acknowledged("applied", 1)
	c.put(attempt, 1, next(3, false, a)).acknowledged("applied", 2)
	c.put(attempt, 1, next(5, true, b)).acknowledged("applied", 3)
	// Overtaken: answered like an applied one, the answer stays.
	c.put(attempt, 1, next(4, true, a)).acknowledged("applied", 3)
	if got := s.stored(attempt).Attempt.Responses[1].Answer.Text; got != b {
		t.Errorf("an overtaken draft changed the answer to %q", got)
	}
	if n := len(s.stored(attempt).Rejections); n != 0 {
		t.Errorf("%d rejections: overtaken is no conflict", n)
	}
}

// A rejection tells what is saved.
func TestAPIRejections(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 2, linear)
	a, b := s.choice(attempt, 1, 0), s.choice(attempt, 1, 1)
	q := newCall(a).but("flagged", true)
	c.put(attempt, 1, q).acknowledged("applied", 1)
	body := c.put(attempt, 1, newCall(b)).fails(http.StatusConflict, "STALE")
	checkKeys(t, body, "success", "error", "error_code", "request_id", "reason", "current")
	current := body["current"].(map[string]any)
	checkKeys(t, current, "rev", "answer", "flagged", "status", "cursor", "deadline")
	if body["reason"] != "stale" || current["rev"] != 1.0 || current["answer"] != a || current["flagged"] != true ||
		current["status"] != "in_progress" || current["cursor"] != 1.0 || current["deadline"] == nil {
		t.Errorf("rejection %v", body)
	}
	c.put(attempt, 1, q.but("answer", b)).fails(http.StatusConflict, "ID_REUSED")
	c.put(attempt, 2, newCall(nil)).fails(http.StatusConflict, "NOT_REACHED")
	for _, n := range []any{3, 4, "1000000000", "9999999999"} {
		c.put(attempt, n, newCall(nil)).fails(http.StatusNotFound, "OUT_OF_RANGE")
	}
	c.answers(c.question(attempt, 1), 0, "next")
	c.put(attempt, 1, newCall(b).but("rev", 1)).fails(http.StatusConflict, "CLOSED_QUESTION")
	s.admin(attempt, exam.Command{Kind: exam.Pause})
	c.put(attempt, 2, newCall(nil)).fails(http.StatusConflict, "PAUSED")
	s.admin(attempt, exam.Command{Kind: exam.ForceSubmit})
	c.put(attempt, 2, newCall(nil)).fails(http.StatusConflict, "FINISHED")
	s.admin(attempt, exam.Command{Kind: exam.Void})
	c.put(attempt, 2, newCall(nil)).fails(http.StatusConflict, "VOIDED")
	s.exam()
	late := s.beganAt("bob", 2*60*exam.Minute)
	s.signedIn("bob").put(late, 1, newCall(nil)).fails(http.StatusConflict, "TIME_UP")
}

func TestAPIWhoMay(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	bob := s.signedIn("bob")
	bob.put(attempt, 1, newCall(nil)).fails(http.StatusNotFound, "NOT_FOUND")
	c.put("/attempts/"+uuid.NewString(), 1, newCall(nil)).fails(http.StatusNotFound, "NOT_FOUND")
	c.put("/attempts/x", 1, newCall(nil)).fails(http.StatusNotFound, "NOT_FOUND")
	s.client().put(attempt, 1, newCall(nil)).fails(http.StatusUnauthorized, "UNAUTHENTICATED")
	s.client().put("/attempts/"+uuid.NewString(), 1, newCall(nil)).fails(http.StatusUnauthorized, "UNAUTHENTICATED")
	for _, n := range []any{0, -1, "01", "x", "1e9"} {
		c.put(attempt, n, newCall(nil)).fails(http.StatusNotFound, "NOT_FOUND")
	}
	c.get("/api/v1/nothing").fails(http.StatusNotFound, "NOT_FOUND")
	if n := len(s.stored(attempt).Records); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestAPIMalformed(t *testing.T) {
	t.Parallel()
	s, c, attempt := sat(t, 1)
	good := newCall(s.choice(attempt, 1, 0))
	bodies := []string{
		"", "null", "[]", "{}", "{", "x", `"text"`, "1", `{"rev":0}`, "\x00", "{\"answer\":\"\xff\"}",
		strings.Repeat("[", 10_000), `{"answer":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`,
	}
	for _, name := range []string{"rev", "command_id", "page", "seq", "opening", "answer"} {
		bodies = append(bodies, text(t, good.but("-"+name, nil)))
	}
	for _, change := range []call{
		{"rev": "0"}, {"rev": -1}, {"rev": 0.5}, {"rev": nil}, {"rev": 1e30}, {"rev": 1 << 41}, {"seq": 0}, {"seq": -1},
		{"seq": "1"}, {"seq": 1 << 41}, {"opening": 0}, {"opening": 1 << 33}, {"opening": "1"}, {"command_id": 1},
		{"command_id": "x"}, {"command_id": ""}, {"command_id": strings.Repeat("a", 36)}, {"page": ""}, {"page": nil},
		{"draft": "yes"}, {"draft": 1}, {"flagged": "true"}, {"flagged": 0},
		{"answer": "a\x00b"}, {"answer": []string{"\x00"}}, {"answer": map[string]string{"\x00": "a"}},
		{"answer": map[string]string{"a": "\x00"}},
	} {
		bodies = append(bodies, text(t, good.but(pairsOf(change)...)))
	}
	bodies = append(bodies, text(t, good)+"{}", text(t, good)+"x")
	for _, body := range bodies {
		c.putText(attempt, 1, body).fails(http.StatusBadRequest, "MALFORMED")
	}
	c.do(http.MethodPut, savePath(attempt, 1), "text/plain", text(t, good)).fails(http.StatusUnsupportedMediaType, "MALFORMED")
	c.do(http.MethodPut, savePath(attempt, 1), formType, "a=b").fails(http.StatusUnsupportedMediaType, "MALFORMED")
	c.do(http.MethodPost, savePath(attempt, 1), "application/json", text(t, good)).fails(http.StatusMethodNotAllowed, "MALFORMED")
	c.put(attempt, 1, good.but("answer", strings.Repeat("x", 1<<20))).fails(http.StatusRequestEntityTooLarge, "MALFORMED")
	if n := len(s.stored(attempt).Records); n != 1 {
		t.Errorf("%d entries: something malformed was applied", n)
	}
	c.put(attempt, 1, good).acknowledged("applied", 1)
}

func text(t *testing.T, q call) string {
	body, err := json.Marshal(q)
	must(t, err)
	return string(body)
}

func pairsOf(change call) []any {
	var out []any
	for k, v := range change {
		out = append(out, k, v)
	}
	return out
}
