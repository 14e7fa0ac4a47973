package torture

import (
	"context"
	"time"
)

// Faults of the links. A connection of an instance to Postgres that is cut when the reply comes has had
// its statement committed: the instance cannot know.

func (s *saboteur) replyCut(ctx context.Context, instance string) error {
	return s.along(ctx, s.between(100*time.Millisecond, 400*time.Millisecond), replies, sabotage{Mode: cut}, linkName(instance, "postgres"))
}

// replyTruncated lets the first bytes of a message through (its type and length are five).
func (s *saboteur) replyTruncated(ctx context.Context, instance string) error {
	how := sabotage{Mode: cut, Bytes: 1 + s.rng.IntN(20)}
	return s.along(ctx, s.between(100*time.Millisecond, 400*time.Millisecond), replies, how, linkName(instance, "postgres"))
}

func (s *saboteur) holeToPostgres(ctx context.Context, instance string) error {
	return s.along(ctx, s.between(200*time.Millisecond, 900*time.Millisecond), requests, sabotage{Mode: hole}, linkName(instance, "postgres"))
}

func (s *saboteur) holeFromPostgres(ctx context.Context, instance string) error {
	return s.along(ctx, s.between(200*time.Millisecond, 900*time.Millisecond), replies, sabotage{Mode: hole}, linkName(instance, "postgres"))
}

func (s *saboteur) redisHole(ctx context.Context, instance string) error {
	return s.along(ctx, s.between(200*time.Millisecond, 900*time.Millisecond), s.direction(), sabotage{Mode: hole}, linkName(instance, "redis"))
}

func (s *saboteur) clientCut(ctx context.Context, _ string) error {
	return s.along(ctx, s.between(50*time.Millisecond, 150*time.Millisecond), replies, sabotage{Mode: cut}, frontLink)
}

// clientTruncated cuts within the header or the body.
func (s *saboteur) clientTruncated(ctx context.Context, _ string) error {
	how := sabotage{Mode: cut, Bytes: 10 + s.rng.IntN(1000)}
	return s.along(ctx, s.between(50*time.Millisecond, 150*time.Millisecond), replies, how, frontLink)
}

func (s *saboteur) clientHole(ctx context.Context, _ string) error {
	return s.along(ctx, s.between(200*time.Millisecond, 500*time.Millisecond), s.direction(), sabotage{Mode: hole}, frontLink)
}
