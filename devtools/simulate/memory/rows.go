package memory

import (
	"bytes"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// attempt is the row of an attempt with everything that belongs to it. Documents are JSON.
type attempt struct {
	row          exam.Attempt // without Score, Responses and Commands
	score        []byte       // nil: none
	exam         string
	number       int
	startCommand string
	paper        *exam.Paper // of text; shared with readers, never written to
	text         []byte
	deadline     exam.Instant
	expires      exam.Instant
	tally        store.Tally
	responses    map[int][]byte
	journal      []entry
	rejections   []rejection
	verdicts     map[string][]verdict // by command id
}

// entry is a row of the journal: Effect and Payload stand as documents.
type entry struct {
	exam.Entry
	salt            exam.Salt
	effect, payload []byte
}

// rejection is a row of the rejections: its Payload stands as a document, nil when it is not kept.
type rejection struct {
	exam.Rejection
	payload []byte
}

// verdict names an entry of the journal, or else a rejection, by index.
type verdict struct {
	applied bool
	index   int
}

// response is a response as a document: the zero Answer, points and pages included.
type response struct {
	Rev     int64                    `json:"rev"`
	Answer  exam.Answer              `json:"answer"`
	Flagged bool                     `json:"flagged"`
	Checked bool                     `json:"checked"`
	Points  *int                     `json:"points"`
	Change  int64                    `json:"change"`
	SavedAt exam.Instant             `json:"saved_at"`
	Pages   map[string]exam.PageMark `json:"pages"`
}

// loaded is a copy of the row without responses and commands.
func (a *attempt) loaded() (exam.Attempt, error) {
	out := a.row
	if a.score == nil {
		return out, nil
	}
	out.Score = &exam.Score{}
	return out, read(a.score, out.Score)
}

func (a *attempt) response(position int) (exam.Response, error) {
	var r response
	err := read(a.responses[position], &r)
	return exam.Response(r), err
}

// load reads the responses at positions from..to into out.
func (a *attempt) load(out *exam.Attempt, from, to int) error {
	out.Responses = map[int]exam.Response{}
	for position := range a.responses {
		if position < from || position > to {
			continue
		}
		r, err := a.response(position)
		if err != nil {
			return err
		}
		out.Responses[position] = r
	}
	return nil
}

// priors are what is known of a command: the entry that applied it comes before its rejections.
func (a *attempt) priors(command string) ([]exam.Prior, error) {
	var out []exam.Prior
	for _, v := range a.verdicts[command] {
		if !v.applied {
			x := &a.rejections[v.index]
			out = append(out, exam.Prior{Reason: x.Reason, Digest: x.Digest, Salt: slices.Clone(x.Salt)})
			continue
		}
		e := &a.journal[v.index]
		var effect exam.Effect
		if err := read(e.effect, &effect); err != nil {
			return nil, err
		}
		out = slices.Insert(out, 0, exam.Prior{
			Applied: true, Digest: e.Digest, Salt: slices.Clone(e.salt), Rev: effect.Rev, Target: effect.Target,
			Receipt: exam.Receipt{Seq: e.Seq, Hash: e.Hash},
		})
	}
	return out, nil
}

// record is an entry of the journal as verification reads it.
func (e *entry) record() (exam.Record, error) {
	r := exam.Record{Entry: e.Entry, Salt: slices.Clone(e.salt), Payload: &exam.Payload{}}
	if err := read(e.effect, &r.Entry.Effect); err != nil {
		return r, err
	}
	return r, read(e.payload, r.Payload)
}

func (x *rejection) kept() (exam.Rejection, error) {
	out := x.Rejection
	out.Salt = slices.Clone(x.Salt)
	if x.payload == nil {
		return out, nil
	}
	return out, read(x.payload, &out.Payload)
}

// addEntry appends what an outcome brings to the journal.
func (a *attempt) addEntry(o *exam.Outcome) error {
	effect, err := document(o.Entry.Effect)
	if err != nil {
		return err
	}
	payload, err := document(o.Payload)
	if err != nil {
		return err
	}
	e := entry{Entry: *o.Entry, salt: slices.Clone(o.Salt), effect: effect, payload: payload}
	e.Effect = exam.Effect{}
	a.journal = append(a.journal, e)
	a.judged(e.Command, verdict{true, len(a.journal) - 1})
	return nil
}

func (a *attempt) addRejection(r *exam.Rejection) error {
	payload, err := document(r.Payload)
	if err != nil {
		return err
	}
	x := rejection{Rejection: *r, payload: payload}
	x.Salt, x.Payload = slices.Clone(r.Salt), exam.Payload{}
	if !store.KeepsPayload(r.Number, len(payload)) {
		x.payload = nil
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
func (a *attempt) put(next *exam.Attempt) error {
	a.row = *next
	a.row.Score, a.row.Responses, a.row.Commands = nil, nil, nil
	a.score = nil
	if next.Score != nil {
		score, err := document(next.Score)
		if err != nil {
			return err
		}
		a.score = score
	}
	a.deadline, _ = next.Deadline(a.paper)
	a.expires, _ = next.ExpiresAt(a.paper)
	return nil
}

// putResponse writes a response and what it adds to the tally.
func (a *attempt) putResponse(position int, r exam.Response) error {
	before := exam.Response{}
	if _, saved := a.responses[position]; saved {
		var err error
		if before, err = a.response(position); err != nil {
			return err
		}
	}
	text, err := document(response(r))
	if err != nil {
		return err
	}
	switch {
	case before.Answer.IsZero() && !r.Answer.IsZero():
		a.tally.Answered++
	case !before.Answer.IsZero() && r.Answer.IsZero():
		a.tally.Answered--
	}
	a.tally.LastSaved = max(a.tally.LastSaved, r.SavedAt)
	a.responses[position] = bytes.Clone(text)
	return nil
}
