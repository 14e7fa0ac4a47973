package store_test

import (
	"fmt"
	"testing"
	"time"

	"shiken/store"
)

func TestChosen(t *testing.T) {
	for name, tt := range map[string]struct {
		choice            store.LoadChoice
		replaces, retires string // of a, b and c, whose edition is 2
	}{
		"nothing":     {store.LoadChoice{}, "", ""},
		"some":        {store.LoadChoice{Replace: map[string]int{"a": 2, "b": 1}, Retire: []string{"c"}}, "a", "c"},
		"all":         {store.LoadChoice{ReplaceAll: true, RetireAll: true}, "abc", "abc"},
		"all but":     {store.LoadChoice{ReplaceAll: true, Keep: []string{"b"}, RetireAll: true, Leave: []string{"a", "c"}}, "ac", "b"},
		"other lists": {store.LoadChoice{Keep: []string{"b"}, Leave: []string{"a"}}, "", ""},
	} {
		chosen, replaces, retires := tt.choice.Chosen(), "", ""
		for _, id := range []string{"a", "b", "c"} {
			if chosen.Replaces(id, 2) {
				replaces += id
			}
			if chosen.Retires(id) {
				retires += id
			}
		}
		if replaces != tt.replaces || retires != tt.retires {
			t.Errorf("%s: replaces %q, retires %q", name, replaces, retires)
		}
	}
}

// TestChosenOfMany: the longest lists beside the largest set hold up no writer.
func TestChosenOfMany(t *testing.T) {
	ids := make([]string, 100_000)
	for i := range ids {
		ids[i] = fmt.Sprintf("018f0000-0000-7000-8000-%012d", i)
	}
	listed := ids[len(ids)-10_000:]
	choice := store.LoadChoice{ReplaceAll: true, Keep: listed, RetireAll: true, Leave: listed}
	began, kept := time.Now(), 0
	chosen := choice.Chosen()
	for _, id := range ids {
		if !chosen.Replaces(id, 1) && !chosen.Retires(id) {
			kept++
		}
	}
	if took := time.Since(began); kept != len(listed) || took > time.Second {
		t.Errorf("%d kept, in %s", kept, took)
	}
}
