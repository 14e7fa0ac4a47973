package history

import (
	"cmp"
	"math"
	"slices"
	"time"

	"shiken/exam"
	"shiken/store"
)

// never is later than everything.
const never = time.Duration(math.MaxInt64)

// command is one thing asked of an attempt, however often it was sent: one id with one content.
type command struct {
	id       string
	content  content
	sendings []*Op         // in the order of sending, without refused ones
	sent     time.Duration // the first
	replied  time.Duration // the first judgement that came back; never = none did
	ok       *Op           // the first that may be relied on, nil = none
	rejected *Op           // the first rejection, nil = none
	applied  *exam.Record  // its entry in the journal, nil = none
}

// unknown: no client was told what became of it.
func (c *command) unknown() bool { return c.ok == nil && c.rejected == nil }

func (c *command) add(o *Op) {
	c.sendings = append(c.sendings, o)
	c.sent = min(c.sent, o.Sent)
	switch {
	case o.Ok():
		c.replied = min(c.replied, o.Done)
		c.ok = earlier(c.ok, o)
	case o.Result == Rejected:
		c.replied = min(c.replied, o.Done)
		c.rejected = earlier(c.rejected, o)
	}
}

func earlier(a, b *Op) *Op {
	if a == nil || b.Done < a.Done {
		return b
	}
	return a
}

// sitting is one attempt: what clients know of it, and what is stored.
type sitting struct {
	stored   *store.StoredAttempt
	paper    *exam.Paper
	linear   bool
	commands map[string][]*command // by id
	refused  map[string]bool       // ids that were sent, and never but refused
	reads    []*Op
	results  []*Op
	orders   map[string]window // by id: when an admin's command was given first, and first known to be done
	told     []*Op             // orders with an action, whose end was told
	ordered  []*command        // by first sending
	repeats  bool              // see Options
	senders  map[*exam.Record]*command
	begun    []*Op             // sendings of the start
	devices  map[string]string // by device of the journal: the session that clients know it by, "" = not told
}

// gather sorts operations by attempt. Those that name an attempt that is not stored come back apart.
func gather(ops []Op, stored []store.StoredAttempt) (sittings []*sitting, homeless []*Op) {
	byID, byStart := map[string]*sitting{}, map[string]*sitting{}
	for i := range stored {
		s := &sitting{
			stored: &stored[i], paper: &stored[i].Paper, commands: map[string][]*command{}, refused: map[string]bool{},
			orders: map[string]window{}, linear: stored[i].Paper.Rules.Navigation == exam.Linear,
		}
		byID[stored[i].Attempt.ID], byStart[stored[i].StartCommand] = s, s
		sittings = append(sittings, s)
	}
	for i := range ops {
		o := &ops[i]
		switch s := byID[o.Attempt]; {
		case o.Kind == Start && o.Result != Refused && byStart[o.Command] != nil:
			byStart[o.Command].begun = append(byStart[o.Command].begun, o)
		case o.Kind == Start || o.Kind == SignOut:
		case s == nil:
			homeless = append(homeless, o)
		default:
			s.add(o)
		}
	}
	for _, s := range sittings {
		s.arrange()
	}
	return sittings, homeless
}

func (s *sitting) add(o *Op) {
	switch {
	case o.Kind == Order:
		s.order(o)
	case o.Kind == Read && o.Result != Refused:
		s.reads = append(s.reads, o)
	case o.Kind == Marks && o.Result != Refused:
		s.results = append(s.results, o)
	case o.looks():
	case o.Result == Refused:
		s.refused[o.Command] = true
	default:
		s.commandOf(o.Command, contentOf(o)).add(o)
	}
}

func (s *sitting) order(o *Op) {
	w, known := s.orders[o.Command]
	if !known {
		w = window{o.Sent, never}
	}
	w.from = min(w.from, o.Sent)
	if o.Ok() {
		w.to = min(w.to, o.Done)
	}
	if o.Action != "" && o.Result != Unknown {
		s.told = append(s.told, o)
	}
	s.orders[o.Command] = w
}

// commandOf finds the command of an id and content, or makes it.
func (s *sitting) commandOf(id string, content content) *command {
	for _, c := range s.commands[id] {
		if c.content == content {
			return c
		}
	}
	c := &command{id: id, content: content, sent: never, replied: never}
	s.commands[id] = append(s.commands[id], c)
	s.ordered = append(s.ordered, c)
	return c
}

// arrange finds the entry of each command.
func (s *sitting) arrange() {
	slices.SortStableFunc(s.ordered, func(a, b *command) int { return cmp.Compare(a.sent, b.sent) })
	for _, c := range s.ordered {
		slices.SortStableFunc(c.sendings, func(a, b *Op) int { return cmp.Compare(a.Sent, b.Sent) })
	}
	s.senders = make(map[*exam.Record]*command, len(s.stored.Records))
	for i := range s.stored.Records {
		r := &s.stored.Records[i]
		c := s.find(r)
		if c == nil {
			continue
		}
		s.senders[r] = c
		if c.applied == nil {
			c.applied = r
		}
	}
	s.nameDevices()
}

// sender is the command that an entry of the attempt applied, nil when nobody sent it.
func (s *sitting) sender(r *exam.Record) *command { return s.senders[r] }

// find looks for the command that an entry applied: its id was sent with its content, or with any when the
// content was erased.
func (s *sitting) find(r *exam.Record) *command {
	for _, c := range s.commands[r.Entry.Command] {
		if r.Payload == nil || contentOfPayload(r.Payload) == c.content {
			return c
		}
	}
	return nil
}
