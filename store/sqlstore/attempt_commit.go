package sqlstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// Change is one Commit, as arguments of the statements below. Nil parts are not written.
type Change struct {
	Attempt   []any // of UpdateAttempt
	Response  []any // of ResponseColumns, without the attempt's id; as the others
	Entry     []any // of EntryColumns
	Rejection []any // of RejectionColumns
}

// UpdateAttempt moves an attempt's row, if it still stands where the command found it: both the
// version and the number of rejections are compared, so that a rejected id stays rejected whatever
// runs at the same time (R2). Nothing moves what was erased.
const UpdateAttempt = `UPDATE attempts SET
	version = $4, rejected = $5, head_hash = $6, opening = $7, status = $8, status_before = $9,
	marking = $10, cursor = $11, changes = $12, extended = $13, paused_for = $14, stopped = $15,
	deadline = $16, expires_at = $17, score = $18,
	answered = answered + $19, last_saved = CASE WHEN last_saved < $20 THEN $20 ELSE last_saved END,
	tallied = CASE WHEN tallied = version THEN $4 ELSE tallied END,
	device = $21, device_since = $22
	WHERE id = $1 AND version = $2 AND rejected = $3 AND erased = 0`

// UpdateArgs counts the parameters of UpdateAttempt.
const UpdateArgs = 22

// The columns that a Change inserts, the attempt's id first.
const (
	ResponseColumns  = `attempt_id, position, rev, answer, flagged, checked, points, marked, comment, change, saved_at, pages, kept`
	EntryColumns     = `attempt_id, seq, prev, command, kind, actor, arrived, digest, effect, hash, salt, payload`
	RejectionColumns = `attempt_id, number, command, kind, actor, reason, arrived, opening, page, seq, rev, digest, salt, payload`
)

// ReplaceResponse follows an INSERT of ResponseColumns.
const ReplaceResponse = ` ON CONFLICT (attempt_id, position) DO UPDATE SET
	rev = excluded.rev, answer = excluded.answer, flagged = excluded.flagged, checked = excluded.checked,
	points = excluded.points, marked = excluded.marked, comment = excluded.comment, change = excluded.change, saved_at = excluded.saved_at,
	pages = excluded.pages, kept = excluded.kept`

// Placeholders returns "$from, …", n of them.
func Placeholders(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(list, ", ")
}

// CountColumns counts the columns of a list.
func CountColumns(list string) int { return strings.Count(list, ",") + 1 }

// Values is an INSERT of one row.
func Values(table, columns string) string {
	return `INSERT INTO ` + table + ` (` + columns + `) VALUES (` + Placeholders(1, CountColumns(columns)) + `)`
}

// The statements of Make.
var (
	putResponse     = Values("responses", ResponseColumns) + ReplaceResponse
	insertRejection = Values("rejections", RejectionColumns)
)

// Make makes the change by statements of a transaction.
func (c *Change) Make(ctx context.Context, on Conn) error {
	moved, err := on.Exec(ctx, UpdateAttempt, c.Attempt...)
	if err != nil {
		return err
	}
	if moved == 0 {
		return store.ErrMoved
	}
	attempt := c.Attempt[0]
	for _, part := range []struct {
		text string
		args []any
	}{{putResponse, c.Response}, {insertEntry, c.Entry}, {insertRejection, c.Rejection}} {
		if part.args == nil {
			continue
		}
		if _, err := on.Exec(ctx, part.text, append([]any{attempt}, part.args...)...); err != nil {
			return err
		}
	}
	return nil
}

// Commit implements store.Attempts. An outcome that writes nothing acknowledges what was read (R1).
func (s *Store) Commit(ctx context.Context, was *store.Snapshot, next exam.Attempt, o exam.Outcome) error {
	if o.Entry == nil && o.Rejection == nil {
		return s.db.Settled(ctx)
	}
	c := Change{}
	var err error
	if c.Attempt, err = updateArgs(was, &next, &o); err != nil {
		return err
	}
	if o.Entry != nil {
		if c.Entry, err = entryArgs(&o); err != nil {
			return err
		}
		if f := o.Entry.Effect.Response; f != nil {
			if c.Response, err = responseArgs(f.Position, next.Responses[f.Position]); err != nil {
				return err
			}
		}
	}
	if o.Rejection != nil {
		if c.Rejection, err = rejectionArgs(o.Rejection); err != nil {
			return err
		}
	}
	return s.db.Change(ctx, c)
}

// updateArgs are the arguments of UpdateAttempt. The entry must follow the head that was compared.
func updateArgs(was *store.Snapshot, next *exam.Attempt, o *exam.Outcome) ([]any, error) {
	rejections := was.Attempt.Rejections
	if o.Rejection != nil {
		rejections = o.Rejection.Number
	}
	if o.Entry != nil && o.Entry.Seq != was.Attempt.Head.Seq+1 {
		return nil, fmt.Errorf("store: entry %d cannot follow version %d", o.Entry.Seq, was.Attempt.Head.Seq)
	}
	if rejections > was.Attempt.Rejections+1 {
		return nil, fmt.Errorf("store: rejection %d cannot follow %d", rejections, was.Attempt.Rejections)
	}
	score, err := scoreArg(next)
	if err != nil {
		return nil, err
	}
	deadline, expires := timeArgs(next, was.Paper)
	answered, saved := tallyArgs(&was.Attempt, next, o)
	return []any{
		was.Attempt.ID, was.Attempt.Head.Seq, was.Attempt.Rejections,
		next.Head.Seq, rejections, next.Head.Hash.String(), next.Opening, next.Status, next.Before,
		next.Marking, next.Cursor, next.Changes, next.Extended, next.PausedFor, next.Stopped,
		deadline, expires, score, answered, saved, idOrNull(next.Device), next.DeviceSince,
	}, nil
}

// tallyArgs are what a command adds to the attempt's tally: to the count of answered positions, and
// the time of a save. The tally is for lists, which would have to read every response without it.
func tallyArgs(was, next *exam.Attempt, o *exam.Outcome) (answered int, saved exam.Instant) {
	if o.Entry == nil || o.Entry.Effect.Response == nil {
		return 0, 0
	}
	before, after := was.Response(o.Entry.Effect.Response.Position), next.Response(o.Entry.Effect.Response.Position)
	switch {
	case before.Answer.IsZero() && !after.Answer.IsZero():
		answered = 1
	case !before.Answer.IsZero() && after.Answer.IsZero():
		answered = -1
	}
	return answered, after.SavedAt
}

func scoreArg(a *exam.Attempt) (any, error) {
	if a.Score == nil {
		return nil, nil
	}
	return document(a.Score)
}

// timeArgs are the stored caches of the deadline and of the time of expiry, nil where there is none.
func timeArgs(a *exam.Attempt, p *exam.Paper) (deadline, expires any) {
	if d, ok := a.Deadline(p); ok {
		deadline = d
	}
	if e, ok := a.ExpiresAt(p); ok {
		expires = e
	}
	return deadline, expires
}

func responseArgs(position int, r exam.Response) ([]any, error) {
	answer, err := document(r.Answer)
	if err != nil {
		return nil, err
	}
	pages := r.Pages
	if pages == nil {
		pages = map[string]exam.PageMark{}
	}
	marks, err := document(pages)
	if err != nil {
		return nil, err
	}
	comment, err := document(r.Comment)
	if err != nil {
		return nil, err
	}
	return []any{position, r.Rev, answer, r.Flagged, r.Checked, r.Points, r.Marked, comment, r.Change, r.SavedAt, marks, r.Kept}, nil
}

func entryArgs(o *exam.Outcome) ([]any, error) {
	e := o.Entry
	effect, err := document(e.Effect)
	if err != nil {
		return nil, err
	}
	payload, err := document(o.Payload)
	if err != nil {
		return nil, err
	}
	return []any{
		e.Seq, e.Prev.String(), e.Command, e.Kind, e.Actor, e.Arrived, e.Digest.String(),
		effect, e.Hash.String(), saltText(o.Salt), payload,
	}, nil
}

func rejectionArgs(r *exam.Rejection) ([]any, error) {
	text, err := document(r.Payload)
	if err != nil {
		return nil, err
	}
	var payload any // NULL: not kept
	if store.KeepsPayload(r.Number, len(text)) {
		payload = text
	}
	return []any{
		r.Number, r.Command, r.Kind, r.Actor, r.Reason, r.Arrived, r.Opening, r.Page, r.Seq, r.Rev,
		r.Digest.String(), saltText(r.Salt), payload,
	}, nil
}
