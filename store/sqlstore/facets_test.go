package sqlstore_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shiken/devtools/migrated"
	"shiken/store/sqlstore"
)

// TestFacetsAreSoughtByIndex: what questions are found by is read without reading the questions.
func TestFacetsAreSoughtByIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shiken.db")
	if err := migrated.File(path); err != nil {
		t.Fatal(err)
	}
	for statement, index := range map[string]string{
		sqlstore.AnyCategories: "questions_counts", sqlstore.AnyYears: "questions_years", sqlstore.AnyTags: "questions_tags",
	} {
		plan := planOf(t, path, statement, []any{10})
		if strings.Contains(plan, "SCAN q") || strings.Contains(plan, "B-TREE") || strings.Count(plan, "SEARCH q USING") != 3 || strings.Count(plan, index) < 3 {
			t.Errorf("the plan does not seek in %s:\n%s", index, plan)
		}
	}
}
