package board

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"shiken/exam"
	"shiken/store"
)

// Bounds of messages.
const (
	// maxKept bounds the messages that are kept of an exam.
	maxKept = 500
	// MaxShown bounds the messages that a page is told, the newest.
	MaxShown = 30
)

// Messages lists what was said to an attempt of an exam since it was begun, the newest first, at most
// MaxShown, of the last day.
func (b *Board) Messages(slug, attempt string, since exam.Instant) []store.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.messagesOf(slug, attempt, since)
}

func (b *Board) messagesOf(slug, attempt string, since exam.Instant) []store.Message {
	var out []store.Message
	for _, m := range slices.Backward(b.messages[slug]) {
		if m.Created < since || len(out) == MaxShown {
			break
		}
		if m.Attempt == "" || m.Attempt == attempt {
			out = append(out, m)
		}
	}
	return out
}

// readMessages learns new messages and tells those whom they are for.
func (b *Board) readMessages(ctx context.Context) error {
	list, now, err := b.store.MessagesSince(ctx, b.since)
	if err == nil && b.since == exam.Forever { // the first look: only the database knows what day it is
		b.since = now.Add(-memory)
		list, now, err = b.store.MessagesSince(ctx, b.since)
	}
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(now)
	b.since = max(b.since, now.Add(-overlap))
	maps.DeleteFunc(b.heard, func(_ string, at exam.Instant) bool { return at < b.since })
	for _, m := range list {
		if _, known := b.heard[m.ID]; known {
			continue
		}
		b.heard[m.ID] = m.Created
		b.keep(m)
	}
	return nil
}

// keep stores a message in the order of creation, forgets the oldest, and tells the pages.
func (b *Board) keep(m store.Message) {
	list := append(b.messages[m.Exam], m)
	slices.SortStableFunc(list, func(a, b store.Message) int { return cmp.Compare(a.Created, b.Created) })
	forget := max(len(list)-maxKept, 0)
	for forget < len(list) && list[forget].Created < b.clock.Add(-memory) {
		forget++
	}
	b.messages[m.Exam] = slices.Clone(list[forget:])
	if m.Attempt != "" {
		b.tellAll(b.watched[m.Attempt])
		return
	}
	for _, subscriptions := range b.watched {
		if subscriptions[0].watch.Exam == m.Exam {
			b.tellAll(subscriptions)
		}
	}
}
