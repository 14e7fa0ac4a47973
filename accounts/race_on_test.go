//go:build race

package accounts_test

// memoryFactor is how much more memory the race detector lets a process take, for its shadow of
// what the program writes.
const memoryFactor = 2

const underRace = true
