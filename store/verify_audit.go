package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"shiken/exam"
)

// audit checks the audit log: that its entries are numbered from 1 without gaps, that each is what its
// hash covers and follows the one before, and that the head is the last.
func (v *verifier) audit(ctx context.Context, s Verifiable) error {
	l := auditLog{verifier: v, linked: true}
	head, err := s.EachAudit(ctx, func(e AuditEntry, damage error) error {
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
	switch {
	case e.ComputeHash() != e.Hash:
		l.found(e.Seq, "was altered")
	case !bytes.Equal(exam.Canonical(e.Details), e.Details):
		l.found(e.Seq, "the details are not as they were written")
	}
}

func (l *auditLog) end(head exam.Receipt) {
	switch {
	case head.Seq > l.last.Seq:
		l.found(l.last.Seq+1, "missing, the head counts %d", head.Seq)
	case head.Seq < l.last.Seq:
		l.found(head.Seq+1, "not counted by the head")
	case l.linked && head.Hash != l.last.Hash:
		l.found(head.Seq, "is not the entry of the head")
	}
}
