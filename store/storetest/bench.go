package storetest

import (
	"context"
	"math"
	"testing"
	"time"

	"shiken/exam"
	"shiken/store"
)

// Of the benchmark: its hall, and what a page asks for.
const (
	benchCandidates = 3_000
	benchPage       = 100
	benchHeard      = 60 * exam.Minute
)

// BenchmarkSeats measures what the page of a sitting asks for, with 3,000 attempts of 20 questions.
// Beside the mean it reports the least time, which the machine's other work disturbs less.
func BenchmarkSeats(b *testing.B, open func(testing.TB) Backend) {
	h := FillHall(b, open(b), benchCandidates)
	if err := h.Exec(context.Background(), `ANALYZE`); err != nil {
		b.Fatal(err)
	}
	for _, q := range []struct {
		name string
		store.SeatQuery
	}{
		{"ByName", store.SeatQuery{}},
		{"ByTime", store.SeatQuery{Order: store.SeatsByTime}},
		{"ByAnswered", store.SeatQuery{Order: store.SeatsByAnswered}},
		{"BySaved", store.SeatQuery{Order: store.SeatsBySaved}},
		{"LastPage", store.SeatQuery{Offset: benchCandidates - benchPage}},
		{"OfState", store.SeatQuery{State: store.SeatWriting}},
		{"OfGroup", store.SeatQuery{Group: h.Groups[0]}},
		{"Found", store.SeatQuery{Search: "pERSON13"}},
	} {
		q.Exam, q.Heard, q.Limit = h.Exam, benchHeard, benchPage
		measure(b, "Seats/"+q.name, func(ctx context.Context) (int, error) {
			list, _, _, err := h.Seats(ctx, q.SeatQuery)
			return len(list), err
		})
	}
	for name, read := range h.reads() {
		measure(b, name, read)
	}
}

// reads are what is asked for beside Seats. Each returns how much it found.
func (h *Hall) reads() map[string]func(context.Context) (int, error) {
	return map[string]func(context.Context) (int, error){
		"SeatsOf": func(ctx context.Context) (int, error) {
			list, _, err := h.SeatsOf(ctx, h.Exam, h.Candidates[:benchPage], benchHeard)
			return len(list), err
		},
		"CountSeats": func(ctx context.Context) (int, error) {
			counts, err := h.CountSeats(ctx, h.Exam, benchHeard)
			return len(counts), err
		},
		"Targets": func(ctx context.Context) (int, error) {
			list, _, err := h.Targets(ctx, store.SeatQuery{Exam: h.Exam, Heard: benchHeard}, nil)
			return len(list), err
		},
		"RejectedAnswers": func(ctx context.Context) (int, error) {
			list, _, err := h.RejectedAnswers(ctx, h.Exam, true, 0, benchPage)
			return len(list), err
		},
		"States": func(ctx context.Context) (int, error) {
			list, _, err := h.States(ctx, h.Attempts[:benchPage])
			return len(list), err
		},
		"ResultRows": func(ctx context.Context) (int, error) {
			q := store.ResultQuery{Exam: h.Exam, Order: store.ResultsByScore, Limit: benchPage}
			list, _, _, err := h.ResultRows(ctx, q)
			return len(list), err
		},
		"EachResult": func(ctx context.Context) (int, error) {
			n := 0
			err := h.EachResult(ctx, store.ResultQuery{Exam: h.Exam}, func(store.ResultRow) error { n++; return nil })
			return n, err
		},
	}
}

// measure runs fn, which must find something.
func measure(b *testing.B, name string, fn func(context.Context) (int, error)) {
	b.Run(name, func(b *testing.B) {
		least := time.Duration(math.MaxInt64)
		for b.Loop() {
			began := time.Now()
			if n, err := fn(b.Context()); err != nil || n == 0 {
				b.Fatalf("found %d: %v", n, err)
			}
			least = min(least, time.Since(began))
		}
		b.ReportMetric(float64(least.Microseconds())/1_000, "least-ms")
	})
}
