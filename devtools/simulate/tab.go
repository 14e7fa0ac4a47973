package simulate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shiken/devtools/history"
	"shiken/devtools/secrets"
	"shiken/exam"
)

// tab is a tab of a browser, or a script that shares its session: what it shows may be old, and it
// knows only what it was told.
type tab struct {
	*device
	*chance
	number int
	texts  int
	sheets map[int]*sheet // pages of its own through the API, by position
	forms  []*form        // rendered ones, the newest last: those before are a click on Back away
	revs   map[int]int64  // what it knows to be saved
	last   *history.Op    // the last command through the API
	clicks *clickMade     // the last one
}

// clickMade is a form as it was sent, for the browser to send again.
type clickMade struct {
	op      history.Op
	request request
}

// sheet is a page that a script made for a position.
type sheet struct {
	page    string
	seq     int64
	rev     int64
	opening int
}

// form is a rendered form of a question.
type form struct {
	attempt  string
	position int
	fields   url.Values
	options  []string
	kind     string
	buttons  []string
}

// live acts until the play is over.
func (t *tab) live() {
	t.sleep(t.between(0, 3*time.Second))
	for t.now() < t.Play && !t.isOver() {
		t.act()
		t.sleep(t.thinking())
	}
}

func (t *tab) act() {
	switch {
	case t.session() == "":
		t.signIn()
	case t.known() == "":
		t.start(t.hit(0.04))
	case t.isClosed() && t.hit(0.5):
		t.start(false)
	default:
		t.sit()
	}
}

// sit is one of the things that candidates do, and of those that they should not.
func (t *tab) sit() {
	late := 1
	if t.now() > t.Play*2/3 {
		late = 3
	}
	switch t.weighted(60, 10, 9, 9, 14, 3, 2*late, 1, 1, 2, 1, 4, 1) {
	case 0:
		t.save()
	case 1:
		t.saveAgain()
	case 2:
		t.saveSeveral()
	case 3:
		t.open()
	case 4:
		t.press()
	case 5:
		t.look()
	case 6:
		t.submit()
	case 7:
		t.signOut()
	case 8:
		t.signIn()
	case 9:
		t.start(false)
	case 10:
		t.start(t.hit(0.3))
	case 11:
		t.pressAgain()
	case 12:
		t.comeBack("/attempts/" + t.known())
	}
}

// op is a request about to be sent.
func (t *tab) op(kind history.Kind) history.Op {
	o := history.New(kind)
	o.Client, o.Tab = t.candidate.number, t.number
	return o
}

// told fills in what a reply tells whatever was asked.
func told(o *history.Op, r *reply) {
	o.Sent, o.Status, o.Session = r.sent, r.status, r.session
	if r.delivered >= 0 {
		o.Delivered = r.delivered
	}
	if r.at < 0 || r.status >= 500 {
		return
	}
	o.Done = r.at
	o.Result = history.Refused
}

// note keeps an op, and beside it the copy that the network made, whose reply nobody saw.
func (t *tab) note(o history.Op, r *reply) {
	if r.copied {
		c := o
		c.Result, c.Reason, c.Done, c.Delivered, c.Status = history.Unknown, "", history.NotTold, history.NotTold, 0
		c.NewRev, c.Led, c.SavedRev, c.Deadline = history.NotTold, history.NotTold, history.NotTold, history.NotTold
		c.Receipt, c.Saved, c.SavedFlag, c.Shown, c.Points, c.Most = history.Receipt{}, "", nil, "", 0, 0
		if c.Kind == history.Start {
			c.Attempt = ""
		}
		t.noted(c)
	}
	t.noted(o)
}

// position is one to answer. In linear navigation it is mostly the cursor, as far as the tab knows.
func (t *tab) position() int {
	if len(t.forms) > 0 && t.linear && t.hit(0.8) {
		return t.forms[len(t.forms)-1].position
	}
	if t.hit(0.02) {
		return questions + 1 + t.pick(3)
	}
	return 1 + t.pick(questions)
}

// typed is a text that nobody else types.
func (t *tab) typed() string {
	t.texts++
	own := secrets.Secret{Kind: secrets.Answer, Of: strconv.Itoa(t.candidate.number)}
	return fmt.Sprintf("text %v%d.%d", own, t.number, t.texts)
}

// answer is one for a position of the attempt that is worked on, as JSON.
func (t *tab) answer(position int) string {
	it := t.item(position)
	switch {
	case t.hit(0.08):
		return "null"
	case it == nil || !it.Type.IsChoice():
		return encode(t.typed())
	case t.hit(0.03):
		return encode("nonsense")
	case it.Type != exam.MultipleChoice:
		return encode(it.Choices[t.pick(len(it.Choices))].Value)
	}
	values := []string{it.Choices[t.pick(len(it.Choices))].Value}
	for _, c := range it.Choices {
		if c.Value != values[0] && t.hit(0.5) {
			values = append(values, c.Value)
		}
	}
	return encode(values)
}

// out notes that the reply says that nobody is signed in.
func (t *tab) out(r *reply) bool {
	isOut := r.status == http.StatusUnauthorized ||
		r.status == http.StatusSeeOther && strings.HasPrefix(r.header.Get("Location"), "/login")
	if isOut && t.hit(0.8) {
		t.signIn()
	}
	return isOut
}

// sheetAt is the tab's page for a position: the one that it has, or a new one.
func (t *tab) sheetAt(position int) *sheet {
	s := t.sheets[position]
	if s == nil || t.hit(0.3) {
		s = &sheet{page: t.uuid(), rev: t.revs[position], opening: t.openingNow()}
		t.sheets[position] = s
	}
	return s
}

// saving is a save through the API, not yet sent.
func (t *tab) saving() history.Op {
	o := t.op(history.Save)
	o.Attempt, o.Position = t.known(), t.position()
	s := t.sheetAt(o.Position)
	s.seq++
	o.Command, o.Page, o.Seq, o.Rev, o.Opening = t.uuid(), s.page, s.seq, s.rev, s.opening
	o.Answer = t.answer(o.Position)
	o.Draft = t.hit(0.5)
	switch t.weighted(20, 2, 1, 1) {
	case 1:
		flag := t.hit(0.5)
		o.Flag = &flag
	case 2:
		o.Rev = max(0, o.Rev-1)
	case 3:
		o.Opening = 1 + t.pick(2)
	}
	return o
}

func (t *tab) save() { t.together([]sending{t.put(t.saving(), 0)}, t.saved) }

// saveAgain sends the last command once more, to the byte or, rarely, with other content under its id.
func (t *tab) saveAgain() {
	if t.last == nil {
		t.save()
		return
	}
	o := again(t.last)
	if t.hit(0.1) {
		o.Answer = t.answer(o.Position)
	}
	t.together([]sending{t.put(o, 0)}, t.saved)
}

// again is the same command about to be sent once more.
func again(was *history.Op) history.Op {
	o := history.New(was.Kind)
	o.Client, o.Tab, o.Attempt, o.Position, o.Opening = was.Client, was.Tab, was.Attempt, was.Position, was.Opening
	o.Command, o.Page, o.Seq, o.Rev, o.Draft = was.Command, was.Page, was.Seq, was.Rev, was.Draft
	o.Action, o.Target, o.Answer, o.Flag, o.Skip = was.Action, was.Target, was.Answer, was.Flag, was.Skip
	return o
}

// saveSeveral sends what is typed, faster than it is answered.
func (t *tab) saveSeveral() {
	var all []sending
	for i := range 2 + t.pick(3) {
		wait := time.Duration(i) * 20 * time.Millisecond
		if t.happens(Reordered, t.chance, 0.5) {
			wait = t.between(0, 400*time.Millisecond)
		}
		all = append(all, t.put(t.saving(), wait+t.between(0, time.Millisecond)))
	}
	t.together(all, t.saved)
}

// apiReply is a reply of the API, with all that it may tell (docs/design.md §7).
type apiReply struct {
	Success   bool
	Outcome   string
	Rev       *int64
	Deadline  *time.Time
	Receipt   history.Receipt
	Reason    string
	Error     string
	ErrorCode string `json:"error_code"`
	RequestID string `json:"request_id"`
	Current   *struct {
		Rev      int64
		Answer   json.RawMessage
		Flagged  bool
		Status   string
		Cursor   int
		Deadline *time.Time
	}
}

// put is a save on its way.
func (t *tab) put(o history.Op, after time.Duration) sending {
	sent := map[string]any{
		"rev": o.Rev, "command_id": o.Command, "page": o.Page, "seq": o.Seq, "opening": o.Opening, "draft": o.Draft,
		"answer": json.RawMessage(o.Answer),
	}
	if o.Flag != nil {
		sent["flagged"] = *o.Flag
	}
	path := fmt.Sprintf("/api/v1/attempts/%s/responses/%d", o.Attempt, o.Position)
	return sending{after: after, op: o, request: request{method: http.MethodPut, path: path, body: encode(sent)}}
}

// saved adopts what a save is told. A 503 asks for the same command again.
func (t *tab) saved(o history.Op, r *reply) {
	t.adopt(&o, r)
	t.note(o, r)
	t.last = &o
	t.goOnHere(&o)
	if r.at < 0 || t.out(r) || r.status != http.StatusServiceUnavailable || t.hit(0.3) {
		return
	}
	t.sleep(t.between(time.Second, 3*time.Second))
	if t.now() < t.Play {
		t.together([]sending{t.put(again(&o), 0)}, t.saved)
	}
}

// adopt reads a reply of the API.
func (t *tab) adopt(o *history.Op, r *reply) {
	if o.Result == history.Unknown {
		return
	}
	var s apiReply
	if err := strictly(r.body, &s); err != nil {
		t.fault("§7", "PUT: %d %q: %v", r.status, r.body, err)
		return
	}
	switch {
	case r.status == http.StatusOK && s.Rev != nil:
		o.Result, o.NewRev, o.Receipt, o.Deadline = history.Result(s.Outcome), *s.Rev, s.Receipt, micros(s.Deadline)
		if own := t.sheets[o.Position]; own != nil && own.page == o.Page {
			own.rev = max(own.rev, *s.Rev)
		}
		t.revs[o.Position] = max(t.revs[o.Position], *s.Rev)
	case s.Current != nil:
		o.Result, o.Reason = history.Rejected, s.Reason
		o.SavedRev, o.Saved, o.SavedFlag = s.Current.Rev, string(s.Current.Answer), &s.Current.Flagged
		o.Deadline = micros(s.Current.Deadline)
		t.revs[o.Position] = max(t.revs[o.Position], s.Current.Rev)
		delete(t.sheets, o.Position) // what is saved is shown on a new page
		t.learnEnd(o)
	}
}

// learnEnd looks again at an attempt that was told to be over.
func (t *tab) learnEnd(o *history.Op) {
	if o.Reason == "finished" || o.Reason == "time_up" {
		t.learn(o.Attempt)
	}
}

func micros(at *time.Time) int64 {
	if at == nil {
		return 0
	}
	return at.UnixMicro()
}

// keep remembers a rendered form, and lets the oldest go.
func (t *tab) keep(f *form) {
	const most = 6
	t.forms = append(t.forms, f)
	if len(t.forms) > most {
		t.forms = slices.Delete(t.forms, 0, 1)
	}
}
