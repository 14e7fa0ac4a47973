package history_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"shiken/devtools/history"
	"shiken/exam"
	"shiken/store"
)

// epoch is what the database's clock shows when a run begins.
const epoch = exam.Instant(1_800_000_000_000_000)

// world is one attempt with its clients: it gives commands to exam.Apply one after another, in the
// order in which they are delivered, and writes down what each client would see.
type world struct {
	*rand.Rand
	paper      exam.Paper
	marking    history.Marking
	attempt    exam.Attempt
	records    []exam.Record
	rejections []exam.Rejection
	ops        []history.Op
	now        time.Duration
	ids        int
	under      []flight
	tabs       []*tab
}

// flight is a request under way.
type flight struct {
	op      *history.Op
	command exam.Command
	at      time.Duration
	reply   time.Duration // after at
	lost    bool          // the reply
}

// tab shows one rendering of a question.
type tab struct {
	position int
	page     string
	seq, rev int64
	opening  int
	last     *history.Op // the last command, and what it was
	sent     exam.Command
}

func paperOf(navigation exam.Navigation, n int) exam.Paper {
	p := exam.Paper{
		Attempt: "0b5c2e6a-0000-4000-8000-000000000001", Exam: "basics", Candidate: "someone", Seed: fmt.Sprintf("%064d", 7),
		Title: exam.Title{"en": "Basics <&>", "ja": "基礎"}, Sections: []exam.PaperSection{{}},
		Rules: exam.Rules{
			Navigation: navigation, Feedback: exam.PracticeFeedback, TimeLimit: 10 * exam.Minute, Grace: 10 * exam.Second, ExtraPercent: 25,
		},
	}
	for i := range n {
		p.Items = append(p.Items, exam.Item{Version: fmt.Sprintf("version-%d", i), Type: exam.ShortText, Points: 10_000, Wrong: 2_500 * (i % 2)})
	}
	return p
}

func newWorld(seed uint64, navigation exam.Navigation, questions, tabs int) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 4)), paper: paperOf(navigation, questions)}
	w.marking = keysOf(&w.paper)
	o := w.op(history.Start)
	o.Exam, o.User, o.Attempt = w.paper.Exam, w.paper.Candidate, w.paper.Attempt
	o.Command, o.Done, o.Result = w.id(), w.now+time.Millisecond, history.Acknowledged
	a, outcome, err := exam.Begin(&w.paper, o.Command, "", w.salt(), epoch)
	if err != nil {
		panic(err)
	}
	w.ops = append(w.ops, *o)
	w.keep(a, outcome)
	for range tabs {
		w.tabs = append(w.tabs, &tab{position: 1 + w.IntN(questions)})
	}
	return w
}

func (w *world) id() string {
	w.ids++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.ids)
}

func (w *world) salt() exam.Salt {
	w.ids++
	return exam.Salt(fmt.Sprintf("%016d", w.ids))
}

func (w *world) op(kind history.Kind) *history.Op {
	o := history.New(kind)
	o.Attempt, o.Sent = w.paper.Attempt, w.now
	return &o
}

func (w *world) keep(a exam.Attempt, o exam.Outcome) {
	w.attempt = a
	if o.Entry != nil {
		w.records = append(w.records, exam.Record{Entry: *o.Entry, Salt: o.Salt, Payload: o.Payload})
	}
	if o.Rejection != nil {
		w.rejections = append(w.rejections, *o.Rejection)
	}
}

// run lets the tabs send so many requests, delivers all, and closes and marks the attempt.
func (w *world) run(requests int) *world {
	for range requests {
		w.now += time.Duration(1+w.IntN(40)) * time.Millisecond
		w.deliver(w.now)
		switch {
		case w.attempt.Status == exam.Paused && w.IntN(4) == 0:
			w.byAdmin(exam.Resume)
		case w.IntN(60) == 0:
			w.byAdmin([]exam.Kind{exam.Pause, exam.Extend}[w.IntN(2)])
		}
		w.act(w.tabs[w.IntN(len(w.tabs))])
	}
	w.deliver(w.now + time.Minute)
	w.byAdmin(exam.Resume)
	if at, timed := w.attempt.ExpiresAt(&w.paper); timed {
		w.now = time.Duration(at-epoch) * time.Microsecond
	}
	w.byServer(exam.Expire)
	w.byServer(exam.Grade)
	return w
}

// act is one request of a tab.
func (w *world) act(t *tab) {
	busy := slices.ContainsFunc(w.under, func(f flight) bool { return t.last == f.op })
	switch again := t.last != nil && t.last.Result == history.Unknown; {
	case t.page == "" || w.IntN(6) == 0:
		w.read(t)
	case again && w.IntN(2) == 0, t.last != nil && w.IntN(25) == 0:
		w.again(t)
	case busy && w.IntN(3) > 0:
	default:
		w.command(t)
	}
}

func (w *world) read(t *tab) {
	o := w.op(history.Read)
	o.Position = w.position(t)
	t.position, t.page, t.seq, t.rev, t.opening, t.last = o.Position, w.id(), 0, w.attempt.Response(o.Position).Rev, w.attempt.Opening, nil
	saved := w.attempt.Response(o.Position)
	o.SavedRev, o.Saved, o.SavedFlag = saved.Rev, string(exam.Canonical(saved.Answer)), &saved.Flagged
	o.Done, o.Result = w.now+time.Duration(w.IntN(30))*time.Millisecond, history.Acknowledged
	if d, timed := w.attempt.Deadline(&w.paper); timed {
		o.Deadline = int64(d)
	}
	w.ops = append(w.ops, *o)
}

func (w *world) position(t *tab) int {
	if w.paper.Rules.Navigation == exam.Linear {
		return min(w.attempt.Cursor, w.paper.Len())
	}
	if w.IntN(4) == 0 {
		return 1 + w.IntN(w.paper.Len())
	}
	return t.position
}

func (w *world) command(t *tab) {
	kind := history.Form
	if w.IntN(3) > 0 {
		kind = history.Save
	}
	o := w.op(kind)
	t.seq++
	o.Position, o.Opening, o.Command, o.Page, o.Seq, o.Rev = t.position, t.opening, w.id(), t.page, t.seq, t.rev
	o.Answer = []string{`"a"`, `"b"`, `"c <&>"`, `null`}[w.IntN(4)]
	c := exam.Command{
		ID: o.Command, Kind: exam.Save, Actor: exam.Actor{Role: exam.Candidate, ID: w.paper.Candidate}, Opening: o.Opening,
		Position: o.Position, Rev: o.Rev, Page: o.Page, Seq: o.Seq,
	}
	if err := c.Answer.UnmarshalJSON([]byte(o.Answer)); err != nil {
		panic(err)
	}
	if kind == history.Save {
		o.Draft = w.IntN(2) == 0
		c.Draft = o.Draft
	} else {
		w.button(o, &c)
	}
	t.last, t.sent = o, c
	w.send(t, o)
}

func (w *world) button(o *history.Op, c *exam.Command) {
	c.Target = o.Position
	free := w.paper.Rules.Navigation == exam.Free
	switch w.IntN(8) {
	case 0:
		if free {
			flag := w.IntN(2) == 0
			o.Action, c.Kind, c.Flagged = map[bool]string{true: "flag", false: "unflag"}[flag], exam.Flag, &flag
		}
	case 1, 2, 3:
		o.Action, o.Target, c.Kind, c.Target = "next", o.Position+1, exam.Move, o.Position+1
		o.Skip = w.IntN(2) == 0
		c.Skip = o.Skip
	case 4:
		o.Action, o.Answer, c.Answer = "clear", "null", exam.Answer{}
	case 5:
		if w.IntN(6) == 0 {
			o.Action, c.Kind = "check", exam.Check
		}
	case 6:
		o.Action, c.Kind = "time_up", exam.TimeUp
	}
}

// again sends the tab's last command once more, to the byte.
func (w *world) again(t *tab) {
	o := history.New(t.last.Kind)
	was := *t.last
	o.Attempt, o.Position, o.Opening, o.Command, o.Page, o.Seq, o.Rev = was.Attempt, was.Position, was.Opening, was.Command, was.Page, was.Seq, was.Rev
	o.Draft, o.Action, o.Target, o.Answer, o.Flag, o.Skip, o.Sent = was.Draft, was.Action, was.Target, was.Answer, was.Flag, was.Skip, w.now
	t.last = &o
	w.send(t, &o)
}

func (w *world) send(t *tab, o *history.Op) {
	f := flight{op: o, command: t.sent, at: w.now + time.Duration(w.IntN(60))*time.Millisecond, lost: w.IntN(6) == 0}
	f.reply = time.Duration(w.IntN(30)) * time.Millisecond
	o.Delivered = f.at
	w.under = append(w.under, f)
	if w.IntN(12) == 0 { // the network delivers it twice, the second time much later
		f.at, f.lost = f.at+time.Duration(w.IntN(400))*time.Millisecond, true
		copied := *o
		copied.Delivered = history.NotTold
		f.op = &copied
		w.under = append(w.under, f)
	}
}

// deliver applies what arrives until then, in order.
func (w *world) deliver(until time.Duration) {
	slices.SortStableFunc(w.under, func(a, b flight) int { return cmp.Compare(a.at, b.at) })
	for len(w.under) > 0 && w.under[0].at <= until {
		f := w.under[0]
		w.under = w.under[1:]
		w.judge(&f)
	}
}

func (w *world) judge(f *flight) {
	f.command.Salt = w.salt()
	a, o, err := exam.Apply(&w.paper, w.attempt, f.command, epoch+exam.Instant(f.at.Microseconds()))
	if err != nil {
		panic(err)
	}
	w.keep(a, o)
	if !f.lost {
		w.answer(f, o)
	}
	w.ops = append(w.ops, *f.op)
}

// answer is what the client reads out of the reply.
func (w *world) answer(f *flight, o exam.Outcome) {
	f.op.Done = f.at + f.reply
	saved := w.attempt.Response(f.op.Position)
	switch {
	case o.Result == exam.Rejected:
		f.op.Result, f.op.Reason = history.Rejected, string(o.Reason)
		f.op.SavedRev, f.op.Saved = saved.Rev, string(exam.Canonical(saved.Answer))
	case f.op.Kind == history.Form:
		f.op.Result = history.Acknowledged
		if f.command.Kind == exam.Move {
			f.op.Led = o.Target
		}
	default:
		f.op.Result = history.Applied
		if o.Result == exam.Replayed {
			f.op.Result = history.Replayed
		}
		f.op.NewRev = o.Rev
		f.op.Receipt = history.Receipt{Seq: o.Receipt.Seq, Hash: o.Receipt.Hash.String(), Code: o.Receipt.Code()}
	}
	for _, t := range w.tabs {
		if t.last == f.op && o.Result != exam.Rejected {
			t.rev = max(t.rev, o.Rev)
		}
	}
}

func (w *world) byAdmin(kind exam.Kind) {
	w.give(exam.Command{ID: w.id(), Kind: kind, Actor: exam.Actor{Role: exam.Admin, ID: "officer"}, Amount: exam.Second})
}

func (w *world) byServer(kind exam.Kind) {
	c := exam.Command{ID: w.id(), Kind: kind, Actor: exam.Actor{Role: exam.Server}}
	if kind == exam.Grade {
		c.Score = w.score(len(w.marking.Keys["version-0"]) - 1)
	}
	w.give(c)
}

// score marks with a revision of the keys, or those before it.
func (w *world) score(revision int) *exam.Score {
	keys := map[string]exam.Key{}
	for version, all := range w.marking.Keys {
		keys[version] = all[min(revision, len(all)-1)].Key
	}
	var standing exam.Standing
	for i := range w.records {
		standing.Follow(&w.records[i].Entry)
	}
	s := w.marking.Grader.MarkRest(&w.paper, &w.attempt, keys, &standing)
	return &s
}

// keysOf gives every question of a paper the key "a".
func keysOf(p *exam.Paper) history.Marking {
	m := history.Marking{Keys: map[string][]history.KeyRevision{}}
	for i := range p.Items {
		key := exam.Key{Revision: 1, Texts: []exam.TextKey{{Pattern: "a", Weight: exam.FullCredit}}}
		m.Keys[p.Items[i].Version] = []history.KeyRevision{{Key: key}}
	}
	return m
}

func (w *world) give(c exam.Command) exam.Outcome {
	c.Salt = w.salt()
	a, o, err := exam.Apply(&w.paper, w.attempt, c, epoch+exam.Instant(w.now.Microseconds()))
	if err != nil {
		panic(err)
	}
	w.keep(a, o)
	return o
}

// stored is the attempt as a database would give it back.
func (w *world) stored() []store.StoredAttempt {
	s := store.StoredAttempt{
		Attempt: w.attempt, Exam: w.paper.Exam, Number: 1, Paper: w.paper, StartCommand: w.records[0].Entry.Command,
		Title: w.paper.Title, Count: w.paper.Len(), Version: w.attempt.Head.Seq,
		HandItems: store.HandItems(&w.paper), Records: slices.Clone(w.records), Rejections: slices.Clone(w.rejections),
	}
	s.Attempt.Commands = nil
	s.Deadline, _ = w.attempt.Deadline(&w.paper)
	s.ExpiresAt, _ = w.attempt.ExpiresAt(&w.paper)
	return []store.StoredAttempt{s}
}

func (w *world) check() *history.Report {
	return history.Check(w.ops, w.stored(), history.Options{
		Epoch: epoch, Slack: time.Millisecond, Now: epoch + exam.Instant(2*time.Hour.Microseconds()),
		Marking: &w.marking,
	})
}
