// Package planted holds bugs that are put into the program on purpose, each behind a name, so that
// `make mutants` can show that the simulation or the torture finds every one of them: it is the test of
// the tests. Without the build tag planted none of them exists: Bug is false at compile time, and the
// compiler leaves out what stands behind it.
//
// With the tag, the environment variable SHIKEN_BUG names the one bug that is there. The packages exam
// and sessionguard, which import nothing of ours, ask a function of their own, bug, with the same names. Bug is
// asked where the wrong thing is done, never while packages are initialised.
package planted

// A Name names a planted bug.
type Name string

// A Plant is a planted bug and the property that it breaks.
type Plant struct {
	Name   Name
	Breaks string // the rule or section of docs/design.md
	What   string // what the program does wrong
}
