package simulate

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"shiken/devtools/history"
)

// start asks for an attempt; a crowd is twenty of them at once.
func (t *tab) start(crowd bool) {
	copies := 1 + t.pick(2)
	if crowd {
		copies = 20
	}
	form := url.Values{"command_id": {t.uuid()}, "seen": {strconv.Itoa(t.seenOrOld())}}
	var all []sending
	for range copies {
		if crowd && t.hit(0.5) {
			form = url.Values{"command_id": {t.uuid()}, "seen": form["seen"]}
		}
		o := t.op(history.Start)
		o.User, o.Exam, o.Command = t.user.ID, t.exam, form.Get("command_id")
		o.Rev, _ = strconv.ParseInt(form.Get("seen"), 10, 64)
		all = append(all, sending{
			after: t.between(0, 20*time.Millisecond), op: o, request: posted("/exams/"+t.exam+"/attempts", form),
		})
	}
	t.together(all, t.started)
}

// seenOrOld is how many attempts the form had seen, which may be an old one.
func (t *tab) seenOrOld() int {
	n := t.seen()
	if n > 0 && t.hit(0.3) {
		return n - 1
	}
	return n
}

// sending is one of several requests that a tab has under way.
type sending struct {
	after   time.Duration
	op      history.Op
	request request
}

// together sends requests without waiting for each other's replies, and takes each as it comes.
func (t *tab) together(all []sending, take func(history.Op, *reply)) {
	type answered struct {
		op    history.Op
		reply reply
	}
	came := make(chan answered, len(all))
	for _, s := range all {
		t.crew.do(func() {
			t.sleep(s.after)
			came <- answered{s.op, t.send(s.request)}
		})
	}
	for range all {
		a := <-came
		told(&a.op, &a.reply)
		take(a.op, &a.reply)
	}
}

// started reads the reply to a start.
func (t *tab) started(o history.Op, r *reply) {
	attempt, position := t.led(r)
	switch {
	case r.status == http.StatusSeeOther && attempt != "":
		o.Result, o.Attempt, o.Led = history.Acknowledged, attempt, position
	case r.status == http.StatusForbidden:
		o.Result = history.Rejected
	}
	t.note(o, r)
	if o.Ok() {
		t.learn(attempt)
	}
	t.out(r)
}

// led reads where a redirect leads: attempt and position, n + 1 for the review, -1 for elsewhere.
func (t *tab) led(r *reply) (attempt string, position int) {
	path, _, _ := strings.Cut(r.header.Get("Location"), "?")
	parts := strings.Split(path, "/")
	if r.status != http.StatusSeeOther || len(parts) < 4 || parts[1] != "attempts" {
		return "", -1
	}
	switch {
	case parts[3] == "review":
		return parts[2], questions + 1
	case parts[3] == "questions" && len(parts) == 5:
		n, err := strconv.Atoi(parts[4])
		must(err)
		return parts[2], n
	}
	return parts[2], -1
}
