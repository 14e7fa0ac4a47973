// Package effort says how much a run of the tests is to cost.
package effort

import (
	"os"
	"testing"
)

// Variable is set in the environment of tests that are to leave nothing out, as `make test` does.
const Variable = "SHIKEN_TEST_WHOLE"

// Sampled: what is proved by many trials, or by large files, is to be tried with a few, or left out. So it is in a
// plain `go test ./...`, which is run while one works, and with -short; not in `make test`, and not where CI is set.
func Sampled() bool {
	return testing.Short() || os.Getenv(Variable) == "" && os.Getenv("CI") == ""
}

// Whole skips a test where tests are sampled; what says why it takes long.
func Whole(tb testing.TB, what string) {
	tb.Helper()
	if Sampled() {
		tb.Skip(what + ": make test")
	}
}
