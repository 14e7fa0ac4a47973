package questionset_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"shiken/questionset"
)

// TestDocumentedExam: the example of docs/exams.md is read without a finding, and it says all that an exam
// file can say.
func TestDocumentedExam(t *testing.T) {
	document, err := os.ReadFile("../docs/exams.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begins := strings.Cut(string(document), "```yaml\n")
	example, _, ends := strings.Cut(rest, "```")
	if !begins || !ends {
		t.Fatal("docs/exams.md has no example")
	}
	f := parseBeside(t, example, map[string]string{"formulas.pdf": onePDF})
	wantFound(t, f)
	if len(f.Definitions) != 1 || !f.Definitions[0].Published || len(f.Definitions[0].Sections) != 2 {
		t.Fatalf("read %+v", f.Definitions)
	}
	for path := range questionset.FieldsOf(&f.Definitions[0], time.UTC) {
		field := path[strings.LastIndexByte(path, '.')+1:]
		if field != "more" && field != "exact" && field != "at" && !strings.Contains(example, field+":") {
			t.Errorf("the example does not name %q", path)
		}
	}
}
