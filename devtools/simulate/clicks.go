package simulate

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
)

// sight is a page of a question that somebody was shown, for R5.
type sight struct {
	attempt  string
	position int
	sent, at time.Duration
}

// open asks for a question, and keeps its form.
func (t *tab) open() {
	o := t.op(history.Read)
	o.Attempt, o.Position = t.known(), t.position()
	path := fmt.Sprintf("/attempts/%s/questions/%d", o.Attempt, o.Position)
	q := request{method: http.MethodGet, path: path}
	if o.Position > questions+1 {
		q.wrong = http.StatusNotFound
	}
	r := t.send(q)
	for hops := 0; r.status == http.StatusSeeOther; hops++ {
		if t.out(&r) {
			return
		}
		if hops == 8 {
			t.fault("§5", "redirects without end from %s", path)
			return
		}
		_, o.Position = t.led(&r)
		path = r.header.Get("Location")
		r = t.get(path)
	}
	p := readPage(r.body)
	if r.status == http.StatusOK && p.asksTakeOver() {
		t.takeOver(p)
		return
	}
	if r.status != http.StatusOK || p.data["position"] == "" || p.action == "" || p.data["status"] != "in_progress" {
		return // review, result, or the cover of a pause
	}
	t.shown(o, &r, p)
}

// shown reads the page of a question: what it says of itself must agree.
func (t *tab) shown(o history.Op, r *reply, p *page) {
	told(&o, r)
	rev, err := strconv.ParseInt(p.data["rev"], 10, 64)
	if err != nil || p.data["attempt"] != o.Attempt || p.data["position"] != strconv.Itoa(o.Position) ||
		p.fields.Get("rev") != p.data["rev"] || p.fields.Get("seq") != "1" || o.Position > questions {
		t.fault("§7", "question %d of %s is shown as %v with the form %v", o.Position, o.Attempt, p.data, p.fields)
		return
	}
	o.Result, o.SavedRev, o.Saved, o.SavedFlag = history.Acknowledged, rev, p.answer(), &p.flagged
	if t.linear {
		o.SavedFlag = nil // no button tells
	}
	o.Shown, o.Deadline = p.shown.String()+strings.Join(p.options, " "), p.deadline()
	t.note(o, r)
	t.revs[o.Position] = max(t.revs[o.Position], rev)
	t.keep(&form{o.Attempt, o.Position, p.fields, p.options, p.kind, p.buttons})
	t.saw(sight{o.Attempt, o.Position, o.Sent, o.Done})
}

func (w *world) saw(s sight) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads = append(w.reads, s)
}

// press sends a form: mostly the newest, sometimes one that the browser went back to, once or several
// times at once.
func (t *tab) press() {
	if len(t.forms) == 0 {
		t.open()
		return
	}
	f := t.forms[len(t.forms)-1]
	if t.hit(0.25) {
		f = t.forms[t.pick(len(t.forms))]
	}
	o, fields := t.filled(f)
	clicks := 1
	if t.hit(0.2) {
		clicks += 1 + t.pick(3)
	}
	q := posted(fmt.Sprintf("/attempts/%s/questions/%d", f.attempt, f.position), fields)
	if t.isStrange(&o) {
		q.wrong = http.StatusBadRequest
	}
	t.clicks = &clickMade{o, q}
	t.click(o, q, clicks)
	if t.hit(0.6) {
		t.open()
	}
}

// pressAgain sends the last form once more to the byte, however long ago that was: the browser reloads
// what the form led to.
func (t *tab) pressAgain() {
	if t.clicks != nil {
		t.click(again(&t.clicks.op), t.clicks.request, 1)
	}
}

// filled is the form with an answer and a button.
func (t *tab) filled(f *form) (history.Op, url.Values) {
	o, fields := t.op(history.Form), url.Values{}
	for name, values := range f.fields {
		fields[name] = values
	}
	o.Attempt, o.Position = f.attempt, f.position
	o.Command, o.Page = fields.Get("command_id"), fields.Get("page")
	o.Seq, _ = strconv.ParseInt(fields.Get("seq"), 10, 64)
	o.Rev, _ = strconv.ParseInt(fields.Get("rev"), 10, 64)
	o.Opening, _ = strconv.Atoi(fields.Get("opening"))
	t.fill(f, &o, fields)
	o.Action = t.button(f)
	if o.Action != "" {
		fields.Set("action", o.Action)
	}
	o.Target = target(o.Action, o.Position)
	if o.Skip = t.linear && t.hit(0.3); o.Skip {
		fields.Set("skip", "1")
	}
	if o.Action == "clear" {
		o.Answer = "null"
	}
	return o, fields
}

// fill puts an answer into the form; sometimes it stays what it is, and always where nothing can be typed.
func (t *tab) fill(f *form, o *history.Op, fields url.Values) {
	current := page{fields: f.fields, kind: f.kind}
	o.Answer = current.answer()
	if f.kind == "" || t.hit(0.15) {
		return
	}
	values := t.chosen(f)
	delete(fields, "answer")
	if len(values) > 0 || f.kind == "text" || f.kind == "textarea" {
		fields["answer"] = append([]string{}, values...)
	}
	switch {
	case len(values) == 0 || values[0] == "":
		o.Answer = "null"
	case f.kind == "checkbox":
		o.Answer = encode(values)
	default:
		o.Answer = encode(values[0])
	}
}

// chosen are the values of a new answer. Of an old form they are not those of the paper that the
// candidate works on now.
func (t *tab) chosen(f *form) []string {
	switch {
	case f.kind == "text" || f.kind == "textarea":
		if t.hit(0.1) {
			return []string{""}
		}
		return []string{t.typed()}
	case t.hit(0.05):
		return nil
	case t.hit(0.03):
		return []string{"nonsense"}
	case f.kind == "radio":
		return []string{f.options[t.pick(len(f.options))]}
	}
	var values []string
	for _, v := range f.options {
		if t.hit(0.5) {
			values = append(values, v)
		}
	}
	return values
}

// button is one that the form has, or one that it should not know.
func (t *tab) button(f *form) string {
	if t.hit(0.05) {
		return []string{"", "time_up", "goto:99", "previous", "check"}[t.pick(5)]
	}
	if t.linear && t.hit(0.6) {
		return "next"
	}
	return f.buttons[t.pick(len(f.buttons))]
}

// isStrange: the exam's forms have no such button.
func (t *tab) isStrange(o *history.Op) bool {
	switch name, _, _ := strings.Cut(o.Action, ":"); name {
	case "previous":
		return t.linear || o.Position == 1
	case "goto":
		return t.linear
	case "check":
		return t.exam != "practice"
	}
	return false
}

// target is where a button leads, 0 = it stays.
func target(action string, position int) int {
	name, to, _ := strings.Cut(action, ":")
	switch name {
	case "next":
		return position + 1
	case "previous":
		return position - 1
	case "goto":
		n, err := strconv.Atoi(to)
		must(err)
		return n
	case "review":
		return questions + 1
	}
	return 0
}

// click sends one command so many times, a little after each other.
func (t *tab) click(o history.Op, q request, times int) {
	var all []sending
	for i := range times {
		all = append(all, sending{after: t.between(0, time.Duration(1+i)*50*time.Millisecond), op: o, request: q})
	}
	t.together(all, func(o history.Op, r *reply) { t.clicked(o, q, r) })
}

// clicked reads the answer to a form. The page of a 503 sends the same command again.
func (t *tab) clicked(o history.Op, q request, r *reply) {
	t.outcome(&o, r)
	t.note(o, r)
	if o.Kind == history.Submit && o.Ok() {
		t.seeResult(o.Attempt)
	}
	if p := readPage(r.body); o.Reason == string(exam.OtherDevice) && p.asksTakeOver() {
		t.takeOver(p)
	}
	if t.out(r) || r.status != http.StatusServiceUnavailable || t.hit(0.3) {
		return
	}
	t.sleep(t.between(time.Second, 4*time.Second))
	if t.now() < t.Play {
		t.click(again(&o), q, 1)
	}
}

// outcome reads what became of a command through a form.
func (t *tab) outcome(o *history.Op, r *reply) {
	if o.Result == history.Unknown {
		return
	}
	if r.status == http.StatusSeeOther {
		if attempt, position := t.led(r); attempt == o.Attempt {
			o.Result = history.Acknowledged
			if position > 0 {
				o.Led = position
			}
		}
		return
	}
	p := readPage(r.body)
	switch {
	case o.Kind == history.TakeOver && p.data["reason"] == takenOver:
		o.Result = history.Acknowledged
		return
	case p.data["outcome"] != "rejected":
		return
	}
	o.Result, o.Reason = history.Rejected, p.data["reason"]
	t.learnEnd(o)
}

// submit hands the attempt in by its review page.
func (t *tab) submit() {
	attempt := t.known()
	r := t.get("/attempts/" + attempt + "/review")
	p := readPage(r.body)
	if r.status != http.StatusOK || !strings.HasSuffix(p.action, "/submit") {
		t.out(&r)
		return
	}
	t.sleep(t.between(0, time.Second))
	o := t.op(history.Submit)
	o.Attempt, o.Command = attempt, p.fields.Get("command_id")
	o.Rev, _ = strconv.ParseInt(p.fields.Get("rev"), 10, 64)
	o.Opening, _ = strconv.Atoi(p.fields.Get("opening"))
	t.click(o, posted(p.action, p.fields), 1+t.weighted(8, 1, 1))
}
