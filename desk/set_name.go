package desk

import (
	"path/filepath"
	"strings"

	"shiken/questionset"
)

// SetName gives the name of the set that the questions of a file go to: the one that was asked for,
// else the file's base name. False when that cannot be the name of a set.
func SetName(asked, file string) (string, bool) {
	if asked == "" {
		base, packaged := strings.CutSuffix(filepath.Base(file), questionset.PackageEnding)
		if asked = base; !packaged {
			asked = strings.TrimSuffix(base, filepath.Ext(base))
		}
	}
	return questionset.CleanSetName(asked)
}
