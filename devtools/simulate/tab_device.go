package simulate

import (
	"strconv"
	"strings"

	"shiken/devtools/history"
	"shiken/exam"
)

// asksTakeOver: the page's form moves the attempt to the device that sends it.
func (p *page) asksTakeOver() bool { return strings.HasSuffix(p.action, "/take-over") }

// goOnHere asks for the question on a device that was told that the attempt belongs to another one: the page
// offers to take it over.
func (t *tab) goOnHere(o *history.Op) {
	if o.Reason == string(exam.OtherDevice) && t.hit(0.5) {
		t.open()
	}
}

// takeOver moves the attempt to this device, once in two times that it is asked, or goes away.
func (t *tab) takeOver(p *page) {
	if t.hit(0.5) {
		return
	}
	o := t.op(history.TakeOver)
	o.Attempt, o.Command = strings.Split(p.action, "/")[2], p.fields.Get("command_id")
	o.Opening, _ = strconv.Atoi(p.fields.Get("opening"))
	o.Position, _ = strconv.Atoi(p.fields.Get("position")) // of the answer that the form brings, if it does
	t.click(o, posted(p.action, p.fields), 1+t.weighted(8, 1, 1))
}

// takenOver stands in place of a reason on the page that offers, behind a take-over, the answer that was not taken.
const takenOver = "taken_over"
