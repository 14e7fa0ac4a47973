package torture

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"shiken/devtools/history"
	"shiken/devtools/secrets"
)

// sit works on an attempt, page after page, until it is over or the run ends.
func (t *tab) sit(ctx context.Context, attempt string, position int) error {
	at := place{attempt: attempt, position: position}
	for !t.run.ending() {
		var err error
		switch {
		case at.review:
			at, err = t.review(ctx, attempt)
		case at.position > 0:
			at, err = t.visit(ctx, at)
		default:
			t.kept = nil
			return t.finish(ctx, attempt)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// visit opens a question, or takes a page of it that was left open, saves some answers as they are
// typed, and leaves it by its form.
func (t *tab) visit(ctx context.Context, at place) (place, error) {
	if err := t.resend(ctx); err != nil {
		return at, err
	}
	v := t.old(at)
	if v == nil {
		var err error
		if v, at, err = t.open(ctx, at); v == nil || err != nil {
			return at, err
		}
	}
	t.kept = append(t.kept, v)
	if len(t.kept) > keptPages {
		t.kept = t.kept[1:]
	}
	t.on.outbox.hold(v.page, 1)
	defer t.on.outbox.hold(v.page, -1)
	for range t.saves(v) {
		if t.run.ending() {
			return at, nil
		}
		if t.dies() {
			t.kept = slices.DeleteFunc(t.kept, func(k *view) bool { return k == v })
			return at, nil
		}
		if err := pause(ctx, t.run.think(t.rng)); err != nil {
			return at, err
		}
		if on, err := t.save(ctx, v); err != nil || on != at {
			return on, err
		}
	}
	return t.leave(ctx, v)
}

// finish looks at the result, now and then twice, and has enough of the exam for a while.
func (t *tab) finish(ctx context.Context, attempt string) error {
	rest := t.rest()
	t.who.finished(t.exam, attempt, rest)
	if rest == 0 {
		return pause(ctx, t.run.think(t.rng))
	}
	if err := t.seeResult(ctx, attempt); err != nil {
		return err
	}
	if err := pause(ctx, rest/2); err != nil {
		return err
	}
	return t.seeResult(ctx, attempt)
}

// seeResult asks once for the page of the result.
func (t *tab) seeResult(ctx context.Context, attempt string) error {
	o := history.New(history.Marks)
	o.Attempt = attempt
	t.try(ctx, time.Second, request{method: http.MethodGet, path: "/attempts/" + attempt + "/result"}, o, judgeResult)
	return context.Cause(ctx)
}

// rest is how long somebody has enough of an exam that is over: every other time not at all.
func (t *tab) rest() time.Duration {
	if t.rng.IntN(2) == 0 {
		return 0
	}
	return 3*time.Second + time.Duration(t.rng.Int64N(int64(6*time.Second)))
}

// saves is how many answers are saved on a page. One that was checked is closed, which some try all the
// same.
func (t *tab) saves(v *view) int {
	if v.checked {
		return t.rng.IntN(2)
	}
	return t.rng.IntN(2 * t.run.o.Saves)
}

const (
	keptPages = 4
	// goesBack: one visit in so many begins on a page that was left open.
	goesBack = 12
)

// old is a page of this attempt that was left open, nil for a fresh one.
func (t *tab) old(at place) *view {
	if t.rng.IntN(goesBack) != 0 {
		return nil
	}
	i := slices.IndexFunc(t.kept, func(v *view) bool { return v.attempt == at.attempt })
	if i < 0 {
		return nil
	}
	v := t.kept[i]
	t.kept = slices.Delete(t.kept, i, i+1)
	return v
}

// open reads a question's page. Without a view it led elsewhere.
func (t *tab) open(ctx context.Context, at place) (*view, place, error) {
	o := history.New(history.Read)
	o.Attempt, o.Position = at.attempt, at.position
	q := request{method: http.MethodGet, path: fmt.Sprintf("/attempts/%s/questions/%d", at.attempt, at.position)}
	for tries := 0; ; tries++ {
		var v *view
		o, r := t.try(ctx, t.patience(), q, o, func(r *reply, o *history.Op) {
			if r.status == http.StatusOK {
				v = readView(at.attempt, readPage(r.body))
			}
			judgeRead(r, o, v)
		})
		switch {
		case v != nil:
			return v, at, nil
		case o.Result == history.Unknown:
		case signedOut(&r):
			if err := t.on.refused(ctx, r.cookie); err != nil {
				return nil, at, err
			}
		case r.status == http.StatusSeeOther:
			return nil, readPlace(r.location), nil
		case r.status != http.StatusOK:
			return nil, at, fmt.Errorf("torture: GET %s: status %d", q.path, r.status)
		case t.run.ending(): // the cover of a pause, or what is shown on the other device
			return nil, at, nil
		default:
			if err := t.takeOver(ctx, readPage(r.body)); err != nil {
				return nil, at, err
			}
			if err := pause(ctx, coverPause); err != nil {
				return nil, at, err
			}
		}
		if err := again(ctx, tries); err != nil {
			return nil, at, err
		}
	}
}

// coverPause is how long a candidate looks at the cover of a pause before asking again.
const coverPause = 300 * time.Millisecond

// save sends an answer through the API, as a page does while somebody types. It returns where the tab
// is then.
func (t *tab) save(ctx context.Context, v *view) (place, error) {
	v.answer = t.answer(v)
	v.seq, v.command = max(v.seq, 1)+1, ""
	o := v.op(history.Save, t.newID(), v.seq)
	o.Draft = t.rng.IntN(5) != 0
	if t.rng.IntN(20) == 0 {
		flag := t.rng.IntN(2) == 0
		o.Flag = &flag
	}
	q := v.save(&o)
	if t.rng.IntN(astray) == 0 {
		patience := t.patience()
		t.strays.Go(func() { t.try(ctx, patience, q, o, judgeSave) })
		if t.rng.IntN(2) == 0 {
			return v.at(), nil // what is typed next overtakes it
		}
	}
	if t.keeps() && o.Draft {
		return t.autosave(ctx, v, q, o)
	}
	o, err := t.insist(ctx, q, o, judgeSave)
	if err != nil || o.Result != history.Rejected {
		if o.Ok() {
			v.rev = o.NewRev
		}
		return v.at(), err
	}
	return t.turnedDown(ctx, v, &o)
}

// astray: one save in so many is sent without waiting for its answer.
const astray = 60

func (v *view) at() place { return place{attempt: v.attempt, position: v.position} }

// turnedDown does what somebody does whose answer was rejected.
func (t *tab) turnedDown(ctx context.Context, v *view, o *history.Op) (place, error) {
	switch o.Reason {
	case "stale", "id_reused", "invalid_answer", "unanswered":
		if t.rng.IntN(5) != 0 { // else the old page stays as it is
			v.adopt(o)
		}
		return v.at(), pause(ctx, 5*t.run.think(t.rng)) // to read both answers
	case "paused", "time_up":
		return v.at(), pause(ctx, 5*t.run.think(t.rng))
	case otherDevice:
		if t.rng.IntN(3) == 0 { // who only types on does not notice
			return v.at(), pause(ctx, 5*t.run.think(t.rng))
		}
	}
	// Closed, not reached, finished: a fresh page tells where the attempt goes on.
	t.kept = nil
	view, at, err := t.open(ctx, v.at())
	if view != nil {
		t.kept = append(t.kept, view)
	}
	return at, err
}

// answer is what somebody types or chooses next: now and then nothing, or the same again.
func (t *tab) answer(v *view) string {
	switch n := t.rng.IntN(30); {
	case n == 0:
		return unanswered
	case n == 1:
		return v.answer
	}
	if len(v.options) > 0 {
		return quote(v.options[t.rng.IntN(len(v.options))])
	}
	if t.rng.IntN(10) == 0 {
		return quote("anything") // which is right
	}
	t.made++
	return quote(fmt.Sprintf("%st%da%d", secrets.Secret{Kind: secrets.Answer, Of: label(t.who.n)}, t.n, t.made))
}

// leave sends the question's form by one of its buttons.
func (t *tab) leave(ctx context.Context, v *view) (place, error) {
	command := v.command
	if command == "" {
		command = t.newID()
	}
	v.seq = max(v.seq, 0) + 1
	v.command = ""
	o := v.op(history.Form, command, v.seq)
	if t.press(v, &o); o.Action == "check" {
		t.who.checks(v.at())
	}
	q := v.post(&o)
	if o.Action == "clear" {
		o.Answer = unanswered
	}
	judge := func(r *reply, o *history.Op) { judgeForm(r, o, v.total) }
	if t.keeps() {
		t.on.outbox.keep(q, o, judge)
	}
	o, err := t.insist(ctx, q, o, judge)
	if err != nil {
		return v.at(), err
	}
	t.settled(&o)
	if o.Result == history.Rejected {
		return t.turnedDown(ctx, v, &o)
	}
	switch {
	case o.Result != history.Acknowledged:
		return v.at(), nil
	case o.Led == v.total+1:
		return place{attempt: v.attempt, position: history.NotTold, review: true}, nil
	}
	return place{attempt: v.attempt, position: o.Led}, nil
}

// press chooses the button of a form.
func (t *tab) press(v *view, o *history.Op) {
	if v.hasTimeUp && v.deadlineAt > 0 && time.Now().UnixMicro() >= v.deadlineAt {
		o.Action = "time_up"
		return
	}
	n := t.rng.IntN(100)
	switch {
	case v.checkable && n < 40:
		o.Action = "check"
	case v.checked && n < 40:
		o.Action, o.Target = "review", v.total+1
	case v.linear && n < 80:
		o.Action, o.Target, o.Skip = "next", v.position+1, n < 20
	case v.linear:
		o.Action = "save"
	case n < 20:
		o.Action, o.Target = "next", v.position+1
	case n < 65:
		to := t.own(v.total)
		o.Action, o.Target = "goto:"+strconv.Itoa(to), to
	case n < 72 && v.position > 1:
		o.Action, o.Target = "previous", v.position-1
	case n < 80:
		flag := t.rng.IntN(2) == 0
		o.Action, o.Flag = map[bool]string{true: "flag", false: "unflag"}[flag], &flag
	case n < 84:
		o.Action = "clear"
	case n < 92:
		o.Action, o.Target = "review", v.total+1
	case n < 96:
		o.Action = "save"
	}
}

// own is mostly a question that the candidate's other tabs seldom answer, else any.
func (t *tab) own(total int) int {
	n := 1 + t.rng.IntN(total)
	if t.rng.IntN(6) == 0 {
		return n
	}
	return min(n-n%t.run.o.Tabs+t.n+1, total)
}

// review reads the list before the submission, and hands in or goes back.
func (t *tab) review(ctx context.Context, attempt string) (place, error) {
	r, err := t.get(ctx, "/attempts/"+attempt+"/review")
	if err != nil {
		return place{}, err
	}
	if r.status == http.StatusSeeOther {
		return readPlace(r.location), nil
	}
	p := readPage(r.body)
	f := p.holding("opening")
	if f == nil || f.takesOver() {
		return place{attempt: attempt, position: 1}, pause(ctx, t.run.think(t.rng)) // paused, or on the other device
	}
	if t.exam != linearExam && t.rng.IntN(handsIn) != 0 {
		return place{attempt: attempt, position: t.own(max(p.number("total"), 1))}, nil
	}
	return t.submit(ctx, attempt, f)
}

// handsIn: one review in so many is followed by the submission.
const handsIn = 3

func (t *tab) submit(ctx context.Context, attempt string, f *form) (place, error) {
	o := history.New(history.Submit)
	o.Attempt, o.Command = attempt, f.fields.Get("command_id")
	o.Opening, _ = strconv.Atoi(f.fields.Get("opening"))     // 0 when it is none, which is refused
	o.Rev, _ = strconv.ParseInt(f.fields.Get("rev"), 10, 64) // likewise
	q := request{method: http.MethodPost, path: "/attempts/" + attempt + "/submit", media: mediaForm, body: url.Values{
		"command_id": {o.Command}, "opening": {f.fields.Get("opening")}, "rev": {f.fields.Get("rev")},
	}.Encode()}
	o, err := t.insist(ctx, q, o, func(r *reply, o *history.Op) { judgeForm(r, o, 0) })
	if err != nil || o.Result == history.Acknowledged {
		return place{attempt: attempt, position: history.NotTold, result: true}, err
	}
	return place{attempt: attempt, position: 1}, nil
}
