package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"shiken/devtools/migrated"
	"shiken/exam"
	"shiken/store"
	"shiken/store/sqlite"
)

const stagedSet = "staged"

// many makes n questions that say "text 1" and so on.
func many(n int, text string) []store.LoadedQuestion {
	list := make([]store.LoadedQuestion, n)
	for i := range list {
		list[i] = store.LoadedQuestion{
			SourceKey: fmt.Sprint(i + 1), Number: fmt.Sprintf("No. %d", i+1), Category: "c", Year: 2020, Tags: []string{"t"},
			ContentHash: fmt.Sprintf("%s %d", text, i+1),
			Question:    exam.Question{Type: exam.ShortText, Stem: exam.Text{Source: fmt.Sprintf("%s %d", text, i+1)}},
			Key:         exam.Key{Texts: []exam.TextKey{{Pattern: "right", Weight: exam.FullCredit}}},
		}
	}
	return list
}

// bank is a store under test with what it takes to look behind it.
type bank struct {
	*testing.T
	*sqlite.Store
	path string
}

func newBank(t *testing.T) *bank {
	path := filepath.Join(t.TempDir(), "shiken.db")
	s := migrated.SQLite(t, path)
	s.StageFrom(50) // a few show what many do
	return &bank{t, s, path}
}

// loads stores questions; before each of them at is called with its place.
func (b *bank) loads(ctx context.Context, questions []store.LoadedQuestion, at func(n int)) (store.LoadResult, error) {
	load := store.LoadOf(stagedSet, questions)
	if each := load.Each; at != nil {
		load.Each = func(ctx context.Context, fn func(*store.LoadedQuestion) error) error {
			n := 0
			return each(ctx, func(q *store.LoadedQuestion) error {
				n++
				at(n)
				return errors.Join(ctx.Err(), fn(q))
			})
		}
	}
	return b.By(store.Act{ActorName: "cleo", Action: store.ActLoadQuestions, Object: stagedSet}).LoadQuestions(ctx, load)
}

func (b *bank) mustLoad(questions []store.LoadedQuestion, at func(n int), want store.LoadResult) {
	b.Helper()
	got, err := b.loads(b.Context(), questions, at)
	if err != nil || got.New != want.New || got.Changed != want.Changed || got.Unchanged != want.Unchanged || got.Edited != want.Edited {
		b.Fatalf("loaded %+v, %v, want %+v", got, err, want)
	}
}

// seen counts the questions that each way to look at a set shows.
func (b *bank) seen() map[string]int {
	b.Helper()
	seen := map[string]int{}
	must := func(what string, n int, err error) {
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			b.Fatalf("%s: %v", what, err)
		}
		seen[what] = n
	}
	for what, q := range map[string]store.SetQuery{
		"all": {}, "set": {Set: stagedSet}, "search": {Search: "new"}, "tag": {Tag: "t", Set: stagedSet}, "category": {Category: "c"},
	} {
		q.Limit = 5
		_, n, err := b.SetQuestions(b.Context(), q)
		must(what, n, err)
	}
	pools, err := b.LoadPools(b.Context(), &exam.Definition{Sections: []exam.SectionDefinition{{From: exam.Source{Set: stagedSet}}}})
	must("pool", len(pools[0]), err)
	facets, err := b.SetFacets(b.Context(), stagedSet)
	must("facets", facets.InCategory["c"], err)
	offered, err := b.AnyFacets(b.Context(), 100)
	must("offered", len(offered.Categories)+len(offered.Tags)+len(offered.Years), err)
	left, err := b.LeftOut(b.Context(), exam.Source{Set: stagedSet})
	must("left out", left.Unapproved+left.Retired, err)
	exported := 0
	err = b.EachQuestion(b.Context(), stagedSet, func(store.LoadedQuestion) error { exported++; return nil })
	must("export", exported, err)
	sets, err := b.Sets(b.Context())
	must("sets", len(sets), err)
	return seen
}

// rows counts those of a table.
func (b *bank) rows(table string) int {
	b.Helper()
	db, err := sql.Open("sqlite", b.path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	n := 0
	if err := db.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// A set that is loaded in small transactions is seen whole or not at all, and others write meanwhile.
func TestStagedLoadIsSeenWhole(t *testing.T) {
	b := newBank(t)
	looked := 0
	b.mustLoad(many(220, "new"), func(n int) {
		if n != 210 {
			return
		}
		looked++
		for what, n := range b.seen() {
			if n != 0 {
				t.Errorf("%s: %d are seen before all are there", what, n)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := b.Beat(ctx); err != nil { // it would wait for the load, which waits for it
			t.Errorf("nobody else writes: %v", err)
		}
	}, store.LoadResult{New: 220})
	if looked == 0 || b.rows("questions") != 220 || b.rows("set_loads") != 0 {
		t.Errorf("looked %d times, %d questions and %d claims are there", looked, b.rows("questions"), b.rows("set_loads"))
	}
	want := map[string]int{"all": 220, "set": 220, "search": 220, "tag": 220, "category": 220, "pool": 220, "facets": 220,
		"offered": 3, "left out": 0, "export": 220, "sets": 1}
	for what, n := range b.seen() {
		if n != want[what] {
			t.Errorf("%s: %d are seen, want %d", what, n, want[what])
		}
	}
}

// What an interrupted load leaves is never seen, and goes: by the next load of the set, a small one, too, or by cleaning.
func TestStagedLoadInterrupted(t *testing.T) {
	for name, next := range map[string]struct {
		do   func(b *bank)
		left int
	}{
		"cleaned": {func(b *bank) {
			if _, err := b.Clean(b.Context()); err != nil {
				b.Error(err)
			}
		}, 0},
		"loaded anew":       {func(b *bank) { b.mustLoad(many(70, "new"), nil, store.LoadResult{New: 70}) }, 70},
		"loaded by a few":   {func(b *bank) { b.mustLoad(many(2, "new"), nil, store.LoadResult{New: 2}) }, 2},
		"written by author": {writeOne, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBank(t)
			ctx, cancel := context.WithCancel(t.Context())
			_, err := b.loads(ctx, many(220, "new"), func(n int) {
				if n == 210 {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("the load was not interrupted: %v", err)
			}
			for what, n := range b.seen() {
				if n != 0 {
					t.Errorf("%s: %d are seen", what, n)
				}
			}
			if b.rows("questions") == 0 {
				t.Fatal("nothing was staged")
			}
			next.do(b)
			if _, err := b.Clean(t.Context()); err != nil {
				t.Error(err)
			}
			for _, table := range []string{"questions", "question_versions", "question_keys", "question_words", "question_grams"} {
				if n := b.rows(table); n != next.left {
					t.Errorf("%s: %d rows are left, want %d", table, n, next.left)
				}
			}
			if n := b.rows("set_loads"); n != 0 {
				t.Errorf("%d claims are left", n)
			}
			if sets, err := b.Sets(t.Context()); err != nil || len(sets) != min(next.left, 1) {
				t.Errorf("sets %+v, %v", sets, err)
			}
		})
	}
}

// writeOne adds a question to the set as its author does.
func writeOne(b *bank) {
	b.Helper()
	e := store.QuestionEdit{Identity: uuid.NewString(), Event: uuid.NewString(), Set: stagedSet, Question: many(1, "mine")[0],
		State: store.QuestionApproved, Editor: "cleo"}
	act := store.Act{ActorName: "cleo", Action: store.ActEditQuestion, Object: e.Identity}
	if err := b.By(act).ReviseQuestion(b.Context(), e); err != nil {
		b.Fatal(err)
	}
}

// Who edits a question of the set meanwhile finds it as they left it, and the load tells of it.
func TestStagedLoadMeetsEdits(t *testing.T) {
	b := newBank(t)
	b.mustLoad(many(60, "old"), nil, store.LoadResult{New: 60})
	edits := 0
	file := append(many(60, "old"), many(220, "new")[60:]...)
	b.mustLoad(file, func(n int) {
		if n != 210 || edits == 2 {
			return
		}
		list, _, err := b.SetQuestions(t.Context(), store.SetQuery{Set: stagedSet, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		mark := store.QuestionMark{Identity: list[edits].Identity, Base: list[edits].Edition, Event: uuid.NewString(), Kind: store.QuestionRetired, Editor: "cleo"}
		act := store.Act{ActorName: "cleo", Action: store.ActReviewQuestion, Object: mark.Identity}
		if err := b.By(act).MarkQuestion(t.Context(), mark); err != nil {
			t.Error(err)
		}
		edits++
	}, store.LoadResult{New: 160, Unchanged: 58, Edited: 2})
	if n := b.seen()["pool"]; edits != 2 || n != 218 {
		t.Errorf("%d edits, %d may be drawn", edits, n)
	}
	if n := b.rows("questions"); n != 220 {
		t.Errorf("%d questions are stored", n)
	}
}

// Two loads of one set come after each other.
func TestStagedLoadsOfOneSet(t *testing.T) {
	b := newBank(t)
	results := make([]store.LoadResult, 3)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			var err error
			if results[i], err = b.loads(t.Context(), many(150, "new"), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	added, same := 0, 0
	for _, r := range results {
		added, same = added+r.New, same+r.Unchanged
	}
	if added != 150 || same != 300 || b.rows("questions") != 150 {
		t.Errorf("%+v, %d questions", results, b.rows("questions"))
	}
}

// What changes many stored questions is stored at once.
func TestManyChangesAtOnce(t *testing.T) {
	b := newBank(t)
	b.mustLoad(many(101, "old"), nil, store.LoadResult{New: 101})
	b.mustLoad(many(101, "new"), nil, store.LoadResult{Changed: 101})
	if n := b.seen()["search"]; n != 101 {
		t.Errorf("%d are found", n)
	}
}

// A load keeps nobody waiting for long: not for as long as it takes itself.
func TestWritesWhileASetIsLoaded(t *testing.T) {
	b := newBank(t)
	loaded := make(chan error, 1)
	begun := time.Now()
	go func() {
		_, err := b.loads(t.Context(), many(1_000, "new"), nil)
		loaded <- err
	}()
	var longest time.Duration
	for writes := 0; ; writes++ {
		select {
		case err := <-loaded:
			if took := time.Since(begun); err != nil || writes < 10 || longest > took/2 {
				t.Errorf("%d writes, the longest of %v, while a load took %v: %v", writes, longest, took, err)
			}
			return
		default:
		}
		at := time.Now()
		if err := b.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		longest = max(longest, time.Since(at))
	}
}
