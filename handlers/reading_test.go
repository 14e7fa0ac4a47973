package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"shiken/handlers"
	"shiken/questionset"
)

// Each upload is read once, and a bounded part of them is kept.
func TestReadings(t *testing.T) {
	t.Parallel()
	var (
		kept  handlers.Readings
		reads int
	)
	big := bytes.Repeat([]byte{1}, questionset.MaxMediaTotal/2)
	read := func(func(int)) (*questionset.File, error) {
		reads++
		return &questionset.File{Media: map[string]questionset.Media{"h": {Hash: "h", Data: big}}}, nil
	}
	for _, step := range []struct {
		key   string
		reads int
	}{{"a", 1}, {"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"a", 4}, {"e", 5}, {"a", 5}, {"b", 6}} {
		f, err := kept.Read(t.Context(), step.key, 0, read)
		if err != nil || len(f.Media["h"].Data) != len(big) || reads != step.reads {
			t.Errorf("%s: %d reads, want %d: %v", step.key, reads, step.reads, err)
		}
		until(t, "room is made", func() bool {
			size, files := kept.Kept()
			return size <= 2*questionset.MaxMediaTotal && files <= 4
		})
	}
}

// One owner holds up no others, in however many ways a file is asked for.
func TestReadingsOfOneOwner(t *testing.T) {
	t.Parallel()
	var kept handlers.Readings
	goOn := make(chan struct{})
	defer close(goOn)
	slow := func(func(int)) (*questionset.File, error) { <-goOn; return &questionset.File{}, nil }
	begun := 0
	for i := range 20 {
		if kept.Begin(fmt.Sprint(i), "one", slow) == nil {
			begun++
		}
	}
	if err := kept.Begin("other", "another", slow); err != nil || begun != 4 {
		t.Errorf("%d of one owner are under way, and another's: %v", begun, err)
	}
}

// What fails is tried again; who leaves leaves the reading to others; and not without end are begun.
func TestReadingsFailAndWait(t *testing.T) {
	t.Parallel()
	var kept handlers.Readings
	broken := errors.New("broken")
	for range 2 {
		if _, err := kept.Read(t.Context(), "f", 0, func(func(int)) (*questionset.File, error) { return nil, broken }); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		until(t, "it is forgotten", func() bool { _, files := kept.Kept(); return files == 0 })
	}
	if _, err := kept.Read(t.Context(), "f", 0, func(func(int)) (*questionset.File, error) { panic("of a parser") }); err == nil {
		t.Error("a panic was taken for a file")
	}
	goOn := make(chan struct{})
	ctx, gone := context.WithCancelCause(t.Context())
	gone(broken)
	slow := func(func(int)) (*questionset.File, error) { <-goOn; return &questionset.File{Name: "x"}, nil }
	if _, err := kept.Read(ctx, "slow", 0, slow); !errors.Is(err, context.Canceled) {
		t.Errorf("who has left got %v", err)
	}
	for i := range 15 {
		if err := kept.Begin(fmt.Sprint(i), fmt.Sprint("owner ", i/4), slow); err != nil {
			t.Fatal(err)
		}
	}
	for _, owner := range []string{"owner 0", "owner 9"} {
		if err := kept.Begin("one more", owner, slow); err == nil {
			t.Error("more are under way than may be")
		}
	}
	close(goOn)
	if f, err := kept.Read(t.Context(), "slow", 0, nil); err != nil || f.Name != "x" {
		t.Errorf("the others get %v, %v", f, err)
	}
}
