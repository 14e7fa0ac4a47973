//go:build !race

package accounts_test

const memoryFactor = 1

const underRace = false
