//go:build !planted

package planted

// Bug reports whether the program has the bug. In this build it never has.
func Bug(Name) bool { return false }
