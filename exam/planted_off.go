//go:build !planted

package exam

// bug reports whether the package has the bug that is planted under a name (internal/planted). In this
// build it has none, and the compiler leaves out what stands behind it.
func bug(string) bool { return false }
