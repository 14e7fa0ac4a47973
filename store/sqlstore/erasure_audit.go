package sqlstore

import (
	"context"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// auditFound are the entries of the audit log that name a person, as far as it was searched.
type auditFound struct {
	seqs []int64
	last int64
}

const auditTexts = `SELECT a.seq, a.actor, a.actor_name, a.object, a.details FROM audit a WHERE a.seq > $1 ORDER BY a.seq LIMIT $2`

// searchAudit looks on from where it was found last.
func searchAudit(ctx context.Context, c Conn, n *store.Named, from auditFound) (auditFound, error) {
	found := auditFound{seqs: slices.Clone(from.seqs), last: from.last}
	for {
		read := 0
		err := each(ctx, c, auditTexts, []any{found.last, auditBatch}, func(rows Rows) error {
			var actor, actorName, object, details string
			if err := rows.Scan(&found.last, &actor, &actorName, &object, &details); err != nil {
				return err
			}
			read++
			if actor == n.ID || object == n.ID || n.Mentions(actorName) || n.Mentions(object) || n.Mentions(details) {
				found.seqs = append(found.seqs, found.last)
			}
			return nil
		})
		if err != nil || read < auditBatch {
			return found, err
		}
	}
}

const (
	// lockAuditHead is what appendAudit waits for, taken earlier: nobody else writes an entry until the
	// transaction ends.
	lockAuditHead = `UPDATE audit_head SET seq = seq WHERE only_row = 1`
	auditEntry    = `SELECT ` + auditColumns + ` FROM audit a WHERE a.seq = $1`
	leaveOfEntry  = `UPDATE audit SET actor_name = $2, object = $3, details = $4 WHERE seq = $1`
)

var insertRest = newBulk("audit_erasures", `by_seq, seq, rest`)

// takeEntries takes the person out of the audit log. Each entry keeps its number and hash; what is left of it is
// covered by the entry that records the erasure.
func (w *erasing) takeEntries() error {
	if _, err := w.conn.Exec(w.ctx, lockAuditHead); err != nil {
		return err
	}
	found, err := searchAudit(w.ctx, w.conn, &w.named, w.found)
	if err != nil {
		return err
	}
	var (
		by   int64 // the number that appendAudit gives
		text string
		left = []store.Rest{}
		rows [][]any
	)
	if err := one(w.ctx, w.conn, storedHead, nil, &by, &text); err != nil {
		return err
	}
	by++
	for _, seq := range found.seqs {
		rest, changed, err := w.takeEntry(seq)
		if err != nil {
			return err
		}
		if changed {
			left = append(left, rest)
			rows = append(rows, []any{by, rest.Seq, rest.Hash.String()})
		}
	}
	w.details.Log = store.ErasedEntries{Count: len(left), Digest: store.RestDigest(left)}
	return insertRest.insert(w.ctx, w.conn, rows)
}

// takeEntry reports whether there was anything to take.
func (w *erasing) takeEntry(seq int64) (store.Rest, bool, error) {
	var r auditRow
	if err := one(w.ctx, w.conn, auditEntry, []any{seq}, r.dest()...); err != nil {
		return store.Rest{}, false, err
	}
	if err := r.decode(); err != nil {
		return store.Rest{}, false, err
	}
	e, n := &r.AuditEntry, &w.named
	was, name := e.ComputeHash(), e.ActorName
	if e.Actor == n.ID {
		name = ""
	} else if e.Actor == "" { // somebody at the terminal
		name = w.redacted(name)
	}
	e.ActorName = name
	if e.Action != store.ActEraseUser { // which names nobody else, and holds the digest of an erasure
		e.Details, _ = n.Redact(e.Details, e.Object == n.ID)
		e.Object = w.redactedObject(e.Object)
	}
	if e.ComputeHash() == was {
		return store.Rest{}, false, nil
	}
	_, err := w.conn.Exec(w.ctx, leaveOfEntry, seq, e.ActorName, e.Object, string(e.Details))
	return store.Rest{Seq: seq, Hash: e.ComputeHash()}, true, err
}

// redactedObject keeps ids, which are pseudonyms.
func (w *erasing) redactedObject(object string) string {
	if object == w.named.ID || w.named.Attempts[object] {
		return object
	}
	return w.redacted(object)
}

const erasedEntries = `SELECT x.by_seq, x.seq, x.rest FROM audit_erasures x WHERE x.by_seq > $1 OR x.by_seq = $1 AND x.seq > $2
	ORDER BY x.by_seq, x.seq LIMIT $3`

// eachErasedEntry calls fn for what erasures left of entries. A hash that cannot be read is zero, which is that of
// nothing.
func eachErasedEntry(ctx context.Context, c Conn, fn func(by int64, r store.Rest) error) error {
	var by int64
	var last store.Rest
	for {
		read := 0
		err := each(ctx, c, erasedEntries, []any{by, last.Seq, auditBatch}, func(rows Rows) error {
			text := ""
			if err := rows.Scan(&by, &last.Seq, &text); err != nil {
				return err
			}
			last.Hash = exam.Hash{}
			_ = readHash(text, &last.Hash) // see above
			read++
			return fn(by, last)
		})
		if err != nil || read < auditBatch {
			return err
		}
	}
}
