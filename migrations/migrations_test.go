package migrations_test

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shiken/migrations"
)

func texts(t *testing.T, d migrations.Dialect) map[string]string {
	t.Helper()
	steps, err := migrations.Steps(d)
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(steps, "*")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range files {
		text, err := fs.ReadFile(steps, f)
		if err != nil {
			t.Fatal(err)
		}
		found[f] = string(text)
	}
	return found
}

func TestStepsAreTheSameInBothDialects(t *testing.T) {
	sqlite, postgres := texts(t, migrations.SQLite), texts(t, migrations.Postgres)
	names := slices.Sorted(maps.Keys(sqlite))
	if other := slices.Sorted(maps.Keys(postgres)); !slices.Equal(names, other) {
		t.Fatalf("steps of SQLite %v, of Postgres %v", names, other)
	}
	for i, name := range names {
		if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(name, want) {
			t.Errorf("step %s, want one that begins with %s", name, want)
		}
		for dialect, text := range map[string]string{"sqlite": sqlite[name], "postgres": postgres[name]} {
			if !strings.HasPrefix(text, "-- +goose Up\n") || strings.Contains(text, "+goose Down") ||
				strings.Contains(text, "NO TRANSACTION") {
				t.Errorf("%s/%s is not one transaction upwards", dialect, name)
			}
		}
		a, b := tables(sqlite[name]), slices.DeleteFunc(tables(postgres[name]), func(s string) bool { return postgresAlone[s] })
		if !slices.Equal(a, b) {
			t.Errorf("%s makes other things in SQLite than in Postgres:\n%v\n%v", name, a, b)
		}
	}
}

// postgresAlone is what SQLite has a virtual table for.
var postgresAlone = map[string]bool{"question_words.grams": true, "question_words_grams ON question_words USING GIN (grams);": true}

var (
	begins = regexp.MustCompile(`^CREATE (?:TABLE|INDEX|UNIQUE INDEX) (\w+)(.*)`)
	column = regexp.MustCompile(`^    (\w+) +[A-Z]`)
)

// tables lists tables with their columns, and indexes with what they are on.
func tables(step string) []string {
	var list []string
	table := ""
	for line := range strings.Lines(step) {
		line = strings.TrimRight(line, "\n")
		if m := begins.FindStringSubmatch(line); m != nil {
			table = m[1]
			list = append(list, table+m[2])
		} else if m := column.FindStringSubmatch(line); m != nil {
			list = append(list, table+"."+m[1])
		}
	}
	return list
}
