package proctor

import (
	"sync"

	"shiken/exam"
)

// What a planted bug does (package planted). Nothing calls it in a shipped program.

// firstKeys are the keys as they were read first, by question version.
var firstKeys sync.Map

// remembered is the key of a version as it was read first.
func remembered(version string, key exam.Key) exam.Key {
	first, _ := firstKeys.LoadOrStore(version, key)
	return first.(exam.Key)
}
