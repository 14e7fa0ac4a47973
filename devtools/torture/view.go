package torture

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"shiken/devtools/history"
)

// view is a question as one page of one tab shows it. The page adopts a newer rev only by showing what
// is saved, so its rev is that of its own last save, or of what a rejection showed it.
type view struct {
	attempt    string
	position   int
	total      int
	opening    int
	page       string
	seq, rev   int64  // of the page's last command, and adopted
	command    string // of the form as it was rendered; "" once anything was sent
	options    []string
	answer     string // on the screen, canonical JSON
	flagged    bool
	flaggable  bool
	linear     bool
	checkable  bool // a practice's page, of a question that was not checked
	checked    bool // and of one that was
	hasTimeUp  bool
	deadlineAt int64
}

// readView reads a question's page; nil when it shows none.
func readView(attempt string, p *page) *view {
	f := p.holding("seq")
	if f == nil || p.data["position"] == "" {
		return nil
	}
	v := &view{
		attempt: attempt, position: p.number("position"), total: p.number("total"), page: f.fields.Get("page"),
		command: f.fields.Get("command_id"), options: f.options, answer: shown(f), deadlineAt: p.deadline(),
		flagged: f.buttons["unflag"], flaggable: f.buttons["flag"] || f.buttons["unflag"], hasTimeUp: f.buttons["time_up"],
	}
	v.linear, v.checkable = !v.flaggable, f.buttons["check"]
	v.checked = f.closed
	v.opening, _ = strconv.Atoi(f.fields.Get("opening"))     // 0 when it is none, which is refused
	v.rev, _ = strconv.ParseInt(f.fields.Get("rev"), 10, 64) // likewise
	return v
}

// shown is the answer that a form holds.
func shown(f *form) string {
	answer := f.fields.Get("answer")
	if answer == "" {
		return unanswered
	}
	return quote(answer)
}

// unanswered is the canonical answer that is none.
const unanswered = "null"

func quote(answer string) string {
	text, err := json.Marshal(answer)
	if err != nil {
		return unanswered // no string fails
	}
	return string(text)
}

func unquote(answer string) string {
	var text string
	if err := json.Unmarshal([]byte(answer), &text); err != nil {
		return "" // null
	}
	return text
}

// op is the history's beginning of a command of this page with the given seq and id.
func (v *view) op(kind history.Kind, command string, seq int64) history.Op {
	o := history.New(kind)
	o.Attempt, o.Position, o.Opening, o.Command = v.attempt, v.position, v.opening, command
	o.Page, o.Seq, o.Rev, o.Answer = v.page, seq, v.rev, v.answer
	return o
}

func (v *view) path() string {
	return fmt.Sprintf("/attempts/%s/questions/%d", v.attempt, v.position)
}

// save is the API's request of an operation.
func (v *view) save(o *history.Op) request {
	flagged := ""
	if o.Flag != nil {
		flagged = fmt.Sprintf(`,"flagged":%t`, *o.Flag)
	}
	return request{
		method: "PUT", path: fmt.Sprintf("/api/v1/attempts/%s/responses/%d", v.attempt, v.position), media: mediaJSON,
		body: fmt.Sprintf(`{"rev":%d,"command_id":%q,"page":%q,"seq":%d,"opening":%d,"draft":%t,"answer":%s%s}`,
			o.Rev, o.Command, o.Page, o.Seq, o.Opening, o.Draft, o.Answer, flagged),
	}
}

// post is the form's request of an operation.
func (v *view) post(o *history.Op) request {
	f := url.Values{
		"rev": {strconv.FormatInt(o.Rev, 10)}, "command_id": {o.Command}, "page": {o.Page},
		"seq": {strconv.FormatInt(o.Seq, 10)}, "opening": {strconv.Itoa(o.Opening)},
	}
	if answer := unquote(o.Answer); answer != "" || v.options == nil {
		f.Set("answer", answer)
	}
	if o.Action != "" {
		f.Set("action", o.Action)
	}
	if o.Skip {
		f.Set("skip", "1")
	}
	return request{method: "POST", path: v.path(), media: mediaForm, body: f.Encode()}
}

// adopt shows what is saved, as a page does after a rejection told it.
func (v *view) adopt(o *history.Op) {
	if o.SavedRev != history.NotTold {
		v.rev, v.answer = o.SavedRev, o.Saved
	}
}
