package torture

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"

	"shiken/devtools/history"
)

// outbox is what a browser keeps of its commands until the server has judged them, as static/outbox.js does: one
// entry for the draft of a page, the newest, and one for its form. It outlives the pages.
type outbox struct {
	mu      sync.Mutex
	entries map[string]*entry
	living  map[string]int // pages that are open, whose entries are their own business
	put     int            // entries so far
}

// entry is one command that is not judged yet.
type entry struct {
	key     string
	request request
	op      history.Op
	judge   judge
	n       int // in the order in which they were kept
}

func newOutbox() *outbox { return &outbox{entries: map[string]*entry{}, living: map[string]int{}} }

// keyOf is where the outbox keeps a command.
func keyOf(o *history.Op) string { return o.Page + ":" + string(o.Kind) }

// keep puts a command in place of an older one of its key.
func (b *outbox) keep(q request, o history.Op, judge judge) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put++
	b.entries[keyOf(&o)] = &entry{keyOf(&o), q, o, judge, b.put}
}

// settle removes a command that was judged, and with an acknowledged form the drafts of its page before it.
func (b *outbox) settle(o *history.Op) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e := b.entries[keyOf(o)]; e != nil && e.op.Command == o.Command {
		delete(b.entries, e.key)
	}
	draft := *o
	draft.Kind = history.Save
	if e := b.entries[keyOf(&draft)]; o.Kind == history.Form && o.Ok() && e != nil && e.op.Seq < o.Seq {
		delete(b.entries, e.key)
	}
}

// hold says that a page is open, until it is left.
func (b *outbox) hold(page string, open int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.living[page] += open
}

// orphans lists what belongs to no open page, the oldest first.
func (b *outbox) orphans() []*entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []*entry
	for _, e := range b.entries {
		if b.living[e.op.Page] == 0 {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *entry) int { return cmp.Compare(a.n, b.n) })
	return list
}

func (b *outbox) len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.entries)
}

// keeps: every other candidate's browser has an outbox; the rest send what they send until it is answered.
func (t *tab) keeps() bool { return t.who.n%2 == 1 }

// settled counts what became of a command, and takes it out of the outbox. It tells whether it was judged.
func (t *tab) settled(o *history.Op) bool {
	if !o.Ok() && o.Result != history.Rejected {
		return false
	}
	if !t.keeps() {
		return true
	}
	t.on.outbox.settle(o)
	if o.Result == history.Rejected && o.Reason == "" {
		t.run.complain("command " + o.Command + " was rejected without a reason")
	}
	return true
}

// autosave keeps a draft, and sends it once: what fails is sent again by what is typed next, or when the page is gone.
func (t *tab) autosave(ctx context.Context, v *view, q request, o history.Op) (place, error) {
	t.on.outbox.keep(q, o, judgeSave)
	o, r := t.try(ctx, t.patience(), q, o, judgeSave)
	switch {
	case t.settled(&o):
		t.run.judged(&o)
		if o.Ok() {
			v.rev = o.NewRev
			return v.at(), nil
		}
		return t.turnedDown(ctx, v, &o)
	case r.status == http.StatusUnauthorized && t.rng.IntN(3) == 0: // else typed on while signed out
		return v.at(), t.on.refused(ctx, r.cookie)
	}
	return v.at(), ctx.Err()
}

// resend sends what pages that are gone have left, until it is judged: nobody acts on a page before.
func (t *tab) resend(ctx context.Context) error {
	if !t.keeps() {
		return nil
	}
	for _, e := range t.on.outbox.orphans() {
		o, err := t.insist(ctx, e.request, e.op, e.judge)
		if err != nil {
			return err
		}
		if t.settled(&o) {
			t.run.resent.Add(1)
		}
	}
	return nil
}

// dies: the tab is killed now, with what it has not sent.
func (t *tab) dies() bool {
	const oneIn = 60
	return t.keeps() && t.rng.IntN(oneIn) == 0
}
