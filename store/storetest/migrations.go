package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"shiken/exam"
	"shiken/store"
)

// Migrator is a backend whose schema can be brought up to date.
type Migrator interface {
	store.Store
	Migrate(ctx context.Context) (int, error)
	MigrateWith(ctx context.Context, steps fs.FS) (int, error)
}

// Schema is a fresh, empty database and the steps that are written for it.
type Schema struct {
	// Open opens another instance on the database.
	Open func(t *testing.T) Migrator
	// Existing opens it to read only.
	Existing func(ctx context.Context) (store.Store, error)
	Exec     func(ctx context.Context, sql string, args ...any) error
	// Shipped holds the steps of the program, Next those that a test has follow them, in the order of
	// their names: one that expands the schema and one that contracts it.
	Shipped, Next fs.FS
	// TooNew and Gap are the errors of a contracted schema and of a missing step.
	TooNew, Gap error
}

// RunMigrations proves how a backend migrates. fresh is called once for each test.
func RunMigrations(t *testing.T, fresh func(t *testing.T) Schema) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Schema){
		"instances that start at once migrate once":            migrateOnce,
		"an older instance survives the step that expands":     survivesExpand,
		"an older program is refused by a contracted schema":   refusedByContract,
		"a step that fails leaves nothing behind":              failedStep,
		"a gap is an error":                                    gapIsError,
		"who only reads migrates nothing and writes nothing":   existingOnlyRead,
		"what is marked by hand is known of papers of before":  markingBackfilled,
		"a question without search keeps nobody from starting": unsearchableStarts,
		"an index that is made anew finds questions of before": foundAfterwards,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}

// steps are the first of the shipped ones and those of Next after them, up to a number, with others in
// their place.
func (s Schema) steps(t *testing.T, last int, others fstest.MapFS) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	for _, from := range []fs.FS{s.Shipped, s.Next} {
		files, err := fs.Glob(from, "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := fs.ReadFile(from, f)
			if err != nil {
				t.Fatal(err)
			}
			_, name, _ := strings.Cut(f, "_")
			if number := len(all) + 1; number <= last {
				all[fmt.Sprintf("%04d_%s", number, name)] = &fstest.MapFile{Data: text}
			}
		}
	}
	maps.Copy(all, others)
	return all
}

// known is the number of the last shipped step.
func (s Schema) known(t *testing.T) int {
	t.Helper()
	files, err := fs.Glob(s.Shipped, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func migrateOnce(t *testing.T, s Schema) {
	const instances = 6
	stores := make([]Migrator, instances)
	for i := range stores {
		stores[i] = s.Open(t)
	}
	w := newWorld(t, Backend{Store: stores[0]})
	already := 0
	for _, last := range []int{s.known(t), s.known(t) + 1} { // a fresh database, and one that is a step behind
		applied := together(w, instances, func(i int) (int, error) {
			return stores[i].MigrateWith(w.ctx, s.steps(t, last, nil))
		})
		total := 0
		for _, n := range applied {
			total += n
		}
		if total != last-already {
			t.Errorf("%v steps applied from %d to %d", applied, already, last)
		}
		already = last
	}
	again, err := stores[0].MigrateWith(w.ctx, s.steps(t, already, nil))
	if err != nil || again != 0 {
		t.Errorf("%d steps applied to a schema up to date: %v", again, err)
	}
}

// survivesExpand lets an instance work before, while and after another one expands the schema.
func survivesExpand(t *testing.T, s Schema) {
	older := s.Open(t)
	if _, err := older.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, Backend{Store: older, Exec: s.Exec})
	sitting := w.sit(w.newExam(3))
	newer := s.Open(t)
	const answers = 30
	together(w, 2, func(i int) (int, error) {
		if i == 0 {
			return newer.MigrateWith(w.ctx, s.steps(t, s.known(t)+1, nil))
		}
		for rev := range int64(answers) {
			_, o, err := sitting.do(sitting.command(exam.Save, 1, rev, fmt.Sprint(rev)))
			if err != nil || o.Result != exam.Applied {
				return 0, fmt.Errorf("answer %d: %s %s: %w", rev, o.Result, o.Reason, err)
			}
		}
		return 0, nil
	})
	w.must(w.Exec(w.ctx, `UPDATE responses SET confidence = 5`)) // what a newer instance does
	whole := w.whole()
	whole.sound()
	sitting.sound()
	restarted := s.Open(t)
	if n, err := restarted.Migrate(w.ctx); err != nil || n != 0 {
		t.Errorf("the older program on the newer schema: %d steps, %v", n, err)
	}
	sitting.on(restarted).wants(sitting.command(exam.Save, 1, answers, "after the restart"), exam.Applied)
	again, _, err := start(w.ctx, restarted, whole.d.Slug, whole.user.ID, uuid.NewString(), 1)
	w.must(err)
	if again == whole.id {
		t.Error("the restarted older program began no attempt")
	}
}

func refusedByContract(t *testing.T, s Schema) {
	older, known := s.Open(t), s.known(t)
	n, err := older.MigrateWith(t.Context(), s.steps(t, known+2, nil))
	if err != nil || n != known+2 {
		t.Fatalf("%d steps: %v", n, err)
	}
	if _, err := older.Migrate(t.Context()); !errors.Is(err, s.TooNew) {
		t.Errorf("the program of before on a contracted schema: %v, want %v", err, s.TooNew)
	}
	if n, err := older.MigrateWith(t.Context(), s.steps(t, known+1, nil)); err != nil || n != 0 {
		t.Errorf("the program of the expanded schema on the contracted one: %d steps, %v", n, err)
	}
}

func failedStep(t *testing.T, s Schema) {
	older, known := s.Open(t), s.known(t)
	name := fmt.Sprintf("%04d_broken.sql", known+1)
	broken := fstest.MapFS{name: {Data: []byte(
		"-- +goose Up\nALTER TABLE users ADD COLUMN half TEXT;\nINSERT INTO no_such_table (id) VALUES (1);\n")}}
	if _, err := older.MigrateWith(t.Context(), s.steps(t, known, broken)); err == nil ||
		!strings.Contains(err.Error(), name) {
		t.Errorf("a broken step: %v, want its name", err)
	}
	if err := s.Exec(t.Context(), `UPDATE users SET half = 'x'`); err == nil {
		t.Error("half of the broken step was applied")
	}
	if n, err := older.MigrateWith(t.Context(), s.steps(t, known+1, nil)); err != nil || n != 1 {
		t.Errorf("the mended step: %d applied, %v", n, err)
	}
}

func gapIsError(t *testing.T, s Schema) {
	known := s.known(t)
	steps := s.steps(t, known+2, nil)
	delete(steps, fmt.Sprintf("%04d_expand.sql", known+1))
	m := s.Open(t)
	if _, err := m.MigrateWith(t.Context(), steps); !errors.Is(err, s.Gap) {
		t.Errorf("a step missing among those shipped: %v, want %v", err, s.Gap)
	}
	if _, err := m.MigrateWith(t.Context(), s.steps(t, known+1, nil)); err != nil {
		t.Fatal(err)
	}
	if err := s.Exec(t.Context(), `DELETE FROM goose_db_version WHERE version_id = 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := m.MigrateWith(t.Context(), s.steps(t, known+1, nil)); err == nil {
		t.Error("a step missing among those applied was not noticed")
	}
}

func existingOnlyRead(t *testing.T, s Schema) {
	m := s.Open(t)
	opens := func(step string, want error) store.Store {
		t.Helper()
		existing, err := s.Existing(t.Context())
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Fatalf("%s: %v, want %v", step, err, want)
		}
		if err != nil {
			return nil
		}
		t.Cleanup(func() {
			if err := existing.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		return existing
	}
	opens("an empty database", store.ErrNotMigrated)
	if n, err := m.Migrate(t.Context()); err != nil || n == 0 {
		t.Fatalf("the look at it migrated: %d steps left, %v", n, err)
	}
	existing := opens("a database up to date", nil)
	w := newWorld(t, Backend{Store: m})
	w.whole()
	found, err := store.Verify(t.Context(), existing, nil, io.Discard)
	if err != nil || found.Attempts != 1 || found.Entries != 0 || found.Faults != 0 {
		t.Errorf("verified %+v, %v", found, err)
	}
	if err := existing.RevokeAll(t.Context(), uuid.NewString()); err == nil {
		t.Error("a store opened to read took a statement that writes")
	}
	if err := existing.CreateUser(t.Context(), store.User{ID: uuid.NewString(), Username: "u"}); err == nil {
		t.Error("a store opened to read made a user")
	}
	if _, err := m.MigrateWith(t.Context(), s.steps(t, s.known(t)+1, nil)); err != nil {
		t.Fatal(err)
	}
	opens("a newer schema", nil)
	if _, err := m.MigrateWith(t.Context(), s.steps(t, s.known(t)+2, nil)); err != nil {
		t.Fatal(err)
	}
	opens("a contracted schema", s.TooNew)
}

// foundAfterwards has questions that were indexed by a program of before.
func foundAfterwards(t *testing.T, s Schema) {
	const before = 19 // the step before the one that makes it anew
	m := s.Open(t)
	if _, err := m.MigrateWith(t.Context(), s.steps(t, before, nil)); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, Backend{Store: m, Exec: s.Exec})
	set := name("set")
	w.load(set, shortText(5), store.LoadResult{New: 5})
	restarted := s.Open(t)
	if _, err := restarted.Migrate(w.ctx); err != nil {
		t.Fatal(err)
	}
	for search, want := range map[string]int{"題": 5, "問": 5, "問題 3": 1, "案": 0} {
		if _, total, err := restarted.SetQuestions(w.ctx, store.SetQuery{Set: set, Search: search, Limit: 5}); err != nil || total != want {
			t.Errorf("%q: %d found, not %d: %v", search, total, want, err)
		}
	}
}

// unsearchableStarts has questions of a program without search, of which one has no word and another
// cannot be read.
func unsearchableStarts(t *testing.T, s Schema) {
	m := s.Open(t)
	if _, err := m.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, Backend{Store: m, Exec: s.Exec})
	set, questions := name("set"), shortText(5)
	questions[1].Number, questions[1].Category, questions[1].Tags, questions[1].Question.Stem.Source = "*", "", nil, "∠ = ?"
	w.load(set, questions, store.LoadResult{New: len(questions)})
	for _, sql := range []string{
		`DELETE FROM question_words`,
		`UPDATE question_versions SET content = '{"type": 1}' WHERE question_id IN (SELECT q.id FROM questions q WHERE q.number = 'No. 4')`,
	} {
		w.must(w.Exec(w.ctx, sql))
	}
	restarted := s.Open(t)
	for range 2 {
		if _, err := restarted.Migrate(w.ctx); err != nil {
			t.Fatalf("a start on questions that cannot be searched: %v", err)
		}
	}
	for search, want := range map[string]string{"∠": "*", "問題 1": "No. 1", "問題 3": "No. 3", "問題 5": "No. 5"} {
		list, total, err := restarted.SetQuestions(w.ctx, store.SetQuery{Set: set, Search: search, Limit: 5})
		if err != nil || total != 1 || list[0].Number != want {
			t.Errorf("%q: %d found, %v", search, total, err)
		}
	}
}

// markingBackfilled takes away what a program without marking never wrote, of one paper of two, and takes the
// step that fills it in once more.
func markingBackfilled(t *testing.T, s Schema) {
	files, err := fs.Glob(s.Shipped, "*_marking_backfill.sql")
	if err != nil || len(files) != 1 {
		t.Fatalf("steps %v: %v", files, err)
	}
	step, err := fs.ReadFile(s.Shipped, files[0])
	if err != nil {
		t.Fatal(err)
	}
	again := fstest.MapFS{fmt.Sprintf("%04d_again.sql", s.known(t)+1): {Data: step}}
	m := s.Open(t)
	if _, err := m.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, Backend{Store: m, Exec: s.Exec})
	d := w.newEssayExam()
	older, newer := w.composes(d, 2, 3), w.composes(d, 2)
	older.wants(older.marking(2, 5_000, "gut"), exam.Applied)
	marked := older.saved(2).Marked
	w.must(w.Exec(w.ctx, `UPDATE responses SET marked = 0`))
	w.must(w.Exec(w.ctx, `DELETE FROM hand_items WHERE attempt_id = $1`, older.id))
	if _, err := m.MigrateWith(w.ctx, s.steps(t, s.known(t), again)); err != nil {
		t.Fatal(err)
	}
	if got := older.saved(2).Marked; marked == 0 || got != marked {
		t.Errorf("the mark is of entry %d, want %d", got, marked)
	}
	if got, want := older.tasks(), map[int]store.MarkingTask{2: {Given: 1, Waiting: 1}, 3: {Waiting: 1, Blank: 1}}; !equalJSON(got, want) {
		t.Errorf("tasks %+v, want %+v", got, want)
	}
	older.sound()
	newer.sound()
}
