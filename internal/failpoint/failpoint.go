//go:build !failpoints

// Package failpoint ends the program at named places, as a power cut would, so that tests can prove
// what survives. It does nothing unless the program is built with the tag failpoints.
package failpoint

// Hit does nothing in this build.
func Hit(string) {}
