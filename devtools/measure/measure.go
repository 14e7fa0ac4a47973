// Package measure summarises repeated measurements.
package measure

import (
	"fmt"
	"slices"
	"time"
)

// Spread is the median of some values with the extremes.
type Spread struct{ Median, Low, High float64 }

// Of returns the spread of the values; of none it is zero.
func Of(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return Spread{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1]}
}

// Each is Of a value of every element of the list.
func Each[T any](list []T, value func(int, T) float64) Spread {
	values := make([]float64, len(list))
	for i, v := range list {
		values[i] = value(i, v)
	}
	return Of(values)
}

func (s Spread) String() string {
	return fmt.Sprintf("%8.1f   (%.1f to %.1f)", s.Median, s.Low, s.High)
}

// PerSecond is a rate; of an empty span it is 0.
func PerSecond(n int, span time.Duration) float64 {
	if span <= 0 {
		return 0
	}
	return float64(n) / span.Seconds()
}

// Micros is the time for one of n, in microseconds; of none it is 0.
func Micros(span time.Duration, n int) float64 {
	if n == 0 {
		return 0
	}
	return float64(span.Nanoseconds()) / 1e3 / float64(n)
}
