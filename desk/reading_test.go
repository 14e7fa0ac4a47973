package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"shiken/desk"
	"shiken/questionset"
	"shiken/store"
)

// A file is read once, however often its questions are asked for: what is stored is what was checked, and nothing
// is read while the database waits. Many questions go to a temporary file, and nothing of it stays.
func TestAReadingKeepsItsQuestions(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,category,year,tags,question,option_a,option_b,correct_answer\n")
	for i := range 400 {
		fmt.Fprintf(&text, "%d,c%d,20%02d,t;<u>,What is %d & more?,%d,<b>wall</b>,%c\n", i, i%7, i%50, i*i, i, 'A'+i%2)
	}
	want, err := questionset.Parse(t.Context(), "s.csv", strings.NewReader(text.String()), questionset.Options{})
	if err != nil || len(want.Questions) != 400 {
		t.Fatalf("%d questions, %v", len(want.Questions), err)
	}
	for name, memory := range map[string]int{"in memory": 1 << 20, "in a file": 512, "all in a file": 0} {
		t.Run(name, func(t *testing.T) {
			defer desk.SetSpoolMemory(memory)()
			t.Setenv("TMPDIR", t.TempDir())
			opened := 0
			source := func() (io.ReadCloser, error) {
				opened++
				return io.NopCloser(strings.NewReader(text.String())), nil
			}
			r, err := desk.Read(t.Context(), "s.csv", source, questionset.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				sameQuestions(t, r, want)
			}
			some, err := r.Some(t.Context(), []int{3, 399})
			if err != nil || len(some) != 2 || some[399].Number != "399" {
				t.Errorf("some: %v, %v", some, err)
			}
			if opened != 1 {
				t.Errorf("the file was opened %d times", opened)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func sameQuestions(t *testing.T, r *desk.Reading, want *questionset.File) {
	t.Helper()
	load := r.Load("s", store.LoadChoice{})
	at := 0
	err := load.Each(t.Context(), func(q *store.LoadedQuestion) error {
		if store.NameOf(q) != load.Names[at] || questionset.ContentHash(q.Question, q.Key, q.Feedback) != q.ContentHash {
			t.Errorf("question %d is another one", at)
		}
		at++
		return nil
	})
	all, gathered := r.Gather()
	if err != nil || gathered != nil || at != len(want.Questions) || !reflect.DeepEqual(all, want.Questions) {
		t.Errorf("%d questions, %v, %v", at, err, gathered)
	}
}

// Who does not want the questions any more is obeyed.
func TestAReadingEndsEarly(t *testing.T) {
	r, err := desk.Read(t.Context(), "s.csv", desk.BytesSource([]byte("id,question,option_a,option_b,correct_answer\n1,Which?,a,b,A\n2,Who?,a,b,B\n")), questionset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	load, enough := r.Load("s", store.LoadChoice{}), errors.New("enough")
	if err := load.Each(t.Context(), func(*store.LoadedQuestion) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("ended with %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := load.Each(ctx, func(*store.LoadedQuestion) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
