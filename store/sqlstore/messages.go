package sqlstore

import (
	"context"
	"errors"

	"shiken/exam"
	"shiken/store"
)

// messageColumns are those of a message `m`, absent ones as zero values; in the order of messageDest.
const messageColumns = `coalesce(CAST(m.id AS TEXT), ''), coalesce(m.exam, ''),
	coalesce(CAST(m.attempt_id AS TEXT), ''), coalesce(CAST(m.actor AS TEXT), ''), coalesce(m.text, ''),
	coalesce(m.created, 0)`

func messageDest(m *store.Message) []any {
	return []any{&m.ID, &m.Exam, &m.Attempt, &m.Actor, &m.Text, &m.Created}
}

const (
	insertMessage = `INSERT INTO messages (id, exam, attempt_id, actor, text, created)
		VALUES ($1, $2, $3, $4, $5, shiken_now())`
	messageByID = `SELECT ` + messageColumns + ` FROM messages m WHERE m.id = $1`
)

// PutMessage implements store.Actions. A message that is there already fails the transaction, so that
// the repeated request leaves no trace.
func (s *Store) PutMessage(ctx context.Context, m store.Message) error {
	var attempt any // NULL: to all
	if m.Attempt != "" {
		u, ok := id(m.Attempt)
		if !ok {
			return store.ErrNotFound
		}
		m.Attempt, attempt = u, u
	}
	m.ID, _ = id(m.ID)
	m.Actor, _ = id(m.Actor)
	err := s.db.Write(ctx, func(c Conn) error {
		_, err := c.Exec(ctx, insertMessage, idOrNull(m.ID), m.Exam, attempt, idOrNull(m.Actor), m.Text)
		return err
	})
	if !errors.Is(err, store.ErrExists) {
		return err
	}
	var stored store.Message
	if err := one(ctx, s.db, messageByID, []any{m.ID}, messageDest(&stored)...); err != nil {
		return err
	}
	if m.Created = stored.Created; m != stored {
		return err
	}
	return nil
}

// messagesSince has one row without a message when there is none, for the clock.
const messagesSince = `SELECT t.now, ` + messageColumns + `
	FROM (SELECT shiken_now() AS now) t
	LEFT JOIN messages m ON m.created >= $1
	ORDER BY m.created, m.id`

// MessagesSince implements store.Messages.
func (s *Store) MessagesSince(ctx context.Context, since exam.Instant) ([]store.Message, exam.Instant, error) {
	var (
		now  exam.Instant
		list []store.Message
	)
	err := each(ctx, s.db, messagesSince, []any{since}, func(rows Rows) error {
		var m store.Message
		if err := rows.Scan(append([]any{&now}, messageDest(&m)...)...); err != nil {
			return err
		}
		if m.ID != "" {
			list = append(list, m)
		}
		return nil
	})
	return list, now, err
}

const messagesOf = `SELECT ` + messageColumns + ` FROM messages m
	WHERE m.exam = $1 ORDER BY m.created DESC, m.id DESC LIMIT $2`

// MessagesOf implements store.Messages.
func (s *Store) MessagesOf(ctx context.Context, slug string, limit int) ([]store.Message, error) {
	var list []store.Message
	err := each(ctx, s.db, messagesOf, []any{slug, limit}, func(rows Rows) error {
		var m store.Message
		err := rows.Scan(messageDest(&m)...)
		list = append(list, m)
		return err
	})
	return list, err
}
