package simulate

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"shiken/devtools/history"
)

// look asks for a page that tells how things stand.
func (t *tab) look() {
	attempt := t.known()
	paths := []string{
		"/", "/exams/" + t.exam, "/attempts/" + attempt, "/attempts/" + attempt + "/review",
		"/attempts/" + attempt + "/result", "/api/v1/session",
	}
	r := t.follow(t.get(paths[t.pick(len(paths))]))
	t.sawResult(&r)
	t.out(&r)
	if t.dice.at("pry").hit(0.2) {
		t.pry()
	}
}

// pry asks for what is another's: it is not there.
func (t *tab) pry() {
	c := t.dice.at("what another has")
	attempt := t.people[c.pick(len(t.people))].known()
	if attempt == "" || attempt == t.known() {
		return
	}
	pages := []string{"", "/questions/1", "/review", "/result"}
	q := request{method: http.MethodGet, path: "/attempts/" + attempt + pages[c.pick(len(pages))], wrong: http.StatusNotFound}
	if r := t.send(q); r.status == http.StatusOK || r.status == http.StatusSeeOther && !strings.HasPrefix(r.header.Get("Location"), "/login") {
		t.fault("R12", "GET %s: %d for an attempt of another", q.path, r.status)
	}
}

// seeResult asks how the attempt came out, some time after it was handed in.
func (t *tab) seeResult(attempt string) {
	t.sleep(t.dice.at("result").between(time.Millisecond, 3*time.Second))
	r := t.get("/attempts/" + attempt + "/result")
	t.sawResult(&r)
}

// sawResult notes the score that a result's page showed, if it did.
func (t *tab) sawResult(r *reply) {
	if !strings.HasSuffix(r.path, "/result") || r.status != http.StatusOK {
		return
	}
	o := t.op(history.Marks)
	told(&o, r)
	o.Attempt, o.Result = strings.Split(r.path, "/")[2], history.Acknowledged
	o.Points, o.Most = number(r.body, ` data-points="`), number(r.body, ` data-max-points="`)
	t.note(o, r)
}

// number is the one that an attribute of a page holds first, 0 when none does.
func number(body, attribute string) int {
	_, rest, _ := strings.Cut(body, attribute)
	text, _, _ := strings.Cut(rest, `"`)
	n, _ := strconv.Atoi(text)
	return n
}

// follow goes where redirects lead, which must end somewhere.
func (t *tab) follow(r reply) reply {
	const enough = 8
	for range enough {
		to := r.header.Get("Location")
		if r.status != http.StatusSeeOther || strings.HasPrefix(to, "/login") {
			return r
		}
		r = t.get(to)
	}
	t.fault("§5", "redirects without end, the last to %s", r.header.Get("Location"))
	return r
}
