package desk

import (
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shiken/internal/textfile"
	"shiken/questionset"
)

// SetName gives the name of the set that the questions of a file go to: the one that was asked for,
// else the file's base name. False when that cannot be the name of a set. Dots alone would lead a browser
// elsewhere.
func SetName(asked, file string) (string, bool) {
	if asked == "" {
		base := filepath.Base(file)
		asked = strings.TrimSuffix(base, filepath.Ext(base))
	}
	set := strings.TrimSpace(norm.NFC.String(asked))
	if strings.Trim(set, ".") == "" || set == "-" || len(set) > questionset.MaxName || !utf8.ValidString(set) {
		return set, false
	}
	return set, !strings.ContainsFunc(set, textfile.IsControl)
}
