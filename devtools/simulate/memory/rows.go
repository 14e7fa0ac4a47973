package memory

import (
	"slices"

	"shiken/exam"
	"shiken/store"
)

// attempt is the row of an attempt with everything that belongs to it.
type attempt struct {
	row          exam.Attempt // without Responses and Commands
	exam         string
	number       int
	startCommand string
	paper        *exam.Paper // shared with readers, never written to
	deadline     exam.Instant
	expires      exam.Instant
	tally        store.Tally
	responses    map[int]exam.Response
	journal      []exam.Record
	rejections   []exam.Rejection
	verdicts     map[string][]verdict // by command id
	practised    store.PractisedAttempt
}

// verdict names an entry of the journal, or else a rejection, by index.
type verdict struct {
	applied bool
	index   int
}

// loaded is a copy of the row without responses and commands.
func (a *attempt) loaded() exam.Attempt {
	out := a.row
	out.Score = copyScore(a.row.Score)
	return out
}

// load copies the responses at positions from..to into out.
func (a *attempt) load(out *exam.Attempt, from, to int) {
	out.Responses = map[int]exam.Response{}
	for position := range a.responses {
		if position >= from && position <= to {
			r := a.responses[position]
			out.Responses[position] = copyResponse(&r)
		}
	}
}

// priors are what is known of a command: the entry that applied it comes before its rejections.
func (a *attempt) priors(command string) []exam.Prior {
	var out []exam.Prior
	for _, v := range a.verdicts[command] {
		if !v.applied {
			x := &a.rejections[v.index]
			out = append(out, exam.Prior{Reason: x.Reason, Digest: x.Digest, Salt: slices.Clone(x.Salt)})
			continue
		}
		r := &a.journal[v.index]
		e := &r.Entry
		out = slices.Insert(out, 0, exam.Prior{
			Applied: true, Digest: e.Digest, Salt: slices.Clone(r.Salt), Rev: e.Effect.Rev, Target: e.Effect.Target,
			Receipt: exam.Receipt{Seq: e.Seq, Hash: e.Hash},
		})
	}
	return out
}

// addEntry appends what an outcome brings to the journal.
func (a *attempt) addEntry(o *exam.Outcome) {
	a.journal = append(a.journal, copyRecord(&exam.Record{Entry: *o.Entry, Salt: o.Salt, Payload: o.Payload}))
	a.judged(o.Entry.Command, verdict{true, len(a.journal) - 1})
}

// addRejection keeps a rejection, its payload as far as the contract says.
func (a *attempt) addRejection(r *exam.Rejection) error {
	x := copyRejection(r)
	text, err := document(r.Payload)
	if err != nil {
		return err
	}
	if !store.KeepsPayload(r.Number, len(text)) {
		x.Payload = exam.Payload{}
	}
	a.rejections = append(a.rejections, x)
	a.judged(x.Command, verdict{false, len(a.rejections) - 1})
	return nil
}

func (a *attempt) judged(command string, v verdict) {
	if a.verdicts == nil {
		a.verdicts = map[string][]verdict{}
	}
	a.verdicts[command] = append(a.verdicts[command], v)
}

// put replaces the row by that of an attempt, and what is derived from it.
func (a *attempt) put(next *exam.Attempt) {
	a.row = *next
	a.row.Score, a.row.Responses, a.row.Commands = copyScore(next.Score), nil, nil
	a.deadline, _ = next.Deadline(a.paper)
	a.expires, _ = next.ExpiresAt(a.paper)
}

// putResponse writes a response and what it adds to the tally.
func (a *attempt) putResponse(position int, r exam.Response) {
	before := a.responses[position]
	switch {
	case before.Answer.IsZero() && !r.Answer.IsZero():
		a.tally.Answered++
	case !before.Answer.IsZero() && r.Answer.IsZero():
		a.tally.Answered--
	}
	a.tally.LastSaved = max(a.tally.LastSaved, r.SavedAt)
	a.responses[position] = copyResponse(&r)
}
