package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shiken/exam"
)

// audit checks the audit log: that its entries are numbered from 1 without gaps, that each is what its
// hash covers and follows the one before, and that the head is the last.
func (v *verifier) audit(ctx context.Context, s Verifiable) error {
	l := auditLog{verifier: v, linked: true, left: map[int64][]Rest{}, latest: map[int64]Rest{}}
	left := func(by int64, r Rest) error {
		l.left[by], l.latest[r.Seq] = append(l.left[by], r), r
		return nil
	}
	head, err := s.EachAudit(ctx, left, func(e AuditEntry, damage error) error {
		v.Entries++
		l.entry(&e, damage)
		return v.err
	})
	if err == nil {
		l.end(head)
	}
	return err
}

// auditLog is the log as far as it was read.
type auditLog struct {
	*verifier
	last   exam.Receipt
	linked bool // whether last is what the next entry must follow
	// left are the rests of entries by the entry that records their erasure, latest those by their own numbers.
	left   map[int64][]Rest
	latest map[int64]Rest
}

func (l *auditLog) found(seq int64, format string, args ...any) {
	l.fault(fmt.Sprintf("audit %d", seq), format, args...)
}

func (l *auditLog) entry(e *AuditEntry, damage error) {
	if e.Seq != l.last.Seq+1 {
		l.found(l.last.Seq+1, "missing, the next is entry %d", e.Seq)
		l.linked = false
	}
	if damage != nil {
		for _, line := range strings.Split(damage.Error(), "\n") {
			l.found(e.Seq, "cannot be read: %s", line)
		}
	} else {
		l.readable(e)
	}
	l.last, l.linked = exam.Receipt{Seq: e.Seq, Hash: e.Hash}, damage == nil
}

func (l *auditLog) readable(e *AuditEntry) {
	if l.linked && e.Prev != l.last.Hash {
		l.found(e.Seq, "does not follow entry %d", l.last.Seq)
	}
	l.erasure(e)
	switch {
	case e.Erased != 0:
		l.rest(e)
	case e.ComputeHash() != e.Hash:
		l.found(e.Seq, "was altered")
	case !bytes.Equal(exam.Canonical(e.Details), e.Details):
		l.found(e.Seq, "the details are not as they were written")
	}
}

// rest checks an entry of which a part was erased: its hash stays in the chain, and what was left is covered by
// the entry that records that.
func (l *auditLog) rest(e *AuditEntry) {
	if l.latest[e.Seq].Hash != e.ComputeHash() {
		l.found(e.Seq, "what was left of it was altered")
		return
	}
	l.line(fmt.Sprintf("audit %d", e.Seq), "erased: a part, as entry %d records", e.Erased)
}

// erasure checks that an entry covers what it left of others.
func (l *auditLog) erasure(e *AuditEntry) {
	left, ok := l.left[e.Seq]
	if !ok {
		return
	}
	delete(l.left, e.Seq)
	var d ErasureDetails
	if e.Action != ActEraseUser || json.Unmarshal(e.Details, &d) != nil || d.Log.Digest != RestDigest(left) {
		l.found(e.Seq, "does not record what was erased from %d entries", len(left))
	}
}

func (l *auditLog) end(head exam.Receipt) {
	for _, by := range slices.Sorted(maps.Keys(l.left)) {
		l.found(by, "missing, %d entries were erased by it", len(l.left[by]))
	}
	switch {
	case head.Seq > l.last.Seq:
		l.found(l.last.Seq+1, "missing, the head counts %d", head.Seq)
	case head.Seq < l.last.Seq:
		l.found(head.Seq+1, "not counted by the head")
	case l.linked && head.Hash != l.last.Hash:
		l.found(head.Seq, "is not the entry of the head")
	}
}
