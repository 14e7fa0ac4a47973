package textfile_test

import (
	"strings"
	"testing"

	"shiken/internal/textfile"
)

// What is empty costs nothing, however much of it there is, and the lines are counted all the same.
func TestScannerSkipsWhatIsEmpty(t *testing.T) {
	for _, tt := range []struct {
		name, empty string
		lines       int
	}{
		{"lines", "\n", 1}, {"spaces", "  \n", 1}, {"cells", " ,,\"\"\n", 1}, {"quoted line ends", "\"\n\"\n", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const times = 1000
			text := strings.Repeat(tt.empty, times) + "a,b\n" + tt.empty
			var row textfile.Row
			more, rest := false, 0
			allocated := testing.AllocsPerRun(1, func() {
				s := textfile.NewScanner(text, ',')
				row, more = s.Next()
				if _, again := s.Next(); again {
					rest++
				}
			})
			if !more || rest > 0 || row.Line != times*tt.lines+1 || row.LastLine != row.Line || strings.Join(row.Cells, "|") != "a|b" || row.Raw != "a,b" {
				t.Errorf("%+v, %v, %d more", row, more, rest)
			}
			if allocated > 20 {
				t.Errorf("%v allocations", allocated)
			}
		})
	}
}
