//go:build planted

package planted

import (
	"fmt"
	"os"

	"shiken/exam"
	"shiken/sessionguard"
)

var has = chosen(os.Getenv("SHIKEN_BUG"))

// The packages that import nothing of ours are told.
func init() { exam.Planted, sessionguard.Planted = string(has), string(has) }

func chosen(name string) Name {
	if name == "" {
		return ""
	}
	for _, p := range Plants {
		if p.Name == Name(name) {
			return p.Name
		}
	}
	fmt.Fprintf(os.Stderr, "SHIKEN_BUG=%s: no such bug\n", name)
	os.Exit(2)
	return ""
}

// Bug reports whether the program has the bug.
func Bug(n Name) bool { return n == has }
