package measure_test

import (
	"testing"
	"time"

	"shiken/devtools/measure"
)

func TestOf(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   measure.Spread
	}{
		{"none", nil, measure.Spread{}},
		{"odd", []float64{3, 1, 2}, measure.Spread{Median: 2, Low: 1, High: 3}},
		{"even", []float64{4, 1, 2, 3}, measure.Spread{Median: 2.5, Low: 1, High: 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := measure.Of(tt.values); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestRates(t *testing.T) {
	if got := measure.PerSecond(30, 2*time.Second); got != 15 {
		t.Errorf("30 in 2 s: %v per second", got)
	}
	if got := measure.Micros(3*time.Millisecond, 2); got != 1500 {
		t.Errorf("2 in 3 ms: %v µs each", got)
	}
	if measure.PerSecond(1, 0) != 0 || measure.Micros(time.Second, 0) != 0 {
		t.Error("a rate of nothing is not 0")
	}
}
