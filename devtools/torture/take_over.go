package torture

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"shiken/devtools/history"
	"shiken/exam"
)

// otherDevice is the reason of what is refused, since the attempt belongs to the candidate's other device.
const otherDevice = string(exam.OtherDevice)

// comesOver: one in so many who are told that the attempt is on the other device takes it over.
const comesOver = 6

// takesOver: the form moves the attempt to the device that sends it.
func (f *form) takesOver() bool { return strings.HasSuffix(f.action, "/take-over") }

// takeOver moves the attempt to this device where the page asks for it, now and then.
func (t *tab) takeOver(ctx context.Context, p *page) error {
	f := p.holding("opening")
	if f == nil || !f.takesOver() || t.rng.IntN(comesOver) != 0 {
		return nil
	}
	o := history.New(history.TakeOver)
	o.Attempt, o.Command = readPlace(f.action).attempt, f.fields.Get("command_id")
	o.Opening, _ = strconv.Atoi(f.fields.Get("opening")) // 0 when it is none, which is refused
	q := request{method: http.MethodPost, path: f.action, media: mediaForm, body: f.fields.Encode()}
	_, err := t.insist(ctx, q, o, func(r *reply, o *history.Op) { judgeForm(r, o, 0) })
	return err
}
