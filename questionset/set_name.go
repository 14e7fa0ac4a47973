package questionset

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shiken/internal/textfile"
)

// CleanSetName gives a name as sets bear it. False when that cannot be the name of a set: dots alone would lead
// a browser elsewhere.
func CleanSetName(name string) (string, bool) {
	name = strings.TrimSpace(norm.NFC.String(name))
	if strings.Trim(name, ".") == "" || name == "-" || len(name) > MaxName || !utf8.ValidString(name) {
		return name, false
	}
	return name, !strings.ContainsFunc(name, textfile.IsControl)
}
