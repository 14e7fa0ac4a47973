//go:build race

package sessionguard_test

const raceEnabled = true
