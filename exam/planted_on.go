//go:build planted

package exam

// Planted names the planted bug; it is set once, before anything runs.
var Planted string

func bug(name string) bool { return name == Planted && name != "" }
