package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"shiken/exam"
	"shiken/store"
)

// auditColumns are those of an entry `a`, in the order of auditRow.dest.
const auditColumns = `a.seq, a.prev, a.at, a.actor, a.actor_name, a.action, a.object, a.details, a.hash,
	coalesce((SELECT max(x.by_seq) FROM audit_erasures x WHERE x.seq = a.seq), 0)`

// auditRow takes the columns of an entry.
type auditRow struct {
	store.AuditEntry
	prev, details, hash string
}

func (r *auditRow) dest() []any {
	return []any{&r.Seq, &r.prev, &r.At, &r.Actor, &r.ActorName, &r.Action, &r.Object, &r.details, &r.hash, &r.Erased}
}

// decode leaves what cannot be read as zero.
func (r *auditRow) decode() error {
	err := errors.Join(readHash(r.prev, &r.Prev), readHash(r.hash, &r.Hash))
	if !json.Valid([]byte(r.details)) {
		return errors.Join(err, fmt.Errorf("%w: details", errUnreadable))
	}
	r.Details = json.RawMessage(r.details)
	return err
}

// AuditLog implements store.Audit. An actor's id, an action and times are looked up in indexes; part
// of a name or of an object is looked for in every entry that the rest selects. What of an entry
// cannot be read is zero: to find that is the task of EachAudit.
func (s *Store) AuditLog(ctx context.Context, q store.AuditQuery) ([]store.AuditEntry, int, error) {
	f := auditFilter(&q)
	total := 0
	err := one(ctx, s.db, `SELECT count(*) FROM audit a`+f.where(), f.args, &total)
	if err != nil || total <= q.Offset {
		return nil, total, err
	}
	page, args := f.page(q.Offset, q.Limit)
	var list []store.AuditEntry
	err = each(ctx, s.db, `SELECT `+auditColumns+` FROM audit a`+f.where()+` ORDER BY a.seq DESC`+page, args,
		func(rows Rows) error {
			var r auditRow
			if err := rows.Scan(r.dest()...); err != nil {
				return err
			}
			_ = r.decode() // see above
			list = append(list, r.AuditEntry)
			return nil
		})
	return list, total, err
}

func auditFilter(q *store.AuditQuery) *filter {
	f := &filter{}
	if user, ok := id(q.Actor); ok {
		f.and(`a.actor = ?`, user)
	} else if q.Actor != "" {
		f.and(contains(`a.actor_name`), pattern(q.Actor))
	}
	if q.Action != "" {
		f.and(`a.action = ?`, q.Action)
	}
	if q.Object != "" {
		f.and(contains(`a.object`), pattern(q.Object))
	}
	if q.From != 0 {
		f.and(`a.at >= ?`, q.From)
	}
	if q.Until != 0 {
		f.and(`a.at < ?`, q.Until)
	}
	return f
}

// auditBatch is how many entries one statement of EachAudit reads, so that none takes long.
const auditBatch = 1_000

const (
	storedHead = `SELECT h.seq, h.hash FROM audit_head h WHERE h.only_row = 1`
	auditAfter = `SELECT ` + auditColumns + ` FROM audit a WHERE a.seq > $1 ORDER BY a.seq LIMIT $2`
)

// EachAudit implements store.Audit. A head that was removed or cannot be read is zero, which is the
// hash of nothing.
func (s *Store) EachAudit(ctx context.Context, left func(int64, store.Rest) error, fn func(store.AuditEntry, error) error) (exam.Receipt, error) {
	var head exam.Receipt
	err := s.db.Snapshot(ctx, func(c Conn) error {
		hash := ""
		err := one(ctx, c, storedHead, nil, &head.Seq, &hash)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if readHeadHash(hash, &head.Hash) != nil {
			head.Hash = exam.Hash{}
		}
		if left != nil {
			if err := eachErasedEntry(ctx, c, left); err != nil {
				return err
			}
		}
		for last := int64(0); ; {
			page, err := auditPage(ctx, c, last)
			if err != nil || len(page) == 0 {
				return err
			}
			for i := range page {
				if err := fn(page[i].AuditEntry, page[i].decode()); err != nil {
					return err
				}
			}
			last = page[len(page)-1].Seq
		}
	})
	return head, err
}

func auditPage(ctx context.Context, c Conn, after int64) ([]auditRow, error) {
	var page []auditRow
	err := each(ctx, c, auditAfter, []any{after, auditBatch}, func(rows Rows) error {
		var r auditRow
		err := rows.Scan(r.dest()...)
		page = append(page, r)
		return err
	})
	return page, err
}
