package measure

import (
	"testing"
	"time"
)

func TestCrowdedMachine(t *testing.T) {
	for text, want := range map[string]bool{
		"0.50 3.00 3.00 1/200 4711\n": false,
		"0.99 0.10 0.10 3/200 4711\n": false,
		"1.01 0.10 0.10 1/200 4711\n": true,
		"0.50 0.10 0.10 4/200 4711\n": true,
		"":                            true,
		"load 1":                      true,
	} {
		if got := crowded(text, 2); got != want {
			t.Errorf("%q: crowded %t", text, got)
		}
	}
	if got := Limit(time.Second); got != time.Second && got != beside*time.Second {
		t.Errorf("limit %v", got)
	}
}
