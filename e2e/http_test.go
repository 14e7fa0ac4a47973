package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSittingByHTTP sits every sample exam with a client that was written from
// the wire contract alone, and keeps the receipts, which verify then confirms
// (R11).
func TestSittingByHTTP(t *testing.T) {
	t.Parallel()
	i := embedded(t)
	person := signedIn(t, i.URL(), candidates(t, i, 1)[0])
	var receipts strings.Builder
	for _, exam := range []string{"sample-free", "sample-linear", "sample-practice"} {
		t.Run(exam, func(t *testing.T) {
			page := begin(t, person, exam)
			for page.IsQuestion() {
				var err error
				if page, err = person.Answer(t.Context(), page, func(int) int { return 0 }, "next"); err != nil {
					t.Fatal(err)
				}
			}
			result, err := person.Submit(t.Context(), page)
			if err != nil {
				t.Fatal(err)
			}
			if err := wantData(result, "status", "submitted"); err != nil {
				t.Error(err)
			}
			receipts.WriteString(result.Data("attempt") + " " + result.Data("receipt") + "\n")
		})
	}
	file := filepath.Join(t.TempDir(), "receipts")
	check := func(content string, sound bool) {
		t.Helper()
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := i.Command(t.Context(), "verify", "--receipts", file)
		if (err == nil) != sound {
			t.Errorf("verify of\n%s: %v\n%s", content, err, out)
		}
	}
	check(receipts.String(), true)
	check(receipts.String()[:len(receipts.String())-5]+"0000\n", false)
}
