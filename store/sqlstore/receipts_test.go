package sqlstore_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"shiken/devtools/migrated"
	"shiken/exam"
	"shiken/store"
	"shiken/store/sqlite"
	"shiken/store/sqlstore"
)

// TestAReceiptIsSearchedByIndex: whoever looks a code up costs the journals that are searched, not those
// of everybody.
func TestAReceiptIsSearchedByIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shiken.db")
	if err := migrated.File(path); err != nil {
		t.Fatal(err)
	}
	code := exam.ReceiptCode(exam.Receipt{Seq: 1, Hash: exam.Hash{1}}.Code())
	for name, q := range map[string]store.ReceiptQuery{
		"candidate": {Code: code, Candidate: uuid.NewString()},
		"exam":      {Code: code, Exam: "x"},
		"both":      {Code: code, Candidate: uuid.NewString(), Exam: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			text, args := sqlstore.ReceiptSearch(q)
			if plan := planOf(t, path, text, args); strings.Contains(plan, "SCAN") || !strings.Contains(plan, "SEARCH j ") {
				t.Errorf("the plan reads all:\n%s", plan)
			}
		})
	}
}

// planOf asks SQLite how it would run a statement.
func planOf(t *testing.T, path, text string, args []any) string {
	t.Helper()
	db, err := sqlite.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only asked
	rows, err := db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // its error is that of Err
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(detail + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
