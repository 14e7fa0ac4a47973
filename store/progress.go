package store

import "context"

// progressKey is where a context keeps what is told how far a long write is.
type progressKey struct{}

// WithProgress lets a long write tell how many of its steps are done: PutQuestions its questions. fn is called
// now and then, by one goroutine at a time, and may be told fewer than before when a transaction begins again.
func WithProgress(ctx context.Context, fn func(done int)) context.Context {
	return context.WithValue(ctx, progressKey{}, fn)
}

// Progress tells who waits for the write of ctx how many steps are done.
func Progress(ctx context.Context, done int) {
	if fn, ok := ctx.Value(progressKey{}).(func(int)); ok {
		fn(done)
	}
}
