package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"shiken/exam"
	"shiken/store"
)

// By implements store.Recorder. The caches are shared, since what they hold never changes.
func (s *Store) By(act store.Act) store.Actions {
	recorded := *s
	recorded.db = recording{DB: s.db, act: act}
	return &recorded
}

// Record implements store.Actions.
func (s *Store) Record(ctx context.Context) error {
	return s.db.Write(ctx, func(Conn) error { return nil })
}

// errUnchanged ends a transaction that finds its work done before: nothing is written or recorded.
var errUnchanged = errors.New("store: nothing to change")

// orUnchanged takes what was done before for success.
func orUnchanged(err error) error {
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// rolledBackTries is how often a recorded write is begun that deadlocks with others. Imports hold many
// rows, in no order that all others keep.
const rolledBackTries = 4

// recording is a DB whose transactions end with an entry of the audit log.
type recording struct {
	DB
	act store.Act
}

// Exec is a transaction of the statement and the entry.
func (r recording) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	var affected int64
	err := r.Write(ctx, func(c Conn) error {
		var err error
		affected, err = c.Exec(ctx, sql, args...)
		return err
	})
	return affected, err
}

// Write runs fn, again when the database undid it, and then writes the entry.
func (r recording) Write(ctx context.Context, fn func(Conn) error) error {
	if _, err := auditParts(r.act.Details); err != nil {
		return err
	}
	return r.telling(ctx, func(c Conn) (any, error) { return r.act.Details, fn(c) })
}

// telling is Write of a fn that tells the details of the entry, or store.AuditParts.
func (r recording) telling(ctx context.Context, fn func(Conn) (details any, err error)) error {
	var err error
	for range rolledBackTries {
		err = r.DB.Write(ctx, func(c Conn) error {
			said, err := fn(c)
			if err != nil {
				return err
			}
			parts, err := auditParts(said)
			for i := 0; err == nil && i < len(parts); i++ {
				err = appendAudit(ctx, c, &r.act, parts[i])
			}
			return err
		})
		if !errors.Is(err, store.ErrRolledBack) || ctx.Err() != nil {
			break
		}
	}
	return err
}

// Change is a transaction of the change and the entry.
func (r recording) Change(ctx context.Context, c Change) error {
	return r.Write(ctx, func(on Conn) error { return c.Make(ctx, on) })
}

// errDetailsLong is a fault of the caller.
var errDetailsLong = errors.New("store: details of an audit entry are too long")

// auditParts are the details of each entry of an act: of one, unless they are store.AuditParts.
func auditParts(details any) ([]json.RawMessage, error) {
	parts, ok := details.(store.AuditParts)
	if !ok || len(parts) == 0 {
		parts = store.AuditParts{details}
	}
	out := make([]json.RawMessage, len(parts))
	for i := range parts {
		var err error
		if out[i], err = auditDetails(parts[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// auditDetails is what an entry says beside its act, as canonical JSON.
func auditDetails(details any) (json.RawMessage, error) {
	text, err := document(details)
	if err != nil {
		return nil, err
	}
	canonical := exam.Canonical(json.RawMessage(text))
	if len(canonical) > store.MaxAuditDetails {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", errDetailsLong, len(canonical), store.MaxAuditDetails)
	}
	return canonical, nil
}

const (
	// countAudit takes the head's row: until the transaction ends nobody else writes an entry. It comes
	// after everything else, so that whoever holds it waits for nobody.
	countAudit  = `UPDATE audit_head SET seq = seq + 1 WHERE only_row = 1`
	auditHead   = `SELECT h.seq, h.hash, shiken_now() FROM audit_head h WHERE h.only_row = 1`
	insertAudit = `INSERT INTO audit (seq, prev, at, actor, actor_name, action, object, details, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	setAuditHead = `UPDATE audit_head SET hash = $1 WHERE only_row = 1`
)

// errNoAuditHead: somebody removed the row.
var errNoAuditHead = errors.New("store: the audit log has no head")

// appendAudit writes the entry of an act.
func appendAudit(ctx context.Context, c Conn, act *store.Act, details json.RawMessage) error {
	counted, err := c.Exec(ctx, countAudit)
	if err != nil {
		return err
	}
	if counted == 0 {
		return errNoAuditHead
	}
	e := store.AuditEntry{
		Actor: act.Actor, ActorName: act.ActorName, Action: act.Action, Object: act.Object, Details: details,
	}
	prev := ""
	if err := one(ctx, c, auditHead, nil, &e.Seq, &prev, &e.At); err != nil {
		return err
	}
	if err := readHeadHash(prev, &e.Prev); err != nil {
		return err
	}
	e.Hash = e.ComputeHash()
	_, err = c.Exec(ctx, insertAudit, e.Seq, e.Prev.String(), e.At, e.Actor, e.ActorName, e.Action, e.Object,
		string(e.Details), e.Hash.String())
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, setAuditHead, e.Hash.String())
	return err
}

// readHeadHash reads the head's hash, which is empty before the first entry.
func readHeadHash(text string, h *exam.Hash) error {
	if text == "" {
		return nil
	}
	return readHash(text, h)
}
